/*! Advice on a plan: the model, who moves first, where to split, and what to log, on one screen. */

use super::page::{TextPage, Tone};
use super::unread;
use crate::model::advice::{Advice, NextMove, Split, SplitBy, Turn, Unmarked};
use crate::model::cutover::ModelState;
use crate::report::TextOptions;
use crate::wording::{self, count, length, length_up, list, number};

/// At most this many lines of a section, unless all are wanted.
const SHOWN_MAX: usize = 8;
/// At most this many fields of a profile.
const FIELDS_MAX: usize = 4;

/// The answer as text.
pub fn advice(advice: &Advice, options: TextOptions) -> String {
    let mut page = TextPage::new(options);
    let name = page.name(&advice.credential, 80);
    page.labelled(0, (Tone::Strong, "ADVICE   "), Tone::Strong, &name);
    let as_of = page.time(advice.as_of);
    page.para(2, Tone::Quiet, &format!("from records up to {as_of}; it is no verdict"));
    models(&mut page, advice);
    order(&mut page, advice);
    splits(&mut page, advice);
    unmarked(&mut page, advice);
    unread(&mut page, advice);
    page.into_text()
}

fn models(page: &mut TextPage, advice: &Advice) {
    let note = match advice.fitting {
        Some(model) => format!("`{model}` fits best"),
        None => "no consumer has moved yet".to_owned(),
    };
    page.heading("Cutover model", &note);
    for of in &advice.models {
        let is_best = advice.fitting == Some(of.model);
        if !(is_best || of.is_declared || page.all_evidence()) {
            continue;
        }
        let tone = match of.state {
            ModelState::Fits => Tone::Good,
            ModelState::Violated => Tone::Bad,
            ModelState::Open => Tone::Doubt,
        };
        let declared = if of.is_declared { ", declared," } else { "" };
        let state = wording::model_state(of.state);
        let text = format!("{}{declared} {state}: {}", of.model, page.sentence(&of.why));
        page.para(2, tone, &text);
    }
}

fn turn(turn: Turn) -> &'static str {
    match turn {
        Turn::Refused => "refused now",
        Turn::PrimaryOnOld | Turn::BackgroundOnOld | Turn::ExceptionOnOld => "on the old version",
        Turn::Member => "some members not seen on the new version",
        Turn::Unseen => "version not seen",
    }
}

fn order(page: &mut TextPage, advice: &Advice) {
    page.heading("Move in this order", &count(advice.order.len(), "consumer"));
    let max = if page.all_evidence() { advice.order.len() } else { SHOWN_MAX };
    for (position, of) in (1..).zip(advice.order.iter().take(max)) {
        let name = format!("{} ({})", page.name(&of.consumer, 60), of.path.word());
        let text = format!("{name}: {}", page.sentence(&of.step));
        page.labelled(2, (Tone::Quiet, &format!("{position:>2}  ")), Tone::Strong, &text);
        page.para(6, Tone::Quiet, &facts(of));
    }
    page.more(advice.order.len(), max);
    if !advice.moved.is_empty() {
        let names: Vec<String> = advice.moved.iter().map(|name| page.name(name, 60)).collect();
        page.para(2, Tone::Quiet, &format!("seen on the new version: {}", list(&names)));
    }
}

fn facts(of: &NextMove) -> String {
    let mut facts = vec![turn(of.turn).to_owned()];
    if of.members > 0 {
        facts.push(format!("{} not moved", count(of.members, "member")));
    }
    facts.push(match of.every {
        Some(every) => format!("runs at least every {}", length(every)),
        None => "no known rhythm".to_owned(),
    });
    facts.push(format!("must then be free of old use for {}", length_up(of.needed)));
    facts.join("; ")
}

fn splits(page: &mut TextPage, advice: &Advice) {
    let wait = length_up(advice.wait);
    page.heading("Split the credential", &format!("one credential waits {wait}"));
    let Some((best, rest)) = advice.splits.split_first() else {
        let text = "no split by rhythm, refresh, owner or path would shorten the wait of anybody";
        page.para(2, Tone::Plain, text);
        return;
    };
    page.para(2, Tone::Strong, &format!("by {}, the next time:", by(best.by)));
    write_groups(page, best);
    for split in rest {
        if page.all_evidence() {
            page.para(2, Tone::Plain, &format!("by {}:", by(split.by)));
            write_groups(page, split);
        } else {
            let waits: Vec<String> =
                split.groups.iter().map(|group| length_up(group.wait)).collect();
            let text = format!("by {} the groups would wait {}", by(split.by), list(&waits));
            page.para(2, Tone::Quiet, &text);
        }
    }
}

fn write_groups(page: &mut TextPage, split: &Split) {
    for group in &split.groups {
        let names: Vec<String> = group.consumers.iter().map(|name| page.name(name, 60)).collect();
        let names = list(&names);
        let common = page.name(&group.name, 60);
        let waits = if group.consumers.len() == 1 { "waits" } else { "wait" };
        let text = format!("{common}: {names} {waits} {}", length_up(group.wait));
        page.para(4, Tone::Plain, &text);
    }
}

fn by(by: SplitBy) -> &'static str {
    match by {
        SplitBy::Rhythm => "how often they run",
        SplitBy::Refresh => "how they take a new value",
        SplitBy::Owner => "owner",
        SplitBy::Path => "path",
    }
}

fn unmarked(page: &mut TextPage, advice: &Advice) {
    if advice.unmarked.is_empty() {
        return;
    }
    page.heading("Log a marker", "attempts that show no version");
    let max = if page.all_evidence() { advice.unmarked.len() } else { SHOWN_MAX };
    for of in advice.unmarked.iter().take(max) {
        let name = page.name(&of.consumer, 60);
        let source = page.path(&of.source, 80);
        let (attempts, all) = (number(of.attempts), count(of.of, "attempt"));
        let text = format!("{name}: {attempts} of {all} in {source}");
        page.para(2, Tone::Plain, &text);
        let field = field(page, of);
        page.para(6, Tone::Quiet, &field);
    }
    page.more(advice.unmarked.len(), max);
}

/// Which field would carry a marker.
fn field(page: &TextPage, of: &Unmarked) -> String {
    let profile = page.name(&of.profile, 60);
    let shown: Vec<String> =
        of.fields.iter().take(FIELDS_MAX).map(|field| page.name(field, 60)).collect();
    match shown.as_slice() {
        [] => "no field of it is read as the credential: name one in `fields` of its `[[source]]`"
            .to_owned(),
        shown => format!(
            "log the key id or its digest, never the key, in a field that the profile `{profile}` reads: {}",
            shown.join(", ")
        ),
    }
}

fn unread(page: &mut TextPage, advice: &Advice) {
    if advice.unread.is_empty() {
        return;
    }
    page.heading("Not read: a consumer may hide here", &count(advice.unread.len(), "place"));
    unread::write(page, Tone::Plain, &advice.unread.iter().collect::<Vec<_>>(), SHOWN_MAX);
}
