/*! tar: every member to the very end, including those of archives that were concatenated. */

use std::cell::Cell;
use std::io::{self, Read};

use tar::{Archive, EntryType, PaxExtensions};

use crate::ingest::budget::Budget;
use crate::ingest::remark::is_like_a_record;
use crate::ingest::stream::broken;
use crate::limits;

use super::contents::Contents;
use super::members::{ArchiveReport, MemberReader, TakeMembers, told};

/// Two blocks of zeros close a tar.
const CLOSING_BYTES: u64 = 1024;

/// The unit of a tar.
const BLOCK_BYTES: usize = 512;

pub(super) fn members(
    stream: &mut dyn Read,
    budget: &Budget,
    take: &mut dyn TakeMembers,
) -> ArchiveReport {
    let header_room = Cell::new(None);
    let mut tail = TarStream { inner: stream, zeros: 0, header_room: &header_room };
    let mut tar =
        Tar { report: ArchiveReport::default(), contents: Contents::default(), unread: 0 };
    {
        let mut archive = Archive::new(&mut tail);
        // Another archive may follow the closing blocks of the first.
        archive.set_ignore_zeros(true);
        match archive.entries() {
            Ok(mut entries) => loop {
                header_room.set(Some(tar.unread.saturating_add(limits::MEMBER_HEADER_BYTES)));
                let entry = entries.next();
                header_room.set(None);
                let Some(entry) = entry else { break };
                if !tar.entry(entry, budget, take) {
                    break;
                }
            },
            Err(error) => tar.report.damaged(format!("the tar cannot be read: {error}")),
        }
    }
    if tar.report.damage.is_empty() && tail.zeros < CLOSING_BYTES {
        tar.report.damaged("the tar ends without its closing blocks: members may be missing");
    }
    tar.contents.tell_dangling_links(&mut tar.report);
    tar.report.finish()
}

/// A tar, up to the entry that was read last.
struct Tar {
    report: ArchiveReport,
    contents: Contents,
    /// How many bytes of the last entry stand before the next header.
    unread: u64,
}

impl Tar {
    /// Takes the next entry; `false` if none is read after it.
    fn entry(
        &mut self,
        entry: io::Result<tar::Entry<'_, impl Read>>,
        budget: &Budget,
        take: &mut dyn TakeMembers,
    ) -> bool {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let (members, why) = (self.report.members, told(&error.to_string()));
                self.report.damaged(format!("the tar is corrupt after {members} members: {why}"));
                return false;
            }
        };
        // The holes of a sparse file are in its size, but not in the tar.
        let is_sparse = entry.header().entry_type().is_gnu_sparse();
        let stored = entry.header().entry_size().ok().filter(|_| is_sparse);
        self.unread = stored.unwrap_or(entry.size()).saturating_add(BLOCK_BYTES as u64);
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let target =
            entry.link_name_bytes().map(|name| String::from_utf8_lossy(&name).into_owned());
        name_parts(&mut entry, &mut |part| take.name(part));
        let longest = name.len().max(target.as_ref().map_or(0, String::len));
        if longest > limits::MEMBER_NAME_BYTES {
            let (name, limit) = (told(&name), limits::MEMBER_NAME_BYTES);
            self.report.damaged(format!(
                "a member has a name of {longest} bytes, more than the limit of {limit}, and is not read: `{name}`"
            ));
            return true;
        }
        if let Some(why) = not_plain(&mut entry) {
            self.report.damaged(format!("member `{}` {why}", told(&name)));
            return true;
        }
        let has_room = match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {
                if !self.report.may_continue(budget) {
                    return false;
                }
                self.member(&name, &mut entry, budget, take);
                self.contents.add(&name)
            }
            EntryType::Directory | EntryType::XGlobalHeader => self.contents.add(&name),
            kind @ (EntryType::Link | EntryType::Symlink) => {
                let (target, is_hard) = (target.unwrap_or_default(), kind == EntryType::Link);
                self.contents.add_link(&name, &target, is_hard)
            }
            other => {
                self.report
                    .damaged(format!("member `{}` is a {other:?}, which is not read", told(&name)));
                true
            }
        };
        if !has_room {
            let mib = limits::ARCHIVE_NAME_BYTES >> 20;
            self.report
                .damaged(format!("the names of the members are over the limit of {mib} MiB"));
        }
        has_room
    }

    fn member(
        &mut self,
        name: &str,
        entry: &mut tar::Entry<'_, impl Read>,
        budget: &Budget,
        take: &mut dyn TakeMembers,
    ) {
        let size = entry.size();
        self.report.members += 1;
        let mut member = MemberReader::new(entry);
        take.member(name, budget, &mut member);
        member.drain();
        self.unread = BLOCK_BYTES as u64;
        if member.bytes < size {
            let (name, read) = (told(name), member.bytes);
            self.report.damaged(format!("member `{name}` ends after {read} of {size} bytes"));
        }
    }
}

