/*! Bytes of records without the escapes of JSON and the colours of terminals. */

use wide::u8x16;

use crate::plan::spelling::without_colours;

/// The bytes with the escapes of JSON undone and without the colours of terminals; `None` if they have neither. Of an
/// escape other than `\\uXXXX` only the backslash goes.
pub(super) fn unescaped(bytes: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr2(b'\\', ESCAPE, bytes)?;
    let plain = without_escapes(bytes);
    if memchr::memchr(ESCAPE, &plain).is_none() {
        return Some(plain);
    }
    let text = String::from_utf8_lossy(&plain);
    Some(without_colours(&text).into_bytes())
}

/// The byte that begins a colour code.
pub(super) const ESCAPE: u8 = 0x1b;

fn without_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let Some(escape) = Escape::first(rest) else { return out };
        match escape {
            Escape::Character(character) => {
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Escape::Byte(byte) => out.push(byte),
        }
        rest = &rest[escape.length()..];
    }
    out.extend_from_slice(rest);
    out
}

/// What the escape at the start of some bytes gives.
#[derive(Clone, Copy)]
enum Escape {
    /// Of `\\uXXXX`.
    Character(char),
    /// Of another one only the backslash goes. The byte after it may be the first of a letter.
    Byte(u8),
}

impl Escape {
    /// `None`: a backslash ends the bytes.
    fn first(bytes: &[u8]) -> Option<Self> {
        let code = bytes.get(2..6).filter(|_| bytes.get(1) == Some(&b'u'));
        let code =
            code.and_then(|code| u32::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        let character = code.and_then(char::from_u32).map(Self::Character);
        character.or_else(|| bytes.get(1).copied().map(Self::Byte))
    }

    fn length(self) -> usize {
        match self {
            Self::Character(_) => 6,
            Self::Byte(_) => 2,
        }
    }
}

/// A set of bytes, with the other case of each letter.
#[derive(Clone, Debug)]
pub(super) struct ByteSet([bool; 256]);

impl Default for ByteSet {
    fn default() -> Self {
        Self([false; 256])
    }
}

impl FromIterator<u8> for ByteSet {
    fn from_iter<I: IntoIterator<Item = u8>>(bytes: I) -> Self {
        let mut set = Self::default();
        for byte in bytes {
            set.0[usize::from(byte.to_ascii_lowercase())] = true;
            set.0[usize::from(byte.to_ascii_uppercase())] = true;
        }
        set
    }
}

/// Whether no escape and no code in these bytes gives one of these letters: a text of such letters that is not in the
/// bytes as they are is not in them without escapes and codes either. `false` may be said too often.
pub(super) fn hides_none_of(bytes: &[u8], letters: &ByteSet) -> bool {
    let seen = SeenBytes::of(bytes);
    let has = |byte: u8| memchr::memchr(byte, bytes).is_some();
    if seen.has_not_ascii() || seen.may_have_escape() && has(ESCAPE) {
        return false;
    }
    let may_have_codes = seen.may_have_percent_or_ampersand();
    if may_have_codes && has(b'%') {
        return false;
    }
    // An entity of HTML begins with one of these and ends with the other.
    let mut has_entities = may_have_codes && has(b'&');
    let mut has_ends = false;
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        rest = &rest[at..];
        let Some(escape) = Escape::first(rest) else { break };
        let byte = match escape {
            Escape::Character(character) => u8::try_from(character).unwrap_or(u8::MAX),
            Escape::Byte(byte) => byte,
        };
        if !byte.is_ascii() || letters.0[usize::from(byte)] || matches!(byte, b'%' | ESCAPE) {
            return false;
        }
        has_entities |= byte == b'&';
        has_ends |= byte == b';';
        rest = &rest[escape.length()..];
    }
    !(has_entities && (has_ends || has(b';')))
}

/// Which bytes there are, in as few steps as show that most lines have none of those that matter.
struct SeenBytes {
    /// The bits that any byte has at each of 16 places.
    bits: u8x16,
    /// The least byte at each.
    least: u8x16,
    /// All bits where a byte may be `%` or `&`.
    codes: u8x16,
}

/// How many bytes are looked at together.
const TOGETHER: usize = 64;

impl SeenBytes {
    fn of(bytes: &[u8]) -> Self {
        let blank = u8x16::splat(b' ');
        let mut seen = Self { bits: blank, least: blank, codes: u8x16::ZERO };
        let (blocks, rest) = bytes.as_chunks::<TOGETHER>();
        for block in blocks {
            seen.add(block);
        }
        if rest.is_empty() {
            return seen;
        }
        // To see bytes twice changes nothing.
        if let Some(last) = bytes.last_chunk() {
            seen.add(last);
        } else {
            let mut last = [b' '; TOGETHER];
            last[..rest.len()].copy_from_slice(rest);
            seen.add(&last);
        }
        seen
    }

    #[inline]
    fn add(&mut self, block: &[u8; TOGETHER]) {
        for bytes in block.as_chunks::<16>().0 {
            let bytes = u8x16::new(*bytes);
            self.bits |= bytes;
            self.least = self.least.min(bytes);
            // With these bits set the two are the same byte, and so are `$` and `'`.
            self.codes |= (bytes | u8x16::splat(0b11)).simd_eq(u8x16::splat(b'\''));
        }
    }

    fn has_not_ascii(&self) -> bool {
        self.bits.to_bitmask() != 0
    }

    fn may_have_escape(&self) -> bool {
        self.least.simd_ne(u8x16::splat(b' ')).to_bitmask() != 0
    }

    fn may_have_percent_or_ampersand(&self) -> bool {
        self.codes.to_bitmask() != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_byte_that_matters_is_missed(
            length in 0_usize..200,
            byte in any::<u8>(),
            at in any::<prop::sample::Index>(),
        ) {
            let mut bytes = vec![b'x'; length];
            prop_assert!(!SeenBytes::of(&bytes).has_not_ascii());
            prop_assert!(!SeenBytes::of(&bytes).may_have_escape());
            prop_assert!(!SeenBytes::of(&bytes).may_have_percent_or_ampersand());
            bytes.insert(at.index(length + 1), byte);
            let seen = SeenBytes::of(&bytes);
            prop_assert_eq!(seen.has_not_ascii(), !byte.is_ascii());
            prop_assert_eq!(seen.may_have_escape(), byte < b' ');
            prop_assert_eq!(seen.may_have_percent_or_ampersand(), matches!(byte, b'$'..=b'\''));
        }
    }
}
