/*! When a log source provably recorded and where it has holes, and so when a class would have been seen. */

use super::spans;
use crate::model::coverage::Cell;
use crate::model::facts::{Facts, Instance, Stream};
use crate::model::{ClassId, Duration, Refresh, Span, Timestamp};
use crate::plan::{Consumer, Plan};

/// The shortest silence that is a hole, if the plan declares none.
const GAP_MIN: Duration = Duration(15 * Duration::MINUTE.0);

/// The fewest gaps from which can be learned which silence is a hole.
const GAPS_MIN: u64 = 20;

/// A log source, and when it recorded up to `A`.
#[derive(Clone, Debug)]
pub struct StreamCase<'a> {
    /// What was read.
    pub fact: &'a Stream,
    /// From its first record to its last.
    pub span: Option<Span>,
    /// A longer silence is a hole. If this is not known, no time is logged.
    pub max_gap: Option<Duration>,
    /// When it provably recorded.
    pub covered: Vec<Span>,
    /// When it did not, from its first record to `A`.
    pub holes: Vec<Span>,
}

/// How long a log source may be silent because all of its records are of classes that say how rarely they run: a job's
/// own log. `None` if it holds other records too.
pub fn declared_silence(stream: &Stream, plan: &Plan) -> Option<Duration> {
    let consumers = stream.carries.iter().map(|class| &plan.consumers[usize::from(class.0)]);
    let silences = consumers.map(|consumer| Some(consumer.every? + consumer.lag));
    let silences: Option<Vec<Duration>> = silences.collect();
    silences?.into_iter().max().filter(|_| !stream.holds_others)
}

/// When a log source recorded, up to the end of the window. `declared`: a silence that is no hole, by the plan.
pub fn cover(
    stream: &Stream,
    declared: Option<Duration>,
    introduced: Timestamp,
    window: Span,
) -> StreamCase<'_> {
    let cells = cells_until(stream, window.to);
    let max_gap = stream
        .max_gap
        .or_else(|| learn(stream, &cells, introduced))
        .or_else(|| learn(stream, &cells, window.from))
        .max(declared);
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else {
        return StreamCase { fact: stream, span: None, max_gap, covered: vec![], holes: vec![] };
    };
    let whole = Span { from: first.first, to: window.to };
    let covered = max_gap.map_or_else(Vec::new, |max_gap| {
        spans::subtract(&recorded(&cells, max_gap, window.to), &losses(stream, &cells, window.to))
    });
    StreamCase {
        fact: stream,
        span: Some(Span { from: first.first, to: last.last }),
        max_gap,
        holes: spans::uncovered(whole, &covered),
        covered,
    }
}

/// When a log source need not record for a class: before the logged starts of all instances of the class that it names,
/// and after their recorded ends. The end of a run does not count.
pub fn excused(stream: &Stream, consumer: (ClassId, &Consumer), facts: &Facts) -> Vec<Span> {
    let (class, consumer) = consumer;
    let present: Vec<_> = stream.present.iter().filter(|present| present.class == class).collect();
    if present.is_empty() || matches!(consumer.refresh, Some(Refresh::PerRun | Refresh::PerRequest))
    {
        return Vec::new();
    }
    let instances = || {
        present.iter().map(|present| {
            let name = present.instance.as_deref()?;
            let is_it = |one: &&Instance| one.class == class && &*one.name == name;
            facts.instances.iter().find(is_it)
        })
    };
    let ends: Option<Vec<Timestamp>> = instances()
        .map(|instance| {
            let stopped = instance?.stopped?.latest();
            instance?.presence.iter().all(|span| span.to <= stopped).then_some(stopped)
        })
        .collect();
    let starts: Option<Vec<Timestamp>> = instances()
        .map(|instance| {
            let started = instance?.started?.earliest();
            instance?.presence.iter().all(|span| span.from >= started).then_some(started)
        })
        .collect();
    let end = ends.and_then(|ends| ends.into_iter().max());
    let start = starts.and_then(|starts| starts.into_iter().min());
    let before = start.map(|to| Span { from: Timestamp(i64::MIN / 4), to });
    let after = end.map(|from| Span { from, to: Timestamp(i64::MAX / 4) });
    before.into_iter().chain(after).collect()
}

/// The instants at which one of these log sources recorded and each of the others did or need not. Empty if there are
/// no log sources. With each goes when it need not record.
pub fn common<'s, 'a: 's>(
    streams: impl IntoIterator<Item = (&'s StreamCase<'a>, Vec<Span>)>,
) -> Vec<Span> {
    let mut recorded = Vec::new();
    let whole = streams
        .into_iter()
        .map(|(stream, excused)| {
            recorded.extend(stream.covered.iter().copied());
            spans::normal([stream.covered.as_slice(), &excused].concat())
        })
        .reduce(|common, covered| spans::intersect(&common, &covered))
        .unwrap_or_default();
    spans::intersect(&whole, &spans::normal(recorded))
}

