/*! Reads `[[waiver]]`: findings that somebody answers for. */

use super::checked_plan::Waiver;
use super::class_names::class_named;
use super::document::{PlanTable, PlanValue, listed};
use super::known_names::{KnownNames, KnownRule};
use super::matching::{any_of_columns, without_places};
use super::times::instant;
use super::values::{string, text};
use crate::diag::{Diagnostics, nearest, quoted};
use crate::model::finding::Waivable;

const REQUIRED: [&str; 4] = ["rule", "owner", "until", "reason"];

/// Reads one waiver.
pub(super) fn waiver(
    table: &PlanTable<'_>,
    known: &KnownNames<'_>,
    classes: &[&str],
    out: &mut Diagnostics,
) -> Option<Waiver> {
    check_required(table, out);
    let rule = table.get("rule", out, |value, out| rule(value, known, out));
    let class = table.get("class", out, |value, out| class_named(value, classes, out));
    let matches = table.get("match", out, any_of_columns).map(without_places).unwrap_or_default();
    let owner = table.get("owner", out, text);
    let until = table.get("until", out, instant);
    let reason = table.get("reason", out, text);
    let rule = rule?;
    check_narrowing(table, rule, known, out);
    let rule = rule.name.to_owned();
    let (owner, until, reason) = (owner?, until?, reason?);
    Some(Waiver { rule, class, matches, owner, until, reason, site: table.site(out) })
}

fn check_required(table: &PlanTable<'_>, out: &mut Diagnostics) {
    let missing: Vec<_> = REQUIRED.into_iter().filter(|key| table.lacks(key)).collect();
    if !missing.is_empty() {
        let message = format!("expected {} in `[[waiver]]`", listed(missing, "and"));
        out.push("plan::waiver-incomplete", table.span(), message).label("incomplete waiver").help(
            "a waiver names its `rule`, the `owner` who answers for it, \
                 the time `until` which it holds, and the `reason`",
        );
    }
}

fn rule<'k>(
    value: PlanValue<'_>,
    known: &KnownNames<'k>,
    out: &mut Diagnostics,
) -> Option<&'k KnownRule<'k>> {
    let name = string(value, out)?;
    match known.rules.iter().find(|rule| rule.name == name) {
        Some(rule) if rule.waivable.is_waivable() => return Some(rule),
        Some(_) => {
            out.push(
                "plan::not-waivable",
                value.span(),
                format!("the rule `{name}` cannot be waived"),
            )
            .label("no waiver may take out its findings")
            .help(format!("resolve its findings instead; `holdover explain {name}` says how"));
        }
        None => {
            let help = match nearest(name, known.rules.iter().map(|rule| rule.name)) {
                Some(near) => format!("the nearest known rule is `{near}`"),
                None => "each finding names its rule, such as `exception-path-untested`".to_owned(),
            };
            let message = format!("there is no rule {}", quoted(name));
            out.push("plan::unknown-rule", value.span(), message)
                .label("not a known rule")
                .help(help);
        }
    }
    None
}

/// Reports a waiver that is narrowed in the wrong way. Findings about undeclared consumers are named by what their
/// records show, so their waivers take `match`. All others take `class`,
/// and those about members of a class take either.
fn check_narrowing(
    table: &PlanTable<'_>,
    rule: &KnownRule<'_>,
    known: &KnownNames<'_>,
    out: &mut Diagnostics,
) {
    let takes_match = |rule: &KnownRule<'_>| match rule.waivable {
        Waivable::ByMatch | Waivable::ByMatchOnly | Waivable::ByClassOrMatch => true,
        Waivable::Never | Waivable::ByClass => false,
    };
    let takes_class = rule.waivable == Waivable::ByClassOrMatch;
    let (name, by_match) = (rule.name, takes_match(rule));
    if let Some(value) = table.value("match").filter(|_| !by_match) {
        let narrowed = known.rules.iter().filter(|rule| takes_match(rule));
        let message = format!("expected `class` in a waiver of `{name}`, found `match`");
        out.push("plan::waiver-takes-no-match", value.span(), message)
            .label("its findings are about declared consumers")
            .help(format!(
                "write `class = \"...\"`; `match` is for {}",
                listed(narrowed.map(|rule| rule.name), "and")
            ));
    }
    let class = table.value("class").filter(|_| by_match && !takes_class);
    let lacks_match = rule.waivable == Waivable::ByMatchOnly && table.lacks("match");
    if class.is_some() || lacks_match {
        let span = class.map_or(table.span(), PlanValue::span);
        let found = if class.is_some() { ", found `class`" } else { "" };
        let message = format!("expected `match` in a waiver of `{name}`{found}");
        out.push("plan::waiver-needs-match", span, message)
            .label("whose use is it?")
            .help("write `match = [{ user_agent = \"curl/8.5.0\" }]` with the values that the report shows");
    }
}
