/*! `[[source]]`: how inputs are to be read. */

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::Known;
use super::consumer::{class_named, plain};
use super::matching::{any_of, mapped_column, pointer, pointer_or_name};
use super::read::{Node, Table, in_order, list, list_only, listed, string, unknown_word};
use super::time::duration;
use super::types::Source;
use crate::diag::{Diagnostics, nearest, quoted};
use crate::model::columns::Column;
use crate::model::{Duration, Outcome};

/// One source.
pub(super) fn source(
    table: &Table<'_>,
    known: &Known<'_>,
    classes: &[&str],
    out: &mut Diagnostics,
) -> Option<Source> {
    let paths = paths(table, out);
    Some(Source {
        profile: table.get("profile", out, |node, out| profile(node, known, out)),
        timezone: table.get("timezone", out, timezone),
        class: table.get("class", out, |node, out| class_named(node, classes, out)),
        uses: table.get("uses", out, any_of).map(plain).unwrap_or_default(),
        stream: table.get("stream", out, |node, out| pointer(string(node, out)?, node.span(), out)),
        max_gap: table.get("max_gap", out, max_gap),
        outcomes: table.get("outcomes", out, outcomes).unwrap_or_default(),
        fields: table.get("fields", out, fields).unwrap_or_default(),
        paths: paths?,
    })
}

fn paths(table: &Table<'_>, out: &mut Diagnostics) -> Option<Vec<String>> {
    let node = table.node("paths");
    let is_empty =
        |node: Node<'_>| node.value.get_ref().as_array().is_some_and(|all| all.is_empty());
    let Some(node) = node.filter(|node| !is_empty(*node)) else {
        if table.misspells("paths") {
            return None;
        }
        let span = node.map_or(table.span(), Node::span);
        out.push("plan::source-without-paths", span, "expected `paths` in `[[source]]`")
            .label("no input belongs to it")
            .help("write `paths = [\"logs/retry/**/*.jsonl.gz\"]`: patterns of files");
        return None;
    };
    list_only(node, out)?;
    list(node, out, glob)
}

fn glob(node: Node<'_>, out: &mut Diagnostics) -> Option<String> {
    let text = string(node, out)?;
    match globset::Glob::new(text) {
        Ok(_) => Some(text.to_owned()),
        Err(wrong) => {
            let message =
                format!("expected a pattern of paths, found {}: {}", quoted(text), wrong.kind());
            out.push("plan::bad-glob", node.span(), message)
                .label("not a pattern")
                .help("`*` stands for part of a name, `**` for any folders, `[[]` for a bracket");
            None
        }
    }
}

fn profile(node: Node<'_>, known: &Known<'_>, out: &mut Diagnostics) -> Option<String> {
    let name = string(node, out)?;
    if known.profiles.contains(&name) {
        return Some(name.to_owned());
    }
    let help = match nearest(name, known.profiles.iter().copied()) {
        Some(near) => format!("the nearest known profile is `{near}`"),
        None => "`holdover sources list` names all; `--profiles DIR` adds your own".to_owned(),
    };
    out.push("plan::unknown-profile", node.span(), format!("no profile named {}", quoted(name)))
        .label("not a known profile")
        .help(help);
    None
}

fn timezone(node: Node<'_>, out: &mut Diagnostics) -> Option<String> {
    let name = string(node, out)?;
    if name.parse::<chrono_tz::Tz>().is_ok() {
        return Some(name.to_owned());
    }
    let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let help = match nearest(name, zones) {
        Some(near) => format!("the nearest known zone is `{near}`"),
        None => "zones have IANA names, such as `Europe/Berlin` or `UTC`".to_owned(),
    };
    out.push("plan::unknown-timezone", node.span(), format!("no time zone named {}", quoted(name)))
        .label("not a known time zone")
        .help(help);
    None
}

fn max_gap(node: Node<'_>, out: &mut Diagnostics) -> Option<Duration> {
    let gap = duration(node, out)?;
    if gap >= Duration::MINUTE {
        return Some(gap);
    }
    let found = quoted(node.value.get_ref().as_str().unwrap_or_default());
    let message = format!("expected a `max_gap` of at least a minute, found {found}");
    out.push("plan::bad-max-gap", node.span(), message)
        .label("too short to tell a hole from a pause")
        .help(format!("{}, or leave it out: then it is learned", node.written()));
    None
}

fn outcomes(node: Node<'_>, out: &mut Diagnostics) -> Option<Vec<(String, Outcome)>> {
    let DeValue::Table(table) = node.value.get_ref() else {
        node.expected("a table", out);
        return None;
    };
    let mut seen: BTreeMap<&str, Outcome> = BTreeMap::new();
    let mut words = Vec::new();
    for (key, value) in in_order(table) {
        let name = key.get_ref();
        let Some(outcome) = Outcome::ALL.into_iter().find(|one| one.word() == name) else {
            let known = Outcome::ALL.map(Outcome::word);
            unknown_word("outcomes", (name, key.span()), &known, out);
            continue;
        };
        let entry = Node { key: name, example: "[\"done\"]", value };
        let read = list(entry, out, |one, out| {
            let word = string(one, out)?;
            match seen.insert(word, outcome) {
                Some(other) if other != outcome => duplicate_word(one, [other, outcome], out),
                Some(_) | None => {}
            }
            Some((word.to_owned(), outcome))
        });
        words.extend(read.unwrap_or_default());
    }
    Some(words)
}

fn duplicate_word(node: Node<'_>, both: [Outcome; 2], out: &mut Diagnostics) {
    let word = quoted(node.value.get_ref().as_str().unwrap_or_default());
    let message = format!("the word {word} stands for {}", listed(both.map(Outcome::word), "and"));
    out.push("plan::duplicate-word", node.span(), message)
        .label("already another outcome")
        .help("keep it under the outcome that it means in these files");
}

type Fields = Vec<(Column, Vec<String>)>;

fn fields(node: Node<'_>, out: &mut Diagnostics) -> Option<Fields> {
    let DeValue::Table(table) = node.value.get_ref() else {
        node.expected("a table", out);
        return None;
    };
    let mut read = Vec::new();
    for (key, value) in in_order(table) {
        let entry = Node { key: key.get_ref(), example: "\"/auth/key_id\"", value };
        let column = mapped_column(key, out);
        read.extend(column.zip(list(entry, out, pointer_or_name)));
    }
    Some(read)
}
