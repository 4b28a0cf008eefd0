/*! The members of an archive: who takes them, and what was wrong with the archive. */

use std::io::Read;

use crate::limits;

/// Takes a member: its name and its bytes.
pub(crate) type TakeMember<'e> = dyn FnMut(&str, &mut dyn Read) + 'e;

/// What an archive held besides its members.
#[derive(Debug, Default)]
pub(crate) struct ArchiveReport {
    /// How many members were read.
    pub(crate) members: u64,
    /// What was not read.
    pub(crate) damage: Vec<String>,
}

impl ArchiveReport {
    pub(super) fn damaged(&mut self, what: impl Into<String>) {
        self.damage.push(what.into());
    }

    /// Whether one more member may be read.
    pub(super) fn may_continue(&mut self) -> bool {
        let limit = limits::ARCHIVE_MEMBERS;
        if self.members < limit {
            return true;
        }
        self.damaged(format!("more than the limit of {limit} members"));
        false
    }
}

/// A member's bytes, counted.
pub(super) struct MemberReader<'r> {
    inner: &'r mut dyn Read,
    pub(super) bytes: u64,
    pub(super) failed: bool,
}

impl<'r> MemberReader<'r> {
    pub(super) fn new(inner: &'r mut dyn Read) -> Self {
        Self { inner, bytes: 0, failed: false }
    }

    /// Reads the bytes that were not taken.
    pub(super) fn drain(&mut self) {
        let mut scratch = vec![0; limits::BLOCK_BYTES];
        while self.read(&mut scratch).is_ok_and(|count| count > 0) {}
    }
}

impl Read for MemberReader<'_> {
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
