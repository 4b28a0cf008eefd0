/*! Moves over the values of a JSON text and checks them. Every mistake ends the way: the callers then take the slower
 * ways, which name it.
 */

/// A place in a JSON text.
pub(super) struct JsonScanner<'b> {
    pub(super) text: &'b str,
    bytes: &'b [u8],
    pub(super) at: usize,
}

impl<'b> JsonScanner<'b> {
    pub(super) fn new(text: &'b str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0 }
    }

    /// The byte that comes next.
    pub(super) fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The next byte that is not whitespace. It stays before it.
    pub(super) fn next_byte(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Moves past the next byte that is not whitespace, if it is this one.
    pub(super) fn pass(&mut self, wanted: u8) -> bool {
        let found = self.next_byte() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Moves past these bytes, if they come next.
    pub(super) fn literal(&mut self, wanted: &str) -> Option<()> {
        let end = self.at + wanted.len();
        let found = is_same(self.bytes.get(self.at..end)?, wanted.as_bytes());
        self.at = end;
        found.then_some(())
    }

    /// Moves past a value of any kind. `levels`: how many more may be inside.
    pub(super) fn any_value(&mut self, levels: usize) -> Option<()> {
        match self.next_byte()? {
            b'"' => self.string().map(|_| ()),
            b'{' => self.any_object(levels.checked_sub(1)?),
            b'[' => self.any_array(levels.checked_sub(1)?),
            _ => self.scalar().map(|_| ()),
        }
    }

    /// Moves past a value that is neither an object nor an array. The answer: whether it is a text with escapes.
    pub(super) fn scalar(&mut self) -> Option<bool> {
        match self.next_byte()? {
            b'"' => self.string(),
            b't' => self.literal("true").map(|()| false),
            b'f' => self.literal("false").map(|()| false),
            b'n' => self.literal("null").map(|()| false),
            _ => self.number().map(|()| false),
        }
    }

    /// Moves past an object.
    fn any_object(&mut self, levels: usize) -> Option<()> {
        self.at += 1;
        if self.pass(b'}') {
            return Some(());
        }
        loop {
            if self.next_byte()? != b'"' {
                return None;
            }
            self.string()?;
            if !self.pass(b':') {
                return None;
            }
            self.any_value(levels)?;
            if !self.pass(b',') {
                return self.pass(b'}').then_some(());
            }
        }
    }

    /// Moves past a list, whose bracket comes next.
    pub(super) fn any_array(&mut self, levels: usize) -> Option<()> {
        self.at += 1;
        if self.pass(b']') {
            return Some(());
        }
        loop {
            self.any_value(levels)?;
            if !self.pass(b',') {
                return self.pass(b']').then_some(());
            }
        }
    }

    /// Moves past a string. The answer: whether it has escapes.
    pub(super) fn string(&mut self) -> Option<bool> {
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

/// Whether bytes, as many here as there, are the same. Most are few, and to call a function would cost more than this.
fn is_same(left: &[u8], right: &[u8]) -> bool {
    match right.len() {
        8..=16 => {
            left.first_chunk::<8>() == right.first_chunk::<8>()
                && left.last_chunk::<8>() == right.last_chunk::<8>()
        }
        17..=32 => {
            left.first_chunk::<16>() == right.first_chunk::<16>()
                && left.last_chunk::<16>() == right.last_chunk::<16>()
        }
        4..=7 => {
            left.first_chunk::<4>() == right.first_chunk::<4>()
                && left.last_chunk::<4>() == right.last_chunk::<4>()
        }
        _ => left == right,
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
