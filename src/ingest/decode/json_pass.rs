/*! A JSON record, checked and read in one pass. Every mistake ends the pass: the callers then take the slower ways,
 * which name it. So a pass that ends well has found what they would find.
 */

use std::borrow::Cow;

use crate::limits;

use super::Picks;
use super::cursor::Cursor;
use super::json::{bytes_of, fill_array, unescape};
use super::picks::Fields;

/// Checks that the text is one JSON object and fills a slot for each pick; `None` if another way has to say what it is.
pub fn pick_in_one_pass<'b>(text: &'b str, picks: &Picks, fields: &mut Fields<'b>) -> Option<()> {
    fields.reset(picks);
    let mut pass = Pass { text, bytes: text.as_bytes(), at: 0, picks, fields };
    if pass.next_byte() != Some(b'{') {
        return None;
    }
    pass.value(Some(Picks::ROOT), limits::JSON_DEPTH)?;
    pass.next_byte().is_none().then_some(())
}

struct Pass<'p, 'b> {
    text: &'b str,
    bytes: &'b [u8],
    at: usize,
    picks: &'p Picks,
    fields: &'p mut Fields<'b>,
}

impl<'b> Pass<'_, 'b> {
    /// The next byte that is not whitespace. The pass stays before it.
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Moves past the next byte that is not whitespace, if it is this one.
    fn pass(&mut self, wanted: u8) -> bool {
        let found = self.next_byte() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Reads a value, of which a node tells what is wanted of it. `levels`: how many more may be inside.
    fn value(&mut self, node: Option<usize>, levels: usize) -> Option<()> {
        let first = self.next_byte()?;
        let start = self.at;
        let is_escaped = match first {
            b'{' => self.object(node, levels.checked_sub(1)?).map(|()| false)?,
            b'[' => self.array(node, start, levels.checked_sub(1)?).map(|()| false)?,
            b'"' => self.string()?,
            b't' => self.word("true").map(|()| false)?,
            b'f' => self.word("false").map(|()| false)?,
            b'n' => return self.word("null"),
            _ => self.number().map(|()| false)?,
        };
        let Some(node) = node else { return Some(()) };
        let wanted = self.picks.node(node);
        if wanted.slots.is_empty() {
            return Some(());
        }
        let raw = &self.text[start..self.at];
        let value = match first {
            b'"' if is_escaped => unescape(raw).ok()?,
            b'"' => Cow::Borrowed(&raw[1..raw.len() - 1]),
            _ => Cow::Borrowed(raw),
        };
        let listed = if first == b'[' { bytes_of(raw) } else { None };
        let is_nested = matches!(first, b'{' | b'[') && listed.is_none();
        let value = listed.map_or(value, Cow::Owned);
        let (last, others) = wanted.slots.split_last()?;
        for slot in others {
            self.put(*slot, value.clone(), is_nested);
        }
        self.put(*last, value, is_nested);
        Some(())
    }

    fn put(&mut self, slot: usize, value: Cow<'b, str>, is_nested: bool) {
        if is_nested {
            self.fields.set_nested(slot, value);
        } else {
            self.fields.set(slot, value);
        }
    }

    fn object(&mut self, node: Option<usize>, levels: usize) -> Option<()> {
        self.at += 1;
        let node = node.filter(|node| !self.picks.node(*node).children.is_empty());
        let object = if node.is_some() { self.fields.next_object() } else { 0 };
        if self.pass(b'}') {
            return Some(());
        }
        loop {
            if self.next_byte()? != b'"' {
                return None;
            }
            let start = self.at;
            let is_escaped = self.string()?;
            let child = match node {
                Some(node) => self.child(node, &self.text[start..self.at], is_escaped),
                None => None,
            };
            if !self.pass(b':')
                || child.is_some_and(|child| !self.fields.first_meeting(child, object))
            {
                return None;
            }
            self.value(child, levels)?;
            if !self.pass(b',') {
                return self.pass(b'}').then_some(());
            }
        }
    }

    /// The node below `node` under a key. A key that is not valid text equals no pointer.
    fn child(&self, node: usize, quoted: &str, is_escaped: bool) -> Option<usize> {
        if is_escaped {
            return self.picks.child(node, &unescape(quoted).ok()?);
        }
        self.picks.child(node, &quoted[1..quoted.len() - 1])
    }

    fn array(&mut self, node: Option<usize>, start: usize, levels: usize) -> Option<()> {
        self.at += 1;
        if !self.pass(b']') {
            loop {
                self.value(None, levels)?;
                if self.pass(b',') {
                    continue;
                }
                if self.pass(b']') {
                    break;
                }
                return None;
            }
        }
        // Few lists are wanted, and their elements may be wanted by several names.
        let Some(node) = node.filter(|node| self.picks.node(*node).goes_on()) else {
            return Some(());
        };
        let text = self.text;
        let mut cursor = Cursor::new(&text[start..self.at]);
        fill_array(&mut cursor, self.picks, node, self.fields).ok()
    }

    /// Moves past a string. The answer: whether it has escapes.
    fn string(&mut self) -> Option<bool> {
        let (bytes, mut at, mut is_escaped) = (self.bytes, self.at + 1, false);
        loop {
            // Eight bytes at a time, as long as there are eight.
            while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
                let found = special(u64::from_le_bytes(*eight));
                if found != 0 {
                    at += found.trailing_zeros() as usize / 8;
                    break;
                }
                at += 8;
            }
            match *bytes.get(at)? {
                b'"' => {
                    self.at = at + 1;
                    return Some(is_escaped);
                }
                b'\\' => {
                    is_escaped = true;
                    self.at = at;
                    self.escape()?;
                    at = self.at;
                }
                0..=0x1f => return None,
                _ => at += 1,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        match *self.bytes.get(self.at + 1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 2,
            b'u' => {
                let digits = self.bytes.get(self.at + 2..self.at + 6)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                self.at += 6;
            }
            _ => return None,
        }
        Some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let is_word = self.bytes[self.at..].starts_with(word.as_bytes());
        self.at += word.len();
        is_word.then_some(())
    }

    fn number(&mut self) -> Option<()> {
        self.at += usize::from(self.bytes[self.at] == b'-');
        match self.bytes.get(self.at)? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits()?,
            _ => return None,
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let rest = &self.bytes[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(())
    }
}

/// The high bit of each byte that is a quote, a backslash or a control character. The lowest of these bits is right;
/// those above it may be set for an ordinary byte.
const fn special(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let quote = word ^ (ONES * 0x22);
    let slash = word ^ (ONES * 0x5c);
    let zero_in = quote.wrapping_sub(ONES) & !quote | slash.wrapping_sub(ONES) & !slash;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (zero_in | control) & HIGH
}
