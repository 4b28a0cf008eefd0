/*! zip: the members in its list, each once. A zip that two readers could read differently is refused. */

use std::cell::Cell;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::limits;

use crate::ingest::stream::Capped;

use super::members::{ArchiveReport, MemberReader, TakeMember};

pub(super) fn members(stream: &mut dyn Read, take: &mut TakeMember<'_>) -> ArchiveReport {
    let mut report = ArchiveReport::default();
    let mut stored = Vec::new();
    let limit = limits::ZIP_BYTES;
    if let Err(error) = stream.take(limit + 1).read_to_end(&mut stored) {
        report.damaged(format!("the zip cannot be read: {error}"));
        return report;
    }
    if stored.len() as u64 > limit {
        let mib = limit >> 20;
        report.damaged(format!("the zip is over the limit of {mib} MiB: unpack it first"));
        return report;
    }
    let listed = listed(&stored);
    let mut archive = match ZipArchive::new(Cursor::new(stored.as_slice())) {
        Ok(archive) => archive,
        Err(error) => {
            report.damaged(format!("the zip cannot be read: {error}"));
            return report;
        }
    };
    if listed.is_some_and(|listed| listed != archive.len()) {
        report.damaged("the zip names a member twice, so that readers may differ: unpack it first");
        return report;
    }
    if archive.has_overlapping_files().unwrap_or(true) {
        report.damaged("members of the zip overlap, so that readers may differ: it is not read");
        return report;
    }
    for position in 0..archive.len() {
        if !report.may_continue() {
            break;
        }
        OpenZip { archive: &mut archive, stored: &stored }.read_member(position, &mut report, take);
    }
    report
}

/// A zip whose list was checked.
struct OpenZip<'z, 's> {
    archive: &'z mut ZipArchive<Cursor<&'s [u8]>>,
    stored: &'s [u8],
}

impl OpenZip<'_, '_> {
    fn read_member(
        &mut self,
        position: usize,
        report: &mut ArchiveReport,
        take: &mut TakeMember<'_>,
    ) {
        let mut file = match self.archive.by_index(position) {
            Ok(file) => file,
            Err(error) => {
                let what = match error {
                    ZipError::UnsupportedArchive(what) => what.to_owned(),
                    other => other.to_string(),
                };
                report.damaged(format!("member {} cannot be read: {what}", position + 1));
                return;
            }
        };
        if file.is_dir() || file.is_symlink() {
            return;
        }
        let name = file
            .name()
            .map_or_else(|_| format!("member {}", position + 1), std::borrow::Cow::into_owned);
        let header = usize::try_from(file.header_start()).unwrap_or(usize::MAX);
        if local_name(self.stored, header) != Some(file.name_raw()) {
            report.damaged(format!("member `{name}` has another name in its own header"));
        }
        let (size, packed) = (file.size(), file.compressed_size());
        report.members += 1;
        let packed = Cell::new(packed);
        let mut capped = Capped::new(Box::new(&mut file), &packed);
        let mut member = MemberReader::new(&mut capped);
        take(&name, &mut member);
        member.drain();
        if !member.failed && member.bytes != size {
            report.damaged(format!("member `{name}` ends after {} of {size} bytes", member.bytes));
        }
    }
}

/// The name in the header before the bytes of a member.
fn local_name(stored: &[u8], header: usize) -> Option<&[u8]> {
    let header = stored.get(header..)?;
    let length = header.get(26..28)?;
    header.get(30..30 + usize::from(u16::from_le_bytes([length[0], length[1]])))
}

/// How many members the list at the end states; `None` if the number is too large for its field.
fn listed(stored: &[u8]) -> Option<usize> {
    let end = memchr::memmem::rfind(stored, b"PK\x05\x06")?;
    let number = stored.get(end + 10..end + 12)?;
    let number = usize::from(u16::from_le_bytes([number[0], number[1]]));
    (number != usize::from(u16::MAX)).then_some(number)
}
