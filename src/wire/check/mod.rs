/*! Does a report agree with itself? Whatever can be worked out from the report alone is worked out again.
 *
 * A report that was edited so that it says more than its findings do is refused here: whoever deletes a finding, a
 * class or an input, or turns a word round, has to change every place that depends on it.
 */

mod checked;
mod numbers;
mod references;
mod times;
mod verdicts;

use super::report::Report;

/// The first thing in which the report contradicts itself.
pub(super) fn contradiction(report: &Report) -> Option<String> {
    let checks = [references::check, verdicts::check, numbers::check, times::check];
    checks.into_iter().find_map(|check| check(report).err())
}
