/*! `first-cycle-unseen`: since the old version was revoked, a consumer has not been seen working. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::model::Timestamp;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("first-cycle-unseen"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(revoked) = case.revoked else {
        return Vec::new();
    };
    let unseen = case
        .judged()
        .filter(|class| !class.fresh_rows.iter().any(|row| row.last.earliest() > revoked));
    let findings = unseen.map(|class| rule.finding(Some(class.id), claim(case, class, revoked)));
    findings.collect()
}

fn claim(case: &Case, class: &ClassCase, revoked: Timestamp) -> Claim {
    let (name, new) = (class.name(), phrases::new_versions(case));
    let last = activity::latest(&class.new_successes).map(|row| row.last);
    let before = last.map_or_else(
        || format!("it has no success of its own on {new}"),
        |at| format!("its last success on {new} was at {}", at.earliest()),
    );
    Claim {
        summary: format!(
            "no success since the revocation at {revoked} proves that `{name}` works on {new}: {before}"
        ),
        remedy: format!("run `{name}` once on {new}, and keep the record"),
        cites: Cites::silence(case.searched(class)).and_rows(last),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, row};
    use crate::model::{Duration, Timestamp};

    /// The last new success is that of `h(91)`.
    fn revoked(at: Timestamp) -> World {
        World::ready().plan(|p| p.rotation.revoked = Some(at))
    }

    #[test]
    fn a_fresh_success_must_be_later_than_the_revocation() {
        // Boundary: revoked a microsecond before the last success, and at it.
        revoked(h(91) - Duration(1)).silent(&RULE);
        let finding = revoked(h(91)).fires(&RULE);
        assert_eq!(cited(&finding), [h(91)]);
        assert_eq!(finding.cites.searched(), ["w"]);
        assert_eq!(
            finding.summary,
            "no success since the revocation at 2026-03-06T04:00:00Z proves that `w` works on `v2`: its last success on `v2` was at 2026-03-06T04:00:00Z"
        );
        revoked(h(92)).put(row("w").degraded().at(h(93))).fires(&RULE);
    }

    #[test]
    fn before_a_revocation_it_is_silent() {
        World::ready().silent(&RULE);
        revoked(h(96) + Duration(1)).silent(&RULE);
        revoked(h(96)).fires(&RULE);
    }

    #[test]
    fn classes_that_need_no_fresh_success_are_not_judged() {
        revoked(h(92)).consumer("w", |c| c.disabled = true).silent(&RULE);
        revoked(h(92)).indirect("w").silent(&RULE);
    }
}
