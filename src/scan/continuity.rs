/*! What one input tells about records that it should hold and does not: running numbers, samples, ends of sessions; and
 * what its listings show.
 */

use std::collections::{BTreeMap, BTreeSet};

use super::interpret::InterpretedRecord;
use super::stream::StreamName;
use super::unread_markers::StrayEntry;
use crate::limits;
use crate::map::{KindBasis, ListedEntry, Mapped};
use crate::model::columns::Column;
use crate::model::continuity::{NumberRun, SampledRecords};
use crate::model::noticed::{DatedPlace, Noticed};
use crate::model::{ClassId, Duration, InputId, Kind, Place, Span, Timestamp, When};
use crate::safe;

/// Writers of one log may overtake each other by this many records.
const OVERTAKEN: usize = 8;

/// The running numbers of one log source and instance, in the order of the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberRuns {
    /// At most `limits::NUMBER_RUNS` of them.
    pub runs: Vec<NumberRun>,
    /// The first record whose number no run holds.
    pub unkept: Option<DatedPlace>,
}

impl NumberRuns {
    fn add(&mut self, number: u64, at: DatedPlace) {
        let recent = self.runs.len().saturating_sub(OVERTAKEN);
        if self.runs[recent..].iter_mut().rev().any(|run| takes(run, number, at)) {
            return;
        }
        if self.runs.len() < limits::NUMBER_RUNS {
            self.runs.push(NumberRun { first: number, last: number, from: at, to: at });
        } else {
            self.unkept = Some(self.unkept.map_or(at, |first| first.min(at)));
        }
    }
}

/// Whether a run holds this number already, or goes on with it: then it is extended.
fn takes(run: &mut NumberRun, number: u64, at: DatedPlace) -> bool {
    // A number that comes again long after it was left behind is of a new count.
    if run.first <= number && number <= run.last {
        return run.last - number < OVERTAKEN as u64;
    }
    if run.last.checked_add(1) == Some(number) {
        (run.last, run.to) = (number, at);
        return true;
    }
    let is_before = run.first.checked_sub(1) == Some(number);
    if is_before && run.from.0 - at.0 <= Duration::MINUTE {
        (run.first, run.from) = (number, run.from.min(at));
        return true;
    }
    false
}

/// The end of a session, or the start or stop of what had sessions, in a record that is no evidence by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEnd {
    /// The log source.
    pub stream: StreamName,
    /// The host, masked.
    pub host: Option<String>,
    /// The session, masked. `None`: all of them ended.
    pub session: Option<String>,
    /// What the record states.
    pub kind: Kind,
    /// When the record happened.
    pub when: When,
    /// The record.
    pub place: Place,
}

/// When the records of an input that were received late happened, and when they were received.
#[derive(Debug, Default)]
pub(super) struct LateArrivals {
    spans: Option<(Span, Span)>,
    /// How many there are.
    count: u64,
    /// The latest arrivals of old markers that nobody reads.
    strays: BTreeMap<StrayEntry, DatedPlace>,
}

impl LateArrivals {
    /// A record of this instant was received late.
    pub(super) fn add(&mut self, at: Timestamp, received: Timestamp) {
        let (stamps, arrivals) = self.spans.unwrap_or((Span::at(at), Span::at(received)));
        self.spans = Some((stamps.hull(Span::at(at)), arrivals.hull(Span::at(received))));
        self.count += 1;
    }

    /// A record with an old marker that nobody reads was received late.
    pub(super) fn add_stray(&mut self, entry: StrayEntry, received: DatedPlace) {
        let latest = self.strays.entry(entry).or_insert(received);
        *latest = received.max(*latest);
    }

    /// The entries of such markers, which may be those of uses until these records were received. In a bulk load their
    /// arrival says nothing.
    pub(super) fn into_strays(
        self,
        is_bulk_load: bool,
    ) -> impl Iterator<Item = (StrayEntry, DatedPlace)> {
        let counts = !is_bulk_load;
        self.strays.into_iter().filter(move |_| counts)
    }

    /// Whether they are more than a tenth of the dated records, are spread over more than a day and were all received
    /// within an hour. A few late records of a log that is written as it happens are no load.
    pub(super) fn is_bulk_load(&self, dated: u64) -> bool {
        self.count > dated / 10
            && self.spans.is_some_and(|(stamps, arrivals)| {
                stamps.length() > Duration::DAY && arrivals.length() <= Duration::HOUR
            })
    }
}

/// What an input tells about its own completeness.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Continuity {
    /// Running numbers, by log source and instance. Records without an instance have the empty name.
    pub numbers: BTreeMap<(StreamName, String), NumberRuns>,
    /// Records that say that they are a sample, by log source, class and hour.
    pub samples: BTreeMap<(StreamName, Option<ClassId>, Timestamp), SampledRecords>,
    /// Ends of sessions whose openings other records tell, at most `limits::SESSION_ENDS`.
    pub ends: Vec<SessionEnd>,
    /// The log sources that are listings: each file shows all that there is at one instant.
    pub snapshots: BTreeSet<StreamName>,
    /// The instances that a listing shows, by log source, instant and class.
    pub listings: BTreeMap<(StreamName, Timestamp, ClassId), BTreeSet<String>>,
}

