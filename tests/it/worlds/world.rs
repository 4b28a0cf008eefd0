/*! A plan of many consumers, and what each of them did. Everything follows from one number. */

use std::fmt::Write;

use holdover::model::{Duration, Timestamp};

use super::chance::Chance;
use super::faults::Fault;
use super::formats::{FORMATS, Format, Markers};
use super::kinds::{Facet, KINDS, Kind};
use super::story::{DAY, HOUR, Story, Use};
use super::strays::Stray;

/// The change, before it is shifted: 2026-03-02T09:00:00Z.
const T0: i64 = 1_772_442_000;

/// The window of the plan.
pub(super) const WINDOW: i64 = 2 * DAY;

/// One consumer.
#[derive(Debug)]
pub(super) struct Consumer {
    pub(super) kind: &'static Kind,
    pub(super) source: usize,
    pub(super) members: usize,
    pub(super) uses: Vec<Use>,
    pub(super) every: Option<i64>,
    pub(super) refresh: &'static str,
    /// The consumer whose records match this one's plan too.
    pub(super) also: Option<usize>,
}

impl Consumer {
    /// Does a member use the old version after this instant? Only the truth knows.
    pub(super) fn depends(&self, as_of: i64) -> bool {
        self.uses.iter().any(|one| one.at > as_of && one.is_old())
    }
}

/// A place where several consumers write.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) format: &'static Format,
    /// How many seconds one file holds.
    pub(super) period: i64,
    /// When others write to it.
    pub(super) ticks: Vec<i64>,
    pub(super) fault: Fault,
}

/// A plan with its truth.
#[derive(Debug)]
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) consumers: Vec<Consumer>,
    pub(super) sources: Vec<Source>,
    /// Two instants at which somebody asks.
    pub(super) asked: [i64; 2],
    /// What nobody foresaw.
    pub(super) stray: Stray,
}

/// How a world is named and when it happens.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Names {
    /// Other names of everything.
    pub(super) salt: u64,
    /// Seconds by which everything is later.
    pub(super) shift: i64,
    /// The number of the first source and consumer, so that two worlds fit into one plan.
    pub(super) first: usize,
}

impl World {
    /// The world of this seed, with this number of consumers in each source.
    pub(super) fn of(seed: u64, of_source: usize) -> Self {
        let mut chance = Chance::of(seed, 0);
        let first = chance.between(60 * HOUR, 14 * DAY);
        let mut world = Self {
            seed,
            consumers: Vec::new(),
            sources: Vec::new(),
            asked: [first, first + 7 * DAY],
            stray: Stray::of(&mut chance, first),
        };
        for (number, format) in FORMATS.iter().enumerate() {
            let mut chance = Chance::of(seed, 1 + number as u64);
            world.sources.push(source(format, &mut chance));
            for part in 0..of_source {
                let part = 1000 + (number * 100 + part) as u64;
                world.consumers.push(consumer(number, format, Chance::of(seed, part)));
            }
        }
        world.share_rows(&mut chance);
        world
    }

    /// Two consumers of one source of an application: the plan matches the records of the first as the second's too.
    fn share_rows(&mut self, chance: &mut Chance) {
        let source = chance.below(4);
        let pair: Vec<usize> =
            (0..self.consumers.len()).filter(|n| self.consumers[*n].source == source).collect();
        self.consumers[pair[1]].also = Some(pair[0]);
    }

    /// May the verdict of this consumer rest on records of two?
    pub(super) fn is_shared(&self, number: usize) -> bool {
        self.consumers[number].also.is_some()
            || self.consumers.iter().any(|consumer| consumer.also == Some(number))
    }

    /// The plan that a team would write for it.
    pub(super) fn plan(&self, names: Names) -> String {
        let mut plan = String::from("[credential]\nname = \"shop\"\n");
        for (name, state) in [("v1", "old"), ("v2", "new")] {
            let markers = names.markers(state == "old");
            let _infallible = write!(
                plan,
                "\n[[credential.version]]\nname = \"{name}\"\nstate = \"{state}\"\nmarkers = {:?}\n",
                markers.all(),
            );
        }
        let _infallible = write!(
            plan,
            "\n[rotation]\nmodel = \"consumer-by-consumer\"\nintroduced = {}\nwindow = \"48h\"\nrollback = \"enable v1 again\"\n\
             decision_owner = \"platform\"\nin_flight = \"requeue\"\n",
            names.at(0).rfc3339(),
        );
        plan + &self.consumers_of(names)
    }

