/*! The old uses that a report knows. */

use std::collections::BTreeMap;

use crate::model::Timestamp;
use crate::wire::Report;

/// How many old uses up to its instant the report counts, and when the last of them was: for each class, and without a
/// class for all undeclared consumers.
pub fn counted(report: &Report) -> BTreeMap<Option<&str>, (u64, Option<Timestamp>)> {
    let classes = report.classes.iter().map(|class| {
        let old = &class.events.old;
        let uses = old.success + old.auth_failure + old.denied + old.failure + old.none;
        let last = class.last_old_use.as_ref().map(|at| at.time.0);
        (Some(class.name.as_str()), (uses, last))
    });
    let undeclared = report.undeclared.iter();
    let last = undeclared.clone().map(|consumer| consumer.last.0).max();
    let uses = undeclared.map(|consumer| consumer.events).sum();
    classes.chain([(None, (uses, last))]).collect()
}

/// Input, record and time of each record that the report cites.
pub fn cited(report: &Report) -> impl Iterator<Item = (&str, u64, Timestamp)> {
    report.evidence.iter().filter_map(|evidence| {
        Some((evidence.input.as_deref()?, evidence.record?, evidence.time?.0))
    })
}
