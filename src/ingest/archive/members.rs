/*! The members of an archive: who takes them, and what was wrong with the archive. */

use std::io::Read;

use crate::ingest::budget::Budget;
use crate::ingest::remark::is_record_as_name;
use crate::limits;

/// Takes what an archive holds.
pub(crate) trait TakeMembers {
    /// A member: its name, the budget for what is in it, and its bytes.
    fn member(&mut self, name: &str, budget: &Budget, bytes: &mut dyn Read);

    /// A name that looks like a record: of a member, of its owner, or of what a link leads to.
    fn record_in_name(&mut self, name: &[u8]);
}

impl dyn TakeMembers + '_ {
    /// Looks for a record where only a name should be.
    pub(super) fn name(&mut self, name: &[u8]) {
        if is_record_as_name(name) {
            self.record_in_name(name);
        }
    }
}

/// What an archive held besides its members.
#[derive(Debug, Default)]
pub(crate) struct ArchiveReport {
    /// How many members were read.
    pub(crate) members: u64,
    /// What was not read.
    pub(crate) damage: Vec<String>,
    /// How many faults are not told one by one.
    untold: u64,
}

impl ArchiveReport {
    pub(super) fn damaged(&mut self, what: impl Into<String>) {
        if self.damage.len() < limits::ARCHIVE_FAULTS {
            self.damage.push(what.into());
        } else {
            self.untold += 1;
        }
    }

    /// Whether one more member may be read.
    pub(super) fn may_continue(&mut self, budget: &Budget) -> bool {
        if budget.has_outgrown() {
            self.damaged("the members after this are not read: together they become too large");
            return false;
        }
        if budget.take_member() {
            return true;
        }
        let limit = limits::ARCHIVE_MEMBERS;
        self.damaged(format!("more than the limit of {limit} members"));
        false
    }

    /// The report, complete.
    pub(super) fn finish(mut self) -> Self {
        if self.untold > 0 {
            self.damage.push(format!("more faults of members: {}", self.untold));
        }
        self
    }
}

/// The name of a member as a fault tells it.
pub(super) fn told(name: &str) -> String {
    let limit = limits::FAULT_NAME_CHARS;
    match name.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
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
