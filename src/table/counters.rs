/*! Samples of counters into what happened: what a series grew by between two of them, as one row over that interval.
 *
 * A counter that falls was started again, and what it shows since then is growth. What grew between the last sample
 * before that and the start is lost; so counters prove use, and never its absence.
 *
 * The first sample of a series closes an interval too, where its stream was read before: then the series was not there.
 * Where nothing is known before it, what it counts happened at any time before: of the old version that is a use at the
 * latest at the sample (a short job may leave one sample and no second), a refusal is one too; else it is no evidence.
 */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::coverage::{Pulse, Tally};
use crate::model::{ClassId, InputId, Kind, Micros, Outcome, State, TimeBasis, When};
use crate::scan::{Row, Sample, Sym, whole};

use super::seal::Sealed;

/// One series as one process (since when it counts, where it says so), class and credential of one record show it.
type Series = ([u8; 16], Option<Micros>, Option<ClassId>, Sym, Kind);

/// Turns samples into increases; those that close none are irrelevant, those delivered twice are duplicates.
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
        samples.sort_by(|(one, first), (two, second)| {
            let time = first.when.latest().cmp(&second.when.latest());
            time.then(one.value.total_cmp(&two.value)).then(first.place.cmp(&second.place))
        });
        let mut before: Option<(Sample, When, InputId)> = None;
        for (sample, mut row) in samples {
            let (record, when) = ((row.place.input, row.place.record), row.when);
            let earlier = before.replace((sample, when, row.place.input));
            let grew = match earlier {
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
            match grew.filter(|(growth, _)| *growth > 0.0) {
                Some((growth, from)) => {
                    row.count = whole(growth);
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
        let tally = tallies.get_mut(&record.0).expect("a row stands in an input");
        tally.evidence -= 1;
        if twice.contains(record) { tally.duplicate += 1 } else { tally.irrelevant += 1 }
    }
    sealed.rows = rows;
}

/// By how much a series grew; one that fell was started again.
fn growth(before: f64, now: f64) -> f64 {
    if now < before { now } else { now - before }
}

/// What the first sample of a series stands for.
fn first(sample: Sample, row: &Row, pulse: Option<&Pulse>) -> Option<(f64, Micros)> {
    let at = row.when.earliest();
    let known = sample.since.filter(|since| *since <= at);
    let absent = pulse.and_then(|pulse| pulse.last_before(at));
    if let Some(from) = known.max(absent) {
        return Some((sample.value, from));
    }
    // Neither an old use nor a refusal may be lost for want of a sample before.
    let counts = row.state == State::Old || row.outcome == Outcome::AuthFailure;
    counts.then_some((sample.value, at))
}
