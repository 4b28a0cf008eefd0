/*! Decides from exported logs whether an old credential may be revoked, and shows who still uses it.
 *
 * Every claim of a report cites records. They go through the modules in this order:
 *
 * ```text
 * walk -> open -> frame -> decode -> map -> attribute -> evidence -> facts -> ledger -> findings -> verdict -> report
 * ```
 *
 * The modules are listed by layer: each imports only from those above it (see ARCHITECTURE.md).
 */

pub mod limits;
pub mod model;

pub mod diag;
pub mod safe;
pub mod wire;
pub mod wording;

pub mod plan;
pub mod profile;

pub mod ingest;

pub mod map;

pub mod attribute;

pub mod scan;

pub mod discover;
pub mod table;

pub mod diff;
pub mod facts;
pub mod judge;
pub mod quote;
pub mod report;
pub mod verify;

pub mod query;

pub mod pipeline;

pub mod cli;
