/*! Simulated consumers that are still on the old version: how often they are called silent for long enough. */

use std::fmt::Write;

use super::Chance;
use crate::judge::old_rhythm::{self, Terms};
use crate::judge::rhythm::{self, Gap};
use crate::model::{Duration, Span, Timestamp};

/// How many consumers of each kind.
pub(super) const CONSUMERS: u32 = 10_000;

pub(super) const WINDOW: i32 = 48;
/// The baseline, in hours before the move of the class.
pub(super) const BEFORE: i32 = -28 * 24;
/// The last instant at which anybody asks, in hours after the move.
pub(super) const END: i32 = 40 * 24;
/// How many days somebody asks, once a day.
pub(super) const LOOKS: i32 = 39;

/// A kind of remainder: how it is called in the table, and how its uses are drawn, in hours after the move.
pub(super) struct Remainder {
    pub(super) name: &'static str,
    /// How many hours lie between two of its runs on average. None where that changes.
    pub(super) pause: Option<f64>,
    /// Does it come at least four times in a window?
    is_frequent: bool,
    /// Is it promised that of those that used old since the move at most 1 % are called silent?
    is_bounded: bool,
    /// How far apart the runs of the rest of its class are.
    pub(super) class_every: Duration,
    pub(super) uses: fn(&mut Chance) -> Vec<f64>,
}

pub(super) const KINDS: &[Remainder] = &[
    Remainder {
        name: "at random, every 12 h",
        pause: Some(12.0),
        is_frequent: true,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: |c| poisson(c, 12.0),
    },
    Remainder {
        name: "at random, every 2 d",
        pause: Some(48.0),
        is_frequent: false,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: |c| poisson(c, 48.0),
    },
    Remainder {
        name: "at random, every 7 d",
        pause: Some(168.0),
        is_frequent: false,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: |c| poisson(c, 168.0),
    },
    Remainder {
        name: "each 12 h, ± 30 min",
        pause: Some(12.0),
        is_frequent: true,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: |c| scheduled(c, 12.0, 0.5),
    },
    Remainder {
        name: "each day, ± 1 h",
        pause: Some(24.0),
        is_frequent: false,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: |c| scheduled(c, 24.0, 1.0),
    },
    Remainder {
        name: "each week, ± 1 h",
        pause: Some(168.0),
        is_frequent: false,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: |c| scheduled(c, 168.0, 1.0),
    },
    Remainder {
        name: "each week, with a daily crontab of the same name",
        pause: Some(168.0),
        is_frequent: false,
        is_bounded: false,
        class_every: Duration::DAY,
        uses: |c| scheduled(c, 168.0, 1.0),
    },
    Remainder {
        name: "bursts of 12, every 12 h at random",
        pause: Some(12.0),
        is_frequent: true,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: bursty,
    },
    Remainder {
        name: "each 12 h on workdays",
        pause: Some(16.8),
        is_frequent: false,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: workdays,
    },
    Remainder {
        name: "half as often each week",
        pause: None,
        is_frequent: false,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: declining,
    },
];

fn poisson(chance: &mut Chance, mean: f64) -> Vec<f64> {
    let mut at = f64::from(BEFORE);
    let mut uses = Vec::new();
    while at < f64::from(END) {
        at += chance.exponential(mean);
        uses.push(at);
    }
    uses
}

fn scheduled(chance: &mut Chance, every: f64, jitter: f64) -> Vec<f64> {
    let mut at = f64::from(BEFORE) + chance.unit() * every;
    let mut uses = Vec::new();
    while at < f64::from(END) {
        uses.push(at + (2.0 * chance.unit() - 1.0) * jitter);
        at += every;
    }
    uses
}

fn bursty(chance: &mut Chance) -> Vec<f64> {
    let mut uses = Vec::new();
    for start in poisson(chance, 12.0) {
        let mut at = start;
        for _ in 0..12 {
            uses.push(at);
            at += chance.exponential(0.03);
        }
    }
    uses.sort_by(f64::total_cmp);
    uses
}

fn workdays(chance: &mut Chance) -> Vec<f64> {
    let monday = chance.unit() * 168.0;
    let mut uses = scheduled(chance, 12.0, 0.5);
    uses.retain(|at| (at - monday).rem_euclid(168.0) < 120.0);
    uses
}

