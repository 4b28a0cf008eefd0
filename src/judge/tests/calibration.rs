/*! Simulated consumers that are still on the old version: how often they are called silent for long enough. */

use std::fmt::Write;

use super::Chance;
use crate::judge::old_rhythm::{self, Terms};
use crate::judge::rhythm::{self, Gap};
use crate::model::{Duration, Span, Timestamp};

/// How many consumers of each kind.
const CONSUMERS: u32 = 10_000;

const WINDOW: i32 = 48;
/// The baseline, in hours before the move of the class.
const BEFORE: i32 = -28 * 24;
/// The last instant at which anybody asks, in hours after the move.
const END: i32 = 40 * 24;
/// How many days somebody asks, once a day.
const LOOKS: i32 = 39;

/// A kind of remainder: how it is called in the table, and how its uses are drawn, in hours after the move.
struct Remainder {
    name: &'static str,
    /// Does it come at least four times in a window?
    is_frequent: bool,
    /// Is it promised that of those that used old since the move at most 1 % are called silent?
    is_bounded: bool,
    /// How far apart the runs of the rest of its class are.
    class_every: Duration,
    uses: fn(&mut Chance) -> Vec<f64>,
}

const KINDS: &[Remainder] = &[
    Remainder {
        name: "at random, every 12 h",
        is_frequent: true,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: |c| poisson(c, 12.0),
    },
    Remainder {
        name: "at random, every 2 d",
        is_frequent: false,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: |c| poisson(c, 48.0),
    },
    Remainder {
        name: "at random, every 7 d",
        is_frequent: false,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: |c| poisson(c, 168.0),
    },
    Remainder {
        name: "each 12 h, ± 30 min",
        is_frequent: true,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: |c| scheduled(c, 12.0, 0.5),
    },
    Remainder {
        name: "each day, ± 1 h",
        is_frequent: false,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: |c| scheduled(c, 24.0, 1.0),
    },
    Remainder {
        name: "each week, ± 1 h",
        is_frequent: false,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: |c| scheduled(c, 168.0, 1.0),
    },
    Remainder {
        name: "each week, with a daily crontab of the same name",
        is_frequent: false,
        is_bounded: false,
        class_every: Duration::DAY,
        uses: |c| scheduled(c, 168.0, 1.0),
    },
    Remainder {
        name: "bursts of 12, every 12 h at random",
        is_frequent: true,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: bursty,
    },
    Remainder {
        name: "each 12 h on workdays",
        is_frequent: false,
        is_bounded: true,
        class_every: Duration::MINUTE,
        uses: workdays,
    },
    Remainder {
        name: "half as often each week",
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
fn at(hours: f64) -> Timestamp {
    Timestamp((hours * Duration::HOUR.0 as f64) as i64)
}

/// A remainder at which people look from time to time. The rest of its class came each minute, and moved at 0.
struct Watched {
    uses: Vec<f64>,
    /// Do the records tell it apart, by an address or an action?
    is_named: bool,
    class_every: Duration,
    /// How long the class and the remainder must be silent after the uses seen.
    known: Option<(usize, Duration, Duration)>,
}

impl Watched {
    /// Is the class called silent for long enough, as of that hour?
    fn is_called_silent(&mut self, as_of: f64) -> bool {
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

    fn needed_of_class(&self, seen: usize) -> Duration {
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
fn share(n: u32, of: u32) -> String {
    let (n, of, z) = (f64::from(n), f64::from(of.max(1)), 1.96_f64);
    let p = n / of;
    let middle = (p + z * z / (2.0 * of)) / (1.0 + z * z / of);
    let half = z * (p * (1.0 - p) / of + z * z / (4.0 * of * of)).sqrt() / (1.0 + z * z / of);
    let (low, high) = ((middle - half).max(0.0), middle + half);
    format!("{:.1} % ({:.1} to {:.1})", 100.0 * p, 100.0 * low, 100.0 * high)
}

/// May `n` of `of` be called silent, if at most `share` should be? With three standard errors.
fn is_at_most(n: u32, of: u32, share: f64) -> bool {
    let of = f64::from(of.max(1));
    f64::from(n) <= of * share + 3.0 * (of * share * (1.0 - share)).sqrt()
}

/// A kind of class that truly moved, untidily: how it is called in the table, and its old uses after the first new
/// success, in hours.
struct Untidy {
    name: &'static str,
    late: fn(&mut Chance) -> Vec<f64>,
}

const UNTIDY: &[Untidy] = &[
    Untidy {
        name: "8 processes, each every 10 min, restarted in 2 h",
        late: |c| rolling(c, 8, 1.0 / 6.0, 2.0),
    },
    Untidy {
        name: "8 processes, each hourly, restarted in a day",
        late: |c| rolling(c, 8, 1.0, 24.0),
    },
    Untidy {
        name: "40 processes, each every 6 h, restarted in a day",
        late: |c| rolling(c, 40, 6.0, 24.0),
    },
    Untidy {
        name: "one process of many a day late, every 10 min",
        late: |c| rolling(c, 1, 1.0 / 6.0, 24.0),
    },
    Untidy { name: "one process of many 4 h late, every 2 h", late: |c| rolling(c, 1, 2.0, 4.0) },
    Untidy {
        name: "one process of many a day late, every 6 h",
        late: |c| rolling(c, 1, 6.0, 24.0),
    },
];

/// Old uses of processes that run at random and are restarted one after the other.
fn rolling(chance: &mut Chance, processes: u32, mean: f64, last: f64) -> Vec<f64> {
    let mut uses = Vec::new();
    for process in 1..=processes {
        let restart = last * f64::from(process) / f64::from(processes);
        let mut at = chance.exponential(mean);
        while at < restart {
            uses.push(at);
            at += chance.exponential(mean);
        }
    }
    uses.sort_by(f64::total_cmp);
    uses
}

/// Of classes of this kind: by how many hours their readiness is delayed beyond the window, in order.
fn delays(kind: &Untidy, seed: u64) -> Vec<f64> {
    let mut chance = Chance::seeded(seed);
    let window = Duration::HOUR.scaled(WINDOW.into(), 1);
    let mut delays: Vec<f64> = (0..CONSUMERS / 10)
        .map(|_| {
            let uses = (kind.late)(&mut chance);
            let watched =
                Watched { is_named: false, class_every: Duration::MINUTE, known: None, uses };
            let over = watched.needed_of_class(watched.uses.len()) - window;
            in_hours(over.max(Duration::ZERO))
        })
        .collect();
    delays.sort_by(f64::total_cmp);
    delays
}

fn in_hours(length: Duration) -> f64 {
    f64::from(i32::try_from(length.0 / Duration::MINUTE.0).unwrap_or(i32::MAX)) / 60.0
}

/// The table of those that truly moved.
fn liveness() -> String {
    let mut table = String::from(
        "| truly moved | not delayed | at most a day later | 95th percentile |\n|---|---:|---:|---:|\n",
    );
    let mut pooled: Vec<f64> = Vec::new();
    for (seed, kind) in (1..).zip(UNTIDY) {
        let delays = delays(kind, seed);
        let of = u32::try_from(delays.len()).expect("a few thousand");
        let within = |hours: f64| delays.iter().filter(|delay| **delay <= hours).count();
        let within = |hours: f64| u32::try_from(within(hours)).expect("a few thousand");
        let percentile = delays[delays.len() * 95 / 100];
        pooled.extend(&delays);
        let _infallible = writeln!(
            table,
            "| {} | {} | {} | {percentile:.0} h |",
            kind.name,
            share(within(0.0), of),
            share(within(24.0), of),
        );
    }
    pooled.sort_by(f64::total_cmp);
    let late = pooled[pooled.len() * 85 / 100];
    assert!(late <= 24.0, "of all, 85 % are at most a day late: {late} h");
    table
}

/// The page that gives these tables.
const PAGE: &str = include_str!("../../../docs/method.md");

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

#[test]
fn classes_that_moved_are_ready_as_soon_as_the_page_says() {
    let table = liveness();
    assert!(PAGE.contains(&table), "the page should have\n{table}");
}
