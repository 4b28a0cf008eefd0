/*! What the proof of a ready class is made of, for those who sign that the old version may go. */

use super::place::At;
use super::time::Duration;

/// How much of the window a log source of the class covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoveredLog {
    /// The name of the log source.
    pub stream: String,
    /// The logged part of the window, and when the log source need not record.
    pub covered: Duration,
}

/// What the proof of a ready class is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhyReady {
    /// The log sources that carry the class.
    pub logs: Vec<CoveredLog>,
    /// The length of the window.
    pub window: Duration,
    /// From how many runs before the change its rhythm was learned.
    pub runs: Option<u64>,
    /// From how many gaps between these.
    pub gaps: Option<u64>,
    /// The independent occasions since the last old use on which it used the new version.
    pub chances: u64,
    /// The rows that show it, in order of time.
    pub rows: Vec<At>,
}
