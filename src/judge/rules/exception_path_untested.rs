/*! `exception-path-untested`: a path that runs only when things go wrong has not run on the new version. */

use super::{Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::rules::missing_success;
use crate::model::finding::{Code, Finding, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("exception-path-untested"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let untested = case.judged().filter(|class| class.is_exception() && class.fresh.is_none());
    let findings = untested.filter_map(|class| {
        let said = (class.silence.state?, "exception path ");
        Some(missing_success::finding(rule, case, class, said))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, row};
    use crate::model::ledger::ExceptionTest;
    use crate::model::{Duration, PathKind};

    fn replay() -> World {
        let world = World::new().class("replay").old("replay", "i1", h(-40));
        world.consumer("replay", |c| c.path = PathKind::Exception)
    }

    #[test]
    fn it_fires_with_the_state_of_the_silence() {
        let finding = replay().fires(&RULE);
        assert_eq!(cited(&finding), [h(-40)]);
        assert!(
            finding.summary.starts_with(
                "no success proves that exception path `replay` works on `v2` (silent, schedule unknown)"
            ),
            "{}",
            finding.summary
        );
        assert_eq!(replay().decide().classes[0].exception_test, ExceptionTest::Missing);
    }

    #[test]
    fn one_fresh_success_passes_the_test() {
        let world = replay().new_ok("replay", "i1", h(0));
        world.silent(&RULE);
        assert_eq!(world.decide().classes[0].exception_test, ExceptionTest::Passed);
        let refused = world.put(row("replay").refused().at(h(1)));
        assert_eq!(refused.decide().classes[0].exception_test, ExceptionTest::Failed);
    }

    #[test]
    fn a_success_before_the_change_does_not_count() {
        // Boundary: a success a microsecond before the change, and one at it.
        replay().new_ok("replay", "i1", h(0) - Duration(1)).fires(&RULE);
        replay().new_ok("replay", "i1", h(0)).silent(&RULE);
        replay().consumer("replay", |c| c.disabled = true).silent(&RULE);
        replay().consumer("replay", |c| c.path = PathKind::Background).silent(&RULE);
    }
}
