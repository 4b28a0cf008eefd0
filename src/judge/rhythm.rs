/*! What gaps between runs say: how long a silence must be before it means that nobody comes any more. */

use statrs::function::gamma::ln_gamma;

use crate::model::{Duration, Span};

/// How often a consumer that still runs may wrongly be called silent for long enough.
pub const ERROR_SHARE: f64 = 0.01;

/// From this many looks on, the looks share that error.
const LOOKS_MIN: usize = 3;

/// The smallest factor, however many gaps there are.
const FACTOR_MIN: f64 = 1.25;

/// How exactly a factor is searched. It is then rounded up to thousandths.
const FACTOR_ERROR: f64 = 1e-7;

/// The factor of a schedule.
pub const SCHEDULE_FACTOR: f64 = 1.5;

/// The fewest gaps of a member that show a schedule.
const SCHEDULE_GAPS_MIN: usize = 3;

/// The largest gap of such a schedule is shorter than this many medians: this number of tenths.
const SCHEDULE_TENTHS: i64 = 11;

/// The attempts of a member are known from the first to the last of each hour, so a pause within one may be as long.
const MEMBER_GAP_MIN: Duration = Duration::HOUR;

/// The rhythm of a member of a class, and how long its silence must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// The largest gap between two runs.
    pub largest: Duration,
    /// The number of gaps between runs.
    pub gaps: u64,
    /// How long it must be silent.
    pub needed: Duration,
}

/// A gap between two attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// How long it lasts.
    pub length: Duration,
    /// Does it end after the change? Then it was a chance to say ready too soon.
    pub is_since: bool,
}

/// Attempts that are closer than this belong to one run.
pub fn run_gap(gap: Duration) -> Duration {
    Duration((gap.0 + 9) / 10)
}

/// The rhythm of a member by all of its own attempts. `None` if they are a single run.
pub fn of_member(gaps: &[Gap]) -> Option<Rhythm> {
    let largest = gaps.iter().map(|gap| gap.length).max()?;
    let runs: Vec<Gap> =
        gaps.iter().filter(|gap| gap.length >= run_gap(largest)).copied().collect();
    let lengths: Vec<Duration> = runs.iter().map(|gap| gap.length).collect();
    let looks = runs.iter().filter(|gap| gap.is_since).count();
    let factor = if runs.len() < SCHEDULE_GAPS_MIN || is_schedule(&lengths) {
        SCHEDULE_FACTOR
    } else {
        least_factor(runs.len(), level(looks))
    };
    let (largest, gaps) = (largest.max(MEMBER_GAP_MIN), runs.len() as u64);
    Some(Rhythm { largest, gaps, needed: stretched(largest, factor) })
}

/// The rhythm of what still uses the old version. `points` are the first new success and the runs of old use after it,
/// in order; `within`: uses that are closer are one run. `None` if there is no old use.
///
/// # Panics
/// If points lie before the first of them: that is a bug, and no report may hide it.
pub fn of_old_use(points: &[Span], within: Duration) -> Option<Rhythm> {
    let all = gaps_between(points);
    let largest = all.iter().copied().max()?;
    let within = within.max(run_gap(largest));
    let mut of_old = gaps_between(points.get(1..).unwrap_or_default());
    // The gap from the first new success on counts, however short it is.
    let first = all.len().checked_sub(of_old.len()).expect("gaps of old use are gaps");
    of_old.retain(|gap| *gap >= within);
    let gaps = first + of_old.len();
    let factor = if of_old.len() >= SCHEDULE_GAPS_MIN && is_schedule(&of_old) {
        SCHEDULE_FACTOR
    } else {
        least_factor(gaps.max(1), level(gaps))
    };
    Some(Rhythm { largest, gaps: gaps as u64, needed: stretched(largest, factor) })
}

/// The pauses between these spans, which are in order. Where two overlap there is none.
pub fn gaps_between(spans: &[Span]) -> Vec<Duration> {
    let mut end = None;
    let mut gaps = Vec::new();
    for span in spans {
        if let Some(end) = end.filter(|end| *end < span.from) {
            gaps.push(span.from - end);
        }
        end = end.max(Some(span.to));
    }
    gaps
}

fn is_schedule(gaps: &[Duration]) -> bool {
    let mut sorted = gaps.to_vec();
    sorted.sort_unstable();
    let largest = sorted.last().copied().unwrap_or_default();
    !sorted.is_empty() && largest < median(&sorted).scaled(SCHEDULE_TENTHS, 10)
}

/// The median of sorted lengths, of which there is at least one.
pub fn median(sorted: &[Duration]) -> Duration {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        Duration(i64::midpoint(sorted[middle - 1].0, sorted[middle].0))
    }
}

/// The error that each of this many looks may make.
pub fn level(looks: usize) -> f64 {
    if looks >= LOOKS_MIN { ERROR_SHARE / count(looks) } else { ERROR_SHARE }
}

fn count(gaps: usize) -> f64 {
    f64::from(u32::try_from(gaps).unwrap_or(u32::MAX))
}

