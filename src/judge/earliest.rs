/*! When the old version can be revoked at the earliest if nobody does anything but wait, and which class decides that.
 */

use super::activity::{self, keep};
use super::case::Case;
use super::class::ClassCase;
use super::rules::{self, Passes, coverage_hole};
use super::silence::silent_since;
use crate::model::decision::{Earliest, Mode};
use crate::model::finding::Finding;
use crate::model::{At, Timestamp};
use crate::wording::length_up;

/// When waiting is over, and why then.
pub(super) struct WaitingEnds {
    pub(super) time: Timestamp,
    because: String,
}

/// When a class stops keeping the old version from being revoked, or why waiting does not help.
pub(super) type WaitingResult = Result<WaitingEnds, String>;

/// For each class, in the plan's order.
pub(super) fn of_classes(case: &Case, findings: &[Finding]) -> Vec<WaitingResult> {
    case.classes.iter().map(|class| of_class(case, class, findings)).collect()
}

/// For the rotation: the latest instant of its classes. It has none if one of its classes has none; then the finding
/// that stands first in the report among those that waiting does not settle says why.
pub(super) fn of_rotation(
    case: &Case,
    classes: &[WaitingResult],
    findings: &[Finding],
) -> Option<Earliest> {
    if case.mode == Mode::Planned {
        let because = format!(
            "nothing can be proven before the new version is introduced at {}",
            case.introduced
        );
        return Some(Earliest { time: None, binding_class: None, because });
    }
    let names = case.classes.iter().map(|class| class.name());
    let stuck = open(findings).find(|finding| !passes(case, finding)).map(|finding| {
        let class = finding.class.map(|id| case.class(id).name());
        (class, finding.remedy.clone())
    });
    let unlogged = || {
        let mut classes = names.clone().zip(classes);
        classes.find_map(|(name, class)| Some((Some(name), class.as_ref().err()?.clone())))
    };
    if let Some((name, because)) = stuck.or_else(unlogged) {
        let binding_class = name.map(str::to_owned);
        return Some(Earliest { time: None, binding_class, because });
    }
    let ends = names.zip(classes).filter_map(|(name, class)| Some((name, class.as_ref().ok()?)));
    // If several end at the same time, the first in the plan decides.
    let (name, WaitingEnds { time, because }) = ends.rev().max_by_key(|(_, class)| class.time)?;
    let binding_class = Some(name.to_owned());
    Some(Earliest { time: Some(*time), binding_class, because: because.clone() })
}

fn open(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|finding| finding.is_open())
}

fn passes(case: &Case, finding: &Finding) -> bool {
    rules::of(finding.rule).passes(case, finding)
}

fn of_class(case: &Case, class: &ClassCase, findings: &[Finding]) -> WaitingResult {
    let open: Vec<&Finding> =
        open(findings).filter(|finding| finding.class == Some(class.id)).collect();
    if let Some(finding) = open.iter().find(|finding| !passes(case, finding)) {
        return Err(finding.remedy.clone());
    }
    let name = class.name();
    if !class.is_judged() {
        return Ok(unjudged(case, class));
    }
    let Some(since) = free_since(class) else {
        return Err(format!("no time is logged in which `{name}` would be seen"));
    };
    let mut steps = vec![silence_ends(class, since, &open)];
    steps.extend(class.awaited_run().map(|at| WaitingEnds {
        time: at + class.consumer.lag,
        because: format!("`{name}` is due to run again by {at}, and must use the new version then"),
    }));
    steps.extend(open.iter().filter_map(|finding| {
        Some(WaitingEnds {
            time: finding.ends? + class.consumer.lag,
            because: finding.summary.clone(),
        })
    }));
    if open.iter().any(|finding| finding.rule == coverage_hole::RULE.code) {
        steps.extend(case.last_hole(class).map(|end| WaitingEnds {
            time: end + case.window.length() + class.consumer.lag,
            because: format!(
                "the gap in the logs of `{name}` up to {end} must have left the window"
            ),
        }));
    }
    let last = steps.into_iter().max_by_key(|step| step.time).expect("there is one at least");
    // A class that is ready now stays so, although the last records may not have arrived yet.
    let time = if open.is_empty() { last.time.min(case.as_of) } else { last.time };
    Ok(WaitingEnds { time, ..last })
}

