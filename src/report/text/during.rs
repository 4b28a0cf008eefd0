/*! A rotation while it goes wrong, for people: the counts, what to do next, the names to paste, then every instance. */

use super::layout::{columns, pad};
use super::page::{TextPage, Tone};
use super::unread;
use crate::model::during::{Breaks, During, InstanceNow, Leaked, Now};
use crate::model::{PathKind, Timestamp};
use crate::report::TextOptions;
use crate::wording::{count, length, length_up, list, number};

/// At most this many steps, and this many instances of a section, are printed unless all are wanted.
const STEPS_MAX: usize = 12;
/// At most this many instances.
const INSTANCES_MAX: usize = 30;

/// The answer as lines of the given width.
pub fn during(during: &During, options: TextOptions) -> String {
    let mut page = TextPage::new(options);
    head(&mut page, during);
    if let Some(leaked) = &during.leaked {
        breaks(&mut page, during, leaked);
    } else {
        steps(&mut page, during);
    }
    paste(&mut page, during);
    freeze(&mut page, during);
    instances(&mut page, during);
    unread(&mut page, during);
    page.into_text()
}

fn head(page: &mut TextPage, during: &During) {
    let old: Vec<String> = during.old.iter().map(|name| page.name(name, 40)).collect();
    let what = format!("{} of {}", list(&old), page.name(&during.credential, 80));
    let title = if during.leaked.is_some() { "LEAKED" } else { "DURING THE ROTATION" };
    page.labelled(0, (Tone::Strong, &format!("{title}   ")), Tone::Strong, &what);
    let since = if during.introduced <= during.as_of {
        format!("{} after the change", length(during.as_of - during.introduced))
    } else {
        format!("{} before the change", length(during.introduced - during.as_of))
    };
    let recent = length(during.as_of - during.recent_from);
    let as_of = page.time(during.as_of);
    page.para(2, Tone::Quiet, &format!("{as_of}, {since}; recent: the last {recent}"));
    let of_state = |state: Now| during.instances.iter().filter(|of| of.now == state).count();
    let counts = Now::ALL.into_iter().filter(|state| of_state(*state) > 0);
    let counts: Vec<String> =
        counts.map(|state| format!("{} {}", number(of_state(state)), says(state))).collect();
    page.para(2, Tone::Plain, &counts.join(page.symbol(" · ", " - ")));
}

fn says(now: Now) -> &'static str {
    match now {
        Now::Refused => "refused",
        Now::Mixed => "on both versions",
        Now::Old => "on the old version",
        Now::Degraded => "through a fallback",
        Now::Silent => "silent",
        Now::Unknown => "without a version",
        Now::New => "on the new version",
    }
}

fn path(path: Option<PathKind>) -> &'static str {
    path.map_or("undeclared", PathKind::word)
}

/// `retry-worker-5fd7c9b864-9dgkl (retry-worker, background)`.
fn who(page: &TextPage, of: &InstanceNow) -> String {
    let consumer = page.name(&of.consumer, 80);
    match &of.instance {
        Some(instance) => {
            format!("{} ({consumer}, {})", page.name(instance, 80), path(of.path))
        }
        None => format!("{consumer} ({})", path(of.path)),
    }
}

fn steps(page: &mut TextPage, during: &During) {
    let with_step: Vec<&InstanceNow> =
        during.instances.iter().filter(|of| of.step.is_some()).collect();
    page.heading("Do next", &count(with_step.len(), "step"));
    if with_step.is_empty() {
        page.para(
            2,
            Tone::Plain,
            "nothing is refused, and nothing was last seen on the old version",
        );
    }
    let max = if page.all_evidence() { with_step.len() } else { STEPS_MAX };
    for (number, of) in (1..).zip(with_step.iter().take(max)) {
        let tone = if of.now == Now::Refused { Tone::Bad } else { Tone::Strong };
        let text = format!("{}: {}", who(page, of), of.step.as_deref().unwrap_or_default());
        page.labelled(2, (Tone::Quiet, &format!("{number:>2}  ")), tone, &text);
        page.para(6, Tone::Quiet, &page.zone().sentence(&fact(of)));
    }
    page.more(with_step.len(), max);
}

fn fact(of: &InstanceNow) -> String {
    let seen = of.last.map_or_else(|| "never seen".to_owned(), |at| format!("last attempt {at}"));
    let recent = of.recent;
    let mut pieces = Vec::new();
    for (attempts, what) in [
        (recent.refused, "refused"),
        (recent.old, "with the old version"),
        (recent.new, "with the new version"),
        (recent.degraded, "through a fallback"),
    ] {
        if attempts > 0 {
            pieces.push(format!("{} {what}", number(attempts)));
        }
    }
    if pieces.is_empty() {
        return format!("no recent attempt; {seen}");
    }
    format!("recent: {}; {seen}", list(&pieces))
}

