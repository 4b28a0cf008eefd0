/*! Text for Markdown and for spreadsheets: nothing of a log becomes markup, a link, a mention or a formula. */

use std::fmt::Write;

use super::escape::terminal;

/// A sentence for Markdown, in a paragraph or a cell of a table. Text between backticks becomes code.
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
    // Code cannot be empty, nor end in the escape character.
    let pad = if shown.is_empty() || shown.ends_with('\\') { " " } else { "" };
    format!("`{shown}{pad}`")
}

/// Punctuation that could be markup becomes an entity; mentions, references and addresses are broken up.
fn plain(part: &str, out: &mut String) {
    let mut rest = part;
    let mut before = None;
    while let Some(character) = rest.chars().next() {
        let next = rest[character.len_utf8()..].chars().next();
        let within = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
        match character {
            // Inside a word it is not emphasis.
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

/// A sentence for HTML, in text or an attribute. Text between backticks becomes code.
pub fn html(text: &str) -> String {
    let shown = terminal(text);
    let parts: Vec<&str> = shown.split('`').collect();
    let is_paired = !parts.len().is_multiple_of(2);
    let mut out = String::with_capacity(shown.len() + 16);
    for (position, part) in parts.into_iter().enumerate() {
        let is_code = is_paired && position % 2 == 1;
        if !is_paired && position > 0 {
            out.push('`');
        }
        out.push_str(if is_code { "<code>" } else { "" });
        for character in part.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                _ => out.push(character),
            }
        }
        out.push_str(if is_code { "</code>" } else { "" });
    }
    out
}

/// A cell for a spreadsheet, in quotes. An apostrophe goes before anything that could be a formula.
pub fn csv(text: &str) -> String {
    let shown = terminal(text).replace('"', "\"\"");
    let first = shown.trim_start_matches([' ', '\u{a0}']).chars().next();
    let is_formula = first.is_some_and(|first| "=+-@|%＝＋－＠".contains(first));
    let apostrophe = if is_formula { "'" } else { "" };
    format!("\"{apostrophe}{shown}\"")
}

/// Text or an attribute of XML. What XML has no character for is shown.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in terminal(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out
}

/// The message of a workflow command of GitHub Actions: on one line, so that no log begins a command of its own.
pub fn annotation(text: &str) -> String {
    terminal(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command, which ends at a comma or a colon.
pub fn annotation_property(text: &str) -> String {
    annotation(text).replace(':', "%3A").replace(',', "%2C")
}

/// The value of a label in `OpenMetrics`.
pub fn metric_label(text: &str) -> String {
    terminal(text).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// A path as a relative reference.
pub fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
    out
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
    fn html_has_no_element_but_code() {
        for (text, shown) in [
            ("`worker` used v1", "<code>worker</code> used v1"),
            ("<img src=x onerror=a>", "&lt;img src=x onerror=a&gt;"),
            ("`<b>` & \"x\" 'y'", "<code>&lt;b&gt;</code> &amp; &quot;x&quot; &#39;y&#39;"),
            ("one ` alone <i>", "one ` alone &lt;i&gt;"),
            ("\u{202e}\u{1b}[31m", "\\u{202e}\\u{1b}[31m"),
        ] {
            assert_eq!(html(text), shown, "{text}");
        }
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
