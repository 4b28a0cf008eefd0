/*! Refusals from which a class has not recovered: what immediate and delayed failures have in common. */

use super::activity::{self, ClockTime, is_of_plan, keep};
use super::class::ClassCase;
use super::instance::InstanceCase;
use crate::model::facts::Activity;
use crate::model::finding::Numbers;
use crate::model::{ClassBasis, Duration, Outcome, Refresh, Span, Timestamp};

/// How many later successes of its class count for an instance that can have no later success itself.
const SUCCESSES_OF_OTHERS_MIN: u64 = 3;

/// The refusals since the change, with the new version or with none shown, after which no success was seen. A single
/// refusal that is younger than three of the usual gaps of the class is left out: the next attempt may succeed.
pub fn unrecovered<'a>(class: &ClassCase<'a>) -> Vec<&'a Activity> {
    let proofs = proofs(class);
    let open = keep(&class.tries, |row| {
        is_refusal(row)
            && !activity::is_old_use(row)
            && row.last.latest() >= class.times.introduced
            && !is_abandoned(class, row)
            && !has_recovered(class, &proofs, row)
    });
    if is_too_young(class, &open) { Vec::new() } else { open }
}

/// The refusals that are left, in two parts: those that follow a success of the same instance, and those before which
/// nothing worked.
pub struct Unrecovered<'a> {
    /// It had worked.
    pub later: Vec<&'a Activity>,
    /// It never worked.
    pub from_start: Vec<&'a Activity>,
    /// What worked since the change, without a fallback.
    pub worked: Vec<&'a Activity>,
}

/// Sorts the refusals from which the class has not recovered.
pub fn sorted<'a>(class: &ClassCase<'a>) -> Unrecovered<'a> {
    let worked = keep(&class.tries, |row| has_worked(class, row));
    let had_worked = |refused: &&Activity| {
        of_same_instance(refused, &worked).iter().any(|success| is_earlier(success, refused))
    };
    let (later, from_start) = unrecovered(class).into_iter().partition(had_worked);
    Unrecovered { later, from_start, worked }
}

/// Is it a success since the change without a fallback, with this credential or with none shown?
fn has_worked(class: &ClassCase, row: &Activity) -> bool {
    activity::is_success(row)
        && !row.degraded
        && row.basis == ClassBasis::Matched
        && row.first.earliest() >= class.times.introduced
        && activity::is_of_plan(row)
}

/// The successes that show a recovery from a refusal. An indirect class shows no version.
fn proofs<'a>(class: &ClassCase<'a>) -> Vec<&'a Activity> {
    let successes = if class.is_direct { class.new_successes.clone() } else { class.works_since() };
    keep(&successes, |row| !row.degraded)
}

/// Was a version refused that the class no longer tries, while it tries another new one?
fn is_abandoned(class: &ClassCase, refused: &Activity) -> bool {
    let now = keep(&class.in_window(), activity::is_new_use);
    refused.binding.proves()
        && !now.is_empty()
        && now.iter().all(|row| row.version != refused.version)
}

/// Was the credential refused? Not if the row shows a credential that is not of this plan.
pub fn is_refusal(row: &Activity) -> bool {
    activity::is_auth_failure(row) && is_of_plan(row)
}

/// Did the attempt fail: refused, not allowed, or otherwise? Not if the row shows a credential that is not of this
/// plan.
pub fn is_failed(row: &Activity) -> bool {
    let failed = matches!(row.outcome, Outcome::AuthFailure | Outcome::Denied | Outcome::Failure);
    row.kind.is_try() && failed && is_of_plan(row)
}

/// The rows of the instance that was refused, or all rows if the log does not name it.
pub fn of_same_instance<'a>(refused: &Activity, rows: &[&'a Activity]) -> Vec<&'a Activity> {
    keep(rows, |row| refused.instance.is_none() || row.instance == refused.instance)
}

/// Did the success come before the refusal or in the same hour, with the same version or with none shown by either?
pub fn is_earlier(worked: &Activity, refused: &Activity) -> bool {
    let is_bare = !worked.binding.proves() || !refused.binding.proves();
    (is_bare || worked.version == refused.version)
        && worked.first.earliest() <= refused.last.latest()
}

/// How many refusals these are, of how many attempts since the change.
pub fn numbers(class: &ClassCase, refused: &[&Activity]) -> Numbers {
    let since = keep(&class.tries, |row| row.last.latest() >= class.times.introduced);
    Numbers { n: activity::count(refused), of: activity::count(&since), p: None }
}

/// Did the version that was refused work later? If the refusal shows none, any will do.
fn has_recovered(class: &ClassCase, proofs: &[&Activity], refused: &Activity) -> bool {
    let failed = ClockTime::last_of(refused);
    let is_later = |success: ClockTime| success.surely_after(failed, class.clocks);
    let later = keep(proofs, |row| {
        is_later(ClockTime::last_of(row))
            && (!refused.binding.proves() || row.version == refused.version)
    });
    if !of_same_instance(refused, &later).is_empty() {
        return true;
    }
    let instance = refused.instance.as_deref().and_then(|name| class.instance(name));
    // Of a group that began before the refusal, only the last row surely comes after it.
    let counted =
        later.iter().map(|row| if is_later(ClockTime::first_of(row)) { row.count } else { 1 });
    let needed =
        if class.consumer.refresh == Some(Refresh::PerRun) { 1 } else { SUCCESSES_OF_OTHERS_MIN };
    instance.is_some_and(|instance| is_replaced(class, instance, failed.at.latest()))
        && counted.sum::<u64>() >= needed
}

/// Is it impossible that this instance succeeds later, because it has been replaced?
fn is_replaced(class: &ClassCase, instance: &InstanceCase, failed: Timestamp) -> bool {
    let end = failed + Duration::HOUR;
    let presence = instance.fact.into_iter().flat_map(|fact| fact.presence.iter().copied());
    let rows = instance.of(&class.rows);
    let rows = rows.iter().map(|row| Span { from: row.first.earliest(), to: row.last.latest() });
    let is_seen = presence.chain(rows).any(|span| span.to > failed && span.from <= end);
    instance.is_gone() || (instance.is_generated && end <= class.times.as_of && !is_seen)
}

fn is_too_young(class: &ClassCase, open: &[&Activity]) -> bool {
    let age = activity::latest(open).map(|row| class.times.as_of - row.last.latest());
    let usual = class.cadence.learned.map(|learned| learned.median.scaled(3, 1));
    activity::count(open) == 1 && age.zip(usual).is_some_and(|(age, usual)| age < usual)
}
