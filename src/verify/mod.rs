/*! Does a report still hold? A written report, and what there is today.
 *
 * A report holds while nothing it rests on has changed: its inputs by digest, its plan, its age, its waivers, and the
 * old use that it knows; and only if a report that is made again has the same verdict. What cannot be checked is said,
 * and then nothing is said to hold. The pipeline gathers what there is today; everything that follows from it is
 * decided here.
 */

mod inputs;
mod known;
mod lifetime;
mod reasons;
mod statement;

use crate::model::Timestamp;
use crate::model::verified::{Compared, Search, Verified};
use crate::wire::Report;

pub use inputs::{DigestedFile, compare, is_unchanged};
pub use known::{cited, counted};
pub use statement::{Stated, Statement};

/// What there is today.
#[derive(Clone, Debug)]
pub struct Today {
    /// The time at which the question is asked.
    pub now: Timestamp,
    /// The inputs of the report against the files of today; nothing if no files were given.
    pub inputs: Compared,
    /// Is the plan another one than the report was made with? `None` if the report does not say with which it was.
    pub plan_changed: Option<bool>,
    /// What speaks against the bundle, and against the statement that was given.
    pub against: Vec<String>,
    /// The paths that were read because the bundle names them.
    pub named: Vec<String>,
    /// What these leave open.
    pub unchecked: Vec<String>,
    /// The report made again, and the search for old use that the report does not know.
    pub search: Search,
}

/// Does the report still hold, and if not, why?
pub fn verify(report: &Report, today: Today) -> Verified {
    let Today { now, inputs, plan_changed, against, named, unchecked, search } = today;
    let mut verified = Verified {
        as_of: as_of(report),
        now,
        verdict: report.verdict.0,
        expires: lifetime::expiry(report),
        inputs,
        plan_changed: plan_changed == Some(true),
        plan_unknown: plan_changed.is_none(),
        ended: lifetime::ended_waivers(report, now),
        search,
        named,
        reasons: Vec::new(),
        unchecked,
    };
    verified.reasons.extend(reasons::missing_keys(report));
    verified.reasons.extend(reasons::reasons(&verified));
    verified.reasons.extend(reasons::other_verdicts(report, &verified));
    verified.reasons.extend(against);
    let unchecked = reasons::unchecked(&verified);
    verified.unchecked.extend(unchecked);
    verified
}

/// The time for which the report was made.
pub fn as_of(report: &Report) -> Timestamp {
    report.as_of.0
}

/// From when on the report allows no old use.
pub fn window_start(report: &Report) -> Timestamp {
    report.window.from.0
}

/// The digest of the plan that the report was made with. Older reports do not give it.
pub fn plan_sha256(report: &Report) -> Option<&str> {
    report.plan.given()?.sha256.as_deref()
}
