/*! How findings tell of rows: how often, when, with which version, by which instances. */

use std::collections::BTreeSet;

use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::words::list;
use crate::model::Timestamp;
use crate::model::facts::Activity;
use crate::model::finding::Cites;

/// How often: `once`, `3 times`.
pub(super) fn times(n: u64) -> String {
    if n == 1 { "once".to_owned() } else { format!("{n} times") }
}

/// From the first of these rows to the end of the last: `at X`, `from X to Y`.
pub(super) fn between(rows: &[&Activity]) -> String {
    let first = activity::earliest(rows).map(|row| row.first.earliest());
    let last = activity::latest(rows).map(|row| row.last.latest());
    first.zip(last).map_or_else(String::new, |(first, last)| span(first, last))
}

/// `at X`, `from X to Y`.
pub(super) fn span(first: Timestamp, last: Timestamp) -> String {
    if first == last { format!("at {first}") } else { format!("from {first} to {last}") }
}

/// The versions that these rows show: `` `v1` and `v2` ``, `no version shown`.
pub(super) fn versions(case: &Case, rows: &[&Activity]) -> String {
    let names: BTreeSet<(usize, String)> = rows.iter().map(|row| version(case, row)).collect();
    let names: Vec<String> = names.into_iter().map(|(_, name)| name).collect();
    list(&names)
}

/// The version of a row, with its rank in the plan: what shows none stands last.
fn version(case: &Case, row: &Activity) -> (usize, String) {
    if !row.binding.proves() {
        return (usize::MAX, "no version shown".to_owned());
    }
    let id = row.version.map(|id| usize::from(id.0));
    let known = id.and_then(|id| case.plan.versions.get(id).map(|version| (id, version)));
    known.map_or_else(
        || (usize::MAX, format!("the {} version", row.state.word())),
        |(id, version)| (id, format!("`{}`", version.name)),
    )
}

/// The instances of these rows: ` on i1 and i2`; nothing where none is logged.
pub(super) fn on(rows: &[&Activity]) -> String {
    let names: BTreeSet<&str> = rows.iter().filter_map(|row| row.instance.as_deref()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    if names.is_empty() { String::new() } else { format!(" on {}", list(&names)) }
}

/// The ends of these rows; nothing where there are none.
pub(super) fn cites(rows: &[&Activity]) -> Option<Cites> {
    let first = activity::earliest(rows)?.first;
    Some(Cites::rows(first, rows.iter().flat_map(|row| [row.first, row.last])))
}
