/*! Text for Markdown and for spreadsheets: nothing of a log becomes markup, a link, a mention or a formula. */

use std::fmt::Write;

use super::escape::terminal;

/// A sentence for Markdown, in a paragraph or a cell of a table. What stands between backticks is code.
pub fn markdown(text: &str) -> String {
    let shown = terminal(text);
    let parts: Vec<&str> = shown.split('`').collect();
    let mut out = String::with_capacity(shown.len() + 16);
    if parts.len().is_multiple_of(2) {
        plain(&shown, &mut out);
        return out;
    }
    for (position, part) in parts.into_iter().enumerate() {
        if position % 2 == 1 && !part.trim().is_empty() {
            out.push_str(&markdown_code(part));
        } else {
            plain(part, &mut out);
        }
    }
    out
}

/// A value of a log for Markdown, as code.
pub fn markdown_code(text: &str) -> String {
    let shown = terminal(text).replace('`', "'").replace('|', "\\|");
    // Code cannot end in the character that escapes, nor be empty.
    let pad = if shown.is_empty() || shown.ends_with('\\') { " " } else { "" };
    format!("`{shown}{pad}`")
}

/// Punctuation that could be markup stands as an entity; a mention, a reference and an address are broken up.
fn plain(part: &str, out: &mut String) {
    let mut rest = part;
    let mut before = None;
    while let Some(character) = rest.chars().next() {
        let next = rest[character.len_utf8()..].chars().next();
        let within = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
        match character {
            // In a word it stresses nothing.
            '_' if within(before) && within(next) => out.push('_'),
            '@' | '#' => {
                out.push(character);
                out.push('\u{200b}');
            }
            ':' if rest.starts_with("://") => out.push_str(":\u{200b}"),
            'w' | 'W' if rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")) => {
                out.push(character);
                out.push('\u{200b}');
            }
            '\\' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '!' | '$'
            | '`' => {
                let _infallible = write!(out, "&#{};", u32::from(character));
            }
            _ => out.push(character),
        }
        before = Some(character);
        rest = &rest[character.len_utf8()..];
    }
}

/// A cell for a spreadsheet, in quotes. What could be a formula gets an apostrophe before it.
pub fn csv(text: &str) -> String {
    let shown = terminal(text).replace('"', "\"\"");
    let first = shown.trim_start_matches([' ', '\u{a0}']).chars().next();
    let is_formula = first.is_some_and(|first| "=+-@|%＝＋－＠".contains(first));
    let apostrophe = if is_formula { "'" } else { "" };
    format!("\"{apostrophe}{shown}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_has_no_markup_but_ours() {
        for (text, shown) in [
            ("`worker` used v1", "`worker` used v1"),
            ("a|b", "a&#124;b"),
            ("`a|b`", "`a\\|b`"),
            ("<img src=x>", "&#60;img src=x&#62;"),
            ("[x](http://e)", "&#91;x&#93;(http:\u{200b}//e)"),
            ("@team #1 www.x", "@\u{200b}team #\u{200b}1 w\u{200b}ww.x"),
            ("one ` alone", "one &#96; alone"),
            ("session_max _x_", "session_max &#95;x&#95;"),
            ("two\nlines", "two&#92;u&#123;a&#125;lines"),
        ] {
            assert_eq!(markdown(text), shown, "{text}");
        }
        assert_eq!(markdown_code("a`b|c\\"), "`a'b\\|c\\ `");
        assert_eq!(markdown_code(""), "` `");
    }

    #[test]
    fn a_cell_is_no_formula() {
        for (text, shown) in [
            ("plain, text", "\"plain, text\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "\"'=1+1\""),
            (" \u{a0}@cmd", "\"' \u{a0}@cmd\""),
            ("-2", "\"'-2\""),
            ("＝1", "\"'＝1\""),
            ("two\nlines", "\"two\\u{a}lines\""),
        ] {
            assert_eq!(csv(text), shown, "{text}");
        }
    }
}
