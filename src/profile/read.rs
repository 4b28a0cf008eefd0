/*! Reads a profile from its TOML, or reports all of its mistakes at once. */

use std::collections::BTreeMap;

use super::by_field::{CaseFold, TimeUnit};
use super::definition::Profile;
use super::expression::Expression;
use super::reader::{CompileExpression, ProfileReader};
use super::record_parts::RecordPart;
use super::toml_form::{ExtractToml, JoinToml, OutcomeHintsToml, ProfileToml};
use crate::diag::Diagnostics;
use crate::model::columns::Column;

/// Reads a profile from its text. `file` is its name in messages.
pub fn load(file: &str, text: &str) -> Result<Profile, Box<Diagnostics>> {
    read(file, text, Expression::new)
}

/// Reads a built-in profile. Its expressions are compiled when they are first used.
pub(super) fn load_built_in(file: &str, text: &str) -> Result<Profile, Box<Diagnostics>> {
    read(file, text, |text| Ok(Expression::of_built_in(text)))
}

fn read(file: &str, text: &str, compile: CompileExpression) -> Result<Profile, Box<Diagnostics>> {
    let mut reader = ProfileReader { text, compile, out: Diagnostics::new(file, text) };
    let profile = match toml::from_str::<ProfileToml>(text) {
        Ok(toml) => profile(&mut reader, toml),
        Err(error) => {
            reader.unreadable(&error);
            Profile::default()
        }
    };
    reader.out.finish(profile).map_err(Box::new)
}

/// Every key is named here, so that a new one does not compile until it is read.
fn profile(reader: &mut ProfileReader<'_>, toml: ProfileToml) -> Profile {
    #[rustfmt::skip]
    let ProfileToml {
        name, family, title, layer, lag, record_keys, sniff, sniff_values, patterns, start, each, payload, blind_spots,
        fields, constants, extract, join, part, time_span, outcome_hints, outcomes, outcome, kinds, kind, strip, units,
        fold, link, alias, owner, also, stream, timezone, counter, dated_by_path, snapshot, received, doubtful_times, guesses, ignore,
    } = toml;
    let OutcomeHintsToml { weak, status, grpc } = outcome_hints;
    let fields = reader.fields(fields);
    let parts: Vec<RecordPart> = part.into_iter().map(|part| reader.part(part)).collect();
    if payload.is_none() && !makes_time(&extract, &join) {
        check_dated(reader, &fields, &parts);
    }
    reader.pointers(&sniff);
    Profile {
        name,
        family,
        title,
        layer: reader.layer(&layer).unwrap_or_default(),
        lag: reader.minutes(&lag),
        record_keys,
        sniff,
        sniff_values: reader.conditions(sniff_values),
        patterns: patterns.iter().filter_map(|pattern| reader.regex(pattern)).collect(),
        start: start.and_then(|pattern| reader.regex(&pattern)),
        each: each.into(),
        payload,
        blind_spots,
        fields,
        constants: reader.by_column(constants),
        extracts: extract.into_iter().filter_map(|rule| reader.extract(rule)).collect(),
        joins: join.into_iter().filter_map(|rule| reader.join(rule)).collect(),
        parts,
        time_span: time_span.as_deref().map(|span| reader.minutes(span)),
        weak_outcome: weak,
        status,
        grpc_status: grpc,
        outcomes: reader.outcomes(outcomes),
        outcomes_when: outcome.into_iter().filter_map(|rule| reader.outcome_when(rule)).collect(),
        kinds: reader.kinds(kinds),
        kinds_when: kind.into_iter().filter_map(|rule| reader.kind_when(rule)).collect(),
        strip: reader.by_column(strip),
        folds: reader.by_field(fold, Column::CredentialUid, "a spelling", &CaseFold::ALL),
        units: reader.by_field(units, Column::DurationMs, "a unit of time", &TimeUnit::ALL),
        links: link.into_iter().map(|rule| reader.link(rule)).collect(),
        aliases: alias.into_iter().filter_map(|rule| reader.alias(rule)).collect(),
        owner_unless: owner.map(|owner| reader.owner_unless(owner)),
        also: also.into_iter().filter_map(|rule| reader.also(rule)).collect(),
        timezone: timezone.and_then(|zone| reader.timezone(&zone)),
        stream: stream.into(),
        counter: counter.map(|rule| reader.counter(rule)),
        dated_by_path,
        snapshot: snapshot.map(|rule| reader.snapshot(rule)),
        received,
        doubtful_times,
        guesses,
        ignore,
        ..Profile::default()
    }
}

/// Whether a part of a field, or several fields together, are the time of a record.
fn makes_time(extracts: &[ExtractToml], joins: &[JoinToml]) -> bool {
    let columns = extracts.iter().map(|rule| &rule.column);
    let mut columns = columns.chain(joins.iter().map(|rule| &rule.column));
    columns.any(|column| column == Column::EventTime.name())
}

/// Reports a profile in which neither the record nor each of its parts has a time. A part of a field, or several fields
/// together, may be one too.
fn check_dated(
    reader: &mut ProfileReader<'_>,
    fields: &BTreeMap<Column, Vec<String>>,
    parts: &[RecordPart],
) {
    let is_dated = |fields: &BTreeMap<_, _>| fields.contains_key(&Column::EventTime);
    let are_dated = !parts.is_empty() && parts.iter().all(|part| is_dated(&part.fields));
    if !(is_dated(fields) || are_dated) {
        let help = "write `event_time = [\"/time\"]` under `[fields]`".to_owned();
        reader.wrong("profile::no-time", "fields", "expected an `event_time`".to_owned(), help);
    }
}
