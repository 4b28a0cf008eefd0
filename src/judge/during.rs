/*! A rotation while it goes wrong: from facts to the state of each instance and what to do first. It gives no
 * verdict, and needs no window, no owner and no proof.
 */

use super::activity::{self, count, keep};
use super::case::Case;
use super::class::ClassCase;
use super::instance::InstanceCase;
use crate::model::during::{Attempted, Breaks, During, InstanceNow, Leaked, Now};
use crate::model::facts::{Activity, Facts, Undeclared};
use crate::model::ledger::Truth;
use crate::model::{Binding, Duration, Outcome, Refresh, Span, State, Timestamp, VersionState};
use crate::plan::Plan;

/// The state of everything as of the facts' instant. The window of the plan is what counts as recent.
pub fn during(plan: &Plan, facts: &Facts, is_leaked: bool) -> During {
    let case = Case::new(plan, facts);
    let mut instances: Vec<InstanceNow> = Vec::new();
    for class in case.classes.iter().filter(|class| !class.consumer.disabled) {
        instances.extend(of_class(&case, class));
    }
    instances.extend(facts.undeclared.iter().filter_map(|who| undeclared(&case, who)));
    instances.sort_by(|one, other| {
        let order = |of: &InstanceNow| (of.now, of.path, of.consumer.clone(), of.instance.clone());
        order(one).cmp(&order(other))
    });
    let old = plan.versions.iter().filter(|version| version.state == VersionState::Old);
    During {
        credential: plan.credential.name.clone(),
        old: old.map(|version| version.name.clone()).collect(),
        as_of: case.as_of,
        introduced: case.introduced,
        recent_from: case.window.from,
        instances,
        freeze: if is_leaked { Vec::new() } else { freeze(&case) },
        leaked: is_leaked.then(|| leaked(&case)),
        unread: Vec::new(),
    }
}

/// What to leave as it is while consumers are on different versions.
fn freeze(case: &Case) -> Vec<(String, Vec<String>)> {
    let of = |holds: &dyn Fn(&ClassCase) -> bool| -> Vec<String> {
        let classes = case.judged().filter(|class| holds(class));
        classes.map(|class| class.consumer.class.clone()).collect()
    };
    let on = |truth: Truth| of(&|class| class.truth == truth);
    let (old, new, mixed) = (on(Truth::Old), on(Truth::New), on(Truth::Mixed));
    if mixed.is_empty() && (old.is_empty() || new.is_empty()) {
        return Vec::new();
    }
    let untried = of(&|class| class.is_exception() && class.truth != Truth::New);
    let steps = [
        ("keep the old version working: these use it", [old, mixed].concat()),
        ("start nothing of these until they were tried on the new version", untried),
        ("do not move these back: they use the new version", new),
    ];
    let steps = steps.into_iter().filter(|(_, consumers)| !consumers.is_empty());
    steps.map(|(action, consumers)| (action.to_owned(), consumers)).collect()
}

/// The instances of a class that may still run; of a class whose records name none, the class itself.
fn of_class(case: &Case, class: &ClassCase) -> Vec<InstanceNow> {
    // A generated name never comes back: what was last seen before the change was replaced since.
    let runs = |instance: &&InstanceCase| {
        let is_before = instance.last_seen.is_some_and(|at| at < case.introduced);
        let is_replaced = instance.is_generated && (instance.is_gone() || is_before);
        !instance.has_stopped() && !is_replaced
    };
    let mut instances: Vec<InstanceNow> = (class.instances.iter().filter(runs))
        .map(|of| instance(case, class, Some(of.name), &of.tries))
        .collect();
    let nameless = keep(&class.tries, |row| row.instance.is_none());
    // Of a job whose runs have ended, its last runs say what the next will do.
    if instances.is_empty() {
        instances.push(instance(case, class, None, &class.tries));
    } else if !nameless.is_empty() {
        instances.push(instance(case, class, None, &nameless));
    }
    instances
}

