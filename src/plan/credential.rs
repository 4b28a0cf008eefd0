/*! `[credential]` and its versions. */

use std::collections::BTreeMap;
use std::ops::Range;

use super::keys::VERSION;
use super::markers::{self, Shown};
use super::read::{Table, list, list_only, string, tables, text, word};
use super::types::{Credential, Marker, Version};
use crate::diag::{Diagnostics, quoted};
use crate::model::VersionState;

/// A version, with the places of what is compared between versions.
struct Draft<'t> {
    version: Version,
    name_span: Range<usize>,
    markers: Vec<(&'t str, Range<usize>)>,
}

/// The words of `state`.
pub(super) fn states() -> Vec<&'static str> {
    VersionState::ALL.map(VersionState::word).to_vec()
}

/// The credential and its versions.
pub(super) fn credential(
    table: &Table<'_>,
    out: &mut Diagnostics,
) -> Option<(Credential, Vec<Version>)> {
    let name = table.need("name", out, text);
    let dependency = table.get("dependency", out, text);
    let read = tables(table, "version", &VERSION, out);
    let drafts: Vec<_> = read?.iter().map(|one| version(one, out)).collect();
    // A version that could not be read may be the missing one: its own mistake says enough.
    let is_whole = drafts.iter().all(Option::is_some) && !table.misspells("version");
    let drafts: Vec<_> = drafts.into_iter().flatten().collect();
    if is_whole {
        check_states(table, &drafts, out);
    }
    check_names(&drafts, out);
    check_markers(&drafts, out);
    let versions = drafts.into_iter().map(|draft| draft.version).collect();
    Some((Credential { name: name?, dependency }, versions))
}

fn version<'t>(table: &Table<'t>, out: &mut Diagnostics) -> Option<Draft<'t>> {
    let name = table.need("name", out, text);
    let state = table
        .need("state", out, |node, out| word(node, out, &VersionState::ALL, VersionState::word));
    let read = table.get("markers", out, |node, out| {
        list_only(node, out)?;
        list(node, out, |one, out| {
            Some((markers::marker(one, out)?, string(one, out)?, one.span()))
        })
    });
    let read = if table.lacks("markers") { Vec::new() } else { read? };
    let (markers, places): (Vec<Marker>, Vec<_>) =
        read.into_iter().map(|(marker, text, span)| (marker, (text, span))).unzip();
    let name_span = table.node("name")?.span();
    let version = Version { name: name?, state: state?, markers, site: table.site(out) };
    Some(Draft { version, name_span, markers: places })
}

fn check_states(table: &Table<'_>, drafts: &[Draft<'_>], out: &mut Diagnostics) {
    let codes =
        [(VersionState::Old, "plan::no-old-version"), (VersionState::New, "plan::no-new-version")];
    for (state, code) in codes {
        let mut of_state = drafts.iter().filter(|draft| draft.version.state == state).peekable();
        let word = state.word();
        let bare = match of_state.peek() {
            None => format!("no version has the state `{word}`"),
            Some(draft) => format!("the version {} has no marker", quoted(&draft.version.name)),
        };
        let span = of_state.peek().map_or(table.span(), |draft| draft.name_span.clone());
        if of_state.all(|draft| draft.version.markers.is_empty()) {
            let message = format!("expected a marker for at least one {word} version, but {bare}");
            out.push(code, span, message).label(format!("nothing shows the {word} version")).help(
                format!(
                    "add `[[credential.version]]` with `state = \"{word}\"` and `markers`: \
                     strings by which records show it, such as key ids"
                ),
            );
        }
    }
}

fn check_names(drafts: &[Draft<'_>], out: &mut Diagnostics) {
    let mut seen = BTreeMap::new();
    for draft in drafts {
        let name = draft.version.name.as_str();
        if let Some(first) = seen.insert(name, draft) {
            let (line, column) = out.position(first.name_span.start);
            let message =
                format!("the version {} is declared already, at {line}:{column}", quoted(name));
            out.push("plan::duplicate-version", draft.name_span.clone(), message)
                .label("declared again")
                .help("give each version its own name; one version may have many `markers`");
        }
    }
    let state = |name: &str| seen.get(name).map(|draft| draft.version.state);
    if let (Some(VersionState::New), Some(VersionState::Old), Some(draft)) =
        (state("old"), state("new"), seen.get("old"))
    {
        let message = "the version `old` has the state `new`, and `new` has `old`";
        out.push("plan::swapped-states", draft.name_span.clone(), message)
            .label("named against its state")
            .help("swap the two states, or name the versions otherwise");
    }
}

fn check_markers(drafts: &[Draft<'_>], out: &mut Diagnostics) {
    let shown: Vec<_> = drafts
        .iter()
        .flat_map(|draft| {
            let places = draft.version.markers.iter().zip(&draft.markers);
            places.map(|(marker, (text, span))| Shown {
                version: &draft.version,
                marker,
                span: span.clone(),
                text,
            })
        })
        .collect();
    markers::check_overlaps(&shown, out);
}
