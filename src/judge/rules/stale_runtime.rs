/*! `stale-runtime`: a living process that took its value before the change and was not seen to take the new one. */

use super::{Claim, Rule, finding};
use crate::judge::activity::{self, Seen};
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::instance::InstanceCase;
use crate::judge::layers;
use crate::judge::words::{list, plural};
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Finding, Severity};
use crate::model::{At, Binding, Refresh, State};

/// The rule.
pub(super) struct StaleRuntime;

impl Rule for StaleRuntime {
    fn code(&self) -> &'static str {
        "stale-runtime"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let holding = case.judged().filter(|class| {
            class.consumer.refresh.is_some_and(|way| !Refresh::is_fresh_each_time(way))
        });
        let findings = holding.filter_map(|class| {
            let living = class.instances.iter().filter(|one| one.is_alive && !one.is_gone);
            let stale: Vec<&InstanceCase> = living.filter(|one| is_stale(class, one)).collect();
            let found = finding(self, Some(class.id), claim(case, class, &stale)?);
            Some(Finding { total: stale.len() as u64, ..found })
        });
        findings.collect()
    }
}

fn is_stale(class: &ClassCase, instance: &InstanceCase) -> bool {
    let new = keep(&instance.tries, activity::is_new_use);
    let old = activity::ends(&old_uses(instance));
    let is_after = |new: &Seen| old.iter().all(|old| new.surely_after(*old, class.clocks));
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
            "{} of `{}` lived in the window on a value from before the change: {}",
            plural(stale.len() as u64, "instance", "instances"),
            class.name(),
            list(&names)
        ),
        remedy: format!("restart or refresh {}, and let it use the new version once", list(&names)),
        cites,
    })
}
