/*! The words for verdicts, states and actions in texts. JSON and CSV use the `word()` of the same values. */

use crate::model::Outcome;
use crate::model::course::{Cycle, Event, Trace};
use crate::model::cutover::ModelState;
use crate::model::decision::{Held, Mode, Verdict};
use crate::model::finding::Severity;
use crate::model::ledger::{ExceptionTest, HolderState, SilenceState, Truth};
use crate::model::next::{Action, Status};
use crate::model::record::Lost;

/// `ready`, `inconclusive`, `not ready`.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "ready",
        Verdict::Inconclusive => "inconclusive",
        Verdict::NotReady => "not ready",
    }
}

/// The words for the verdict of a report made in that mode: after a revocation the question is whether it held.
pub fn verdict_in(mode: Mode, of: Verdict) -> &'static str {
    match (mode, Held::from(of)) {
        (Mode::Planned | Mode::PreRevocation, _) => verdict(of),
        (Mode::Postmortem, Held::Held) => "held",
        (Mode::Postmortem, Held::TooEarly) => "too early to say",
        (Mode::Postmortem, Held::DidNotHold) => "did not hold",
    }
}

/// What a finding does to the verdict, as its label: it `blocks`, leaves the verdict `undecided`, or `advises`.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocks => "blocks",
        Severity::Withholds => "undecided",
        Severity::Advises => "advises",
    }
}

/// The versions that a class was seen to use.
pub fn version_in_use(versions: Truth) -> &'static str {
    match versions {
        Truth::Old => "old",
        Truth::New => "new",
        Truth::Mixed => "both",
        Truth::Unknown => "unknown",
    }
}

/// What the silence of a class means.
pub fn silence(state: SilenceState) -> &'static str {
    match state {
        SilenceState::NeverSeen => "never seen",
        SilenceState::Unobservable => "not logged in the window",
        SilenceState::Active => "active",
        SilenceState::NotDue => "not due yet",
        SilenceState::Overdue => "overdue",
        SilenceState::Silent => "silent, schedule unknown",
    }
}

/// What became of a member of a class that used the old version.
pub fn holder(state: HolderState) -> &'static str {
    match state {
        HolderState::Moved => "moved",
        HolderState::Stopped => "stopped",
        HolderState::Silent => "silent for long enough",
        HolderState::Waiting => "not silent for long enough yet",
        HolderState::Lost => "gone, no end recorded",
        HolderState::Unknown => "rhythm unknown",
    }
}

/// Whether the exception path was tried.
pub fn exception_test(test: ExceptionTest) -> &'static str {
    match test {
        ExceptionTest::Passed => "passed",
        ExceptionTest::Failed => "failed",
        ExceptionTest::Missing => "missing",
        ExceptionTest::NotApplicable => "not applicable",
    }
}

/// Whether the records fit a declared model, as a verb.
pub fn model_state(state: ModelState) -> &'static str {
    match state {
        ModelState::Fits => "fits",
        ModelState::Violated => "is violated",
        ModelState::Open => "is open",
    }
}

/// Whether an item of the checklist is done.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Yes => "yes",
        Status::No => "no",
        Status::Unknown => "unknown",
        Status::NotApplicable => "not applicable",
    }
}

/// What somebody has to do, verb first: with one consumer, or with the rotation as a whole.
pub fn action(action: Action, consumer: Option<&str>) -> String {
    let (verb, rest) = match action {
        Action::MoveToNew => ("move", "to the new version"),
        Action::RunOnce => ("run", "once on the new version"),
        Action::FetchLog => ("fetch the logs of", ""),
        Action::DeclareClass => ("declare", "in the plan"),
        Action::FillIn => ("complete the plan for", ""),
        Action::Wait => ("wait for", ""),
    };
    let object = match (consumer, action) {
        (Some(consumer), _) => consumer,
        (None, Action::MoveToNew | Action::RunOnce) => "the remaining consumers",
        (None, Action::DeclareClass) => "each consumer that is not",
        (None, Action::FetchLog | Action::FillIn | Action::Wait) => "the rotation",
    };
    [verb, object, rest].join(" ").trim_end().to_owned()
}

/// What happened, in a list of events.
pub fn event(event: Event) -> &'static str {
    match event {
        Event::Introduced => "new version introduced",
        Event::FirstNewSuccess => "first success on the new version",
        Event::LastOldUse => "last use of the old version",
        Event::FirstFailure => "first failure",
        Event::LastFailure => "last failure",
        Event::Recovered => "recovered",
        Event::RevokeTarget => "planned revocation",
        Event::Revoked => "old version revoked",
        Event::AsOf => "time of this report",
    }
}

/// How the first cycle of a class after the revocation went.
pub fn cycle(cycle: Cycle) -> &'static str {
    match cycle {
        Cycle::Overdue => "overdue",
        Cycle::Unknown => "unknown",
        Cycle::Due => "due",
        Cycle::Passed => "passed",
    }
}

/// What a mark on the timeline stands for.
pub fn trace(trace: Trace) -> &'static str {
    match trace {
        Trace::Old => "old version used",
        Trace::New => "success on the new version",
        Trace::Degraded => "through the fallback",
        Trace::Unversioned => "version not shown",
        Trace::Failure => "failure",
    }
}

/// What came of an attempt.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Success => "succeeded",
        Outcome::AuthFailure => "refused",
        Outcome::Denied => "not permitted",
        Outcome::Failure => "failed",
        Outcome::None => "no outcome logged",
    }
}

/// On which side of the revocation a report stands.
pub fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Planned => "before the new version is introduced",
        Mode::PreRevocation => "before the revocation",
        Mode::Postmortem => "after the revocation",
    }
}

/// Why a cited record cannot be shown: `the input has changed: 120 bytes, the report says 118`.
pub fn lost(lost: &Lost) -> String {
    match lost {
        Lost::Stdin => "it came from standard input and cannot be read again".to_owned(),
        Lost::Gone(why) => format!("the input cannot be read: {why}"),
        Lost::Changed(what) => format!("the input has changed: {what}"),
        Lost::NoRecord => "there is no record at this place".to_owned(),
    }
}
