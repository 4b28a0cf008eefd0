/*! The rules, in the order of the report. A rule is one value with everything that depends on the rule.
 *
 * To add one, write its file with its tests and one line in the table below. The table is a macro that also declares
 * the modules, and `cargo fmt` does not see modules that a macro declares: `.ci/run` formats their files by name.
 */

pub(super) mod missing_success;
mod rule;

pub use rule::{Passes, Rule, SettledBy};

use rule::Claim;

use crate::model::finding::Code;

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(pub mod $name;)*

        /// All rules, in the order of reports.
        pub static RULES: &[&Rule] = &[$(&$name::RULE),*];
    };
}

rules![
    // blocks
    old_use_in_window,
    old_read_in_window,
    undeclared_consumer,
    immediate_failure,
    refusal_rise,
    delayed_failure,
    split_brain,
    version_flap,
    fallback_degradation,
    permission_loss,
    ack_without_work,
    exception_path_failure,
    boundary_job_failure,
    wrong_place,
    layer_contradiction,
    old_use_after_revocation,
    // withholds
    silent_consumer,
    window_too_short,
    coverage_hole,
    unversioned_evidence,
    old_never_seen,
    undeclared_baseline,
    sampled_source,
    mapping_gap,
    partial_export,
    sequence_gap,
    open_session,
    rejected_records,
    unmapped_marker,
    marker_spelling,
    damaged_input,
    ambiguous_attribution,
    exception_path_untested,
    fallback_unconfirmed,
    stale_runtime,
    activity_collapse,
    quality_drop,
    failure_rise,
    unmoved_holder,
    open_backlog,
    retry_untested,
    incomplete_plan,
    first_cycle_unseen,
    no_evidence,
    // advises
    model_mismatch,
    overlong_dual_validity,
    overloaded_credential,
    unknown_truth_share,
    critical_rare_path,
    fallback_hides,
    unowned_boundary,
    slot_hazard,
    new_before_introduction,
    blind_source,
    clock_skew,
    cadence_mismatch,
    duplicate_records,
    zone_assumed,
    undeclared_new,
];

/// The rule with this code.
///
/// # Panics
/// If no rule has this code. Only rules make findings, so each code of a finding has its rule.
pub fn of(code: Code) -> &'static Rule {
    RULES.iter().find(|rule| rule.code == code).expect("a finding is made by a rule of the table")
}

#[cfg(test)]
mod tests;
