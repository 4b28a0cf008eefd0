/*! When the old version can be revoked at the earliest if nobody does anything but wait, and which class decides that.
 */

use super::case::Case;
use super::class::ClassCase;
use super::rules::{self, Passes, coverage_hole};
use super::silence::silent_since;
use super::spans;
use crate::model::decision::{Earliest, Mode};
use crate::model::finding::Finding;
use crate::model::{Duration, Span, Timestamp};
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

/// For the rotation: the latest instant of its classes. It has none if one of its classes has none.
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
    let stuck = names.clone().zip(classes).find_map(|(name, class)| {
        let why = class.as_ref().err()?;
        Some((name, why))
    });
    if let Some((name, why)) = stuck {
        let binding_class = Some(name.to_owned());
        return Some(Earliest { time: None, binding_class, because: why.clone() });
    }
    let mut of_rotation = open(findings).filter(|finding| finding.class.is_none());
    if let Some(finding) = of_rotation.find(|finding| !passes(case, finding)) {
        let because = finding.remedy.clone();
        return Some(Earliest { time: None, binding_class: None, because });
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
    rules::of(finding.rule).passes(case, finding.class.map(|id| case.class(id)))
}

fn of_class(case: &Case, class: &ClassCase, findings: &[Finding]) -> WaitingResult {
    let open: Vec<&Finding> =
        open(findings).filter(|finding| finding.class == Some(class.id)).collect();
    if let Some(finding) = open.iter().find(|finding| !passes(case, finding)) {
        return Err(finding.remedy.clone());
    }
    let name = class.name();
    if !class.is_judged() {
        let because = format!("`{name}` only has to be free of the old version");
        return Ok(WaitingEnds { time: case.introduced, because });
    }
    let Some(since) = silent_since(class) else {
        return Err(format!("no time is logged in which `{name}` would be seen"));
    };
    let mut steps = vec![silence_ends(class, since, &open)];
    steps.extend(class.awaited_run().map(|at| WaitingEnds {
        time: at + class.consumer.lag,
        because: format!("`{name}` is due to run again by {at}, and must use the new version then"),
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

/// When the class will have been silent for long enough since its last old use.
fn silence_ends(class: &ClassCase, since: Timestamp, open: &[&Finding]) -> WaitingEnds {
    let name = class.name();
    let is_doubled =
        |finding: &&Finding| matches!(rules::of(finding.rule).passes, Passes::WithTwiceTheSilence);
    let factor = if open.iter().any(is_doubled) { 2 } else { 1 };
    let needed = class.silence.needed.scaled(factor, 1);
    let from = match (class.last_old_use, class.times.revoked) {
        (Some(old), _) if old.latest() == since => {
            format!("`{name}` last used the old version at {since}")
        }
        (_, Some(revoked)) if revoked == since => {
            format!("the old version was revoked at {since}, and `{name}`")
        }
        (_, _) => format!("the logs of `{name}` begin at {since}, and it"),
    };
    WaitingEnds {
        time: logged_for(class, since, needed) + class.consumer.lag,
        because: format!("{from} and must be free of it for {} of logged time", length_up(needed)),
    }
}

/// When this much time after an instant will be logged. All time in the future counts as logged.
fn logged_for(class: &ClassCase, since: Timestamp, needed: Duration) -> Timestamp {
    let logged = class.covered_with_tail();
    let mut missing = needed;
    for span in spans::intersect(&logged, &[Span { from: since, to: class.times.as_of.max(since) }])
    {
        if span.length() >= missing {
            return span.from + missing;
        }
        missing = missing - span.length();
    }
    class.times.as_of.max(since) + missing
}

#[cfg(test)]
mod tests {
    use crate::judge::tests::{World, h, row};
    use crate::model::decision::Verdict;
    use crate::model::{Duration, Timestamp};

    /// A class that has to wait: this instance used old once more, and the class went on with new.
    fn fell_back(instance: &str) -> World {
        let mut world = World::ready().put(row("w").old().on(instance).at(h(80)));
        for n in 16..40 {
            world = world.new_ok("w", "i1", h(n * 6 + 1));
        }
        world
    }

    #[test]
    fn waiting_until_the_earliest_instant_makes_it_ready_and_no_sooner() {
        // An instance that had already moved must be free of old use for twice as long.
        for (instance, hours, need) in [("i2", 48, "48 h"), ("i1", 96, "4 d")] {
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
            let at = h(80 + hours);
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
