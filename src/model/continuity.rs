/*! What records say about records that are missing: running numbers, samples, sessions without an end; and what a
 * listing shows of all members at once.
 */

use std::collections::BTreeMap;
use std::sync::Arc;

use super::class::ClassId;
use super::coverage::StreamId;
use super::noticed::{DatedPlace, Noticed};
use super::place::At;
use super::time::{Duration, Timestamp};

/// Records whose running number grows by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberRun {
    /// The first number.
    pub first: u64,
    /// The last number.
    pub last: u64,
    /// The record with the first number.
    pub from: DatedPlace,
    /// The record with the last number.
    pub to: DatedPlace,
}

/// The running numbers of one log source and instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberSeries {
    /// The log source that holds them.
    pub stream: StreamId,
    /// The instance that numbers its records, if any is logged.
    pub instance: Option<Arc<str>>,
    /// The runs, in the order of their numbers. Where the numbers began anew, a new list begins.
    pub counts: Vec<Vec<NumberRun>>,
    /// The first record of those that no run holds, since there were too many of them.
    pub unkept: Option<DatedPlace>,
}

/// Records of an hour that say that they are a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampledRecords {
    /// Of how many records one of them is the sample, at most.
    pub rate: f64,
    /// The records.
    pub found: Noticed,
}

impl SampledRecords {
    /// Adds others. The order of additions does not matter.
    pub fn join(&mut self, other: Self) {
        self.rate = self.rate.max(other.rate);
        self.found.join(other.found);
    }
}

/// Sampled records in a log source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampled {
    /// The log source that holds them.
    pub stream: StreamId,
    /// The class that the records name, if they name one.
    pub class: Option<ClassId>,
    /// The records of an hour.
    pub records: SampledRecords,
}

/// Sessions of a class in a log source whose last use was with an old version, and that no record ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSessions {
    /// The class that the records name, if they name one.
    pub class: Option<ClassId>,
    /// The log source that holds them.
    pub stream: StreamId,
    /// The instance that has them, if logged.
    pub instance: Option<Arc<str>>,
    /// How many there are.
    pub count: u64,
    /// The last use of the one that was used first.
    pub first: At,
    /// The last use of the one that was used last.
    pub last: At,
    /// Of the sessions that were opened before the last of these.
    pub earlier: EndedSessions,
    /// Of the sessions that were opened before the first of these.
    pub before_first: EndedSessions,
    /// How many ends of sessions the log source holds.
    pub ends: u64,
    /// How long a session of the log source lived, at most.
    pub longest: Option<Duration>,
    /// When the log source last listed an open session.
    pub listed: Option<Timestamp>,
}

/// How many of some sessions have a logged end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EndedSessions {
    /// The sessions.
    pub of: u64,
    /// Those with an end.
    pub ended: u64,
}

/// When whole listings no longer showed members that they had shown before: the instant of the first listing without a
/// member, if each series of listings that ever showed it has one.
pub fn missing_since<'l>(
    listings: impl IntoIterator<Item = &'l Listing>,
) -> BTreeMap<(ClassId, Arc<str>), Timestamp> {
    let mut series: BTreeMap<(ClassId, StreamId), Vec<&Listing>> = BTreeMap::new();
    for listing in listings {
        series.entry((listing.class, listing.stream)).or_default().push(listing);
    }
    let mut ends: BTreeMap<(ClassId, Arc<str>), Option<Timestamp>> = BTreeMap::new();
    for ((class, _), mut listings) in series {
        listings.sort_by_key(|listing| listing.taken);
        for (name, end) in missing_in(&listings) {
            let known = ends.entry((class, name)).or_insert(end);
            *known = known.zip(end).map(|(known, end)| known.max(end));
        }
    }
    ends.into_iter().filter_map(|(member, end)| Some((member, end?))).collect()
}

/// When a series of listings, in order of time, no longer showed each member. `None`: the last one shows it.
fn missing_in(listings: &[&Listing]) -> BTreeMap<Arc<str>, Option<Timestamp>> {
    let mut ends: BTreeMap<Arc<str>, Option<Timestamp>> = BTreeMap::new();
    for listing in listings {
        for end in ends.values_mut() {
            end.get_or_insert(listing.taken);
        }
        ends.extend(listing.instances.iter().map(|name| (Arc::clone(name), None)));
    }
    ends
}

/// The members of a class that a whole listing showed at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The series of listings.
    pub stream: StreamId,
    /// The class that the records name.
    pub class: ClassId,
    /// When the listing was taken.
    pub taken: Timestamp,
    /// The names of the members, sorted.
    pub instances: Vec<Arc<str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_missing_where_a_later_listing_of_the_same_series_shows_only_others() {
        let listing = |stream: u32, taken: i64, names: &[&str]| Listing {
            stream: StreamId(stream),
            class: ClassId(0),
            taken: Timestamp(taken),
            instances: names.iter().map(|name| Arc::from(*name)).collect(),
        };
        let member = (ClassId(0), Arc::from("a"));
        let since = |listings: &[Listing]| missing_since(listings).get(&member).map(|at| at.0);
        assert_eq!(since(&[listing(0, 1, &["a", "b"]), listing(0, 5, &["b"])]), Some(5));
        assert_eq!(
            since(&[listing(0, 1, &["a"]), listing(0, 5, &["b"]), listing(0, 9, &["b"])]),
            Some(5)
        );
        assert_eq!(since(&[listing(0, 1, &["b"]), listing(0, 5, &["b"])]), None, "never shown");
        assert_eq!(since(&[listing(0, 1, &["a"]), listing(1, 5, &["b"])]), None, "another cluster");
        assert_eq!(since(&[listing(0, 1, &["b"]), listing(0, 5, &["a", "b"])]), None);
        let both = [listing(0, 1, &["a"]), listing(0, 5, &["b"]), listing(1, 2, &["a"])];
        assert_eq!(since(&both), None, "the other series still shows it");
        assert_eq!(since(&[]), None);
    }
}
