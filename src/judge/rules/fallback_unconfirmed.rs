/*! `fallback-unconfirmed`: a consumer that has, or is, a fallback has not been seen working without it. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::{Action, Item};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("fallback-unconfirmed"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[Item::FallbackConfirmedOrDisabled],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let unconfirmed = case.classes.iter().filter(|class| {
        let consumer = class.consumer;
        let concerns = !consumer.fallback.is_empty() || consumer.is_fallback;
        concerns && !consumer.disabled && !is_confirmed(class)
    });
    unconfirmed.map(|class| rule.finding(Some(class.id), claim(case, class))).collect()
}

/// If a direct class has no fresh success, `silent-consumer` or `exception-path-untested` says so. An indirect class
/// shows no version, so a recent success without the fallback is its proof.
fn is_confirmed(class: &ClassCase) -> bool {
    class.is_direct || !class.proofs().is_empty()
}

fn claim(case: &Case, class: &ClassCase) -> Claim {
    let name = class.name();
    let (role, success, part) = if class.consumer.is_fallback {
        ("is a fallback", "recent success", "it")
    } else {
        ("has a fallback", "recent success without it", "its primary path")
    };
    let last = activity::latest(&class.tries).map(|row| row.last);
    Claim {
        summary: format!(
            "`{name}` {role}, and no {success} since {} shows that {part} works",
            case.introduced
        ),
        remedy: format!(
            "run `{name}` once without its fallback, or mark it `disabled` with a reason"
        ),
        cites: Cites::silence(case.searched(class))
            .and_rows(last)
            .and_plan(case.plan.place(class.consumer.site)),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::rules::silent_consumer;
    use crate::judge::tests::{World, cited, h, row};
    use crate::model::columns::Column;
    use crate::model::{Duration, NonEmpty, Use};
    use crate::plan::{MatchKey, MatchTable, Pattern};

    fn indirect() -> World {
        let world = World::ready().class("ui").put(row("ui").unversioned().at(h(-9)));
        world.consumer("ui", |c| {
            c.usage = Use::Indirect;
            let local = vec![Pattern::Literal("local".to_owned())];
            let entries = NonEmpty::of((MatchKey::Column(Column::Route), local));
            c.fallback = vec![MatchTable { entries }];
        })
    }

    #[test]
    fn an_indirect_class_needs_a_success_without_the_fallback_since_the_change() {
        let finding = indirect().fires(&RULE);
        assert_eq!(cited(&finding), [h(-9)]);
        indirect().put(row("ui").unversioned().degraded().at(h(9))).fires(&RULE);
        indirect().put(row("ui").unversioned().ambiguous().at(h(9))).fires(&RULE);
        // Boundary: a success a microsecond before the change, and one at it.
        indirect().put(row("ui").unversioned().at(h(0) - Duration(1))).fires(&RULE);
        indirect().put(row("ui").unversioned().at(h(0))).silent(&RULE);
    }

    #[test]
    fn for_a_missing_fresh_success_another_rule_fires() {
        let direct = indirect().consumer("ui", |c| c.usage = Use::Direct);
        direct.silent(&RULE);
        direct.fires(&silent_consumer::RULE);
    }

    #[test]
    fn only_classes_with_a_fallback_are_judged() {
        indirect().consumer("ui", |c| c.disabled = true).silent(&RULE);
        indirect().consumer("ui", |c| c.fallback.clear()).silent(&RULE);
        let is_one =
            indirect().consumer("ui", |c| (c.fallback, c.is_fallback) = (Vec::new(), true));
        is_one.fires(&RULE);
    }
}
