/*! Columns and lines: how wide a text is, where it breaks, how it is cut to fit. */

use crate::safe::{clip, clip_middle};

/// How many columns of a terminal the text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(char_columns).sum()
}

/// The text, and spaces after it up to the width.
pub(super) fn pad(text: &str, width: usize) -> String {
    let mut padded = text.to_owned();
    padded.extend(std::iter::repeat_n(' ', width.saturating_sub(columns(text))));
    padded
}

/// The text, and spaces before it up to the width: for numbers.
pub(super) fn pad_left(text: &str, width: usize) -> String {
    let mut padded = " ".repeat(width.saturating_sub(columns(text)));
    padded.push_str(text);
    padded
}

/// The text, its end cut off if it is wider.
pub(super) fn fit(text: &str, width: usize) -> String {
    fit_by(text, width, |text, chars| clip(text, chars).into_owned())
}

/// The text, cut in the middle if it is wider.
pub(super) fn fit_middle(text: &str, width: usize) -> String {
    fit_by(text, width, |text, chars| clip_middle(text, chars).into_owned())
}

/// The text in lines of at most the width, broken at spaces. A word that is too long is broken too.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let room = width.saturating_sub(columns(&line) + usize::from(!line.is_empty()));
        if columns(word) <= room {
            push_word(&mut line, word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        let mut rest = word;
        while columns(rest) > width {
            let (head, tail) = rest.split_at(break_at(rest, width));
            lines.push(head.to_owned());
            rest = tail;
        }
        rest.clone_into(&mut line);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Pieces joined by a mark, in lines of at most the width. Only a piece that is too long is broken.
pub(super) fn flow(pieces: &[String], mark: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        if let Some(line) = lines.last_mut()
            && columns(line) + columns(mark) + columns(piece) <= width
        {
            line.push_str(mark);
            line.push_str(piece);
            continue;
        }
        lines.extend(wrap(piece, width));
    }
    lines
}

fn push_word(line: &mut String, word: &str) {
    if !line.is_empty() {
        line.push(' ');
    }
    line.push_str(word);
}

/// The byte before which a word breaks: after a separator in its second half, otherwise at the width.
fn break_at(word: &str, width: usize) -> usize {
    let (mut used, mut hard, mut soft) = (0, word.len(), None);
    for (at, char) in word.char_indices() {
        used += char_columns(char);
        if used > width {
            hard = at;
            break;
        }
        if used * 2 > width && matches!(char, '/' | '-' | '_' | ',' | '&' | ':') {
            soft = Some(at + char.len_utf8());
        }
    }
    soft.filter(|at| *at > 0).unwrap_or(hard).max(word.chars().next().map_or(1, char::len_utf8))
}

fn fit_by(text: &str, width: usize, cut: impl Fn(&str, usize) -> String) -> String {
    let mut chars = width;
    let mut short = cut(text, chars);
    while columns(&short) > width && chars > 0 {
        chars -= 1;
        short = cut(text, chars);
    }
    short
}

/// Two columns for East Asian characters and emoji, none for combining marks, otherwise one.
fn char_columns(char: char) -> usize {
    match u32::from(char) {
        0x300..=0x36f
        | 0x483..=0x489
        | 0x591..=0x5bd
        | 0x610..=0x61a
        | 0x64b..=0x65f
        | 0x1ab0..=0x1aff
        | 0x1dc0..=0x1dff
        | 0x20d0..=0x20ff
        | 0xfe20..=0xfe2f => 0,
        0x1100..=0x115f
        | 0x231a..=0x231b
        | 0x23e9..=0x23f3
        | 0x2614..=0x2615
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xa960..=0xa97f
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1_f300..=0x1_faff
        | 0x2_0000..=0x3_fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_inside_long_words() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("a logs/retry/2026/file", 9), ["a", "logs/", "retry/", "2026/file"]);
        assert_eq!(wrap("日本語日本語", 8), ["日本語日", "本語"]);
        assert_eq!(wrap("", 8), Vec::<String>::new());
    }

    #[test]
    fn texts_are_cut_by_columns_not_characters() {
        assert_eq!(fit("abcdef", 4), "abc…");
        assert_eq!(columns(&fit_middle("日本語日本語日本語", 9)), 9);
        assert_eq!(pad_left("7", 3), "  7");
    }

    #[test]
    fn pieces_are_not_broken_if_they_fit() {
        let pieces = ["old one".to_owned(), "new two".to_owned(), "last".to_owned()];
        assert_eq!(flow(&pieces, "; ", 16), ["old one; new two", "last"]);
    }
}
