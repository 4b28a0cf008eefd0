/*! The written report, `holdover.report/1`: one set of types that are written, read again, and give the JSON Schema.
 *
 * `report::json` fills these types; `diff`, `verify` and `show` read them. A report may come from anybody and may have
 * been edited since, so [`read`] accepts it only if every key is there with the right type and the report does not
 * contradict itself: everything that follows from the rest of the report is derived again and compared.
 *
 * A key that is added later keeps the name of the schema. It is declared as [`Added`], so that older reports can still
 * be read, and [`Report::lacks`] names it if it is missing.
 */

mod added;
mod advice;
mod check;
mod class;
mod course;
mod during;
mod finding;
mod instant;
mod listed;
mod read;
mod report;
mod scalars;
mod schema;
mod texts;
mod who;
mod words;

pub use added::Added;
pub use advice::advice_schema;
pub use during::during_schema;
pub use read::{Unreadable, read};
pub use report::Report;
pub use scalars::NAME;
pub use schema::schema;
pub use who::who_schema;

pub(crate) use advice::{
    Advice, AdviceGroup, AdviceModel, AdviceMove, AdviceName, AdviceSplit, AdviceUnmarked,
};
pub(crate) use class::{
    Cadence, Chances, Class, CoveredLog, Events, Holder, HolderCounts, Instances, Layer, Layers,
    Outcomes, Share, Sides, Silence, WhyReady,
};
pub(crate) use course::{Broken, Known, KnownFinding, Milestone, Postmortem, Watch};
pub(crate) use during::{
    During, DuringAttempts, DuringBreaks, DuringFreeze, DuringInstance, DuringLeaked, DuringName,
};
pub(crate) use finding::{Finding, Numbers, Waived, Waiver};
pub(crate) use instant::Instant;
pub(crate) use listed::{Listed, Scanned};
pub(crate) use report::{
    Accounting, ChecklistItem, ClassMove, ContainmentStep, Coverage, Credential, Cutover, Earliest,
    Evidence, Input, Interval, MissingProof, PlanTerm, PlanTerms, Rotation, Tool, Undeclared,
};
pub(crate) use scalars::{Hints, Length, Limit, Limits, Real, SchemaName, Time};
pub(crate) use texts::is_digest;
pub(crate) use who::{
    Who, WhoHolder, WhoMany, WhoName, WhoNever, WhoRead, WhoSeen, WhoUnmapped, WhoUnread,
};
pub(crate) use words::Word;
