/*! The classes of both reports, side by side. */

use super::Notes;
use super::read::{Class, Instant, Report};
use super::{effect, terms, words};
use crate::model::changes::{Change, Effect, Topic};
use crate::model::decision::Verdict;

pub(super) fn compare(notes: &mut Notes, before: &Report, after: &Report) {
    for was in &before.classes {
        match after.classes.iter().find(|class| class.name == was.name) {
            Some(is) => one(notes, was, is),
            None => notes.weakened(
                Topic::Class,
                &was.name,
                (Some(words(was.verdict)), None),
                "it left the plan: its proof is not asked for any more, whether it still runs or not",
            ),
        }
    }
    for is in &after.classes {
        if !before.classes.iter().any(|class| class.name == is.name) {
            let means = "it is new in the plan: its proof is asked for from now on";
            let effect = if is.verdict == Verdict::Ready { Effect::Neutral } else { Effect::Worse };
            notes.came(Topic::Class, &is.name, effect, (words(is.verdict), means));
        }
    }
}

fn one(notes: &mut Notes, was: &Class, is: &Class) {
    if was.verdict != is.verdict {
        let means = match is.verdict {
            Verdict::Ready => "it no longer stands in the way",
            Verdict::Inconclusive => "its proof is not complete",
            Verdict::NotReady => "there is proof that it still needs the old version",
        };
        let sides = (words(was.verdict), words(is.verdict));
        notes.turned(Topic::Class, &is.name, sides, means);
        if let Some(change) = notes.0.last_mut() {
            change.effect = effect(was.verdict, is.verdict);
        }
    }
    old_use(notes, was, is);
    new_success(notes, was, is);
    if was.truth != is.truth {
        let subject = format!("{}, truth", is.name);
        let means = "it acts on another version than before";
        notes.turned(Topic::Class, &subject, (&was.truth, &is.truth), means);
    }
    if was.silence.state != is.silence.state {
        let subject = format!("{}, silence", is.name);
        let state = |of: &Class| of.silence.state.clone().unwrap_or_else(|| "none".to_owned());
        notes.turned(
            Topic::Class,
            &subject,
            (&state(was), &state(is)),
            "its silence means something else",
        );
    }
    if was.earliest_revocation != is.earliest_revocation {
        let (effect, means) = terms::moved(was.earliest_revocation, is.earliest_revocation);
        notes.add(Change {
            topic: Topic::Class,
            subject: format!("{}, earliest revocation", is.name),
            effect,
            weakens: false,
            before: was.earliest_revocation.map(|time| time.0.to_string()),
            after: is.earliest_revocation.map(|time| time.0.to_string()),
            means: means.to_owned(),
        });
    }
    plan(notes, was, is);
}

fn old_use(notes: &mut Notes, was: &Class, is: &Class) {
    let subject = format!("{}, last old use", is.name);
    let time = |at: &Option<Instant>| at.as_ref().map(|at| at.time.0);
    let (first, second) = (time(&was.last_old_use), time(&is.last_old_use));
    let shown = |at: Option<crate::model::Timestamp>| at.map(|at| at.to_string());
    if second > first {
        notes.add(Change {
            topic: Topic::Class,
            subject,
            effect: Effect::Worse,
            weakens: false,
            before: shown(first),
            after: shown(second),
            means: "it used the old version later than the older report knew".to_owned(),
        });
    } else if second < first {
        let means = "an old use that the older report cites is not in the newer one: its record is gone, or is read otherwise";
        let sides = (shown(first), shown(second));
        notes.weakened(Topic::Class, &subject, (sides.0.as_deref(), sides.1.as_deref()), means);
    }
}

fn new_success(notes: &mut Notes, was: &Class, is: &Class) {
    let subject = format!("{}, new success", is.name);
    match (&was.last_new_success, &is.last_new_success) {
        (None, Some(at)) => {
            let means = "it succeeded on the new version for the first time";
            notes.came(Topic::Class, &subject, Effect::Better, (&at.time.0.to_string(), means));
        }
        (Some(at), None) => {
            let means = "no success on the new version is left";
            notes.went(Topic::Class, &subject, Effect::Worse, (&at.time.0.to_string(), means));
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
}

/// What the report shows of the plan's words on a class.
fn plan(notes: &mut Notes, was: &Class, is: &Class) {
    let list = |all: &[String]| all.join(", ");
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    let declared = |of: &Class| {
        of.silence.cadence.declared.map_or_else(|| "none".to_owned(), |length| length.to_string())
    };
    let switched = |of: &Class| if of.disabled { "yes" } else { "no" }.to_owned();
    let words = [
        ("path", was.path.clone(), is.path.clone(), was.path == "exception"),
        ("use", was.usage.clone(), is.usage.clone(), is.usage == "indirect"),
        ("disabled", switched(was), switched(is), is.disabled),
        ("refresh", or_none(&was.refresh), or_none(&is.refresh), true),
        (
            "every",
            declared(was),
            declared(is),
            was.silence.cadence.declared > is.silence.cadence.declared,
        ),
        ("owner", or_none(&was.owner), or_none(&is.owner), was.owner.is_none()),
        ("effects", list(&was.effects), list(&is.effects), false),
        ("derived", list(&was.derived), list(&is.derived), false),
    ];
    for (word, before, after, weakens) in
        words.iter().filter(|(_, before, after, _)| before != after)
    {
        let subject = format!("{}, {word}", is.name);
        if *weakens {
            let means = "the plan asks for less or other proof of it than before";
            notes.weakened(Topic::Plan, &subject, (Some(before), Some(after)), means);
        } else {
            notes.turned(Topic::Plan, &subject, (before, after), "the plan says otherwise");
        }
    }
    let (was, is, name) = (was.silence.needed, is.silence.needed, &is.name);
    if was != is {
        let subject = format!("{name}, quiet needed");
        let sides = (was.to_string(), is.to_string());
        if is < was {
            let means = "a shorter quiet is enough than before";
            notes.weakened(Topic::Class, &subject, (Some(&sides.0), Some(&sides.1)), means);
        } else {
            let means = "a longer quiet is needed than before";
            notes.turned(Topic::Class, &subject, (&sides.0, &sides.1), means);
        }
    }
}
