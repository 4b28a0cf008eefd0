/*! A first plan from the credentials that were found. Every guess is marked, and what nobody can guess is left open. */

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::model::columns::Column;
use crate::model::{Duration, Span};
use crate::safe::terminal;
use crate::wording::count;

use super::choice::Chosen;
use super::classes::{DraftClass, DraftMatch, classes};
use super::credential::{DiscoveredCredential, user};
use super::discovery::Discovery;
use super::holder::NamedConsumer;
use super::inputs::patterns;
use super::source_draft::{SourceDraft, quoted};
use super::tally::Usage;

/// At most this many other credentials are named.
const OTHERS_MAX: usize = 20;

/// The text of a first plan, which `holdover plan check` accepts. `fields` are the sources that read more of an input,
/// by its position.
pub fn draft(found: &Discovery, chosen: &Chosen, fields: &BTreeMap<usize, SourceDraft>) -> String {
    let (mut classes, left) = classes(&chosen.old, chosen.new.as_ref(), &found.inputs);
    let mut taken = BTreeSet::new();
    for class in &mut classes {
        class.name = class_name(&class.name, &mut taken);
    }
    let mut text = String::new();
    head(&mut text, found);
    versions(&mut text, chosen, found);
    rotation(&mut text, chosen, found);
    consumers(&mut text, &classes, left);
    sources(&mut text, &sources_of(found, chosen, &classes, fields), found);
    text
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
    let inputs = count(found.inputs.len(), "input");
    line!(out, "# A first plan, drafted by `holdover discover` from {inputs}.");
    line!(out, "#");
    line!(
        out,
        "# Each line marked CONFIRM is a guess from the exports. Check every one of them: a verdict is only as good"
    );
    line!(
        out,
        "# as its plan. What stands in angle brackets is missing, and a report says so until you fill it in."
    );
    line!(
        out,
        "# Consumers without records are missing, too: add the jobs, tools and people that you know of."
    );
    line!(out);
}

fn versions(out: &mut String, Chosen { old, new }: &Chosen, found: &Discovery) {
    line!(out, "[credential]");
    line!(out, "name = \"<what you call it>\"");
    for (name, state, credential) in [("v1", "old", Some(old)), ("v2", "new", new.as_ref())] {
        line!(out);
        line!(out, "[[credential.version]]");
        line!(out, "name    = \"{name}\"");
        line!(out, "state   = \"{state}\"");
        let Some(credential) = credential else {
            line!(out, "# no credential in the exports seems to replace the old one");
            line!(out, "markers = [\"<the id of the new version>\"]");
            continue;
        };
        line!(out, "# CONFIRM: {}, {}", count(credential.records, "record"), when(credential.span));
        if credential.marker.starts_with("sha256:") {
            line!(out, "# the digest of a value that is {} in the exports", plain(&credential.uid));
        }
        line!(out, "markers = [{}]", quoted(&credential.marker));
    }
    let is_other = |other: &&DiscoveredCredential| {
        other.uid != old.uid && new.as_ref().is_none_or(|new| new.uid != other.uid)
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
        let records = count(other.records, "record");
        line!(out, "#   {}: {records}, {}", plain(&other.uid), when(other.span));
    }
    if let Some(more @ 1..) = others.len().checked_sub(OTHERS_MAX) {
        line!(out, "#   and {more} more, which `holdover discover` lists");
    }
}

/// The change lies ahead until somebody says when it is.
const UNDATED: &str = "2099-01-01T00:00:00Z";

fn rotation(out: &mut String, Chosen { old, new }: &Chosen, found: &Discovery) {
    line!(out);
    line!(out, "[rotation]");
    let of_new = new.as_ref().and_then(|new| new.span).map(|span| span.from);
    let latest = || found.credentials.iter().filter_map(|seen| Some(seen.span?.to)).max();
    let of_old = old.span.map(|span| span.to);
    let (why, at) = match (of_new, of_old.or_else(latest)) {
        (Some(first), _) => (
            "the time of the first record of the new version, which became valid then or earlier",
            first.rfc3339(),
        ),
        (None, Some(last)) => (
            "when the new version becomes valid; this is the time of the last record that shows a credential",
            last.rfc3339(),
        ),
        (None, None) => ("when the new version becomes valid", UNDATED.to_owned()),
    };
    line!(out, "# CONFIRM: {why}");
    line!(out, "introduced     = {at}");
    line!(out, "window         = \"48h\"         # CONFIRM: for how long there must be no old use");
    line!(out, "rollback       = \"<how to restore the old version>\"");
    line!(out, "decision_owner = \"<who may revoke>\"");
    line!(
        out,
        "# in_flight      = \"requeue\"   # what happens to work that was queued before the change"
    );
}

