/*! `boundary-job-failure`: work from before the change that was tried after it, and refused. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::wording::{count, list, number, span};

use crate::model::facts::Boundary;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Unit, Waivable};
use crate::model::next::{Action, Item};
use crate::model::{Duration, Outcome};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("boundary-job-failure"),
    severity: Severity::Blocks,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[Item::BacklogReviewed],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    if case.accepts_failed_backlog() {
        return Vec::new();
    }
    let running = case.classes.iter().filter(|class| !class.consumer.disabled);
    let findings = running.filter_map(|class| {
        let open = open(case, class);
        let n = open.iter().map(|one| one.jobs).sum();
        let numbers = Numbers { n, of: crossing(case, class).max(n), unit: Unit::Job, p: None };
        let found = rule.finding(Some(class.id), claim(class, &open, numbers)?);
        Some(Finding { total: n, numbers: Some(numbers), ..found })
    });
    findings.collect()
}

/// Those that no other stream shows to have gone better for sure.
fn open<'f>(case: &Case<'f>, class: &ClassCase) -> Vec<&'f Boundary> {
    let own = case.facts.boundary.iter().filter(|one| one.class == class.id);
    let is_settled =
        |one: &Boundary| one.later > Duration::ZERO && one.later >= class.clocks.widest();
    own.filter(|one| !is_settled(one)).collect()
}

/// How many jobs of the class crossed the change.
fn crossing(case: &Case, class: &ClassCase) -> u64 {
    let own = case.facts.crossing.iter().filter(|one| one.class == class.id);
    own.map(|one| one.jobs).sum()
}

/// What came of the last try, in the words of the sentence.
fn ending(one: &Boundary) -> &'static str {
    match one.outcome {
        _ if one.is_old => "used the old version in the window",
        Outcome::Denied => "not permitted",
        Outcome::AuthFailure | Outcome::Success | Outcome::Failure | Outcome::None => "refused",
    }
}

fn endings(open: &[&Boundary]) -> String {
    let mut words: Vec<&str> = open.iter().map(|one| ending(one)).collect();
    words.sort_unstable();
    words.dedup();
    let counted = words.iter().map(|word| {
        let own = open.iter().filter(|one| ending(one) == *word);
        format!("{} {word}", number(own.map(|one| one.jobs).sum::<u64>()))
    });
    list(&counted.collect::<Vec<_>>())
}

fn claim(class: &ClassCase, open: &[&Boundary], numbers: Numbers) -> Option<Claim> {
    let first = open.iter().map(|one| one.first).min_by_key(|at| (at.earliest(), at.row))?;
    let last = open.iter().map(|one| one.last.latest()).max()?;
    Some(Claim {
        summary: format!(
            "`{}` tried {} after the change that {} queued before it; the last attempt of {} went wrong: {}, {}",
            class.name(),
            count(numbers.of, "job"),
            if numbers.of == 1 { "was" } else { "were" },
            number(numbers.n),
            endings(open),
            span(first.earliest(), last),
        ),
        remedy: format!(
            "run these jobs of `{}` again on the new version and keep the records; if they may be lost, set \
             `in_flight = \"fail\"`",
            class.name()
        ),
        cites: Cites::rows(first, open.iter().flat_map(|one| [one.first, one.last])),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, minutes};
    use crate::model::facts::{Boundary, Crossing};
    use crate::model::{Duration, Outcome};
    use crate::plan::InFlight;

    /// So many jobs that were last tried five hours after the change, and what another stream shows so much later.
    fn ended(outcome: Outcome, jobs: u64, later: Duration) -> World {
        let mut world = World::ready();
        let (class, first, last) = (world.id("w"), world.cite(h(5)), world.cite(h(6)));
        let one = Boundary { class, outcome, is_old: false, later, jobs, first, last };
        world.facts(|facts| {
            facts.crossing.push(Crossing { class, jobs: 4, example: first });
            facts.boundary.push(one);
        })
    }

    #[test]
    fn a_refused_job_fires_and_cites_its_tries() {
        let finding = ended(Outcome::AuthFailure, 3, Duration::ZERO).fires(&RULE);
        assert_eq!(cited(&finding), [h(5), h(6)]);
        assert_eq!(
            finding.summary,
            "`w` tried 4 jobs after the change that were queued before it; the last attempt of 3 went wrong: 3 refused, from 2026-03-02T14:00:00Z to 2026-03-02T15:00:00Z"
        );
        assert_eq!((finding.total, finding.waivable.is_waivable()), (3, true));
        ended(Outcome::Denied, 1, Duration(0)).fires(&RULE);
        World::ready().silent(&RULE);
    }

    #[test]
    fn old_use_in_the_window_is_named_as_such() {
        let world = ended(Outcome::Success, 1, Duration::ZERO);
        let world = world.facts(|facts| facts.boundary[0].is_old = true);
        assert!(world.fires(&RULE).summary.contains("1 used the old version in the window"));
    }

    #[test]
    fn a_better_try_of_another_clock_must_lie_further_off_than_clocks_differ() {
        let later = |later: Duration| ended(Outcome::AuthFailure, 1, later);
        later(Duration::ZERO).fires(&RULE);
        later(minutes(1)).silent(&RULE);
        let unsure = |later| {
            ended(Outcome::AuthFailure, 1, later).consumer("w", |c| c.limits.skew = minutes(5))
        };
        unsure(minutes(4)).fires(&RULE);
        unsure(minutes(5)).silent(&RULE);
        // Clocks without any promised difference do not make equal times an order.
        later(Duration::ZERO).consumer("w", |c| c.limits.skew = Duration::ZERO).fires(&RULE);
    }

    #[test]
    fn it_is_off_where_such_work_may_fail_or_the_class_is_disabled() {
        let world = || ended(Outcome::AuthFailure, 1, Duration::ZERO);
        let said = |way| world().plan(|plan| plan.rotation.in_flight = Some(way));
        said(InFlight::Fail).silent(&RULE);
        said(InFlight::Requeue).fires(&RULE);
        said(InFlight::Finish).fires(&RULE);
        world().consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
