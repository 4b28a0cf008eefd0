/*! The plan: what the team promised before the rotation. `load` returns a checked plan, or every mistake in it.
 *
 * `document` and `values` read TOML by the list in `keys`. One file for each table of the plan turns it into the types
 * of `checked_plan`. `reading_plan` is the part of it on which reading logs depends.
 */

mod checked_plan;
mod class_names;
mod codes;
mod consumer;
mod credential;
mod cron;
mod document;
mod judgement_limits;
mod keys;
mod known_names;
mod markers;
mod matching;
mod placeholder;
mod reading_plan;
mod rotation;
mod schema;
mod source;
pub mod spelling;
mod terms;
mod times;
mod values;
mod waiver;
mod words;

pub use checked_plan::{
    Consumer, Credential, CutoverModel, InFlight, JudgementLimits, Marker, MatchKey, MatchTable,
    OF_PATH, Pattern, Plan, PlanSource, RotationPlan, Site, Version, Waiver,
};
pub use codes::CODES;
pub use known_names::{KnownNames, KnownRule};
pub use placeholder::is_unsaid;
pub use reading_plan::{ReadingClass, ReadingPlan, ReadingVersion};
pub use schema::schema;
pub use terms::terms;

use sha2::{Digest, Sha256};

use crate::diag::Diagnostics;
use crate::model::hex;
use class_names::class_names;
use document::{PlanTable, tables};
use keys::{CONSUMER, CREDENTIAL, LIMITS, ROOT, ROTATION, SOURCE, WAIVER};

/// Reads a plan from its text, or reports all of its mistakes. `file` is its name in messages; no file is opened.
pub fn load(file: &str, text: &str, known: &KnownNames<'_>) -> Result<Plan, Diagnostics> {
    let mut out = Diagnostics::new(file, text);
    let root = document::parse(text, &mut out);
    let plan = root.and_then(|root| {
        let root = PlanTable::of(&root, 0..0, &ROOT, &mut out);
        read(file, &root, known, &mut out)
    });
    match out.finish(plan)? {
        Some(plan) => Ok(Plan { sha256: Some(hex(&Sha256::digest(text.as_bytes()))), ..plan }),
        None => unreachable!("a plan that could not be read has a mistake"),
    }
}

fn read(
    file: &str,
    root: &PlanTable<'_>,
    known: &KnownNames<'_>,
    out: &mut Diagnostics,
) -> Option<Plan> {
    let credential = root.need("credential", out, |value, out| {
        credential::credential(&PlanTable::new(value, &CREDENTIAL, out)?, out)
    });
    let rotation = root.need("rotation", out, |value, out| {
        rotation::rotation(&PlanTable::new(value, &ROTATION, out)?, out)
    });
    let limits = match root.get("limits", out, |value, out| PlanTable::new(value, &LIMITS, out)) {
        Some(table) => judgement_limits::limits(&table, &JudgementLimits::default(), out),
        None => JudgementLimits::default(),
    };
    let consumer_tables = tables(root, "consumer", &CONSUMER, out);
    if consumer_tables.as_ref().is_some_and(Vec::is_empty) && !root.misspells("consumer") {
        consumer::report_absence(root, out);
    }
    let consumer_tables = consumer_tables.unwrap_or_default();
    let source_tables = tables(root, "source", &SOURCE, out).unwrap_or_default();
    let classes = class_names(&consumer_tables);
    consumer::check_classes(&consumer_tables, &class_names(&source_tables), out);
    let window = rotation.as_ref().map(|rotation| rotation.window);
    let common = consumer::Surroundings { limits: &limits, window };
    let consumers = consumer::consumers(&consumer_tables, common, out);
    let sources: Vec<_> =
        source_tables.iter().map(|table| source::source(table, known, &classes, out)).collect();
    let waivers = tables(root, "waiver", &WAIVER, out).unwrap_or_default();
    let waivers: Vec<_> =
        waivers.iter().map(|table| waiver::waiver(table, known, &classes, out)).collect();
    let (credential, versions) = credential?;
    Some(Plan {
        file: file.to_owned(),
        sha256: None,
        credential,
        versions,
        rotation: rotation?,
        consumers,
        sources: sources.into_iter().collect::<Option<_>>()?,
        waivers: waivers.into_iter().collect::<Option<_>>()?,
        limits,
    })
}
