/*! `key=value` records: values bare or in double quotes, keys at the top of the record.
 *
 * The Linux audit log sets pairs of its own in single quotes under one key: `msg='op=login acct="a" res=success'`.
 * They are pairs of the record.
 */

use std::borrow::Cow;

use crate::model::coverage::Reject;

use super::json_scalars::escaped;
use super::{Decode, Fields, Picks};

/// The decoder of `key=value` pairs.
pub struct Logfmt;

impl Decode for Logfmt {
    fn name(&self) -> &'static str {
        "logfmt"
    }

    fn pick<'b>(
        &self,
        frame: &'b [u8],
        picks: &Picks,
        fields: &mut Fields<'b>,
    ) -> Result<(), Reject> {
        fields.reset(picks);
        let text = std::str::from_utf8(frame).map_err(|_| Reject::because("not-utf8"))?;
        for pair in Pairs::of(text) {
            let (key, value) = pair.map_err(Reject::because)?;
            if value != BARE && !picks.put(&[key], value, fields) {
                return Err(Reject::because("duplicate-key"));
            }
        }
        Ok(())
    }
}

/// Whether the text begins with at least two pairs.
pub fn fits(text: &str) -> bool {
    let mut pairs = Pairs::of(text);
    let mut is_pair = || matches!(pairs.next(), Some(Ok((_, value))) if value != BARE);
    is_pair() && is_pair()
}

/// All pairs of a text, each key as a pointer; none where the text is torn.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = Pairs::of(text).map_while(Result::ok).filter(|(_, value)| value != BARE);
    pairs.map(|(key, value)| (format!("/{}", escaped(key)), value.into_owned())).collect()
}

/// The value of a key without one.
const BARE: &str = "\u{1}true";

struct Pairs<'b> {
    rest: &'b str,
    /// These pairs stand in single quotes.
    is_inner: bool,
}

impl<'b> Pairs<'b> {
    fn of(rest: &'b str) -> Self {
        Self { rest, is_inner: false }
    }
}

fn is_key(character: char) -> bool {
    match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '.' | '/' | '@' | ':' => true,
        _ => !character.is_ascii() && character.is_alphanumeric(),
    }
}

impl<'b> Iterator for Pairs<'b> {
    type Item = Result<(&'b str, Cow<'b, str>), &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rest = self.rest.trim_start();
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.find(|character: char| !is_key(character)).unwrap_or(self.rest.len());
        let (key, after) = self.rest.split_at(end);
        let Some(value) = after.strip_prefix('=').filter(|_| !key.is_empty()) else {
            // A word that is not a pair names no field.
            let next = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
            let word = &self.rest[..next];
            self.rest = &self.rest[next..];
            return Some(Ok((word, Cow::Borrowed(BARE))));
        };
        if let Some(inner) = value.strip_prefix('\'').filter(|_| key == "msg") {
            self.rest = inner;
            self.is_inner = true;
            return self.next();
        }
        if !value.starts_with('"') {
            let end = value.find(char::is_whitespace).unwrap_or(value.len());
            self.rest = &value[end..];
            let bare = &value[..end];
            let bare = bare.strip_suffix('\'').filter(|_| self.is_inner).unwrap_or(bare);
            return Some(Ok((key, Cow::Borrowed(bare))));
        }
        let Some(length) = quoted_length(value) else {
            self.rest = "";
            return Some(Err("unclosed-quote"));
        };
        let (quoted, rest) = value.split_at(length);
        self.rest = rest;
        Some(Ok((key, unquoted(quoted))))
    }
}

/// The length of the quoted text that starts here, with both quotes.
fn quoted_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn unquoted(quoted: &str) -> Cow<'_, str> {
    let inside = &quoted[1..quoted.len() - 1];
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    serde_json::from_str(quoted).map_or(Cow::Borrowed(inside), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(text: &str, pointers: &[&str]) -> Result<Vec<Option<String>>, &'static str> {
        let pointers: Vec<String> = pointers.iter().map(|pointer| (*pointer).to_owned()).collect();
        let mut fields = Fields::new();
        Logfmt
            .pick(text.as_bytes(), &Picks::new(&pointers), &mut fields)
            .map_err(|reject| reject.reason)?;
        Ok((0..pointers.len()).map(|slot| fields.get(slot).map(str::to_owned)).collect())
    }

    #[test]
    fn pairs_are_read() {
        let text =
            r#"time=2026-03-02T09:00:00Z level=info msg="a \"b\" c" key.id=k-1 dry empty= x=1"#;
        let found = picked(text, &["/msg", "/key.id", "/empty", "/x", "/none"]);
        let texts = [Some(r#"a "b" c"#), Some("k-1"), Some(""), Some("1"), None];
        assert_eq!(found, Ok(texts.map(|text| text.map(str::to_owned)).to_vec()));
        assert_eq!(picked("a=1 b=2 a=3", &["/a"]), Err("duplicate-key"));
        let audit =
            r#"type=USER_AUTH msg=audit(1.2:3): pid=4 msg='op=login acct="a b" res=success'"#;
        let found = picked(audit, &["/msg", "/op", "/acct", "/res"]);
        let texts = ["audit(1.2:3):", "login", "a b", "success"];
        assert_eq!(found, Ok(texts.map(|text| Some(text.to_owned())).to_vec()));
        let audit = "type=USER_END msg=audit(1.2:3): pid=4 msg=' comm=\"a\" res=success'";
        let found = picked(audit, &["/msg", "/comm", "/res"]);
        let texts = ["audit(1.2:3):", "a", "success"];
        assert_eq!(found, Ok(texts.map(|text| Some(text.to_owned())).to_vec()));
        let names = ["'x", "y'"].map(|text| Some(text.to_owned())).to_vec();
        assert_eq!(picked("a='x b=y'", &["/a", "/b"]), Ok(names));
        assert_eq!(picked("a=1 b=\"2", &["/a"]), Err("unclosed-quote"));
    }

    #[test]
    fn two_pairs_are_enough() {
        for text in ["time=1 level=info", "level=info msg=\"x y\" and more"] {
            assert!(fits(text), "{text}");
        }
        for text in ["", "GET /a?b=1 c=2", "just words", "a=1", "2026-03-02 a=1 b=2"] {
            assert!(!fits(text), "{text}");
        }
    }
}