fn instance(
    case: &Case,
    class: &ClassCase,
    name: Option<&str>,
    tries: &[&Activity],
) -> InstanceNow {
    let recent = keep(tries, |row| activity::lies_in(row, case.window));
    let since = Span { from: case.introduced, to: case.as_of };
    let since = keep(tries, |row| activity::lies_in(row, since));
    let last_used = activity::truth(tries, case.window);
    let now = now(attempted(&recent), last_used);
    let (step, restart) = step(class, now, last_used, attempted(&recent)).unzip();
    InstanceNow {
        consumer: class.consumer.class.clone(),
        path: Some(class.consumer.path),
        instance: name.map(str::to_owned),
        now,
        last_used,
        recent: attempted(&recent),
        since: attempted(&since),
        last: activity::latest(tries).map(|row| row.last.latest()),
        step,
        restart: restart.unwrap_or(false),
    }
}

fn attempted(tries: &[&Activity]) -> Attempted {
    let of = |holds: &dyn Fn(&Activity) -> bool| count(&keep(tries, |row| holds(row)));
    let shows = |row: &Activity, state| {
        row.state == state && matches!(row.binding, Binding::Direct | Binding::Derived)
    };
    let (old, new) = (of(&|row| shows(row, State::Old)), of(&|row| shows(row, State::New)));
    Attempted {
        old,
        new,
        unversioned: count(tries) - old - new,
        refused: of(&|row| matches!(row.outcome, Outcome::AuthFailure | Outcome::Denied)),
        degraded: of(&|row| row.degraded),
    }
}

fn now(recent: Attempted, last_used: Truth) -> Now {
    match (recent, last_used) {
        (Attempted { refused: 1.., .. }, _) => Now::Refused,
        (Attempted { old: 1.., new: 1.., .. }, _) => Now::Mixed,
        (Attempted { old: 1.., .. }, _) => Now::Old,
        (Attempted { degraded: 1.., .. }, _) => Now::Degraded,
        (Attempted { new: 1.., .. }, _) => Now::New,
        (Attempted { unversioned: 1.., .. }, _) => Now::Unknown,
        // Without a recent attempt, what it used last is what it will use next.
        (_, Truth::Old) => Now::Old,
        (_, Truth::Mixed) => Now::Mixed,
        (_, Truth::New | Truth::Unknown) => Now::Silent,
    }
}

/// What to do with an instance, and whether starting it again does it.
fn step(
    class: &ClassCase,
    now: Now,
    last_used: Truth,
    recent: Attempted,
) -> Option<(String, bool)> {
    match now {
        Now::Refused if recent.old == 0 && recent.new > 0 => Some((
            "refused with the new version: check its value and its permissions".into(),
            false,
        )),
        Now::Refused | Now::Mixed | Now::Old => Some(move_by(class.consumer.refresh)),
        Now::Degraded if last_used == Truth::Old => Some(move_by(class.consumer.refresh)),
        Now::Degraded => Some(("works only through its fallback: find out why".into(), false)),
        Now::Silent | Now::Unknown | Now::New => None,
    }
}

/// How a consumer takes a new value.
fn move_by(refresh: Option<Refresh>) -> (String, bool) {
    let (text, restart) = match refresh {
        Some(Refresh::OnStart) => ("restart it: it takes the value when it starts", true),
        Some(Refresh::AtLaunch) => ("launch it anew: a restart keeps the old value", true),
        Some(Refresh::Cached) => ("restart it, or wait until its cache has expired", true),
        Some(Refresh::PerRequest | Refresh::PerRun) => {
            ("correct where it reads the value: a restart does not help", false)
        }
        None => ("restart it; if that does not help, correct where it reads the value", true),
    };
    (text.to_owned(), restart)
}

fn undeclared(case: &Case, who: &Undeclared) -> Option<InstanceNow> {
    let last = who.last?.latest();
    let is_recent = last >= case.window.from;
    Some(InstanceNow {
        consumer: hints(who),
        path: None,
        instance: None,
        now: Now::Old,
        last_used: Truth::Old,
        recent: Attempted { old: u64::from(is_recent), ..Attempted::default() },
        since: Attempted { old: who.since, ..Attempted::default() },
        last: Some(last),
        step: Some("find its owner: the plan does not name it".to_owned()),
        restart: false,
    })
}

fn hints(who: &Undeclared) -> String {
    let hints: Vec<&str> = who.hints.iter().map(|(_, value)| value.as_ref()).collect();
    if hints.is_empty() { "(not named)".to_owned() } else { hints.join(", ") }
}

