/*! `overlong-dual-validity`: every consumer has been free of the old version for far longer than it has to be, and the
 * old version still works.
 */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::model::VersionState;
use crate::model::decision::Mode;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::wording::{length, length_up};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("overlong-dual-validity"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

/// How many times the time that is needed is too long.
const TIMES: i64 = 3;

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    if case.mode != Mode::PreRevocation {
        return Vec::new();
    }
    // An old use after the report's instant is known too.
    let is_overlong = |class: &ClassCase| {
        class.silence.elapsed > class.silence.needed.scaled(TIMES, 1)
            && !class.after.iter().any(|row| activity::is_old_use(row))
    };
    let slowest = case.judged().min_by_key(|class| class.silence.elapsed - class.silence.needed);
    let claim = slowest.filter(|_| case.judged().all(is_overlong)).map(|class| claim(case, class));
    claim.map(|claim| rule.finding(None, claim)).into_iter().collect()
}

/// `class` is the one that is over its need by the least.
fn claim(case: &Case, class: &ClassCase) -> Claim {
    let old = phrases::of_state(case, VersionState::Old, "and");
    let last = case.judged().filter_map(|class| class.last_old_use).max_by_key(|at| at.latest());
    Claim {
        summary: format!(
            "every consumer has been free of {old} for more than {TIMES} times as long as it must be, and {old} is still \
             valid: `{}` for {} of logged time, and it needs {}",
            class.name(),
            length(class.silence.elapsed),
            length_up(class.silence.needed),
        ),
        remedy: format!("revoke {old}, or say in the plan why both versions stay valid"),
        cites: Cites::silence(case.searched_all())
            .and_rows(last)
            .and_plan(case.plan.place(case.plan.rotation.site)),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, hours};
    use crate::model::Duration;
    use crate::model::decision::Verdict;

    /// Free of old use from `h(0)` to `h(96)`, with this window.
    fn window(length: Duration) -> World {
        World::ready().old("w", "i1", h(0)).plan(|plan| plan.rotation.window = length)
    }

    #[test]
    fn more_than_three_times_the_need_is_overlong() {
        // Boundary: three times the need, and a microsecond more than that.
        window(hours(32)).silent(&RULE);
        let world = window(Duration(hours(32).0 - 1));
        let finding = world.fires(&RULE);
        assert_eq!(cited(&finding), [h(0)]);
        assert_eq!(
            finding.summary,
            "every consumer has been free of `v1` for more than 3 times as long as it must be, and `v1` is still valid: `w` for 4 d of logged time, and it needs 32 h"
        );
        assert_eq!((finding.class, world.verdict()), (None, Verdict::Ready));
    }

    #[test]
    fn one_class_that_still_needs_its_time_keeps_it_silent() {
        let world = window(hours(8)).class("v").steady("v", "j1");
        world.fires(&RULE);
        world.clone().consumer("v", |c| c.every = Some(hours(40))).silent(&RULE);
        world.clone().old("v", "j1", h(80)).silent(&RULE);
        world.old("v", "j1", h(97)).silent(&RULE);
    }

    #[test]
    fn a_revoked_version_is_not_valid() {
        window(hours(8)).plan(|plan| plan.rotation.revoked = Some(h(40))).silent(&RULE);
        window(hours(8)).plan(|plan| plan.rotation.revoked = Some(h(97))).fires(&RULE);
        window(hours(8)).judged_at(h(-1)).silent(&RULE);
    }
}
