/*! The JSON Schema of the report: made from the types that are written, so that it says what they say. */

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator, json_schema};

use super::wire;
use crate::model::decision::{Mode, Verdict};
use crate::model::finding::Severity;
use crate::model::ledger::{ExceptionTest, SilenceState, Truth};
use crate::model::next::{Action, Status};
use crate::model::{PathKind, Refresh, Use};

/// What `schema` of a report says.
pub const NAME: &str = "holdover.report/1";

/// The schema, as JSON Schema 2020-12. A later report of the same name may have more keys, never fewer.
pub fn schema() -> Schema {
    let mut schema = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<wire::Report<'static>>();
    schema.insert("title".to_owned(), NAME.into());
    let what =
        "A revocation-readiness report of holdover. No key is left out: unknown is null or [].";
    schema.insert("description".to_owned(), what.into());
    schema
}

pub(super) fn name(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"const": NAME})
}

pub(super) fn time() -> Schema {
    json_schema!({
        "type": "string", "format": "date-time", "pattern": "Z$",
        "description": "An instant in UTC, RFC 3339 with `Z`."
    })
}

pub(super) fn length(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "pattern": "^[0-9]+h[0-9]{1,2}m$"})
}

pub(super) fn some_length(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "null"], "pattern": "^[0-9]+h[0-9]{1,2}m$"})
}

pub(super) fn digest(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"})
}

pub(super) fn limits() -> Schema {
    json_schema!({
        "type": "object",
        "additionalProperties": {"type": ["number", "string", "boolean"]},
        "description": "The plan's `[limits]`, by name."
    })
}

pub(super) fn hints() -> Schema {
    json_schema!({
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "What the records show of the consumer, by column of the evidence table."
    })
}

pub(super) fn verdict(_: &mut SchemaGenerator) -> Schema {
    words(&[Verdict::Ready, Verdict::Inconclusive, Verdict::NotReady].map(Verdict::word))
}

pub(super) fn mode(_: &mut SchemaGenerator) -> Schema {
    words(&[Mode::Planned, Mode::PreRevocation, Mode::Postmortem].map(Mode::word))
}

pub(super) fn models(_: &mut SchemaGenerator) -> Schema {
    let all = ["atomic", "dual-valid", "versioned-alias", "consumer-by-consumer"];
    json_schema!({"type": "array", "items": {"type": "string", "enum": all}})
}

pub(super) fn in_flight(_: &mut SchemaGenerator) -> Schema {
    words_or_null(&["finish", "fail", "requeue"])
}

pub(super) fn path(_: &mut SchemaGenerator) -> Schema {
    words(&[PathKind::Primary, PathKind::Background, PathKind::Exception].map(PathKind::word))
}

pub(super) fn usage(_: &mut SchemaGenerator) -> Schema {
    words(&[Use::Direct, Use::Indirect].map(Use::word))
}

pub(super) fn refresh(_: &mut SchemaGenerator) -> Schema {
    use Refresh::{AtLaunch, Cached, OnStart, PerRequest, PerRun};
    words_or_null(&[PerRequest, PerRun, OnStart, AtLaunch, Cached].map(Refresh::word))
}

pub(super) fn truth(_: &mut SchemaGenerator) -> Schema {
    words(&[Truth::Old, Truth::New, Truth::Mixed, Truth::Unknown].map(Truth::word))
}

pub(super) fn exception_test(_: &mut SchemaGenerator) -> Schema {
    use ExceptionTest::{Failed, Missing, NotApplicable, Passed};
    words(&[Passed, Failed, Missing, NotApplicable].map(ExceptionTest::word))
}

pub(super) fn severity(_: &mut SchemaGenerator) -> Schema {
    words(&[Severity::Blocks, Severity::Withholds, Severity::Advises].map(Severity::word))
}

pub(super) fn silence(_: &mut SchemaGenerator) -> Schema {
    use SilenceState::{Active, NeverSeen, NotDue, Overdue, Silent, Unobservable};
    let all = [NeverSeen, Unobservable, Active, NotDue, Overdue, Silent];
    words_or_null(&all.map(SilenceState::word))
}

pub(super) fn action(_: &mut SchemaGenerator) -> Schema {
    use Action::{DeclareClass, FetchLog, FillIn, MoveToNew, RunOnce, Wait};
    let all = [MoveToNew, RunOnce, FetchLog, DeclareClass, FillIn, Wait];
    words(&all.map(Action::word))
}

pub(super) fn status(_: &mut SchemaGenerator) -> Schema {
    words(&[Status::Yes, Status::No, Status::Unknown].map(Status::word))
}

fn words(all: &[&str]) -> Schema {
    json_schema!({"type": "string", "enum": all})
}

fn words_or_null(all: &[&str]) -> Schema {
    let values: Vec<Option<&str>> = all.iter().copied().map(Some).chain([None]).collect();
    json_schema!({"type": ["string", "null"], "enum": values})
}
