/*! `open-backlog`: work that was queued before the change and has not succeeded since. */

use std::collections::BTreeSet;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::{job_times, share_test};
use crate::model::Duration;
use crate::model::facts::{Backlog, JobEnd};
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::model::ledger::Share;
use crate::model::next::{Action, Item};
use crate::wording::{count, length};

/// With fewer jobs before the change, nobody knows which part of them is given up.
const JOBS_MIN: u64 = 30;

/// Jobs of fewer hours than this may all have met one outage, unless no others were queued.
const HOURS_MIN: usize = 3;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("open-backlog"),
    severity: Severity::Withholds,
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
        let open = open(case, class)?;
        let finding = rule.finding(Some(class.id), claim(case, class, &open)?);
        let numbers = Numbers { n: open.now.n, of: open.now.of, p: open.p };
        Some(Finding { total: open.now.n, numbers: Some(numbers), ..finding })
    });
    findings.collect()
}

/// Jobs that were waiting at the change, and have not succeeded since.
struct Open<'f> {
    jobs: Vec<&'f Backlog>,
    /// Of all jobs that were alive at the change.
    now: Share,
    p: Option<f64>,
}

/// The jobs that were still alive at the change: seen after it, or young. The others were given up before. If many jobs
/// show how many are given up, only more than that counts.
fn open<'f>(case: &Case<'f>, class: &ClassCase) -> Option<Open<'f>> {
    let of_class: Vec<&Backlog> =
        case.facts.backlog.iter().filter(|jobs| jobs.class == class.id).collect();
    let done = of_class.iter().filter(|jobs| jobs.end == JobEnd::Before);
    let usual =
        job_times::usual_time(done.clone().filter_map(|jobs| Some((jobs.took?, jobs.jobs))));
    let young = usual.unwrap_or_default().max(Duration::DAY);
    let is_alive = |jobs: &Backlog| jobs.is_seen_since || jobs.age.is_none_or(|age| age <= young);
    let is_open = |jobs: &&&Backlog| jobs.end == JobEnd::Open;
    let (alive, given_up): (Vec<&Backlog>, Vec<&Backlog>) =
        of_class.iter().filter(is_open).copied().partition(|jobs| is_alive(jobs));
    let jobs: Vec<&Backlog> = alive.into_iter().filter(|jobs| jobs.is_recent).collect();
    let since = || of_class.iter().filter(|jobs| jobs.end == JobEnd::Since && jobs.is_recent);
    let n = count_of(jobs.iter());
    let now = Share { n, of: n + count_of(since()) };
    let left = count_of(given_up.iter());
    let before = Share { n: left, of: left + count_of(done) };
    if before.of < JOBS_MIN {
        return (n > 0).then_some(Open { jobs, now, p: None });
    }
    let p = share_test::larger(before, now, &class.consumer.limits, case.level(class))?;
    let hours = hours_of(jobs.iter().chain(since()));
    let is_spread =
        hours_of(jobs.iter()) >= hours.min(HOURS_MIN) || jobs.iter().any(|jobs| jobs.age.is_none());
    is_spread.then_some(Open { jobs, now, p })
}

/// In how many different hours these jobs were queued last.
fn hours_of<'r, 'f: 'r>(jobs: impl Iterator<Item = &'r &'f Backlog>) -> usize {
    jobs.filter_map(|jobs| jobs.age).collect::<BTreeSet<Duration>>().len()
}

fn count_of<'r, 'f: 'r>(jobs: impl Iterator<Item = &'r &'f Backlog>) -> u64 {
    jobs.map(|jobs| jobs.jobs).sum()
}

