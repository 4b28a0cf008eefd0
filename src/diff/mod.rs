/*! What changed between two reports, and what does it mean?
 *
 * Two reports in, a list of changes out. Each change says whether it makes a revocation safer, and whether it alone
 * could have made a verdict better although no consumer moved: an input that is missing, a shorter window, a waiver.
 * Such a change next to a better verdict is what a reader must not overlook.
 */

mod classes;
mod findings;
mod input_changes;
mod moved_folders;
mod plan_terms;
mod terms;
mod undeclared;
mod verdict;
mod waivers;

use std::cmp::Reverse;

use crate::model::changes::{Changes, Side};
use crate::wire::{Class, Report};

/// Two reports that do not belong together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unlike {
    /// They are about different credentials.
    #[error("the reports are about different credentials: `{0}` and `{1}`")]
    Credential(String, String),
    /// No old version of the one is an old version of the other.
    #[error(
        "the reports are about different rotations of `{0}`: they have no old version in common"
    )]
    Rotation(String),
}

/// Compares an older report with a newer one.
pub fn compare(before: &Report, after: &Report) -> Result<Changes, Unlike> {
    let (older, newer) = (&before.credential, &after.credential);
    if older.name != newer.name {
        return Err(Unlike::Credential(older.name.clone(), newer.name.clone()));
    }
    if !older.old.iter().any(|version| newer.old.contains(version)) {
        return Err(Unlike::Rotation(older.name.clone()));
    }
    let mut changes = Vec::new();
    let placed = moved_folders::renamed(&mut changes, before, after);
    let before = placed.as_ref();
    verdict::compare(&mut changes, before, after);
    classes::compare(&mut changes, before, after);
    findings::compare(&mut changes, before, after);
    undeclared::compare(&mut changes, &before.undeclared, &after.undeclared);
    waivers::compare(&mut changes, &before.waivers, &after.waivers);
    terms::compare(&mut changes, before, after);
    plan_terms::compare(&mut changes, before, after);
    input_changes::compare(&mut changes, before, after);
    changes.sort_by_key(|change| (change.topic, Reverse(change.weakens), change.effect));
    let is_better = |class: &Class| {
        let was = before.classes.iter().find(|older| older.name == class.name);
        was.is_some_and(|was| class.verdict < was.verdict)
    };
    Ok(Changes {
        credential: newer.name.clone(),
        old_versions: newer.old.clone(),
        improved: after.verdict < before.verdict || after.classes.iter().any(is_better),
        before: side(before),
        after: side(after),
        changes,
        own_words: own_words(before, after),
    })
}

/// The names of the plan as the reports show them: who wrote them has masked what had to be masked.
fn own_words(before: &Report, after: &Report) -> Vec<String> {
    let of = |report: &Report| {
        let credential = &report.credential;
        let classes = report.classes.iter().map(|class| class.name.clone());
        let versions = credential.old.iter().chain(&credential.new).cloned();
        versions.chain(classes).collect::<Vec<_>>()
    };
    [vec![after.credential.name.clone()], of(before), of(after)].concat()
}

fn side(report: &Report) -> Side {
    Side { verdict: report.verdict.0, as_of: report.as_of.0, summary: report.summary.clone() }
}
