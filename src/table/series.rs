/*! Finds missing members of file series (one file a day, an hour or a number): a hole even if the log looks complete.
 */

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::Regex;

use crate::model::{Span, Timestamp};

/// The fewest files of a series from which a missing one can be told.
const MEMBERS_MIN: usize = 3;

static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"((?:19|20)\d\d)[-_/.]?([01]\d)[-_/.]?([0-3]\d)(?:[-_/.T]([0-2]\d))?|\d{1,6}")
        .expect("a valid expression")
});

/// What the names of a series count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SeriesUnit {
    Number,
    Day,
    Hour,
}

/// A number or date in a path: where it stands, and its value.
struct Token {
    range: Range<usize>,
    unit: SeriesUnit,
    ordinal: i64,
}

impl Token {
    /// Does the other token repeat this one? The day of an hour does.
    fn is_repeated_by(&self, other: &Self) -> bool {
        let (unit, ordinal) = (other.unit, other.ordinal);
        (unit, ordinal) == (self.unit, self.ordinal)
            || (self.unit == SeriesUnit::Hour
                && (unit, ordinal) == (SeriesUnit::Day, self.ordinal.div_euclid(24)))
    }
}

/// A file of a series, with the times of its first and last record.
#[derive(Clone, Copy)]
struct SeriesFile {
    ordinal: i64,
    first: Timestamp,
    last: Timestamp,
}

/// The periods whose files are missing from the series among these files.
pub(super) fn missing<'p>(
    files: impl Iterator<Item = (&'p str, Option<(Timestamp, Timestamp)>)>,
) -> Vec<Span> {
    let mut groups: BTreeMap<(String, SeriesUnit), BTreeMap<i64, SeriesFile>> = BTreeMap::new();
    for (path, span) in files {
        let Some((first, last)) = span else { continue };
        let tokens: Vec<Token> =
            TOKEN.captures_iter(path).filter_map(|captures| token(&captures)).collect();
        for token in &tokens {
            let same = tokens.iter().filter(|other| token.is_repeated_by(other));
            let key = without(path, same.map(|token| &token.range));
            let file = SeriesFile { ordinal: token.ordinal, first, last };
            groups.entry((key, token.unit)).or_default().insert(token.ordinal, file);
        }
    }
    let mut spans: Vec<Span> = groups
        .into_iter()
        .flat_map(|((_, unit), files)| holes(unit, &files.into_values().collect::<Vec<_>>()))
        .collect();
    spans.sort_unstable();
    spans.dedup();
    spans
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

fn token(captures: &regex::Captures<'_>) -> Option<Token> {
    let range = captures.get(0)?.range();
    let number =
        |group: usize| captures.get(group).and_then(|text| text.as_str().parse::<u32>().ok());
    let Some(year) = number(1) else {
        let ordinal = captures[0].parse().ok()?;
        return Some(Token { range, unit: SeriesUnit::Number, ordinal });
    };
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(2)?, number(3)?)?;
    let day = i64::from(date.num_days_from_ce());
    Some(match number(4) {
        Some(hour) => Token { range, unit: SeriesUnit::Hour, ordinal: day * 24 + i64::from(hour) },
        None => Token { range, unit: SeriesUnit::Day, ordinal: day },
    })
}

fn holes(unit: SeriesUnit, files: &[SeriesFile]) -> Vec<Span> {
    if files.len() < MEMBERS_MIN || !follow_each_other(files) {
        return Vec::new();
    }
    let Some(usual) = usual_step(unit, files) else { return Vec::new() };
    let gaps = files.windows(2).filter(|pair| pair[1].ordinal - pair[0].ordinal > usual);
    gaps.map(|pair| {
        if pair[0].last <= pair[1].first {
            Span { from: pair[0].last, to: pair[1].first }
        } else {
            Span { from: pair[1].last, to: pair[0].first }
        }
    })
    .filter(|span| span.from < span.to)
    .collect()
}

/// Files are a series only if they follow each other in time, in one direction; shards of the same time do not. A few
/// neighbours may overlap, since a writer may rotate late or a record arrive late.
fn follow_each_other(files: &[SeriesFile]) -> bool {
    let forward = files.windows(2).map(|pair| (pair[0], pair[1]));
    let backward = files.windows(2).map(|pair| (pair[1], pair[0]));
    is_in_order(forward) || is_in_order(backward)
}

fn is_in_order(pairs: impl Iterator<Item = (SeriesFile, SeriesFile)>) -> bool {
    let (mut count, mut apart) = (0, 0);
    for (earlier, later) in pairs {
        let is_apart = earlier.last <= later.first;
        if !(is_apart || earlier.first < later.first && earlier.last < later.last) {
            return false;
        }
        count += 1;
        apart += usize::from(is_apart);
    }
    apart * 4 >= count * 3
}

/// The usual step between neighbours: one for numbers, otherwise the step of more than half of them.
fn usual_step(unit: SeriesUnit, files: &[SeriesFile]) -> Option<i64> {
    if unit == SeriesUnit::Number {
        return Some(1);
    }
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for pair in files.windows(2) {
        *counts.entry(pair[1].ordinal - pair[0].ordinal).or_insert(0) += 1;
    }
    let (usual, count) = counts.into_iter().max_by_key(|(step, count)| (*count, -step))?;
    (count * 2 > files.len() - 1).then_some(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paths: &[&str], expected: &[(i64, i64)]) {
        let files = paths.iter().zip(0..).map(|(path, day)| {
            let from = Timestamp(day * 100);
            (*path, Some((from, Timestamp(from.0 + 50))))
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
    fn weekly_files_have_no_holes() {
        check(&["x-20260301", "x-20260308", "x-20260315", "x-20260322"], &[]);
    }

    #[test]
    fn one_overlap_does_not_end_a_series() {
        let at = |from: i64, to: i64| Some((Timestamp(from), Timestamp(to)));
        let files = [
            ("x-1", at(0, 10)),
            ("x-2", at(9, 20)),
            ("x-3", at(20, 30)),
            ("x-4", at(30, 40)),
            ("x-6", at(50, 60)),
        ];
        let spans = missing(files.into_iter());
        assert_eq!(spans, [Span { from: Timestamp(40), to: Timestamp(50) }]);
    }

    #[test]
    fn shards_of_the_same_time_are_not_a_series() {
        let at = Some((Timestamp(0), Timestamp(10)));
        let files = [("w-1.log", at), ("w-2.log", at), ("w-5.log", at)];
        assert!(missing(files.into_iter()).is_empty());
    }
}
