/*! What would have failed, had the old version gone at another time. */

use crate::judge;
use crate::model::Micros;
use crate::model::replay::Replay;
use crate::plan::Plan;
use crate::query;
use crate::table::bundle::Params;
use crate::table::{self, Engine};

use super::{Error, Progress, Request, collect, names};

/// Reads the inputs and asks; at one instant, hour by hour, or both.
pub fn replay(
    plan: Plan,
    request: &Request,
    progress: &Progress,
    (revoke_at, curve): (Option<Micros>, bool),
) -> Result<Replay, Error> {
    let names = names(&plan);
    let collected = collect(plan, request, progress)?;
    let (plan, sealed) = (&collected.plan, &collected.sealed);
    let as_of = request.as_of.or(collected.latest).unwrap_or(plan.rotation.introduced);
    let params = Params {
        t0_us: plan.rotation.introduced.0,
        as_of_us: as_of.0,
        window_from_us: judge::window(plan, as_of).from.0,
        revoked_us: revoke_at.map_or(i64::MAX, |at| at.0),
    };
    let mut engine = Engine::default();
    engine.register("evidence", &table::evidence(sealed, &names))?;
    engine.register("params", &query::params(params))?;
    let beside = query::Plain { sealed, names: &names, as_of, sources: &[] };
    let mut told = match revoke_at {
        Some(at) => judge::replay::at(plan, at, &query::failing(&mut engine, beside)?),
        None => Replay::default(),
    };
    if curve {
        told.curve = judge::replay::curve(plan, &query::old_hours(&mut engine, beside)?);
    }
    Ok(told)
}
