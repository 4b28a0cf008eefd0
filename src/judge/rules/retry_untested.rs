/*! `retry-untested`: the consumer used to retry, and no retry with the new version was seen. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::attempts::{self, Retries};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::{Action, Item};
use crate::wording::{count, number, percent};

/// The fewest retries with the new version that are expected if the class retries as often as before.
const EXPECTED_MIN: u64 = 3;

/// The class must have retried on this many days before the change: one outage makes no habit.
const DAYS_MIN: u64 = 3;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("retry-untested"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[Item::RetryPathTested],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.judged().filter_map(|class| {
        let retries = attempts::of_class(case.facts, class.id);
        is_untested(&retries).then(|| {
            let numbers = Numbers { n: retries.before, of: retries.before_of, p: None };
            let finding = rule.finding(Some(class.id), claim(case, class, &retries));
            Finding { numbers: Some(numbers), ..finding }
        })
    });
    findings.collect()
}

fn is_untested(retries: &Retries) -> bool {
    let (share, of) = (u128::from(retries.before), u128::from(retries.before_of));
    let is_expected = share * u128::from(retries.new_of) >= u128::from(EXPECTED_MIN) * of;
    retries.days >= DAYS_MIN && retries.new == 0 && (is_expected || 2 * share > of)
}

fn claim(case: &Case, class: &ClassCase, retries: &Retries) -> Claim {
    let name = class.name();
    let tried = match retries.new_of {
        0 => "it has made no attempt with the new version yet".to_owned(),
        1 => "its only attempt with the new version was not a retry".to_owned(),
        n => format!("none of its {} attempts with the new version was one", number(n)),
    };
    Claim {
        summary: format!(
            "{} of {} of `{name}` before the change ({}) {}, but {tried}",
            number(retries.before),
            count(retries.before_of, "attempt"),
            percent(retries.before, retries.before_of),
            if retries.before == 1 { "was a retry" } else { "were retries" },
        ),
        remedy: format!(
            "let one job of `{name}` fail and be retried on the new version, and keep the record"
        ),
        cites: Cites::silence(case.searched(class)).and_rows(retries.seen.iter().copied()),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h};
    use crate::model::facts::Attempts;
    use crate::model::ledger::Share;
    use crate::model::next::Status;

    fn share(n: u64, of: u64) -> Share {
        Share { n, of }
    }

    /// A class with these retries among its attempts before the change, and among those with the new version.
    fn retried(before: Share, new: Share, has_worked: bool) -> World {
        let mut world = World::ready();
        let class = world.id("w");
        for (is_new, share, at) in [(false, before, h(-30)), (true, new, h(30))] {
            for (is_retry, events) in [(true, share.n), (false, share.of - share.n)] {
                let at = world.cite(at);
                let (first, last) = (at, at);
                let days = 3;
                let attempts =
                    Attempts { class, is_new, days, is_retry, has_worked, events, first, last };
                if events > 0 {
                    world = world.facts(|facts| facts.attempts.push(attempts));
                }
            }
        }
        world
    }

    #[test]
    fn three_retries_that_should_have_been_seen_are_enough() {
        let finding = retried(share(10, 100), share(0, 30), true).fires(&RULE);
        assert_eq!(
            finding.summary,
            "10 of 100 attempts of `w` before the change (10.0 %) were retries, but none of its 30 attempts with the new version was one"
        );
        assert_eq!(
            (cited(&finding).as_slice(), finding.cites.searched().len()),
            ([h(-30)].as_slice(), 1)
        );
        // Boundary: three retries are to be expected of 30 attempts, and fewer of 29.
        retried(share(10, 100), share(0, 29), true).silent(&RULE);
        retried(share(10, 100), share(1, 30), true).silent(&RULE);
        retried(share(0, 100), share(0, 30), true).silent(&RULE);
    }

    #[test]
    fn retries_on_three_days_are_a_habit() {
        let on = |days: u64| {
            let world = retried(share(10, 100), share(0, 30), true);
            world.facts(|facts| facts.attempts.iter_mut().for_each(|group| group.days = days))
        };
        on(3).fires(&RULE);
        on(2).silent(&RULE);
    }

    #[test]
    fn a_class_that_mostly_retries_must_show_one_at_once() {
        retried(share(51, 100), share(0, 1), true).fires(&RULE);
        retried(share(51, 100), share(0, 0), true).fires(&RULE);
        retried(share(50, 100), share(0, 1), true).silent(&RULE);
    }

    #[test]
    fn indirect_and_disabled_classes_are_not_judged() {
        let world = || retried(share(10, 100), share(0, 30), true);
        world().indirect("w").silent(&RULE);
        world().consumer("w", |c| c.disabled = true).silent(&RULE);
    }

    #[test]
    fn the_checklist_says_whether_a_retry_worked() {
        let status = |world: World| {
            let checklist = world.decide().checklist;
            let entry = checklist
                .into_iter()
                .find(|entry| entry.item.word() == "retry-path-tested")
                .expect("an item");
            (entry.status, entry.because.len())
        };
        assert_eq!(status(retried(share(10, 100), share(0, 30), true)), (Status::No, 1));
        assert_eq!(status(retried(share(10, 100), share(1, 30), true)), (Status::Yes, 1));
        assert_eq!(status(retried(share(10, 100), share(1, 30), false)), (Status::Unknown, 0));
        assert_eq!(status(retried(share(10, 100), share(0, 29), true)), (Status::Unknown, 0));
        assert_eq!(status(World::ready()), (Status::Unknown, 0));
    }
}
