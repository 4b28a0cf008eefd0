/*! What to do when consumers are on different versions: what to stop, to freeze and to prove, and what may keep
 * running.
 */

use super::case::Case;
use super::class::ClassCase;
use super::phrases;
use crate::model::ClassId;
use crate::model::ledger::Truth;
use crate::model::next::ContainmentStep;

/// The steps. There are none if all classes that show a version show the same one.
pub(super) fn steps(case: &Case) -> Vec<ContainmentStep> {
    let judged: Vec<&ClassCase> = case.judged().collect();
    let shows = |truth: Truth| judged.iter().any(|class| class.truth == truth);
    if !(shows(Truth::Mixed) || (shows(Truth::Old) && shows(Truth::New))) {
        return Vec::new();
    }
    let of = |holds: &dyn Fn(&ClassCase) -> bool| -> Vec<ClassId> {
        judged.iter().filter(|class| holds(class)).map(|class| class.id).collect()
    };
    let on = |truth: Truth| of(&|class| class.truth == truth);
    let proven = of(&is_proven);
    let mut steps =
        vec![step(1, "stop the revocation, and move no further consumer", of(&|_| true))];
    for (truth, what) in [
        (Truth::Old, "keep the old version working for these: they use it"),
        (Truth::New, "already on the new version"),
        (Truth::Mixed, "find the instances that still use the old version: both are in use"),
        (Truth::Unknown, "find out which version is in use: none is shown"),
    ] {
        steps.push(step(2, what, on(truth)));
    }
    let new = phrases::new_versions(case);
    steps.push(step(
        3,
        "freeze: an exception path cannot be verified quickly",
        of(&|class| class.is_exception() && !is_proven(class)),
    ));
    steps.push(step(
        4,
        &format!("run once on {new} without the fallback"),
        of(&|class| !class.is_exception() && !is_proven(class)),
    ));
    steps.push(step(4, &format!("safe to keep running: proven on {new}"), proven));
    let rollback = match &case.plan.rotation.rollback {
        Some(how) => format!("; if one cannot, roll back: {how}"),
        None => "; if one cannot, roll back".to_owned(),
    };
    let resume = format!("resume when each of these has succeeded on {new}{rollback}");
    steps.push(step(5, &resume, of(&|class| !is_proven(class))));
    steps.retain(|step| !step.classes.is_empty());
    steps
}

fn is_proven(class: &ClassCase) -> bool {
    class.truth == Truth::New && class.fresh.is_some()
}

fn step(step: u8, action: &str, classes: Vec<ClassId>) -> ContainmentStep {
    ContainmentStep { step, action: action.to_owned(), classes }
}

#[cfg(test)]
mod tests {
    use crate::judge::tests::{World, h};

    #[test]
    fn classes_on_different_versions_are_contained() {
        assert_eq!(World::ready().decide().containment, []);
        let mut split = World::ready().class("v");
        for n in -56..16 {
            split = split.old("v", "j1", h(n * 6));
        }
        let steps = split.decide().containment;
        let held: Vec<(u8, Vec<u16>)> = steps
            .iter()
            .map(|step| (step.step, step.classes.iter().map(|class| class.0).collect()))
            .collect();
        let expected =
            [(1, vec![0, 1]), (2, vec![1]), (2, vec![0]), (4, vec![1]), (4, vec![0]), (5, vec![1])];
        assert_eq!(held, expected, "{steps:#?}");
    }
}
