/*! When classes stand on different truths: what to stop, what to freeze, what to prove first, and who may go on. */

use super::case::Case;
use super::class::ClassCase;
use crate::model::ClassId;
use crate::model::ledger::Truth;
use crate::model::next::ContainmentStep;

/// The steps; none where all classes that show a version stand on the same.
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
    let mut steps = vec![step(1, "stop the revocation, and move no further class", of(&|_| true))];
    for (truth, what) in [
        (Truth::Old, "on the old version, and need it to work"),
        (Truth::New, "on the new version"),
        (Truth::Mixed, "on both: find the instances that are still on old"),
        (Truth::Unknown, "on no version that is shown"),
    ] {
        steps.push(step(2, what, on(truth)));
    }
    steps.push(step(
        3,
        "freeze, since an exception path cannot be verified quickly",
        of(&|class| class.is_exception() && !is_proven(class)),
    ));
    steps.push(step(
        4,
        "force one clean, undegraded success on the new version",
        of(&|class| !class.is_exception() && !is_proven(class)),
    ));
    steps.push(step(4, "may go on shaping business state: proven on the new version", proven));
    let rollback = match &case.plan.rotation.rollback {
        Some(how) => format!("; if one cannot, roll back: {how}"),
        None => "; if one cannot, roll back".to_owned(),
    };
    let resume = format!("resume when each of these has shown that success{rollback}");
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
