/*! What changed between two reports, for people: what to look at first, then by topic. */

use super::head::word;
use super::page::{TextPage, Tone};
use crate::model::changes::{Change, Changes, Effect, Topic, Value};
use crate::model::decision::Mode;
use crate::report::{Depth, TextOptions};
use crate::wording::{count, number};

/// At most this many warnings, and this many changes, are on the first screen.
const WARNINGS_MAX: usize = 5;
const MAIN_MAX: usize = 10;

const BETTER: &str = "A verdict got better, and it rests on other facts than before. Each of these changes alone could \
                      have made it better although no consumer moved:";
const STILL_READY: &str =
    "The newer report says ready, and it rests on other facts than the older one:";

/// At most this many changes of a topic are printed unless all are wanted.
const SHOWN_MAX: usize = 20;

/// The comparison as lines of the given width.
pub fn changes(changes: &Changes, options: TextOptions) -> String {
    let mut page = TextPage::new(options);
    head(&mut page, changes);
    if options.depth == Depth::Screen {
        screen(&mut page, changes);
        return page.into_text();
    }
    warnings(&mut page, changes);
    for topic in Topic::ALL {
        let of_topic: Vec<&Change> =
            changes.changes.iter().filter(|change| change.topic == topic).collect();
        if !of_topic.is_empty() {
            page.heading(topic.word(), &count(of_topic.len(), "change"));
            list(&mut page, &of_topic);
        }
    }
    if changes.changes.is_empty() {
        page.blank();
        page.para(2, Tone::Plain, "nothing that the reports show has changed");
    }
    page.into_text()
}

/// One screen: what may be wrong with a better verdict, the verdicts that changed, and how much else did.
fn screen(page: &mut TextPage, changes: &Changes) {
    let warnings: Vec<&Change> = changes.warnings().collect();
    if !warnings.is_empty() {
        page.heading("Warnings", &count(warnings.len(), "change"));
        let why = if changes.improved { BETTER } else { STILL_READY };
        page.para(2, Tone::Bad, why);
        page.blank();
        some(page, &warnings, WARNINGS_MAX);
    }
    let is_verdict = |change: &&Change| change.topic == Topic::Verdict;
    let of_class =
        |change: &&Change| change.topic == Topic::Class && !change.subject.contains(", ");
    let mut main: Vec<&Change> = changes.changes.iter().filter(is_verdict).collect();
    main.extend(changes.changes.iter().filter(of_class));
    let is_worse = |change: &&Change| {
        change.effect == Effect::Worse && !is_verdict(change) && !of_class(change)
    };
    main.extend(changes.changes.iter().filter(is_worse));
    if !main.is_empty() {
        page.heading(
            "Changes",
            &format!("{} of {}", number(main.len().min(MAIN_MAX)), number(changes.changes.len())),
        );
        some(page, &main, MAIN_MAX);
    }
    let of_topic =
        |topic: Topic| changes.changes.iter().filter(move |one| one.topic == topic).count();
    let all: Vec<String> = Topic::ALL
        .into_iter()
        .map(|topic| (topic, of_topic(topic)))
        .filter(|(_, changed)| *changed > 0)
        .map(|(topic, changed)| format!("{} {}", topic.word(), number(changed)))
        .collect();
    page.blank();
    let all = match all.as_slice() {
        [] => "nothing that the reports show has changed".to_owned(),
        all => format!("all changes, which -v shows: {}", all.join(", ")),
    };
    page.para(2, Tone::Quiet, &all);
}

/// The first of the changes, a line each.
fn some(page: &mut TextPage, changes: &[&Change], max: usize) {
    for change in changes.iter().take(max) {
        write_line(page, change);
    }
    if let Some(more @ 1..) = changes.len().checked_sub(max) {
        page.para(2, Tone::Quiet, &format!("and {} more (-v shows all)", number(more)));
    }
}

fn head(page: &mut TextPage, changes: &Changes) {
    let (was, is) = (changes.before.verdict, changes.after.verdict);
    let verdicts = if was == is {
        format!("{} {}, as before   ", page.mark(is), word(Mode::PreRevocation, is))
    } else {
        let arrow = page.symbol("→", "->");
        format!(
            "{} {} {arrow} {} {}   ",
            page.mark(was),
            word(Mode::PreRevocation, was),
            page.mark(is),
            word(Mode::PreRevocation, is)
        )
    };
    let old: Vec<String> = changes.old_versions.iter().map(|name| page.name(name, 40)).collect();
    let what = format!("{} of {}", old.join(", "), page.name(&changes.credential, 80));
    page.labelled(0, (Tone::of(is), &verdicts), Tone::Strong, &what);
    page.blank();
    for (label, side) in [("older", &changes.before), ("newer", &changes.after)] {
        let summary = page.sentence(&side.summary);
        let text = format!("{}: {summary}", page.time(side.as_of));
        page.labelled(2, (Tone::Quiet, &format!("{label}  ")), Tone::Plain, &text);
    }
}

fn warnings(page: &mut TextPage, changes: &Changes) {
    let warnings: Vec<&Change> = changes.warnings().collect();
    if warnings.is_empty() {
        return;
    }
    page.heading("Warnings", &count(warnings.len(), "change"));
    let why = if changes.improved { BETTER } else { STILL_READY };
    page.para(2, Tone::Bad, why);
    page.blank();
    list(page, &warnings);
}

fn list(page: &mut TextPage, changes: &[&Change]) {
    let max = if page.all_evidence() { changes.len() } else { SHOWN_MAX };
    for change in changes.iter().take(max) {
        write_change(page, change);
    }
    if changes.len() > max {
        page.para(2, Tone::Quiet, &format!("and {} more (-v shows all)", changes.len() - max));
    }
}

fn write_change(page: &mut TextPage, change: &Change) {
    write_line(page, change);
    let means = page.sentence(&change.means);
    page.para(6, Tone::Quiet, &means);
}

fn write_line(page: &mut TextPage, change: &Change) {
    let (tone, mark) = match (change.weakens, change.effect) {
        (true, _) => (Tone::Doubt, "!"),
        (false, Effect::Worse) => (Tone::Bad, page.symbol("▼", "-")),
        (false, Effect::Better) => (Tone::Good, page.symbol("▲", "+")),
        (false, Effect::Neutral) => (Tone::Quiet, page.symbol("·", "*")),
    };
    let subject = page.name(&change.subject, 200);
    let value = |value: &Value| page.sentence(&value.text);
    let values = match (&change.before, &change.after) {
        (Some(was), Some(is)) => format!("{} {} {}", value(was), page.symbol("→", "->"), value(is)),
        (None, Some(is)) => format!("added: {}", value(is)),
        (Some(was), None) => format!("removed: {}", value(was)),
        (None, None) => String::new(),
    };
    let text = if values.is_empty() { subject } else { format!("{subject}: {values}") };
    page.labelled(2, (tone, &format!("{mark} ")), Tone::Plain, &text);
}
