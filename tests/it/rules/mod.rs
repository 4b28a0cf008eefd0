/*! One file per rule: it fires, it stays silent, its boundary instant, the row it cites. */

pub(crate) mod build;
pub(crate) mod parts;

mod ambiguous_attribution;
mod coverage_hole;
mod damaged_input;
mod exception_path_untested;
mod fallback_unconfirmed;
mod incomplete_plan;
mod no_evidence;
mod old_never_seen;
mod rejected_records;
mod silent_consumer;
mod stale_runtime;
mod undeclared_baseline;
mod unmapped_marker;
mod unversioned_evidence;
mod window_too_short;
