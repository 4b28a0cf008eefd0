/*! Numbers that look random and follow from one seed. */

use std::time::Duration;

/// A sequence of numbers (splitmix64).
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// The sequence of a seed. `part` names what it is drawn for, so that a change in one place moves no other.
    pub(super) fn of(seed: u64, part: u64) -> Self {
        Self(Self(seed).next() ^ Self(!part).next().rotate_left(17))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Between 0 and 1, both ends out.
    fn unit(&mut self) -> f64 {
        let high = u32::try_from(self.next() >> 32).expect("32 bits");
        (f64::from(high) + 0.5) / 4_294_967_296.0
    }

    /// Below `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n.max(1)).expect("64 bits");
        usize::try_from(self.next() % n).expect("below n")
    }

    /// From `low` to `high`, both ends in.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let n = u64::try_from(high - low + 1).expect("a span");
        low + i64::try_from(self.next() % n).expect("below n")
    }

    /// True in `n` of 100 draws.
    pub(super) fn percent(&mut self, n: i64) -> bool {
        self.between(0, 99) < n
    }

    /// A pause of exponential length, in whole seconds.
    pub(super) fn pause(&mut self, mean: i64) -> i64 {
        let mean = f64::from(i32::try_from(mean).expect("a few weeks"));
        let length = Duration::from_secs_f64(-self.unit().ln() * mean);
        i64::try_from(length.as_secs()).expect("a few years") + 1
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
