/*! How long a class may be silent between two runs: as declared, and as learned from its baseline. */

use super::rhythm::{self, least_factor, median, run_gap, stretched};
use super::spans;
use crate::model::facts::Tick;
use crate::model::{Duration, Span, Timestamp};

/// The fewest gaps between runs from which a cadence is learned.
const GAPS_MIN: usize = 6;

/// The fewest gaps from which a schedule can be told apart from chance.
const SCHEDULE_GAPS_MIN: usize = 10;

/// The largest gap of a schedule is shorter than this many halves of the median.
const SCHEDULE_HALF_MEDIANS: i64 = 3;

/// What is learned from the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LearnedCadence {
    /// `G`: the largest gap between attempts without a fallback in which there is no hole.
    pub gap: Duration,
    /// How many gaps there are between runs.
    pub gaps: u64,
    /// The median of these.
    pub median: Duration,
    /// By which factor a silence must exceed `gap` if there is no fresh success.
    pub factor: f64,
    /// Do the runs follow a schedule?
    pub is_schedule: bool,
}

/// What the baseline says about gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Baseline {
    /// The cadence, if there are gaps enough.
    pub learned: Option<LearnedCadence>,
    /// Its largest gap, if there are too few.
    pub few: Option<Duration>,
}

/// The longest gap between two runs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cadence {
    /// As the plan declares it.
    pub declared: Option<Duration>,
    /// As the baseline shows it.
    pub learned: Option<LearnedCadence>,
    /// The largest gap of a baseline with too few gaps to learn a cadence from.
    pub few: Option<Duration>,
}

impl Cadence {
    /// Of what the plan declares and the baseline shows.
    pub fn new(declared: Option<Duration>, baseline: Baseline) -> Self {
        Self { declared, learned: baseline.learned, few: baseline.few }
    }

    /// How far apart two runs are at most if it runs by a schedule, declared or learned.
    pub fn schedule(&self) -> Option<Duration> {
        let learned = self.learned.filter(|learned| learned.is_schedule);
        self.declared.max(learned.map(|learned| learned.gap))
    }

    /// The learned cadence: `G` with a fresh success, `c` times `G` without one.
    pub fn learned_length(&self, is_fresh: bool) -> Option<Duration> {
        let learned = self.learned?;
        Some(if is_fresh { learned.gap } else { stretched(learned.gap, learned.factor) })
    }

    /// The longer of the learned and the declared cadence.
    pub fn length(&self, is_fresh: bool) -> Option<Duration> {
        self.learned_length(is_fresh).max(self.declared)
    }

    /// Is neither known?
    pub fn is_unknown(&self) -> bool {
        self.declared.is_none() && self.learned.is_none()
    }

    /// `G`, if known.
    pub fn gap(&self) -> Option<Duration> {
        self.learned.map(|learned| learned.gap)
    }
}

/// Learns from the attempts before `introduced`, leaving out gaps with a hole. Attempts that match two classes or are
/// with another credential may hide how rare the attempts of this class are, so both are learned and the longer counts.
pub fn learn(ticks: Vec<Tick>, introduced: Timestamp, holes: &[Span]) -> Baseline {
    let of_class =
        learn_from(ticks.iter().filter(|tick| tick.own).copied().collect(), introduced, holes);
    let of_all = learn_from(ticks, introduced, holes);
    let known = [of_class, of_all].into_iter().filter_map(|baseline| baseline.learned);
    Baseline { learned: known.max_by_key(|learned| learned.gap), few: of_class.few.max(of_all.few) }
}

fn learn_from(mut ticks: Vec<Tick>, introduced: Timestamp, holes: &[Span]) -> Baseline {
    ticks.retain(|tick| !tick.degraded && tick.first < introduced);
    ticks.sort_by_key(|tick| (tick.first, tick.last));
    let gaps: Vec<Duration> = gaps(&ticks, introduced)
        .into_iter()
        .filter(|gap| !spans::overlaps(holes, *gap))
        .map(Span::length)
        .collect();
    let Some(gap) = gaps.iter().copied().max().filter(|gap| *gap > Duration::ZERO) else {
        return Baseline::default();
    };
    let mut runs: Vec<Duration> =
        gaps.into_iter().filter(|pause| pause.0 >= run_gap(gap).0).collect();
    runs.sort_unstable();
    if runs.len() < GAPS_MIN {
        return Baseline { learned: None, few: Some(gap) };
    }
    let median = median(&runs);
    let is_schedule = is_schedule(runs.len(), gap, median);
    let factor = factor(runs.len(), is_schedule);
    let learned = LearnedCadence { gap, gaps: runs.len() as u64, median, factor, is_schedule };
    Baseline { learned: Some(learned), few: None }
}

