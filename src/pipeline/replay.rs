/*! `replay`: which uses would have failed, if the old version had been revoked at another time. */

use crate::facts::FactInputs;
use crate::judge;
use crate::model::Timestamp;
use crate::model::replay::Replay;
use crate::plan::Plan;

use super::collect::collect;
use super::earlier::Past;
use super::error::Error;
use super::evidence::{self, Questions};
use super::progress::Progress;
use super::request::Request;

/// What to ask of the evidence.
#[derive(Clone, Copy, Debug)]
pub struct ReplayQuestion {
    /// The instant of the supposed revocation.
    pub revoke_at: Option<Timestamp>,
    /// Count the failing uses for a revocation at each hour since the change.
    pub curve: bool,
    /// Judge at earlier instants, each from the records up to it.
    pub readiness: bool,
}

/// Reads the inputs and answers the question.
pub fn replay(
    plan: Plan,
    question: ReplayQuestion,
    request: &Request,
    progress: &Progress,
) -> Result<Replay, Error> {
    let collected = collect(plan, request, progress)?;
    let params = evidence::run_params(&collected, request, question.revoke_at);
    let (plan, sealed) = (&collected.plan, &collected.sealed);
    let questions = Questions::of(sealed, request)?;
    let as_of = Timestamp(params.as_of_us);
    let inputs = FactInputs { sealed, as_of, sources: &[] };
    let mut replay = match question.revoke_at {
        Some(at) => judge::replay::at(plan, at, &questions.would_fail(params)?),
        None => Replay::default(),
    };
    if question.curve {
        replay.curve = judge::replay::curve(plan, &questions.old_hours(params)?);
    }
    if question.readiness {
        let past = Past { plan, questions: &questions, inputs };
        replay.readiness = request.pool()?.install(|| past.readiness())?;
    }
    Ok(replay)
}
