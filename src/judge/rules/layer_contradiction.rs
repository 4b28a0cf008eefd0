/*! `layer-contradiction`: the old version is used, although the configuration names the new one or the process started
 * after the change.
 */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::layers;
use crate::judge::phrases;

use crate::model::At;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
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
        let finding = rule.finding(Some(class.id), claim(case, class, &declared, &started)?);
        Some(Finding { total, ..finding })
    });
    findings.collect()
}

/// Old uses, each with what contradicts it.
type Against<'a> = Vec<(&'a Activity, At)>;

fn against<'a>(old: &[&'a Activity], by: impl Fn(&Activity) -> Option<At>) -> Against<'a> {
    old.iter().filter_map(|row| Some((*row, by(row)?))).collect()
}

/// The start of the process that used it, if that was surely after the change and before the use.
fn started_since(class: &ClassCase, old: &Activity) -> Option<At> {
    let instance = old.instance.as_deref().and_then(|name| class.instance(name))?;
    let fresh = instance.started_after(class.times.introduced, &[], class.clocks);
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
    let mut cited = uses.chain(causes);
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
        cites: Cites::rows(cited.next()?, cited),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, row};
    use crate::model::{Duration, State, Timestamp};

    fn world() -> World {
        World::ready().old("w", "i2", h(80))
    }

    #[test]
    fn old_use_under_a_new_configuration_fires() {
        let finding = world().configured("w", Some("i2"), State::New, h(70)).fires(&RULE);
        assert_eq!(cited(&finding), [h(70), h(80)]);
        assert_eq!(
            finding.summary,
            "`w` used `v1` at 2026-03-05T17:00:00Z on i2, although its configuration names the new version since 2026-03-05T07:00:00Z"
        );
        world().configured("w", None, State::New, h(70)).fires(&RULE);
        world().configured("w", Some("i1"), State::New, h(70)).silent(&RULE);
        world().silent(&RULE);
    }

    #[test]
    fn a_later_configuration_or_one_of_both_versions_is_no_contradiction() {
        world().configured("w", Some("i2"), State::New, h(80) - Duration(1)).fires(&RULE);
        world().configured("w", Some("i2"), State::New, h(80)).silent(&RULE);
        world()
            .configured("w", Some("i2"), State::New, h(70))
            .configured("w", Some("i2"), State::Old, h(69))
            .fires(&RULE);
        world()
            .configured("w", Some("i2"), State::New, h(70))
            .configured("w", Some("i2"), State::Old, h(70))
            .silent(&RULE);
        world().loaded("w", Some("i2"), State::New, h(70)).silent(&RULE);
    }

    #[test]
    fn a_process_from_after_the_change_fires() {
        let skew = Duration::MINUTE;
        let started = |at: Timestamp| world().started("w", "i2", at);
        let finding = started(h(60)).fires(&RULE);
        assert_eq!(cited(&finding), [h(60), h(80)]);
        started(h(0)).silent(&RULE);
        started(h(0) + skew - Duration(1)).silent(&RULE);
        started(h(0) + skew).fires(&RULE);
        started(h(80)).silent(&RULE);
    }

    #[test]
    fn only_old_use_in_the_window_counts() {
        let earlier = |at: Timestamp| {
            World::ready().old("w", "i2", at).configured("w", Some("i2"), State::New, h(10))
        };
        // Boundary: at the start of the window, and a microsecond before it.
        earlier(h(48)).fires(&RULE);
        earlier(h(48) - Duration(1)).silent(&RULE);
        let refused = World::ready().put(row("w").on("i2").old().refused().at(h(80)));
        refused.configured("w", Some("i2"), State::New, h(70)).fires(&RULE);
    }
}
