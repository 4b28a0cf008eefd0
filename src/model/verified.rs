/*! Does a report still hold? What was found when it was compared with the exports as they are now. */

use super::decision::Verdict;
use super::time::Timestamp;

/// The inputs of a report against those that there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// How many are there with the digest that the report names.
    pub unchanged: u64,
    /// Those whose bytes are others now.
    pub changed: Vec<String>,
    /// Those that are not there.
    pub missing: Vec<String>,
    /// Those of which the report knows nothing.
    pub new: Vec<String>,
    /// Those for which the report names no digest, or that cannot be had again.
    pub unverifiable: Vec<String>,
    /// Those that cannot be read now.
    pub unread: Vec<String>,
}

/// A use of an old version that the report does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldUse {
    /// When it happened.
    pub time: Timestamp,
    /// The class; none: nobody declared it.
    pub class: Option<String>,
    /// The path of its input.
    pub input: String,
    /// Its record.
    pub record: u64,
}

/// The search for old use that the report does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// Nothing was there that the report does not know.
    NotNeeded,
    /// There was no plan to tell old use by.
    NoPlan,
    /// The exports were read again.
    Done {
        /// How many such uses.
        total: u64,
        /// The latest of them, the last first.
        uses: Vec<OldUse>,
        /// What a report over the exports as they are now says.
        verdict: Verdict,
    },
}

/// What verifying a report told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The instant that the report speaks of.
    pub as_of: Timestamp,
    /// The instant at which it is asked.
    pub now: Timestamp,
    /// What it says.
    pub verdict: Verdict,
    /// Until when it may be relied on, and why no longer.
    pub expires: (Timestamp, String),
    /// Its inputs.
    pub inputs: Compared,
    /// Is the plan another one than it was made with?
    pub plan_changed: bool,
    /// Waivers that it rests on and that have ended: rule, class, end.
    pub ended: Vec<(String, Option<String>, Timestamp)>,
    /// Old use that it does not know.
    pub search: Search,
    /// Why it no longer holds; none: it holds.
    pub reasons: Vec<String>,
}

impl Verified {
    /// Does it hold?
    pub fn holds(&self) -> bool {
        self.reasons.is_empty()
    }

    /// How many uses of an old version it does not know.
    pub fn newer_old_uses(&self) -> u64 {
        match self.search {
            Search::Done { total, .. } => total,
            Search::NotNeeded | Search::NoPlan => 0,
        }
    }
}
