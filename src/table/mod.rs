/*! Tables: sealed rows, their columns, SQL over them, and the bundle on disk. No other folder names polars. */

pub mod bundle;
mod bundle_tables;
mod counters;
mod engine;
mod evidence;
mod order;
pub mod parts;
mod plain_table;
mod schema;
mod seal;
mod series;
mod streams;

pub use bundle_tables::{BundleTable, bundle_tables};
pub use engine::{Engine, EngineError, write_new};
pub use evidence::{EVIDENCE_SCHEMA, PlanNames, evidence, evidence_by_id};
pub use plain_table::{PlainTable, Values};
pub use seal::{PresenceSpan, Sealed, seal};
