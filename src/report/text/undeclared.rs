/*! Consumers that the plan does not name: who they seem to be and the line that declares them. */

use super::page::{Page, Tone};
use crate::model::decision::UndeclaredView;
use crate::report::View;
use crate::wording::{self, count, number};

/// At most this many are printed unless all evidence is wanted.
const SHOWN_MAX: usize = 20;

pub(super) fn write(page: &mut Page, view: &View<'_>) {
    let all = &view.decision.undeclared;
    if all.is_empty() {
        return;
    }
    page.heading("Undeclared", "old use by consumers that the plan does not name");
    let max = if page.all_evidence() { all.len() } else { SHOWN_MAX };
    for (position, one) in all.iter().take(max).enumerate() {
        if position > 0 {
            page.blank();
        }
        write_one(page, one);
    }
    if all.len() > max {
        page.para(2, Tone::Quiet, &format!("and {} more", number(all.len() - max)));
    }
}

fn write_one(page: &mut Page, one: &UndeclaredView) {
    let mut what = vec![count(one.events, "old use")];
    if one.instances > 0 {
        what.push(count(one.instances, "instance"));
    }
    what.push(format!("in {}", count(one.hours, "hour")));
    what.extend(one.cadence.map(|pause| format!("longest pause about {}", wording::length(pause))));
    page.para(2, Tone::Strong, &what.join(", "));
    page.para(4, Tone::Plain, &format!("from {} to {}", one.first, one.last));
    let width = one.hints.iter().map(|(name, _)| name.len()).max().unwrap_or(0) + 2;
    for (name, value) in &one.hints {
        let value = page.value(value);
        page.labelled(4, (Tone::Quiet, &format!("{name:width$}")), Tone::Plain, &value);
    }
    page.para(4, Tone::Quiet, "to declare it, paste into its class:");
    page.verbatim(4, &format!("match = [{}]", one.match_line));
}
