/*! The bytes of a zip: where its list of members is, how many it has, and which bytes belong to nobody. */

use std::ops::Range;

use memchr::memmem;

/// The end record, up to its comment.
const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
/// The end record of a zip with large numbers, and what says where it is.
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const LOCATOR_64_BYTES: usize = 20;
/// A member in the list.
const LISTED: &[u8] = b"PK\x01\x02";
const LISTED_BYTES: usize = 46;
/// What may stand behind the bytes of a member.
const DESCRIPTOR: &[u8] = b"PK\x07\x08";

/// Where the list of members is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ZipLayout {
    /// How many members the end record states.
    pub(super) stated: u64,
    /// The bytes of the list.
    pub(super) list: Range<usize>,
    /// Where the comment of the last record begins.
    comment: usize,
    /// Where the last record ends. The file should end there too.
    pub(super) end: usize,
}

impl ZipLayout {
    /// Finds the list from the end of the file; `None` if there is no end record that fits.
    pub(super) fn of(stored: &[u8]) -> Option<Self> {
        let at = memmem::rfind(stored, END)?;
        let end = at + END_BYTES + usize::from(u16_at(stored, at + 20)?);
        let (mut stated, mut bytes) =
            (u64::from(u16_at(stored, at + 10)?), u64::from(u32_at(stored, at + 12)?));
        let mut list_end = at;
        if let Some(locator) = at.checked_sub(LOCATOR_64_BYTES)
            && stored[locator..].starts_with(LOCATOR_64)
        {
            let at = memmem::rfind(&stored[..locator], END_64)?;
            (stated, bytes) = (u64_at(stored, at + 32)?, u64_at(stored, at + 40)?);
            list_end = at;
        }
        let start = list_end.checked_sub(usize::try_from(bytes).ok()?)?;
        (end <= stored.len()).then_some(Self {
            stated,
            list: start..list_end,
            comment: at + END_BYTES,
            end,
        })
    }

    /// The bytes of the comment.
    pub(super) fn comment(&self) -> Range<usize> {
        self.comment..self.end
    }

    /// How many members the list has, counted up to one more than it states; `None` if it does not fill its place.
    pub(super) fn listed(&self, stored: &[u8]) -> Option<u64> {
        let mut list = &stored[self.list.clone()];
        let mut count = 0;
        while !list.is_empty() && count <= self.stated {
            let length = |at| u16_at(list, at).map(usize::from);
            let bytes = LISTED_BYTES + length(28)? + length(30)? + length(32)?;
            list = list.starts_with(LISTED).then(|| list.get(bytes..)).flatten()?;
            count += 1;
        }
        Some(count)
    }
}

/// The place of a member: from its own header to the last of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MemberPlace {
    pub(super) bytes: Range<usize>,
    /// How many of them are its data.
    pub(super) data: u64,
    /// Whether a record with its sizes stands behind it.
    pub(super) has_descriptor: bool,
}

/// The bytes that belong to no member and to no record.
pub(super) fn unowned(
    stored: &[u8],
    layout: &ZipLayout,
    mut members: Vec<MemberPlace>,
) -> Vec<Range<usize>> {
    members.sort_unstable_by_key(|member| (member.bytes.start, member.bytes.end));
    let mut unowned = Vec::new();
    let mut at = 0;
    let mut add = |bytes: Range<usize>| {
        if !bytes.is_empty() {
            unowned.push(bytes);
        }
    };
    let starts = members.iter().skip(1).map(|member| member.bytes.start);
    let starts: Vec<usize> = starts.chain([layout.list.start]).collect();
    for (member, next) in members.into_iter().zip(starts) {
        add(at..member.bytes.start);
        let end = member.bytes.end;
        let behind = stored.get(end..next).filter(|_| member.has_descriptor);
        at = at.max(end + behind.map_or(0, |behind| descriptor_bytes(behind, member.data)));
    }
    add(at..layout.list.start);
    add(layout.end..stored.len());
    unowned
}

/// How long the record behind a member is: a mark or none, a checksum, and two sizes of four or eight bytes. `behind`:
/// what stands between the member and the next.
fn descriptor_bytes(behind: &[u8], data: u64) -> usize {
    let mark = if behind.starts_with(DESCRIPTOR) { DESCRIPTOR.len() } else { 0 };
    let sizes = mark + 4;
    let short = (u32_at(behind, sizes).map(u64::from) == Some(data)).then_some(sizes + 8);
    let wide = (u64_at(behind, sizes) == Some(data)).then_some(sizes + 16);
    // Small sizes fit both widths: the record is the one that fills the place.
    let forms = [short, wide].into_iter().flatten().filter(|length| *length <= behind.len());
    forms.max_by_key(|length| (*length == behind.len(), *length)).unwrap_or(0)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The additional fields and the comment of each member in the list.
pub(super) fn listed_remarks(stored: &[u8], layout: &ZipLayout) -> Vec<Range<usize>> {
    let mut remarks = Vec::new();
    let mut at = layout.list.start;
    while at < layout.list.end && stored[at..].starts_with(LISTED) {
        let length = |from| u16_at(stored, at + from).map_or(0, usize::from);
        let start = at + LISTED_BYTES + length(28);
        let end = start + length(30) + length(32);
        remarks.push(start..end);
        at = end;
    }
    remarks
}

/// The additional fields in the header before the bytes of a member.
pub(super) fn local_remark(stored: &[u8], header: usize) -> Option<Range<usize>> {
    let length = |from| u16_at(stored, header + from).map(usize::from);
    let start = header + 30 + length(26)?;
    Some(start..start + length(28)?)
}

/// The name in the header before the bytes of a member.
pub(super) fn local_name(stored: &[u8], header: usize) -> Option<&[u8]> {
    let header = stored.get(header..)?;
    header.get(30..30 + usize::from(u16_at(header, 26)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(mark: &[u8], data: u64, wide: bool) -> Vec<u8> {
        let size = |bytes: u64| {
            if wide { bytes.to_le_bytes().to_vec() } else { bytes.to_le_bytes()[..4].to_vec() }
        };
        [mark.to_vec(), b"crc.".to_vec(), size(data), size(data + 1)].concat()
    }

    #[test]
    fn a_record_behind_a_member_has_four_forms() {
        for data in [0, 7, 70_000] {
            for (mark, wide, bytes) in
                [(DESCRIPTOR, false, 16), (DESCRIPTOR, true, 24), (b"", false, 12), (b"", true, 20)]
            {
                let behind = record(mark, data, wide);
                assert_eq!(descriptor_bytes(&behind, data), bytes, "{data} {wide} {mark:?}");
                assert_eq!(descriptor_bytes(&behind, data + 5), 0);
            }
        }
        assert_eq!(descriptor_bytes(b"", 3), 0);
    }
}
