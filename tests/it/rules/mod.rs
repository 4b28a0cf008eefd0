/*! One file per rule: it fires, it stays silent, its boundary instant, the row it cites. */

pub(crate) mod build;
pub(crate) mod parts;

mod ambiguous_attribution;
mod blind_source;
mod cadence_mismatch;
mod coverage_hole;
mod damaged_input;
mod delayed_failure;
mod exception_path_failure;
mod exception_path_untested;
mod fallback_degradation;
mod fallback_hides;
mod fallback_unconfirmed;
mod first_cycle_unseen;
mod immediate_failure;
mod incomplete_plan;
mod layer_contradiction;
mod new_before_introduction;
mod no_evidence;
mod old_never_seen;
mod old_use_after_revocation;
mod old_use_in_window;
mod permission_loss;
mod rejected_records;
mod silent_consumer;
mod split_brain;
mod stale_runtime;
mod undeclared_baseline;
mod undeclared_consumer;
mod unmapped_marker;
mod unversioned_evidence;
mod version_flap;
mod window_too_short;
mod zone_assumed;