/// When none of these log sources recorded, from the first record of any to the end. Empty if it is not known of one of
/// them which of its silences are holes.
pub fn unrecorded<'s, 'a: 's>(
    streams: impl Iterator<Item = &'s StreamCase<'a>>,
    end: Timestamp,
) -> Vec<Span> {
    let streams: Vec<&StreamCase> = streams.filter(|stream| stream.span.is_some()).collect();
    let first = streams.iter().filter_map(|stream| stream.span).map(|span| span.from).min();
    let is_known = streams.iter().all(|stream| stream.max_gap.is_some());
    let Some(from) = first.filter(|from| is_known && *from < end) else { return Vec::new() };
    let covered = streams.iter().flat_map(|stream| stream.covered.iter().copied());
    spans::uncovered(Span { from, to: end }, &spans::normal(covered.collect()))
}

fn cells_until(stream: &Stream, end: Timestamp) -> Vec<Cell> {
    let cells = stream.pulse.0.values().filter(|cell| cell.first <= end);
    cells.map(|cell| Cell { last: cell.last.min(end), ..*cell }).collect()
}

/// 1.5 times the second longest gap before `limit`, not counting gaps that contain a known loss.
fn learn(stream: &Stream, cells: &[Cell], limit: Timestamp) -> Option<Duration> {
    let records: u64 = cells
        .iter()
        .filter(|cell| cell.first < limit)
        .map(|cell| if cell.last < limit { cell.records } else { 1 })
        .sum();
    if records <= GAPS_MIN {
        return None;
    }
    let losses = losses(stream, cells, limit);
    let mut gaps: Vec<Duration> = cells
        .windows(2)
        .filter(|pair| pair[1].first < limit)
        .map(|pair| Span { from: pair[0].last, to: pair[1].first })
        .filter(|gap| !spans::overlaps(&losses, *gap))
        .map(Span::length)
        .collect();
    gaps.sort_by(|first, second| second.cmp(first));
    let second = gaps.get(1).copied().unwrap_or(Duration::MINUTE);
    Some(second.scaled(3, 2).max(GAP_MIN))
}

/// The spans from record to record in which no gap is longer than `max_gap`. The last gap ends at `end`.
fn recorded(cells: &[Cell], max_gap: Duration, end: Timestamp) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for cell in cells {
        match out.last_mut() {
            Some(span) if cell.first - span.to <= max_gap => span.to = cell.last,
            Some(_) | None => out.push(Span { from: cell.first, to: cell.last }),
        }
    }
    if let Some(span) = out.last_mut().filter(|span| end - span.to <= max_gap) {
        span.to = end;
    }
    out
}

