/*! Turns samples of counters into events: the growth of a series between two samples becomes one row over that
 * interval.
 *
 * A counter that falls was restarted, and its new value counts as growth. Growth between the last sample and the
 * restart is lost, so counters can prove use but never its absence.
 *
 * So it is where its series or its process began anew between two samples, even at an equal number. The sum of the
 * parts of a series (buckets, sums) stands for it where its total is not exported: any growth of it was a use of an old
 * version, and says nothing of others.
 *
 * The first sample of a series also closes an interval if its stream was read earlier, since the series did not exist
 * then. If it was not, the events happened at some time before the sample. For the old version that counts as a use
 * no later than the sample (a short job may leave a single sample), and so does a refusal; otherwise the sample is no
 * evidence.
 */

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::coverage::{Pulse, StreamId, Tally};
use crate::model::evidence::{SampleRole, whole_count};
use crate::model::facts::{Stray, StrayMarker};
use crate::model::noticed::Noticed;
use crate::model::{ClassId, InputId, Kind, Outcome, State, TimeBasis, Timestamp, VersionId, When};
use crate::scan::{Row, Sample, Sym};

use super::counter_starts;
use super::order;
use super::sealed::Sealed;

/// A series of one process (by the start of the counter, if the source names it), class and credential.
type Series = ([u8; 16], Option<Timestamp>, Option<ClassId>, Sym, Kind);

/// The samples of each series.
type SampledSeries = BTreeMap<Series, Vec<(Sample, Row)>>;

/// Replaces samples by increases. A sample without an increase is irrelevant, one delivered twice is a duplicate.
pub(super) fn increases(
    sealed: &mut Sealed,
    pulses: &BTreeMap<Sym, Pulse>,
    tallies: &mut BTreeMap<InputId, Tally>,
) {
    let mut records = SampleRecords::default();
    let starts = counter_starts::Starts::of(&sealed.rows);
    let mut rows = std::mem::take(&mut sealed.rows);
    let series = split(&mut rows, &mut records);
    for mut samples in series.into_values() {
        samples.sort_by(in_time);
        let mut before: Option<(Sample, When, InputId)> = None;
        for (sample, mut row) in samples {
            let (record, when) = ((row.place.input, row.place.record), row.when);
            let earlier = before.replace((sample, when, row.place.input));
            let increase = match earlier {
                Some((last, at, input))
                    if at == when && last.value.total_cmp(&sample.value).is_eq() =>
                {
                    if input != row.place.input {
                        records.twice.insert(record);
                    }
                    None
                }
                Some((last, at, _)) => Some(match starts.between(&sample, &row, at) {
                    Some(start) => (sample.value, start),
                    None => (growth(last.value, sample.value), at.earliest()),
                }),
                None => first(sample, &row, pulses.get(&row.stream)),
            };
            if sample.role == SampleRole::Part && row.state == State::Old {
                records.part_alone(&row, &sealed.stream_ids);
            }
            match increase.filter(|(growth, _)| *growth > 0.0) {
                Some((growth, from)) => {
                    row.count =
                        if sample.role == SampleRole::Part { 1 } else { whole_count(growth) };
                    row.when =
                        When { at: from, end: Some(when.latest()), basis: TimeBasis::Coarse };
                    rows.push(row);
                }
                None => {
                    records.dropped.insert(record);
                }
            }
        }
    }
    records.settle(&rows, tallies);
    let parts_alone = records.parts_alone.into_iter().map(|((stream, version), found)| {
        let (why, place) = (Stray::PartOfSeries, String::new());
        StrayMarker { stream, version, why, place, found }
    });
    sealed.stray_markers.extend(parts_alone);
    sealed.rows = rows;
}

/// Records whose samples give no row.
#[derive(Default)]
struct SampleRecords {
    dropped: BTreeSet<(InputId, u64)>,
    twice: BTreeSet<(InputId, u64)>,
    /// Old series of which only parts are exported.
    parts_alone: BTreeMap<(StreamId, VersionId), Noticed>,
}

