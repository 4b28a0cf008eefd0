/*! The rules, in the order of the report. A rule is one value: it holds all that depends on which rule it is.
 *
 * To add one, write its file with its tests and one line in the table below. The table is a macro that also declares the
 * modules, so `cargo fmt` does not look into the files of rules: `.ci/run` formats them by name.
 */

use super::case::Case;
use super::class::ClassCase;
use crate::model::ClassId;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::{Action, Item};

pub(super) mod missing_success;

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
    undeclared_consumer,
    immediate_failure,
    delayed_failure,
    split_brain,
    version_flap,
    fallback_degradation,
    permission_loss,
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
    rejected_records,
    unmapped_marker,
    damaged_input,
    ambiguous_attribution,
    exception_path_untested,
    fallback_unconfirmed,
    stale_runtime,
    activity_collapse,
    quality_drop,
    failure_rise,
    unseen_instances,
    open_backlog,
    retry_untested,
    incomplete_plan,
    first_cycle_unseen,
    no_evidence,
    // advises
    fallback_hides,
    new_before_introduction,
    blind_source,
    cadence_mismatch,
    zone_assumed,
];

/// One condition under which the verdict changes.
#[derive(Debug)]
pub struct Rule {
    /// Its name in reports.
    pub code: Code,
    /// What its findings do to the verdict.
    pub severity: Severity,
    /// How a waiver may take its findings out of the verdict.
    pub waivable: Waivable,
    /// The action after which a finding of it is gone.
    pub settled_by: SettledBy,
    /// Whether a finding of it goes away when only time passes.
    pub passes: Passes,
    /// The items of the checklist that a finding of it answers with no.
    pub answers: &'static [Item],
    /// Where it fires, old use may have gone unseen: its absence proves nothing.
    pub blinds: bool,
    /// What it finds, classes in the plan's order.
    pub fire: fn(&Rule, &Case) -> Vec<Finding>,
}

/// The action after which a finding is gone.
#[derive(Clone, Copy, Debug)]
pub enum SettledBy {
    /// A rule that advises keeps no verdict from ready.
    Nothing,
    /// The same action for each finding.
    Action(Action),
    /// The state of the class decides.
    OfClass(fn(&ClassCase) -> Action),
}

/// Whether a finding goes away when only time passes.
#[derive(Clone, Copy, Debug)]
pub enum Passes {
    /// Somebody has to act.
    Never,
    /// It goes when the class has been silent for as long as it must be.
    WithSilence,
    /// It goes when the class has been silent for twice as long as it must be.
    WithTwiceTheSilence,
    /// The state of the class decides.
    If(fn(&Case, &ClassCase) -> bool),
}

/// What a finding says and what to do about it.
pub(crate) struct Claim {
    /// One sentence.
    pub(crate) summary: String,
    /// What to do.
    pub(crate) remedy: String,
    /// What to open to check it.
    pub(crate) cites: Cites,
}

/// The rule of that code.
///
/// # Panics
/// If no rule has it: findings are made by rules alone.
pub fn of(code: Code) -> &'static Rule {
    RULES.iter().find(|rule| rule.code == code).expect("a finding is made by a rule of the table")
}

impl Rule {
    /// A finding of this rule. `total` counts what it cites; a rule with more than it cites sets it, and numbers
    /// and hints, by `Finding { total, ..rule.finding(..) }`.
    pub(crate) fn finding(&self, class: Option<ClassId>, claim: Claim) -> Finding {
        Finding {
            rule: self.code,
            severity: self.severity,
            class,
            summary: claim.summary,
            remedy: claim.remedy,
            total: claim.cites.cited().len() as u64,
            cites: claim.cites,
            numbers: None,
            hints: Vec::new(),
            waivable: self.waivable,
            waived: None,
        }
    }

    /// The action that settles a finding of this rule; none where it keeps no verdict from ready.
    pub(crate) fn action(&self, class: Option<&ClassCase>) -> Option<Action> {
        match self.settled_by {
            SettledBy::Nothing => None,
            SettledBy::Action(action) => Some(action),
            SettledBy::OfClass(action) => class.map(action),
        }
    }

    /// Does a finding of this rule go away when only time passes?
    pub(crate) fn passes(&self, case: &Case, class: Option<&ClassCase>) -> bool {
        match self.passes {
            Passes::Never => false,
            Passes::WithSilence | Passes::WithTwiceTheSilence => true,
            Passes::If(passes) => class.is_some_and(|class| passes(case, class)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_a_verdict_from_ready_can_be_settled() {
        for rule in RULES {
            let is_advice = rule.severity == Severity::Advises;
            let has_no_action = matches!(rule.settled_by, SettledBy::Nothing);
            assert_eq!(is_advice, has_no_action, "{}", rule.code);
        }
    }

    #[test]
    fn rules_stand_by_severity_and_no_two_share_a_code() {
        assert!(RULES.is_sorted_by_key(|rule| rule.severity));
        for rule in RULES {
            assert!(std::ptr::eq(of(rule.code), *rule), "{}", rule.code);
        }
    }
}
