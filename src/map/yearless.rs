/*! Timestamps without a year. */

use chrono::{DateTime, Datelike, NaiveDateTime};

use crate::model::When;
use crate::model::bounds::TimeBounds;

/// `Mar  2 09:00:00` of RFC 3164, in the year in which it is nearest to a known instant, of those that can be true.
/// `in_zone` reads a local time.
pub(super) fn yearless(
    text: &str,
    bounds: TimeBounds<'_>,
    in_zone: impl Fn(NaiveDateTime) -> Option<When>,
) -> Option<When> {
    let year = DateTime::from_timestamp_micros(bounds.near.0)?.year();
    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let reading = |year| {
        let text = format!("{year} {spaced}");
        in_zone(NaiveDateTime::parse_from_str(&text, "%Y %b %d %H:%M:%S%.f").ok()?)
    };
    let mut readings: Vec<When> = (year - 1..=year + 1).filter_map(reading).collect();
    readings.sort_by_key(|when| when.at.0.abs_diff(bounds.near.0));
    readings.iter().find(|when| !bounds.is_beyond(when.at)).or(readings.first()).copied()
}
