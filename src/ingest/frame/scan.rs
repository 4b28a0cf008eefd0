/*! Where do the values of a JSON text begin and end? Exact for strings, escapes, nesting and punctuation, in blocks of any size.
 *
 * Numbers, words and escapes are not judged here: the decoder does that with the whole record.
 */

use memchr::memchr3;

use crate::limits;

/// How many open brackets are told apart; deeper ones are only counted, and the decoder rejects the record.
const DEPTH: u32 = u128::BITS;

/// What stands at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// An array or object began with the byte before.
    Open,
    /// A string, number or word began with the byte before.
    Leaf,
    /// A value ended here.
    End,
    /// A key ended here.
    Key,
    /// This byte cannot stand here.
    Error,
    /// The block is over.
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
enum Within {
    Nothing,
    Text { key: bool },
    Escape { key: bool },
    Word,
}

/// Reads JSON byte by byte.
pub(super) struct Scanner {
    /// One bit for each open bracket: is it an object?
    objects: u128,
    depth: u32,
    /// Open brackets beyond `DEPTH`.
    beyond: u64,
    expect: Expect,
    within: Within,
    /// Keys and values inside of more brackets than this are not told.
    quiet: u32,
    /// The start of the last key that was told, as written.
    key: Vec<u8>,
}

impl Scanner {
    pub(super) fn new(quiet: u32) -> Self {
        Self {
            objects: 0,
            depth: 0,
            beyond: 0,
            expect: Expect::Value,
            within: Within::Nothing,
            quiet,
            key: Vec::new(),
        }
    }

    /// How many brackets are open.
    pub(super) fn depth(&self) -> u64 {
        u64::from(self.depth) + self.beyond
    }

    /// Is the innermost open bracket an array's?
    pub(super) fn in_array(&self) -> bool {
        self.depth > 0 && self.objects & 1 == 0
    }

    /// Is this the key that was told last?
    pub(super) fn key_is(&self, wanted: &str) -> bool {
        if !self.key.contains(&b'\\') {
            return self.key == wanted.as_bytes();
        }
        let quoted = [b"\"", self.key.as_slice(), b"\""].concat();
        serde_json::from_slice::<String>(&quoted).is_ok_and(|key| key == wanted)
    }

    /// Is a number or word open that the end of the stream ends?
    pub(super) fn in_word(&self) -> bool {
        self.within == Within::Word
    }

    /// Reads from `at` to the next event and where it stands.
    pub(super) fn next(&mut self, block: &[u8], mut at: usize) -> (usize, Event) {
        while at < block.len() {
            let step = match self.within {
                Within::Text { key } => self.text(block, &mut at, key),
                Within::Escape { key } => {
                    self.keep_key(key, &block[at..=at]);
                    at += 1;
                    self.within = Within::Text { key };
                    None
                }
                Within::Word => self.word(block, &mut at),
                Within::Nothing if self.beyond > 0 => {
                    self.deep(block[at]);
                    at += 1;
                    None
                }
                Within::Nothing => self.punctuation(block[at], &mut at),
            };
            if let Some(event) = step {
                return (at, event);
            }
        }
        (at, Event::More)
    }

    fn text(&mut self, block: &[u8], at: &mut usize, key: bool) -> Option<Event> {
        let rest = &block[*at..];
        let Some(found) = memchr3(b'"', b'\\', b'\n', rest) else {
            self.keep_key(key, rest);
            *at = block.len();
            return None;
        };
        self.keep_key(key, &rest[..found]);
        *at += found;
        match rest[found] {
            b'\n' => return Some(Event::Error),
            b'\\' => {
                self.keep_key(key, b"\\");
                self.within = Within::Escape { key };
            }
            _ => self.within = Within::Nothing,
        }
        *at += 1;
        if self.within != Within::Nothing || self.beyond > 0 {
            return None;
        }
        if key {
            self.expect = Expect::Colon;
            return self.told(Event::Key);
        }
        self.end_value()
    }

    fn word(&mut self, block: &[u8], at: &mut usize) -> Option<Event> {
        let rest = &block[*at..];
        let Some(end) = rest.iter().position(|byte| is_delimiter(*byte)) else {
            *at = block.len();
            return None;
        };
        *at += end;
        self.within = Within::Nothing;
        self.end_value()
    }

    /// Beyond the depth that is told apart only strings and the number of brackets count.
    fn deep(&mut self, byte: u8) {
        match byte {
            b'{' | b'[' => self.beyond += 1,
            b'}' | b']' => self.beyond -= 1,
            b'"' => self.within = Within::Text { key: false },
            _ => {}
        }
        if self.beyond == 0 {
            self.expect = Expect::CommaOrEnd;
        }
    }

    fn punctuation(&mut self, byte: u8, at: &mut usize) -> Option<Event> {
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            *at += 1;
            return None;
        }
        let takes_value = matches!(self.expect, Expect::Value | Expect::ValueOrEnd);
        let event = match (byte, self.expect) {
            (b'{' | b'[', _) if takes_value => self.open(byte == b'{'),
            (b'"', _) if takes_value => {
                self.within = Within::Text { key: false };
                self.told(Event::Leaf)
            }
            (b'"', Expect::Key | Expect::KeyOrEnd) => {
                self.key.clear();
                self.within = Within::Text { key: true };
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
                self.within = Within::Word;
                self.told(Event::Leaf)
            }
            _ => return Some(Event::Error),
        };
        *at += 1;
        event
    }

    fn open(&mut self, object: bool) -> Option<Event> {
        let event = self.told(Event::Open);
        if self.depth == DEPTH {
            self.beyond = 1;
        } else {
            self.objects = self.objects << 1 | u128::from(object);
            self.depth += 1;
            self.expect = if object { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
        }
        event
    }

    fn close(&mut self) -> Option<Event> {
        self.objects >>= 1;
        self.depth -= 1;
        self.end_value()
    }

    fn end_value(&mut self) -> Option<Event> {
        self.expect = if self.depth == 0 { Expect::Value } else { Expect::CommaOrEnd };
        self.told(Event::End)
    }

    fn told(&self, event: Event) -> Option<Event> {
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
