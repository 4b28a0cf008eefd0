/*! Reads `[[source]]`: how to read some of the inputs. */

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::checked_plan::PlanSource;
use super::class_names::class_named;
use super::document::{PlanTable, PlanValue, in_order, listed};
use super::known_names::KnownNames;
use super::matching::{any_of, mapped_column, pointer, pointer_or_name, without_places};
use super::times::duration;
use super::values::{list, list_only, string, unknown_word};
use crate::diag::{Diagnostics, nearest, quoted};
use crate::model::columns::Column;
use crate::model::{Duration, Outcome};

/// Reads one source.
pub(super) fn source(
    table: &PlanTable<'_>,
    known: &KnownNames<'_>,
    classes: &[&str],
    out: &mut Diagnostics,
) -> Option<PlanSource> {
    let paths = paths(table, out);
    Some(PlanSource {
        profile: table.get("profile", out, |value, out| profile(value, known, out)),
        timezone: table.get("timezone", out, timezone),
        class: table.get("class", out, |value, out| class_named(value, classes, out)),
        uses: table.get("uses", out, any_of).map(without_places).unwrap_or_default(),
        stream: table.get("stream", out, pointers).unwrap_or_default(),
        max_gap: table.get("max_gap", out, max_gap),
        outcomes: table.get("outcomes", out, outcomes).unwrap_or_default(),
        fields: table.get("fields", out, fields).unwrap_or_default(),
        ignore: table.get("ignore", out, ignore).unwrap_or_default(),
        paths: paths?,
    })
}

fn pointers(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Vec<String>> {
    list(value, out, |value, out| pointer(string(value, out)?, value.span(), out))
}

fn paths(table: &PlanTable<'_>, out: &mut Diagnostics) -> Option<Vec<String>> {
    let value = table.value("paths");
    let is_empty = |value: PlanValue<'_>| {
        value.toml.get_ref().as_array().is_some_and(|paths| paths.is_empty())
    };
    let Some(value) = value.filter(|value| !is_empty(*value)) else {
        if table.misspells("paths") {
            return None;
        }
        let span = value.map_or(table.span(), PlanValue::span);
        out.push("plan::source-without-paths", span, "expected `paths` in `[[source]]`")
            .label("it matches no input")
            .help("write `paths = [\"logs/retry/**/*.jsonl.gz\"]`: patterns of file paths");
        return None;
    };
    list_only(value, out)?;
    list(value, out, glob)
}

fn glob(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<String> {
    let text = string(value, out)?;
    match globset::Glob::new(text) {
        Ok(_) => Some(text.to_owned()),
        Err(error) => {
            let message =
                format!("expected a pattern of paths, found {}: {}", quoted(text), error.kind());
            out.push("plan::bad-glob", value.span(), message)
                .label("not a pattern")
                .help("`*` matches part of a name, `**` any folders, and `[[]` a bracket");
            None
        }
    }
}

fn profile(value: PlanValue<'_>, known: &KnownNames<'_>, out: &mut Diagnostics) -> Option<String> {
    let name = string(value, out)?;
    if known.profiles.contains(&name) {
        return Some(name.to_owned());
    }
    let help = match nearest(name, known.profiles.iter().copied()) {
        Some(near) => format!("the nearest known profile is `{near}`"),
        None => {
            "`holdover sources list` names all profiles; `--profiles DIR` adds your own".to_owned()
        }
    };
    let message = format!("there is no profile {}", quoted(name));
    out.push("plan::unknown-profile", value.span(), message)
        .label("not a known profile")
        .help(help);
    None
}

fn timezone(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<String> {
    let name = string(value, out)?;
    if name.parse::<chrono_tz::Tz>().is_ok() {
        return Some(name.to_owned());
    }
    let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let help = match nearest(name, zones) {
        Some(near) => format!("the nearest known zone is `{near}`"),
        None => "time zones have IANA names, such as `Europe/Berlin` or `UTC`".to_owned(),
    };
    let message = format!("there is no time zone {}", quoted(name));
    out.push("plan::unknown-timezone", value.span(), message)
        .label("not a known time zone")
        .help(help);
    None
}

fn ignore(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Vec<String>> {
    list(value, out, |value, out| pointer(string(value, out)?, value.span(), out))
}

fn max_gap(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Duration> {
    let gap = duration(value, out)?;
    if gap >= Duration::MINUTE {
        return Some(gap);
    }
    let found = quoted(value.toml.get_ref().as_str().unwrap_or_default());
    let message = format!("expected a `max_gap` of at least a minute, found {found}");
    out.push("plan::bad-max-gap", value.span(), message)
        .label("too short to tell a gap in the log from a pause")
        .help(format!("{}, or leave it out to have it learned from the log", value.written()));
    None
}

fn outcomes(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Vec<(String, Outcome)>> {
    let DeValue::Table(table) = value.toml.get_ref() else {
        value.expected("a table", out);
        return None;
    };
    let mut seen: BTreeMap<&str, Outcome> = BTreeMap::new();
    let mut words = Vec::new();
    for (key, toml) in in_order(table) {
        let name = key.get_ref();
        let Some(outcome) = Outcome::ALL.into_iter().find(|outcome| outcome.word() == name) else {
            let known = Outcome::ALL.map(Outcome::word);
            unknown_word("outcomes", name, key.span(), &known, out);
            continue;
        };
        let entry = PlanValue { key: name, example: "[\"done\"]", toml };
        let read = list(entry, out, |element, out| {
            let word = string(element, out)?;
            match seen.insert(word, outcome) {
                Some(other) if other != outcome => duplicate_word(element, [other, outcome], out),
                Some(_) | None => {}
            }
            Some((word.to_owned(), outcome))
        });
        words.extend(read.unwrap_or_default());
    }
    Some(words)
}

fn duplicate_word(value: PlanValue<'_>, both: [Outcome; 2], out: &mut Diagnostics) {
    let word = quoted(value.toml.get_ref().as_str().unwrap_or_default());
    let message = format!("the word {word} stands for {}", listed(both.map(Outcome::word), "and"));
    out.push("plan::duplicate-word", value.span(), message)
        .label("already listed for another outcome")
        .help("keep it under the outcome that it means in these files");
}

fn fields(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Vec<(Column, Vec<String>)>> {
    let DeValue::Table(table) = value.toml.get_ref() else {
        value.expected("a table", out);
        return None;
    };
    let mut read = Vec::new();
    for (key, toml) in in_order(table) {
        let entry = PlanValue { key: key.get_ref(), example: "\"/auth/key_id\"", toml };
        let column = mapped_column(key, out);
        read.extend(column.zip(list(entry, out, pointer_or_name)));
    }
    Some(read)
}
