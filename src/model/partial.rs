/*! What exports say themselves about records that they do not hold. */

use super::coverage::StreamId;
use super::place::Place;
use super::time::Timestamp;

/// Why an export is not whole, by its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartialKind {
    /// Its last page says that more pages follow.
    MorePages,
    /// It holds fewer records than it says were found.
    Limit,
    /// Records say that others were suppressed, dropped, truncated or lost.
    Lost,
}

/// One or several such statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// What they say.
    pub kind: PartialKind,
    /// The streams that lack records.
    pub streams: Vec<StreamId>,
    /// How many there are.
    pub count: u64,
    /// The first of them, with its time where it has one.
    pub first: (Option<Timestamp>, Place),
    /// The last of them.
    pub last: (Option<Timestamp>, Place),
}
