/*! Reads the tables of a plan, each with its own part, and puts them together. */

use super::checked_plan::{JudgementLimits, Plan};
use super::class_names::class_names;
use super::document::{PlanTable, tables};
use super::keys::{CONSUMER, CREDENTIAL, LIMITS, ROTATION, SOURCE, WAIVER};
use super::known_names::KnownNames;
use super::{consumer, credential, judgement_limits, rotation, source, waiver};
use crate::diag::Diagnostics;
use crate::model::Duration;

/// Reads a plan from the root of its document.
pub(super) fn read(
    file: &str,
    root: &PlanTable<'_>,
    known: &KnownNames<'_>,
    window_else: Option<Duration>,
    out: &mut Diagnostics,
) -> Option<Plan> {
    let credential = root.need("credential", out, |value, out| {
        credential::credential(&PlanTable::new(value, &CREDENTIAL, out)?, out)
    });
    let rotation = root.need("rotation", out, |value, out| {
        rotation::rotation(&PlanTable::new(value, &ROTATION, out)?, window_else, out)
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
