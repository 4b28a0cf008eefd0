/*! What the envelope of a page says about pages that follow it. */

use crate::model::Place;

/// What a page of an export says of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageSigns {
    /// More pages follow, or the answer was cut.
    pub more: bool,
    /// How many records were found, whether or not they are here.
    pub found: Option<u64>,
}

/// The last page of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// What it says.
    pub signs: PageSigns,
    /// A record of it, to cite.
    pub place: Place,
}

/// Keys with the token or the address of the next page, without case, `_`, `-`, `@` and `.`.
const NEXT: [&str; 15] = [
    "nexttoken",
    "nextpagetoken",
    "odatanextlink",
    "nextlink",
    "nextmarker",
    "nextcontinuationtoken",
    "continuationtoken",
    "nextcursor",
    "nextpage",
    "nextpageurl",
    "nexturl",
    "nextrecordsurl",
    "pagedresultscookie",
    "lastevaluatedkey",
    "next",
];

/// Keys that are true where the answer was cut.
const CUT: [&str; 14] = [
    "istruncated",
    "truncated",
    "hasmore",
    "hasnext",
    "hasnextpage",
    "moreresults",
    "moredata",
    "incomplete",
    "incompleteresults",
    "ispartial",
    "partial",
    "partialresults",
    "limitreached",
    "timedout",
];

/// Objects inside the envelope that are looked into.
const DEPTH: usize = 4;

/// The signs of the last document in a text: JSON, from which the records may have been taken out. What stands in an
/// array is a record and none of the envelope.
pub(super) fn signs(text: &[u8]) -> Option<PageSigns> {
    let mut reader = EnvelopeReader { text, at: 0 };
    let mut last = None;
    while let Some(byte) = reader.next_of(b"{[") {
        if byte == b'{' {
            let mut signs = PageSigns::default();
            reader.object(&mut Vec::new(), &mut signs);
            last = Some(signs);
        } else {
            reader.skip_array();
        }
    }
    last
}

struct EnvelopeReader<'t> {
    text: &'t [u8],
    at: usize,
}

impl EnvelopeReader<'_> {
    /// Steps behind the next of these bytes that is in no string.
    fn next_of(&mut self, wanted: &[u8]) -> Option<u8> {
        while let Some(&byte) = self.text.get(self.at) {
            if byte == b'"' {
                self.string();
            } else {
                self.at += 1;
                if wanted.contains(&byte) {
                    return Some(byte);
                }
            }
        }
        None
    }

    /// The string that begins here, as written.
    fn string(&mut self) -> &[u8] {
        let start = self.at + 1;
        self.at = start;
        while let Some(&byte) = self.text.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return &self.text[start..self.at - 1];
                }
                _ => self.at += 1,
            }
        }
        self.at = self.text.len();
        &self.text[start.min(self.text.len())..]
    }

    fn skip_array(&mut self) {
        let mut open = 1;
        while open > 0 {
            match self.next_of(b"[]") {
                Some(b'[') => open += 1,
                Some(_) => open -= 1,
                None => return,
            }
        }
    }

    /// Reads the rest of an object, key by key.
    fn object(&mut self, above: &mut Vec<String>, signs: &mut PageSigns) {
        loop {
            self.space();
            match self.text.get(self.at) {
                Some(b'"') => {
                    let key = plain(self.string());
                    self.space();
                    if self.text.get(self.at) == Some(&b':') {
                        self.at += 1;
                        self.value(&key, above, signs);
                    }
                }
                Some(b'}') => {
                    self.at += 1;
                    return;
                }
                Some(_) => self.at += 1,
                None => return,
            }
        }
    }

    fn value(&mut self, key: &str, above: &mut Vec<String>, signs: &mut PageSigns) {
        self.space();
        match self.text.get(self.at) {
            Some(b'"') => {
                let text = self.string();
                let says = !text.is_empty() && text != b"null" && text != b"-1";
                let is_address = text.starts_with(b"http") || text.starts_with(b"/");
                signs.more |= NEXT.contains(&key) && says && (key != "next" || is_address);
                signs.more |= key == "code" && text == b"PartialError";
            }
            Some(b'{') => {
                self.at += 1;
                signs.more |= key == "lastevaluatedkey";
                if above.len() < DEPTH {
                    above.push(key.to_owned());
                    self.object(above, signs);
                    above.pop();
                } else {
                    self.skip_object();
                }
            }
            Some(b'[') => {
                self.at += 1;
                self.skip_array();
            }
            Some(_) => {
                let start = self.at;
                let rest = &self.text[start..];
                let is_end = |byte: &u8| b",}] \n\r\t".contains(byte);
                let word = rest.split(is_end).next().unwrap_or_default();
                self.at += word.len();
                signs.more |= CUT.contains(&key) && word == b"true";
                let path: Vec<&str> = above.iter().map(String::as_str).chain([key]).collect();
                let is_number = word.iter().all(u8::is_ascii_digit) && word != b"0";
                signs.more |= path.ends_with(&["pagination", "next"]) && is_number;
                if let ["statistics", "recordsmatched"]
                | ["hits", "total"]
                | ["hits", "total", "value"] = path[path.len().saturating_sub(3)..]
                {
                    let number = str::from_utf8(word).ok();
                    signs.found = number.and_then(|number| number.parse::<f64>().ok()).map(whole);
                }
            }
            None => {}
        }
    }

    fn skip_object(&mut self) {
        let mut open = 1;
        while open > 0 {
            match self.next_of(b"{}") {
                Some(b'{') => open += 1,
                Some(_) => open -= 1,
                None => return,
            }
        }
    }

    fn space(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }
}

