/*! zip: the members that its list names, each once. A zip that two readers could read differently is refused. */

use std::cell::Cell;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::limits;

use crate::ingest::open::Capped;

use super::{Counted, Each, Told};

pub(super) fn members(stream: &mut dyn Read, each: &mut Each<'_>) -> Told {
    let mut told = Told::default();
    let mut stored = Vec::new();
    let limit = limits::ZIP_BYTES;
    if let Err(error) = stream.take(limit + 1).read_to_end(&mut stored) {
        told.damaged(format!("the zip cannot be read: {error}"));
        return told;
    }
    if stored.len() as u64 > limit {
        let mib = limit >> 20;
        told.damaged(format!("the zip is over the limit of {mib} MiB: unpack it first"));
        return told;
    }
    let listed = listed(&stored);
    let mut archive = match ZipArchive::new(Cursor::new(stored.as_slice())) {
        Ok(archive) => archive,
        Err(error) => {
            told.damaged(format!("the zip cannot be read: {error}"));
            return told;
        }
    };
    if listed.is_some_and(|listed| listed != archive.len()) {
        told.damaged("the zip names a member twice, so that readers may differ: unpack it first");
        return told;
    }
    if archive.has_overlapping_files().unwrap_or(true) {
        told.damaged("members of the zip overlap, so that readers may differ: it is not read");
        return told;
    }
    for position in 0..archive.len() {
        if !told.may_go_on() {
            break;
        }
        one((&mut archive, &stored), position, &mut told, each);
    }
    told
}

fn one(
    (archive, stored): (&mut ZipArchive<Cursor<&[u8]>>, &[u8]),
    position: usize,
    told: &mut Told,
    each: &mut Each<'_>,
) {
    let mut file = match archive.by_index(position) {
        Ok(file) => file,
        Err(error) => {
            let what = match error {
                ZipError::UnsupportedArchive(what) => what.to_owned(),
                other => other.to_string(),
            };
            told.damaged(format!("member {} cannot be read: {what}", position + 1));
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
    if own_name(stored, header) != Some(file.name_raw()) {
        told.damaged(format!("member `{name}` has another name in its own header"));
    }
    let (size, packed) = (file.size(), file.compressed_size());
    told.members += 1;
    let packed = Cell::new(packed);
    let mut capped = Capped::new(Box::new(&mut file), &packed);
    let mut counted = Counted::new(&mut capped);
    each(&name, &mut counted);
    counted.drain();
    if !counted.failed && counted.bytes != size {
        told.damaged(format!("member `{name}` ends after {} of {size} bytes", counted.bytes));
    }
}

/// The name that stands before the bytes of a member.
fn own_name(stored: &[u8], header: usize) -> Option<&[u8]> {
    let header = stored.get(header..)?;
    let length = header.get(26..28)?;
    header.get(30..30 + usize::from(u16::from_le_bytes([length[0], length[1]])))
}

/// How many members the list at the end says it has; none where the number is too large for its old place.
fn listed(stored: &[u8]) -> Option<usize> {
    let end = memchr::memmem::rfind(stored, b"PK\x05\x06")?;
    let number = stored.get(end + 10..end + 12)?;
    let number = usize::from(u16::from_le_bytes([number[0], number[1]]));
    (number != usize::from(u16::MAX)).then_some(number)
}
