/*! `ack-without-work`: jobs are accepted on the new version, and the step that should follow does not come. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::job_times;
use crate::judge::share_test;
use crate::wording::{count, length, number, percent, span};

use crate::model::facts::Handoff;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::model::ledger::Share;
use crate::model::next::Action;
use crate::model::{Duration, Timestamp};
use std::collections::BTreeSet;

/// The fewest jobs of the baseline that show how many are completed.
const JOBS_MIN: u64 = 30;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("ack-without-work"),
    severity: Severity::Blocks,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let running = case.classes.iter().filter(|class| !class.consumer.disabled);
    let findings = running.filter_map(|class| {
        let lost = lost(case, class)?;
        let numbers = Numbers { n: lost.after.n, of: lost.after.of, p: lost.p };
        let finding = rule.finding(Some(class.id), claim(class, &lost)?);
        Some(Finding { total: numbers.n, numbers: Some(numbers), ..finding })
    });
    findings.collect()
}

/// Jobs that nothing completed.
struct Lost<'f> {
    jobs: Vec<&'f Handoff>,
    before: Share,
    after: Share,
    /// In this time 99 % of the jobs of the baseline were completed.
    usual: Duration,
    p: Option<f64>,
}

fn lost<'f>(case: &Case<'f>, class: &ClassCase) -> Option<Lost<'f>> {
    let of_class: Vec<&Handoff> =
        case.facts.handoffs.iter().filter(|jobs| jobs.class == class.id).collect();
    let (baseline, since): (Vec<&Handoff>, Vec<&Handoff>) =
        of_class.into_iter().partition(|jobs| jobs.is_baseline);
    let before = share(&baseline);
    if before.of < JOBS_MIN || 2 * before.n > before.of {
        return None;
    }
    let usual =
        job_times::usual_time(baseline.iter().filter_map(|jobs| Some((jobs.took?, jobs.jobs))))?;
    // What was taken in later may still be completed, or its record may still arrive.
    let end = case.as_of - usual - class.consumer.lag;
    let since: Vec<&Handoff> = since.into_iter().filter(|jobs| jobs.last.latest() <= end).collect();
    let later = later_side(class, &since);
    let after = share(&later);
    let jobs: Vec<&Handoff> = later.iter().copied().filter(|jobs| !jobs.is_done).collect();
    let p = share_test::larger(before, after, &class.consumer.limits, case.level(class))?;
    let is_spread = hours(&jobs) >= hours(&later).min(3);
    is_spread.then_some(Lost { jobs, before, after, usual, p })
}

/// The jobs of the window; if they are too few, those since the first new success.
fn later_side<'f>(class: &ClassCase, since: &[&'f Handoff]) -> Vec<&'f Handoff> {
    let from = |start: Timestamp| -> Vec<&'f Handoff> {
        since.iter().copied().filter(|jobs| jobs.last.latest() >= start).collect()
    };
    let start = class.times.window.from.max(class.times.introduced);
    let within = from(start);
    let reach = class.first_new_success.map_or(start, |at| at.earliest().min(start));
    if share(&within).of >= class.consumer.limits.min_tries { within } else { from(reach) }
}

/// How many of these jobs were not completed.
fn share(jobs: &[&Handoff]) -> Share {
    let open = jobs.iter().filter(|jobs| !jobs.is_done);
    Share { n: open.map(|jobs| jobs.jobs).sum(), of: jobs.iter().map(|jobs| jobs.jobs).sum() }
}

fn hours(jobs: &[&Handoff]) -> usize {
    jobs.iter().map(|jobs| jobs.hour).collect::<BTreeSet<Timestamp>>().len()
}

fn claim(class: &ClassCase, lost: &Lost) -> Option<Claim> {
    let (before, after, name) = (lost.before, lost.after, class.name());
    let first = lost.jobs.iter().map(|jobs| jobs.first).min_by_key(|at| (at.earliest(), at.row))?;
    let end = lost.jobs.iter().map(|jobs| jobs.last.latest()).max()?;
    Some(Claim {
        summary: format!(
            "{} of {} that `{name}` accepted ({}) {} not completed by a later step, {}; before the change, {} of {} ({}), \
             and 99 % of the others within {}",
            number(after.n),
            count(after.of, "job"),
            percent(after.n, after.of),
            if after.n == 1 { "was" } else { "were" },
            span(first.earliest(), end),
            number(before.n),
            number(before.of),
            percent(before.n, before.of),
            length(lost.usual),
        ),
        remedy: format!(
            "find out where these jobs of `{name}` ended (a queue, an account or a region that nobody works for), and let \
             them be completed on the new version; if the log of the later step is missing, fetch it"
        ),
        cites: Cites::rows(first, lost.jobs.iter().flat_map(|jobs| [jobs.first, jobs.last])),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, minutes};
    use crate::model::facts::Handoff;
    use crate::model::{Duration, Timestamp};

    /// Jobs that were taken in at that hour: completed, and not.
    fn taken(world: World, at: Timestamp, jobs: (u64, u64)) -> World {
        let mut world = world;
        let (class, first) = (world.id("w"), world.cite(at));
        let is_baseline = at < h(0);
        for (is_done, jobs) in [(true, jobs.0), (false, jobs.1)] {
            let took = (is_done && is_baseline).then_some(minutes(30));
            let hour = at.hour();
            let handoff =
                Handoff { class, is_baseline, hour, is_done, took, jobs, first, last: first };
            if jobs > 0 {
                world = world.facts(|facts| facts.handoffs.push(handoff));
            }
        }
        world
    }

    /// A baseline of this many jobs, and in each of four hours of the window five completed jobs and some that are not.
    fn world(before: (u64, u64), lost: u64) -> World {
        let world = taken(World::ready(), h(-20), before);
        (0..4).fold(world, |world, n| taken(world, h(60 + n), (5, lost)))
    }

    #[test]
    fn jobs_that_nothing_completes_fire() {
        let finding = world((40, 0), 2).fires(&RULE);
        assert_eq!(
            finding.summary,
            "8 of 28 jobs that `w` accepted (28.6 %) were not completed by a later step, from 2026-03-04T21:00:00Z to 2026-03-05T00:00:00Z; before the change, 0 of 40 (0.0 %), and 99 % of the others within 30 min"
        );
        assert_eq!((finding.total, cited(&finding).len()), (8, 4));
        assert!(finding.waivable.is_waivable());
        world((40, 0), 0).silent(&RULE);
        world((30, 10), 2).silent(&RULE);
        World::ready().silent(&RULE);
    }

    #[test]
    fn thirty_jobs_before_the_change_of_which_half_are_completed_show_what_is_usual() {
        world((30, 0), 3).fires(&RULE);
        world((29, 0), 3).silent(&RULE);
        world((20, 20), 40).fires(&RULE);
        world((20, 21), 40).silent(&RULE);
    }

    #[test]
    fn young_jobs_may_still_be_completed() {
        // Jobs take 30 minutes, and records come up to 15 minutes late.
        let young = |at: Timestamp| {
            let world = taken(World::ready(), h(-20), (40, 0));
            (0..3).fold(world, |world, n| taken(world, at - minutes(60 * n), (0, 1)))
        };
        // Boundary: jobs that are old enough to be judged, and a microsecond too young.
        young(h(96) - minutes(45)).fires(&RULE);
        let late = young(h(96) - minutes(45) + Duration(1));
        late.silent(&RULE);
    }

    #[test]
    fn one_bad_hour_is_not_enough() {
        let world = taken(world((40, 0), 0), h(70), (0, 9));
        world.silent(&RULE);
    }

    #[test]
    fn a_disabled_class_is_not_judged() {
        world((40, 0), 2).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
