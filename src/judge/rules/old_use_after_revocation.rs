/*! `old-use-after-revocation`: after the old version was revoked, a consumer still used it. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::wording::{list, number, times};

use crate::model::Timestamp;
use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::{Action, Item};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("old-use-after-revocation"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::OfClass(settled_by),
    passes: Passes::Never,
    answers: &[Item::NoOldUseInWindow],
    blinds: false,
    fire,
};

/// A class that was seen working on the new version since has moved: what failed meanwhile is to be run again.
fn settled_by(class: &ClassCase) -> Action {
    if class.fresh.is_some() { Action::RunOnce } else { Action::MoveToNew }
}

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(revoked) = case.revoked else {
        return Vec::new();
    };
    let findings = case.classes.iter().filter_map(|class| {
        let attempts: Vec<&Activity> = class.tries.iter().chain(&class.after).copied().collect();
        let since = keep(&attempts, |row| row.kind.is_try() && row.last.latest() >= revoked);
        let old = keep(&since, activity::is_old_use);
        let (n, of) = (activity::count(&old), activity::count(&since));
        let finding = rule.finding(Some(class.id), claim(case, class, revoked, &old)?);
        let numbers = Some(Numbers { n, of, p: None });
        let asks_to_move =
            class.fresh.is_none() && !old.iter().any(|row| activity::is_success(row));
        Some(Finding { total: n, numbers, asks_to_move, ..finding })
    });
    findings.collect()
}

fn claim(case: &Case, class: &ClassCase, revoked: Timestamp, old: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    let worked = activity::count(&keep(old, activity::is_success));
    let success = match worked {
        0 => "no success is logged".to_owned(),
        n if n == activity::count(old) => "with success".to_owned(),
        n => format!("{} with success", number(n)),
    };
    let effects = &class.consumer.effects;
    let at_risk = if effects.is_empty() {
        "no effects declared".to_owned()
    } else {
        format!("at risk: {}", list(effects))
    };
    Some(Claim {
        summary: format!(
            "`{name}` used {} {} after its revocation at {revoked}: {}{}; {success} ({at_risk})",
            phrases::versions(case, old),
            times(activity::count(old)),
            phrases::between(old),
            phrases::on(old),
        ),
        remedy: remedy(case, class, worked),
        cites: phrases::cites(old)?,
    })
}

/// `worked` is how often the old version still worked.
fn remedy(case: &Case, class: &ClassCase, worked: u64) -> String {
    let (name, new) = (class.name(), phrases::new_versions(case));
    match (class.fresh, worked > 0) {
        (Some(fresh), true) => format!(
            "`{name}` works on {new} again, last at {}: find where the old version was not revoked, since it still \
             worked there",
            fresh.earliest()
        ),
        (Some(fresh), false) => format!(
            "`{name}` works on {new} again, last at {}: repair what its failed work left undone, and run that again",
            fresh.earliest()
        ),
        (None, true) => format!(
            "find where the old version was not revoked, since it still works there, and move `{name}`"
        ),
        (None, false) => {
            format!(
                "move `{name}` to the new version now, and repair what its failed work left undone"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, row};
    use crate::model::next::Action;
    use crate::model::{Duration, Timestamp};

    fn revoked(at: Timestamp) -> World {
        World::ready().plan(|p| p.rotation.revoked = Some(at))
    }

    #[test]
    fn it_says_who_how_many_when_and_what_is_at_risk() {
        let world = revoked(h(10)).consumer("w", |c| c.effects = vec!["invoices".to_owned()]);
        let world = world.put(row("w").old().refused().on("i2").at(h(20))).old("w", "i3", h(30));
        let finding = world.fires(&RULE);
        assert_eq!(cited(&finding), [h(20), h(30)]);
        assert_eq!(
            finding.summary,
            "`w` used `v1` twice after its revocation at 2026-03-02T19:00:00Z: from 2026-03-03T05:00:00Z to 2026-03-03T15:00:00Z on i2 and i3; 1 with success (at risk: invoices)"
        );
        assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((2, 16)));
        revoked(h(10)).silent(&RULE);
    }

    #[test]
    fn a_class_that_works_again_is_not_to_be_moved() {
        let refused = |at| revoked(h(10)).put(row("w").old().refused().on("i2").at(at));
        let finding = refused(h(20)).fires(&RULE);
        assert_eq!(
            finding.remedy,
            "`w` works on `v2` again, last at 2026-03-06T04:00:00Z: repair what its failed work left undone, and run that again"
        );
        let decision = refused(h(20)).decide();
        assert!(decision.missing.iter().all(|proof| proof.action != Action::MoveToNew));
        let finding = refused(h(95)).fires(&RULE);
        assert!(
            finding.remedy.starts_with("move `w` to the new version now"),
            "{}",
            finding.remedy
        );
        assert!(finding.asks_to_move);
        // Where it still works, the revocation is to be looked at first.
        assert!(!revoked(h(10)).old("w", "i2", h(95)).fires(&RULE).asks_to_move);
    }

    #[test]
    fn all_old_use_since_the_revocation_counts_also_outside_the_window() {
        let old = |at| revoked(h(10)).old("w", "i2", at);
        // Boundary: at the revocation, and a microsecond before it.
        old(h(10)).fires(&RULE);
        old(h(10) - Duration(1)).silent(&RULE);
        old(h(97)).fires(&RULE);
        revoked(h(10)).consumer("w", |c| c.disabled = true).old("w", "i2", h(20)).fires(&RULE);
    }

    #[test]
    fn without_a_revocation_it_is_silent() {
        World::ready().old("w", "i2", h(20)).silent(&RULE);
        revoked(h(96) + Duration(1)).old("w", "i2", h(98)).silent(&RULE);
        revoked(h(96)).old("w", "i2", h(98)).fires(&RULE);
    }
}
