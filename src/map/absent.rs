/*! Values that stand for no value. */

/// Does the value mean that there is none?
pub(super) fn is_absent(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || ["-", "null", "n/a", "undefined", "(none)"]
            .iter()
            .any(|absent| text.eq_ignore_ascii_case(absent))
}

/// The same for a column of names, where `none` and `unknown` are not names either.
pub(super) fn is_nobody(text: &str) -> bool {
    let text = text.trim();
    is_absent(text) || ["none", "unknown"].iter().any(|absent| text.eq_ignore_ascii_case(absent))
}
