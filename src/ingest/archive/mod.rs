/*! Archives: their members are streamed, never extracted. What is ambiguous, cut or too large is named. */

mod contents;
mod members;
mod tar;
mod zip;
mod zip_comments;
mod zip_layout;

use std::io::Read;

use members::ArchiveReport;
pub(super) use members::TakeMembers;

use super::budget::Budget;

/// A kind of archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArchiveKind {
    /// Members one after the other.
    Tar,
    /// Members with a list of them at the end.
    Zip,
}

/// Reads each member of an archive.
pub(super) fn read_members(
    kind: ArchiveKind,
    stream: &mut dyn Read,
    budget: &Budget,
    take: &mut dyn TakeMembers,
) -> ArchiveReport {
    match kind {
        ArchiveKind::Tar => tar::members(stream, budget, take),
        ArchiveKind::Zip => zip::members(stream, budget, take),
    }
}