/// Known losses: the time from a break to the next record, and missing periods.
fn losses(stream: &Stream, cells: &[Cell], end: Timestamp) -> Vec<Span> {
    let breaks = stream.breaks.iter().filter(|from| **from <= end).map(|&from| {
        let next = cells.get(cells.partition_point(|cell| cell.last <= from));
        let to = next.map_or(end, |cell| if cell.first > from { cell.first } else { cell.last });
        Span { from, to }
    });
    spans::normal(breaks.chain(stream.missing.iter().copied()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::When;

    const T0: i64 = 10_000;

    fn minute(n: i64) -> Timestamp {
        Timestamp(n * Duration::MINUTE.0)
    }

    fn minutes(n: i64) -> Duration {
        Duration(n * Duration::MINUTE.0)
    }

    fn stream(beats: impl IntoIterator<Item = i64>) -> Stream {
        let mut stream = Stream::default();
        for beat in beats {
            stream.pulse.beat(When::exact(minute(beat)));
        }
        stream
    }

    fn window() -> Span {
        Span { from: minute(T0 + 1000), to: minute(T0 + 2000) }
    }

    fn holes(stream: &Stream) -> Vec<(i64, i64)> {
        let case = cover(stream, None, minute(T0), window());
        case.holes.iter().map(|hole| (hole.from.0 / 60_000_000, hole.to.0 / 60_000_000)).collect()
    }

    /// A record every ten minutes from 5000 to 12000.
    fn steady() -> Vec<i64> {
        (500..=1200).map(|n| n * 10).collect()
    }

    #[test]
    fn a_steady_log_source_has_no_hole() {
        assert_eq!(holes(&stream(steady())), []);
    }

    #[test]
    fn a_silence_is_a_hole_once_it_is_longer_than_the_gap() {
        let mut beats = steady();
        beats.retain(|beat| !(11_501..11_515).contains(beat));
        assert_eq!(holes(&stream(beats.clone())), [(11_500, 11_520)]);
        let mut wide = stream(beats);
        wide.max_gap = Some(minutes(20));
        assert_eq!(holes(&wide), []);
        wide.max_gap = Some(Duration(minutes(20).0 - 1));
        assert_eq!(holes(&wide)[0], (11_500, 11_520));
    }

    #[test]
    fn the_second_longest_baseline_gap_is_learned() {
        let mut beats = steady();
        beats.retain(|beat| !(6001..6100).contains(beat) && !(7001..7060).contains(beat));
        let case = stream(beats.clone());
        assert_eq!(cover(&case, None, minute(T0), window()).max_gap, Some(minutes(90)));
        let mut broken = stream(beats);
        broken.breaks = vec![minute(6000)];
        assert_eq!(cover(&broken, None, minute(T0), window()).max_gap, Some(minutes(15)));
    }

    #[test]
    fn twenty_gaps_are_enough_and_nineteen_are_not() {
        let few = |n: i64| stream((0..n).map(|i| 11_800 + i * 10));
        assert_eq!(cover(&few(21), None, minute(T0), window()).max_gap, None);
        let early = |n: i64| stream((0..n).map(|i| T0 - 300 + i * 10).chain([12_000]));
        assert_eq!(cover(&early(21), None, minute(T0), window()).max_gap, Some(minutes(15)));
        let late = |n: i64| stream((0..n).map(|i| T0 + 100 + i * 10).chain([12_000]));
        assert_eq!(cover(&late(21), None, minute(T0), window()).max_gap, Some(minutes(15)));
        assert_eq!(cover(&late(20), None, minute(T0), window()).max_gap, None);
        assert_eq!(cover(&late(20), None, minute(T0), window()).covered, []);
        assert_eq!(holes(&late(20)), [(T0 + 100, 12_000)]);
    }

    #[test]
    fn the_time_from_the_last_record_to_the_end_is_a_gap_too() {
        let mut beats = steady();
        beats.retain(|beat| *beat <= 11_980);
        assert_eq!(holes(&stream(beats)), [(11_980, 12_000)]);
    }

    #[test]
    fn known_losses_are_holes_whatever_their_length() {
        let mut broken = stream(steady());
        broken.breaks = vec![minute(11_500), minute(11_995)];
        broken.missing = vec![Span { from: minute(11_603), to: minute(11_604) }];
        assert_eq!(holes(&broken), [(11_500, 11_510), (11_603, 11_604), (11_995, 12_000)]);
    }

    #[test]
    fn records_after_the_end_change_nothing() {
        let mut beats = steady();
        beats.retain(|beat| *beat <= 11_980);
        beats.extend([12_010, 12_020]);
        assert_eq!(holes(&stream(beats)), [(11_980, 12_000)]);
    }

    #[test]
    fn a_class_is_logged_while_all_its_log_sources_record() {
        let (steady_stream, mut beats) = (stream(steady()), steady());
        beats.retain(|beat| !(11_501..11_600).contains(beat));
        let two = stream(beats);
        let cases = [
            cover(&steady_stream, None, minute(T0), window()),
            cover(&two, None, minute(T0), window()),
        ];
        let both = common(cases.iter().map(|case| (case, vec![])));
        assert!(!spans::contains(&both, minute(11_550)) && spans::contains(&both, minute(11_600)));
        assert_eq!(common(std::iter::empty()), []);
    }

    #[test]
    fn a_log_source_of_rare_runs_may_be_silent_between_them() {
        let daily = stream((0..9).map(|day| 5000 + day * 1440));
        let found = |declared| cover(&daily, declared, minute(T0), window()).covered;
        assert_eq!(found(None), []);
        let day = Duration(minutes(1440).0 + minutes(15).0);
        assert_eq!(found(Some(day)), [Span { from: minute(5000), to: minute(T0 + 2000) }]);
        // A longer gap is learned, and a declared one is not shortened.
        let case = stream(steady());
        assert_eq!(cover(&case, Some(day), minute(T0), window()).max_gap, Some(day));
        assert_eq!(cover(&case, Some(minutes(5)), minute(T0), window()).max_gap, Some(minutes(15)));
    }

    #[test]
    fn a_log_source_that_need_not_record_does_not_prove_silence() {
        let ended = stream((500..=1120).map(|n| n * 10));
        let whole = stream(steady());
        let cases = [&ended, &whole].map(|stream| cover(stream, None, minute(T0), window()));
        let after = vec![Span { from: minute(11_200), to: Timestamp(i64::MAX / 4) }];
        let of = |excused: [Vec<Span>; 2]| common(cases.iter().zip(excused));
        assert!(!spans::contains(&of([vec![], vec![]]), minute(11_500)));
        assert!(spans::contains(&of([after.clone(), vec![]]), minute(11_500)));
        let alone = common([(&cases[0], after)]);
        assert!(!spans::contains(&alone, minute(11_500)));
    }
}
