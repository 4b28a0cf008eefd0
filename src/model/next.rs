/*! What follows from a decision: what is to be done, what was done already, what to hold still meanwhile. */

use super::class::ClassId;
use super::place::At;

/// What somebody can do about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Give the class the new version, and run it once on it.
    MoveToNew,
    /// Run the class once on the new version.
    RunOnce,
    /// Bring the logs that would show it.
    FetchLog,
    /// Name the consumer in the plan.
    DeclareClass,
    /// Complete or correct the plan.
    FillIn,
    /// Let covered time pass.
    Wait,
}

impl Action {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::MoveToNew => "move-to-new",
            Self::RunOnce => "run-once",
            Self::FetchLog => "fetch-log",
            Self::DeclareClass => "declare-class",
            Self::FillIn => "fill-in",
            Self::Wait => "wait",
        }
    }
}

/// One action that is missing, and what it settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingProof {
    /// What to do.
    pub action: Action,
    /// For which class; none: for the rotation.
    pub class: Option<ClassId>,
    /// How, in a sentence.
    pub detail: String,
    /// The findings that it settles, as positions in the decision's list.
    pub settles: Vec<usize>,
}

/// Whether an item of the checklist is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Shown.
    Yes,
    /// Shown not to be.
    No,
    /// Nothing shows it either way.
    Unknown,
}

impl Status {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

/// One item of the checklist.
#[derive(Clone, Debug, PartialEq)]
pub struct ChecklistItem {
    /// Its id.
    pub item: &'static str,
    /// Is it done?
    pub status: Status,
    /// The records that say so.
    pub because: Vec<At>,
}

/// One step of containment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainmentStep {
    /// Its number; several things may be done in one step.
    pub step: u8,
    /// What to do.
    pub action: String,
    /// With which classes.
    pub classes: Vec<ClassId>,
}
