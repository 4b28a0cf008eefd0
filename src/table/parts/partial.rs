/*! What a cached scan says about records that its input does not hold. */

use serde::{Deserialize, Serialize};

use super::words::Spot;
use crate::model::Timestamp;
use crate::scan::{LossNotices, Page, PageSigns, StreamName};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LostLine {
    stream: String,
    hour: i64,
    count: u64,
    first: (i64, Spot),
    last: (i64, Spot),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageLine {
    more: bool,
    found: Option<u64>,
    place: Spot,
}

/// An entry of `Part::lost`.
type LostEntry = ((StreamName, Timestamp), LossNotices);

impl LostLine {
    pub(super) fn of(((stream, hour), notices): (&(StreamName, Timestamp), &LossNotices)) -> Self {
        let LossNotices { count, first, last } = notices;
        let (first, last) = ((first.0.0, Spot::of(first.1)), (last.0.0, Spot::of(last.1)));
        Self { stream: stream.clone(), hour: hour.0, count: *count, first, last }
    }

    pub(super) fn back(self) -> LostEntry {
        let Self { stream, hour, count, first, last } = self;
        let at = |(at, place): (i64, Spot)| (Timestamp(at), place.back());
        let (first, last) = (at(first), at(last));
        ((stream, Timestamp(hour)), LossNotices { count, first, last })
    }
}

impl PageLine {
    pub(super) fn of(Page { signs: PageSigns { more, found }, place }: &Page) -> Self {
        Self { more: *more, found: *found, place: Spot::of(*place) }
    }

    pub(super) fn back(self) -> Page {
        let Self { more, found, place } = self;
        Page { signs: PageSigns { more, found }, place: place.back() }
    }
}
