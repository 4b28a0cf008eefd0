/*! How long a report may be relied on. */

use crate::model::Timestamp;
use crate::wire::Report;
use crate::wording::length;

/// A report expires once its whole window has passed, or a class that runs on a declared schedule was due again.
pub(super) fn expiry(report: &Report) -> (Timestamp, String) {
    let as_of = report.as_of.0;
    let window = as_of - report.window.from.0;
    let whole = (
        as_of + window,
        format!(
            "its window of {} has passed, and it does not cover what came since",
            length(window)
        ),
    );
    let enabled = report.classes.iter().filter(|class| !class.disabled);
    let turns = enabled.filter_map(|class| {
        let every = class.silence.cadence.declared?.duration();
        let (name, every_text) = (&class.name, length(every));
        let because =
            format!("`{name}` is due every {every_text}, and its next run is not covered");
        Some((as_of + every, because))
    });
    turns.fold(whole, Ord::min)
}

/// Rule, class and end of each waiver without which the verdict would be another, and that has ended.
pub(super) fn ended_waivers(
    report: &Report,
    now: Timestamp,
) -> Vec<(String, Option<String>, Timestamp)> {
    let carrying = report
        .waivers
        .iter()
        .filter(|waiver| waiver.in_force && !waiver.findings.entries().is_empty());
    let ended = carrying.filter(|waiver| waiver.by.until.0 <= now);
    ended.map(|waiver| (waiver.rule.clone(), waiver.class.clone(), waiver.by.until.0)).collect()
}
