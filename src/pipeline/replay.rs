/*! What would have failed, had the old version gone at another time. */

use crate::judge;
use crate::model::Micros;
use crate::model::replay::Replay;
use crate::plan::Plan;
use crate::query;

use super::{Error, Progress, Request, asked, collect, earlier, names};

/// Reads the inputs and asks: at one instant, hour by hour, and, of what is drawn, what the verdict was at earlier instants.
pub fn replay(
    plan: Plan,
    request: &Request,
    progress: &Progress,
    (revoke_at, curve): (Option<Micros>, bool),
) -> Result<Replay, Error> {
    let names = names(&plan);
    let collected = collect(plan, request, progress)?;
    let (mut engine, params) = asked(&collected, &names, request, revoke_at)?;
    let (plan, sealed) = (&collected.plan, &collected.sealed);
    let as_of = Micros(params.as_of_us);
    let beside = query::Plain { sealed, names: &names, as_of, sources: &[] };
    let mut told = match revoke_at {
        Some(at) => judge::replay::at(plan, at, &query::failing(&mut engine, beside)?),
        None => Replay::default(),
    };
    if curve {
        told.curve = judge::replay::curve(plan, &query::old_hours(&mut engine, beside)?);
    }
    if request.drawn {
        told.readiness = earlier::readiness(plan, &mut engine, beside)?;
    }
    Ok(told)
}
