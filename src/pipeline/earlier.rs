/*! Reports of earlier instants, from what the records up to each of them tell: what was known at the revocation, and the
 * verdict hour by hour. Which record belongs to which class and version is told with all that is known now.
 */

use crate::judge::{self, course};
use crate::model::course::{Known, Readiness};
use crate::model::decision::Decision;
use crate::model::facts::Facts;
use crate::model::{Micros, Span};
use crate::plan::Plan;
use crate::query;
use crate::table::Engine;

use super::{Error, params};

/// So many earlier instants are asked for a curve: each costs all queries once more.
const POINTS: i64 = 12;

/// What the report at the revocation said, if there was one.
pub(super) fn known(
    plan: &Plan,
    engine: &mut Engine,
    beside: query::Plain<'_>,
) -> Result<Option<Known>, Error> {
    let Some(revoked) = plan.rotation.revoked.filter(|revoked| *revoked <= beside.as_of) else {
        return Ok(None);
    };
    Ok(Some(course::known(&at(plan, engine, query::Plain { as_of: revoked, ..beside })?)))
}

/// The verdict at full hours from the change on, at most `POINTS` of them, and at the end.
pub(super) fn readiness(
    plan: &Plan,
    engine: &mut Engine,
    beside: query::Plain<'_>,
) -> Result<Vec<Readiness>, Error> {
    let span = Span { from: plan.rotation.introduced.hour(), to: beside.as_of };
    let hours = span.length().0 / Micros::HOUR.0 + 1;
    let step = Micros::HOUR.scaled((hours + POINTS - 1) / POINTS, 1);
    let mut points = Vec::new();
    let mut next = span.from + step;
    while next < span.to {
        points.push(next);
        next = next + step;
    }
    points.push(span.to);
    let one = |instant| {
        let decision = at(plan, engine, query::Plain { as_of: instant, ..beside })?;
        Ok(course::readiness(&decision))
    };
    points.into_iter().map(one).collect()
}

/// The decision at an instant, from the rows up to it.
fn at(plan: &Plan, engine: &mut Engine, beside: query::Plain<'_>) -> Result<Decision, Error> {
    let instant = beside.as_of;
    let mut plan = plan.clone();
    plan.rotation.revoked = plan.rotation.revoked.filter(|revoked| *revoked < instant);
    let rows = format!("SELECT * FROM evidence WHERE earliest_us <= {}", instant.0);
    let mut earlier = engine.narrowed("evidence", &rows)?;
    let params = params(&plan, instant, plan.rotation.revoked);
    earlier.register("params", &query::params(params))?;
    let facts = query::facts(&mut earlier, beside)?;
    Ok(judge::decide(&plan, &until(facts, instant)))
}

/// What the queries do not cut: who was seen, and what was rejected, later.
fn until(mut facts: Facts, instant: Micros) -> Facts {
    for instance in &mut facts.instances {
        instance.presence.retain(|span| span.from <= instant);
        for span in &mut instance.presence {
            span.to = span.to.min(instant);
        }
    }
    facts.rejects.retain(|run| {
        let near = [run.before, run.after];
        near == [None, None] || near.into_iter().flatten().any(|time| time <= instant)
    });
    facts.unmapped.retain(|one| one.first.0 <= instant);
    facts
}
