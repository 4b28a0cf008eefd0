/*! What follows from a decision: what to do, what is done already, and what to stop meanwhile. */

use super::class::ClassId;
use super::place::At;

/// What somebody can do about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Move the class to the new version, and run it once.
    MoveToNew,
    /// Run the class once on the new version.
    RunOnce,
    /// Fetch the logs that would show it.
    FetchLog,
    /// Name the consumer in the plan.
    DeclareClass,
    /// Complete or correct the plan.
    FillIn,
    /// Wait while logs are kept.
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

/// An action that is still needed, and the findings that it resolves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingProof {
    /// The kind of action.
    pub action: Action,
    /// The class; `None` for the rotation.
    pub class: Option<ClassId>,
    /// How to do it, in a sentence.
    pub detail: String,
    /// The findings that no longer fire afterwards, as positions in the decision's list.
    pub settles: Vec<usize>,
}

/// Whether an item of the checklist is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Evidence shows that it is done.
    Yes,
    /// Evidence shows that it is not done.
    No,
    /// No evidence shows whether it is done.
    Unknown,
    /// The rotation has nothing that it is about.
    NotApplicable,
}

impl Status {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// The items of the checklist before a revocation.
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
    /// No consumer used the old version in the window.
    NoOldUseInWindow,
    /// The plan says how to roll back.
    RollbackDefined,
    /// A retry has worked on the new version.
    RetryPathTested,
    /// The work that was queued before the change is done, or the plan says what happens to it.
    BacklogReviewed,
}

impl Item {
    /// All items, in the order of the checklist.
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
    /// The item of the list.
    pub item: Item,
    /// Is it done?
    pub status: Status,
    /// The rows that show the answer.
    pub because: Vec<At>,
}

/// What to do so that consumers on different versions do no harm to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainmentStep {
    /// The number of the step. Several actions may share it.
    pub step: u8,
    /// The action, in words.
    pub action: String,
    /// The classes that it concerns.
    pub classes: Vec<ClassId>,
}
