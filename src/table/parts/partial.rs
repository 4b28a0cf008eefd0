/*! What a cached scan says about records that its input does not hold. */

use serde::{Deserialize, Serialize};

use super::words::{NoticedLine, Spot};
use crate::model::Timestamp;
use crate::model::noticed::Noticed;
use crate::scan::{Page, PageSigns, StreamName};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LostLine {
    stream: String,
    hour: i64,
    found: NoticedLine,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageLine {
    more: bool,
    found: Option<u64>,
    place: Spot,
}

/// An entry of `Part::lost`.
type LostEntry = ((StreamName, Timestamp), Noticed);

impl LostLine {
    pub(super) fn of(((stream, hour), found): (&(StreamName, Timestamp), &Noticed)) -> Self {
        Self { stream: stream.clone(), hour: hour.0, found: NoticedLine::of(*found) }
    }

    pub(super) fn back(self) -> LostEntry {
        let Self { stream, hour, found } = self;
        ((stream, Timestamp(hour)), found.back())
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
