/*! What the numbers of a metrics source count. A record is a sample, and the evidence is by how much a number grew. */

use super::condition::Conditions;

/// How samples are read.
#[derive(Clone, Debug, Default)]
pub struct CounterRule {
    /// Pointers of the number. The first that is present counts.
    pub value: Vec<String>,
    /// Pointers of everything that tells one series from another.
    pub series: Vec<String>,
    /// Pointers of the time since which the number counts.
    pub since: Vec<String>,
    /// Where one of these holds, the number is a sum that only grows.
    pub total: Vec<Conditions>,
    /// Where one of these holds, the number counts what happened since that time.
    pub delta: Vec<Conditions>,
    /// Where one of these holds, the number is the time at which the series began, in seconds.
    pub began: Vec<Conditions>,
    /// Where one of these holds, the number grows with the series, and is only a part of what it counts.
    pub part: Vec<Conditions>,
    /// Where one of these holds, the number is the time of the last use, since 1970; zero or less if there was none.
    pub used: Vec<Conditions>,
    /// Where one of these holds, the number is how many seconds ago the last use was.
    pub idle: Vec<Conditions>,
    /// Where one of these holds, the number is a state and counts nothing.
    pub state: Vec<Conditions>,
}

impl CounterRule {
    /// Every pointer that the rule reads.
    pub(super) fn pointers(&self) -> impl Iterator<Item = &String> {
        let Self { value, series, since, total, delta, began, part, used, idle, state } = self;
        let growing = total.iter().chain(delta).chain(began).chain(part);
        let conditions = growing.chain(used).chain(idle).chain(state);
        let named = value.iter().chain(series).chain(since);
        named.chain(conditions.flatten().map(|(pointer, _)| pointer))
    }
}
