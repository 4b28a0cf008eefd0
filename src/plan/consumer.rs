/*! Reads `[[consumer]]`: who uses the credential. */

use std::collections::BTreeMap;

use super::checked_plan::{Consumer, JudgementLimits};
use super::document::{PlanTable, PlanValue};
use super::judgement_limits::{above_zero, limits};
use super::keys::LIMITS;
use super::matching::{LocatedMatch, any_of, canonical, without_places};
use super::times::{cadence, duration};
use super::values::{flag, text, texts, word};
use super::words::{PATHS, REFRESHES, USES};
use crate::diag::{Diagnostics, quoted};
use crate::model::{Duration, PathKind, Refresh, Use};

/// How late records may arrive if the plan does not say, and the window is long enough for that.
const LAG: Duration = Duration(15 * Duration::MINUTE.0);

/// A lag of no more than clocks may differ by is accepted whatever the window: no rule tells such times apart.
const LAG_SHORT: Duration = Duration::MINUTE;

/// What the rest of the plan says that a consumer depends on.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// The limits of consumers that have none of their own.
    pub(super) limits: &'a JudgementLimits,
    /// The window, if it could be read.
    pub(super) window: Option<Duration>,
}

/// A consumer with its match tables, whose places are needed until the tables of all consumers are compared.
struct LocatedConsumer {
    consumer: Consumer,
    matches: Vec<LocatedMatch>,
}

