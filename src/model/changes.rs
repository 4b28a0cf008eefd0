/*! What changed between two reports, and what each change means for the decision. */

use super::decision::Verdict;
use super::time::Timestamp;

/// What a change is about, in the order in which changes are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The verdict of the rotation.
    Verdict,
    /// A consumer class.
    Class,
    /// A finding.
    Finding,
    /// A consumer that no class matches.
    Undeclared,
    /// A waiver.
    Waiver,
    /// Instants and measures: as of, window, limits, the version of the program.
    Terms,
    /// What the report shows of the plan.
    Plan,
    /// A stream and its holes.
    Coverage,
    /// An input, or the sums over all.
    Input,
}

impl Topic {
    /// All, in order.
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

/// Does a change speak for a revocation, or against it?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Against it.
    Worse,
    /// For it.
    Better,
    /// Neither.
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

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub topic: Topic,
    /// Which: a class, a rule, a stream, a file, a word of the plan.
    pub subject: String,
    /// For or against a revocation.
    pub effect: Effect,
    /// Could it alone have made a verdict better, without any consumer having moved?
    pub weakens: bool,
    /// What the older report says; none where it says nothing.
    pub before: Option<String>,
    /// What the newer one says.
    pub after: Option<String>,
    /// What that means, in a sentence.
    pub means: String,
}

/// One of the two reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its verdict.
    pub verdict: Verdict,
    /// The instant it speaks of.
    pub as_of: Timestamp,
    /// Its sentence.
    pub summary: String,
}

/// All that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The credential both speak of.
    pub credential: String,
    /// Its old versions, as the newer report names them.
    pub old_versions: Vec<String>,
    /// The older report.
    pub before: Side,
    /// The newer one.
    pub after: Side,
    /// What changed, by topic; within it what weakens first, then by effect.
    pub changes: Vec<Change>,
    /// Did the verdict of the rotation or of a class get better?
    pub improved: bool,
}

impl Changes {
    /// What the reader must look at before the better verdict is believed: nothing where no verdict got better and the
    /// newer one is not ready.
    pub fn warnings(&self) -> impl Iterator<Item = &Change> {
        let counts = self.improved || self.after.verdict == Verdict::Ready;
        self.changes.iter().filter(move |change| counts && change.weakens)
    }

    /// Which way the verdict of the rotation went.
    pub fn direction(&self) -> Effect {
        match self.after.verdict.cmp(&self.before.verdict) {
            std::cmp::Ordering::Less => Effect::Better,
            std::cmp::Ordering::Equal => Effect::Neutral,
            std::cmp::Ordering::Greater => Effect::Worse,
        }
    }
}
