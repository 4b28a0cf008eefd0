/*! Tables: sealed rows, their columns, SQL over them, and the bundle on disk. No other folder names polars. */

pub mod bundle;
mod bundle_tables;
mod continuity;
mod copies;
mod counter_starts;
mod counters;
mod dated_parts;
mod engine;
mod engine_error;
mod evidence;
mod fact_files;
mod footer;
mod job_ids;
mod line_file;
mod order;
pub mod part_files;
mod partials;
pub mod parts;
mod plain_table;
mod schema;
mod seal;
mod sealed;
mod series;
mod sessions;
mod stream_names;
mod streams;

pub use bundle_tables::{BundleTable, bundle_tables, evidence_sha256};
pub use engine::{Engine, write_new};
pub use engine_error::EngineError;
pub use evidence::{EVIDENCE_SCHEMA, PlanNames, evidence, evidence_by_id};
pub use fact_files::{FactFiles, FactsError};
pub use job_ids::is_made_unique;
pub use plain_table::{PlainTable, Values};
pub use seal::seal;
pub use sealed::{PresenceSpan, Sealed};
