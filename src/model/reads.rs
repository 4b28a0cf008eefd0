/*! What somebody does whom the plan does not name: reads of the old version, uses of the new one. */

use std::collections::BTreeSet;
use std::sync::Arc;

use super::coverage::StreamId;
use super::place::At;
use super::time::Span;

/// Reads of an old version that no class matches, grouped by their hints.
#[derive(Clone, Debug, Default)]
pub struct UndeclaredReader {
    /// Column and value of each hint that the rows share.
    pub hints: Vec<(&'static str, Arc<str>)>,
    /// The number of reads at or after `T0`.
    pub since: u64,
    /// The first of these.
    pub first: Option<At>,
    /// The last of these.
    pub last: Option<At>,
    /// All reads, also from before the change: from the first to the last of each hour, in order of time.
    pub hours: Vec<Span>,
    /// The log sources that hold them.
    pub streams: BTreeSet<StreamId>,
}

/// Use of a new version that no class matches, grouped by its hints.
#[derive(Clone, Debug)]
pub struct UndeclaredNew {
    /// Column and value of each hint that the rows share.
    pub hints: Vec<(&'static str, Arc<str>)>,
    /// The number of uses.
    pub events: u64,
    /// The first of them.
    pub first: At,
    /// The last of them.
    pub last: At,
}
