/*! Turns samples of counters into events: the growth of a series between two samples becomes one row over that
 * interval.
 *
 * A counter that falls was restarted, and its new value counts as growth. Growth between the last sample and the
 * restart is lost, so counters can prove use but never its absence.
 *
 * The first sample of a series also closes an interval if its stream was read earlier, since the series did not exist
 * then. If it was not, the events happened at some time before the sample. For the old version that counts as a use
 * no later than the sample (a short job may leave a single sample), and so does a refusal; otherwise the sample is no
 * evidence.
 */

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::coverage::{Pulse, Tally};
use crate::model::evidence::whole_count;
use crate::model::{ClassId, InputId, Kind, Outcome, State, TimeBasis, Timestamp, When};
use crate::scan::{Row, Sample, Sym};

use super::sealed::Sealed;

/// A series of one process (by the start of the counter, if the source names it), class and credential.
type Series = ([u8; 16], Option<Timestamp>, Option<ClassId>, Sym, Kind);

/// Replaces samples by increases. A sample without an increase is irrelevant, one delivered twice is a duplicate.
pub(super) fn increases(
    sealed: &mut Sealed,
    pulses: &BTreeMap<Sym, Pulse>,
    tallies: &mut BTreeMap<InputId, Tally>,
) {
    let mut series: BTreeMap<Series, Vec<(Sample, Row)>> = BTreeMap::new();
    let mut rows = Vec::with_capacity(sealed.rows.len());
    for mut row in std::mem::take(&mut sealed.rows) {
        match row.sample.take() {
            Some(sample) => {
                let key = (sample.series, sample.since, row.class, row.raw_uid, row.kind);
                series.entry(key).or_default().push((*sample, row));
            }
            None => rows.push(row),
        }
    }
    let mut dropped = BTreeSet::new();
    let mut twice = BTreeSet::new();
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
                        twice.insert(record);
                    }
                    None
                }
                Some((last, at, _)) => Some((growth(last.value, sample.value), at.earliest())),
                None => first(sample, &row, pulses.get(&row.stream)),
            };
            match increase.filter(|(growth, _)| *growth > 0.0) {
                Some((growth, from)) => {
                    row.count = whole_count(growth);
                    row.when =
                        When { at: from, end: Some(when.latest()), basis: TimeBasis::Coarse };
                    rows.push(row);
                }
                None => {
                    dropped.insert(record);
                }
            }
        }
    }
    let kept: BTreeSet<_> = rows.iter().map(|row| (row.place.input, row.place.record)).collect();
    for record in dropped.difference(&kept) {
        let tally = tallies.get_mut(&record.0).expect("each row has an input");
        tally.evidence -= 1;
        if twice.contains(record) { tally.duplicate += 1 } else { tally.irrelevant += 1 }
    }
    sealed.rows = rows;
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
