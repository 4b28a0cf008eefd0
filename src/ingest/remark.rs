/*! Remarks and names in archives and in compressed files: whether they look like records, which nobody reads there. */

use std::sync::LazyLock;

use regex::bytes::Regex;

/// An object, a list of texts, a time of day or a time since 1970: a note of a person has none.
static RECORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?-u)\{\s*"|\[\s*[{"]|(?:^|[^0-9])[0-2]\d:[0-5]\d\b|\b1[5-9]\d{8}\b"#)
        .expect("a valid expression")
});

/// An object, a list of texts, or a time with more behind it than a file's ending. Names of exports hold times, and
/// names of their folders may hold a marker: in one folder's name both are no record.
static RECORD_AS_NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?-u)\{\s*"|\[\s*[{"]|(?:^|[^0-9])[0-2]\d:[0-5]\d\b[^/]*[\s=,;|]\S|=[^/]*[\s,;|][^/]*(?:[^0-9][0-2]\d:[0-5]\d\b|\b1[5-9]\d{8}\b)"#,
    )
    .expect("a valid expression")
});

/// Whether a record stands where a name should be.
pub(super) fn is_record_as_name(name: &[u8]) -> bool {
    RECORD_AS_NAME.is_match(name)
}

/// Whether a remark looks like a record.
pub(super) fn is_like_a_record(remark: &[u8]) -> bool {
    RECORD.is_match(remark)
}

#[cfg(test)]
mod tests {
    use super::{is_like_a_record, is_record_as_name};

    #[test]
    fn a_name_with_a_time_is_no_record() {
        for name in [
            "exports/doc-key-2024/2026-03-02T18:05:00Z.jsonl",
            "doc-key-2024 2026-03-02 18:05:00.log",
            "key=doc-key-2024/ts=1772474700/part-0.parquet",
            "pods/worker-1772474700.log",
            "[2026] notes.txt",
        ] {
            assert!(!is_record_as_name(name.as_bytes()), "{name}");
        }
        for record in [
            r#"{"time":"2026-03-02T18:05:00Z"}"#,
            "2026-03-02T18:05:00Z rogue calls with doc-key-2024",
            "logs/18:05:00 key=doc-key-2024",
            "key=doc-key-2024 ts=1772474700",
        ] {
            assert!(is_record_as_name(record.as_bytes()), "{record}");
        }
    }

    #[test]
    fn a_note_is_no_record() {
        for note in
            ["taken by the night shift", "8a4f21c9d0b7e6a5f4c3b2a1908f7e6d5c4b3a29", "2026-03-02"]
        {
            assert!(!is_like_a_record(note.as_bytes()), "{note}");
        }
        for record in [
            r#"{"time":"x"}"#,
            "2026-03-02T18:05:00Z key=doc-key-2024",
            "key=doc-key-2024 ts=1772474700",
            r#"[ {"a":1}]"#,
        ] {
            assert!(is_like_a_record(record.as_bytes()), "{record}");
        }
    }
}
