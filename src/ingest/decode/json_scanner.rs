/*! Moves over the values of a JSON text and checks them. Every mistake ends the way: the callers then take the slower
 * ways, which name it.
 */

use wide::u8x16;

/// A place in a JSON text.
pub(super) struct JsonScanner<'b> {
    pub(super) text: &'b str,
    pub(super) bytes: &'b [u8],
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
    #[inline]
    pub(super) fn string(&mut self) -> Option<bool> {
        let at = self.stop_from(self.at + 1);
        if *self.bytes.get(at)? == b'"' {
            self.at = at + 1;
            return Some(false);
        }
        self.escaped_string(at)
    }

    /// Moves past a string whose first escape, or flaw, is at this place.
    #[cold]
    fn escaped_string(&mut self, mut at: usize) -> Option<bool> {
        loop {
            match *self.bytes.get(at)? {
                b'"' => {
                    self.at = at + 1;
                    return Some(true);
                }
                b'\\' => {
                    self.at = at;
                    self.escape()?;
                    at = self.stop_from(self.at);
                }
                _ => return None,
            }
        }
    }

    /// The first quote, backslash or control character at this place or after it; or the end.
    #[inline]
    fn stop_from(&self, mut at: usize) -> usize {
        while let Some(bytes) = self.bytes.get(at..).and_then(|rest| rest.first_chunk()) {
            let stops = stops(u8x16::new(*bytes));
            if stops != 0 {
                return at + stops.trailing_zeros() as usize;
            }
            at += 16;
        }
        let rest = self.bytes.get(at..).unwrap_or_default();
        let is_stop = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        at + rest.iter().position(is_stop).unwrap_or(rest.len())
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
        if let Some(end) = self.short_number_end() {
            self.at = end;
            return Some(());
        }
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

    /// Where the number ends, if it has less than eight digits and nothing else.
    #[inline]
    fn short_number_end(&self) -> Option<usize> {
        let eight = self.bytes.get(self.at..)?.first_chunk::<8>()?;
        let others = other_than_digits(u64::from_le_bytes(*eight));
        let count = others.trailing_zeros() as usize / 8;
        let is_all = !matches!(eight.get(count)?, b'.' | b'e' | b'E');
        let has_leading_zero = count > 1 && eight[0] == b'0';
        (count > 0 && is_all && !has_leading_zero).then(|| self.at + count)
    }

    #[inline]
    fn digits(&mut self) -> Option<()> {
        let from = self.at;
        while let Some(eight) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk()) {
            let others = other_than_digits(u64::from_le_bytes(*eight));
            if others != 0 {
                self.at += others.trailing_zeros() as usize / 8;
                return (self.at > from).then_some(());
            }
            self.at += 8;
        }
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (self.at > from).then_some(())
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

/// A bit for each byte: whether it is a quote, a backslash or a control character.
#[inline]
fn stops(bytes: u8x16) -> u32 {
    // The bit in which a quote and the byte after the control characters differ is changed: a quote becomes that byte,
    // and those up to it are the control characters, in another order, and the quote.
    let changed = bytes ^ u8x16::splat(b'"' ^ b' ');
    let is_low = changed.min(u8x16::splat(b' ')).simd_eq(changed);
    let is_backslash = bytes.simd_eq(u8x16::splat(b'\\'));
    (is_low | is_backslash).to_bitmask()
}

/// The high bit of each byte that is no digit.
const fn other_than_digits(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // A digit is now 0 to 9, and what is not has a high bit, or is more than 9.
    let value = word ^ (ONES * 0x30);
    (((value & !HIGH) + ONES * 0x76) | value) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_stop_is_found_and_nothing_else(bytes in any::<[u8; 16]>()) {
            let is_stop = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
            let expected = (0..).zip(&bytes).map(|(at, byte)| u32::from(is_stop(byte)) << at);
            prop_assert_eq!(stops(u8x16::new(bytes)), expected.sum::<u32>());
        }

        #[test]
        fn what_is_no_digit_is_found_and_nothing_else(bytes in any::<[u8; 8]>()) {
            let found = other_than_digits(u64::from_le_bytes(bytes)).to_le_bytes();
            let expected = bytes.map(|byte| if byte.is_ascii_digit() { 0 } else { 0x80 });
            prop_assert_eq!(found, expected);
        }

        /// As one byte after the other shows.
        #[test]
        fn a_string_ends_at_its_quote(
            pieces in prop::collection::vec(
                prop_oneof![
                    3 => "[a-zé ]{0,40}",
                    1 => prop::sample::select(vec!["\\n", "\\\\", "\\\"", "\\u00e9", "\\x", "\t", "\"", "\\u12"])
                        .prop_map(str::to_owned),
                ],
                0..6,
            ),
        ) {
            let text = format!("\"{}", pieces.concat());
            let mut scanner = JsonScanner::new(&text);
            let found = scanner.string().map(|is_escaped| (is_escaped, scanner.at));
            prop_assert_eq!(found, string_by_bytes(text.as_bytes()));
        }

        #[test]
        fn numbers_are_those_of_json(
            number in prop_oneof!["-?[0-9.eE+-]{1,12}", "-?[0-9]{1,18}(\\.[0-9]{0,9})?(e[+-]?[0-9]{0,2})?"],
            after in "([,} ].{0,9})?",
        ) {
            let text = format!("{number}{after}");
            let mut scanner = JsonScanner::new(&text);
            let is_number = scanner.scalar().is_some() && scanner.at == number.len();
            let known = serde_json::from_str::<&serde_json::value::RawValue>(&number);
            prop_assert_eq!(is_number, known.is_ok(), "{}", text);
        }
    }

    /// Whether the string at the start of the text has escapes, and where it ends.
    fn string_by_bytes(text: &[u8]) -> Option<(bool, usize)> {
        let (mut at, mut is_escaped) = (1, false);
        loop {
            match (*text.get(at)?, text.get(at + 1)) {
                (b'"', _) => return Some((is_escaped, at + 1)),
                (b'\\', Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't')) => at += 2,
                (b'\\', Some(b'u')) => {
                    let digits = text.get(at + 2..at + 6)?;
                    digits.iter().all(u8::is_ascii_hexdigit).then_some(())?;
                    at += 6;
                }
                (b'\\' | 0..=0x1f, _) => return None,
                _ => {
                    at += 1;
                    continue;
                }
            }
            is_escaped = true;
        }
    }
}
