/*! What changed between two reports, as JSON and as Markdown. The text for people stands in `text`. */

use std::fmt::Write;

use serde_json::{Value, json};

use crate::model::changes::{Change, Changes, Effect, Side, Topic};
use crate::safe::{markdown, markdown_code, mask_text};
use crate::wording::{self, Zone};

/// As data, schema `holdover.diff/1`.
pub fn json(changes: &Changes) -> Value {
    json!({
        "schema": "holdover.diff/1",
        "credential": mask_text(&changes.credential),
        "old": side(&changes.before),
        "new": side(&changes.after),
        "direction": changes.direction().word(),
        "improved": changes.improved,
        "warnings": changes.warnings().map(change_value).collect::<Vec<_>>(),
        "changes": changes.changes.iter().map(change_value).collect::<Vec<_>>(),
    })
}

fn side(side: &Side) -> Value {
    json!({
        "as_of": side.as_of.to_string(),
        "verdict": side.verdict.word(),
        "summary": mask_text(&side.summary),
    })
}

fn change_value(change: &Change) -> Value {
    json!({
        "topic": change.topic.word(),
        "subject": mask_text(&change.subject),
        "effect": change.effect.word(),
        "weakens": change.weakens,
        "old": change.before.as_ref().map(|value| mask_text(&value.machine)),
        "new": change.after.as_ref().map(|value| mask_text(&value.machine)),
        "means": mask_text(&change.means),
    })
}

/// For pull requests and tickets.
pub fn markdown_text(changes: &Changes, zone: Zone) -> String {
    let text = |raw: &str| markdown(&mask_text(&zone.sentence(raw)));
    let [was, is] = [&changes.before, &changes.after].map(|side| wording::verdict(side.verdict));
    let verdicts = if was == is { format!("still {is}") } else { format!("{was} → {is}") };
    let name = markdown_code(&mask_text(&changes.credential));
    let mut out = format!("## {verdicts}: {name}\n\n");
    let ends = (text(&changes.before.summary), text(&changes.after.summary));
    let _infallible = writeln!(out, "* {}: {}", zone.time(changes.before.as_of), ends.0);
    let _infallible = writeln!(out, "* {}: {}\n", zone.time(changes.after.as_of), ends.1);
    let warnings: Vec<&Change> = changes.warnings().collect();
    if !warnings.is_empty() {
        out.push_str("### ⚠️ Warnings\n\n");
        let why = "Each of these changes alone could have made a verdict better although no consumer moved:";
        let _infallible = writeln!(out, "**{why}**\n");
        for change in warnings {
            item(&mut out, change, zone);
        }
        out.push('\n');
    }
    for topic in Topic::ALL {
        let of_topic: Vec<&Change> =
            changes.changes.iter().filter(|change| change.topic == topic).collect();
        if !of_topic.is_empty() {
            let _infallible = writeln!(out, "### {}\n", topic.word());
            for change in of_topic {
                item(&mut out, change, zone);
            }
            out.push('\n');
        }
    }
    if changes.changes.is_empty() {
        out.push_str("Nothing that the reports show has changed.\n");
    }
    out
}

fn item(out: &mut String, change: &Change, zone: Zone) {
    let text = |raw: &str| markdown(&mask_text(&zone.sentence(raw)));
    let mark = match (change.weakens, change.effect) {
        (true, _) => "⚠️",
        (false, Effect::Worse) => "🔻",
        (false, Effect::Better) => "🔺",
        (false, Effect::Neutral) => "▫️",
    };
    let values = match (&change.before, &change.after) {
        (Some(was), Some(is)) => format!("{} → {}", text(&was.text), text(&is.text)),
        (None, Some(is)) => format!("added: {}", text(&is.text)),
        (Some(was), None) => format!("removed: {}", text(&was.text)),
        (None, None) => String::new(),
    };
    let subject = markdown_code(&mask_text(&change.subject));
    let _infallible = writeln!(out, "* {mark} {subject} {values}  \n  {}", text(&change.means));
}
