/*! Values that stand for no value. */

/// Does the value mean that there is none?
pub(super) fn is_absent(text: &str) -> bool {
    may_be_absent(text) && says_absent(text.trim())
}

/// The same for a column of names, where `none` and `unknown` are not names either.
pub(super) fn is_nobody(text: &str) -> bool {
    if !may_be_absent(text) {
        return false;
    }
    let text = text.trim();
    says_absent(text) || ["none", "unknown"].iter().any(|absent| text.eq_ignore_ascii_case(absent))
}

fn says_absent(trimmed: &str) -> bool {
    trimmed.is_empty()
        || ["-", "null", "n/a", "undefined", "(none)"]
            .iter()
            .any(|absent| trimmed.eq_ignore_ascii_case(absent))
}

/// Whether a value may be one of these words with blanks around it. Most are longer, and nothing is made of them.
fn may_be_absent(text: &str) -> bool {
    const LONGEST: usize = "undefined".len();
    let is_bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    bytes.len() <= LONGEST || !is_bare(bytes.first()) || !is_bare(bytes.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_known_with_blanks_around_them() {
        for text in ["", "   ", "-", "NULL", " undefined ", "\u{a0}(none)\u{a0}", "           n/a"]
        {
            assert!(is_absent(text) && is_nobody(text), "{text:?}");
        }
        for text in ["unknown", "  none       "] {
            assert!(!is_absent(text) && is_nobody(text), "{text:?}");
        }
        for text in ["worker-7f9c", "undefined-1", "é", "0", "a          -"] {
            assert!(!is_absent(text) && !is_nobody(text), "{text:?}");
        }
    }
}
