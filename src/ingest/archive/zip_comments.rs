/*! What a zip says besides its members: comments of the archive and of members, and additional fields. Records that
 * somebody put there are not read, so they must not stay unseen.
 */

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::zip_layout::{MemberPlace, ZipLayout, listed_remarks, local_remark};

/// An object, a list of texts, a time of day or a time since 1970: a note of a person has none.
static RECORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?-u)\{\s*"|\[\s*[{"]|(?:^|[^0-9])[0-2]\d:[0-5]\d\b|\b1[5-9]\d{8}\b"#)
        .expect("a valid expression")
});

/// The bytes of remarks that look like records.
pub(super) fn like_records(
    stored: &[u8],
    layout: &ZipLayout,
    members: &[MemberPlace],
) -> Vec<Range<usize>> {
    let local = members.iter().filter_map(|member| local_remark(stored, member.bytes.start));
    let remarks = listed_remarks(stored, layout).into_iter().chain(local).chain([layout.comment()]);
    let is_record = |bytes: &Range<usize>| {
        stored.get(bytes.clone()).is_some_and(|remark| RECORD.is_match(remark))
    };
    remarks.filter(is_record).collect()
}

#[cfg(test)]
mod tests {
    use super::RECORD;

    #[test]
    fn a_note_is_no_record() {
        for note in
            ["taken by the night shift", "8a4f21c9d0b7e6a5f4c3b2a1908f7e6d5c4b3a29", "2026-03-02"]
        {
            assert!(!RECORD.is_match(note.as_bytes()), "{note}");
        }
        for record in [
            r#"{"time":"x"}"#,
            "2026-03-02T18:05:00Z key=doc-key-2024",
            "key=doc-key-2024 ts=1772474700",
            r#"[ {"a":1}]"#,
        ] {
            assert!(RECORD.is_match(record.as_bytes()), "{record}");
        }
    }
}
