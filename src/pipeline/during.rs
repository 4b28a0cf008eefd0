/*! `during`: the state of each instance while a rotation goes wrong, from the facts of a report. */

use crate::facts::FactInputs;
use crate::judge;
use crate::model::during::During;
use crate::model::{Duration, Timestamp};
use crate::plan::Plan;

use super::collect::collect;
use super::error::Error;
use super::evidence::{self, Questions};
use super::progress::Progress;
use super::report::sources;
use super::request::Request;
use super::who::unread;

/// What to ask of the evidence.
#[derive(Clone, Copy, Debug)]
pub struct DuringQuestion {
    /// How long before the last record an attempt is recent.
    pub last: Duration,
    /// Say what a revocation this minute would break.
    pub leaked: bool,
}

/// Reads the inputs and says what every instance does.
pub fn during(
    plan: Plan,
    question: DuringQuestion,
    request: &Request,
    progress: &Progress,
) -> Result<During, Error> {
    let mut collected = collect(plan, request, progress)?;
    // Facts split where the window begins, so what is recent is the window of this question.
    collected.plan.rotation.window = question.last;
    let params = evidence::run_params(&collected, request, None);
    let sealed = &collected.sealed;
    let questions = Questions::of(sealed, request)?;
    let sources = sources(sealed, request.known_profiles());
    let inputs = FactInputs { sealed, as_of: Timestamp(params.as_of_us), sources: &sources };
    let facts = questions.answers(sealed.rows.len(), params)?.facts(inputs);
    let during = judge::during::during(&collected.plan, &facts, question.leaked);
    Ok(During { unread: unread(sealed), ..during })
}
