/*! Archives: their members are streamed, never extracted. What is ambiguous, cut or too large is named. */

mod members;
mod tar;
mod zip;

use std::io::Read;

use members::{ArchiveReport, TakeMember};

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
    take: &mut TakeMember<'_>,
) -> ArchiveReport {
    match kind {
        ArchiveKind::Tar => tar::members(stream, take),
        ArchiveKind::Zip => zip::members(stream, take),
    }
}
