/*! `[[waiver]]`: findings somebody answers for. */

use super::consumer::{class_named, plain};
use super::matching::any_of_columns;
use super::read::{Node, Table, listed, string, text};
use super::time::instant;
use super::types::Waiver;
use super::{Known, KnownRule};
use crate::diag::{Diagnostics, nearest, quoted};
use crate::model::finding::Waivable;

const REQUIRED: [&str; 4] = ["rule", "owner", "until", "reason"];

/// One waiver.
pub(super) fn waiver(
    table: &Table<'_>,
    known: &Known<'_>,
    classes: &[&str],
    out: &mut Diagnostics,
) -> Option<Waiver> {
    check_whole(table, out);
    let rule = table.get("rule", out, |node, out| rule(node, known, out));
    let class = table.get("class", out, |node, out| class_named(node, classes, out));
    let matches = table.get("match", out, any_of_columns).map(plain).unwrap_or_default();
    let owner = table.get("owner", out, text);
    let until = table.get("until", out, instant);
    let reason = table.get("reason", out, text);
    let rule = rule?;
    check_narrowing(table, rule, known, out);
    let rule = rule.name.to_owned();
    let (owner, until, reason) = (owner?, until?, reason?);
    Some(Waiver { rule, class, matches, owner, until, reason, site: table.site(out) })
}

fn check_whole(table: &Table<'_>, out: &mut Diagnostics) {
    let missing: Vec<_> = REQUIRED.into_iter().filter(|key| table.lacks(key)).collect();
    if !missing.is_empty() {
        let message = format!("expected {} in `[[waiver]]`", listed(missing, "and"));
        out.push("plan::waiver-incomplete", table.span(), message)
            .label("nobody answers for it in full")
            .help(
                "a waiver says which `rule`, who answers (`owner`), `until` when, and the `reason`",
            );
    }
}

fn rule<'k>(node: Node<'_>, known: &Known<'k>, out: &mut Diagnostics) -> Option<&'k KnownRule<'k>> {
    let name = string(node, out)?;
    match known.rules.iter().find(|rule| rule.name == name) {
        Some(rule) if rule.waivable.is_waivable() => return Some(rule),
        Some(_) => {
            out.push(
                "plan::not-waivable",
                node.span(),
                format!("the rule `{name}` cannot be waived"),
            )
            .label("not for anybody to waive")
            .help(format!("settle it instead; `holdover explain {name}` says how"));
        }
        None => {
            let help = match nearest(name, known.rules.iter().map(|rule| rule.name)) {
                Some(near) => format!("the nearest known rule is `{near}`"),
                None => {
                    "findings carry the names of their rules, such as `exception-path-untested`"
                        .to_owned()
                }
            };
            out.push("plan::unknown-rule", node.span(), format!("no rule named {}", quoted(name)))
                .label("not a known rule")
                .help(help);
        }
    }
    None
}

/// Findings without a class are named by what their records show: their waivers take `match`, all others `class`.
fn check_narrowing(
    table: &Table<'_>,
    rule: &KnownRule<'_>,
    known: &Known<'_>,
    out: &mut Diagnostics,
) {
    let takes_match =
        |rule: &KnownRule<'_>| matches!(rule.waivable, Waivable::ByMatch | Waivable::ByMatchOnly);
    let (name, by_match) = (rule.name, takes_match(rule));
    if let Some(node) = table.node("match").filter(|_| !by_match) {
        let narrowed = known.rules.iter().filter(|rule| takes_match(rule));
        let message = format!("a waiver of `{name}` takes `class`, found `match`");
        out.push("plan::waiver-takes-no-match", node.span(), message)
            .label("its findings are of declared classes")
            .help(format!(
                "write `class = \"...\"`; `match` is for {}",
                listed(narrowed.map(|rule| rule.name), "and")
            ));
    }
    let class = table.node("class").filter(|_| by_match);
    let lacks_match = rule.waivable == Waivable::ByMatchOnly && table.lacks("match");
    if class.is_some() || lacks_match {
        let span = class.map_or(table.span(), Node::span);
        let found = if class.is_some() { ", found `class`" } else { "" };
        let message = format!("expected `match` in a waiver of `{name}`{found}");
        out.push("plan::waiver-needs-match", span, message)
            .label("whose use is it?")
            .help("write `match = [{ user_agent = \"curl/8.5.0\" }]` with the hints of the report");
    }
}