/// What breaks without the old version: first what fails first, of equals the primary path.
fn leaked(case: &Case) -> Leaked {
    let mut leaked = Leaked::default();
    for class in case.classes.iter().filter(|class| !class.consumer.disabled) {
        let name = class.consumer.class.clone();
        match (class.truth, class.last_old_use) {
            (Truth::Old | Truth::Mixed, Some(last)) => {
                leaked.breaks.push(breaks(class, last.latest()));
            }
            (Truth::New, _) => leaked.moved.push(name),
            (Truth::Old | Truth::Mixed | Truth::Unknown, _) => leaked.unknown.push(name),
        }
    }
    leaked.breaks.extend(case.facts.undeclared.iter().filter_map(|who| {
        let last = who.last?.latest();
        Some(Breaks {
            consumer: hints(who),
            path: None,
            last_old_use: last,
            every: who.cadence,
            fails_by: who.cadence.map(|every| by(last + every, case.as_of)),
            instances: who.instances,
            effects: Vec::new(),
            fix: "find its owner: the plan does not name it".to_owned(),
        })
    }));
    leaked.breaks.sort_by(|one, other| {
        let order =
            |of: &Breaks| (of.fails_by.is_none(), of.fails_by, of.path, of.consumer.clone());
        order(one).cmp(&order(other))
    });
    leaked
}

fn breaks(class: &ClassCase, last: Timestamp) -> Breaks {
    let every = class.consumer.every.into_iter().chain(class.silence.learned).max();
    let on_old =
        |of: &&InstanceCase| !of.is_gone() && matches!(of.truth, Truth::Old | Truth::Mixed);
    Breaks {
        consumer: class.consumer.class.clone(),
        path: Some(class.consumer.path),
        last_old_use: last,
        every,
        fails_by: every.map(|every| by(last + every, class.times.as_of)),
        instances: class.instances.iter().filter(on_old).count() as u64,
        effects: class.consumer.effects.clone(),
        fix: move_by(class.consumer.refresh).0,
    }
}

/// An instant as a limit: the end of its minute, and not before now.
fn by(at: Timestamp, now: Timestamp) -> Timestamp {
    let minute = at.minute();
    if minute == at { at.max(now) } else { (minute + Duration::MINUTE).max(now) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::tests::{World, h, row};

    fn at(world: &World, is_leaked: bool) -> During {
        during(&world.plan, &world.facts, is_leaked)
    }

    fn states(of: &During) -> Vec<(Option<&str>, Now)> {
        of.instances.iter().map(|of| (of.instance.as_deref(), of.now)).collect()
    }

    #[test]
    fn refusals_come_first_and_those_that_moved_last() {
        let world = World::new()
            .class("w")
            .put(row("w").on("a").at(h(96)))
            .put(row("w").on("b").old().at(h(96)))
            .put(row("w").on("c").refused().at(h(96)));
        let found = at(&world, false);
        let expected = [(Some("c"), Now::Refused), (Some("b"), Now::Old), (Some("a"), Now::New)];
        assert_eq!(states(&found), expected);
        assert!(found.leaked.is_none());
        let refused = found.instances[0].step.as_deref();
        assert!(refused.is_some_and(|step| step.contains("its permissions")), "{refused:?}");
    }

    #[test]
    fn what_used_the_old_version_last_is_on_it_however_long_it_is_silent() {
        let world = World::new().class("w").put(row("w").on("a").old().at(h(20)));
        let world = world.plan(|plan| plan.rotation.window = Duration::HOUR);
        let found = at(&world, true);
        assert_eq!(states(&found), [(Some("a"), Now::Old)]);
        assert_eq!(found.instances[0].recent, Attempted::default());
        let leaked = found.leaked.expect("asked");
        assert_eq!(leaked.breaks.len(), 1);
        assert_eq!(leaked.breaks[0].last_old_use, h(20));
    }

    #[test]
    fn a_consumer_without_records_is_silent_and_its_version_unknown() {
        let found = at(&World::new().class("w"), true);
        assert_eq!(states(&found), [(None, Now::Silent)]);
        let leaked = found.leaked.expect("asked");
        assert_eq!((leaked.breaks.len(), leaked.unknown), (0, vec!["w".to_owned()]));
    }
}
