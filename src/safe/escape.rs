/*! Escaping, one function for each sink: no value of a log may move the cursor, be invisible, or reverse the line. */

use std::borrow::Cow;
use std::fmt::Write as _;

/// Text for a terminal: characters that would control it or be invisible become `\u{..}`.
pub fn terminal(text: &str) -> Cow<'_, str> {
    escaped(text, is_hidden)
}

/// Text for a terminal that shows only ASCII: other characters become `\u{..}` too, and an ellipsis becomes three dots.
pub fn ascii(text: &str) -> Cow<'_, str> {
    if !text.contains('…') {
        return escaped(text, |char| is_hidden(char) || !char.is_ascii());
    }
    let dotted = text.replace('…', "...");
    Cow::Owned(escaped(&dotted, |char| is_hidden(char) || !char.is_ascii()).into_owned())
}

/// JSON on one line for a terminal or a program: what a terminal must not get becomes an escape of JSON.
pub fn json_line(written: &str) -> Cow<'_, str> {
    if !written.chars().any(is_hidden) {
        return Cow::Borrowed(written);
    }
    let mut shown = String::with_capacity(written.len() + 16);
    for char in written.chars() {
        if is_hidden(char) {
            for unit in char.encode_utf16(&mut [0; 2]) {
                let _infallible = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(char);
        }
    }
    Cow::Owned(shown)
}

/// At most `max_chars` characters; if some are left out, the last one is an ellipsis.
pub fn clip(text: &str, max_chars: usize) -> Cow<'_, str> {
    if text.chars().count() <= max_chars {
        return Cow::Borrowed(text);
    }
    let mut short: String = text.chars().take(max_chars.saturating_sub(1)).collect();
    short.push('…');
    Cow::Owned(short)
}

/// At most `max_chars` characters, cut in the middle, because both ends of a path say more than its middle.
pub fn clip_middle(text: &str, max_chars: usize) -> Cow<'_, str> {
    let count = text.chars().count();
    if count <= max_chars {
        return Cow::Borrowed(text);
    }
    let room = max_chars.saturating_sub(1);
    let head = room * 2 / 5;
    let tail = count - (room - head);
    let mut short: String = text.chars().take(head).collect();
    short.push('…');
    short.extend(text.chars().skip(tail));
    Cow::Owned(short)
}

fn escaped(text: &str, escapes: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&escapes) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        if escapes(char) {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(char));
        } else {
            shown.push(char);
        }
    }
    Cow::Owned(shown)
}

/// Does the character control the terminal, reverse the line, or take no room?
fn is_hidden(char: char) -> bool {
    matches!(char,
        // C0, DEL and C1.
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        // Soft hyphen, joiners and fillers that show nothing.
        | '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}'
        // Zero width, bidi marks, line and paragraph separators, bidi embeddings and isolates.
        | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        // Variation selectors, byte order mark, specials, format controls of music and shorthand, tags.
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_json_keeps_its_values() {
        let value = "a\u{9b}31m\u{202e}b\u{e0001}é\u{7f}";
        let written = serde_json::to_string(value).expect("a text");
        let shown = json_line(&written);
        assert!(!shown.chars().any(is_hidden), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).expect("JSON"), value);
    }

    #[test]
    fn hostile_characters_become_visible() {
        for (text, shown) in [
            ("plain — ünï 日本", "plain — ünï 日本"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("two\r\nlines\tand\0", "two\\u{d}\\u{a}lines\\u{9}and\\u{0}"),
            ("\u{7f}\u{9b}5n", "\\u{7f}\\u{9b}5n"),
            ("a\u{202e}b\u{2066}c\u{200f}\u{61c}", "a\\u{202e}b\\u{2066}c\\u{200f}\\u{61c}"),
            (
                "z\u{200b}\u{feff}\u{ad}\u{2028}\u{2029}",
                "z\\u{200b}\\u{feff}\\u{ad}\\u{2028}\\u{2029}",
            ),
            ("tag\u{e0041}\u{e0100}\u{fe0f}", "tag\\u{e0041}\\u{e0100}\\u{fe0f}"),
        ] {
            assert_eq!(terminal(text), shown);
        }
    }

    #[test]
    fn ascii_is_ascii() {
        assert_eq!(ascii("a…b ü\u{1b}"), "a...b \\u{fc}\\u{1b}");
        assert_eq!(ascii("plain"), "plain");
    }

    #[test]
    fn clipping_counts_characters() {
        assert_eq!(clip("abcdef", 6), "abcdef");
        assert_eq!(clip("äbcdef", 4), "äbc…");
        assert_eq!(clip_middle("logs/retry/2026/03/file.jsonl", 16), "logs/r…ile.jsonl");
        assert_eq!(clip_middle("abc", 0), "…");
    }
}
