/*! `stale-runtime`: a living process that took its value before the change and has not been seen taking the new one. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, ClockTime};
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::instance::InstanceCase;
use crate::judge::layers;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::{Action, Item};
use crate::model::{At, Binding, Refresh, State};
use crate::wording::{count, list};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("stale-runtime"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::MoveToNew),
    passes: Passes::Never,
    answers: &[Item::LongLivedRestarted],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let holding = case.judged().filter(|class| {
        class.consumer.refresh.is_some_and(|way| !Refresh::is_fresh_each_time(way))
    });
    let findings = holding.filter_map(|class| {
        let living = class.instances.iter().filter(|one| one.is_alive && !one.is_gone);
        let stale: Vec<&InstanceCase> = living.filter(|one| is_stale(class, one)).collect();
        let found = rule.finding(Some(class.id), claim(case, class, &stale)?);
        Some(Finding { total: stale.len() as u64, ..found })
    });
    findings.collect()
}

fn is_stale(class: &ClassCase, instance: &InstanceCase) -> bool {
    let new = keep(&instance.tries, activity::is_new_use);
    let old = activity::ends(&old_uses(instance));
    let is_after = |new: &ClockTime| old.iter().all(|old| new.surely_after(*old, class.clocks));
    let ends_old = !old.is_empty() && !activity::ends(&new).iter().any(is_after);
    let states_old = layers::loaded_old(class, instance.name).is_some_and(|old| {
        !activity::ends(&new).iter().any(|one| one.surely_after(old, class.clocks))
    });
    ends_old || states_old || (new.is_empty() && is_from_before(class, instance))
}

/// Old use; here what follows from times alone counts too.
fn old_uses<'a>(instance: &InstanceCase<'a>) -> Vec<&'a Activity> {
    keep(&instance.tries, |row| row.state == State::Old && row.binding != Binding::None)
}

/// Its last known start or refresh lies before the change; where none is known, it was seen before.
fn is_from_before(class: &ClassCase, instance: &InstanceCase) -> bool {
    let renewed = instance.renewed(class.times.as_of).map(At::earliest);
    renewed.or(instance.first_seen()).is_some_and(|at| at < class.times.introduced)
}

fn claim(case: &Case, class: &ClassCase, stale: &[&InstanceCase]) -> Option<Claim> {
    if stale.is_empty() {
        return None;
    }
    let names: Vec<&str> = stale.iter().map(|instance| instance.name).collect();
    let proof = stale.iter().filter_map(|one| {
        let last = activity::latest(&old_uses(one)).map(|row| row.last);
        let stated = || layers::loaded_old(class, one.name).map(|seen| seen.at);
        last.or_else(stated)
            .or_else(|| one.renewed(case.as_of))
            .or_else(|| activity::latest(&one.tries).map(|row| row.last))
    });
    let cites = Cites::silence(case.searched(class)).and_rows(proof);
    Some(Claim {
        summary: format!(
            "{} of `{}`, alive in the window, {} last known to hold a value from before the change: {}",
            count(stale.len(), "instance"),
            class.name(),
            if stale.len() == 1 { "was" } else { "were" },
            list(&names)
        ),
        remedy: format!("restart or refresh {}, and run it once on the new version", list(&names)),
        cites,
    })
}
