/*! What a cached scan tells about its own completeness. */

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::twins::KindWord;
use super::words::{DatedSpot, NoticedLine, Spot, Stamp};
use crate::model::continuity::{NumberRun, SampledRecords};
use crate::model::{ClassId, Kind, Timestamp};
use crate::scan::{Continuity, NumberRuns, SessionEnd};

#[derive(Serialize, Deserialize)]
struct RunLine(u64, u64, DatedSpot, DatedSpot);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NumbersLine {
    stream: String,
    instance: String,
    runs: Vec<RunLine>,
    unkept: Option<DatedSpot>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SamplesLine {
    stream: String,
    class: Option<u16>,
    hour: i64,
    rate: f64,
    found: NoticedLine,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndLine {
    stream: String,
    host: Option<String>,
    session: Option<String>,
    #[serde(with = "KindWord")]
    kind: Kind,
    when: Stamp,
    place: Spot,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListingLine {
    stream: String,
    taken: i64,
    class: u16,
    instances: BTreeSet<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContinuityLine {
    numbers: Vec<NumbersLine>,
    samples: Vec<SamplesLine>,
    ends: Vec<EndLine>,
    snapshots: BTreeSet<String>,
    listings: Vec<ListingLine>,
}

impl RunLine {
    fn of(NumberRun { first, last, from, to }: &NumberRun) -> Self {
        Self(*first, *last, DatedSpot::of(*from), DatedSpot::of(*to))
    }

    fn back(self) -> NumberRun {
        let Self(first, last, from, to) = self;
        NumberRun { first, last, from: from.back(), to: to.back() }
    }
}

impl ContinuityLine {
    pub(super) fn of(
        Continuity { numbers, samples, ends, snapshots, listings }: &Continuity,
    ) -> Self {
        let numbers = numbers.iter().map(|((stream, instance), NumberRuns { runs, unkept })| {
            let (stream, instance) = (stream.clone(), instance.clone());
            let runs = runs.iter().map(RunLine::of).collect();
            NumbersLine { stream, instance, runs, unkept: unkept.map(DatedSpot::of) }
        });
        let samples = samples.iter().map(|((stream, class, hour), records)| {
            let SampledRecords { rate, found } = *records;
            let (stream, class, hour) = (stream.clone(), class.map(|class| class.0), hour.0);
            SamplesLine { stream, class, hour, rate, found: NoticedLine::of(found) }
        });
        let ends = ends.iter().map(|SessionEnd { stream, host, session, kind, when, place }| {
            let (stream, host, session) = (stream.clone(), host.clone(), session.clone());
            let (when, place) = (Stamp::of(*when), Spot::of(*place));
            EndLine { stream, host, session, kind: *kind, when, place }
        });
        let listings = listings.iter().map(|((stream, taken, class), instances)| ListingLine {
            stream: stream.clone(),
            taken: taken.0,
            class: class.0,
            instances: instances.clone(),
        });
        Self {
            numbers: numbers.collect(),
            samples: samples.collect(),
            ends: ends.collect(),
            snapshots: snapshots.clone(),
            listings: listings.collect(),
        }
    }

    pub(super) fn back(self) -> Continuity {
        let Self { numbers, samples, ends, snapshots, listings } = self;
        let numbers = numbers.into_iter().map(|NumbersLine { stream, instance, runs, unkept }| {
            let runs = runs.into_iter().map(RunLine::back).collect();
            ((stream, instance), NumberRuns { runs, unkept: unkept.map(DatedSpot::back) })
        });
        let samples = samples.into_iter().map(|line| {
            let SamplesLine { stream, class, hour, rate, found } = line;
            let records = SampledRecords { rate, found: found.back() };
            ((stream, class.map(ClassId), Timestamp(hour)), records)
        });
        let ends = ends.into_iter().map(|EndLine { stream, host, session, kind, when, place }| {
            SessionEnd { stream, host, session, kind, when: when.back(), place: place.back() }
        });
        let listings =
            listings.into_iter().map(|ListingLine { stream, taken, class, instances }| {
                ((stream, Timestamp(taken), ClassId(class)), instances)
            });
        Continuity {
            numbers: numbers.collect(),
            samples: samples.collect(),
            ends: ends.collect(),
            snapshots,
            listings: listings.collect(),
        }
    }
}
