/*! Reads `[credential]` and its versions. */

use std::collections::BTreeMap;
use std::ops::Range;

use super::checked_plan::{Credential, Marker, Version};
use super::document::{PlanTable, tables};
use super::keys::VERSION;
use super::markers::{self, WrittenMarker};
use super::values::{list, list_only, string, text, word};
use crate::diag::{Diagnostics, quoted};
use crate::model::VersionState;

/// A version with the places of its name and markers, which are compared with those of other versions.
struct LocatedVersion<'t> {
    version: Version,
    name_span: Range<usize>,
    markers: Vec<(&'t str, Range<usize>)>,
}

/// Reads the credential and its versions.
pub(super) fn credential(
    table: &PlanTable<'_>,
    out: &mut Diagnostics,
) -> Option<(Credential, Vec<Version>)> {
    let name = table.need("name", out, text);
    let dependency = table.get("dependency", out, text);
    let tables = tables(table, "version", &VERSION, out);
    let located: Vec<_> = tables?.iter().map(|table| version(table, out)).collect();
    // A version that could not be read may be the missing one. Its own mistake is reported already.
    let is_whole = located.iter().all(Option::is_some) && !table.misspells("version");
    let located: Vec<_> = located.into_iter().flatten().collect();
    if is_whole {
        check_states(table, &located, out);
    }
    check_names(&located, out);
    check_markers(&located, out);
    let versions = located.into_iter().map(|located| located.version).collect();
    Some((Credential { name: name?, dependency }, versions))
}

fn version<'t>(table: &PlanTable<'t>, out: &mut Diagnostics) -> Option<LocatedVersion<'t>> {
    let name = table.need("name", out, text);
    let state = table
        .need("state", out, |value, out| word(value, out, &VersionState::ALL, VersionState::word));
    let read = table.get("markers", out, |value, out| {
        list_only(value, out)?;
        list(value, out, |element, out| {
            Some((markers::marker(element, out)?, string(element, out)?, element.span()))
        })
    });
    let read = if table.lacks("markers") { Vec::new() } else { read? };
    let (markers, places): (Vec<Marker>, Vec<_>) =
        read.into_iter().map(|(marker, text, span)| (marker, (text, span))).unzip();
    let name_span = table.value("name")?.span();
    let version = Version { name: name?, state: state?, markers, site: table.site(out) };
    Some(LocatedVersion { version, name_span, markers: places })
}

fn check_states(table: &PlanTable<'_>, located: &[LocatedVersion<'_>], out: &mut Diagnostics) {
    let codes =
        [(VersionState::Old, "plan::no-old-version"), (VersionState::New, "plan::no-new-version")];
    for (state, code) in codes {
        let mut of_state =
            located.iter().filter(|located| located.version.state == state).peekable();
        let word = state.word();
        let lacking = match of_state.peek() {
            None => format!("no version has the state `{word}`"),
            Some(located) => format!("the version {} has no marker", quoted(&located.version.name)),
        };
        let span = of_state.peek().map_or(table.span(), |located| located.name_span.clone());
        if of_state.all(|located| located.version.markers.is_empty()) {
            let message =
                format!("expected a marker for at least one {word} version, but {lacking}");
            out.push(code, span, message)
                .label(format!("no record can show the {word} version"))
                .help(format!(
                    "add `[[credential.version]]` with `state = \"{word}\"` and `markers`: \
                     the strings that show it in records, such as key ids"
                ));
        }
    }
}

fn check_names(located: &[LocatedVersion<'_>], out: &mut Diagnostics) {
    let mut seen = BTreeMap::new();
    for located in located {
        let name = located.version.name.as_str();
        if let Some(first) = seen.insert(name, located) {
            let (line, column) = out.position(first.name_span.start);
            let message =
                format!("the version {} is already declared at {line}:{column}", quoted(name));
            out.push("plan::duplicate-version", located.name_span.clone(), message)
                .label("declared again")
                .help("give each version its own name; one version may have many `markers`");
        }
    }
    let state = |name: &str| seen.get(name).map(|located| located.version.state);
    if let (Some(VersionState::New), Some(VersionState::Old), Some(located)) =
        (state("old"), state("new"), seen.get("old"))
    {
        let message =
            "the version `old` has the state `new`, and the version `new` has the state `old`";
        out.push("plan::swapped-states", located.name_span.clone(), message)
            .label("its name contradicts its state")
            .help("swap the two states, or rename the versions");
    }
}

fn check_markers(located: &[LocatedVersion<'_>], out: &mut Diagnostics) {
    let written: Vec<_> = located
        .iter()
        .flat_map(|located| {
            let places = located.version.markers.iter().zip(&located.markers);
            places.map(|(marker, (text, span))| WrittenMarker {
                version: &located.version,
                marker,
                span: span.clone(),
                text,
            })
        })
        .collect();
    markers::check_overlaps(&written, out);
}
