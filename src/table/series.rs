/*! Series of files, one a day, an hour or a number: a missing member is a hole, even where its neighbours look whole. */

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::Regex;

use crate::model::{Micros, Span};

/// A series needs so many members before one can be missing.
const MEMBERS_MIN: usize = 3;

static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"((?:19|20)\d\d)[-_/.]?([01]\d)[-_/.]?([0-3]\d)(?:[-_/.T]([0-2]\d))?|\d{1,6}")
        .expect("a valid expression")
});

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Number,
    Day,
    Hour,
}

/// The periods that are missing from the series among these files.
pub(super) fn missing<'p>(
    files: impl Iterator<Item = (&'p str, Option<(Micros, Micros)>)>,
) -> Vec<Span> {
    let mut groups: BTreeMap<(String, Step), BTreeMap<i64, (Micros, Micros)>> = BTreeMap::new();
    for (path, span) in files {
        let Some(span) = span else { continue };
        let tokens: Vec<(Range<usize>, Step, i64)> = TOKEN
            .captures_iter(path)
            .filter_map(|found| {
                let (step, ordinal) = ordinal(&found)?;
                Some((found.get(0)?.range(), step, ordinal))
            })
            .collect();
        for (_, step, ordinal) in &tokens {
            let same = tokens.iter().filter(|token| is_same((*step, *ordinal), (token.1, token.2)));
            let key = without(path, same.map(|(range, _, _)| range));
            groups.entry((key, *step)).or_default().insert(*ordinal, span);
        }
    }
    let mut spans: Vec<Span> =
        groups.into_iter().flat_map(|((_, step), members)| holes(step, &members)).collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// Does the second token of a path tell the same as the first? The day of an hour does.
fn is_same((step, ordinal): (Step, i64), other: (Step, i64)) -> bool {
    (step, ordinal) == other || (step == Step::Hour && other == (Step::Day, ordinal.div_euclid(24)))
}

fn without<'r>(path: &str, ranges: impl Iterator<Item = &'r Range<usize>>) -> String {
    let mut key = String::with_capacity(path.len());
    let mut at = 0;
    for range in ranges {
        key.push_str(&path[at..range.start]);
        key.push('\u{0}');
        at = range.end;
    }
    key.push_str(&path[at..]);
    key
}

fn ordinal(found: &regex::Captures<'_>) -> Option<(Step, i64)> {
    let number = |group: usize| found.get(group).and_then(|text| text.as_str().parse::<u32>().ok());
    let Some(year) = number(1) else {
        return found[0].parse().ok().map(|number| (Step::Number, number));
    };
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(2)?, number(3)?)?;
    let day = i64::from(date.num_days_from_ce());
    match number(4) {
        Some(hour) => Some((Step::Hour, day * 24 + i64::from(hour))),
        None => Some((Step::Day, day)),
    }
}

fn holes(step: Step, members: &BTreeMap<i64, (Micros, Micros)>) -> Vec<Span> {
    let list: Vec<(i64, (Micros, Micros))> =
        members.iter().map(|(ordinal, span)| (*ordinal, *span)).collect();
    if list.len() < MEMBERS_MIN || !follow_each_other(&list) {
        return Vec::new();
    }
    let Some(usual) = usual_step(step, &list) else { return Vec::new() };
    let pairs = list.windows(2).filter(|pair| pair[1].0 - pair[0].0 > usual);
    pairs
        .map(|pair| {
            let (one, two) = (pair[0].1, pair[1].1);
            if one.1 <= two.0 {
                Span { from: one.1, to: two.0 }
            } else {
                Span { from: two.1, to: one.0 }
            }
        })
        .filter(|span| span.from < span.to)
        .collect()
}

/// Only files that follow each other in time, in one direction, are a series; shards of one time are not. Few
/// neighbours may overlap: a writer that rotates late, a record that arrives late.
fn follow_each_other(list: &[(i64, (Micros, Micros))]) -> bool {
    type Member = (i64, (Micros, Micros));
    let follows = |one: &Member, two: &Member| {
        let (one, two) = (one.1, two.1);
        (one.0 < two.0 && one.1 < two.1, one.1 <= two.0)
    };
    let is_series = |pairs: Vec<(bool, bool)>| {
        let apart = pairs.iter().filter(|(_, apart)| *apart).count();
        pairs.iter().all(|(later, apart)| *later || *apart) && apart * 4 >= pairs.len() * 3
    };
    is_series(list.windows(2).map(|pair| follows(&pair[0], &pair[1])).collect())
        || is_series(list.windows(2).map(|pair| follows(&pair[1], &pair[0])).collect())
}

/// The usual distance: one for numbers, else that of more than half of the neighbours.
fn usual_step(step: Step, list: &[(i64, (Micros, Micros))]) -> Option<i64> {
    if step == Step::Number {
        return Some(1);
    }
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for pair in list.windows(2) {
        *counts.entry(pair[1].0 - pair[0].0).or_insert(0) += 1;
    }
    let (usual, count) = counts.into_iter().max_by_key(|(distance, count)| (*count, -distance))?;
    (count * 2 > list.len() - 1).then_some(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paths: &[&str], expected: &[(i64, i64)]) {
        let files = paths.iter().zip(0..).map(|(path, day)| {
            let from = Micros(day * 100);
            (*path, Some((from, Micros(from.0 + 50))))
        });
        let spans: Vec<(i64, i64)> =
            missing(files).into_iter().map(|span| (span.from.0, span.to.0)).collect();
        assert_eq!(spans, expected, "{paths:?}");
    }

    #[test]
    fn a_missing_day_is_a_hole() {
        check(
            &["a/2026-03-01.log", "a/2026-03-02.log", "a/2026-03-03.log", "a/2026-03-05.log"],
            &[(250, 300)],
        );
        check(&["a/2026/03/01/x", "a/2026/03/02/x", "a/2026/03/03/x"], &[]);
        let twice = [
            "2026/03/01/x-2026-03-01",
            "2026/03/02/x-2026-03-02",
            "2026/03/03/x-2026-03-03",
            "2026/03/05/x-2026-03-05",
        ];
        check(&twice, &[(250, 300)]);
        let days = [
            "date=2026-03-01/x.20260301",
            "date=2026-03-02/x.20260302",
            "date=2026-03-04/x.20260304",
        ];
        check(&days, &[]);
    }

    #[test]
    fn a_missing_number_is_a_hole() {
        check(&["part-1.log", "part-2.log", "part-4.log"], &[(150, 200)]);
        check(&["app.log.4", "app.log.2", "app.log.1"], &[(50, 100)]);
        check(&["part-1.log", "part-3.log"], &[]);
    }

    #[test]
    fn weekly_files_are_no_holes() {
        check(&["x-20260301", "x-20260308", "x-20260315", "x-20260322"], &[]);
    }

    #[test]
    fn one_overlap_does_not_switch_a_series_off() {
        let at = |from: i64, to: i64| Some((Micros(from), Micros(to)));
        let files = [
            ("x-1", at(0, 10)),
            ("x-2", at(9, 20)),
            ("x-3", at(20, 30)),
            ("x-4", at(30, 40)),
            ("x-6", at(50, 60)),
        ];
        let spans = missing(files.into_iter());
        assert_eq!(spans, [Span { from: Micros(40), to: Micros(50) }]);
    }

    #[test]
    fn shards_of_one_time_are_no_series() {
        let at = Some((Micros(0), Micros(10)));
        let files = [("w-1.log", at), ("w-2.log", at), ("w-5.log", at)];
        assert!(missing(files.into_iter()).is_empty());
    }
}