fn declining(chance: &mut Chance) -> Vec<f64> {
    let mut at = f64::from(BEFORE);
    let mut uses = Vec::new();
    while at < f64::from(END) {
        at += chance.exponential(6.0 * 2.0_f64.powf((at.max(0.0)) / 168.0));
        uses.push(at);
    }
    uses
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a few weeks")]
pub(super) fn at(hours: f64) -> Timestamp {
    Timestamp((hours * Duration::HOUR.0 as f64) as i64)
}

/// A remainder at which people look from time to time. The rest of its class came each minute, and moved at 0.
pub(super) struct Watched {
    pub(super) uses: Vec<f64>,
    /// Do the records tell it apart, by an address or an action?
    pub(super) is_named: bool,
    pub(super) class_every: Duration,
    /// How long the class and the remainder must be silent after the uses seen.
    pub(super) known: Option<(usize, Duration, Duration)>,
}

impl Watched {
    /// Is the class called silent for long enough, as of that hour?
    pub(super) fn is_called_silent(&mut self, as_of: f64) -> bool {
        let seen = self.uses.partition_point(|use_at| *use_at <= as_of);
        let last = seen.checked_sub(1).map_or(0.0, |last| self.uses[last]);
        let of_class = at(as_of) - at(last.max(0.0));
        if of_class < Duration::HOUR.scaled(WINDOW.into(), 1) {
            return false;
        }
        let (_, class, own) = match self.known {
            Some(known) if known.0 == seen => known,
            Some(_) | None => (seen, self.needed_of_class(seen), self.needed_of_its_own(seen)),
        };
        self.known = Some((seen, class, own));
        of_class >= class && at(as_of) - at(last) >= own
    }

    pub(super) fn needed_of_class(&self, seen: usize) -> Duration {
        let late = self.uses[..seen].iter().filter(|one| **one >= 0.0);
        let terms = Terms {
            moved: Timestamp(0),
            before: Some(Timestamp(0)),
            within: rhythm::run_gap(self.class_every),
            schedule: Some(self.class_every),
        };
        old_rhythm::need(late.map(|one| Span::at(at(*one))).collect(), &terms).1
    }

    fn needed_of_its_own(&self, seen: usize) -> Duration {
        if !self.is_named {
            return Duration::ZERO;
        }
        let gaps = self.uses[..seen]
            .windows(2)
            .map(|pair| Gap { length: at(pair[1]) - at(pair[0]), is_since: pair[1] > 0.0 });
        let own = rhythm::of_member(&gaps.collect::<Vec<Gap>>());
        own.map_or(Duration::ZERO, |own| own.needed)
    }
}

/// Of all consumers of a kind, how many are called silent for long enough: at a random instant; at such an instant, of
/// those that used old since the move; asked each day until the first yes.
struct Called {
    once: u32,
    shown: u32,
    of_shown: u32,
    daily: u32,
}

fn simulate(kind: &Remainder, is_named: bool, seed: u64) -> Called {
    let mut chance = Chance::seeded(seed);
    let mut called = Called { once: 0, shown: 0, of_shown: 0, daily: 0 };
    for _ in 0..CONSUMERS {
        let uses = (kind.uses)(&mut chance);
        let random = f64::from(WINDOW) + chance.unit() * f64::from(END - WINDOW - 24);
        let is_shown = uses.iter().any(|one| (0.0..=random).contains(one));
        let mut watched = Watched { uses, is_named, class_every: kind.class_every, known: None };
        let is_called = watched.is_called_silent(random);
        called.once += u32::from(is_called);
        called.of_shown += u32::from(is_shown);
        called.shown += u32::from(is_called && is_shown);
        let first = chance.unit() * 24.0;
        let mut looks = (0..LOOKS).map(|day| first + 24.0 * f64::from(day));
        called.daily += u32::from(looks.any(|look| watched.is_called_silent(look)));
    }
    called
}

/// `0.6 % (0.4 to 0.8)`: a share with its interval at 95 % (Wilson).
pub(super) fn share(n: u32, of: u32) -> String {
    let (n, of, z) = (f64::from(n), f64::from(of.max(1)), 1.96_f64);
    let p = n / of;
    let middle = (p + z * z / (2.0 * of)) / (1.0 + z * z / of);
    let half = z * (p * (1.0 - p) / of + z * z / (4.0 * of * of)).sqrt() / (1.0 + z * z / of);
    let (low, high) = ((middle - half).max(0.0), middle + half);
    format!("{:.1} % ({:.1} to {:.1})", 100.0 * p, 100.0 * low, 100.0 * high)
}

/// May `n` of `of` be called silent, if at most `share` should be? With three standard errors.
pub(super) fn is_at_most(n: u32, of: u32, share: f64) -> bool {
    let of = f64::from(of.max(1));
    f64::from(n) <= of * share + 3.0 * (of * share * (1.0 - share)).sqrt()
}

/// The page that gives these tables.
pub(super) const PAGE: &str = include_str!("../../../docs/method.md");

#[test]
fn consumers_still_on_old_are_called_silent_as_rarely_as_the_page_says() {
    let mut table = String::from(
        "| still on the old version | told apart | asked once | asked once, old use since the move | asked daily |\n\
         |---|---|---:|---:|---:|\n",
    );
    for (seed, kind) in (1..).zip(KINDS) {
        for is_named in [false, true] {
            let called = simulate(kind, is_named, seed);
            let _infallible = writeln!(
                table,
                "| {} | {} | {} | {} | {} |",
                kind.name,
                if is_named { "yes" } else { "no" },
                share(called.once, CONSUMERS),
                share(called.shown, called.of_shown),
                share(called.daily, CONSUMERS),
            );
            let holds = is_at_most(called.daily, CONSUMERS, 0.03);
            assert!(holds || !kind.is_frequent, "asked daily, {}: {}", kind.name, called.daily);
            let holds = is_at_most(called.shown, called.of_shown, 0.01);
            assert!(holds || !kind.is_bounded, "asked once, {}: {}", kind.name, called.shown);
        }
    }
    assert!(PAGE.contains(&table), "the page should have\n{table}");
}
