/*! A text that is expected at many places: the first and the last of its bytes are compared at once. */

use wide::u8x16;

/// How many bytes are compared at once.
const AT_ONCE: usize = 16;

/// Such a text.
#[derive(Debug)]
pub(super) struct KnownText {
    text: Box<str>,
    /// Its first bytes; after the end of a shorter text, zeros.
    first: u8x16,
    /// All bits of each byte that `first` has of the text.
    mask: u8x16,
    /// Its last bytes, if there are as many.
    last: u8x16,
}

impl KnownText {
    pub(super) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut first, mut mask, mut last) = ([0; AT_ONCE], [0; AT_ONCE], [0; AT_ONCE]);
        let count = bytes.len().min(AT_ONCE);
        first[..count].copy_from_slice(&bytes[..count]);
        mask[..count].fill(u8::MAX);
        if let Some(end) = bytes.last_chunk() {
            last = *end;
        }
        let [first, mask, last] = [first, mask, last].map(u8x16::new);
        Self { text: text.into(), first, mask, last }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where it ends, if these bytes have it at this place.
    #[inline]
    pub(super) fn end_from(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let rest = bytes.get(at..)?;
        let length = self.text.len();
        let Some(first) = rest.first_chunk() else {
            return rest.starts_with(self.text.as_bytes()).then_some(at + length);
        };
        if !is_same(u8x16::new(*first) & self.mask, self.first) {
            return None;
        }
        if length > AT_ONCE {
            let found = rest.get(..length)?;
            let is_it = if length <= 2 * AT_ONCE {
                is_same(u8x16::new(*found.last_chunk()?), self.last)
            } else {
                *found == *self.text.as_bytes()
            };
            if !is_it {
                return None;
            }
        }
        Some(at + length)
    }
}

fn is_same(left: u8x16, right: u8x16) -> bool {
    left.simd_eq(right).to_bitmask() == 0xffff
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_is_found_where_it_is_and_nowhere_else(
            (before, text, after) in ("[ab\0]{0,3}", "[ab\0]{0,50}", "[ab\0]{0,20}"),
            changed in any::<prop::sample::Index>(),
            cut in 0_usize..70,
        ) {
            let known = KnownText::new(&text);
            let mut bytes = [before.as_bytes(), text.as_bytes(), after.as_bytes()].concat();
            prop_assert_eq!(known.end_from(&bytes, before.len()), Some(before.len() + text.len()));
            let change = changed.index(bytes.len() + 1);
            bytes.get_mut(change).into_iter().for_each(|byte| *byte ^= 3);
            bytes.truncate(cut);
            for at in 0..=bytes.len() + 1 {
                let is_there = bytes.get(at..).is_some_and(|rest| rest.starts_with(text.as_bytes()));
                prop_assert_eq!(known.end_from(&bytes, at), is_there.then(|| at + text.len()));
            }
        }
    }
}
