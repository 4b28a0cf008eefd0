/*! Running numbers, samples and listings of all inputs together. */

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::sealed::{Sealed, StreamIds};
use crate::model::continuity::{Listing, NumberRun, NumberSeries, Sampled, SampledRecords};
use crate::model::coverage::StreamId;
use crate::model::noticed::DatedPlace;
use crate::model::{ClassId, Duration, Timestamp};
use crate::scan::Part;

/// Records of one source may be stamped in another order than they are numbered, by this much.
const STAMPS_APART: Duration = Duration::MINUTE;

/// Runs of all inputs, and the first record whose number none of them holds.
type JoinedRuns = (Vec<NumberRun>, Option<DatedPlace>);

pub(super) fn fill<'p>(
    sealed: &mut Sealed,
    parts: impl Iterator<Item = &'p Part>,
    ids: &StreamIds,
) {
    let mut numbers: BTreeMap<(StreamId, &str), JoinedRuns> = BTreeMap::new();
    let mut samples: BTreeMap<(StreamId, Option<ClassId>, Timestamp), SampledRecords> =
        BTreeMap::new();
    let mut listings: BTreeMap<(StreamId, ClassId, Timestamp), BTreeSet<&str>> = BTreeMap::new();
    for part in parts {
        for ((name, instance), runs) in &part.continuity.numbers {
            let (joined, unkept) = numbers.entry((ids[name], instance)).or_default();
            joined.extend(&runs.runs);
            *unkept = unkept.iter().copied().chain(runs.unkept).min();
        }
        for ((name, class, hour), records) in &part.continuity.samples {
            let entry = samples.entry((ids[name], *class, *hour));
            entry.and_modify(|sum| sum.join(*records)).or_insert(*records);
        }
        // A listing of which pages are missing shows no absence.
        let is_whole = part.page.is_none_or(|page| !page.signs.more) && part.damage.is_empty();
        for ((name, taken, class), instances) in &part.continuity.listings {
            if is_whole {
                let members = listings.entry((ids[name], *class, *taken)).or_default();
                members.extend(instances.iter().map(String::as_str));
            }
        }
    }
    let numbers = numbers.into_iter().map(|((stream, instance), (runs, unkept))| NumberSeries {
        stream,
        instance: (!instance.is_empty()).then(|| Arc::from(instance)),
        counts: counts(runs),
        unkept,
    });
    sealed.numbers = numbers.collect();
    let samples = samples.into_iter();
    sealed.samples =
        samples.map(|((stream, class, _), records)| Sampled { stream, class, records }).collect();
    let listings = listings.into_iter().map(|((stream, class, taken), instances)| Listing {
        stream,
        class,
        taken,
        instances: instances.into_iter().map(Arc::from).collect(),
    });
    sealed.listings = listings.collect();
}

/// The runs in the order of their numbers, joined where nothing lies between them. A number that falls back begins a
/// new list; one that was only late, or that another file holds too, does not.
fn counts(mut runs: Vec<NumberRun>) -> Vec<Vec<NumberRun>> {
    runs.sort_by_key(|run| (run.from, run.first, run.last));
    let mut counts: Vec<BTreeMap<u64, NumberRun>> = Vec::new();
    for run in runs {
        match counts.last_mut() {
            Some(count) if fits(count, &run) => insert(count, run),
            Some(_) | None => counts.push(BTreeMap::from([(run.first, run)])),
        }
    }
    counts.into_iter().map(|count| count.into_values().collect()).collect()
}

/// Whether a run belongs to a count: its numbers follow those that are there, or it was written when its neighbours
/// were.
fn fits(count: &BTreeMap<u64, NumberRun>, run: &NumberRun) -> bool {
    let Some((_, last)) = count.last_key_value() else { return true };
    if run.first > last.last {
        return true;
    }
    let before = count.range(..=run.first).next_back().map(|(_, before)| before);
    let after = count.range(run.first..).next().map(|(_, after)| after);
    let overlaps = |other: &&NumberRun| other.first <= run.last && run.first <= other.last;
    let overlapped: Vec<&NumberRun> = before.into_iter().chain(after).filter(overlaps).collect();
    if overlapped.is_empty() {
        let is_after_before = before.is_none_or(|other| run.from.0 >= other.to.0 - STAMPS_APART);
        let is_before_after = after.is_none_or(|other| run.to.0 <= other.from.0 + STAMPS_APART);
        return before.is_some() && is_after_before && is_before_after;
    }
    overlapped.iter().all(|other| {
        run.from.0 <= other.to.0 + STAMPS_APART && other.from.0 <= run.to.0 + STAMPS_APART
    })
}

/// Adds a run, joined with those that it overlaps or touches.
fn insert(count: &mut BTreeMap<u64, NumberRun>, mut run: NumberRun) {
    loop {
        let reach = run.last.saturating_add(1);
        let near = count.range(..=reach).next_back().map(|(_, near)| *near);
        let Some(near) = near.filter(|near| near.last.saturating_add(1) >= run.first) else {
            break;
        };
        count.remove(&near.first);
        if near.first < run.first {
            (run.first, run.from) = (near.first, near.from);
        }
        if near.last > run.last {
            (run.last, run.to) = (near.last, near.to);
        }
    }
    count.insert(run.first, run);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    /// A run of these numbers, one each minute from that minute on.
    fn run(first: u64, last: u64, minute: i64) -> NumberRun {
        let at = |minute: i64| (Timestamp(minute * Duration::MINUTE.0), Place::default());
        let length = i64::try_from(last - first).expect("a small number");
        NumberRun { first, last, from: at(minute), to: at(minute + length) }
    }

    fn joined(runs: &[NumberRun]) -> Vec<Vec<(u64, u64)>> {
        let counts = counts(runs.to_vec());
        counts.iter().map(|count| count.iter().map(|run| (run.first, run.last)).collect()).collect()
    }

    #[test]
    fn runs_of_rotated_and_overlapping_files_are_one() {
        assert_eq!(joined(&[run(1, 50, 0), run(51, 90, 50)]), [[(1, 90)]]);
        assert_eq!(joined(&[run(51, 90, 50), run(1, 50, 0)]), [[(1, 90)]]);
        assert_eq!(joined(&[run(1, 60, 0), run(31, 90, 30)]), [[(1, 90)]]);
        assert_eq!(joined(&[run(1, 90, 0), run(31, 40, 30)]), [[(1, 90)]]);
    }

    #[test]
    fn missing_numbers_part_the_runs() {
        assert_eq!(joined(&[run(1, 50, 0), run(53, 90, 52)]), [[(1, 50), (53, 90)]]);
        // Another file holds what the first one lacks.
        assert_eq!(joined(&[run(1, 50, 0), run(53, 90, 52), run(51, 52, 50)]), [[(1, 90)]]);
    }

    #[test]
    fn a_number_that_falls_back_begins_anew() {
        assert_eq!(joined(&[run(1, 50, 0), run(1, 9, 60)]), [vec![(1, 50)], vec![(1, 9)]]);
        assert_eq!(joined(&[run(100, 150, 0), run(1, 9, 60)]), [vec![(100, 150)], vec![(1, 9)]]);
        // It would fill a gap, but hours after its neighbours were written.
        assert_eq!(
            joined(&[run(1, 50, 0), run(60, 90, 59), run(51, 55, 300)]),
            [vec![(1, 50), (60, 90)], vec![(51, 55)]]
        );
    }
}
