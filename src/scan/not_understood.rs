/*! An input of which no record is understood, or none has a time, proves nothing: that is damage, with the closest
 * format.
 */

use crate::ingest::decode::row::RowHeader;
use crate::model::damage::Damage;

use super::part::{Part, RejectedRun};
use super::wanted::SourceReading;

/// How many bytes of a line must match before its format can be guessed.
const REACH_MIN: usize = 12;

/// What is wrong with an input of which no record was understood, or none has a time.
pub(super) fn not_understood(sources: &SourceReading, part: &Part) -> Option<Damage> {
    let is_unknown = |run: &RejectedRun| {
        run.run.reasons.keys().all(|reason| reason == "unknown-format" || reason == "no-pattern")
    };
    if part.tally.records == 0 {
        return None;
    }
    if part.tally.rejected == part.tally.records && part.rejects.iter().all(is_unknown) {
        let texts = sources.readings.iter().filter(|reading| reading.pattern.is_some()).count();
        let closest = closest(sources, part).unwrap_or_default();
        Some(Damage::unknown_format(texts, &closest))
    } else if part.span.is_none() && part.damage.is_empty() {
        Some(Damage::no_times(part.tally.records, help(sources, part)))
    } else {
        None
    }
}

/// The format that the first record comes closest to.
fn closest(sources: &SourceReading, part: &Part) -> Option<String> {
    let first = part.reject_rows.first()?;
    let by_header =
        RowHeader::of(&first.excerpt).and_then(|header| closest_header(sources, &header));
    by_header.or_else(|| {
        let reaches = sources.readings.iter().filter_map(|reading| {
            Some((reading.pattern.as_ref()?.reach(&first.excerpt), &reading.profile.name))
        });
        // Of several that reach equally far, the first is the most specific.
        let (reach, name) = reaches.rev().max_by_key(|(reach, _)| *reach)?;
        (reach >= REACH_MIN).then(|| {
            let record = first.place.record;
            format!("; closest comes `{name}`, up to byte {reach} of record {record}")
        })
    })
}

/// The source that has most of these columns.
fn closest_header(sources: &SourceReading, header: &RowHeader) -> Option<String> {
    let has_column = |pointer: &&String| {
        pointer
            .strip_prefix('/')
            .is_some_and(|name| header.names.iter().any(|column| column == name))
    };
    let shares = sources.readings.iter().filter(|reading| reading.profile.sniff.len() > 1);
    let shares = shares.map(|reading| {
        let sniff = &reading.profile.sniff;
        (sniff.iter().filter(has_column).count(), sniff, &reading.profile.name)
    });
    let (found, sniff, name) = shares.rev().max_by_key(|(found, ..)| *found)?;
    let missing = sniff.iter().find(|pointer| !has_column(pointer))?;
    (found > 0).then(|| {
        let of = sniff.len();
        format!(
            "; closest comes `{name}`: its header has {found} of {of} columns, `{}` is missing",
            &missing[1..]
        )
    })
}

/// How to give its records a time.
fn help(sources: &SourceReading, part: &Part) -> &'static str {
    let dated_by_path = |name: &str| {
        let mut profiles = sources.readings.iter().map(|reading| &reading.profile);
        profiles.any(|profile| profile.name == name && profile.dated_by_path)
    };
    if part.profile.split(", ").any(dated_by_path) {
        ", and neither has its name: name it by the time it was taken, such as `web-20260302T090000Z.prom`"
    } else {
        "; if the field has another name, add it to a `[[source]]`: `fields = { event_time = \"/when\" }`"
    }
}