impl SampleRecords {
    fn drop(&mut self, row: &Row) {
        self.dropped.insert((row.place.input, row.place.record));
    }

    /// Even where the parts of an old series do not grow, the series may have counted other uses.
    fn part_alone(&mut self, row: &Row, streams: &BTreeMap<Sym, StreamId>) {
        let (Some(stream), Some(version)) = (streams.get(&row.stream).copied(), row.version) else {
            return;
        };
        let found = Noticed::one((row.when.latest(), row.place));
        let entry = self.parts_alone.entry((stream, version));
        entry.and_modify(|sum| sum.join(found)).or_insert(found);
    }

    fn settle(&mut self, rows: &[Row], tallies: &mut BTreeMap<InputId, Tally>) {
        order::without_kept(&mut self.dropped, rows);
        for record in &self.dropped {
            let tally = tallies.get_mut(&record.0).expect("each row has an input");
            tally.evidence -= 1;
            if self.twice.contains(record) { tally.duplicate += 1 } else { tally.irrelevant += 1 }
        }
    }
}

/// Takes out the samples of each series.
fn split(rows: &mut Vec<Row>, records: &mut SampleRecords) -> SampledSeries {
    let (mut series, mut parts) = (SampledSeries::new(), SampledSeries::new());
    for mut row in rows.extract_if(.., |row| row.sample.is_some()) {
        let Some(sample) = row.sample.take() else { continue };
        let key = (sample.series, sample.since, row.class, row.uid_digest, row.kind);
        match sample.role {
            SampleRole::Began => records.drop(&row),
            SampleRole::Total => series.entry(key).or_default().push((*sample, row)),
            SampleRole::Part => parts.entry(key).or_default().push((*sample, row)),
        }
    }
    for (key, samples) in parts {
        let is_old = samples.iter().any(|(_, row)| row.state == State::Old);
        if series.contains_key(&key) || !is_old {
            for (_, row) in &samples {
                records.drop(row);
            }
        } else {
            series.insert(key, sums(samples, records));
        }
    }
    series
}

/// The parts of a series at one time, added up: the sum grows if one of them does.
fn sums(samples: Vec<(Sample, Row)>, records: &mut SampleRecords) -> Vec<(Sample, Row)> {
    let mut sums: BTreeMap<(Timestamp, Timestamp), (Sample, Row)> = BTreeMap::new();
    for (sample, row) in samples {
        let at = (row.when.latest(), row.when.earliest());
        match sums.get_mut(&at) {
            Some((sum, _)) => {
                sum.value += sample.value;
                records.drop(&row);
            }
            None => {
                sums.insert(at, (sample, row));
            }
        }
    }
    sums.into_values().collect()
}

/// The order of samples: by time, and at one time by value, since a counter only grows.
fn in_time((left, left_row): &(Sample, Row), (right, right_row): &(Sample, Row)) -> Ordering {
    let time = left_row.when.latest().cmp(&right_row.when.latest());
    let value = left.value.total_cmp(&right.value);
    time.then(value).then(left_row.place.cmp(&right_row.place))
}

/// How much a series grew. If it fell, it was restarted at zero.
fn growth(before: f64, now: f64) -> f64 {
    if now < before { now } else { now - before }
}

/// The increase that the first sample of a series stands for, and since when.
fn first(sample: Sample, row: &Row, pulse: Option<&Pulse>) -> Option<(f64, Timestamp)> {
    let at = row.when.earliest();
    let counts_since = sample.since.filter(|since| *since <= at);
    let absent = pulse.and_then(|pulse| pulse.last_before(at));
    if let Some(from) = counts_since.max(absent) {
        return Some((sample.value, from));
    }
    // Neither an old use nor a refusal may be lost because there is no earlier sample.
    let counts = row.state == State::Old || row.outcome == Outcome::AuthFailure;
    counts.then_some((sample.value, at))
}
