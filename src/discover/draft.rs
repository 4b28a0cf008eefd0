/*! A first plan from what was found. Every guess in it says that it is one. */

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::model::Timestamp;
use crate::model::columns::Column;
use crate::safe::terminal;
use crate::wording::count;

use super::found::{Discovery, Seen, User};
use super::tally::Consumer;

/// So many other credentials are named in the draft.
const OTHERS_MAX: usize = 20;

/// The text of a first plan, which `holdover plan check` accepts; none without any credential.
pub fn draft(found: &Discovery) -> Option<String> {
    let (old, new) = match &found.handover {
        Some(handover) => {
            (&found.credentials[handover.old], Some(&found.credentials[handover.new]))
        }
        None => (found.credentials.first()?, None),
    };
    let mut text = String::new();
    head(&mut text, found);
    versions(&mut text, (old, new), found);
    rotation(&mut text, (old, new));
    consumers(&mut text, (old, new));
    Some(text)
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// What may stand in a comment: one line, nothing that a terminal obeys.
fn plain(text: &str) -> String {
    terminal(text).replace(['\n', '\r'], " ")
}

fn when(span: Option<(Timestamp, Timestamp)>) -> String {
    span.map_or_else(
        || "at no time that can be read".to_owned(),
        |(first, last)| format!("{} to {}", first.rfc3339(), last.rfc3339()),
    )
}

macro_rules! line {
    ($out:expr) => { $out.push('\n') };
    ($out:expr, $($part:tt)*) => {{
        let _infallible = writeln!($out, $($part)*);
    }};
}

fn head(out: &mut String, found: &Discovery) {
    line!(
        out,
        "# A first plan, drafted by `holdover discover` from {}.",
        count(found.inputs, "input")
    );
    line!(out, "#");
    line!(
        out,
        "# Each line marked CONFIRM is a guess from what the exports show. Read every one of them: a verdict is as"
    );
    line!(
        out,
        "# good as its plan. Whoever left no record is missing here: add the jobs, tools and people that you know of."
    );
    line!(out);
}

fn versions(out: &mut String, (old, new): (&Seen, Option<&Seen>), found: &Discovery) {
    line!(out, "[credential]");
    line!(out, "name = \"credential\"             # CONFIRM: what you call it");
    for (name, state, one) in [("v1", "old", Some(old)), ("v2", "new", new)] {
        line!(out);
        line!(out, "[[credential.version]]");
        line!(out, "name    = \"{name}\"");
        line!(out, "state   = \"{state}\"");
        let Some(one) = one else {
            line!(out, "# CONFIRM: no credential in the exports seems to follow the old one");
            line!(out, "markers = [\"the-id-of-the-new-one\"]");
            continue;
        };
        line!(out, "# CONFIRM: {}, {}", count(one.records, "record"), when(one.span));
        if one.marker.starts_with("sha256:") {
            line!(out, "# the digest of a value that the exports show as {}", plain(&one.uid));
        }
        line!(out, "markers = [{}]", quoted(&one.marker));
    }
    let is_other = |one: &&Seen| one.uid != old.uid && new.is_none_or(|new| new.uid != one.uid);
    let others: Vec<&Seen> = found.credentials.iter().filter(is_other).collect();
    if !others.is_empty() {
        line!(out);
        line!(
            out,
            "# Other credentials in the same exports; a further old version needs its own [[credential.version]]:"
        );
    }
    for one in others.iter().take(OTHERS_MAX) {
        line!(out, "#   {}: {}, {}", plain(&one.uid), count(one.records, "record"), when(one.span));
    }
    if let Some(more @ 1..) = others.len().checked_sub(OTHERS_MAX) {
        line!(out, "#   and {more} more");
    }
}

fn rotation(out: &mut String, (old, new): (&Seen, Option<&Seen>)) {
    line!(out);
    line!(out, "[rotation]");
    let (why, at) = if let Some((first, _)) = new.and_then(|new| new.span) {
        ("the first record of the new version; it became valid then or before", first)
    } else {
        let last = old.span.map_or(Timestamp(0), |(_, last)| last);
        ("when the new version becomes valid; here stands the last record of the old one", last)
    };
    line!(out, "# CONFIRM: {why}");
    line!(out, "introduced     = {}", at.rfc3339());
    line!(out, "window         = \"48h\"         # CONFIRM: for how long no old use may appear");
    line!(out, "# rollback       = \"how the old version is put back\"");
    line!(out, "# decision_owner = \"who may revoke\"");
    line!(
        out,
        "# in_flight      = \"requeue\"   # what becomes of work that was queued before the change"
    );
}

/// A consumer of either version: how much it did with which.
#[derive(Default)]
struct Class<'f> {
    old: Option<&'f User>,
    new: Option<&'f User>,
}

impl<'f> Class<'f> {
    fn records(&self) -> u64 {
        self.all().map(|user| user.records).sum()
    }

    fn all(&self) -> impl Iterator<Item = &'f User> {
        self.old.into_iter().chain(self.new)
    }
}

