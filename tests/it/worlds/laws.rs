/*! What may change no verdict, and what may never change one for the better. */

use std::collections::BTreeSet;

use holdover::model::decision::Verdict;

use super::exports::{Copied, Delivery, Exports, Packing, Removed, Split};
use super::faults::Fault;
use super::judged::{self, Call, Report};
use super::story::{DAY, HOUR, MINUTE};
use super::world::{Names, WINDOW, World};
use super::{AGAIN, leave, seeds};

/// Consumers in each source of a world for the laws.
const OF_SOURCE: usize = 5;

/// Ways to deliver the same records.
fn same() -> Vec<(&'static str, Delivery, Call)> {
    let plain = Delivery::default();
    let names = |salt, shift| Names { salt, shift, first: 0 };
    vec![
        (
            "split, compressed with gzip, last path first, one thread",
            Delivery { split: Split::Dated, packing: Packing::Gzip, ..plain },
            Call { threads: Some(1), is_backwards: true },
        ),
        (
            "each file twice, compressed with zstd, two threads",
            Delivery { copied: Copied::All, packing: Packing::Zstd, ..plain },
            Call { threads: Some(2), is_backwards: false },
        ),
        ("in numbered parts", Delivery { split: Split::Numbered, ..plain }, Call::default()),
        (
            "a copy of the first file of each source",
            Delivery { copied: Copied::FirstOfSource, ..plain },
            Call::default(),
        ),
        (
            "other names, and later by 3 d 11 h 13 min 17 s",
            Delivery { names: names(77, 3 * DAY + 11 * HOUR + 13 * MINUTE + 17), ..plain },
            Call::default(),
        ),
    ]
}

/// What may be taken away. A consumer is held against it if all its old uses are left, or the loss is in the window.
const LESS: &[(&str, Removed)] = &[
    ("without the last 36 h", Removed::Tail(36 * HOUR)),
    ("without a day of the window", Removed::Day(40 * HOUR)),
    ("without a day before the window", Removed::Day(4 * DAY)),
    ("with every second of the new successes", Removed::NewSuccesses),
    ("without one other consumer of each source", Removed::LastConsumers),
];

/// What went wrong with a world.
struct Breaches {
    seed: u64,
    found: Vec<String>,
    /// How many verdicts were compared.
    compared: usize,
}

impl Breaches {
    fn add(&mut self, world: &World, number: usize, law: &str, what: &str) {
        let consumer = &world.consumers[number];
        let format = world.sources[consumer.source].format.name;
        self.found.push(format!(
            "world {}, consumer {number} in {format}, {}, {law}: {what}",
            self.seed, consumer.kind.name
        ));
    }

    /// All consumers must be judged alike.
    fn equal(&mut self, world: &World, law: &str, base: &Report, other: &Report) {
        for (number, (before, after)) in base.consumers.iter().zip(&other.consumers).enumerate() {
            self.compared += 1;
            if before != after {
                self.add(world, number, law, &format!("{before:?} became {after:?}"));
            }
        }
    }

    /// No consumer may be judged better.
    fn no_better(
        &mut self,
        world: &World,
        (law, is_sure): (&str, bool),
        base: &Report,
        less: &Report,
    ) {
        for number in 0..world.consumers.len() {
            let lost = base.shown[number].iter().filter(|one| !less.shown[number].contains(one));
            let loses_old = lost.clone().any(|one| one.is_old());
            if loses_old && !is_sure {
                continue;
            }
            self.compared += 1;
            let (before, after) = (&base.consumers[number], &less.consumers[number]);
            if before.verdict != Verdict::Ready && after.verdict == Verdict::Ready {
                self.add(world, number, law, &format!("{before:?} became {after:?}"));
            }
        }
    }
}

/// Two worlds in one plan: neither may change what is said of the other.
fn beside(world: &World, other: &World, as_of: i64) -> Report {
    let delivery = Delivery::default();
    let second = Delivery { names: Names { first: 500, ..delivery.names }, ..delivery };
    let Exports { mut files, shown } = world.exports(as_of, &delivery);
    files.extend(other.exports(as_of, &second).files);
    let plan = world.plan(delivery.names) + &other.consumers_of(second.names);
    let report = judged::report(&plan, &files, delivery.names.at(as_of), Call::default());
    world.read(&report, &delivery, shown)
}

fn hold(seed: u64) -> Breaches {
    let mut world = World::of(seed, OF_SOURCE);
    // How much a cut file loses depends on how it was compressed.
    for source in world.sources.iter_mut().filter(|source| source.fault == Fault::CutGzip) {
        source.fault = Fault::None;
    }
    let as_of = world.asked[usize::from(seed.is_multiple_of(2))];
    leave(&world, as_of, &Delivery::default(), "as it is");
    let base = world.judged(as_of, &Delivery::default());
    let mut breaches = Breaches { seed, found: Vec::new(), compared: 0 };
    for (law, delivery, call) in same() {
        leave(&world, as_of, &delivery, law);
        let other = world.judged_with(as_of, &delivery, call);
        breaches.equal(&world, law, &base, &other);
        if base.of_rotation != other.of_rotation {
            let (before, after) = (&base.of_rotation, &other.of_rotation);
            breaches.found.push(format!("world {seed}, {law}: {before:?} became {after:?}"));
        }
    }
    let other = World::of(seed + 500, 2);
    let law = "next to consumers of other sources";
    breaches.equal(&world, law, &base, &beside(&world, &other, as_of));
    for (law, removed) in LESS {
        let delivery = Delivery { removed: *removed, ..Delivery::default() };
        leave(&world, as_of, &delivery, law);
        let less = world.judged(as_of, &delivery);
        let is_sure = match removed {
            Removed::Tail(_) => true,
            Removed::Day(from) => *from < WINDOW,
            Removed::Nothing | Removed::NewSuccesses | Removed::LastConsumers => false,
        };
        breaches.no_better(&world, (law, is_sure), &base, &less);
    }
    breaches
}

#[test]
fn delivery_changes_no_verdict_and_less_evidence_makes_none_better() {
    let mut found = BTreeSet::new();
    let mut compared = 0;
    for seed in seeds(21..22, true) {
        let breaches = hold(seed);
        compared += breaches.compared;
        found.extend(breaches.found);
    }
    eprintln!("{compared} verdicts compared");
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "{}\nagain: {AGAIN}", found.join("\n"));
}
