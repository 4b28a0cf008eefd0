/*! Unhealed failures: refusals since the change, of the new version or of none shown, that nothing has made good. */

use super::case::Case;
use super::class::{ClassCase, keep};
use super::row;
use crate::model::facts::Activity;
use crate::model::{Micros, Refresh, Shown, State};

/// So many later successes of the class heal the refusal of an instance that is gone.
const HEALED_BY: u64 = 3;

/// A single refusal younger than so many median gaps is not judged yet.
const YOUNG_GAPS: i64 = 3;

/// The refusals of a class, or of one of its instances, that are not healed.
#[derive(Debug)]
pub struct Unhealed<'a> {
    /// The instance; none where none is logged.
    pub instance: Option<&'a str>,
    /// Is it gone?
    pub is_gone: bool,
    /// The refusals.
    pub rows: Vec<&'a Activity>,
}

/// What is unhealed in a class, by instance.
pub fn unhealed<'a>(case: &Case, class: &ClassCase<'a>) -> Vec<Unhealed<'a>> {
    let refused = keep(&class.tries, |row| is_refused(row) && row.last.latest() >= case.t0);
    let mut groups: Vec<Unhealed> = Vec::new();
    for instance in &class.instances {
        let rows = keep(&instance.of(&refused), |row| !is_healed(class, Some(instance.name), row));
        groups.push(Unhealed { instance: Some(instance.name), is_gone: instance.is_gone, rows });
    }
    let nameless = keep(&refused, |row| row.instance.is_none());
    let rows = keep(&nameless, |row| !is_healed(class, None, row));
    groups.push(Unhealed { instance: None, is_gone: false, rows });
    groups.retain(|group| !group.rows.is_empty() && !is_young(case, class, &group.rows));
    groups
}

/// Refused, with the new version or with none shown.
fn is_refused(row: &Activity) -> bool {
    let of_new = row.state == State::New && row.binding.proves();
    row::is_auth_failure(row) && (of_new || row.shown == Shown::None)
}

/// Did the instance succeed later; or, where it never comes back, the class often enough?
fn is_healed(class: &ClassCase, name: Option<&str>, refused: &Activity) -> bool {
    let end = refused.last.latest();
    let later = keep(&class.new_successes, |row| row.last.earliest() > end);
    let Some(name) = name else { return !later.is_empty() };
    if later.iter().any(|row| row.instance.as_deref() == Some(name)) {
        return true;
    }
    let quiet = |one: &super::instance::InstanceCase| {
        one.is_generated
            && one.last_seen.is_none_or(|last| last <= end + Micros::HOUR)
            && class.ground.a - end >= Micros::HOUR
    };
    let never_back = class.instance(name).is_some_and(|one| one.is_gone || quiet(one));
    let needed = if class.consumer.refresh == Some(Refresh::PerRun) { 1 } else { HEALED_BY };
    let surely: u64 =
        later.iter().map(|row| if row.first.earliest() > end { row.count } else { 1 }).sum();
    never_back && surely >= needed
}

/// A single try so young that its next may heal it.
fn is_young(case: &Case, class: &ClassCase, rows: &[&Activity]) -> bool {
    let Some(learned) = class.cadence.learned else { return false };
    let last = row::latest(rows).map(|row| row.last.latest());
    row::count(rows) == 1
        && last.is_some_and(|last| case.a - last < learned.median.scaled(YOUNG_GAPS, 1))
}
