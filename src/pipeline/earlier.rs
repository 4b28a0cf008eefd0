/*! Judgements as of earlier instants, each from the records up to it: what was known at the revocation, and how the verdict
 * developed. Classes and versions of the earlier records are attributed with the links that are known now.
 */

use crate::judge::{self, course};
use crate::model::course::{Known, Readiness};
use crate::model::decision::Decision;
use crate::model::facts::Facts;
use crate::model::{Micros, Span};
use crate::plan::Plan;
use crate::query;
use crate::table::Engine;

use super::error::Error;
use super::evidence;

/// The most instants of a readiness curve. Each runs all queries once more.
const POINTS_MAX: i64 = 12;

/// What a report at the revocation would have said, if the revocation is not later than the report.
pub(super) fn known_at_revocation(
    plan: &Plan,
    engine: &mut Engine,
    plain: query::Plain<'_>,
) -> Result<Option<Known>, Error> {
    let Some(revoked) = plan.rotation.revoked.filter(|revoked| *revoked <= plain.as_of) else {
        return Ok(None);
    };
    let decision = decision_at(plan, engine, query::Plain { as_of: revoked, ..plain })?;
    Ok(Some(course::known(&decision)))
}

/// The verdict at full hours since the change, evenly spaced, and at the end.
pub(super) fn readiness(
    plan: &Plan,
    engine: &mut Engine,
    plain: query::Plain<'_>,
) -> Result<Vec<Readiness>, Error> {
    let span = Span { from: plan.rotation.introduced.hour(), to: plain.as_of };
    let hours = span.length().0 / Micros::HOUR.0 + 1;
    let step = Micros::HOUR.scaled((hours + POINTS_MAX - 1) / POINTS_MAX, 1);
    let mut instants = Vec::new();
    let mut next = span.from + step;
    while next < span.to {
        instants.push(next);
        next = next + step;
    }
    instants.push(span.to);
    let point = |instant| {
        let decision = decision_at(plan, engine, query::Plain { as_of: instant, ..plain })?;
        Ok(course::readiness(&decision))
    };
    instants.into_iter().map(point).collect()
}

/// The decision as of `plain.as_of`, from the rows up to it.
fn decision_at(
    plan: &Plan,
    engine: &mut Engine,
    plain: query::Plain<'_>,
) -> Result<Decision, Error> {
    let instant = plain.as_of;
    let mut plan = plan.clone();
    plan.rotation.revoked = plan.rotation.revoked.filter(|revoked| *revoked < instant);
    let rows = format!("SELECT * FROM evidence WHERE earliest_us <= {}", instant.0);
    let mut earlier = engine.narrowed("evidence", &rows)?;
    let params = evidence::params(&plan, instant, plan.rotation.revoked);
    earlier.register("params", &query::params(params))?;
    let facts = query::facts(&mut earlier, plain)?;
    Ok(judge::decide(&plan, &until(facts, instant)))
}

/// Cuts the facts that do not come from the evidence table: presence, rejects, unmapped fields.
fn until(mut facts: Facts, instant: Micros) -> Facts {
    for instance in &mut facts.instances {
        instance.presence.retain(|span| span.from <= instant);
        for span in &mut instance.presence {
            span.to = span.to.min(instant);
        }
    }
    facts.rejects.retain(|run| {
        let neighbours = [run.before, run.after];
        neighbours == [None, None] || neighbours.into_iter().flatten().any(|time| time <= instant)
    });
    facts.unmapped.retain(|field| field.first.0 <= instant);
    facts
}
