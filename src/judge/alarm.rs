/*! Which failures of a class the timeline draws as an alarm. It never mutes what a finding rests on. */

use std::collections::BTreeMap;

use super::activity::{self, keep};
use super::case::Case;
use super::class::ClassCase;
use super::failure;
use super::share_test::{self, Comparison};
use crate::model::At;
use crate::model::course::Alarm;
use crate::model::facts::Activity;
use crate::model::finding::{Cite, Finding};
use crate::model::ledger::Share;

/// A rise that is less likely than this by chance is drawn as an alarm: long before a rule fires.
const CHANCE_MIN: f64 = 0.05;

pub(super) fn of_class(case: &Case, class: &ClassCase, findings: &[Finding]) -> Alarm {
    let own = findings.iter().filter(|of| of.class.is_none_or(|id| id == class.id));
    let ends = ends(class);
    let is_cited = own.flat_map(|finding| finding.cites.cited()).any(|cite| match cite {
        Cite::Row(at) => fails(class, &ends, *at),
        Cite::Record { .. } => false,
    });
    if is_cited || is_broken(case, class) {
        return Alarm::All;
    }
    let is_usual =
        [failure::is_failed, failure::is_refusal].into_iter().all(|is_bad| is_usual(class, is_bad));
    if is_usual { Alarm::Never } else { Alarm::SinceChange }
}

/// The rows that groups of attempts begin and end with, and whether the attempts failed.
fn ends(class: &ClassCase) -> BTreeMap<u64, bool> {
    let mut ends = BTreeMap::new();
    for row in &class.tries {
        for at in [row.first, row.last] {
            *ends.entry(at.row).or_default() |= failure::is_failed(row);
        }
    }
    ends
}

/// Is that row a failure? A row inside a group is taken for one if the group of a failure spans it.
fn fails(class: &ClassCase, ends: &BTreeMap<u64, bool>, at: At) -> bool {
    let spans = |row: &&&Activity| {
        failure::is_failed(row)
            && row.first.earliest() <= at.latest()
            && at.earliest() <= row.last.latest()
    };
    ends.get(&at.row).copied().unwrap_or_else(|| class.tries.iter().any(|row| spans(&row)))
}

/// Did it fail after the revocation?
fn is_broken(case: &Case, class: &ClassCase) -> bool {
    let is_since = |row: &Activity| case.revoked.is_some_and(|at| row.last.latest() >= at);
    class.tries.iter().any(|row| is_since(row) && failure::is_failed(row))
}

/// Are the bad attempts as frequent as before the change, in the window and since the change as a whole? What was never
/// bad before is not.
fn is_usual(class: &ClassCase, is_bad: fn(&Activity) -> bool) -> bool {
    let window = share_test::shares(class, &Comparison { is_bad, ..share_test::DEGRADED });
    let since = keep(&class.tries, |row| row.last.latest() >= class.times.introduced);
    let since = Share { n: activity::count(&keep(&since, is_bad)), of: activity::count(&since) };
    let before = window.before;
    let is_usual = |after: Share| {
        after.n == 0 || before.n > 0 && share_test::fisher(before, after) >= CHANCE_MIN
    };
    [window.after, since].into_iter().all(is_usual)
}

#[cfg(test)]
mod tests {
    use super::Alarm;
    use crate::judge::rules::{failure_rise, refusal_rise};
    use crate::judge::tests::{World, h, row};
    use crate::model::{Outcome, Timestamp};

    fn failed(world: World, at: Timestamp) -> World {
        world.put(row("w").outcome(Outcome::Failure).at(at))
    }

    /// A consumer that failed this often before the change, in different hours.
    fn failed_before(n: i64) -> World {
        (1..=n).fold(World::ready(), |world, n| {
            world.put(row("w").old().outcome(Outcome::Failure).at(h(-7 * n)))
        })
    }

    fn alarm(world: &World) -> Alarm {
        world.decide().course.lanes[0].alarm
    }

    #[test]
    fn failures_that_were_as_frequent_before_are_no_alarm() {
        let few = failed(failed_before(30), h(60));
        assert_eq!(alarm(&few), Alarm::Never);
        // More than before, which is likely by chance.
        let more = failed(failed(failed_before(4), h(60)), h(63));
        assert_eq!(alarm(&more), Alarm::Never);
        let more = (0..6).fold(failed_before(4), |world, n| failed(world, h(60 + n)));
        assert_ne!(alarm(&more), Alarm::Never);
        // There were none before. No rule fires all the same.
        let more = failed(failed(World::ready(), h(60)), h(63));
        more.silent(&failure_rise::RULE);
        assert_eq!(alarm(&more), Alarm::SinceChange);
    }

    #[test]
    fn what_a_finding_cites_is_an_alarm() {
        let rise = (0..8).fold(World::ready(), |world, n| failed(world, h(60 + n)));
        rise.fires(&failure_rise::RULE);
        assert_eq!(alarm(&rise), Alarm::All);
        // A refusal of old use in the window, by a consumer that fails less than it did.
        let old = failed_before(30).put(row("w").old().refused().at(h(90)));
        assert_eq!(alarm(&old), Alarm::All);
        // The finding cites successes alone.
        let works = failed(failed_before(30), h(60)).old("w", "i1", h(90));
        assert!(!works.decide().findings.is_empty());
        assert_eq!(alarm(&works), Alarm::Never);
    }

    #[test]
    fn refusals_are_not_as_usual_where_timeouts_were_usual() {
        let refused = failed_before(30).put(row("w").refused().at(h(60)));
        refused.silent(&refusal_rise::RULE);
        assert_ne!(alarm(&refused), Alarm::Never);
    }

    #[test]
    fn an_outage_before_the_window_is_not_diluted_by_the_window() {
        let world = (0..30).fold(failed_before(4), |world, n| failed(world, h(1 + n)));
        assert_ne!(alarm(&world), Alarm::Never);
    }

    #[test]
    fn what_broke_at_the_revocation_is_an_alarm() {
        let world = failed_before(30).plan(|plan| plan.rotation.revoked = Some(h(50)));
        assert_eq!(alarm(&failed(world, h(60))), Alarm::All);
    }
}