impl Continuity {
    /// Takes what a dated record says about others that should be there. `source`: its log source and instance.
    pub(super) fn add_dated(
        &mut self,
        (stream, instance): (&str, Option<&str>),
        mapped: &Mapped<'_>,
        classes: &[ClassId],
        at: DatedPlace,
    ) {
        if let Some(number) = mapped.measured.sequence {
            let key = (stream.to_owned(), instance.unwrap_or_default().to_owned());
            self.numbers.entry(key).or_default().add(number, at);
        }
        let Some(rate) = mapped.measured.sample_rate.filter(|rate| *rate > 1.0) else { return };
        let records = SampledRecords { rate, found: Noticed::one(at) };
        let of_nobody = classes.is_empty().then_some(None);
        for class in classes.iter().copied().map(Some).chain(of_nobody) {
            let entry = self.samples.entry((stream.to_owned(), class, at.0.hour()));
            entry.and_modify(|sum| sum.join(records)).or_insert(records);
        }
    }

    /// Takes a member of a listing. A listing is no log whose silence counts.
    pub(super) fn add_listed(
        &mut self,
        (stream, instance): (&str, Option<&str>),
        entry: ListedEntry,
        classes: &[ClassId],
    ) {
        self.snapshots.insert(stream.to_owned());
        let taken = entry.taken.filter(|_| entry.is_running);
        let (Some(taken), Some(instance)) = (taken, instance) else { return };
        for class in classes {
            let key = (stream.to_owned(), taken.earliest(), *class);
            self.listings.entry(key).or_default().insert(instance.to_owned());
        }
    }

    /// Takes the end of a session that may be a consumer's: only all inputs together tell. A session of somebody whom
    /// the record names, and no consumer is, is not of interest.
    pub(super) fn add_session_end(
        &mut self,
        record: &InterpretedRecord<'_, '_>,
        stream: &str,
        (when, place): (When, Place),
    ) {
        let mapped = &record.mapped;
        let is_meant = record.reading.has_sessions() && mapped.kind_basis == KindBasis::Settled;
        let Some(kind) = mapped.kind.filter(|_| is_meant) else { return };
        let mask = |column| mapped.text(column).map(|text| safe::mask_path(text).into_owned());
        let session = match kind {
            Kind::Close => mask(Column::SessionId).filter(|_| mapped.uids.is_empty()),
            _ => None,
        };
        let is_end = matches!(kind, Kind::Start | Kind::Stop) || session.is_some();
        if is_end && self.ends.len() < limits::SESSION_ENDS {
            let (stream, host) = (stream.to_owned(), mask(Column::HostName));
            self.ends.push(SessionEnd { stream, host, session, kind, when, place });
        }
    }

    /// All places lie in this input.
    pub(super) fn stand_in(&mut self, input: InputId) {
        for runs in self.numbers.values_mut() {
            runs.unkept.iter_mut().for_each(|(_, place)| place.input = input);
            for run in &mut runs.runs {
                (run.from.1.input, run.to.1.input) = (input, input);
            }
        }
        self.samples.values_mut().for_each(|records| records.found.stand_in(input));
        self.ends.iter_mut().for_each(|end| end.place.input = input);
    }

    /// Gives its streams other names; what has none any more is left out.
    pub fn rename(&mut self, renamed: &dyn Fn(StreamName) -> Option<StreamName>) {
        let Self { numbers, samples, ends, snapshots, listings } = std::mem::take(self);
        for ((name, instance), mut runs) in numbers {
            let Some(name) = renamed(name) else { continue };
            let joined = self.numbers.entry((name, instance)).or_default();
            joined.runs.append(&mut runs.runs);
            joined.unkept = joined.unkept.into_iter().chain(runs.unkept).min();
        }
        for ((name, class, hour), records) in samples {
            let Some(name) = renamed(name) else { continue };
            let entry = self.samples.entry((name, class, hour));
            entry.and_modify(|sum| sum.join(records)).or_insert(records);
        }
        for end in ends {
            if let Some(stream) = renamed(end.stream.clone()) {
                self.ends.push(SessionEnd { stream, ..end });
            }
        }
        self.snapshots = snapshots.into_iter().filter_map(renamed).collect();
        for ((name, taken, class), instances) in listings {
            if let Some(name) = renamed(name) {
                self.listings.entry((name, taken, class)).or_default().extend(instances);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(numbers: impl IntoIterator<Item = u64>) -> Vec<(u64, u64)> {
        let mut runs = NumberRuns::default();
        for (number, second) in numbers.into_iter().zip(0..) {
            runs.add(number, (Timestamp(second * Duration::SECOND.0), Place::default()));
        }
        runs.runs.iter().map(|run| (run.first, run.last)).collect()
    }

    #[test]
    fn numbers_that_follow_each_other_are_one_run() {
        assert_eq!(runs(1..=9), [(1, 9)]);
        assert_eq!(runs([1, 1, 2, 2, 3]), [(1, 3)], "several records of one event share a number");
        assert_eq!(runs([1, 2, 4, 5]), [(1, 2), (4, 5)]);
        assert_eq!(runs([2, 1, 4, 3, 5]), [(1, 2), (3, 5)], "writers overtook each other");
        assert_eq!(runs((1..=20).chain(1..=3)), [(1, 20), (1, 3)], "the count began anew");
        assert_eq!(runs([u64::MAX - 1, u64::MAX, 0]), [(u64::MAX - 1, u64::MAX), (0, 0)]);
    }

    #[test]
    fn the_number_of_runs_is_bounded_and_the_rest_is_not_forgotten() {
        let mut kept = NumberRuns::default();
        for number in 0..=limits::NUMBER_RUNS as u64 {
            kept.add(number * 2, (Timestamp(0), Place { record: number, ..Place::default() }));
        }
        assert_eq!(kept.runs.len(), limits::NUMBER_RUNS);
        assert_eq!(kept.unkept.map(|(_, place)| place.record), Some(limits::NUMBER_RUNS as u64));
    }
}
