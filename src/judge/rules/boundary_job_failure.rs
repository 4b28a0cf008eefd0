/*! `boundary-job-failure`: work from before the change that was tried after it, and refused. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::wording::{count, list, number, span};

use crate::model::facts::Boundary;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::{Action, Item};
use crate::model::{Duration, Outcome};

pub(crate) static RULE: Rule = Rule {
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
        let n = open.iter().map(|boundary| boundary.jobs).sum();
        let numbers = Numbers { n, of: crossing(case, class).max(n), p: None };
        let finding = rule.finding(Some(class.id), claim(class, &open, numbers)?);
        Some(Finding { total: n, numbers: Some(numbers), ..finding })
    });
    findings.collect()
}

/// The failed jobs of which no other log source surely shows a later success.
fn open<'f>(case: &Case<'f>, class: &ClassCase) -> Vec<&'f Boundary> {
    let boundaries = case.facts.boundary.iter().filter(|boundary| boundary.class == class.id);
    let is_settled = |boundary: &Boundary| {
        boundary.later > Duration::ZERO && boundary.later >= class.clocks.widest()
    };
    boundaries.filter(|boundary| !is_settled(boundary)).collect()
}

/// How many jobs of the class crossed the change.
fn crossing(case: &Case, class: &ClassCase) -> u64 {
    let crossing = case.facts.crossing.iter().filter(|crossing| crossing.class == class.id);
    crossing.map(|crossing| crossing.jobs).sum()
}

/// How the last attempt ended, in the words of the sentence.
fn ending(boundary: &Boundary) -> &'static str {
    match boundary.outcome {
        _ if boundary.is_old => "used the old version in the window",
        Outcome::Denied => "not permitted",
        Outcome::AuthFailure | Outcome::Success | Outcome::Failure | Outcome::None => "refused",
    }
}

fn endings(open: &[&Boundary]) -> String {
    let mut words: Vec<&str> = open.iter().map(|boundary| ending(boundary)).collect();
    words.sort_unstable();
    words.dedup();
    let counted = words.iter().map(|word| {
        let with_ending = open.iter().filter(|boundary| ending(boundary) == *word);
        format!("{} {word}", number(with_ending.map(|boundary| boundary.jobs).sum::<u64>()))
    });
    list(&counted.collect::<Vec<_>>())
}

fn claim(class: &ClassCase, open: &[&Boundary], numbers: Numbers) -> Option<Claim> {
    let first =
        open.iter().map(|boundary| boundary.first).min_by_key(|at| (at.earliest(), at.row))?;
    let last = open.iter().map(|boundary| boundary.last.latest()).max()?;
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
        cites: Cites::rows(first, open.iter().flat_map(|boundary| [boundary.first, boundary.last])),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, minutes};
    use crate::model::facts::{Boundary, Crossing};
    use crate::model::{Duration, Outcome};
    use crate::plan::InFlight;

    /// This many jobs whose last attempt was five hours after the change. Another log source shows them that much
    /// later.
    fn ended(outcome: Outcome, jobs: u64, later: Duration) -> World {
        let mut world = World::ready();
        let (class, first, last) = (world.id("w"), world.cite(h(5)), world.cite(h(6)));
        let boundary = Boundary { class, outcome, is_old: false, later, jobs, first, last };
        world.facts(|facts| {
            facts.crossing.push(Crossing { class, jobs: 4, example: first });
            facts.boundary.push(boundary);
        })
    }

    #[test]
    fn a_refused_job_fires_and_cites_its_attempts() {
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
    fn a_success_by_another_clock_must_be_later_than_the_clocks_differ() {
        let later = |later: Duration| ended(Outcome::AuthFailure, 1, later);
        later(Duration::ZERO).fires(&RULE);
        // Boundary: a success that is later by the skew, and a microsecond less.
        later(minutes(1)).silent(&RULE);
        later(minutes(1) - Duration(1)).fires(&RULE);
        let unsure = |later| {
            ended(Outcome::AuthFailure, 1, later).consumer("w", |c| c.limits.skew = minutes(5))
        };
        unsure(minutes(4)).fires(&RULE);
        unsure(minutes(5)).silent(&RULE);
        // Even without any difference of the clocks, equal times have no order.
        later(Duration::ZERO).consumer("w", |c| c.limits.skew = Duration::ZERO).fires(&RULE);
    }

    #[test]
    fn it_is_silent_if_such_work_may_fail_or_the_class_is_disabled() {
        let world = || ended(Outcome::AuthFailure, 1, Duration::ZERO);
        let in_flight_is = |way| world().plan(|plan| plan.rotation.in_flight = Some(way));
        in_flight_is(InFlight::Fail).silent(&RULE);
        in_flight_is(InFlight::Requeue).fires(&RULE);
        in_flight_is(InFlight::Finish).fires(&RULE);
        world().consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
