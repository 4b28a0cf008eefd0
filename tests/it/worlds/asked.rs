/*! Asks about a world at its two instants, and holds the answers against the truth. */

use std::collections::BTreeMap;

use holdover::model::decision::Verdict;

use super::exports::Delivery;
use super::judged::Report;
use super::owed::{Owed, owed};
use super::story::HOUR;
use super::world::World;

/// What came of the consumers of one kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) worlds: u32,
    /// How many still depend on the old version when somebody asks first.
    pub(super) dependent: u32,
    /// How many still depend on the old version and show it so that a report must withhold, and how many of them are
    /// called ready.
    pub(super) owed: u32,
    pub(super) owed_ready: u32,
    /// How many still depend on it and show nothing, and how many of them are called ready.
    pub(super) unseen: u32,
    pub(super) unseen_ready: u32,
    /// How many depend on it no more, whose stated earliest time has come, and how many of them are ready.
    pub(super) due: u32,
    pub(super) due_ready: u32,
    /// How many depend on it no more, of which the report says that no time will do.
    pub(super) never: u32,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Self) {
        self.worlds += other.worlds;
        self.dependent += other.dependent;
        self.owed += other.owed;
        self.owed_ready += other.owed_ready;
        self.unseen += other.unseen;
        self.unseen_ready += other.unseen_ready;
        self.due += other.due;
        self.due_ready += other.due_ready;
        self.never += other.never;
    }
}

/// The answers about some worlds.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) kinds: BTreeMap<&'static str, Tally>,
    /// Consumers that are called ready although a report must withhold.
    pub(super) wrong: Vec<String>,
    /// Consumers that are not ready although their stated time has come.
    pub(super) late: Vec<String>,
}

impl Answers {
    /// Asks twice.
    pub(super) fn of(&mut self, world: &World) {
        let [first, second] = world.asked.map(|as_of| world.judged(as_of, &Delivery::default()));
        for (number, consumer) in world.consumers.iter().enumerate() {
            let tally = self.kinds.entry(consumer.kind.name).or_default();
            tally.worlds += 1;
            tally.dependent += u32::from(consumer.depends(world.asked[0]));
            for (as_of, report) in world.asked.iter().zip([&first, &second]) {
                self.safety(world, number, *as_of, report);
            }
            self.liveness(world, number, [&first, &second]);
        }
        for (as_of, report) in world.asked.iter().zip([&first, &second]) {
            let missing = world.stray.missing(*as_of, report);
            self.wrong.extend(missing.map(|missing| format!("world {}: {missing}", world.seed)));
        }
    }

    fn safety(&mut self, world: &World, number: usize, as_of: i64, report: &Report) {
        let consumer = &world.consumers[number];
        let owed = owed(world, number, as_of, &report.shown);
        let is_ready = report.consumers[number].verdict == Verdict::Ready;
        let tally = self.kinds.entry(consumer.kind.name).or_default();
        if is_ready && !owed.is_empty() {
            self.wrong.push(told(world, number, as_of, &owed));
        }
        if consumer.kind.is_dependent {
            assert!(consumer.depends(as_of), "{} depends to the end", consumer.kind.name);
        } else if !consumer.depends(as_of) {
            return;
        }
        let (n, ready) = if owed.is_empty() {
            (&mut tally.unseen, &mut tally.unseen_ready)
        } else {
            (&mut tally.owed, &mut tally.owed_ready)
        };
        *n += 1;
        *ready += u32::from(is_ready);
    }

    fn liveness(&mut self, world: &World, number: usize, reports: [&Report; 2]) {
        let consumer = &world.consumers[number];
        let is_clean = world.sources[consumer.source].fault.is_harmless();
        if !is_clean || world.is_shared(number) || consumer.depends(world.asked[0]) {
            return;
        }
        let tally = self.kinds.entry(consumer.kind.name).or_default();
        let [first, second] = reports.map(|report| &report.consumers[number]);
        let Some(earliest) = first.earliest else {
            tally.never += 1;
            return;
        };
        // The time that is stated at the first question, at the next question after it.
        let answer = if earliest <= world.asked[0] {
            first
        } else if earliest <= world.asked[1] {
            second
        } else {
            return;
        };
        tally.due += 1;
        if answer.verdict == Verdict::Ready {
            tally.due_ready += 1;
        } else {
            let after = earliest / HOUR;
            let asked = world.asked.map(|at| at / HOUR);
            let rules = &answer.rules;
            self.late.push(format!(
                "world {}, consumer {number}, {}: asked at {asked:?} h, promised for {after} h, {rules:?}",
                world.seed, consumer.kind.name,
            ));
        }
    }
}

fn told(world: &World, number: usize, as_of: i64, owed: &[Owed]) -> String {
    let consumer = &world.consumers[number];
    format!(
        "world {}, consumer {number} in {} as of {} h after the change is called ready: {}, {owed:?}",
        world.seed,
        world.sources[consumer.source].format.name,
        as_of / HOUR,
        consumer.kind.name,
    )
}
