/*! Tables: sealed rows, their columns, SQL over them, and the bundle on disk. The only folder that names polars. */

pub mod bundle;
mod counters;
mod engine;
mod evidence;
mod grid;
mod order;
pub mod parts;
mod schema;
mod seal;
mod series;
mod streams;

pub use engine::{Engine, EngineError, write_new};
pub use evidence::{EVIDENCE_SCHEMA, Names, companions, evidence};
pub use grid::{Grid, Values};

pub use crate::scan::{Row, text_slot};
pub use seal::{Sealed, Seen, seal};