/// How many runs these attempts make. Each span is the first and the last attempt of a group.
pub fn runs(mut attempts: Vec<Span>, gap: Duration) -> u64 {
    attempts.sort();
    let mut runs = 0;
    let mut end: Option<Timestamp> = None;
    for attempt in attempts {
        if end.is_none_or(|end| attempt.from - end >= run_gap(gap)) {
            runs += 1;
        }
        end = end.max(Some(attempt.to));
    }
    runs
}

fn gaps(ticks: &[Tick], introduced: Timestamp) -> Vec<Span> {
    let inside = ticks
        .iter()
        .filter(|tick| tick.count == 2 && tick.last < introduced)
        .map(|tick| Span { from: tick.first, to: tick.last });
    let between = ticks.windows(2).map(|pair| {
        // A coarse attempt may lie anywhere in its interval, so the longest possible gap counts.
        let is_coarse = pair[1].end > pair[1].last;
        Span { from: pair[0].last, to: if is_coarse { pair[1].end } else { pair[1].first } }
    });
    inside.chain(between).filter(|gap| gap.from < gap.to).collect()
}

/// Does it run by a schedule?
fn is_schedule(gaps: usize, largest: Duration, median: Duration) -> bool {
    gaps >= SCHEDULE_GAPS_MIN && 2 * largest.0 < SCHEDULE_HALF_MEDIANS * median.0
}

