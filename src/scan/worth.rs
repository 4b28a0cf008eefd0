/*! Whether a shorter way is worth a try: where it seldom leads to the end, trying costs more than it saves. */

/// Whether the next of the records that no shorter way reads is looked at, to find one. Where none can be had, asking
/// for it costs time, so after the first ones it is asked for seldom. `number`: how many of them there were, with it.
pub(super) fn is_turn(number: u64, has_room: bool) -> bool {
    number.is_multiple_of(SELDOM) || has_room && number <= AT_ONCE
}

/// These are looked at, as long as there is room for what they show.
const AT_ONCE: u64 = 128;

/// Of the others, one in this many is.
pub(super) const SELDOM: u64 = 64;

/// How often a shorter way was tried, and how often it led to the end, lately.
#[derive(Debug, Default)]
pub(super) struct Worth {
    tried: u32,
    led: u32,
    skipped: u32,
}

impl Worth {
    /// Whether to try it for the next record.
    pub(super) fn tries(&mut self) -> bool {
        if self.tried > self.led * SHARE + FIRST {
            self.skipped = self.skipped.wrapping_add(1);
            if !self.skipped.is_multiple_of(RARE) {
                return false;
            }
        }
        if self.tried >= LATELY {
            (self.tried, self.led) = (self.tried / 2, self.led / 2);
        }
        self.tried += 1;
        true
    }

    /// It led to the end.
    pub(super) fn led(&mut self) {
        self.led += 1;
    }
}

/// It has to lead to the end once in this many tries.
const SHARE: u32 = 4;

/// These are tried before anything is known about that.
const FIRST: u32 = 64;

/// Where it is not worth it, it is tried once in this many records all the same: a log may change.
const RARE: u32 = 64;

/// After this many tries those before count half.
const LATELY: u32 = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of this many records are tried, where the way leads to the end for one in `share`.
    fn tried(worth: &mut Worth, records: u32, share: u32) -> u32 {
        let mut tried = 0;
        for number in 1..=records {
            if worth.tries() {
                tried += 1;
                if number % share == 0 {
                    worth.led();
                }
            }
        }
        tried
    }

    #[test]
    fn what_seldom_leads_to_the_end_is_seldom_tried() {
        let mut worth = Worth::default();
        assert_eq!(tried(&mut worth, 10_000, 3), 10_000);
        let mut worth = Worth::default();
        let seldom = tried(&mut worth, 10_000, u32::MAX);
        assert!(seldom < 400, "{seldom}");
        assert!(tried(&mut worth, 100_000, 1) > 60_000, "a log may change");
    }
}
