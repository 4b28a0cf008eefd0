/*! How long a class may be silent between two runs: declared, and learned from its baseline. */

use statrs::function::gamma::ln_gamma;

use super::spans;
use crate::model::facts::Tick;
use crate::model::{Duration, Span, Timestamp};

/// So many gaps between runs are needed to learn from them.
const GAPS_MIN: usize = 6;

/// From so many gaps on a schedule can be told from chance.
const SCHEDULE_GAPS_MIN: usize = 10;

/// The largest gap of a schedule is shorter than this many medians; it is also the schedule's factor.
const SCHEDULE_FACTOR: f64 = 1.5;

/// The least factor, however many gaps.
const FACTOR_MIN: f64 = 1.25;

/// How often a consumer that still runs may be called silent enough.
const ERROR_SHARE: f64 = 0.01;

/// What the baseline teaches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learned {
    /// `G`: the largest gap between undegraded tries that holds no hole.
    pub gap: Duration,
    /// How many gaps between runs there are.
    pub gaps: u64,
    /// The median of these.
    pub median: Duration,
    /// By how much a silence must exceed `gap` where no fresh success helps.
    pub factor: f64,
}

/// The longest gap between two runs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cadence {
    /// By the plan.
    pub declared: Option<Duration>,
    /// From the baseline.
    pub learned: Option<Learned>,
}

impl Cadence {
    /// The learned one: `G` with a fresh success, `c` times `G` without.
    pub fn learned_length(&self, is_fresh: bool) -> Option<Duration> {
        let learned = self.learned?;
        Some(if is_fresh { learned.gap } else { stretched(learned.gap, learned.factor) })
    }

    /// The longer of the learned and the declared one.
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

/// What the tries before `introduced` teach; gaps that hold a hole teach nothing. Tries with another credential, of two
/// classes or before their time may hide how seldom the class's own are: the longer of both lessons holds.
pub fn learn(ticks: Vec<Tick>, introduced: Timestamp, holes: &[Span]) -> Option<Learned> {
    let own =
        learn_from(ticks.iter().filter(|tick| tick.own).copied().collect(), introduced, holes);
    let all = learn_from(ticks, introduced, holes);
    own.into_iter().chain(all).max_by_key(|learned| learned.gap)
}

fn learn_from(mut ticks: Vec<Tick>, introduced: Timestamp, holes: &[Span]) -> Option<Learned> {
    ticks.retain(|tick| !tick.degraded && tick.first < introduced);
    ticks.sort_by_key(|tick| (tick.first, tick.last));
    let gaps: Vec<Duration> = gaps(&ticks, introduced)
        .into_iter()
        .filter(|gap| !spans::overlaps(holes, *gap))
        .map(Span::length)
        .collect();
    let gap = gaps.iter().copied().max()?;
    let mut runs: Vec<Duration> = gaps.into_iter().filter(|one| one.0 >= run_gap(gap).0).collect();
    runs.sort_unstable();
    (runs.len() >= GAPS_MIN && gap > Duration::ZERO).then(|| {
        let median = median(&runs);
        let factor = factor(runs.len(), gap, median);
        Learned { gap, gaps: runs.len() as u64, median, factor }
    })
}

/// Tries nearer than this are one run.
pub fn run_gap(gap: Duration) -> Duration {
    Duration((gap.0 + 9) / 10)
}

/// How many runs these instants are, each given by its first and last try.
pub fn runs(mut tries: Vec<Span>, gap: Duration) -> u64 {
    tries.sort();
    let mut runs = 0;
    let mut end: Option<Timestamp> = None;
    for one in tries {
        if end.is_none_or(|end| one.from - end >= run_gap(gap)) {
            runs += 1;
        }
        end = end.max(Some(one.to));
    }
    runs
}

fn gaps(ticks: &[Tick], introduced: Timestamp) -> Vec<Span> {
    let inside = ticks
        .iter()
        .filter(|tick| tick.count == 2 && tick.last < introduced)
        .map(|tick| Span { from: tick.first, to: tick.last });
    let between = ticks.windows(2).map(|pair| {
        // A coarse try may lie anywhere in its interval: the longest gap that it allows.
        let is_coarse = pair[1].end > pair[1].last;
        Span { from: pair[0].last, to: if is_coarse { pair[1].end } else { pair[1].first } }
    });
    inside.chain(between).filter(|gap| gap.from < gap.to).collect()
}

fn median(sorted: &[Duration]) -> Duration {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        Duration(i64::midpoint(sorted[middle - 1].0, sorted[middle].0))
    }
}

#[expect(clippy::cast_precision_loss, reason = "gaps and their number are far below 2^52")]
fn factor(gaps: usize, largest: Duration, median: Duration) -> f64 {
    let is_schedule = (largest.0 as f64) < SCHEDULE_FACTOR * median.0 as f64;
    if gaps >= SCHEDULE_GAPS_MIN && is_schedule {
        SCHEDULE_FACTOR
    } else {
        least_factor(gaps as f64)
    }
}

/// The least `c` with `Γ(n+1)Γ(c+1)/Γ(n+c+1) <= 0.01`: the chance that the next of `n + 1` exponential gaps
/// is longer than `c` times the largest of the first `n`.
fn least_factor(gaps: f64) -> f64 {
    let error =
        |c: f64| (ln_gamma(gaps + 1.0) + ln_gamma(c + 1.0) - ln_gamma(gaps + c + 1.0)).exp();
    let (mut low, mut high) = (FACTOR_MIN, 100.0);
    if error(low) <= ERROR_SHARE {
        return low;
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if error(middle) <= ERROR_SHARE {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a length of time of a century has 52 bits, and a float caps at the ends"
)]
fn stretched(gap: Duration, factor: f64) -> Duration {
    Duration((gap.0 as f64 * factor).ceil() as i64)
}

#[cfg(test)]
mod tests;
