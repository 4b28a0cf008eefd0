/*! When a log source provably recorded and where it has holes, and so when a class would have been seen. */

use super::spans;
use crate::model::coverage::Cell;
use crate::model::facts::Stream;
use crate::model::{Duration, Span, Timestamp};

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

/// When a log source recorded, up to the end of the window.
pub fn cover(stream: &Stream, introduced: Timestamp, window: Span) -> StreamCase<'_> {
    let cells = cells_until(stream, window.to);
    let max_gap = stream
        .max_gap
        .or_else(|| learn(stream, &cells, introduced))
        .or_else(|| learn(stream, &cells, window.from));
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

/// The instants at which each of these log sources recorded. Empty if there are no log sources.
pub fn common<'s, 'a: 's>(streams: impl IntoIterator<Item = &'s StreamCase<'a>>) -> Vec<Span> {
    streams
        .into_iter()
        .map(|stream| stream.covered.clone())
        .reduce(|common, covered| spans::intersect(&common, &covered))
        .unwrap_or_default()
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
        let case = cover(stream, minute(T0), window());
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
        assert_eq!(cover(&case, minute(T0), window()).max_gap, Some(minutes(90)));
        let mut broken = stream(beats);
        broken.breaks = vec![minute(6000)];
        assert_eq!(cover(&broken, minute(T0), window()).max_gap, Some(minutes(15)));
    }

    #[test]
    fn twenty_gaps_are_enough_and_nineteen_are_not() {
        let few = |n: i64| stream((0..n).map(|i| 11_800 + i * 10));
        assert_eq!(cover(&few(21), minute(T0), window()).max_gap, None);
        let early = |n: i64| stream((0..n).map(|i| T0 - 300 + i * 10).chain([12_000]));
        assert_eq!(cover(&early(21), minute(T0), window()).max_gap, Some(minutes(15)));
        let late = |n: i64| stream((0..n).map(|i| T0 + 100 + i * 10).chain([12_000]));
        assert_eq!(cover(&late(21), minute(T0), window()).max_gap, Some(minutes(15)));
        assert_eq!(cover(&late(20), minute(T0), window()).max_gap, None);
        assert_eq!(cover(&late(20), minute(T0), window()).covered, []);
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
        let cases =
            [cover(&steady_stream, minute(T0), window()), cover(&two, minute(T0), window())];
        let both = common(&cases);
        assert!(!spans::contains(&both, minute(11_550)) && spans::contains(&both, minute(11_600)));
        assert_eq!(common([]), []);
    }
}
