/*! tar: every member to the very end, also of archives that were put behind each other. */

use std::io::{self, Read};

use tar::{Archive, EntryType};

use super::{Counted, Each, Told};

/// Two blocks of zeros close a tar.
const CLOSING_BYTES: u64 = 1024;

pub(super) fn members(stream: &mut dyn Read, each: &mut Each<'_>) -> Told {
    let mut told = Told::default();
    let mut tail = Tail { inner: stream, zeros: 0 };
    {
        let mut archive = Archive::new(&mut tail);
        // Another archive may follow the closing blocks of the first.
        archive.set_ignore_zeros(true);
        match archive.entries() {
            Ok(entries) => {
                for entry in entries {
                    if !told.may_go_on() {
                        break;
                    }
                    let is_good = entry.is_ok();
                    match entry {
                        Ok(entry) => member(entry, &mut told, each),
                        Err(error) => told.damaged(format!(
                            "the tar is corrupt after {} members: {error}",
                            told.members
                        )),
                    }
                    if !is_good {
                        break;
                    }
                }
            }
            Err(error) => told.damaged(format!("the tar cannot be read: {error}")),
        }
    }
    if told.damage.is_empty() && tail.zeros < CLOSING_BYTES {
        told.damaged("the tar ends without its closing blocks: members may be missing");
    }
    told
}

fn member(mut entry: tar::Entry<'_, impl Read>, told: &mut Told, each: &mut Each<'_>) {
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    match entry.header().entry_type() {
        EntryType::Regular | EntryType::Continuous => {}
        // A link adds nothing: what it leads to stands in the archive under its own name, or not at all.
        EntryType::Directory | EntryType::Link | EntryType::Symlink => return,
        other => {
            told.damaged(format!("member `{name}` is a {other:?}, which is not read"));
            return;
        }
    }
    let size = entry.size();
    told.members += 1;
    let mut counted = Counted::new(&mut entry);
    each(&name, &mut counted);
    counted.drain();
    if counted.bytes < size {
        let read = counted.bytes;
        told.damaged(format!("member `{name}` ends after {read} of {size} bytes"));
    }
}

/// A stream that knows how many zero bytes it gave last.
struct Tail<'r> {
    inner: &'r mut dyn Read,
    zeros: u64,
}

impl Read for Tail<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out)?;
        let zeros = out[..count].iter().rev().take_while(|byte| **byte == 0).count() as u64;
        self.zeros = if zeros == count as u64 { self.zeros + zeros } else { zeros };
        Ok(count)
    }
}
