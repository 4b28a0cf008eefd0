/*! The plan: what the team promised before the rotation. `load` gives a plan that holds, or every mistake in it. */

mod codes;
mod consumer;
mod credential;
mod cron;
mod keys;
mod limits;
mod markers;
mod matching;
mod read;
mod reading;
mod rotation;
mod schema;
mod source;
mod time;
mod types;
mod waiver;

pub use codes::CODES;
pub use reading::{ReadingClass, ReadingPlan, ReadingVersion};
pub use schema::schema;
pub use types::{
    Consumer, Credential, CutoverModel, InFlight, Limits, Marker, MatchKey, MatchTable, Pattern,
    Plan, RotationPlan, Site, Source, Version, Waiver,
};

use crate::diag::Diagnostics;
use crate::model::finding::Waivable;
use keys::{CONSUMER, CREDENTIAL, LIMITS, ROOT, ROTATION, SOURCE, WAIVER};
use read::{Table, tables};

/// What a plan may name that is defined elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Known<'k> {
    /// The rules.
    pub rules: &'k [KnownRule<'k>],
    /// The source profiles.
    pub profiles: &'k [&'k str],
}

/// A rule, as far as a plan is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownRule<'k> {
    /// Its name.
    pub name: &'k str,
    /// How a waiver may take its findings out.
    pub waivable: Waivable,
}

/// The plan of that text, or all that is wrong with it. `file` is a name for messages; nothing is opened.
pub fn load(file: &str, text: &str, known: &Known<'_>) -> Result<Plan, Diagnostics> {
    let mut out = Diagnostics::new(file, text);
    let root = read::document(text, &mut out);
    let plan = root.and_then(|root| {
        let root = Table::of(&root, 0..0, &ROOT, &mut out);
        whole(file, &root, known, &mut out)
    });
    match out.finish(plan)? {
        Some(plan) => Ok(plan),
        None => unreachable!("what keeps a plan from being whole is a mistake in it"),
    }
}

fn whole(file: &str, root: &Table<'_>, known: &Known<'_>, out: &mut Diagnostics) -> Option<Plan> {
    let credential = root.need("credential", out, |node, out| {
        credential::credential(&Table::new(node, &CREDENTIAL, out)?, out)
    });
    let rotation = root.need("rotation", out, |node, out| {
        rotation::rotation(&Table::new(node, &ROTATION, out)?, out)
    });
    let limits = match root.get("limits", out, |node, out| Table::new(node, &LIMITS, out)) {
        Some(table) => limits::limits(&table, &Limits::default(), out),
        None => Limits::default(),
    };
    let consumer_tables = tables(root, "consumer", &CONSUMER, out);
    if consumer_tables.as_ref().is_some_and(Vec::is_empty) && !root.misspells("consumer") {
        zero_classes(root, out);
    }
    let consumer_tables = consumer_tables.unwrap_or_default();
    let source_tables = tables(root, "source", &SOURCE, out).unwrap_or_default();
    let classes = consumer::names(&consumer_tables);
    consumer::check(&consumer_tables, &consumer::names(&source_tables), out);
    let drafts: Vec<_> =
        consumer_tables.iter().filter_map(|one| consumer::consumer(one, &limits, out)).collect();
    let consumers = consumer::settle(drafts, out);
    let sources = source_tables.iter().map(|one| source::source(one, known, &classes, out));
    let sources: Vec<_> = sources.collect();
    let waivers = tables(root, "waiver", &WAIVER, out).unwrap_or_default();
    let waivers: Vec<_> =
        waivers.iter().map(|one| waiver::waiver(one, known, &classes, out)).collect();
    let (credential, versions) = credential?;
    Some(Plan {
        file: file.to_owned(),
        credential,
        versions,
        rotation: rotation?,
        consumers,
        sources: sources.into_iter().collect::<Option<_>>()?,
        waivers: waivers.into_iter().collect::<Option<_>>()?,
        limits,
    })
}

fn zero_classes(root: &Table<'_>, out: &mut Diagnostics) {
    let span = root.node("consumer").map_or(root.span(), read::Node::span);
    out.push("plan::zero-classes", span, "expected at least one `[[consumer]]`")
        .label("who uses the credential?")
        .help("write `[[consumer]]` with `class` and `match`; `holdover discover` drafts it");
}