fn claim(case: &Case, class: &ClassCase, open: &Open) -> Option<Claim> {
    let name = class.name();
    let oldest = open.jobs.iter().map(|jobs| jobs.oldest).min()?;
    Some(Claim {
        summary: format!(
            "{} of `{name}`, queued in the 7 days before the change, {} not succeeded since; the oldest was queued at {}, \
             {} ago",
            count(open.now.n, "job"),
            if open.now.n == 1 { "has" } else { "have" },
            oldest,
            length(case.as_of - oldest),
        ),
        remedy: format!(
            "run these jobs of `{name}` on the new version and keep the records; if they may be lost, set \
             `in_flight = \"fail\"`"
        ),
        cites: Cites::silence(case.searched(class))
            .and_rows(open.jobs.iter().flat_map(|jobs| [jobs.first, jobs.last])),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, hours};
    use crate::model::facts::{Backlog, JobEnd};
    use crate::model::{ClassId, Duration};
    use crate::plan::InFlight;

    /// Adds jobs that ended so.
    fn with(mut world: World, jobs: u64, change: impl FnOnce(&mut Backlog)) -> World {
        let (first, last) = (world.cite(h(-9)), world.cite(h(-3)));
        let mut backlog = Backlog {
            class: ClassId(0),
            is_recent: true,
            end: JobEnd::Open,
            is_seen_since: false,
            age: Some(hours(20)),
            took: None,
            jobs,
            oldest: h(-20),
            first,
            last,
        };
        change(&mut backlog);
        world.facts(|facts| facts.backlog.push(backlog))
    }

    fn waiting(jobs: u64) -> World {
        with(World::ready(), jobs, |_| ())
    }

    fn done(world: World, jobs: u64, took: Duration) -> World {
        with(world, jobs, |b| (b.end, b.took, b.age) = (JobEnd::Before, Some(took), None))
    }

    #[test]
    fn jobs_queued_before_the_change_fire_with_the_age_of_the_oldest() {
        let finding = waiting(2).fires(&RULE);
        assert_eq!(cited(&finding), [h(-9), h(-3)]);
        assert_eq!(finding.cites.searched(), ["w"]);
        assert_eq!(
            finding.summary,
            "2 jobs of `w`, queued in the 7 days before the change, have not succeeded since; the oldest was queued at 2026-03-01T13:00:00Z, 4 d 20 h ago"
        );
        assert_eq!(finding.total, 2);
        waiting(0).silent(&RULE);
        done(World::ready(), 9, hours(1)).silent(&RULE);
        World::ready().silent(&RULE);
    }

    #[test]
    fn jobs_that_were_given_up_before_the_change_are_not_the_rotations() {
        let aged = |age: Duration, is_seen_since: bool| {
            with(World::ready(), 1, |b| (b.age, b.is_seen_since) = (Some(age), is_seen_since))
        };
        aged(hours(24), false).fires(&RULE);
        aged(hours(25), false).silent(&RULE);
        aged(hours(25), true).fires(&RULE);
        // Where jobs take long, they are young for longer.
        done(aged(hours(30), false), 9, hours(30)).fires(&RULE);
        done(aged(hours(31), false), 9, hours(30)).silent(&RULE);
        with(World::ready(), 1, |b| (b.is_recent, b.is_seen_since) = (false, true)).silent(&RULE);
    }

    #[test]
    fn from_thirty_jobs_on_more_than_the_usual_share_counts() {
        // Boundary: the usual share is known from thirty jobs on, and not from 29.
        done(waiting(1), 29, hours(1)).fires(&RULE);
        done(waiting(1), 30, hours(1)).silent(&RULE);
        let since = |open: u64| {
            let world = done(waiting(open), 100, hours(1));
            with(world, 20, |b| (b.end, b.is_seen_since) = (JobEnd::Since, true))
        };
        since(2).silent(&RULE);
        let finding = since(5).fires(&RULE);
        assert!(finding.numbers.is_some_and(|n| (n.n, n.of) == (5, 25) && n.p.is_some()));
        // One in ten used to be given up.
        let usual = with(since(5), 40, |b| b.age = Some(hours(99)));
        usual.silent(&RULE);
    }

    #[test]
    fn jobs_of_one_bad_hour_are_no_more_than_chance() {
        let queued = |world: World, jobs: u64, ago: i64, end: JobEnd| {
            with(world, jobs, |b| (b.age, b.end, b.is_seen_since) = (Some(hours(ago)), end, true))
        };
        let done_at = |ago: &[i64]| {
            let world = done(World::ready(), 100, hours(1));
            ago.iter().fold(world, |world, ago| queued(world, 5, *ago, JobEnd::Since))
        };
        let open = |world: World, ago: &[i64]| {
            let each = 6 / ago.len() as u64;
            ago.iter().fold(world, |world, ago| queued(world, each, *ago, JobEnd::Open))
        };
        open(done_at(&[1, 2, 3]), &[5]).silent(&RULE);
        open(done_at(&[1, 2, 3]), &[5, 6]).silent(&RULE);
        open(done_at(&[1, 2, 3]), &[5, 6, 7]).fires(&RULE);
        // Of so few hours each is bad.
        open(done_at(&[5]), &[5]).fires(&RULE);
        open(done_at(&[5, 6]), &[5]).silent(&RULE);
        open(done_at(&[5, 6]), &[5, 6]).fires(&RULE);
        // With few jobs before the change, nobody knows what is usual.
        open(queued(done(World::ready(), 29, hours(1)), 9, 1, JobEnd::Since), &[5]).fires(&RULE);
    }

    #[test]
    fn it_is_silent_if_such_work_may_fail_or_the_class_is_disabled() {
        let in_flight_is = |way| waiting(1).plan(|plan| plan.rotation.in_flight = Some(way));
        in_flight_is(InFlight::Fail).silent(&RULE);
        in_flight_is(InFlight::Requeue).fires(&RULE);
        in_flight_is(InFlight::Finish).fires(&RULE);
        waiting(1).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