    /// The consumers of the plan.
    pub(super) fn consumers_of(&self, names: Names) -> String {
        let mut plan = String::new();
        for (number, consumer) in self.consumers.iter().enumerate() {
            let name = names.class(number);
            let format = self.sources[consumer.source].format;
            let [key, before, after] = format.matches;
            let mut matches = format!("{{ {key} = \"{before}{name}{after}\" }}");
            if let Some(other) = consumer.also {
                let other = names.class(other);
                let _infallible = write!(matches, ", {{ {key} = \"/^{other}$/\" }}");
            }
            let _infallible = write!(
                plan,
                "\n[[consumer]]\nclass = \"{name}\"\npath = \"{}\"\nowner = \"shop\"\nrefresh = \"{}\"\nsession_max = \"2h\"\n\
                 match = [{matches}]\n",
                consumer.kind.path, consumer.refresh,
            );
            if let Some(hours) = consumer.every {
                let _infallible = writeln!(plan, "every = \"{hours}h\"");
            }
        }
        plan
    }
}

fn source(format: &'static Format, chance: &mut Chance) -> Source {
    let period = *chance.pick(&[DAY, 7 * DAY, 7 * DAY, 14 * DAY, 400 * DAY, 400 * DAY]);
    let mut ticks = Vec::new();
    let mut at = super::story::START;
    while at < super::story::END {
        ticks.push(at);
        at += chance.between(90 * 60, 2 * HOUR);
    }
    Source { format, period, ticks, fault: Fault::of(chance) }
}

fn consumer(source: usize, format: &'static Format, mut chance: Chance) -> Consumer {
    let fits: Vec<&Kind> = KINDS.iter().filter(|kind| fits(kind, format)).collect();
    let kind = *chance.pick(&fits);
    let refresh = *chance.pick(kind.refresh);
    let mut story = Story::new(chance);
    (kind.tell)(&mut story);
    let every = story.every;
    let (members, uses) = story.told();
    Consumer { kind, source, members, uses, every, refresh, also: None }
}

fn fits(kind: &Kind, format: &Format) -> bool {
    let shows = match kind.facet {
        Facet::Nothing | Facet::Address => true,
        Facet::Instance | Facet::Generated => format.shows_instances,
        Facet::Action => format.shows_actions,
        Facet::Environment => format.is_of_application,
    };
    shows && (format.is_of_application || !kind.is_of_application)
}

impl Names {
    /// The instant that many seconds after the change.
    pub(super) fn at(self, seconds: i64) -> Timestamp {
        Timestamp((T0 + self.shift + seconds) * Duration::SECOND.0)
    }

    /// Some letters for a number. Another salt gives others, in another order.
    fn letters(self, part: u64, number: usize) -> String {
        let mut chance = Chance::of(self.salt, part + number as u64);
        (0..5).map(|_| *chance.pick(b"bcdfghjklmnpqrstvwxz") as char).collect()
    }

    pub(super) fn class(self, number: usize) -> String {
        let number = self.first + number;
        format!("{}-{number}", self.letters(10_000, number))
    }

    pub(super) fn instance(self, number: usize, member: usize, is_generated: bool) -> String {
        let host = self.letters(20_000 + 100_000 * (self.first + number) as u64, member);
        if is_generated {
            format!("{}-7c9d8f6b5d-{host}", self.letters(10_000, self.first + number))
        } else {
            format!("host-{host}")
        }
    }

    pub(super) fn address(self, number: usize, member: usize) -> String {
        let number = self.first + number;
        format!("10.{}.{number}.{}", 20 + self.salt % 100, member + 1)
    }

    pub(super) fn markers(self, is_old: bool) -> Markers {
        let (n, letters) = (usize::from(is_old), self.letters(30_000, usize::from(is_old)));
        Markers {
            key: format!("doc-key-{letters}-{}", 2026 - n),
            account: format!("shop_{letters}_{}", 2 - n),
            fingerprint: format!("SHA256:{letters}InventedFingerprintOfTheDeployKey{n}abcd"),
            secret: format!("hmac-sha256:{:064x}", self.salt * 2 + 1 + n as u64),
            access_key: format!("AKIA{}EXAMPLE{n:04}", letters.to_uppercase()),
            token: format!("00000000-0000-4000-8000-{:012x}", self.salt * 2 + 7 + n as u64),
        }
    }
}
