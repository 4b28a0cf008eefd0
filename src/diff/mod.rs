/*! What changed between two reports, and what does it mean?
 *
 * Two values in, a list of changes out. A change says whether it speaks for or against a revocation, and whether it
 * could have made a verdict better although no consumer moved: an input that is gone, a shorter window, a waiver.
 * Such a change beside a better verdict is what a reader must not overlook.
 */

mod classes;
mod findings;
mod input_changes;
mod read;
mod terms;

use std::cmp::Reverse;

use crate::model::changes::{Change, Changes, Effect, Side, Topic};
use crate::model::decision::Verdict;

pub use read::{Report, Unreadable, read};

/// Two reports that do not belong together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unlike {
    /// They are about different credentials.
    #[error("the reports speak of different credentials: `{0}` and `{1}`")]
    Credential(String, String),
    /// No old version of the one is an old version of the other.
    #[error(
        "the reports speak of different rotations of `{0}`: they have no old version in common"
    )]
    Rotation(String),
}

/// Compares an older report with a newer one.
pub fn compare(before: &Report, after: &Report) -> Result<Changes, Unlike> {
    let (one, other) = (&before.credential, &after.credential);
    if one.name != other.name {
        return Err(Unlike::Credential(one.name.clone(), other.name.clone()));
    }
    if !one.old.iter().any(|version| other.old.contains(version)) {
        return Err(Unlike::Rotation(one.name.clone()));
    }
    let mut notes = Notes::default();
    verdict(&mut notes, before, after);
    classes::compare(&mut notes, before, after);
    findings::compare(&mut notes, before, after);
    terms::compare(&mut notes, before, after);
    input_changes::compare(&mut notes, before, after);
    let mut changes = notes.0;
    changes.sort_by_key(|change| (change.topic, Reverse(change.weakens), change.effect));
    let better = |class: &read::Class| {
        let was = before.classes.iter().find(|one| one.name == class.name);
        was.is_some_and(|was| class.verdict < was.verdict)
    };
    Ok(Changes {
        credential: other.name.clone(),
        old_versions: other.old.clone(),
        improved: after.verdict < before.verdict || after.classes.iter().any(better),
        before: side(before),
        after: side(after),
        changes,
    })
}

fn side(report: &Report) -> Side {
    Side { verdict: report.verdict, as_of: report.as_of.0, summary: report.summary.clone() }
}

fn verdict(notes: &mut Notes, before: &Report, after: &Report) {
    if before.verdict != after.verdict {
        let means = match after.verdict {
            Verdict::Ready => {
                "nothing that the newer report saw stands against a revocation any more"
            }
            Verdict::Inconclusive if before.verdict == Verdict::Ready => {
                "what was proven is so no more: do not revoke before the missing proof is there"
            }
            Verdict::Inconclusive => {
                "no proof against a revocation is left, but proof for it is missing"
            }
            Verdict::NotReady => "there is proof against a revocation now: do not revoke",
        };
        let (was, is) = (words(before.verdict), words(after.verdict));
        notes.turned(Topic::Verdict, "rotation", (was, is), means);
        if let Some(change) = notes.0.last_mut() {
            change.effect = effect(before.verdict, after.verdict);
        }
    }
    let time = |report: &Report| report.earliest_revocation.as_ref().and_then(|one| one.time);
    let (was, is) = (time(before), time(after));
    if was != is {
        let (effect, means) = terms::moved(was, is);
        notes.add(Change {
            topic: Topic::Verdict,
            subject: "earliest revocation".to_owned(),
            effect,
            weakens: false,
            before: was.map(|time| time.0.to_string()),
            after: is.map(|time| time.0.to_string()),
            means: means.to_owned(),
        });
    }
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "ready",
        Verdict::Inconclusive => "inconclusive",
        Verdict::NotReady => "not ready",
    }
}

fn effect(before: Verdict, after: Verdict) -> Effect {
    if after < before { Effect::Better } else { Effect::Worse }
}

/// The changes so far.
#[derive(Default)]
struct Notes(Vec<Change>);

impl Notes {
    fn add(&mut self, change: Change) {
        self.0.push(change);
    }

    /// One value became another; neither better nor worse.
    fn turned(&mut self, topic: Topic, subject: &str, (before, after): (&str, &str), means: &str) {
        self.add(Change {
            topic,
            subject: subject.to_owned(),
            effect: Effect::Neutral,
            weakens: false,
            before: Some(before.to_owned()),
            after: Some(after.to_owned()),
            means: means.to_owned(),
        });
    }

    /// One value became another, and that alone could have made a verdict better.
    fn weakened(
        &mut self,
        topic: Topic,
        subject: &str,
        sides: (Option<&str>, Option<&str>),
        means: &str,
    ) {
        self.add(Change {
            topic,
            subject: subject.to_owned(),
            effect: Effect::Neutral,
            weakens: true,
            before: sides.0.map(str::to_owned),
            after: sides.1.map(str::to_owned),
            means: means.to_owned(),
        });
    }

    /// Something is there that was not.
    fn came(&mut self, topic: Topic, subject: &str, effect: Effect, (after, means): (&str, &str)) {
        self.add(Change {
            topic,
            subject: subject.to_owned(),
            effect,
            weakens: false,
            before: None,
            after: Some(after.to_owned()),
            means: means.to_owned(),
        });
    }

    /// Something is there no more.
    fn went(&mut self, topic: Topic, subject: &str, effect: Effect, (before, means): (&str, &str)) {
        self.add(Change {
            topic,
            subject: subject.to_owned(),
            effect,
            weakens: false,
            before: Some(before.to_owned()),
            after: None,
            means: means.to_owned(),
        });
    }
}
