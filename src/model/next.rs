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

/// What the checklist before a revocation asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Each direct class has an owner.
    DirectConsumersOwned,
    /// Each class that runs rarely has a fresh success.
    LowFrequencyExercised,
    /// Each process that keeps the value it read was restarted or refreshed.
    LongLivedRestarted,
    /// Each class has a fresh success.
    FreshSuccessEachClass,
    /// Each exception path has worked on the new version.
    ExceptionPathTested,
    /// Each fallback has worked, or is switched off.
    FallbackConfirmedOrDisabled,
    /// Nobody uses the old version any more.
    NoOldUseInWindow,
    /// The plan says how to go back.
    RollbackDefined,
    /// A retry has worked on the new version.
    RetryPathTested,
    /// The work that was queued before the change is done, or the plan says what becomes of it.
    BacklogReviewed,
}

impl Item {
    /// All of them, in the order of the checklist.
    pub const ALL: [Self; 10] = [
        Self::DirectConsumersOwned,
        Self::LowFrequencyExercised,
        Self::LongLivedRestarted,
        Self::FreshSuccessEachClass,
        Self::ExceptionPathTested,
        Self::FallbackConfirmedOrDisabled,
        Self::NoOldUseInWindow,
        Self::RollbackDefined,
        Self::RetryPathTested,
        Self::BacklogReviewed,
    ];

    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::DirectConsumersOwned => "direct-consumers-owned",
            Self::LowFrequencyExercised => "low-frequency-exercised",
            Self::LongLivedRestarted => "long-lived-restarted",
            Self::FreshSuccessEachClass => "fresh-success-each-class",
            Self::ExceptionPathTested => "exception-path-tested",
            Self::FallbackConfirmedOrDisabled => "fallback-confirmed-or-disabled",
            Self::NoOldUseInWindow => "no-old-use-in-window",
            Self::RollbackDefined => "rollback-defined",
            Self::RetryPathTested => "retry-path-tested",
            Self::BacklogReviewed => "backlog-reviewed",
        }
    }
}

/// An item of the checklist with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ChecklistItem {
    /// What it asks.
    pub item: Item,
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
