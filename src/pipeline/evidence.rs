/*! The engine over freshly sealed evidence, and the instants that its queries are asked for. */

use crate::judge;
use crate::model::Timestamp;
use crate::plan::Plan;
use crate::query;
use crate::table::bundle::Params;
use crate::table::{self, Engine, PlanNames};

use super::collect::Collected;
use super::error::Error;
use super::request::Request;

/// The names of classes and versions, which tables hold by number.
pub(super) fn names(plan: &Plan) -> PlanNames {
    PlanNames {
        classes: plan.consumers.iter().map(|consumer| consumer.class.clone()).collect(),
        versions: plan.versions.iter().map(|version| version.name.clone()).collect(),
    }
}

/// The instants of a plan's queries, for a judgement as of `as_of`.
pub(super) fn params(plan: &Plan, as_of: Timestamp, revoked: Option<Timestamp>) -> Params {
    Params {
        t0_us: plan.rotation.introduced.0,
        as_of_us: as_of.0,
        window_from_us: judge::window(plan, as_of).from.0,
        revoked_us: revoked.map_or(i64::MAX, |revoked| revoked.0),
    }
}

/// The instants for a run: as of the requested time, or of the latest record, or of the change if no record has a time.
pub(super) fn run_params(
    collected: &Collected,
    request: &Request,
    revoked: Option<Timestamp>,
) -> Params {
    let plan = &collected.plan;
    let as_of = request.as_of.or(collected.latest).unwrap_or(plan.rotation.introduced);
    params(plan, as_of, revoked)
}

/// An engine that holds the evidence, by id, and the instants.
pub(super) fn engine(collected: &Collected, params: Params) -> Result<Engine, Error> {
    let mut engine = Engine::default();
    engine.register("evidence", &table::evidence_by_id(&collected.sealed))?;
    engine.register("params", &query::params(params))?;
    Ok(engine)
}
