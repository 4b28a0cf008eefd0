/*! `layer-contradiction`: the configuration names the new version, or the process started after the change, but the old version is used. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::layers;
use crate::judge::phrases;

use crate::model::At;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("layer-contradiction"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::Action(Action::MoveToNew),
    passes: Passes::WithSilence,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.classes.iter().filter_map(|class| {
        let old = keep(&class.in_window(), activity::is_old_use);
        let declared = against(&old, |row| layers::declared_new(class, row));
        let started = against(&old, |row| started_since(class, row));
        let total = activity::count(&merged(&declared, &started));
        let found = rule.finding(Some(class.id), claim(case, class, &declared, &started)?);
        Some(Finding { total, ..found })
    });
    findings.collect()
}

/// Old uses, each with what contradicts it.
type Against<'a> = Vec<(&'a Activity, At)>;

fn against<'a>(old: &[&'a Activity], by: impl Fn(&Activity) -> Option<At>) -> Against<'a> {
    old.iter().filter_map(|row| Some((*row, by(row)?))).collect()
}

/// The start of the process that did it, if that came surely after the change and before the use.
fn started_since(class: &ClassCase, old: &Activity) -> Option<At> {
    let instance = class.instances.iter().find(|one| Some(one.name) == old.instance.as_deref())?;
    let fresh = instance.started_after(class.times.introduced, class.clocks);
    (fresh && instance.started_before(old, class.clocks)).then_some(instance.fact?.started?)
}

fn merged<'a>(declared: &Against<'a>, started: &Against<'a>) -> Vec<&'a Activity> {
    let is_new = |row: &&Activity| !declared.iter().any(|(known, _)| std::ptr::eq(*known, *row));
    let more = started.iter().map(|(row, _)| *row).filter(is_new);
    declared.iter().map(|(row, _)| *row).chain(more).collect()
}

fn claim(
    case: &Case,
    class: &ClassCase,
    declared: &Against<'_>,
    started: &Against<'_>,
) -> Option<Claim> {
    let rows = merged(declared, started);
    let begun = |at: &Against<'_>| at.iter().map(|(_, by)| by.earliest()).min();
    let mut why = Vec::new();
    why.extend(
        begun(declared).map(|at| format!("its configuration names the new version since {at}")),
    );
    why.extend(begun(started).map(|at| format!("its process started after the change, at {at}")));
    if why.is_empty() {
        return None;
    }
    let name = class.name();
    let causes = declared.iter().chain(started).map(|(_, by)| *by);
    let uses = rows.iter().flat_map(|row| [row.first, row.last]);
    let mut all = uses.chain(causes);
    Some(Claim {
        summary: format!(
            "`{name}` used {} {}{}, although {}",
            phrases::versions(case, &rows),
            phrases::between(&rows),
            phrases::on(&rows),
            why.join(", and "),
        ),
        remedy: format!(
            "find where `{name}` takes the old value from (another secret or mount, an image, a cache, a file that is \
             not updated); a restart alone does not help"
        ),
        cites: Cites::rows(all.next()?, all),
    })
}
