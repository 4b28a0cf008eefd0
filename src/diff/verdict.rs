/*! The verdict, and from when on the old version may be revoked. */

use super::terms;
use crate::model::changes::{Change, Effect, Topic, Value};
use crate::model::decision::Verdict;
use crate::wire::Report;
use crate::wording;

pub(super) fn compare(changes: &mut Vec<Change>, before: &Report, after: &Report) {
    let (was, is) = (before.verdict.0, after.verdict.0);
    if was != is {
        let means = match is {
            Verdict::Ready => {
                "nothing in the newer report keeps the old version from being revoked"
            }
            Verdict::Inconclusive if was == Verdict::Ready => {
                "what was proven no longer is: do not revoke before the missing proof is there"
            }
            Verdict::Inconclusive => "nothing blocks a revocation any more, but proof is missing",
            Verdict::NotReady => "the old version is still needed: do not revoke",
        };
        let (before, after) = (wording::verdict(was).into(), wording::verdict(is).into());
        let change = Change::new(Topic::Verdict, "rotation", Some(before), Some(after), means);
        changes.push(change.with(effect(was, is)));
    }
    let time = |report: &Report| report.earliest_revocation.as_ref().and_then(|one| one.time);
    let (was, is) = (time(before), time(after));
    if was != is {
        let (effect, means) = terms::moved(was, is);
        let (was, is) = (was.map(Value::from), is.map(Value::from));
        let change = Change::new(Topic::Verdict, "earliest revocation", was, is, means);
        changes.push(change.with(effect));
    }
}

pub(super) fn effect(before: Verdict, after: Verdict) -> Effect {
    if after < before { Effect::Better } else { Effect::Worse }
}
