/*! Phrases about rows of activity that the sentences of findings share: when, with which version, on which instances.
 */

use std::collections::BTreeSet;

use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::share_test::Excess;
use crate::model::VersionState;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code};
use crate::wording::{count, list, number, percent, span};

/// From the first of these rows to the end of the last: `at X`, `from X to Y`.
pub(super) fn between(rows: &[&Activity]) -> String {
    let first = activity::earliest(rows).map(|row| row.first.earliest());
    let last = activity::latest(rows).map(|row| row.last.latest());
    first.zip(last).map_or_else(String::new, |(first, last)| span(first, last))
}

/// The versions that these rows show: `` `v1` and `v2` ``, `no version shown`.
pub(super) fn versions(case: &Case, rows: &[&Activity]) -> String {
    let names: BTreeSet<(usize, String)> = rows.iter().map(|row| version(case, row)).collect();
    let names: Vec<String> = names.into_iter().map(|(_, name)| name).collect();
    list(&names)
}

/// The version of a row, with its rank in the plan. A row that shows none comes last.
fn version(case: &Case, row: &Activity) -> (usize, String) {
    if !row.binding.proves() {
        return (usize::MAX, "no version shown".to_owned());
    }
    let id = row.version.map(|id| usize::from(id.0));
    let in_plan = id.and_then(|id| case.plan.versions.get(id).map(|version| (id, version)));
    in_plan.map_or_else(
        || (usize::MAX, format!("the {} version", row.state.word())),
        |(id, version)| (id, format!("`{}`", version.name)),
    )
}

/// The new versions of the plan: `` `v2` ``, `` `v2` or `v3` ``.
pub(super) fn new_versions(case: &Case) -> String {
    of_state(case, VersionState::New, "or")
}

/// The versions of the plan in that state: `` `v1` ``, `` `v1` and `v2` ``.
pub(super) fn of_state(case: &Case, state: VersionState, link: &str) -> String {
    let versions = case.plan.versions.iter().filter(|version| version.state == state);
    let names: Vec<String> = versions.map(|version| format!("`{}`", version.name)).collect();
    if names.is_empty() {
        return format!("the {} version", state.word());
    }
    crate::wording::list_all(&names, link)
}

/// How it was before the change: `before the change, 2 of 56 failed (3.6 %)`. A baseline that is too small to compare
/// with says so. `did` is the verb, after a space.
pub(super) fn before(excess: &Excess, did: &str) -> String {
    let before = excess.shares.before;
    match (excess.p, before.of) {
        (Some(_), of) => format!(
            "before the change, {} of {}{did} ({})",
            number(before.n),
            number(of),
            percent(before.n, of)
        ),
        (None, 0) => "no attempts before the change: nothing to compare with".to_owned(),
        (None, of) => {
            format!("only {} before the change: too few to compare", count(of, "attempt"))
        }
    }
}

/// What to do if the baseline is too small to compare with: `; if it was so before the change too, say so in a waiver`.
pub(super) fn unless_waived(excess: &Excess, rule: Code) -> String {
    match excess.p {
        Some(_) => String::new(),
        None => format!("; if it was so before the change too, say so in a waiver of `{rule}`"),
    }
}

/// The instances of these rows: ` on i1 and i2`. Empty if the log names none.
pub(super) fn on(rows: &[&Activity]) -> String {
    let names: BTreeSet<&str> = rows.iter().filter_map(|row| row.instance.as_deref()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    if names.is_empty() { String::new() } else { format!(" on {}", list(&names)) }
}

/// The ends of these rows. `None` if there are no rows.
pub(super) fn cites(rows: &[&Activity]) -> Option<Cites> {
    let first = activity::earliest(rows)?.first;
    Some(Cites::rows(first, rows.iter().flat_map(|row| [row.first, row.last])))
}