fn consumers(out: &mut String, (old, new): (&Seen, Option<&Seen>)) {
    let mut classes: BTreeMap<&Consumer, Class<'_>> = BTreeMap::new();
    let mut nameless = 0;
    for (is_old, user) in old
        .users
        .iter()
        .map(|user| (true, user))
        .chain(new.into_iter().flat_map(|new| new.users.iter().map(|user| (false, user))))
    {
        let Some(consumer) = &user.consumer else {
            nameless += user.records;
            continue;
        };
        let class = classes.entry(consumer).or_default();
        *(if is_old { &mut class.old } else { &mut class.new }) = Some(user);
    }
    let mut classes: Vec<(&Consumer, Class<'_>)> = classes.into_iter().collect();
    classes.sort_by_key(|(consumer, class)| (std::cmp::Reverse(class.records()), *consumer));
    let mut taken = BTreeSet::new();
    for (position, (consumer, class)) in classes.iter().enumerate() {
        line!(out);
        one(out, (position == 0, consumer, class), &mut taken);
    }
    if classes.is_empty() {
        line!(out);
        line!(out, "# CONFIRM: no record names who used it");
        line!(out, "[[consumer]]");
        line!(out, "class = \"unknown-consumer\"");
        line!(out, "match = [{{ service_name = \"unknown-consumer\" }}]");
    }
    if nameless > 0 {
        line!(out);
        line!(
            out,
            "# {} name nobody: give their source a field for the service, or a class.",
            count(nameless, "record")
        );
    }
}

fn one(
    out: &mut String,
    (is_busiest, consumer, class): (bool, &Consumer, &Class<'_>),
    taken: &mut BTreeSet<String>,
) {
    line!(out, "[[consumer]]");
    line!(out, "class = {}", quoted(&class_name(&consumer.name, taken)));
    let path = path_of(is_busiest, &consumer.name, class);
    line!(out, "path  = \"{path}\"  # CONFIRM: primary, background or exception");
    line!(out, "match = [{}]", matching(consumer));
    for (state, user) in [("old", class.old), ("new", class.new)] {
        let Some(user) = user else { continue };
        let refused = match user.refused {
            0 => String::new(),
            n => format!(", {n} refused"),
        };
        line!(out, "# {state}: {}{refused}, {}", count(user.records, "record"), when(user.span));
    }
    if let Some((usual, most)) =
        class.all().max_by_key(|user| user.records).and_then(|user| user.gaps)
    {
        let shown = (usual.hours_minutes_up(), most.hours_minutes_up());
        let (gap, longest) = (&shown.0, &shown.1);
        // What stays away for longer than two of its gaps has no schedule that could be named.
        if most.0 <= 2 * usual.0 {
            line!(
                out,
                "# every       = \"{gap}\"   # CONFIRM: the usual gap; the longest was {longest}"
            );
        } else {
            line!(out, "# usual gap {gap}, longest {longest}: `every` if it runs by a schedule");
        }
    }
    line!(out, "# owner       = \"which team\"");
    line!(out, "# refresh     = \"on-start\"   # when it takes a new value");
    line!(
        out,
        "# session_max = \"12h\"        # how long a pool or session can outlive the change"
    );
}

/// Words in names of what is rarely run and urgently needed.
const EXCEPTIONAL: [&str; 7] =
    ["replay", "fallback", "manual", "emergency", "breakglass", "recovery", "oncall"];
/// Who is seen in fewer hours is rare.
const RARE_HOURS: usize = 4;

fn path_of(is_busiest: bool, name: &str, class: &Class<'_>) -> &'static str {
    let hours = class.all().map(|user| user.hours).max().unwrap_or(0);
    let lower = name.to_lowercase();
    if EXCEPTIONAL.iter().any(|word| lower.contains(word)) || hours < RARE_HOURS {
        "exception"
    } else if is_busiest {
        "primary"
    } else {
        "background"
    }
}

/// A name of small letters, digits and hyphens that no other class has.
fn class_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let spelled: String = name
        .chars()
        .map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_lowercase() } else { '-' })
        .take(60)
        .collect();
    let parts: Vec<&str> = spelled.split('-').filter(|part| !part.is_empty()).collect();
    let base = if parts.is_empty() { "consumer".to_owned() } else { parts.join("-") };
    let mut name = base.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{base}-{number}");
        number += 1;
    }
    name
}

/// How its records are told: the very value, or an agent of any version.
fn matching(consumer: &Consumer) -> String {
    let column = consumer.by.name();
    let is_literal = consumer.by != Column::UserAgent && !consumer.name.starts_with('/');
    let value = if is_literal {
        consumer.name.clone()
    } else {
        let end = if consumer.by == Column::UserAgent { "(?:[\\/ ]|$)" } else { "$" };
        let name = regex::escape(&consumer.name).replace('/', "\\/");
        format!("/^{name}{end}/")
    };
    format!("{{ {column} = {} }}", quoted(&value))
}
