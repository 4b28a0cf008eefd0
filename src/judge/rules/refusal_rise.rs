/*! `refusal-rise`: the credential is refused more often than before, even where the next attempt works. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::judge::share_test::{self, REFUSED};
use crate::wording::{count, number, percent};

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::Action;
use crate::model::{Outcome, State, VersionId, VersionState};

/// The fewest refusals of a version that show that it never works.
const REFUSALS_MIN: u64 = 3;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("refusal-rise"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let running = case.classes.iter().filter(|class| !class.consumer.disabled);
    running
        .flat_map(|class| {
            let of_versions = new_versions(case).filter_map(|id| always_refused(case, class, id));
            let mut claims: Vec<(Claim, Numbers)> = of_versions.collect();
            // That a version never works explains the share too.
            if claims.is_empty() {
                claims.extend(more_refused(case, class));
            }
            claims.into_iter().map(|(claim, numbers)| {
                let finding = rule.finding(Some(class.id), claim);
                Finding { total: numbers.n, numbers: Some(numbers), ..finding }
            })
        })
        .collect()
}

fn new_versions<'a>(case: &Case<'a>) -> impl Iterator<Item = VersionId> + use<'a> {
    let versions = (0..).map(VersionId).zip(&case.plan.versions);
    versions.filter(|(_, version)| version.state == VersionState::New).map(|(id, _)| id)
}

/// Was each attempt since the change with this version refused, and was it tried in the window?
fn always_refused(case: &Case, class: &ClassCase, version: VersionId) -> Option<(Claim, Numbers)> {
    let tried = keep(&class.tries, |row| {
        row.version == Some(version)
            && row.state == State::New
            && row.binding.proves()
            && row.last.latest() >= class.times.introduced
    });
    let n = activity::count(&tried);
    let is_refused = |row: &&Activity| row.outcome == Outcome::AuthFailure;
    let is_tried_now = tried.iter().any(|row| activity::lies_in(row, class.times.window));
    if n < REFUSALS_MIN || !is_tried_now || !tried.iter().all(is_refused) {
        return None;
    }
    let claim = Claim {
        summary: format!(
            "all {} of `{}` with {} since the change were refused, {}{}",
            count(n, "attempt"),
            class.name(),
            phrases::versions(case, &tried),
            phrases::between(&tried),
            phrases::on(&tried),
        ),
        remedy: format!(
            "find out why {} is refused (the cited records may name the error), and run `{}` on it once, or stop using it",
            phrases::versions(case, &tried),
            class.name()
        ),
        cites: phrases::cites(&tried)?,
    };
    Some((claim, Numbers { n, of: n, p: None }))
}

/// Is the refused share larger than chance explains?
fn more_refused(case: &Case, class: &ClassCase) -> Option<(Claim, Numbers)> {
    let excess = share_test::excess(class, &REFUSED, case.level(class))?;
    let after = excess.shares.after;
    let claim = Claim {
        summary: format!(
            "{} of {} of `{}` ({}) were refused, {}{}; {}",
            number(after.n),
            count(after.of, "attempt"),
            class.name(),
            percent(after.n, after.of),
            phrases::between(&excess.shares.bad),
            phrases::on(&excess.shares.bad),
            phrases::before(&excess, ""),
        ),
        remedy: format!(
            "find out why some attempts of `{}` are refused although others work: two values in use, an endpoint or a \
             replica that does not know the new version, an account that was not changed",
            class.name()
        ),
        cites: phrases::cites(&excess.shares.bad)?,
    };
    Some((claim, Numbers { n: after.n, of: after.of, p: excess.p }))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{RowBuilder, World, cited, h, row};
    use crate::model::decision::Verdict;
    use crate::model::{Duration, Timestamp, VersionId, VersionState};
    use crate::plan::Version;

    /// A ready class with this many refusals in the window, in different hours, after each of which it works again.
    fn refused(n: i64) -> World {
        (0..n).fold(World::ready(), |world, n| {
            let at = h(60 + n);
            world.put(row("w").on("i1").refused().at(at)).new_ok("w", "i1", at + Duration::MINUTE)
        })
    }

    #[test]
    fn a_larger_share_than_chance_explains_fires_although_each_refusal_is_followed_by_a_success() {
        let finding = refused(8).fires(&RULE);
        let numbers = finding.numbers.expect("a test was made");
        assert_eq!((numbers.n, numbers.of, cited(&finding).len()), (8, 32, 8));
        assert!(numbers.p.is_some_and(|p| p < 0.01));
        assert_eq!(
            finding.summary,
            "8 of 32 attempts of `w` (25.0 %) were refused, from 2026-03-04T21:00:00Z to 2026-03-05T04:00:00Z on i1; before the change, 0 of 56 (0.0 %)"
        );
        assert!(!finding.waivable.is_waivable());
        assert_eq!(refused(8).verdict(), Verdict::NotReady);
        refused(2).silent(&RULE);
        assert_eq!(refused(2).verdict(), Verdict::Ready);
    }

    #[test]
    fn one_bad_hour_is_not_enough_and_what_was_usual_before_is_no_rise() {
        let hours = |hours: i64| {
            (0..9).fold(World::ready(), |world, n| {
                let at = h(60 + n % hours);
                world.put(row("w").on("i1").refused().at(at)).new_ok(
                    "w",
                    "i1",
                    at + Duration::MINUTE,
                )
            })
        };
        hours(2).silent(&RULE);
        hours(3).fires(&RULE);
        let usual = (1..=40).fold(refused(8), |world, n| {
            world.put(row("w").old().on("i1").refused().at(h(-7 * n)))
        });
        usual.silent(&RULE);
    }

    /// A ready class that also tries a second new version, with this outcome.
    fn second(tries: &[Timestamp], change: impl Fn(RowBuilder) -> RowBuilder) -> World {
        let world = World::ready().plan(|plan| {
            let markers = plan.versions[1].markers.clone();
            let site = plan.versions[1].site;
            let (name, state) = ("v3".to_owned(), VersionState::New);
            plan.versions.push(Version { name, state, markers, site });
        });
        tries.iter().fold(world, |world, at| {
            let mut row = change(row("w").on("i1").at(*at));
            row.cells.version = Some(VersionId(2));
            world.put(row)
        })
    }

    #[test]
    fn a_version_that_never_worked_fires_by_itself() {
        let finding = second(&[h(20), h(30), h(60)], RowBuilder::refused).fires(&RULE);
        assert_eq!(
            finding.summary,
            "all 3 attempts of `w` with `v3` since the change were refused, from 2026-03-03T05:00:00Z to 2026-03-04T21:00:00Z on i1"
        );
        second(&[h(30), h(60)], RowBuilder::refused).silent(&RULE);
        second(&[h(20), h(30), h(60)], RowBuilder::denied).silent(&RULE);
        second(&[h(20), h(30), h(60)], |row| row).silent(&RULE);
    }

    #[test]
    fn it_must_have_been_tried_in_the_window_and_since_the_change() {
        let last = |at: Timestamp| second(&[h(20), h(30), at], RowBuilder::refused);
        // Boundary: tried last at the start of the window, and a microsecond before it.
        last(h(48)).fires(&RULE);
        last(h(48) - Duration(1)).silent(&RULE);
        last(h(96)).fires(&RULE);
        last(h(96) + Duration(1)).silent(&RULE);
        let first = |at: Timestamp| second(&[at, h(30), h(60)], RowBuilder::refused);
        first(h(0)).fires(&RULE);
        first(h(0) - Duration(1)).silent(&RULE);
    }

    #[test]
    fn an_indirect_class_is_judged_by_all_its_attempts_and_a_disabled_one_is_not() {
        refused(8).indirect("w").fires(&RULE);
        refused(8).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
