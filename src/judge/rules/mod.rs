/*! The rules, in the order of the report: each one file and one line in `RULES`. */

mod activity_collapse;
mod ambiguous_attribution;
mod blind_source;
mod boundary_job_failure;
mod cadence_mismatch;
mod coverage_hole;
mod damaged_input;
mod delayed_failure;
mod exception_path_failure;
mod exception_path_untested;
mod failure_rise;
mod fallback_degradation;
mod fallback_hides;
mod fallback_unconfirmed;
mod first_cycle_unseen;
mod immediate_failure;
mod incomplete_plan;
mod layer_contradiction;
pub(super) mod missing_success;
mod new_before_introduction;
mod no_evidence;
mod old_never_seen;
mod old_use_after_revocation;
mod old_use_in_window;
mod open_backlog;
mod permission_loss;
mod quality_drop;
mod rejected_records;
mod retry_untested;
mod silent_consumer;
mod split_brain;
mod stale_runtime;
mod undeclared_baseline;
mod undeclared_consumer;
mod unmapped_marker;
mod unseen_instances;
mod unversioned_evidence;
mod version_flap;
mod window_too_short;
mod wrong_place;
mod zone_assumed;

use super::case::Case;
use crate::model::ClassId;
use crate::model::finding::{Cites, Finding, Severity};

/// One condition under which the verdict changes.
pub trait Rule: Sync {
    /// Its name in reports, in kebab-case.
    fn code(&self) -> &'static str;

    /// What its findings do to the verdict.
    fn severity(&self) -> Severity;

    /// May a waiver take its findings out? What blocks may not, unless the rule says so.
    fn waivable(&self) -> bool {
        match self.severity() {
            Severity::Blocks => false,
            Severity::Withholds | Severity::Advises => true,
        }
    }

    /// What it finds, classes in the plan's order.
    fn fire(&self, case: &Case) -> Vec<Finding>;
}

/// All rules, in the order of the rule book.
pub const RULES: &[&dyn Rule] = &[
    // blocks
    &old_use_in_window::OldUseInWindow,
    &undeclared_consumer::UndeclaredConsumer,
    &immediate_failure::ImmediateFailure,
    &delayed_failure::DelayedFailure,
    &split_brain::SplitBrain,
    &version_flap::VersionFlap,
    &fallback_degradation::FallbackDegradation,
    &permission_loss::PermissionLoss,
    &exception_path_failure::ExceptionPathFailure,
    &boundary_job_failure::BoundaryJobFailure,
    &wrong_place::WrongPlace,
    &layer_contradiction::LayerContradiction,
    &old_use_after_revocation::OldUseAfterRevocation,
    // withholds
    &silent_consumer::SilentConsumer,
    &window_too_short::WindowTooShort,
    &coverage_hole::CoverageHole,
    &unversioned_evidence::UnversionedEvidence,
    &old_never_seen::OldNeverSeen,
    &undeclared_baseline::UndeclaredBaseline,
    &rejected_records::RejectedRecords,
    &unmapped_marker::UnmappedMarker,
    &damaged_input::DamagedInput,
    &ambiguous_attribution::AmbiguousAttribution,
    &exception_path_untested::ExceptionPathUntested,
    &fallback_unconfirmed::FallbackUnconfirmed,
    &stale_runtime::StaleRuntime,
    &activity_collapse::ActivityCollapse,
    &quality_drop::QualityDrop,
    &failure_rise::FailureRise,
    &unseen_instances::UnseenInstances,
    &open_backlog::OpenBacklog,
    &retry_untested::RetryUntested,
    &incomplete_plan::IncompletePlan,
    &first_cycle_unseen::FirstCycleUnseen,
    &no_evidence::NoEvidence,
    // advises
    &fallback_hides::FallbackHides,
    &new_before_introduction::NewBeforeIntroduction,
    &blind_source::BlindSource,
    &cadence_mismatch::CadenceMismatch,
    &zone_assumed::ZoneAssumed,
];

/// What a finding says and what to do about it.
pub(crate) struct Claim {
    /// One sentence.
    pub(crate) summary: String,
    /// What to do.
    pub(crate) remedy: String,
    /// What to open to check it.
    pub(crate) cites: Cites,
}

/// A finding of this rule. `total` counts what it cites; a rule with more than it cites sets it, and numbers
/// and hints, by `Finding { total, ..finding(..) }`.
pub(crate) fn finding(rule: &dyn Rule, class: Option<ClassId>, claim: Claim) -> Finding {
    Finding {
        rule: rule.code(),
        severity: rule.severity(),
        class,
        summary: claim.summary,
        remedy: claim.remedy,
        total: claim.cites.cited().len() as u64,
        cites: claim.cites,
        numbers: None,
        hints: Vec::new(),
        waivable: rule.waivable(),
        waived: None,
    }
}
