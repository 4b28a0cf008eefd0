/*! The written report, `holdover.report/1`: one set of types that are written, read again, and give the JSON Schema.
 *
 * `report::json` fills these types; `diff`, `verify` and `show` read them. A report may come from anybody and may have
 * been edited since, so [`read`] takes it only if it has every key of the right type and does not contradict itself:
 * whatever can be worked out from the report alone is worked out again.
 *
 * A key that is added later keeps the name of the schema. It is declared as [`Added`], so that older reports can still
 * be read, and [`Report::lacks`] names it where it is not there.
 */

mod added;
mod check;
mod class;
mod course;
mod finding;
mod instant;
mod read;
mod report;
mod scalars;
mod schema;
mod texts;
mod words;

pub use added::Added;
pub use read::{Unreadable, read};
pub use report::Report;
pub use scalars::NAME;
pub use schema::schema;

pub(crate) use class::{
    Cadence, Chances, Class, Events, Instances, Layer, Layers, Outcomes, Share, Sides, Silence,
};
pub(crate) use course::{Broken, Known, KnownFinding, Milestone, Postmortem, Watch};
pub(crate) use finding::{Finding, Numbers, Waived, Waiver};
pub(crate) use instant::Instant;
pub(crate) use report::{
    Accounting, ChecklistItem, ContainmentStep, Coverage, Credential, Earliest, Evidence, Input,
    Interval, MissingProof, Rotation, Tool, Undeclared,
};
pub(crate) use scalars::{Hints, Length, Limit, Limits, Real, SchemaName, Time};
pub(crate) use words::Word;
