/*! `incomplete-plan`: the plan does not say what the decision depends on. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::model::Refresh;
use crate::model::facts::Crossing;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::plan::is_unsaid;
use crate::wording::{count, list};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("incomplete-plan"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FillIn),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let rotation = rotation(case).map(|claim| rule.finding(None, claim));
    let wrong = case
        .classes
        .iter()
        .filter_map(|class| Some(rule.finding(Some(class.id), contradiction(case, class)?)));
    let classes = case.classes.iter().filter_map(|class| {
        let lacks = lacks(class);
        let claim = (!lacks.is_empty()).then(|| Claim {
            summary: format!("the plan does not set {} of `{}`", list(&lacks), class.name()),
            remedy: format!(
                "set {} of `{}` in its `[[consumer]]` at {}",
                list(&lacks),
                class.name(),
                case.plan.place(class.consumer.site)
            ),
            cites: Cites::plan(case.plan.place(class.consumer.site)),
        })?;
        Some(rule.finding(Some(class.id), claim))
    });
    rotation.into_iter().chain(classes).chain(wrong).collect()
}

/// What the plan says of a class, and its attempts refute.
fn contradiction(case: &Case, class: &ClassCase) -> Option<Claim> {
    let name = class.name();
    let site = case.plan.place(class.consumer.site);
    if class.consumer.disabled {
        let tries = class.in_window();
        Some(Claim {
            summary: format!(
                "the plan calls `{name}` disabled, and it made {} in the window, {}",
                count(activity::count(&tries), "attempt"),
                phrases::between(&tries),
            ),
            remedy: format!(
                "switch `{name}` off for good, or declare it as a consumer that runs, in its `[[consumer]]` at {site}"
            ),
            cites: phrases::cites(&tries)?.and_plan(site),
        })
    } else if class.is_wrongly_indirect() {
        let tries = keep(&class.tries, |row| row.binding.proves());
        Some(Claim {
            summary: format!(
                "the plan calls `{name}` indirect, and {} of it {} {}, {}",
                count(activity::count(&tries), "attempt"),
                if activity::count(&tries) == 1 { "shows" } else { "show" },
                phrases::versions(case, &tries),
                phrases::between(&tries),
            ),
            remedy: format!(
                "set `use = \"direct\"` of `{name}`, with its owner and refresh, in its `[[consumer]]` at {site}"
            ),
            cites: phrases::cites(&tries)?.and_plan(site),
        })
    } else {
        None
    }
}

fn lacks(class: &ClassCase) -> Vec<&'static str> {
    let consumer = class.consumer;
    if consumer.disabled {
        return missing(&[
            ("owner", is_unsaid(consumer.owner.as_deref())),
            ("disabled_reason", is_unsaid(consumer.disabled_reason.as_deref())),
        ]);
    }
    if !class.is_direct {
        return Vec::new();
    }
    missing(&[
        ("owner", is_unsaid(consumer.owner.as_deref())),
        ("refresh", consumer.refresh.is_none()),
        ("session_max", can_hold(consumer.refresh) && consumer.session_max.is_none()),
    ])
}

fn can_hold(refresh: Option<Refresh>) -> bool {
    !refresh.is_some_and(Refresh::is_fresh_each_time)
}

fn rotation(case: &Case) -> Option<Claim> {
    let rotation = &case.plan.rotation;
    let crossing: Vec<&Crossing> = case
        .facts
        .crossing
        .iter()
        .filter(|crossing| crossing.jobs > 0 && crossing.example.earliest() <= case.as_of)
        .collect();
    let is_undecided = rotation.in_flight.is_none() && !crossing.is_empty();
    let lacks = missing(&[
        ("rollback", is_unsaid(rotation.rollback.as_deref())),
        ("decision_owner", is_unsaid(rotation.decision_owner.as_deref())),
        ("in_flight (jobs cross the change)", is_undecided),
    ]);
    let examples = crossing.iter().filter(|_| is_undecided).map(|crossing| crossing.example);
    (!lacks.is_empty()).then(|| Claim {
        summary: format!("the plan does not set {} of the rotation", list(&lacks)),
        remedy: format!(
            "set {} under `[rotation]` at {}",
            list(&lacks),
            case.plan.place(rotation.site)
        ),
        cites: Cites::plan(case.plan.place(rotation.site)).and_rows(examples),
    })
}

fn missing(keys: &[(&'static str, bool)]) -> Vec<&'static str> {
    keys.iter().filter(|(_, is_missing)| *is_missing).map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::rules::silent_consumer;
    use crate::judge::tests::{RowBuilder, World, cited, h, hours, row};
    use crate::model::facts::Crossing;
    use crate::model::{ClassId, Duration, Refresh, Timestamp, Use};
    use crate::plan::{Consumer, InFlight};

    fn class(change: impl FnOnce(&mut Consumer)) -> World {
        World::ready().consumer("w", change)
    }

    #[test]
    fn each_missing_part_of_a_class_is_named() {
        let finding = class(|c| (c.owner, c.refresh) = (None, None)).fires(&RULE);
        assert_eq!(finding.summary, "the plan does not set owner, refresh and session_max of `w`");
        assert_eq!(finding.cites.plan_site(), Some("holdover.toml:20:1"));
        for placeholder in [" ", "which team", "TODO", "<owner>"] {
            class(|c| c.owner = Some(placeholder.to_owned())).fires(&RULE);
        }
        class(|c| c.refresh = Some(Refresh::Cached)).fires(&RULE);
        class(|c| (c.refresh, c.session_max) = (Some(Refresh::Cached), Some(hours(1))))
            .silent(&RULE);
        World::ready().silent(&RULE);
    }

    #[test]
    fn other_classes_need_less() {
        class(|c| c.owner = None).indirect("w").silent(&RULE);
        let off = |at: Timestamp| {
            World::ready().class("x").consumer("x", |c| c.disabled = true).old("x", "i9", at)
        };
        let finding = off(h(-9)).fires(&RULE);
        assert_eq!(finding.summary, "the plan does not set disabled_reason of `x`");
    }

    #[test]
    fn a_disabled_class_does_not_run_in_the_window() {
        let off = |at: Timestamp| {
            let reason = Some("gone".to_owned());
            let world = World::ready().class("x");
            let world = world.consumer("x", |c| (c.disabled, c.disabled_reason) = (true, reason));
            world.put(row("x").unversioned().refused().at(at))
        };
        let finding = off(h(60)).fires(&RULE);
        assert_eq!(
            finding.summary,
            "the plan calls `x` disabled, and it made 1 attempt in the window, at 2026-03-04T21:00:00Z"
        );
        assert_eq!(cited(&finding), [h(60)]);
        // Boundary: at both ends of the window, and a microsecond outside.
        off(h(48)).fires(&RULE);
        off(h(48) - Duration(1)).silent(&RULE);
        off(h(96)).fires(&RULE);
        off(h(96) + Duration(1)).silent(&RULE);
    }

    #[test]
    fn an_indirect_class_that_shows_a_version_is_a_direct_one() {
        let indirect = |row: RowBuilder| {
            let world = World::ready().class("x").consumer("x", |c| c.usage = Use::Indirect);
            world.put(row.at(h(-9)))
        };
        let finding = indirect(row("x").old()).fires(&RULE);
        assert_eq!(
            finding.summary,
            "the plan calls `x` indirect, and 1 attempt of it shows `v1`, at 2026-03-02T00:00:00Z"
        );
        indirect(row("x").unversioned()).silent(&RULE);
        indirect(row("x").foreign()).silent(&RULE);
        indirect(row("x").old().inferred()).silent(&RULE);
        indirect(row("x").old().ambiguous()).silent(&RULE);
        // It is judged as one: it must work on the new version.
        indirect(row("x").old()).fires(&silent_consumer::RULE);
    }

    #[test]
    fn the_rotation_needs_a_rollback_and_a_decision_owner() {
        let world = World::ready().plan(|p| {
            (p.rotation.rollback, p.rotation.decision_owner) = (None, None);
        });
        let finding = world.fires(&RULE);
        assert_eq!(finding.class, None);
        assert_eq!(
            finding.summary,
            "the plan does not set rollback and decision_owner of the rotation"
        );
    }

    #[test]
    fn jobs_that_cross_the_change_need_in_flight() {
        let mut world = World::ready();
        let crossing = Crossing { class: ClassId(0), jobs: 3, example: world.cite(h(2)) };
        let world = world.facts(|f| f.crossing.push(crossing));
        assert_eq!(cited(&world.fires(&RULE)), [h(2)]);
        world.plan(|p| p.rotation.in_flight = Some(InFlight::Fail)).silent(&RULE);
    }
}
