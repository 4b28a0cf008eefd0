/*! What changed between two reports, and whether a reader must look twice before the newer one is believed. */

use std::fmt::Display;

use super::time::Timestamp;
use super::verdict::Verdict;

/// What a change is about, in the order in which changes are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The verdict of the rotation, and the earliest time of a revocation.
    Verdict,
    /// A class of the ledger.
    Class,
    /// A finding, with its severity and its count.
    Finding,
    /// A consumer that the plan does not name.
    Undeclared,
    /// A waiver of the plan, its end and its effect.
    Waiver,
    /// What the report was made with: its time, window, limits, mode and program.
    Terms,
    /// What the report shows of the plan.
    Plan,
    /// When the log sources recorded.
    Coverage,
    /// The inputs: their paths, digests and what was read.
    Input,
}

impl Topic {
    /// All topics in their order.
    pub const ALL: [Self; 9] = [
        Self::Verdict,
        Self::Class,
        Self::Finding,
        Self::Undeclared,
        Self::Waiver,
        Self::Terms,
        Self::Plan,
        Self::Coverage,
        Self::Input,
    ];

    /// The word in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Class => "class",
            Self::Finding => "finding",
            Self::Undeclared => "undeclared",
            Self::Waiver => "waiver",
            Self::Terms => "terms",
            Self::Plan => "plan",
            Self::Coverage => "coverage",
            Self::Input => "input",
        }
    }
}

/// Whether a change makes a revocation safer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It is a reason not to revoke.
    Worse,
    /// It brings the revocation nearer.
    Better,
    /// It changes nothing about the risk.
    Neutral,
}

impl Effect {
    /// The word in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Better => "better",
            Self::Neutral => "neutral",
        }
    }
}

/// A value of one of the reports: numbers and lengths of time are written in one way for people, in another for
/// programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// For people: `1,500`, `3 h 20 min`.
    pub text: String,
    /// For programs: `1500`, `3h20m`.
    pub machine: String,
}

impl<T: Display> From<T> for Value {
    fn from(value: T) -> Self {
        let text = value.to_string();
        Self { machine: text.clone(), text }
    }
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The part of the report that changed.
    pub topic: Topic,
    /// The name of the class, rule, log source, file or key of the plan.
    pub subject: String,
    /// Whether the change makes a revocation safer.
    pub effect: Effect,
    /// Could the change alone have made a verdict better, although no consumer moved?
    pub weakens: bool,
    /// The value in the older report, if any.
    pub before: Option<Value>,
    /// The value in the newer report, if any.
    pub after: Option<Value>,
    /// What the change means, in a sentence.
    pub means: String,
}

impl Change {
    /// A neutral change from one value to another; either may be missing.
    pub fn new(
        topic: Topic,
        subject: impl Into<String>,
        before: Option<Value>,
        after: Option<Value>,
        means: impl Into<String>,
    ) -> Self {
        Self {
            topic,
            subject: subject.into(),
            effect: Effect::Neutral,
            weakens: false,
            before,
            after,
            means: means.into(),
        }
    }

    /// Sets the effect.
    #[must_use]
    pub fn with(self, effect: Effect) -> Self {
        Self { effect, ..self }
    }

    /// Marks a change that could have made a verdict better on its own.
    #[must_use]
    pub fn weakening(self) -> Self {
        Self { weakens: true, ..self }
    }
}

/// One of the two reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// May the old version be revoked?
    pub verdict: Verdict,
    /// The time for which the report was made.
    pub as_of: Timestamp,
    /// Its verdict in a sentence.
    pub summary: String,
}

/// Everything that changed between two reports of one credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The credential of both reports.
    pub credential: String,
    /// Its old versions, as the newer report names them.
    pub old_versions: Vec<String>,
    /// The older report.
    pub before: Side,
    /// The newer one.
    pub after: Side,
    /// What changed, by topic; within a topic what weakens first, then by effect.
    pub changes: Vec<Change>,
    /// Did the verdict of the rotation, or of any class, get better?
    pub improved: bool,
    /// Names of the plan, which are shown as they are.
    pub own_words: Vec<String>,
}

impl Changes {
    /// What a reader must look at before the newer report is believed. There is nothing to look at if no verdict got
    /// better and the newer report is not ready.
    pub fn warnings(&self) -> impl Iterator<Item = &Change> {
        let applies = self.improved || self.after.verdict == Verdict::Ready;
        self.changes.iter().filter(move |change| applies && change.weakens)
    }

    /// Whether the verdict of the rotation got better or worse.
    pub fn direction(&self) -> Effect {
        match self.after.verdict.cmp(&self.before.verdict) {
            std::cmp::Ordering::Less => Effect::Better,
            std::cmp::Ordering::Equal => Effect::Neutral,
            std::cmp::Ordering::Greater => Effect::Worse,
        }
    }
}