/// The instant from which the class has to be free of old use. A use after the report's instant counts: it is known.
fn free_since(class: &ClassCase) -> Option<Timestamp> {
    silent_since(class).max(last_old_use(class))
}

/// The end of its last old use, also after the report's instant.
fn last_old_use(class: &ClassCase) -> Option<Timestamp> {
    let late = keep(&class.after, activity::is_old_use);
    let ends = [class.last_old_use, activity::latest(&late).map(|row| row.last)];
    ends.into_iter().flatten().map(At::latest).max()
}

/// When nothing stands against a class of which no proof is asked: its last old use must have left the window. If it is
/// disabled, use since the change is settled by nothing that time brings.
fn unjudged(case: &Case, class: &ClassCase) -> WaitingEnds {
    let name = class.name();
    let Some(old) = last_old_use(class).filter(|_| !class.consumer.disabled) else {
        let because = format!("`{name}` only has to be free of the old version");
        return WaitingEnds { time: case.introduced, because };
    };
    let window = class.times.full_window;
    WaitingEnds {
        time: (old + window).max(case.introduced) + class.consumer.lag,
        because: format!(
            "`{name}` last used the old version at {old} and must be free of it for the window of {}",
            length_up(window)
        ),
    }
}

/// When the class will have been silent for long enough since its last old use.
fn silence_ends(class: &ClassCase, since: Timestamp, open: &[&Finding]) -> WaitingEnds {
    let name = class.name();
    let is_doubled =
        |finding: &&Finding| matches!(rules::of(finding.rule).passes, Passes::WithTwiceTheSilence);
    let factor = if open.iter().any(is_doubled) { 2 } else { 1 };
    let needed = class.silence.needed.scaled(factor, 1);
    let from = if last_old_use(class) == Some(since) {
        format!("`{name}` last used the old version at {since} and must be free of it")
    } else if class.last_old_read().map(At::latest) == Some(since) {
        format!("`{name}` was last handed the old version at {since} and must be free of it")
    } else if class.times.revoked == Some(since) {
        format!(
            "the old version was revoked at {since}, and `{name}` must be free of it from then on"
        )
    } else {
        format!(
            "the logs of `{name}` begin at {since}, and it must be free of the old version from then on"
        )
    };
    WaitingEnds {
        time: class.logged_for(since, needed) + class.consumer.lag,
        because: format!("{from} for {} of logged time", length_up(needed)),
    }
}

#[cfg(test)]
mod tests {
    use crate::judge::tests::{World, h, hours, row};
    use crate::model::decision::Verdict;
    use crate::model::{Duration, Timestamp, Use};

    /// A class that has to wait: this instance used old once more, and the class went on with new.
    fn fell_back(instance: &str) -> World {
        let mut world = World::ready().put(row("w").old().on(instance).at(h(80)));
        world = world.new_ok("w", instance, h(81));
        world = world.consumer("w", |c| (c.run_settles, c.every) = (true, Some(hours(6))));
        for n in 16..40 {
            world = world.new_ok("w", "i1", h(n * 6 + 1));
        }
        world
    }

    #[test]
    fn waiting_until_the_earliest_instant_makes_it_ready_and_no_sooner() {
        // An instance that had already moved must be free of old use for twice as long.
        // The window begins earlier by as much as clocks may be off.
        let skew = Duration::MINUTE;
        for (instance, hours, need, skew) in
            [("i2", 48, "48 h", skew), ("i1", 96, "4 d", Duration::ZERO)]
        {
            let decision = fell_back(instance).decide();
            let earliest = decision.earliest.expect("an answer");
            let lag = fell_back(instance).plan.consumers[0].lag;
            assert_eq!(earliest.time, Some(h(80 + hours) + lag), "{instance}");
            assert_eq!(earliest.binding_class.as_deref(), Some("w"));
            let why =
                "`w` last used the old version at 2026-03-05T17:00:00Z and must be free of it for";
            assert_eq!(earliest.because, format!("{why} {need} of logged time"));
            assert_eq!(decision.classes[0].earliest, earliest.time);
            // The verdict does not wait for records of the last `lag`, which may not have arrived yet.
            let at = h(80 + hours) + skew;
            let verdict = |at: Timestamp| fell_back(instance).judged_at(at).verdict();
            assert_eq!(verdict(at + Duration(1)), Verdict::Ready, "{instance}");
            assert_ne!(verdict(at - Duration(1)), Verdict::Ready, "{instance}");
        }
    }