/// A key without case and separators.
fn plain(key: &[u8]) -> String {
    let letters = key.iter().filter(|byte| byte.is_ascii_alphanumeric());
    letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of records")]
fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn more(text: &str) -> bool {
        signs(text.as_bytes()).is_some_and(|signs| signs.more)
    }

    #[test]
    fn a_token_of_the_next_page_is_seen() {
        for text in [
            r#"{"events":[],"nextToken":"abc"}"#,
            r#"{"Events":[{"a":1}], "NextToken" : "abc"}"#,
            r#"{"items":[],"next_page_token":"x"}"#,
            r#"{"value":[],"@odata.nextLink":"https://graph/x"}"#,
            r#"{"IsTruncated": true, "Contents": []}"#,
            r#"{"data":[],"has_more":true}"#,
            r#"{"entries":[],"response_metadata":{"next_cursor":"dXNlcg=="}}"#,
            r#"{"links":{"next":"https://x/2"},"data":[]}"#,
            r#"{"pageInfo":{"hasNextPage":true,"endCursor":"x"}}"#,
            r#"{"LastEvaluatedKey":{"id":{"S":"1"}},"Items":[]}"#,
            r#"{"events":[],"nextToken":null}{"events":[],"nextToken":"b"}"#,
            r#"{"error":{"code":"PartialError"},"tables":[]}"#,
            r#"{"pagination":{"next":2,"current":1},"results":[]}"#,
            r#"{"result":[],"pagedResultsCookie":"eyJ"}"#,
        ] {
            assert!(more(text), "{text}");
        }
    }

    #[test]
    fn the_last_page_and_records_are_no_sign() {
        for text in [
            r#"{"events":[],"nextToken":null}"#,
            r#"{"events":[],"nextToken":""}"#,
            r#"{"data":[],"has_more":false,"truncated":false}"#,
            r#"{"Records":[{"requestParameters":{"nextToken":"abc"}}]}"#,
            r#"[{"nextToken":"abc"}]"#,
            r#"{"next":"retry","events":[]}"#,
            r#"{"pagination":{"next":0,"current":3},"results":[]}"#,
            r#"{"result":[],"pagedResultsCookie":null}"#,
            r#"{"events":[],"nextToken":"a"}{"events":[],"nextToken":""}"#,
            r#"{"note":"\"nextToken\":\"a\"","events":[]}"#,
            "time,next_token\n",
            "{",
            r#"{"nextToken":"#,
        ] {
            assert!(!more(text), "{text}");
        }
    }

    #[test]
    fn the_number_found_is_read() {
        let found = |text: &str| signs(text.as_bytes()).and_then(|signs| signs.found);
        assert_eq!(found(r#"{"results":[],"statistics":{"recordsMatched":25000.0}}"#), Some(25000));
        assert_eq!(found(r#"{"hits":{"total":{"value":9,"relation":"eq"},"hits":[]}}"#), Some(9));
        assert_eq!(found(r#"{"hits":{"total":12,"hits":[]}}"#), Some(12));
        assert_eq!(found(r#"{"total":12,"hits":[]}"#), None);
    }
}
