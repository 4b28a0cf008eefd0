/*! `new-before-introduction`: the new version was used before the plan says that it was introduced. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::wording::times;

use crate::model::State;
use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Severity, Waivable};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("new-before-introduction"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.classes.iter().filter_map(|class| {
        let early = keep(&class.tries, |row| {
            row.state == State::New && row.binding.proves() && row.first.latest() < case.introduced
        });
        let finding = rule.finding(Some(class.id), claim(case, class, &early)?);
        Some(Finding { total: activity::count(&early), ..finding })
    });
    findings.collect()
}

fn claim(case: &Case, class: &ClassCase, early: &[&Activity]) -> Option<Claim> {
    Some(Claim {
        summary: format!(
            "`{}` used {} {} before its introduction at {}: {}{}",
            class.name(),
            phrases::versions(case, early),
            times(activity::count(early)),
            case.introduced,
            phrases::between(early),
            phrases::on(early),
        ),
        remedy: "correct `introduced`, on which baseline and windows depend, or find out who had the new version early"
            .to_owned(),
        cites: phrases::cites(early)?.and_plan(case.plan.place(case.plan.rotation.site)),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, row};
    use crate::model::Duration;
    use crate::model::decision::Verdict;

    #[test]
    fn a_use_before_the_change_advises() {
        let world = World::ready().put(row("w").denied().on("i1").at(h(-2)));
        let finding = world.fires(&RULE);
        assert_eq!(cited(&finding), [h(-2)]);
        assert_eq!(finding.cites.plan_site(), Some("holdover.toml:10:1"));
        assert_eq!(
            finding.summary,
            "`w` used `v2` once before its introduction at 2026-03-02T09:00:00Z: at 2026-03-02T07:00:00Z on i1"
        );
        assert_eq!(world.verdict(), Verdict::Ready);
        World::ready().silent(&RULE);
    }

    #[test]
    fn at_the_change_it_is_in_time() {
        // Boundary: at the change, and a microsecond before it.
        World::ready().put(row("w").at(h(0))).silent(&RULE);
        World::ready().put(row("w").at(h(0) - Duration(1))).fires(&RULE);
        World::ready().put(row("w").coarse(h(-9), h(0))).silent(&RULE);
        World::ready().put(row("w").inferred().at(h(-9))).silent(&RULE);
    }
}
