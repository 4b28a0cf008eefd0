/*! `holdover sources`: which formats are known, and what they make of a file. */

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::pipeline::{self, Looked, Request};
use crate::profile::{Profile, builtin};
use crate::safe::terminal;
use crate::wording::count;

/// All profiles, a line each.
pub(super) fn list(profiles: &[Profile]) -> String {
    let width = profiles.iter().map(|profile| profile.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for profile in profiles {
        let (name, title) = (terminal(&profile.name), terminal(&profile.title));
        let wraps = if profile.payload.is_some() { ", wraps others" } else { "" };
        let _infallible =
            writeln!(text, "{name:width$}  {title} ({}{wraps})", profile.layer.word());
    }
    text
}

/// The text of a built-in profile.
pub(super) fn show(name: &str) -> Option<&'static str> {
    builtin::PROFILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// What was made of each file.
pub(super) fn tested(all: &[Looked], request: &Request) -> String {
    let mut text = String::new();
    for looked in all {
        write_one(&mut text, looked);
        text.push('\n');
    }
    let names: BTreeSet<&str> =
        all.iter().flat_map(|looked| looked.profiles.keys().map(String::as_str)).collect();
    for (profile, spots) in pipeline::blind_spots(request, &names) {
        for spot in spots {
            let _infallible =
                writeln!(text, "{} never records: {}", terminal(&profile.name), terminal(spot));
        }
    }
    text
}

fn write_one(text: &mut String, looked: &Looked) {
    let mut line = |text_line: String| {
        text.push_str(terminal(&text_line).trim_end());
        text.push('\n');
    };
    line(format!("{}: {}, {}", looked.path, looked.format, count(looked.records, "record")));
    for damage in &looked.damage {
        line(format!("  damaged     {damage}"));
    }
    let listed = |counts: &mut dyn Iterator<Item = (String, u64)>| {
        counts.map(|(name, n)| format!("{name} ({n})")).collect::<Vec<_>>().join(", ")
    };
    if !looked.profiles.is_empty() {
        let names = listed(&mut looked.profiles.iter().map(|(name, n)| (name.clone(), *n)));
        line(format!("  read as     {names}"));
        let span = looked.span.map_or_else(String::new, |(from, to)| format!(", {from} to {to}"));
        line(format!("  time        {} of {}{span}", looked.dated, looked.records));
        line(format!("  credential  {} of {}", looked.credentials, looked.records));
        let outcomes =
            listed(&mut looked.outcomes.iter().map(|(word, n)| ((*word).to_owned(), *n)));
        line(format!("  outcome     {outcomes}"));
    }
    if !looked.unknown_words.is_empty() {
        let words = listed(&mut looked.unknown_words.iter().map(|(word, n)| (word.clone(), *n)));
        line(format!("  not known   outcome words {words}: map them with `outcomes`"));
    }
    if !looked.rejected.is_empty() {
        let reasons = listed(&mut looked.rejected.iter().map(|(reason, n)| (reason.clone(), *n)));
        line(format!("  not read    {reasons}"));
        for (record, reason, excerpt) in &looked.rejects {
            line(format!("    {record}: {reason}: {excerpt}"));
        }
    }
    for (record, profile, columns) in &looked.first {
        line(format!("  record {record}, {profile}"));
        for (column, value) in columns {
            line(format!("    {column:20} {value}"));
        }
    }
}
