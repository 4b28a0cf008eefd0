/*! Gauges that say when a credential was last used, or how long ago. */

use super::mapped::Mapped;
use super::mapper::RecordMapper;
use super::occurrences::Occurrences;
use super::reported_outcome::ReportedOutcome;
use crate::model::evidence::whole_count;
use crate::model::{Duration, Outcome, Timestamp, When};

/// Seconds since 1970 are more than this, and no credential was idle as long: 31 years.
const EPOCH_SECONDS_MIN: f64 = 946_684_800.0;
/// Numbers from here on are milliseconds, and from the squares on they are microseconds and nanoseconds.
const MILLISECONDS_MIN: f64 = 1e11;

impl RecordMapper<'_, '_> {
    /// What the value of such a gauge says. `is_used`: it may be a time since 1970. `is_idle`: it may be seconds before
    /// the sample.
    pub(super) fn last_use(&self, value: Option<f64>, is_used: bool, is_idle: bool) -> Occurrences {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            return Occurrences::Unreadable;
        };
        if is_used && value <= 0.0 {
            // Nobody used it yet: zero, minus one, or the first year.
            return Occurrences::State;
        }
        match () {
            () if is_used && value >= EPOCH_SECONDS_MIN => {
                let at = Timestamp(micros(value));
                let is_possible = !self.bounds.is_beyond(at);
                is_possible
                    .then(|| When::exact(at))
                    .map_or(Occurrences::Unreadable, Occurrences::LastUse)
            }
            () if is_idle && (0.0..EPOCH_SECONDS_MIN).contains(&value) => {
                Occurrences::Idle(Duration(micros_of_seconds(value)))
            }
            () => Occurrences::Unreadable,
        }
    }
}

impl Mapped<'_> {
    /// When the credential of a gauge was last used: at the instant that it names, or as long before the sample as it
    /// was idle.
    #[must_use]
    pub fn last_use(&self) -> Option<When> {
        match self.occurrences {
            Occurrences::LastUse(used) => Some(used),
            Occurrences::Idle(idle) => {
                self.time.when().map(|sampled| When::exact(sampled.latest() - idle))
            }
            _ => None,
        }
    }
}

/// That a key was used shows no success.
pub(super) fn unproved(outcome: ReportedOutcome) -> ReportedOutcome {
    match outcome {
        ReportedOutcome::Known(Outcome::Success) => ReportedOutcome::Nothing,
        other => other,
    }
}

fn micros_of_seconds(seconds: f64) -> i64 {
    i64::try_from(whole_count(seconds * 1e6)).unwrap_or(i64::MAX)
}

/// A time since 1970 in any unit, as microseconds.
fn micros(value: f64) -> i64 {
    let mut seconds = value;
    while seconds >= MILLISECONDS_MIN {
        seconds /= 1e3;
    }
    micros_of_seconds(seconds)
}

#[cfg(test)]
mod tests {
    use super::micros;

    #[test]
    fn a_time_is_read_in_any_unit() {
        for value in [1_772_474_400.0, 1_772_474_400e3, 1_772_474_400e6, 1_772_474_400e9] {
            assert_eq!(micros(value), 1_772_474_400_000_000, "{value}");
        }
    }
}
