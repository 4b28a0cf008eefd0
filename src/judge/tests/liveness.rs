/*! Simulated classes that truly moved, untidily: when they are ready, and whether at the time that a report states. */

use std::fmt::Write;

use super::Chance;
use super::calibration::{CONSUMERS, PAGE, WINDOW, Watched, share};
use crate::model::Duration;

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

/// Classes of one kind that truly moved.
struct Moved {
    /// By how many hours their readiness is delayed beyond the window, in order.
    delays: Vec<f64>,
    /// How many are ready at the time that a report states once they moved, and at the one that it states at a random
    /// instant of the first three days, when a straggler may be still to come.
    settled: u32,
    asked_early: u32,
}

fn moved(kind: &Untidy, seed: u64) -> Moved {
    let (mut chance, mut asked) = (Chance::seeded(seed), Chance::seeded(seed + 100));
    let window = Duration::HOUR.scaled(WINDOW.into(), 1);
    let mut moved = Moved { delays: Vec::new(), settled: 0, asked_early: 0 };
    for _ in 0..CONSUMERS / 10 {
        let uses = (kind.late)(&mut chance);
        let mut watched =
            Watched { is_named: false, class_every: Duration::MINUTE, known: None, uses };
        let over = watched.needed_of_class(watched.uses.len()) - window;
        moved.delays.push(in_hours(over.max(Duration::ZERO)));
        let last = watched.uses.last().copied().unwrap_or(0.0);
        moved.settled += u32::from(watched.is_ready_when_stated(last));
        moved.asked_early += u32::from(watched.is_ready_when_stated(72.0 * asked.unit()));
    }
    moved.delays.sort_by(f64::total_cmp);
    moved
}

fn in_hours(length: Duration) -> f64 {
    f64::from(i32::try_from(length.0 / Duration::MINUTE.0).unwrap_or(i32::MAX)) / 60.0
}

/// The table of those that truly moved.
fn liveness() -> String {
    let mut table = String::from(
        "| truly moved | not delayed | at most a day later | 95th percentile | ready when stated, once moved | \
         ready when stated, asked in the first 3 days |\n|---|---:|---:|---:|---:|---:|\n",
    );
    let mut pooled: Vec<f64> = Vec::new();
    for (seed, kind) in (1..).zip(UNTIDY) {
        let Moved { delays, settled, asked_early } = moved(kind, seed);
        let of = u32::try_from(delays.len()).expect("a few thousand");
        let within = |hours: f64| delays.iter().filter(|delay| **delay <= hours).count();
        let within = |hours: f64| u32::try_from(within(hours)).expect("a few thousand");
        let percentile = delays[delays.len() * 95 / 100];
        pooled.extend(&delays);
        let _infallible = writeln!(
            table,
            "| {} | {} | {} | {percentile:.0} h | {} | {} |",
            kind.name,
            share(within(0.0), of),
            share(within(24.0), of),
            share(settled, of),
            share(asked_early, of),
        );
        assert!(100 * settled >= 95 * of, "{}: {settled} are ready when stated", kind.name);
    }
    pooled.sort_by(f64::total_cmp);
    let late = pooled[pooled.len() * 85 / 100];
    assert!(late <= 24.0, "of all, 85 % are at most a day late: {late} h");
    table
}

impl Watched {
    /// Is the class called silent at the earliest time that a report of this hour states?
    fn is_ready_when_stated(&mut self, as_of: f64) -> bool {
        let seen = self.uses.partition_point(|use_at| *use_at <= as_of);
        let last = seen.checked_sub(1).map_or(0.0, |last| self.uses[last].max(0.0));
        let window = Duration::HOUR.scaled(WINDOW.into(), 1);
        // Reports round up to whole minutes.
        let stated = last + in_hours(self.needed_of_class(seen).max(window)) + 1.0 / 60.0;
        self.is_called_silent(stated.max(as_of))
    }
}

#[test]
fn classes_that_moved_are_ready_as_soon_as_the_page_says() {
    let table = liveness();
    assert!(PAGE.contains(&table), "the page should have\n{table}");
}