/// Reads all consumers, and compares their match tables.
pub(super) fn consumers(
    tables: &[PlanTable<'_>],
    common: Surroundings<'_>,
    out: &mut Diagnostics,
) -> Vec<Consumer> {
    let consumers = tables.iter().filter_map(|table| consumer(table, common, out)).collect();
    compare_matches(consumers, out)
}

/// Reads one consumer.
fn consumer(
    table: &PlanTable<'_>,
    common: Surroundings<'_>,
    out: &mut Diagnostics,
) -> Option<LocatedConsumer> {
    let class = table.need("class", out, text);
    let matches = table.get("match", out, any_of);
    let mut consumer = described(table, out);
    timed(table, common.window, &mut consumer, out);
    consumer.fallback = table.get("fallback", out, any_of).map(without_places).unwrap_or_default();
    consumer.limits =
        match table.get("limits", out, |value, out| PlanTable::new(value, &LIMITS, out)) {
            Some(table) => limits(&table, common.limits, out),
            None => common.limits.clone(),
        };
    let matches = if table.value("match").is_some() { matches? } else { Vec::new() };
    consumer.class = class?;
    Some(LocatedConsumer { consumer, matches })
}

fn described(table: &PlanTable<'_>, out: &mut Diagnostics) -> Consumer {
    Consumer {
        class: String::new(),
        path: table
            .get("path", out, |value, out| word(value, out, &PATHS, PathKind::word))
            .unwrap_or_default(),
        usage: table
            .get("use", out, |value, out| word(value, out, &USES, Use::word))
            .unwrap_or_default(),
        owner: table.get("owner", out, text),
        refresh: table
            .get("refresh", out, |value, out| word(value, out, &REFRESHES, Refresh::word)),
        session_max: None,
        slowest: None,
        every: None,
        lag: LAG,
        effects: table.get("effects", out, texts).unwrap_or_default(),
        derived: table.get("derived", out, texts).unwrap_or_default(),
        environments: table.get("environments", out, texts).unwrap_or_default(),
        is_fallback: table.get("is_fallback", out, flag).unwrap_or_default(),
        run_settles: table.get("run_settles", out, flag).unwrap_or_default(),
        matches: Vec::new(),
        fallback: Vec::new(),
        disabled: table.get("disabled", out, flag).unwrap_or_default(),
        disabled_reason: table.get("disabled_reason", out, text),
        limits: JudgementLimits::default(),
        site: table.site(out),
    }
}

fn timed(
    table: &PlanTable<'_>,
    window: Option<Duration>,
    consumer: &mut Consumer,
    out: &mut Diagnostics,
) {
    consumer.session_max = table.get("session_max", out, duration);
    consumer.slowest = table.get("slowest", out, above_zero);
    consumer.every = table.get("every", out, cadence);
    let lag = table.get("lag", out, |value, out| lag(value, window, out));
    consumer.lag =
        lag.unwrap_or_else(|| longest_lag(window).map_or(LAG, |longest| LAG.min(longest)));
}

/// The last `lag` of the window cannot be asked for, so it may not be more than a part of the window.
fn longest_lag(window: Option<Duration>) -> Option<Duration> {
    window.map(|window| window.scaled(1, 4))
}

fn lag(value: PlanValue<'_>, window: Option<Duration>, out: &mut Diagnostics) -> Option<Duration> {
    let lag = duration(value, out)?;
    let longest = longest_lag(window).filter(|longest| lag > LAG_SHORT.max(*longest));
    let Some(longest) = longest else { return Some(lag) };
    let message =
        format!("expected a lag of at most {}, a quarter of the window", longest.hours_minutes());
    out.push("plan::lag-too-long", value.span(), message)
        .label("records that come so late leave too little of the window to look at")
        .help("make `window` longer, or judge with `--as-of` when the records have arrived");
    None
}

/// Reports a plan without consumers.
pub(super) fn report_absence(root: &PlanTable<'_>, out: &mut Diagnostics) {
    let span = root.value("consumer").map_or(root.span(), PlanValue::span);
    out.push("plan::zero-classes", span, "expected at least one `[[consumer]]`")
        .label("who uses the credential?")
        .help("write `[[consumer]]` with `class` and `match`; `holdover discover` drafts it");
}

/// Reports consumers with the same class, and consumers to which no record can belong. `of_sources` are the classes
/// that sources name.
pub(super) fn check_classes(tables: &[PlanTable<'_>], of_sources: &[&str], out: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, PlanValue<'_>> = BTreeMap::new();
    for table in tables {
        let Some(value) = table.value("class") else { continue };
        let Some(class) = value.toml.get_ref().as_str() else { continue };
        if let Some(first) = seen.insert(class, value) {
            let (line, column) = out.position(first.span().start);
            let message =
                format!("the consumer {} is already declared at {line}:{column}", quoted(class));
            out.push("plan::duplicate-class", value.span(), message).label("declared again").help(
                "merge the two: a record belongs to a consumer if any table of its `match` fits",
            );
        }
        if table.lacks("match") && !of_sources.contains(&class) {
            let message = format!("no record can belong to the consumer {}", quoted(class));
            out.push("plan::unmatchable", value.span(), message)
                .label("no `match`, and no source names it")
                .help(
                    "add `match = [{ service_name = \"...\" }]`, \
                     or a `[[source]]` with this `class`",
                );
        }
    }
}

/// Returns the consumers, after it has reported match tables that two of them share.
fn compare_matches(located: Vec<LocatedConsumer>, out: &mut Diagnostics) -> Vec<Consumer> {
    let mut seen: BTreeMap<_, (&str, (u32, u32))> = BTreeMap::new();
    for LocatedConsumer { consumer, matches } in &located {
        let class = consumer.class.as_str();
        for table in matches {
            let here = out.position(table.span().start);
            let (other, at) = *seen.entry(canonical(table.get_ref())).or_insert((class, here));
            if other != class {
                identical(table, class, other, at, out);
            }
        }
    }
    let consumers = located.into_iter().map(|LocatedConsumer { consumer, matches }| Consumer {
        matches: without_places(matches),
        ..consumer
    });
    consumers.collect()
}

fn identical(
    table: &LocatedMatch,
    class: &str,
    other: &str,
    (line, column): (u32, u32),
    out: &mut Diagnostics,
) {
    let (class, other) = (quoted(class), quoted(other));
    let message = format!("{class} matches the same records as {other} at {line}:{column}");
    out.push("plan::identical-match", table.span(), message).label("the same table again").help(
        "a record that matches two consumers counts for neither: add a key that tells them apart",
    );
}
