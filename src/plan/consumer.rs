/*! `[[consumer]]`: who uses the credential. */

use std::collections::BTreeMap;

use super::keys::LIMITS;
use super::limits::limits;
use super::matching::{Placed, any_of, canonical};
use super::read::{Node, Table, flag, string, text, texts, word};
use super::time::{cadence, duration};
use super::types::{Consumer, Limits, MatchTable};
use crate::diag::{Diagnostics, nearest, quoted};
use crate::model::{ClassId, Duration, PathKind, Refresh, Use};

const PATHS: [PathKind; 3] = [PathKind::Primary, PathKind::Background, PathKind::Exception];
const USES: [Use; 2] = [Use::Direct, Use::Indirect];
const REFRESHES: [Refresh; 5] =
    [Refresh::PerRequest, Refresh::PerRun, Refresh::OnStart, Refresh::AtLaunch, Refresh::Cached];
const LAG: Duration = Duration(15 * Duration::MINUTE.0);

/// A class, with its match tables and their places.
pub(super) struct Draft {
    consumer: Consumer,
    matches: Vec<Placed>,
}

/// The words of `path`.
pub(super) fn paths() -> Vec<&'static str> {
    PATHS.map(PathKind::word).to_vec()
}

/// The words of `use`.
pub(super) fn uses() -> Vec<&'static str> {
    USES.map(Use::word).to_vec()
}

/// The words of `refresh`.
pub(super) fn refreshes() -> Vec<&'static str> {
    REFRESHES.map(Refresh::word).to_vec()
}

/// One consumer.
pub(super) fn consumer(table: &Table<'_>, of_all: &Limits, out: &mut Diagnostics) -> Option<Draft> {
    let class = table.need("class", out, text);
    let matches = table.get("match", out, any_of);
    let mut consumer = described(table, out);
    timed(table, &mut consumer, out);
    consumer.fallback = table.get("fallback", out, any_of).map(plain).unwrap_or_default();
    consumer.limits = match table.get("limits", out, |node, out| Table::new(node, &LIMITS, out)) {
        Some(own) => limits(&own, of_all, out),
        None => of_all.clone(),
    };
    let matches = if table.node("match").is_some() { matches? } else { Vec::new() };
    consumer.class = class?;
    Some(Draft { consumer, matches })
}

fn described(table: &Table<'_>, out: &mut Diagnostics) -> Consumer {
    Consumer {
        class: String::new(),
        path: table
            .get("path", out, |node, out| word(node, out, &PATHS, PathKind::word))
            .unwrap_or_default(),
        usage: table
            .get("use", out, |node, out| word(node, out, &USES, Use::word))
            .unwrap_or_default(),
        owner: table.get("owner", out, text),
        refresh: table.get("refresh", out, |node, out| word(node, out, &REFRESHES, Refresh::word)),
        session_max: None,
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
        limits: Limits::default(),
        site: table.site(out),
    }
}

fn timed(table: &Table<'_>, consumer: &mut Consumer, out: &mut Diagnostics) {
    consumer.session_max = table.get("session_max", out, duration);
    consumer.every = table.get("every", out, cadence);
    consumer.lag = table.get("lag", out, duration).unwrap_or(LAG);
}

/// The tables without their places.
pub(super) fn plain(placed: Vec<Placed>) -> Vec<MatchTable> {
    placed.into_iter().map(Placed::into_inner).collect()
}

/// The names of all classes, in the plan's order; empty where a consumer has none.
pub(super) fn names<'t>(tables: &[Table<'t>]) -> Vec<&'t str> {
    let name = |table: &Table<'t>| table.node("class")?.value.get_ref().as_str();
    tables.iter().map(|table| name(table).unwrap_or_default()).collect()
}

/// Notes two consumers of one class, and consumers that no record can belong to.
pub(super) fn check(tables: &[Table<'_>], sourced: &[&str], out: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, Node<'_>> = BTreeMap::new();
    for table in tables {
        let Some(node) = table.node("class") else { continue };
        let Some(class) = node.value.get_ref().as_str() else { continue };
        if let Some(first) = seen.insert(class, node) {
            let (line, column) = out.position(first.span().start);
            let message =
                format!("the class {} is declared already, at {line}:{column}", quoted(class));
            out.push("plan::duplicate-class", node.span(), message)
                .label("declared again")
                .help("join the two: a record belongs to it if any table of its `match` holds");
        }
        if table.lacks("match") && !sourced.contains(&class) {
            let message = format!("no record can belong to the class {}", quoted(class));
            out.push("plan::unmatchable", node.span(), message)
                .label("no `match`, and no source names it")
                .help(
                    "add `match = [{ service_name = \"...\" }]`, \
                     or a `[[source]]` with this `class`",
                );
        }
    }
}

/// The consumers, after noting tables that two classes share.
pub(super) fn settle(drafts: Vec<Draft>, out: &mut Diagnostics) -> Vec<Consumer> {
    let mut seen: BTreeMap<_, (&str, (u32, u32))> = BTreeMap::new();
    for draft in &drafts {
        let class = draft.consumer.class.as_str();
        for placed in &draft.matches {
            let here = out.position(placed.span().start);
            let (other, at) = *seen.entry(canonical(placed.get_ref())).or_insert((class, here));
            if other != class {
                identical(placed, [class, other], at, out);
            }
        }
    }
    let settled = drafts.into_iter();
    settled.map(|one| Consumer { matches: plain(one.matches), ..one.consumer }).collect()
}

fn identical(
    placed: &Placed,
    [class, other]: [&str; 2],
    (line, column): (u32, u32),
    out: &mut Diagnostics,
) {
    let (class, other) = (quoted(class), quoted(other));
    let message =
        format!("{class} matches the very records that {other} matches, at {line}:{column}");
    out.push("plan::identical-match", placed.span(), message)
        .label("the same table again")
        .help("records of two classes count for neither: add a key that tells them apart");
}

/// The class of that name, by its number.
pub(super) fn class_named(
    node: Node<'_>,
    classes: &[&str],
    out: &mut Diagnostics,
) -> Option<ClassId> {
    let name = string(node, out)?;
    if let Some(number) = classes.iter().position(|class| *class == name) {
        return u16::try_from(number).ok().map(ClassId);
    }
    let help = match nearest(name, classes.iter().copied()) {
        Some(near) => format!("the plan declares {}", quoted(near)),
        None => "declare it: `[[consumer]]` with this `class`".to_owned(),
    };
    out.push("plan::unknown-class", node.span(), format!("no class named {}", quoted(name)))
        .label("no consumer declares it")
        .help(help);
    None
}
