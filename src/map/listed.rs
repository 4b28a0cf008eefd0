/*! What an entry of a listing says: when the listing was taken, and whether the object ran then. */

use super::mapper::RecordMapper;
use super::timestamp;
use crate::model::{Duration, Timestamp, When};

/// An entry of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedEntry {
    /// When the listing was taken, if that is known.
    pub taken: Option<When>,
    /// Whether the object ran then.
    pub is_running: bool,
}

impl ListedEntry {
    /// The hours at which the object may have been seen to run: one, or each of the day if only that is known.
    pub fn seen(self) -> impl Iterator<Item = Timestamp> {
        let taken = self.taken.filter(|_| self.is_running);
        let hours = move |taken: When| {
            let next = move |at: &Timestamp| Some(*at + Duration::HOUR);
            std::iter::successors(Some(taken.earliest()), next)
                .take_while(move |at| *at <= taken.latest())
        };
        taken.into_iter().flat_map(hours)
    }
}

impl RecordMapper<'_, '_> {
    /// None: the source of the record is no listing.
    pub(super) fn listed(&self) -> Option<ListedEntry> {
        let snapshot = self.reading.slots.snapshot.as_ref()?;
        let zone = self.reading.profile.timezone;
        let mut times = self.texts_at(&snapshot.taken);
        let taken = times.find_map(|text| timestamp::parse(text, zone, self.bounds));
        let is_running = snapshot.running.is_empty() || self.holds(&snapshot.running);
        Some(ListedEntry { taken, is_running })
    }
}