/// Passes on the names in an entry's headers: its own, those of its owner, the target of a link, and other attributes.
/// Those of all members are the content of their entry, and are looked at there.
fn name_parts(entry: &mut tar::Entry<'_, impl Read>, part: &mut dyn FnMut(&[u8])) {
    part(&entry.path_bytes());
    entry.link_name_bytes().iter().for_each(|target| part(target));
    let owners = [entry.header().username_bytes(), entry.header().groupname_bytes()];
    owners.into_iter().flatten().for_each(&mut *part);
    if entry.header().entry_type() == EntryType::XGlobalHeader {
        return;
    }
    let Ok(Some(attributes)) = entry.pax_extensions() else { return };
    attributes.flatten().for_each(|attribute| part(attribute.value_bytes()));
}

/// Why the bytes of an entry are not those of the file that it stands for.
fn not_plain(entry: &mut tar::Entry<'_, impl Read>) -> Option<&'static str> {
    const SPARSE: &str = "GNU.sparse.";
    const UNREADABLE: &str = "has attributes that cannot be read, and is not read";
    if entry.header().entry_type() == EntryType::XGlobalHeader {
        let mut bytes = Vec::new();
        entry.take(limits::MEMBER_HEADER_BYTES).read_to_end(&mut bytes).ok();
        let mut keys = PaxExtensions::new(&bytes);
        let is_note = keys.all(|key| {
            key.is_ok_and(|key| {
                key.key_bytes() == b"comment" && !is_like_a_record(key.value_bytes())
            })
        });
        let is_whole = (bytes.len() as u64) < limits::MEMBER_HEADER_BYTES;
        return (!is_note || !is_whole)
            .then_some("changes all members after it, which is not read");
    }
    for attribute in entry.pax_extensions().ok()?? {
        let Ok(attribute) = attribute else { return Some(UNREADABLE) };
        if attribute.key_bytes().starts_with(SPARSE.as_bytes()) {
            return Some("is a sparse file, which is not read");
        }
        if attribute.key_bytes() == b"comment" && is_like_a_record(attribute.value_bytes()) {
            return Some("has a comment that looks like a record, and is not read");
        }
    }
    None
}

/// A stream that counts the zero bytes at its end so far, and of headers gives no more than there is room for.
struct TarStream<'r> {
    inner: &'r mut dyn Read,
    zeros: u64,
    /// While a header is read: how many bytes it may still have.
    header_room: &'r Cell<Option<u64>>,
}

impl Read for TarStream<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out)?;
        let zeros = out[..count].iter().rev().take_while(|byte| **byte == 0).count() as u64;
        let are_zeros = zeros == count as u64;
        self.zeros = if are_zeros { self.zeros + zeros } else { zeros };
        // Any number of empty blocks may stand between archives and behind the last one.
        let is_filler = are_zeros && out.len() <= BLOCK_BYTES;
        if let Some(room) = self.header_room.get().filter(|_| !is_filler) {
            let Some(left) = room.checked_sub(count as u64) else {
                let mib = limits::MEMBER_HEADER_BYTES >> 20;
                return Err(broken(format!(
                    "the headers of a member are over the limit of {mib} MiB"
                )));
            };
            self.header_room.set(Some(left));
        }
        Ok(count)
    }
}
