/*! A first plan from the credentials that were found. Every guess is marked. */

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::model::columns::Column;
use crate::model::{Span, Timestamp};
use crate::safe::terminal;
use crate::wording::count;

use super::discovery::{CredentialUser, DiscoveredCredential, Discovery};
use super::tally::NamedConsumer;

/// At most this many other credentials are named.
const OTHERS_MAX: usize = 20;

/// The two versions of the plan.
#[derive(Clone, Copy)]
struct Versions<'f> {
    old: &'f DiscoveredCredential,
    new: Option<&'f DiscoveredCredential>,
}

/// The text of a first plan, which `holdover plan check` accepts; `None` if there is no credential.
pub fn draft(found: &Discovery) -> Option<String> {
    let credential = |position: usize| &found.credentials[position];
    let pair = match &found.handover {
        Some(handover) => {
            Versions { old: credential(handover.old), new: Some(credential(handover.new)) }
        }
        None => Versions { old: found.credentials.first()?, new: None },
    };
    let mut text = String::new();
    head(&mut text, found);
    versions(&mut text, pair, found);
    rotation(&mut text, pair);
    consumers(&mut text, pair);
    Some(text)
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A text for a comment: on one line, without control characters.
fn plain(text: &str) -> String {
    terminal(text).replace(['\n', '\r'], " ")
}

fn when(span: Option<Span>) -> String {
    span.map_or_else(
        || "no readable time".to_owned(),
        |span| format!("{} to {}", span.from.rfc3339(), span.to.rfc3339()),
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
        "# Each line marked CONFIRM is a guess from the exports. Check every one of them: a verdict is only as good"
    );
    line!(
        out,
        "# as its plan. Consumers without records are missing here: add the jobs, tools and people that you know of."
    );
    line!(out);
}

fn versions(out: &mut String, Versions { old, new }: Versions<'_>, found: &Discovery) {
    line!(out, "[credential]");
    line!(out, "name = \"credential\"             # CONFIRM: what you call it");
    for (name, state, credential) in [("v1", "old", Some(old)), ("v2", "new", new)] {
        line!(out);
        line!(out, "[[credential.version]]");
        line!(out, "name    = \"{name}\"");
        line!(out, "state   = \"{state}\"");
        let Some(credential) = credential else {
            line!(out, "# CONFIRM: no credential in the exports seems to replace the old one");
            line!(out, "markers = [\"the-id-of-the-new-one\"]");
            continue;
        };
        line!(out, "# CONFIRM: {}, {}", count(credential.records, "record"), when(credential.span));
        if credential.marker.starts_with("sha256:") {
            line!(out, "# the digest of a value that is {} in the exports", plain(&credential.uid));
        }
        line!(out, "markers = [{}]", quoted(&credential.marker));
    }
    let is_other = |other: &&DiscoveredCredential| {
        other.uid != old.uid && new.is_none_or(|new| new.uid != other.uid)
    };
    let others: Vec<&DiscoveredCredential> = found.credentials.iter().filter(is_other).collect();
    if !others.is_empty() {
        line!(out);
        line!(
            out,
            "# Other credentials in the same exports. Each further old version needs its own [[credential.version]]:"
        );
    }
    for other in others.iter().take(OTHERS_MAX) {
        line!(
            out,
            "#   {}: {}, {}",
            plain(&other.uid),
            count(other.records, "record"),
            when(other.span)
        );
    }
    if let Some(more @ 1..) = others.len().checked_sub(OTHERS_MAX) {
        line!(out, "#   and {more} more");
    }
}

fn rotation(out: &mut String, Versions { old, new }: Versions<'_>) {
    line!(out);
    line!(out, "[rotation]");
    let (why, at) = if let Some(span) = new.and_then(|new| new.span) {
        (
            "the time of the first record of the new version, which became valid then or earlier",
            span.from,
        )
    } else {
        let last = old.span.map_or(Timestamp(0), |span| span.to);
        (
            "when the new version becomes valid; this is the time of the last record of the old one",
            last,
        )
    };
    line!(out, "# CONFIRM: {why}");
    line!(out, "introduced     = {}", at.rfc3339());
    line!(out, "window         = \"48h\"         # CONFIRM: for how long there must be no old use");
    line!(out, "# rollback       = \"how to restore the old version\"");
    line!(out, "# decision_owner = \"who may revoke\"");
    line!(
        out,
        "# in_flight      = \"requeue\"   # what happens to work that was queued before the change"
    );
}

/// The uses of both versions by one consumer.
#[derive(Default)]
struct DraftClass<'f> {
    old: Option<&'f CredentialUser>,
    new: Option<&'f CredentialUser>,
}

