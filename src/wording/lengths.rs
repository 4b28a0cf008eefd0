/*! Lengths of time as people write them. */

use super::number;
use crate::model::{Duration, Timestamp};

/// Up to this length hours are not made into days: a window of 48 h is called so in plans and by people.
const HOURS_MAX: i64 = 72;

/// A length of time in its two largest units, rounded down: `45 s`, `5 min`, `3 h 20 min`, `60 h`, `18 d 12 h`.
pub fn length(length: Duration) -> String {
    let seconds = length.0.max(0) / Duration::SECOND.0;
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    if seconds < 60 {
        return if seconds == 0 && length.0 > 0 {
            "under 1 s".to_owned()
        } else {
            units(&[(seconds, "s")])
        };
    }
    if hours < HOURS_MAX {
        units(&[(hours, "h"), (minutes % 60, "min")])
    } else {
        units(&[(hours / 24, "d"), (hours % 24, "h")])
    }
}

/// As [`length`], rounded up to its smaller unit: for what is still needed.
pub fn length_up(needed: Duration) -> String {
    let unit =
        if needed.0 < HOURS_MAX * Duration::HOUR.0 { Duration::MINUTE } else { Duration::HOUR };
    let whole = needed.0.max(0).saturating_add(unit.0 - 1) / unit.0;
    length(Duration(whole.saturating_mul(unit.0)))
}

/// `at X`, `from X to Y`.
pub fn span(first: Timestamp, last: Timestamp) -> String {
    if first == last { format!("at {first}") } else { format!("from {first} to {last}") }
}

/// Units that are zero are left out; the last stands where all are.
fn units(units: &[(i64, &str)]) -> String {
    let text = |(n, unit): &(i64, &str)| format!("{} {unit}", number(*n));
    let counted: Vec<String> = units.iter().filter(|(n, _)| *n > 0).map(text).collect();
    if counted.is_empty() { units.last().map(text).unwrap_or_default() } else { counted.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(n: i64) -> Duration {
        Duration(n * Duration::MINUTE.0)
    }

    #[test]
    fn lengths_read_as_people_write_them() {
        for (of, expected) in [
            (Duration::ZERO, "0 s"),
            (Duration(400), "under 1 s"),
            (Duration(45_900_000), "45 s"),
            (minutes(5), "5 min"),
            (Duration(5 * 60_000_000 + 59_000_000), "5 min"),
            (minutes(60), "1 h"),
            (minutes(200), "3 h 20 min"),
            (minutes(48 * 60), "48 h"),
            (minutes(60 * 60 + 1), "60 h 1 min"),
            (minutes(72 * 60), "3 d"),
            (minutes(18 * 1_440 + 12 * 60 + 59), "18 d 12 h"),
            (Duration(-1), "0 s"),
        ] {
            assert_eq!(length(of), expected);
        }
    }

    #[test]
    fn what_is_needed_is_never_said_to_be_less() {
        for (of, expected) in [
            (Duration::ZERO, "0 s"),
            (Duration(1), "1 min"),
            (Duration(26 * Duration::HOUR.0 + 1), "26 h 1 min"),
            (Duration(72 * Duration::HOUR.0 - 1), "3 d"),
            (Duration(18 * Duration::DAY.0 + 1), "18 d 1 h"),
        ] {
            assert_eq!(length_up(of), expected);
        }
        assert!(!length_up(Duration(i64::MAX)).is_empty());
    }
}
