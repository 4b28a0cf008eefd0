/*! Reads of the old version by somebody whom the plan does not name. */

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
