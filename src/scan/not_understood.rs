/*! An input of which no record is known, or none has a time, says nothing: that is damage, with what came closest. */

use crate::ingest::decode::row::Row;
use crate::model::coverage::Damage;

use super::part::{Part, RejectedRun};
use super::wanted::SourceReading;

/// Fewer bytes of a line say nothing about what it was meant to be.
const REACH_MIN: usize = 12;

pub(super) fn not_understood(sources: &SourceReading, part: &mut Part) {
    let is_unknown = |run: &RejectedRun| {
        run.run.reasons.keys().all(|reason| reason == "unknown-format" || reason == "no-pattern")
    };
    if part.tally.records == 0 {
        return;
    }
    if part.tally.rejected == part.tally.records && part.rejects.iter().all(is_unknown) {
        let texts = sources.readings.iter().filter(|reading| reading.pattern.is_some()).count();
        let closest = closest(sources, part).unwrap_or_default();
        damaged(
            part,
            format!(
                "no record has a known format: no JSON, no `key=value` pairs, no rows under a known header, and \
                 none of {texts} text profiles fits{closest}"
            ),
        );
    } else if part.span.is_none() && part.damage.is_empty() {
        let help = help(sources, part);
        let what = match part.tally.records {
            1 => format!("its one record has no time that can be read{help}"),
            n => format!("none of its {n} records has a time that can be read{help}"),
        };
        damaged(part, what);
    }
}

fn damaged(part: &mut Part, what: String) {
    part.damage.push(Damage { what, offset: 0, after: None, old_marker: false });
}

/// What the first record that nobody knows looks most like.
fn closest(sources: &SourceReading, part: &Part) -> Option<String> {
    let first = part.reject_rows.first()?;
    let by_header = Row::header(&first.excerpt).and_then(|row| closest_header(sources, &row));
    by_header.or_else(|| {
        let reaches = sources.readings.iter().filter_map(|reading| {
            Some((reading.pattern.as_ref()?.reach(&first.excerpt), &reading.profile.name))
        });
        // Of those that get equally far the most specific, which stands first.
        let (reach, name) = reaches.rev().max_by_key(|(reach, _)| *reach)?;
        (reach >= REACH_MIN).then(|| {
            let record = first.place.record;
            format!("; closest comes `{name}`, up to byte {reach} of record {record}")
        })
    })
}

/// The source that knows most of these columns.
fn closest_header(sources: &SourceReading, row: &Row) -> Option<String> {
    let known = |pointer: &&String| {
        pointer.strip_prefix('/').is_some_and(|name| row.names.iter().any(|own| own == name))
    };
    let shares = sources.readings.iter().filter(|reading| reading.profile.sniff.len() > 1);
    let shares = shares.map(|reading| {
        let sniff = &reading.profile.sniff;
        (sniff.iter().filter(known).count(), sniff, &reading.profile.name)
    });
    let (found, sniff, name) = shares.rev().max_by_key(|(found, ..)| *found)?;
    let missing = sniff.iter().find(|pointer| !known(pointer))?;
    (found > 0).then(|| {
        let of = sniff.len();
        format!(
            "; closest comes `{name}`: its header has {found} of {of} columns, `{}` is missing",
            &missing[1..]
        )
    })
}

/// How it could have a time.
fn help(sources: &SourceReading, part: &Part) -> &'static str {
    let dated_by_path = |name: &str| {
        let mut all = sources.readings.iter().map(|reading| &reading.profile);
        all.any(|profile| profile.name == name && profile.dated_by_path)
    };
    if part.profile.split(", ").any(dated_by_path) {
        ", nor has its name: call it `web-20260302T090000Z.prom` or the like, by when it was taken"
    } else {
        "; where it has another name, a `[[source]]` says so: `fields = { event_time = \"/when\" }`"
    }
}
