/*! Timestamps without a year. */

use chrono::{DateTime, Datelike, NaiveDateTime};

use crate::model::When;
use crate::model::bounds::TimeBounds;

/// `Mar  2 09:00:00` of RFC 3164. Of the years that are possible, it gets the one that brings it nearest to a given
/// instant. `in_zone` reads a local time.
pub(super) fn yearless(
    text: &str,
    bounds: TimeBounds<'_>,
    in_zone: impl Fn(NaiveDateTime) -> Option<When>,
) -> Option<When> {
    let year = DateTime::from_timestamp_micros(bounds.near.0)?.year();
    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let in_year = |year| {
        let text = format!("{year} {spaced}");
        in_zone(NaiveDateTime::parse_from_str(&text, "%Y %b %d %H:%M:%S%.f").ok()?)
    };
    let mut candidates: Vec<When> = (year - 1..=year + 1).filter_map(in_year).collect();
    candidates.sort_by_key(|when| when.at.0.abs_diff(bounds.near.0));
    let possible = candidates.iter().find(|when| !bounds.is_beyond(when.at));
    possible.or(candidates.first()).copied()
}
