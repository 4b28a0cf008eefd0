/*! holdover: may the old credential be revoked, and if not, who still holds on to it?
 *
 * Exported logs go in, a decision comes out whose every claim points at records:
 *
 * ```text
 * walk -> open -> frame -> decode -> map -> attribute -> evidence -> facts -> ledger -> findings -> verdict -> report
 * ```
 *
 * The modules stand in the order of their layers: each imports only those above it (see ARCHITECTURE.md).
 */

pub mod limits;
pub mod model;

pub mod diag;
pub mod safe;
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
pub mod judge;
pub mod query;
pub mod quote;
pub mod report;

pub mod pipeline;

pub mod cli;
