/*! A set of slots, as bits. */

/// Some of the slots of a record. A record fills few of them, so a test of many costs little.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlotSet {
    words: Vec<u64>,
}

impl SlotSet {
    /// Adds a slot.
    pub fn add(&mut self, slot: usize) {
        let word = slot / 64;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (slot % 64);
    }

    /// Takes all slots away and keeps the memory.
    pub(super) fn empty(&mut self) {
        self.words.fill(0);
    }

    /// The slots, from the lowest.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(word, bits)| {
            let mut rest = *bits;
            std::iter::from_fn(move || {
                let slot = (rest > 0).then(|| word * 64 + rest.trailing_zeros() as usize);
                rest &= rest.wrapping_sub(1);
                slot
            })
        })
    }

    /// Whether a slot is in both.
    pub fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(one, two)| one & two != 0)
    }
}

impl FromIterator<usize> for SlotSet {
    fn from_iter<I: IntoIterator<Item = usize>>(slots: I) -> Self {
        let mut set = Self::default();
        slots.into_iter().for_each(|slot| set.add(slot));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::SlotSet;

    #[test]
    fn sets_of_any_size_are_compared() {
        let set = |slots: &[usize]| slots.iter().copied().collect::<SlotSet>();
        let (small, large) = (set(&[3]), set(&[3, 64, 700]));
        assert!(small.meets(&large) && large.meets(&small));
        assert!(!small.meets(&set(&[4, 67])) && !set(&[]).meets(&small));
        assert_eq!(large.iter().collect::<Vec<_>>(), [3, 64, 700]);
        let mut emptied = large.clone();
        emptied.empty();
        assert!(!emptied.meets(&large));
    }
}
