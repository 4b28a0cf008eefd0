/*! What the numbers of a source count: of metrics, a record is a sample, and what happened is what it grew by. */

use super::When;

/// How samples are read.
#[derive(Clone, Debug, Default)]
pub struct Counter {
    /// Pointers to the number; the first that is present counts.
    pub value: Vec<String>,
    /// Pointers to all that tells one series from another.
    pub series: Vec<String>,
    /// Pointers to the time since when it counts.
    pub since: Vec<String>,
    /// Where one of these holds, the number is a sum that grows.
    pub total: Vec<When>,
    /// Where one of these holds, it is what happened since that time.
    pub delta: Vec<When>,
    /// Where one of these holds, it is a state and counts nothing.
    pub state: Vec<When>,
}

impl Counter {
    /// Every pointer that it reads.
    pub(super) fn pointers(&self) -> impl Iterator<Item = &String> {
        let conditions = self.total.iter().chain(&self.delta).chain(&self.state);
        let named = self.value.iter().chain(&self.series).chain(&self.since);
        named.chain(conditions.flatten().map(|(pointer, _)| pointer))
    }
}