    #[test]
    fn a_ready_class_has_an_instant_in_the_past_and_the_latest_class_decides() {
        let decision = World::ready().decide();
        let earliest = decision.earliest.expect("an answer");
        assert!(earliest.time.is_some_and(|time| time <= decision.as_of), "{earliest:?}");
        let two =
            World::ready().class("v").steady("v", "j1").put(row("v").old().on("j1").at(h(50)));
        let earliest = two.decide().earliest.expect("an answer");
        assert_eq!(earliest.binding_class.as_deref(), Some("v"));
    }

    #[test]
    fn an_old_use_after_the_instant_of_the_report_counts() {
        // By a moment, and by years: a clock that ran ahead.
        for late in [Duration(1), Duration(40_000 * Duration::HOUR.0)] {
            let world = World::ready().old("w", "i1", h(96) + late);
            let earliest = world.decide().earliest.expect("an answer");
            let lag = world.plan.consumers[0].lag;
            let need = Duration(48 * Duration::HOUR.0);
            assert_eq!(earliest.time, Some(h(96) + late + need + lag));
            let why = format!("`w` last used the old version at {} and must", h(96) + late);
            assert!(earliest.because.starts_with(&why), "{}", earliest.because);
        }
    }

    #[test]
    fn an_old_use_by_an_indirect_class_counts() {
        let indirect = |at| {
            let world = World::ready().class("x").consumer("x", |c| c.usage = Use::Indirect);
            // Records that are of this class alone would show that it is a direct one.
            world.put(row("x").old().ambiguous().on("j1").at(at)).decide()
        };
        // It does not show that it moved, so waiting does not help where the use lies in the window.
        for at in [h(90), h(97)] {
            let earliest = indirect(at).earliest.expect("an answer");
            assert_eq!((earliest.time, earliest.binding_class.as_deref()), (None, Some("x")));
        }
        let window = Duration(48 * Duration::HOUR.0);
        let before = indirect(h(20));
        assert!(before.classes[1].earliest >= Some(h(20) + window));
        assert!(before.classes[1].earliest < Some(h(96)));
    }

    #[test]
    fn after_a_revocation_the_sentence_names_the_revocation() {
        let revoked = World::ready().plan(|p| p.rotation.revoked = Some(h(60)));
        let because = revoked.decide().earliest.expect("an answer").because;
        let why = "the old version was revoked at 2026-03-04T21:00:00Z, and `w` must be free of it from then on for 48 h of logged time";
        assert_eq!(because, why);
    }

    #[test]
    fn without_old_use_the_sentence_names_the_beginning_of_the_logs() {
        let world = World::ready().class("v").new_ok("v", "j1", h(90));
        let world = world.consumer("v", |c| c.every = Some(hours(500)));
        let earliest = world.decide().earliest.expect("an answer");
        assert_eq!(earliest.binding_class.as_deref(), Some("v"));
        let why = "the logs of `v` begin at 2026-02-16T09:00:00Z, and it must be free of the old version from then on for 20 d 20 h of logged time";
        assert_eq!(earliest.because, why);
    }

    #[test]
    fn the_worst_finding_says_why_waiting_does_not_help() {
        // The first class of the plan lacks an owner, the second is refused.
        let world = World::ready().consumer("w", |c| c.owner = None).class("v").steady("v", "j1");
        let world = world.put(row("v").refused().on("j2").count(3).at(h(90)));
        let earliest = world.decide().earliest.expect("an answer");
        assert_eq!((earliest.time, earliest.binding_class.as_deref()), (None, Some("v")));
        assert!(!earliest.because.contains("owner"), "{}", earliest.because);
    }

    #[test]
    fn there_is_no_instant_if_waiting_does_not_help() {
        let silent = World::new().class("w").old("w", "i1", h(-9)).old("w", "i1", h(-3));
        for world in [
            silent,
            World::ready().consumer("w", |c| c.owner = None),
            World::ready().undeclared("x", &[h(3)]),
        ] {
            let earliest = world.decide().earliest.expect("an answer");
            assert_eq!(earliest.time, None, "{earliest:?}");
            assert!(!earliest.because.is_empty());
        }
    }
}
