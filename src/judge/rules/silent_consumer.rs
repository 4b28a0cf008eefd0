/*! `silent-consumer`: no success proves that a consumer moved. The finding says which of six states its silence is in.
 */

use super::{Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::rules::missing_success;
use crate::model::finding::{Code, Finding, Severity, Waivable};
use crate::model::ledger::SilenceState;
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("silent-consumer"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::OfClass(settled_by),
    passes: Passes::If(passes),
    answers: &[],
    blinds: false,
    fire,
};

fn settled_by(class: &ClassCase) -> Action {
    match class.silence.state {
        Some(SilenceState::Active) => Action::MoveToNew,
        Some(SilenceState::NeverSeen | SilenceState::Unobservable) => Action::FetchLog,
        Some(SilenceState::NotDue | SilenceState::Overdue | SilenceState::Silent) | None => {
            Action::RunOnce
        }
    }
}

fn passes(_: &Case, class: &ClassCase) -> bool {
    class.awaited_run().is_some()
}

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let unproven = case.judged().filter(|class| !class.is_exception() && class.fresh.is_none());
    let findings = unproven.filter_map(|class| {
        let state = class.silence.state?;
        Some(missing_success::finding(rule, case, class, (state, "")))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, hours, row};
    use crate::model::coverage::RejectRun;
    use crate::model::{Duration, InputId, PathKind, Place};

    /// Old every 6 h for two weeks, and nothing since.
    fn quiet() -> World {
        (-56..0).fold(World::new().class("w"), |world, n| world.old("w", "i1", h(n * 6)))
    }

    fn state(world: &World) -> String {
        let summary = world.fires(&RULE).summary;
        let state = summary.split(['(', ')']).nth(1).expect("a state in brackets");
        state.to_owned()
    }

    #[test]
    fn a_fresh_success_keeps_it_silent() {
        World::ready().silent(&RULE);
    }

    #[test]
    fn it_names_the_state_and_cites_the_last_attempt() {
        let finding = quiet().fires(&RULE);
        assert_eq!(cited(&finding), [h(-6)]);
        assert_eq!(finding.cites.searched(), ["w"]);
        assert_eq!(finding.cites.plan_site(), Some("holdover.toml:20:1"));
        assert_eq!(
            finding.summary,
            "no success proves that `w` works on `v2` (overdue): it last ran at 2026-03-02T03:00:00Z and should have run again by 2026-03-02T12:00:00Z"
        );
    }

    #[test]
    fn records_that_were_rejected_may_be_its() {
        let run = RejectRun {
            input: InputId(0),
            streams: vec![],
            count: 12,
            reasons: [("unknown-outcome".to_owned(), 11), ("bad-json".to_owned(), 1)].into(),
            before: Some(h(1)),
            after: Some(h(2)),
            old_marker: None,
            first: Place { input: InputId(0), record: 3, offset: 90, length: 30 },
        };
        // A class that no log source is known to carry.
        let unseen = World::new().class("w").facts(|f| f.streams[0].carries.clear());
        let finding = unseen.clone().facts(|f| f.rejects.push(run)).fires(&RULE);
        assert_eq!(
            finding.summary,
            "no success proves that `w` works on `v2` (never seen): no record of it is evidence, but 12 records were rejected, most often for `unknown-outcome`, and may be its"
        );
        assert!(finding.remedy.contains("`outcomes`"), "{}", finding.remedy);
        let finding = unseen.fires(&RULE);
        assert!(finding.summary.ends_with("no input holds a record of it"), "{}", finding.summary);
    }

    #[test]
    fn records_that_say_nothing_and_later_ones_are_told_apart() {
        let world = World::new().class("w");
        let ends = |world: &World, end: &str| {
            let finding = world.fires(&RULE);
            assert!(finding.summary.ends_with(end), "{}", finding.summary);
        };
        ends(&world, "records match it, but none shows a version or is an attempt");
        let later = world.old("w", "i1", h(96) + Duration(1));
        ends(&later, "but none up to 2026-03-06T09:00:00Z shows a version or is an attempt");
    }

    #[test]
    fn each_state_follows_from_its_facts() {
        assert_eq!(state(&World::new().class("w")), "never seen");
        assert_eq!(state(&quiet().hole("w", h(47), h(97))), "not logged in the window");
        assert_eq!(
            state(&quiet().put(row("w").unversioned().at(h(90)))),
            "not logged in the window"
        );
        assert_eq!(state(&quiet().put(row("w").denied().at(h(90)))), "active");
        assert_eq!(state(&quiet().consumer("w", |c| c.every = Some(hours(103)))), "not due yet");
        assert_eq!(state(&quiet().consumer("w", |c| c.every = Some(hours(102)))), "overdue");
        assert_eq!(
            state(&World::new().class("w").old("w", "i1", h(-6))),
            "silent, schedule unknown"
        );
    }

    #[test]
    fn at_equal_times_old_comes_last() {
        let last = h(91);
        World::ready().old("w", "i2", last).fires(&RULE);
        World::ready().old("w", "i2", last).new_ok("w", "i1", last + Duration(1)).silent(&RULE);
    }

    #[test]
    fn times_in_two_log_sources_within_the_skew_have_no_order() {
        let old_before = |length: Duration| {
            let old = row("w").old().stream("other").at(h(91) - length);
            World::ready().stream("other", "w").put(old)
        };
        old_before(Duration(60_000_000)).silent(&RULE);
        old_before(Duration(59_999_999)).fires(&RULE);
    }

    #[test]
    fn a_coarse_old_use_counts_at_its_end() {
        World::ready().put(row("w").old().coarse(h(60), h(91))).fires(&RULE);
        World::ready().put(row("w").old().coarse(h(60), h(91) - Duration(1))).silent(&RULE);
    }

    #[test]
    fn a_success_is_fresh_for_a_window() {
        // Boundary: a success at the start of the window, and a microsecond before it.
        quiet().new_ok("w", "i1", h(48)).silent(&RULE);
        quiet().new_ok("w", "i1", h(48) - Duration(1)).fires(&RULE);
        let rare = quiet().consumer("w", |c| c.every = Some(hours(60)));
        rare.new_ok("w", "i1", h(36)).silent(&RULE);
    }

    #[test]
    fn successes_that_prove_nothing_leave_it_firing() {
        let rows = [
            row("w").degraded(),
            row("w").inferred(),
            row("w").ambiguous(),
            row("w").refused(),
            row("w").denied(),
            row("w").foreign(),
            row("w").aggregated().count(40),
        ];
        for row in rows {
            quiet().put(row.at(h(90))).fires(&RULE);
        }
        let counted = quiet().consumer("w", |c| c.limits.aggregates_prove = true);
        counted.put(row("w").aggregated().at(h(90))).silent(&RULE);
        quiet().put(row("w").derived().at(h(90))).silent(&RULE);
    }

    #[test]
    fn successes_count_in_the_environments_of_the_baseline() {
        let world = |place: &str| {
            let old = row("w").old().env("prod").at(h(-1));
            quiet().put(old).put(row("w").env(place).at(h(90)))
        };
        world("prod").silent(&RULE);
        world("staging").fires(&RULE);
        world("staging")
            .consumer("w", |c| c.environments = vec!["staging".to_owned()])
            .silent(&RULE);
    }

    #[test]
    fn other_classes_have_other_rules() {
        quiet().consumer("w", |c| c.path = PathKind::Exception).silent(&RULE);
        quiet().consumer("w", |c| c.disabled = true).silent(&RULE);
        quiet().indirect("w").silent(&RULE);
    }
}
