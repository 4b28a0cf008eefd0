/*! A rule as a value: what its findings do to the verdict, what resolves them, and how it fires. */

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
    /// The action that resolves its findings.
    pub settled_by: SettledBy,
    /// Whether waiting resolves its findings.
    pub passes: Passes,
    /// The checklist items that its findings answer with no.
    pub answers: &'static [Item],
    /// If it fires, old use may have gone unseen, so that its absence proves nothing.
    pub blinds: bool,
    /// Finds what there is to find, in the plan's order of classes.
    pub fire: fn(&Rule, &Case) -> Vec<Finding>,
}

/// The action that resolves a finding.
#[derive(Clone, Copy, Debug)]
pub enum SettledBy {
    /// Nothing has to be done: an advice does not keep the verdict from ready.
    Nothing,
    /// The same action for each finding.
    Action(Action),
    /// The state of the class decides.
    OfClass(fn(&ClassCase) -> Action),
    /// One action for a class, another for the rotation.
    OfEither {
        /// For a finding about a class.
        class: Action,
        /// For a finding about the rotation.
        rotation: Action,
    },
}

/// Whether waiting resolves a finding.
#[derive(Clone, Copy, Debug)]
pub enum Passes {
    /// Somebody has to act.
    Never,
    /// It does when the class has been silent for as long as it must be.
    WithSilence,
    /// It does when the class has been silent for twice as long as it must be.
    WithTwiceTheSilence,
    /// It does at the instant that the finding names, if it names one.
    OfFinding,
    /// The state of the class decides.
    If(fn(&Case, &ClassCase) -> bool),
}

/// What a finding says and what to do about it.
pub(crate) struct Claim {
    pub(crate) summary: String,
    pub(crate) remedy: String,
    /// What a reader opens to check the claim.
    pub(crate) cites: Cites,
}

impl Rule {
    /// A finding of this rule. `total` is the number of its citations. A rule that knows more sets `total`, `numbers`
    /// or `hints` by `Finding { total, ..rule.finding(..) }`.
    pub(crate) fn finding(&self, class: Option<ClassId>, claim: Claim) -> Finding {
        Finding {
            rule: self.code,
            severity: self.severity,
            class,
            summary: claim.summary,
            remedy: claim.remedy,
            asks_to_move: false,
            total: claim.cites.cited().len() as u64,
            cites: claim.cites,
            numbers: None,
            hints: Vec::new(),
            ends: None,
            waivable: self.waivable,
            waived: None,
        }
    }

    /// The action that resolves a finding of this rule. `None` if the rule only advises.
    pub(crate) fn action(&self, class: Option<&ClassCase>) -> Option<Action> {
        match self.settled_by {
            SettledBy::Nothing => None,
            SettledBy::Action(action) => Some(action),
            SettledBy::OfClass(action) => class.map(action),
            SettledBy::OfEither { class: of_class, rotation } => {
                Some(if class.is_some() { of_class } else { rotation })
            }
        }
    }

    /// Does waiting resolve this finding of the rule?
    pub(crate) fn passes(&self, case: &Case, finding: &Finding) -> bool {
        let class = finding.class.map(|id| case.class(id));
        match self.passes {
            Passes::Never => false,
            Passes::OfFinding => finding.ends.is_some(),
            Passes::WithSilence | Passes::WithTwiceTheSilence => true,
            Passes::If(passes) => class.is_some_and(|class| passes(case, class)),
        }
    }
}
