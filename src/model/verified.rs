/*! Whether a report still holds: the result of comparing it with the exports of today. */

use super::time::Timestamp;
use super::verdict::Verdict;

/// The inputs of a report against the files of today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// The number of inputs that still have the digest that the report names.
    pub unchanged: u64,
    /// Inputs whose bytes are different now.
    pub changed: Vec<String>,
    /// Inputs that no longer exist.
    pub missing: Vec<String>,
    /// Files that the report does not know.
    pub new: Vec<String>,
    /// Inputs for which the report has no digest, or that cannot be read a second time.
    pub unverifiable: Vec<String>,
    /// Files that cannot be read now, each with the cause.
    pub unread: Vec<String>,
}

/// A use of an old version that the report does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldUse {
    /// When it happened.
    pub time: Timestamp,
    /// The class, or none if no class of the plan matches.
    pub class: Option<String>,
    /// The path of its input.
    pub input: String,
    /// The number of its record.
    pub record: u64,
}

/// The verdicts of a report that is made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remade {
    /// The verdict of the rotation.
    pub verdict: Verdict,
    /// Each class by its name as reports show it, with its verdict.
    pub classes: Vec<(String, Verdict)>,
}

/// The report made again, and the search for old use that it does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// Without a plan, nothing can be made again, and old use cannot be told from new.
    NoPlan,
    /// Neither exports were given nor scans of them kept.
    NoRecords,
    /// No exports were given. The report was made again from the scans that the bundle keeps.
    Kept(Remade),
    /// The exports were read again.
    Done {
        /// The number of uses that the report does not know.
        total: u64,
        /// The latest of them, the last first.
        uses: Vec<OldUse>,
        /// What a report over the exports as they are now says.
        remade: Remade,
    },
}

impl Search {
    /// The verdicts of the report that was made again.
    pub fn remade(&self) -> Option<&Remade> {
        match self {
            Self::NoPlan | Self::NoRecords => None,
            Self::Kept(remade) | Self::Done { remade, .. } => Some(remade),
        }
    }
}

/// Whether a report still holds, and everything that was compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The time for which the report was made.
    pub as_of: Timestamp,
    /// The time at which the question is asked.
    pub now: Timestamp,
    /// The verdict of the report.
    pub verdict: Verdict,
    /// Until when the report may be relied on, and why not longer.
    pub expires: (Timestamp, String),
    /// The inputs of the report, compared with the files of today.
    pub inputs: Compared,
    /// Has the plan changed since the report was made?
    pub plan_changed: bool,
    /// Does the report not say with which plan it was made?
    pub plan_unknown: bool,
    /// Waivers that carry the verdict and have ended: rule, class, end.
    pub ended: Vec<(String, Option<String>, Timestamp)>,
    /// The search for old use that it does not know.
    pub search: Search,
    /// The paths that were read because the bundle names them; none if paths were given.
    pub named: Vec<String>,
    /// Why it no longer holds.
    pub reasons: Vec<String>,
    /// What could not be checked.
    pub unchecked: Vec<String>,
}

impl Verified {
    /// Does the report still hold? Only if everything was checked and nothing speaks against it.
    pub fn holds(&self) -> bool {
        self.reasons.is_empty() && self.unchecked.is_empty()
    }

    /// How many uses of an old version the report does not know.
    pub fn newer_old_uses(&self) -> u64 {
        match self.search {
            Search::Done { total, .. } => total,
            Search::NoPlan | Search::NoRecords | Search::Kept(_) => 0,
        }
    }
}