impl<'f> DraftClass<'f> {
    fn records(&self) -> u64 {
        self.users().map(|user| user.records).sum()
    }

    fn users(&self) -> impl Iterator<Item = &'f CredentialUser> {
        self.old.into_iter().chain(self.new)
    }
}

fn consumers(out: &mut String, Versions { old, new }: Versions<'_>) {
    let mut classes: BTreeMap<&NamedConsumer, DraftClass<'_>> = BTreeMap::new();
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
    let mut classes: Vec<(&NamedConsumer, DraftClass<'_>)> = classes.into_iter().collect();
    classes.sort_by_key(|(consumer, class)| (std::cmp::Reverse(class.records()), *consumer));
    let mut taken = BTreeSet::new();
    for (position, (consumer, class)) in classes.iter().enumerate() {
        line!(out);
        let path = path_of(position == 0, &consumer.name, class);
        line!(out, "[[consumer]]");
        line!(out, "class = {}", quoted(&class_name(&consumer.name, &mut taken)));
        line!(out, "path  = \"{path}\"  # CONFIRM: primary, background or exception");
        line!(out, "match = [{}]", matching(consumer));
        uses(out, class);
    }
    if classes.is_empty() {
        line!(out);
        line!(out, "# CONFIRM: no record names its consumer");
        line!(out, "[[consumer]]");
        line!(out, "class = \"unknown-consumer\"");
        line!(out, "match = [{{ service_name = \"unknown-consumer\" }}]");
    }
    if nameless > 0 {
        line!(out);
        line!(
            out,
            "# {} name no consumer: give their source a field for the service, or a class.",
            count(nameless, "record")
        );
    }
}

fn uses(out: &mut String, class: &DraftClass<'_>) {
    for (state, user) in [("old", class.old), ("new", class.new)] {
        let Some(user) = user else { continue };
        let refused = match user.refused {
            0 => String::new(),
            n => format!(", {n} refused"),
        };
        line!(out, "# {state}: {}{refused}, {}", count(user.records, "record"), when(user.span));
    }
    if let Some((usual, most)) =
        class.users().max_by_key(|user| user.records).and_then(|user| user.gaps)
    {
        let shown = (usual.hours_minutes_up(), most.hours_minutes_up());
        let (gap, longest) = (&shown.0, &shown.1);
        // A consumer that was silent for more than two usual gaps has no plain schedule.
        if most.0 <= 2 * usual.0 {
            line!(
                out,
                "# every       = \"{gap}\"   # CONFIRM: the usual gap; the longest was {longest}"
            );
        } else {
            line!(
                out,
                "# usual gap {gap}, longest {longest}: set `every` if it runs on a schedule"
            );
        }
    }
    line!(out, "# owner       = \"which team\"");
    line!(out, "# refresh     = \"on-start\"   # when it reads a new value");
    line!(
        out,
        "# session_max = \"12h\"        # how long a pool or session can outlive the change"
    );
}

/// Words in the names of what runs rarely and is needed urgently.
const EXCEPTIONAL: [&str; 7] =
    ["replay", "fallback", "manual", "emergency", "breakglass", "recovery", "oncall"];
/// A consumer seen in fewer hours than this is rare.
const RARE_HOURS: usize = 4;

fn path_of(is_busiest: bool, name: &str, class: &DraftClass<'_>) -> &'static str {
    let hours = class.users().map(|user| user.hours).max().unwrap_or(0);
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
        .map(|character| match character {
            'a'..='z' | '0'..='9' => character,
            'A'..='Z' => character.to_ascii_lowercase(),
            _ => '-',
        })
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

/// The match table of a consumer: the exact value, or an agent of any version.
fn matching(consumer: &NamedConsumer) -> String {
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
