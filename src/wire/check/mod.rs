/*! Does a report agree with itself? Everything that follows from the rest of the report is derived again.
 *
 * This refuses a report that was edited to claim more than its findings do: anybody who deletes a finding, a class or
 * an input, or changes a verdict, has to change every place that depends on it.
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
