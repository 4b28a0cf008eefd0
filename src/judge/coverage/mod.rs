/*! When a stream provably recorded, where it has holes, and so when a class could be seen. */

use super::spans;
use crate::model::coverage::Cell;
use crate::model::facts::Stream;
use crate::model::{Duration, Span, Timestamp};

/// The least silence that is a hole, where none is declared.
const GAP_MIN: Duration = Duration(15 * Duration::MINUTE.0);

/// So many gaps are needed to learn which silence is a hole.
const GAPS_MIN: u64 = 20;

/// A stream and when it recorded, up to `A`.
#[derive(Clone, Debug)]
pub struct StreamCase<'a> {
    /// What was read of it.
    pub fact: &'a Stream,
    /// From its first record to its last.
    pub span: Option<Span>,
    /// A longer silence is a hole; not known: nothing is covered.
    pub max_gap: Option<Duration>,
    /// When it provably recorded.
    pub covered: Vec<Span>,
    /// Where it did not, from its first record to `A`.
    pub holes: Vec<Span>,
}

/// When a stream recorded, up to the end of the window.
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

/// The instants at which every one of these streams recorded; of no stream, none.
pub fn common<'s, 'a: 's>(streams: impl IntoIterator<Item = &'s StreamCase<'a>>) -> Vec<Span> {
    streams
        .into_iter()
        .map(|stream| stream.covered.clone())
        .reduce(|one, two| spans::intersect(&one, &two))
        .unwrap_or_default()
}

fn cells_until(stream: &Stream, end: Timestamp) -> Vec<Cell> {
    let known = stream.pulse.0.values().filter(|cell| cell.first <= end);
    known.map(|cell| Cell { last: cell.last.min(end), ..*cell }).collect()
}

/// 1.5 times the second longest gap before `limit`, left out those that hold a known loss.
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
    gaps.sort_by(|one, two| two.cmp(one));
    let second = gaps.get(1).copied().unwrap_or(Duration::MINUTE);
    Some(second.scaled(3, 2).max(GAP_MIN))
}

/// From record to record while the gaps are no longer than `max_gap`; the last gap ends at `end`.
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

/// Known losses: from a break to the next record, and missing periods.
fn losses(stream: &Stream, cells: &[Cell], end: Timestamp) -> Vec<Span> {
    let breaks = stream.breaks.iter().filter(|from| **from <= end).map(|&from| {
        let next = cells.get(cells.partition_point(|cell| cell.last <= from));
        let to = next.map_or(end, |cell| if cell.first > from { cell.first } else { cell.last });
        Span { from, to }
    });
    spans::normal(breaks.chain(stream.missing.iter().copied()).collect())
}

#[cfg(test)]
mod tests;
