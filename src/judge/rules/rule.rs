/*! A rule as a value: what its findings do to the verdict, what settles them, and how it fires. */

use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::ClassId;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::{Action, Item};

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