/// The least `c` with `Γ(n+1)Γ(c+1)/Γ(n+c+1) <= level`: the chance that the next of `n + 1` exponential gaps is longer
/// than `c` times the largest of the first `n`.
pub fn least_factor(gaps: usize, level: f64) -> f64 {
    let gaps = count(gaps);
    let of_gaps = ln_gamma(gaps + 1.0) - level.ln();
    let is_enough = |c: f64| of_gaps + ln_gamma(c + 1.0) <= ln_gamma(gaps + c + 1.0);
    if is_enough(FACTOR_MIN) {
        return FACTOR_MIN;
    }
    let (mut low, mut high) = (FACTOR_MIN, 2.0 * FACTOR_MIN);
    while !is_enough(high) {
        (low, high) = (high, 2.0 * high);
    }
    while high - low > FACTOR_ERROR {
        let middle = f64::midpoint(low, high);
        if is_enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    ((high - 2.0 * FACTOR_ERROR) * 1000.0).ceil() / 1000.0
}

/// `factor` times the gap, rounded up to microseconds. A hundredth of one is the error of the factor.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a length of time of a century has 52 bits, and a float caps at the ends"
)]
pub fn stretched(gap: Duration, factor: f64) -> Duration {
    Duration((gap.0 as f64 * factor - 0.01).ceil() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() < 0.05, "{value} is not about {expected}");
    }

    fn hours(n: i64) -> Duration {
        Duration::HOUR.scaled(n, 1)
    }

    fn points(at: &[i64]) -> Vec<Span> {
        at.iter().map(|n| Span::at(Timestamp(hours(*n).0))).collect()
    }

    fn gaps(lengths: &[i64], is_since: bool) -> Vec<Gap> {
        lengths.iter().map(|n| Gap { length: hours(*n), is_since }).collect()
    }

    fn factor(rhythm: Option<Rhythm>) -> f64 {
        let rhythm = rhythm.expect("a rhythm");
        let minutes = |length: Duration| i32::try_from(length.0 / Duration::MINUTE.0);
        f64::from(minutes(rhythm.needed).unwrap()) / f64::from(minutes(rhythm.largest).unwrap())
    }

    #[test]
    fn factors_are_those_of_the_rule_book() {
        for (gaps, expected) in [(1, 99.0), (6, 3.2), (10, 2.3), (20, 1.6), (1000, 1.25)] {
            close(least_factor(gaps, ERROR_SHARE), expected);
        }
    }

    #[test]
    fn from_three_looks_on_the_looks_share_the_error() {
        assert!((level(2) - 0.01).abs() < 1e-12 && (level(3) - 0.01 / 3.0).abs() < 1e-12);
        let uneven = [1, 5, 3, 9];
        close(factor(of_member(&gaps(&uneven, false))), least_factor(4, 0.01));
        close(factor(of_member(&gaps(&uneven, true))), least_factor(4, 0.0025));
    }

    #[test]
    fn one_or_two_gaps_of_a_member_and_a_schedule_of_three_need_one_and_a_half() {
        close(factor(of_member(&gaps(&[7], false))), 1.5);
        close(factor(of_member(&gaps(&[7, 2], false))), 1.5);
        close(factor(of_member(&gaps(&[10, 10, 10], false))), 1.5);
        close(factor(of_member(&gaps(&[10, 10, 11], false))), least_factor(3, 0.01));
        assert_eq!(of_member(&[]), None);
    }

    #[test]
    fn a_pause_of_a_member_within_an_hour_counts_as_an_hour() {
        let minutes = |n: i64| Gap { length: Duration::MINUTE.scaled(n, 1), is_since: false };
        let of = |n: i64| of_member(&[minutes(n)]).map(|rhythm| (rhythm.largest, rhythm.needed));
        let hour = (hours(1), Duration::MINUTE.scaled(90, 1));
        assert_eq!([of(1), of(59), of(60)], [Some(hour); 3]);
        assert_eq!(of(62), Some((Duration::MINUTE.scaled(62, 1), Duration::MINUTE.scaled(93, 1))));
    }

    #[test]
    fn attempts_that_are_closer_than_a_tenth_are_one_run() {
        let rhythm = of_member(&gaps(&[100, 9, 10], false)).unwrap();
        assert_eq!((rhythm.gaps, rhythm.largest), (2, hours(100)));
    }

    #[test]
    fn old_use_after_the_first_new_success_is_measured_from_there() {
        close(factor(of_old_use(&points(&[0, 5]), Duration(0))), 99.0);
        close(factor(of_old_use(&points(&[0, 5, 12]), Duration(0))), least_factor(2, 0.01));
        // Three gaps of one length between the old runs are a schedule, whatever came before the first.
        close(factor(of_old_use(&points(&[0, 5, 15, 25, 35]), Duration(0))), 1.5);
        close(
            factor(of_old_use(&points(&[0, 5, 15, 25, 36]), Duration(0))),
            least_factor(4, 0.0025),
        );
        // A burst is one run, by the rhythm of the class and by its own.
        let burst = points(&[0, 100, 101, 102, 103]);
        assert_eq!(of_old_use(&burst, Duration(0)).unwrap().gaps, 1);
        assert_eq!(of_old_use(&points(&[0, 10, 13]), hours(4)).unwrap().gaps, 1);
        assert_eq!(of_old_use(&points(&[0]), Duration(0)), None);
    }
}
