/*! Places, times and link lookups of cached scans. Input numbers are left out, since they change from run to run. */

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::twins::StateWord;
use crate::model::coverage::Cell;
use crate::model::noticed::{DatedPlace, Noticed};
use crate::model::{InputId, Place, State, TimeBasis, Timestamp, VersionId, When};
use crate::scan::LinkAnswers;

/// A place in its input: record, offset, length.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Spot(u64, u64, u32);

impl Spot {
    pub(super) fn of(Place { input: _, record, offset, length }: Place) -> Self {
        Self(record, offset, length)
    }

    pub(super) fn back(self) -> Place {
        let Self(record, offset, length) = self;
        Place { input: InputId::default(), record, offset, length }
    }
}

/// A record with its time.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct DatedSpot(i64, Spot);

impl DatedSpot {
    pub(super) fn of((at, place): DatedPlace) -> Self {
        Self(at.0, Spot::of(place))
    }

    pub(super) fn back(self) -> DatedPlace {
        (Timestamp(self.0), self.1.back())
    }
}

/// How many records there are, the first and the last.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct NoticedLine(u64, DatedSpot, DatedSpot);

impl NoticedLine {
    pub(super) fn of(Noticed { count, first, last }: Noticed) -> Self {
        Self(count, DatedSpot::of(first), DatedSpot::of(last))
    }

    pub(super) fn back(self) -> Noticed {
        let Self(count, first, last) = self;
        Noticed { count, first: first.back(), last: last.back() }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "TimeBasis", rename_all = "snake_case")]
enum BasisWord {
    Exact,
    ZoneAssumed,
    Coarse,
}

/// An instant or an interval.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Stamp(i64, Option<i64>, #[serde(with = "BasisWord")] TimeBasis);

impl Stamp {
    pub(super) fn of(When { at, end, basis }: When) -> Self {
        Self(at.0, end.map(|end| end.0), basis)
    }

    pub(super) fn back(self) -> When {
        let Self(at, end, basis) = self;
        When { at: Timestamp(at), end: end.map(Timestamp), basis }
    }
}

/// The number of records in a minute or an hour, and the times of the first and the last.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct CellLine(u64, i64, i64);

impl CellLine {
    pub(super) fn of(Cell { records, first, last }: Cell) -> Self {
        Self(records, first.0, last.0)
    }

    pub(super) fn back(self) -> Cell {
        Cell { records: self.0, first: Timestamp(self.1), last: Timestamp(self.2) }
    }
}

/// The answers that the link lookups of the scan had.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswersLine {
    sessions: BTreeMap<String, (Option<u16>, StateLine)>,
    aliases: BTreeMap<String, String>,
    owners: BTreeMap<String, String>,
    carries: BTreeSet<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(transparent)]
struct StateLine(#[serde(with = "StateWord")] State);

impl AnswersLine {
    pub(crate) fn of(LinkAnswers { sessions, aliases, owners, carries }: &LinkAnswers) -> Self {
        let meaning = |(id, (version, state)): (&String, &(Option<VersionId>, State))| {
            (id.clone(), (version.map(|version| version.0), StateLine(*state)))
        };
        Self {
            sessions: sessions.iter().map(meaning).collect(),
            aliases: aliases.clone(),
            owners: owners.clone(),
            carries: carries.clone(),
        }
    }

    pub(crate) fn back(self) -> LinkAnswers {
        let Self { sessions, aliases, owners, carries } = self;
        let meaning = |(id, (version, StateLine(state))): (String, (Option<u16>, StateLine))| {
            (id, (version.map(VersionId), state))
        };
        LinkAnswers {
            sessions: sessions.into_iter().map(meaning).collect(),
            aliases,
            owners,
            carries,
        }
    }
}