fn consumers(out: &mut String, classes: &[DraftClass], left: u64) {
    for (position, class) in classes.iter().enumerate() {
        line!(out);
        line!(out, "[[consumer]]");
        line!(out, "class = {}", quoted(&class.name));
        let path = path_of(position == 0, class);
        line!(out, "path  = \"{path}\"  # CONFIRM: primary, background or exception");
        if class.matches.is_empty() {
            line!(
                out,
                "# no record names it: it is known by its files alone, see the [[source]] below"
            );
        } else {
            let entries: Vec<String> = class.matches.iter().map(matching).collect();
            line!(out, "match = [{}]", entries.join(", "));
        }
        uses(out, class);
    }
    if classes.is_empty() {
        line!(out);
        line!(out, "# CONFIRM: no record shows a consumer of it");
        line!(out, "[[consumer]]");
        line!(out, "class = \"unknown-consumer\"");
        line!(out, "match = [{{ service_name = \"unknown-consumer\" }}]");
        line!(out, "owner = \"<which team>\"");
    }
    if left > 0 {
        line!(out);
        line!(
            out,
            "# {} name no consumer, in files that name others: give their source a field for the service.",
            count(left, "record")
        );
    }
}

/// A length as a person writes it in a plan: `30m`, `24h`, `1h30m`.
fn in_plan(length: Duration) -> String {
    let whole = length.hours_minutes_up();
    let short = whole.strip_prefix("0h").unwrap_or(&whole);
    short.strip_suffix("h0m").map_or_else(|| short.to_owned(), |hours| format!("{hours}h"))
}

fn uses(out: &mut String, class: &DraftClass) {
    for (state, usage) in [("old", &class.old), ("new", &class.new)] {
        if usage.records == 0 {
            continue;
        }
        let refused = match usage.refused {
            0 => String::new(),
            n => format!(", {n} refused"),
        };
        line!(out, "# {state}: {}{refused}, {}", count(usage.records, "record"), when(usage.span));
    }
    let busiest = if class.old.records > class.new.records { &class.old } else { &class.new };
    let nobody = NamedConsumer { by: None, name: String::new() };
    if let Some((usual, most)) = user(nobody, busiest).gaps {
        let (gap, longest) = (in_plan(usual), in_plan(most));
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
    line!(out, "owner         = \"<which team>\"");
    line!(out, "# refresh     = \"on-start\"   # FILL IN: when it reads a new value");
    line!(
        out,
        "# session_max = \"12h\"        # FILL IN: how long a pool or session can outlive the change"
    );
}

/// The sources that read more of an input, give it to a class, or map its words, by input.
fn sources_of(
    found: &Discovery,
    Chosen { old, new }: &Chosen,
    classes: &[DraftClass],
    fields: &BTreeMap<usize, SourceDraft>,
) -> BTreeMap<usize, SourceDraft> {
    let mut sources = fields.clone();
    let is_chosen = |uid: &str| uid == old.uid || new.as_ref().is_some_and(|new| new.uid == uid);
    for (word, _) in found.words.iter().filter(|(word, _)| is_chosen(&word.uid)) {
        sources.entry(word.input).or_default().words.insert(word.word.clone());
    }
    for class in classes {
        for input in &class.inputs {
            sources.entry(*input).or_default().class = Some(class.name.clone());
        }
    }
    sources
}

fn sources(out: &mut String, sources: &BTreeMap<usize, SourceDraft>, found: &Discovery) {
    let mut equal: BTreeMap<&SourceDraft, Vec<usize>> = BTreeMap::new();
    for (input, source) in sources {
        equal.entry(source).or_default().push(*input);
    }
    for (source, inputs) in equal {
        let path = |input: &usize| found.inputs.get(*input).map(|input| input.path.as_str());
        let paths: Vec<&str> = inputs.iter().filter_map(path).collect();
        let others = (0..found.inputs.len()).filter(|input| !inputs.contains(input));
        let others: Vec<&str> = others.filter_map(|input| path(&input)).collect();
        line!(out);
        line!(out, "# CONFIRM: what these inputs do not say, or say in words of their own");
        out.push_str(&source.text(&patterns(&paths, &others)));
    }
}

/// Words in the names of what runs rarely and is needed urgently.
const EXCEPTIONAL: [&str; 7] =
    ["replay", "fallback", "manual", "emergency", "breakglass", "recovery", "oncall"];
/// A consumer seen in fewer hours than this is rare.
const RARE_HOURS: usize = 4;

fn path_of(is_busiest: bool, class: &DraftClass) -> &'static str {
    let hours = |usage: &Usage| {
        usage.minutes.iter().map(|minute| minute.div_euclid(60)).collect::<BTreeSet<_>>().len()
    };
    let is_rare = hours(&class.old).max(hours(&class.new)) < RARE_HOURS;
    if EXCEPTIONAL.iter().any(|word| class.name.contains(word)) || is_rare {
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

/// A match table: exact values, an agent of any version, a role in any session.
fn matching(entry: &DraftMatch) -> String {
    let pairs = entry.iter().map(|(column, values)| {
        let values: Vec<String> =
            values.iter().map(|value| quoted(&pattern(*column, value))).collect();
        let value = match values.as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        format!("{} = {value}", column.name())
    });
    format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
}

fn pattern(column: Column, value: &str) -> String {
    let end = match column {
        Column::UserAgent => "(?:[\\/ ]|$)",
        Column::Principal if value.contains(":assumed-role/") => "(?:\\/|$)",
        _ if value.starts_with('/') => "$",
        _ => return value.to_owned(),
    };
    format!("/^{}{end}/", regex::escape(value).replace('/', "\\/"))
}
