/*! zip: the members in its list, each once. A zip that two readers could read differently is refused. */

use std::cell::Cell;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::ingest::budget::Budget;
use crate::ingest::capped::Capped;
use crate::limits;

use super::contents::Contents;
use super::members::{ArchiveReport, MemberReader, TakeMembers, told};
use super::zip_comments;
use super::zip_layout::{MemberPlace, ZipLayout, local_name, unowned};

pub(super) fn members(
    stream: &mut dyn Read,
    budget: &Budget,
    take: &mut dyn TakeMembers,
) -> ArchiveReport {
    let mut report = ArchiveReport::default();
    match budget.read_whole("zip", stream, limits::ZIP_BYTES) {
        // The stored bytes that members are compared with are their own: those of the zip were all read before them.
        Ok((stored, _held)) => read(&stored, &budget.inside(), &mut report, take),
        Err(why) => report.damaged(why),
    }
    report.finish()
}

fn read(stored: &[u8], budget: &Budget, report: &mut ArchiveReport, take: &mut dyn TakeMembers) {
    let layout = ZipLayout::of(stored);
    let limit = limits::ARCHIVE_MEMBERS;
    if layout.as_ref().is_some_and(|layout| layout.stated > limit) {
        return report.damaged(format!(
            "the zip has more than the limit of {limit} members: unpack it first"
        ));
    }
    let mut archive = match ZipArchive::new(Cursor::new(stored)) {
        Ok(archive) => archive,
        Err(error) => {
            return report.damaged(format!("the zip cannot be read: {}", told(&error.to_string())));
        }
    };
    let Some(layout) = layout.filter(|layout| {
        archive.central_directory_start() == layout.list.start as u64
            && layout.listed(stored) == Some(layout.stated)
    }) else {
        return report.damaged(
            "the list of the zip contradicts its end record, so that readers may differ: it is not read",
        );
    };
    if layout.stated != archive.len() as u64 {
        return report
            .damaged("the zip names a member twice, so that readers may differ: unpack it first");
    }
    if archive.has_overlapping_files().unwrap_or(true) {
        return report
            .damaged("members of the zip overlap, so that readers may differ: it is not read");
    }
    let mut zip = OpenZip { archive, stored, contents: Contents::default(), places: Vec::new() };
    for position in 0..zip.archive.len() {
        if !report.may_continue(budget) {
            break;
        }
        zip.note_place(position);
        zip.read_member(position, budget, report, take);
    }
    for bytes in zip_comments::like_records(stored, &layout, &zip.places) {
        let (from, to) = (bytes.start, bytes.end);
        report.damaged(format!(
            "bytes {from} to {to} of the zip are a comment that looks like records, and are not read"
        ));
    }
    if zip.places.len() == zip.archive.len() {
        for bytes in unowned(stored, &layout, zip.places) {
            let (from, to) = (bytes.start, bytes.end);
            report.damaged(format!(
                "bytes {from} to {to} of the zip belong to none of its members and are not read"
            ));
        }
    }
    zip.contents.tell_dangling_links(report);
}

/// A zip whose list was checked.
struct OpenZip<'s> {
    archive: ZipArchive<Cursor<&'s [u8]>>,
    stored: &'s [u8],
    contents: Contents,
    /// Where the members are whose own header could be read.
    places: Vec<MemberPlace>,
}

impl OpenZip<'_> {
    fn note_place(&mut self, position: usize) {
        let Ok(file) = self.archive.by_index_raw(position) else { return };
        let (start, data) = (file.header_start(), file.compressed_size());
        let end = file.data_start().and_then(|at| at.checked_add(data));
        let whole = |at: u64| usize::try_from(at).ok();
        if let (Some(start), Some(end)) = (whole(start), end.and_then(whole)) {
            let has_descriptor = file.flags().is_using_data_descriptor();
            self.places.push(MemberPlace { bytes: start..end, data, has_descriptor });
        }
    }

    fn read_member(
        &mut self,
        position: usize,
        budget: &Budget,
        report: &mut ArchiveReport,
        take: &mut dyn TakeMembers,
    ) {
        let mut file = match self.archive.by_index(position) {
            Ok(file) => file,
            Err(error) => {
                let what = match error {
                    ZipError::UnsupportedArchive(what) => what.to_owned(),
                    other => other.to_string(),
                };
                let what = told(&what);
                report.damaged(format!("member {} cannot be read: {what}", position + 1));
                return;
            }
        };
        let name = file
            .name()
            .map_or_else(|_| format!("member {}", position + 1), std::borrow::Cow::into_owned);
        take.name(name.as_bytes());
        if name.len() > limits::MEMBER_NAME_BYTES {
            let (bytes, limit) = (name.len(), limits::MEMBER_NAME_BYTES);
            report.damaged(format!(
                "a member has a name of {bytes} bytes, more than the limit of {limit}, and is not read: `{}`",
                told(&name)
            ));
            return;
        }
        let has_room = if file.is_symlink() {
            let target = link_target(&mut file);
            take.name(target.as_bytes());
            self.contents.add_link(&name, &target, false)
        } else {
            self.contents.add(&name)
        };
        if !has_room {
            let mib = limits::ARCHIVE_NAME_BYTES >> 20;
            report.damaged(format!("the names of the members are over the limit of {mib} MiB"));
        }
        if file.is_dir() || file.is_symlink() {
            return;
        }
        let header = usize::try_from(file.header_start()).unwrap_or(usize::MAX);
        if local_name(self.stored, header) != Some(file.name_raw()) {
            report.damaged(format!("member `{}` has another name in its own header", told(&name)));
        }
        report.members += 1;
        take_file(&name, &mut file, budget, report, take);
    }
}

fn take_file(
    name: &str,
    file: &mut ZipFile<'_, Cursor<&[u8]>>,
    budget: &Budget,
    report: &mut ArchiveReport,
    take: &mut dyn TakeMembers,
) {
    let (size, packed) = (file.size(), Cell::new(file.compressed_size()));
    budget.add_stored(packed.get());
    let mut capped = Capped::new(Box::new(file), &packed, budget.clone());
    let mut member = MemberReader::new(&mut capped);
    take.member(name, budget, &mut member);
    member.drain();
    if !member.failed && member.bytes != size {
        let (name, bytes) = (told(name), member.bytes);
        report.damaged(format!("member `{name}` ends after {bytes} of {size} bytes"));
    }
}

/// Where a link leads. A target that is too long to be one is cut, and leads nowhere.
fn link_target(file: &mut ZipFile<'_, Cursor<&[u8]>>) -> String {
    let mut target = Vec::new();
    let whole = file.take(limits::MEMBER_NAME_BYTES as u64 + 1).read_to_end(&mut target);
    if whole.is_err() || target.len() > limits::MEMBER_NAME_BYTES {
        target.clear();
    }
    String::from_utf8_lossy(&target).into_owned()
}
