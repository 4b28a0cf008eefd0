/*! Arithmetic over sets of time: sorted spans that do not touch. */

use crate::model::{Duration, Span, Timestamp};

/// The same set of instants, as sorted spans that neither overlap nor touch.
pub fn normal(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            Some(_) | None => out.push(span),
        }
    }
    out
}

/// The instants that are in both sets.
pub fn intersect(first: &[Span], second: &[Span]) -> Vec<Span> {
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    while i < first.len() && j < second.len() {
        out.extend(first[i].intersect(second[j]));
        if first[i].to <= second[j].to {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}

/// The parts of `whole` that no span covers, including their ends. A `whole` of one instant is kept if no span covers
/// it.
pub fn uncovered(whole: Span, spans: &[Span]) -> Vec<Span> {
    if whole.from == whole.to {
        return if contains(spans, whole.from) { Vec::new() } else { vec![whole] };
    }
    let mut out = Vec::new();
    let mut from = whole.from;
    for span in spans.iter().filter_map(|span| span.intersect(whole)) {
        if span.from > from {
            out.push(Span { from, to: span.from });
        }
        from = from.max(span.to);
    }
    if from < whole.to {
        out.push(Span { from, to: whole.to });
    }
    out
}

/// The instants of the first set that are in no hole.
pub fn subtract(spans: &[Span], holes: &[Span]) -> Vec<Span> {
    spans.iter().flat_map(|span| uncovered(*span, holes)).collect()
}

/// How much of `within` the set covers.
pub fn length_within(spans: &[Span], within: Span) -> Duration {
    spans
        .iter()
        .filter_map(|span| span.intersect(within))
        .fold(Duration::ZERO, |sum, part| sum + part.length())
}

/// Is this instant in the set?
pub fn contains(spans: &[Span], at: Timestamp) -> bool {
    let next = spans.partition_point(|span| span.to < at);
    spans.get(next).is_some_and(|span| span.contains(at))
}

/// Does the set share more than an instant with the span?
pub fn overlaps(spans: &[Span], with: Span) -> bool {
    spans.iter().filter_map(|span| span.intersect(with)).any(|part| part.from < part.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(i64, i64)]) -> Vec<Span> {
        pairs.iter().map(|&(from, to)| Span { from: Timestamp(from), to: Timestamp(to) }).collect()
    }

    #[test]
    fn spans_that_touch_become_one() {
        assert_eq!(normal(set(&[(5, 9), (0, 3), (3, 4), (8, 12)])), set(&[(0, 4), (5, 12)]));
    }

    #[test]
    fn an_intersection_holds_what_is_in_both_sets() {
        let first = set(&[(0, 10), (20, 30)]);
        assert_eq!(
            intersect(&first, &set(&[(5, 22), (25, 40)])),
            set(&[(5, 10), (20, 22), (25, 30)])
        );
        assert_eq!(intersect(&first, &[]), []);
    }

    #[test]
    fn holes_are_what_remains() {
        let whole = Span { from: Timestamp(0), to: Timestamp(100) };
        assert_eq!(uncovered(whole, &set(&[(0, 10), (20, 100)])), set(&[(10, 20)]));
        assert_eq!(uncovered(whole, &[]), set(&[(0, 100)]));
        let instant = Span { from: Timestamp(15), to: Timestamp(15) };
        assert_eq!(uncovered(instant, &set(&[(0, 10)])), vec![instant]);
        assert_eq!(uncovered(instant, &set(&[(0, 15)])), []);
        assert_eq!(subtract(&set(&[(0, 100)]), &set(&[(10, 20)])), set(&[(0, 10), (20, 100)]));
    }

    #[test]
    fn a_length_counts_only_what_lies_within() {
        let covered = set(&[(0, 10), (20, 30)]);
        let within = Span { from: Timestamp(5), to: Timestamp(25) };
        assert_eq!(length_within(&covered, within), Duration(10));
        assert!(contains(&covered, Timestamp(20)) && !contains(&covered, Timestamp(15)));
        assert!(overlaps(&covered, within));
        assert!(!overlaps(&covered, Span { from: Timestamp(10), to: Timestamp(20) }));
    }
}
