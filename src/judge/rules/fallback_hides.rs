/*! `fallback-hides`: work that goes through a fallback succeeds even where the credential is refused. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::wording::count;

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Numbers, Severity, Waivable};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("fallback-hides"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let running = case.classes.iter().filter(|class| !class.consumer.disabled);
    let findings = running.filter_map(|class| {
        let worked = keep(&class.tries, activity::is_success);
        let degraded = keep(&worked, |row| row.degraded);
        let (n, of) = (activity::count(&degraded), activity::count(&worked));
        let finding = rule.finding(Some(class.id), claim(class, &degraded)?);
        Some(Finding { total: n, numbers: Some(Numbers { n, of, p: None }), ..finding })
    });
    findings.collect()
}

fn claim(class: &ClassCase, degraded: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    Some(Claim {
        summary: format!(
            "{} of `{name}` went through its fallback, {}: it can keep succeeding while its credential is refused",
            count(activity::count(degraded), "success"),
            phrases::between(degraded),
        ),
        remedy: format!("alert on how often `{name}` uses its fallback, not only on its failures"),
        cites: phrases::cites(degraded)?,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, row};
    use crate::model::Duration;
    use crate::model::decision::Verdict;

    #[test]
    fn one_degraded_success_advises_before_and_after_the_change() {
        let world = World::ready().put(row("w").old().degraded().at(h(-9)));
        let finding = world.fires(&RULE);
        assert_eq!(cited(&finding), [h(-9)]);
        assert_eq!(
            finding.summary,
            "1 success of `w` went through its fallback, at 2026-03-02T00:00:00Z: it can keep succeeding while its credential is refused"
        );
        assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((1, 73)));
        assert_eq!(world.verdict(), Verdict::Ready);
        World::ready().silent(&RULE);
    }

    #[test]
    fn only_successes_up_to_the_end_count() {
        let at = |at| World::ready().put(row("w").degraded().at(at));
        // Boundary: at the instant of the report, and a microsecond after it.
        at(h(96)).fires(&RULE);
        at(h(96) + Duration(1)).silent(&RULE);
        World::ready().put(row("w").degraded().refused().at(h(90))).silent(&RULE);
    }

    #[test]
    fn it_fires_for_an_indirect_class_and_not_for_a_disabled_one() {
        let world = World::ready().put(row("w").degraded().at(h(90)));
        world.clone().indirect("w").fires(&RULE);
        world.consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