fn breaks(page: &mut TextPage, during: &During, leaked: &Leaked) {
    page.heading("Revoked this minute, this breaks", &count(leaked.breaks.len(), "consumer"));
    page.para(2, Tone::Quiet, "in the order in which to move them");
    for (number, of) in (1..).zip(&leaked.breaks) {
        let name = format!("{} ({})", page.name(&of.consumer, 80), path(of.path));
        page.labelled(2, (Tone::Quiet, &format!("{number:>2}  ")), Tone::Strong, &name);
        let when = when(of, during.as_of);
        page.para(6, Tone::Plain, &page.zone().sentence(&when));
        page.para(6, Tone::Plain, &of.fix);
        if !of.effects.is_empty() {
            let effects: Vec<String> = of.effects.iter().map(|text| page.name(text, 80)).collect();
            page.para(6, Tone::Plain, &format!("at risk: {}", list(&effects)));
        }
    }
    for (label, names) in [
        ("no break was seen for", &leaked.moved),
        ("not known, no version was seen:", &leaked.unknown),
    ] {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| page.name(name, 60)).collect();
            page.para(2, Tone::Plain, &format!("{label} {}", names.join(", ")));
        }
    }
    let text = "attempts that show no version are not counted, and what no log shows is not here";
    page.para(2, Tone::Quiet, text);
}

fn when(of: &Breaks, as_of: Timestamp) -> String {
    let instances = if of.instances > 0 {
        format!("{} on it; ", count(of.instances, "instance"))
    } else {
        String::new()
    };
    let fails = match (of.every, of.fails_by) {
        (Some(every), Some(by)) if by <= as_of => {
            format!(
                "fails at its next run, which may be now; a fix shows within {}",
                length_up(every)
            )
        }
        (Some(every), Some(by)) => {
            format!("fails by {by}, with its next run; a fix shows within {}", length_up(every))
        }
        _ => "nobody knows when it runs next: a fix shows with its next run".to_owned(),
    };
    format!("{instances}last old use {}; {fails}", of.last_old_use)
}

fn paste(page: &mut TextPage, during: &During) {
    let names: Vec<(&String, &String)> = (during.instances.iter())
        .filter(|of| of.restart)
        .filter_map(|of| Some((of.instance.as_ref()?, &of.consumer)))
        .collect();
    if names.is_empty() {
        return;
    }
    page.heading("Restart in this order", "to paste");
    let width = names.iter().map(|(name, _)| columns(name)).max().unwrap_or(0);
    for (name, consumer) in names {
        page.verbatim(2, &format!("{}  # {consumer}", pad(name, width)));
    }
}

fn freeze(page: &mut TextPage, during: &During) {
    if during.freeze.is_empty() {
        return;
    }
    page.heading("Freeze", "");
    for (action, consumers) in &during.freeze {
        let names: Vec<String> = consumers.iter().map(|name| page.name(name, 60)).collect();
        let text = format!("{}: {}", page.sentence(action), names.join(", "));
        page.labelled(2, (Tone::Quiet, page.symbol("· ", "- ")), Tone::Plain, &text);
    }
}

fn instances(page: &mut TextPage, during: &During) {
    page.heading("Instances", "attempts lately of those since the change");
    let max = if page.all_evidence() { during.instances.len() } else { INSTANCES_MAX };
    for of in during.instances.iter().take(max) {
        let mut pieces = vec![who(page, of)];
        for (recent, since, what) in [
            (of.recent.old, of.since.old, "old"),
            (of.recent.new, of.since.new, "new"),
            (of.recent.unversioned, of.since.unversioned, "without version"),
            (of.recent.refused, of.since.refused, "refused"),
            (of.recent.degraded, of.since.degraded, "through a fallback"),
        ] {
            if since > 0 || recent > 0 {
                pieces.push(format!("{} of {} {what}", number(recent), number(since.max(recent))));
            }
        }
        pieces.push(of.last.map_or_else(|| "never seen".to_owned(), |at| format!("last {at}")));
        let label = pad(of.now.word(), 10);
        page.labelled(
            2,
            (tone(of.now), &label),
            Tone::Plain,
            &page.zone().sentence(&pieces.join(page.symbol(" · ", " - "))),
        );
    }
    page.more(during.instances.len(), max);
}

fn tone(now: Now) -> Tone {
    match now {
        Now::Refused => Tone::Bad,
        Now::Mixed | Now::Old | Now::Degraded => Tone::Doubt,
        Now::Silent | Now::Unknown => Tone::Quiet,
        Now::New => Tone::Plain,
    }
}

fn unread(page: &mut TextPage, during: &During) {
    if during.unread.is_empty() {
        return;
    }
    page.heading("Not read: an instance may hide here", &count(during.unread.len(), "place"));
    unread::write(page, Tone::Plain, &during.unread.iter().collect::<Vec<_>>(), 5);
}
