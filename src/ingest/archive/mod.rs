/*! Archives: their members, streamed and never extracted. What is ambiguous, cut or too large is said by name. */

mod tar;
mod zip;

use std::io::Read;

use crate::limits;

/// A kind of archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Members one after the other.
    Tar,
    /// Members listed at the end.
    Zip,
}

/// Who takes the members: the name and the bytes of each.
pub(super) type Each<'e> = dyn FnMut(&str, &mut dyn Read) + 'e;

/// What an archive told, beside its members.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// How many members were handed on.
    pub(super) members: u64,
    /// What was not read.
    pub(super) damage: Vec<String>,
}

impl Told {
    fn damaged(&mut self, what: impl Into<String>) {
        self.damage.push(what.into());
    }

    /// Is there room for one more?
    fn may_go_on(&mut self) -> bool {
        let limit = limits::ARCHIVE_MEMBERS;
        if self.members < limit {
            return true;
        }
        self.damaged(format!("more than the limit of {limit} members"));
        false
    }
}

/// Hands on each member of an archive.
pub(super) fn members(kind: Kind, stream: &mut dyn Read, each: &mut Each<'_>) -> Told {
    match kind {
        Kind::Tar => tar::members(stream, each),
        Kind::Zip => zip::members(stream, each),
    }
}

/// A member's bytes, counted.
struct Counted<'r> {
    inner: &'r mut dyn Read,
    bytes: u64,
    failed: bool,
}

impl<'r> Counted<'r> {
    fn new(inner: &'r mut dyn Read) -> Self {
        Self { inner, bytes: 0, failed: false }
    }

    /// Reads what nobody read.
    fn drain(&mut self) {
        let mut scratch = vec![0; limits::BLOCK_BYTES];
        while self.read(&mut scratch).is_ok_and(|count| count > 0) {}
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        match self.inner.read(out) {
            Ok(count) => {
                self.bytes += count as u64;
                Ok(count)
            }
            Err(error) => {
                self.failed = error.kind() != std::io::ErrorKind::Interrupted;
                Err(error)
            }
        }
    }
}
