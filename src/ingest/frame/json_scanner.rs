/*! Where the values of a JSON text begin and end. Exact for strings, escapes, nesting and punctuation, in blocks of
 * any size.
 *
 * Numbers, words and escapes are not checked here: the decoder checks the whole record.
 */

use memchr::memchr3;

use crate::limits;

/// How many open brackets are kept by kind. Deeper ones are only counted, and the decoder rejects the record.
const DEPTH: u32 = u128::BITS;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonEvent {
    /// An array or object began with the byte before.
    Open,
    /// A string, number or word began with the byte before.
    Leaf,
    /// A value ended here.
    End,
    /// A key ended here.
    Key,
    /// This byte is not allowed here.
    Error,
    /// The block has ended.
    More,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TokenPart {
    Nothing,
    Text { key: bool },
    Escape { key: bool },
    Word,
}

/// Reads JSON byte by byte.
pub(super) struct JsonScanner {
    /// One bit for each open bracket, set for an object.
    objects: u128,
    depth: u32,
    /// Open brackets beyond `DEPTH`.
    beyond: u64,
    expect: Expect,
    within: TokenPart,
    /// Keys and values inside of more brackets than this are not reported.
    quiet: u32,
    /// The beginning of the key that was reported last, as written.
    key: Vec<u8>,
}

impl JsonScanner {
    pub(super) fn new(quiet: u32) -> Self {
        Self {
            objects: 0,
            depth: 0,
            beyond: 0,
            expect: Expect::Value,
            within: TokenPart::Nothing,
            quiet,
            key: Vec::new(),
        }
    }

    /// How many brackets are open.
    pub(super) fn depth(&self) -> u64 {
        u64::from(self.depth) + self.beyond
    }

    /// Whether the innermost open bracket is that of an array.
    pub(super) fn in_array(&self) -> bool {
        self.depth > 0 && self.objects & 1 == 0
    }

    /// Whether this is the key that was reported last.
    pub(super) fn key_is(&self, wanted: &str) -> bool {
        if !self.key.contains(&b'\\') {
            return self.key == wanted.as_bytes();
        }
        let quoted = [b"\"", self.key.as_slice(), b"\""].concat();
        serde_json::from_slice::<String>(&quoted).is_ok_and(|key| key == wanted)
    }

    /// Whether a number or word is open, which the end of the stream would end.
    pub(super) fn in_word(&self) -> bool {
        self.within == TokenPart::Word
    }

    /// Reads from `at` to the next event. Returns where it is, and the event.
    pub(super) fn next(&mut self, block: &[u8], mut at: usize) -> (usize, JsonEvent) {
        while at < block.len() {
            let step = match self.within {
                TokenPart::Text { key } => self.text(block, &mut at, key),
                TokenPart::Escape { key } => {
                    self.keep_key(key, &block[at..=at]);
                    at += 1;
                    self.within = TokenPart::Text { key };
                    None
                }
                TokenPart::Word => self.word(block, &mut at),
                TokenPart::Nothing if self.beyond > 0 => {
                    self.deep(block[at]);
                    at += 1;
                    None
                }
                TokenPart::Nothing => self.punctuation(block[at], &mut at),
            };
            if let Some(event) = step {
                return (at, event);
            }
        }
        (at, JsonEvent::More)
    }

    fn text(&mut self, block: &[u8], at: &mut usize, key: bool) -> Option<JsonEvent> {
        let rest = &block[*at..];
        let Some(found) = memchr3(b'"', b'\\', b'\n', rest) else {
            self.keep_key(key, rest);
            *at = block.len();
            return None;
        };
        self.keep_key(key, &rest[..found]);
        *at += found;
        match rest[found] {
            b'\n' => return Some(JsonEvent::Error),
            b'\\' => {
                self.keep_key(key, b"\\");
                self.within = TokenPart::Escape { key };
            }
            _ => self.within = TokenPart::Nothing,
        }
        *at += 1;
        if self.within != TokenPart::Nothing || self.beyond > 0 {
            return None;
        }
        if key {
            self.expect = Expect::Colon;
            return self.at_wanted_depth(JsonEvent::Key);
        }
        self.end_value()
    }

    fn word(&mut self, block: &[u8], at: &mut usize) -> Option<JsonEvent> {
        let rest = &block[*at..];
        let Some(end) = rest.iter().position(|byte| is_delimiter(*byte)) else {
            *at = block.len();
            return None;
        };
        *at += end;
        self.within = TokenPart::Nothing;
        self.end_value()
    }

    /// Beyond `DEPTH` only strings and the number of brackets matter.
    fn deep(&mut self, byte: u8) {
        match byte {
            b'{' | b'[' => self.beyond += 1,
            b'}' | b']' => self.beyond -= 1,
            b'"' => self.within = TokenPart::Text { key: false },
            _ => {}
        }
        if self.beyond == 0 {
            self.expect = Expect::CommaOrEnd;
        }
    }

    fn punctuation(&mut self, byte: u8, at: &mut usize) -> Option<JsonEvent> {
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            *at += 1;
            return None;
        }
        let takes_value = matches!(self.expect, Expect::Value | Expect::ValueOrEnd);
        let event = match (byte, self.expect) {
            (b'{' | b'[', _) if takes_value => self.open(byte == b'{'),
            (b'"', _) if takes_value => {
                self.within = TokenPart::Text { key: false };
                self.at_wanted_depth(JsonEvent::Leaf)
            }
            (b'"', Expect::Key | Expect::KeyOrEnd) => {
                self.key.clear();
                self.within = TokenPart::Text { key: true };
                None
            }
            (b':', Expect::Colon) => {
                self.expect = Expect::Value;
                None
            }
            (b',', Expect::CommaOrEnd) => {
                self.expect = if self.in_array() { Expect::Value } else { Expect::Key };
                None
            }
            (b']', Expect::ValueOrEnd) | (b'}', Expect::KeyOrEnd) => self.close(),
            (b']', Expect::CommaOrEnd) if self.in_array() => self.close(),
            (b'}', Expect::CommaOrEnd) if !self.in_array() => self.close(),
            (b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z', _) if takes_value => {
                self.within = TokenPart::Word;
                self.at_wanted_depth(JsonEvent::Leaf)
            }
            _ => return Some(JsonEvent::Error),
        };
        *at += 1;
        event
    }

    fn open(&mut self, object: bool) -> Option<JsonEvent> {
        let event = self.at_wanted_depth(JsonEvent::Open);
        if self.depth == DEPTH {
            self.beyond = 1;
        } else {
            self.objects = self.objects << 1 | u128::from(object);
            self.depth += 1;
            self.expect = if object { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
        }
        event
    }

    fn close(&mut self) -> Option<JsonEvent> {
        self.objects >>= 1;
        self.depth -= 1;
        self.end_value()
    }

    fn end_value(&mut self) -> Option<JsonEvent> {
        self.expect = if self.depth == 0 { Expect::Value } else { Expect::CommaOrEnd };
        self.at_wanted_depth(JsonEvent::End)
    }

    fn at_wanted_depth(&self, event: JsonEvent) -> Option<JsonEvent> {
        (self.depth <= self.quiet).then_some(event)
    }

    fn keep_key(&mut self, key: bool, bytes: &[u8]) {
        if key && self.depth <= self.quiet {
            let room = limits::RECORD_HEAD_BYTES.saturating_sub(self.key.len());
            self.key.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }
}

fn is_delimiter(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']')
}