fn factor(gaps: usize, is_schedule: bool) -> f64 {
    if is_schedule { rhythm::SCHEDULE_FACTOR } else { least_factor(gaps, rhythm::ERROR_SHARE) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::tests::Chance;
    use crate::model::ClassId;

    const HOUR: i64 = 3_600_000_000;
    const T0: Timestamp = Timestamp(1_000_000 * HOUR);

    /// Single attempts at these hours before the change.
    fn ticks(hours: &[i64]) -> Vec<Tick> {
        hours.iter().map(|hour| tick(Timestamp(T0.0 - hour * HOUR))).collect()
    }

    fn tick(at: Timestamp) -> Tick {
        Tick {
            class: ClassId(0),
            degraded: false,
            own: true,
            count: 1,
            first: at,
            last: at,
            end: at,
        }
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() < 0.05, "{value} is not about {expected}");
    }

    #[test]
    fn six_gaps_are_enough_and_five_are_not() {
        let six = learn(ticks(&[70, 60, 50, 40, 30, 20, 10]), T0, &[]).learned.unwrap();
        assert_eq!((six.gap, six.gaps, six.median), (Duration(10 * HOUR), 6, Duration(10 * HOUR)));
        close(six.factor, 3.2);
        let five = learn(ticks(&[60, 50, 40, 30, 20, 10]), T0, &[]);
        assert_eq!((five.learned, five.few), (None, Some(Duration(10 * HOUR))));
        assert_eq!(learn(ticks(&[60]), T0, &[]).few, None);
    }

    #[test]
    fn a_schedule_is_recognised_from_ten_gaps_on() {
        let steady: Vec<i64> = (1..=11).collect();
        close(learn(ticks(&steady), T0, &[]).learned.unwrap().factor, 1.5);
        let uneven: Vec<i64> = vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12];
        close(learn(ticks(&uneven), T0, &[]).learned.unwrap().factor, 2.3);
        let ten: Vec<i64> = (1..=10).collect();
        assert!(learn(ticks(&ten), T0, &[]).learned.unwrap().factor > 2.3);
    }

    #[test]
    fn attempts_close_to_each_other_are_one_run() {
        let mut ticks = Vec::new();
        for hour in [70, 60, 50, 40, 30, 20, 10] {
            let at = Timestamp(T0.0 - hour * HOUR);
            ticks.extend([tick(at), tick(at + Duration(HOUR / 2))]);
        }
        let learned = learn(ticks, T0, &[]).learned.unwrap();
        assert_eq!((learned.gaps, learned.gap), (6, Duration(10 * HOUR - HOUR / 2)));
        let at = |hour: i64| Span { from: Timestamp(hour * HOUR), to: Timestamp(hour * HOUR) };
        assert_eq!(runs(vec![at(0), at(1), at(2), at(3)], Duration(10 * HOUR)), 4);
        assert_eq!(runs(vec![at(0), at(1), at(2), at(3)], Duration(10 * HOUR + 1)), 1);
        assert_eq!(runs(vec![], Duration(HOUR)), 0);
    }

    #[test]
    fn a_minute_with_two_attempts_gives_their_gap_and_one_with_three_gives_none() {
        let minute = |count: u64, hour: i64| Tick {
            count,
            last: Timestamp(T0.0 - hour * HOUR + 30_000_000),
            ..tick(Timestamp(T0.0 - hour * HOUR))
        };
        let two: Vec<Tick> = vec![minute(2, 1)];
        assert_eq!(gaps(&two, T0).len(), 1);
        assert_eq!(gaps(&[minute(3, 1)], T0).len(), 0);
    }

    #[test]
    fn nothing_is_learned_from_gaps_with_a_hole_or_from_degraded_attempts() {
        let hours = [170, 70, 60, 50, 40, 30, 20, 10];
        let hole = Span { from: Timestamp(T0.0 - 100 * HOUR), to: Timestamp(T0.0 - 99 * HOUR) };
        assert_eq!(learn(ticks(&hours), T0, &[hole]).learned.unwrap().gap, Duration(10 * HOUR));
        let long = [171, 70, 60, 50, 40, 30, 20, 10];
        assert_eq!(learn(ticks(&long), T0, &[]).learned, None); // against 101 hours, 10 are within a run
        let mut worn = ticks(&hours);
        for tick in &mut worn {
            tick.degraded = true;
        }
        assert_eq!(learn(worn, T0, &[]), Baseline::default());
        let late = vec![tick(T0); 20];
        assert_eq!(learn(late, T0, &[]), Baseline::default());
    }

    /// Of 10,000 consumers that still use the old version: how many are called silent for long enough before their next
    /// run? Each shows `gaps` gaps, and the next gap is the silence that is judged.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "hours of a simulation"
    )]
    fn called_silent(
        gaps: usize,
        first: u64,
        mut gap_hours: impl FnMut(&mut Chance) -> f64,
    ) -> u32 {
        let mut chance = Chance::seeded(first);
        let mut called = 0;
        for _ in 0..10_000 {
            let mut at = T0 - Duration(1);
            let mut seen = vec![tick(at)];
            for _ in 0..gaps {
                at = at - Duration((gap_hours(&mut chance) * HOUR as f64) as i64);
                seen.push(tick(at));
            }
            let silence = Duration((gap_hours(&mut chance) * HOUR as f64) as i64);
            let learned = learn(seen, T0, &[]).learned;
            let cadence = Cadence { declared: None, learned, few: None };
            called += u32::from(cadence.length(false).is_some_and(|needed| silence >= needed));
        }
        called
    }

    #[test]
    fn at_most_one_in_a_hundred_that_still_use_old_is_called_silent_enough() {
        let margin = 3.0 * (10_000.0_f64 * 0.01 * 0.99).sqrt();
        for gaps in [6, 9, 10, 12, 20, 60] {
            let poisson = called_silent(gaps, 7, |chance| -chance.unit().ln() * 6.0);
            assert!(f64::from(poisson) <= 100.0 + margin, "Poisson, {gaps} gaps: {poisson}");
            let scheduled = called_silent(gaps, 11, |chance| 24.0 + chance.unit() - 0.5);
            assert!(f64::from(scheduled) <= 100.0 + margin, "scheduled, {gaps} gaps: {scheduled}");
        }
    }
}
