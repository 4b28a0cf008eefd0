/*! Consumers that the plan does not name: who they seem to be and the line that declares them. */

use super::page::{TextPage, Tone};
use crate::model::decision::UndeclaredView;
use crate::report::View;
use crate::wording::{self, count, number};

/// At most this many are printed unless all evidence is wanted.
const SHOWN_MAX: usize = 20;

pub(super) fn write(page: &mut TextPage, view: &View<'_>) {
    let undeclared = &view.decision.undeclared;
    if undeclared.is_empty() {
        return;
    }
    page.heading("Undeclared", "old use by consumers that the plan does not name");
    let max = if page.all_evidence() { undeclared.len() } else { SHOWN_MAX };
    for (position, consumer) in undeclared.iter().take(max).enumerate() {
        if position > 0 {
            page.blank();
        }
        write_consumer(page, consumer);
    }
    if undeclared.len() > max {
        page.para(2, Tone::Quiet, &format!("and {} more", number(undeclared.len() - max)));
    }
}

fn write_consumer(page: &mut TextPage, consumer: &UndeclaredView) {
    let mut what = vec![count(consumer.events, "old use")];
    if consumer.instances > 0 {
        what.push(count(consumer.instances, "instance"));
    }
    what.push(format!("in {}", count(consumer.hours, "hour")));
    what.extend(
        consumer.cadence.map(|pause| format!("longest pause about {}", wording::length(pause))),
    );
    page.para(2, Tone::Strong, &what.join(", "));
    let [first, last] = [consumer.first, consumer.last].map(|at| page.time(at));
    page.para(4, Tone::Plain, &format!("from {first} to {last}"));
    let width = consumer.hints.iter().map(|(name, _)| name.len()).max().unwrap_or(0) + 2;
    for (name, value) in &consumer.hints {
        let value = page.value(value);
        page.labelled(4, (Tone::Quiet, &format!("{name:width$}")), Tone::Plain, &value);
    }
    page.para(4, Tone::Quiet, "to declare it, paste into its class:");
    page.verbatim(4, &format!("match = [{}]", consumer.match_line));
}
