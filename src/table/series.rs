/*! Series of files, one a day, an hour or a number: a missing member is a hole, even where its neighbours look whole. */

use std::collections::BTreeMap;
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
        for found in TOKEN.captures_iter(path) {
            let Some((step, ordinal)) = ordinal(&found) else { continue };
            let whole = found.get(0).map_or(0..0, |whole| whole.range());
            let key = format!("{}\u{0}{}", &path[..whole.start], &path[whole.end..]);
            groups.entry((key, step)).or_default().insert(ordinal, span);
        }
    }
    let mut spans: Vec<Span> =
        groups.into_iter().flat_map(|((_, step), members)| holes(step, &members)).collect();
    spans.sort_unstable();
    spans.dedup();
    spans
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

/// Only files that follow each other in time, in one direction, are a series; shards of one time are not.
fn follow_each_other(list: &[(i64, (Micros, Micros))]) -> bool {
    let rising = list.windows(2).all(|pair| pair[0].1.1 <= pair[1].1.0);
    let falling = list.windows(2).all(|pair| pair[1].1.1 <= pair[0].1.0);
    rising || falling
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
    fn shards_of_one_time_are_no_series() {
        let at = Some((Micros(0), Micros(10)));
        let files = [("w-1.log", at), ("w-2.log", at), ("w-5.log", at)];
        assert!(missing(files.into_iter()).is_empty());
    }
}
