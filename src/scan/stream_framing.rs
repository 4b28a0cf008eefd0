/*! How the records of a stream are cut, by its first lines, where it is not JSON. */

use std::sync::LazyLock;

use regex::Regex;

use super::recognise::Heading;
use super::record_starts::{self, RecordStarts};
use crate::ingest::Framing;
use crate::ingest::decode::exposition::Exposition;
use crate::ingest::decode::row::RowHeader;
use crate::map::ProfileReading;
use crate::model::columns::Column;
use crate::profile::Expression;

/// At most this many lines at the start of a stream are searched for the beginning of a record.
const LINES_SEEN: usize = 20;

/// At most this many lines of such a record are read to see whether it is whole.
const RECORD_LINES: usize = 500;

static RUNTIME_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\d{4}-\d\d-\d\dT\S+ (?:stdout|stderr) [FP](?: |$)").expect("a good expression")
});

/// The framing and the heading of a stream that is not JSON, by its first lines.
pub(super) fn framing(
    head: &[u8],
    readings: &[ProfileReading],
    starts: &RecordStarts,
) -> Option<(Framing, Option<Heading>)> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let lines = head.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    let lines: Vec<&str> = lines
        .map(|line| line.trim_end_matches('\r'))
        .filter(|line| !line.trim().is_empty())
        .take(LINES_SEEN + RECORD_LINES)
        .collect();
    let first = lines.first()?;
    if RUNTIME_LINE.is_match(first) {
        return Some((Framing::Partial, None));
    }
    for reading in starts.seen_in(&lines[..lines.len().min(LINES_SEEN)], readings) {
        let start = reading.profile.start.as_ref()?;
        let pattern = reading.pattern.as_ref();
        let fits = |record: &str| pattern.is_none_or(|pattern| pattern.fits(record));
        if first_records(&lines, start).any(|record| fits(record.lines[0]) || fits(&record.text()))
        {
            let start = record_starts::expression(start.as_str(), readings);
            return Some((Framing::Text { start }, None));
        }
    }
    if Exposition::begins(&lines[..lines.len().min(LINES_SEEN)]) {
        return Some((Framing::Lines, Some(Heading::Samples(Exposition::default()))));
    }
    let row = RowHeader::of(first).filter(|row| is_header_of(row, readings))?;
    Some(of_rows(row))
}

/// The framing and the heading of rows.
pub(super) fn of_rows(row: RowHeader) -> (Framing, Option<Heading>) {
    let delimiter = char::from(row.delimiter);
    (Framing::Rows { delimiter }, Some(Heading::Row(Box::new(row))))
}

/// The lines of one record.
struct RecordLines<'l, 't> {
    lines: &'l [&'t str],
}

impl RecordLines<'_, '_> {
    fn text(&self) -> String {
        self.lines.join("\n")
    }
}

/// The records that begin within these lines, of a source whose records start so. The first may be the only one.
fn first_records<'l, 't>(
    lines: &'l [&'t str],
    start: &'l Expression,
) -> impl Iterator<Item = RecordLines<'l, 't>> {
    let begins = |line: &&str| start.is_match(line);
    lines.iter().take(LINES_SEEN).enumerate().filter(move |(_, line)| begins(line)).map(
        move |(at, _)| {
            let rest = &lines[at + 1..];
            let others = rest.iter().position(begins).unwrap_or(rest.len());
            RecordLines { lines: &lines[at..=at + others] }
        },
    )
}

/// Whether a source has this header: all that it is recognised by, or a time and one more column.
fn is_header_of(row: &RowHeader, readings: &[ProfileReading]) -> bool {
    let named = |pointer: &String| {
        let name = pointer.strip_prefix('/').map(|name| name.replace("~1", "/").replace("~0", "~"));
        name.is_some_and(|name| row.names.contains(&name))
    };
    let recognised = readings.iter().any(|reading| {
        !reading.profile.sniff.is_empty() && reading.profile.sniff.iter().all(named)
    });
    let maps = |reading: &ProfileReading, column| {
        reading.profile.fields.get(&column).is_some_and(|pointers| pointers.iter().any(named))
    };
    recognised
        || readings.last().is_some_and(|last| {
            let known = last.profile.fields.keys().filter(|column| maps(last, **column)).count();
            maps(last, Column::EventTime) && known > 1
        })
}
