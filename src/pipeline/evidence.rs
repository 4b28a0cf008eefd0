/*! Freshly sealed evidence, who answers questions about it, and the instants that these are asked for. */

use crate::facts::{Answers, Evidence, marker_uses, old_hours, would_fail};
use crate::judge;
use crate::model::Timestamp;
use crate::model::replay::{Failing, OldHour};
use crate::model::who::MarkerUse;
use crate::plan::Plan;
use crate::query;
use crate::table::bundle::Params;
use crate::table::{self, Engine, PlanNames, Sealed};

use super::collect::Collected;
use super::error::Error;
use super::request::Request;

/// The table of evidence in the engine.
const EVIDENCE: &str = "evidence";

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

/// The evidence as questions are asked of it: by folds over its rows, or by the published texts for `--strict`.
pub(super) enum Questions<'s> {
    Rows(Evidence<'s>),
    Texts(Engine),
}

impl<'s> Questions<'s> {
    pub(super) fn of(sealed: &'s Sealed, request: &Request) -> Result<Self, Error> {
        if !request.strict {
            return Ok(Self::Rows(Evidence::of(sealed)));
        }
        let mut engine = Engine::default();
        engine.register(EVIDENCE, &table::evidence_by_id(sealed))?;
        Ok(Self::Texts(engine))
    }

    /// Everything that a verdict rests on, from a beginning of the rows.
    pub(super) fn answers(&self, rows: usize, params: Params) -> Result<Answers, Error> {
        match self {
            Self::Rows(evidence) => Ok(Answers::of(evidence.beginning(rows, params))),
            Self::Texts(all) => Ok(query::answers(&mut beginning(all, rows, params)?)?),
        }
    }

    /// The uses that would have failed if the old version had been revoked at `revoked_us`.
    pub(super) fn would_fail(&self, params: Params) -> Result<Vec<Failing>, Error> {
        let uses = match self {
            Self::Rows(evidence) => would_fail::fold(evidence.all(params)),
            Self::Texts(all) => query::would_fail(&mut beginning(all, usize::MAX, params)?)?,
        };
        Ok(would_fail::sorted(uses))
    }

    /// Uses of the old version, hour by hour.
    pub(super) fn old_hours(&self, params: Params) -> Result<Vec<OldHour>, Error> {
        let hours = match self {
            Self::Rows(evidence) => old_hours::fold(evidence.all(params)),
            Self::Texts(all) => query::old_hours(&mut beginning(all, usize::MAX, params)?)?,
        };
        Ok(old_hours::sorted(hours))
    }

    /// Who used, read or named an old version.
    pub(super) fn marker_uses(&self, params: Params) -> Result<Vec<MarkerUse>, Error> {
        let uses = match self {
            Self::Rows(evidence) => marker_uses::fold(evidence.all(params)),
            Self::Texts(all) => query::marker_uses(&mut beginning(all, usize::MAX, params)?)?,
        };
        Ok(marker_uses::sorted(uses))
    }
}

/// An engine that holds the first rows of the evidence, and the instants.
fn beginning(all: &Engine, rows: usize, params: Params) -> Result<Engine, Error> {
    let mut engine = all.beginning(EVIDENCE, rows);
    engine.register("params", &query::params(params))?;
    Ok(engine)
}
