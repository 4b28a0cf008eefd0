/*! tar: every member to the very end, including those of archives that were concatenated. */

use std::io::{self, Read};

use tar::{Archive, EntryType};

use super::members::{ArchiveReport, MemberReader, TakeMember};

/// Two blocks of zeros close a tar.
const CLOSING_BYTES: u64 = 1024;

pub(super) fn members(stream: &mut dyn Read, take: &mut TakeMember<'_>) -> ArchiveReport {
    let mut report = ArchiveReport::default();
    let mut tail = TrailingZeros { inner: stream, zeros: 0 };
    {
        let mut archive = Archive::new(&mut tail);
        // Another archive may follow the closing blocks of the first.
        archive.set_ignore_zeros(true);
        match archive.entries() {
            Ok(entries) => {
                for entry in entries {
                    if !report.may_continue() {
                        break;
                    }
                    let is_good = entry.is_ok();
                    match entry {
                        Ok(entry) => member(entry, &mut report, take),
                        Err(error) => report.damaged(format!(
                            "the tar is corrupt after {} members: {error}",
                            report.members
                        )),
                    }
                    if !is_good {
                        break;
                    }
                }
            }
            Err(error) => report.damaged(format!("the tar cannot be read: {error}")),
        }
    }
    if report.damage.is_empty() && tail.zeros < CLOSING_BYTES {
        report.damaged("the tar ends without its closing blocks: members may be missing");
    }
    report
}

fn member(
    mut entry: tar::Entry<'_, impl Read>,
    report: &mut ArchiveReport,
    take: &mut TakeMember<'_>,
) {
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    match entry.header().entry_type() {
        EntryType::Regular | EntryType::Continuous => {}
        // A link adds nothing: its target is in the archive under its own name, or not at all.
        EntryType::Directory | EntryType::Link | EntryType::Symlink => return,
        other => {
            report.damaged(format!("member `{name}` is a {other:?}, which is not read"));
            return;
        }
    }
    let size = entry.size();
    report.members += 1;
    let mut member = MemberReader::new(&mut entry);
    take(&name, &mut member);
    member.drain();
    if member.bytes < size {
        let read = member.bytes;
        report.damaged(format!("member `{name}` ends after {read} of {size} bytes"));
    }
}

/// A stream that counts the zero bytes at its end so far.
struct TrailingZeros<'r> {
    inner: &'r mut dyn Read,
    zeros: u64,
}

impl Read for TrailingZeros<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out)?;
        let zeros = out[..count].iter().rev().take_while(|byte| **byte == 0).count() as u64;
        self.zeros = if zeros == count as u64 { self.zeros + zeros } else { zeros };
        Ok(count)
    }
}
