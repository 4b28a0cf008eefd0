/*! Hints about the usual mistakes: nothing was read, the plan is another rotation's, a consumer matches nothing.
 *
 * They change no verdict, and most come from the report itself. Only if no record shows any marker of the plan are the
 * inputs read once more, to say which credentials they show instead.
 */

use crate::diag::nearest;
use crate::judge::rules::{undeclared_baseline, unmapped_marker};
use crate::model::decision::Decision;
use crate::model::ledger::{LedgerRow, SilenceState};
use crate::pipeline::{self, Request, Survey};
use crate::plan::{Consumer, Marker, MatchKey, Pattern, Plan};
use crate::safe::{mask, mask_file, mask_text, terminal};
use crate::wording::{count, list};

/// The hints for a report, a line or two each.
pub(super) fn mistakes(plan: &Plan, decision: &Decision, request: &Request) -> Vec<String> {
    if decision.accounting.records == 0 {
        return vec![nothing_read(decision)];
    }
    let mut mistakes = Vec::new();
    if shows_no_marker(decision) {
        mistakes.push(other_credentials(plan, request));
    }
    let never_seen =
        decision.classes.iter().filter(|row| row.silence.state == Some(SilenceState::NeverSeen));
    mistakes.extend(never_seen.map(|row| unmatched(plan.consumer(row.class), decision)));
    mistakes
}

/// A value from a log or a plan, masked and in backticks.
fn masked(raw: &str) -> String {
    format!("`{}`", terminal(&mask(raw)))
}

fn nothing_read(decision: &Decision) -> String {
    let inputs = count(decision.inputs.len() as u64, "input");
    let damaged = decision.inputs.iter().find_map(|input| Some((input, input.damage.first()?)));
    let cause = damaged.map_or_else(String::new, |(input, damage)| {
        let (path, what) = (mask_file(&input.path), mask_text(&damage.what));
        format!("`{}`: {}; ", terminal(&path), terminal(&what))
    });
    format!(
        "holdover: no record could be read from {inputs}\n  help: {cause}`holdover sources test FILE` shows how a file is read"
    )
}

/// Does the report know of no record that shows a marker of the plan?
fn shows_no_marker(decision: &Decision) -> bool {
    let attempts = |row: &LedgerRow| row.events[..2].iter().flatten().sum::<u64>();
    let layers = |row: &LedgerRow| row.layers.iter().any(|layer| layer.last.is_some());
    let elsewhere = [unmapped_marker::RULE.code, undeclared_baseline::RULE.code];
    decision.undeclared.is_empty()
        && !decision.classes.iter().any(|row| attempts(row) > 0 || layers(row))
        && !decision.findings.iter().any(|finding| elsewhere.contains(&finding.rule))
}

fn other_credentials(plan: &Plan, request: &Request) -> String {
    let markers = plan.versions.iter().flat_map(|version| &version.markers);
    let literals: Vec<&str> = markers
        .filter_map(|marker| match marker {
            Marker::Literal(text) => Some(text.as_str()),
            Marker::Sha256(_)
            | Marker::Prefix(_)
            | Marker::Suffix(_)
            | Marker::Serial(_)
            | Marker::Regex(_) => None,
        })
        .collect();
    let names: Vec<String> = literals.iter().map(|text| masked(text)).collect();
    let markers = if names.is_empty() { String::new() } else { format!(": {}", list(&names)) };
    let head = format!("holdover: no attempt shows any marker of the plan{markers}");
    if !request.can_be_repeated() {
        return format!(
            "{head}\n  help: `holdover discover FILE` lists the credentials in an export"
        );
    }
    match pipeline::survey(request) {
        Ok(survey) => format!("{head}\n  help: {}", seen_credentials(&literals, &survey)),
        Err(_) => head,
    }
}

/// The credentials that the inputs show, and the one that is nearest to a marker of the plan.
fn seen_credentials(literals: &[&str], survey: &Survey) -> String {
    let seen = &survey.discovery.credentials;
    // A field that is taken for a credential by its name alone is a guess.
    if seen.is_empty() || !survey.guessed.is_empty() {
        return "the inputs show no credential; map its field with `fields = { credential_uid = \"/…\" }` in a \
                `[[source]]`"
            .to_owned();
    }
    let named: Vec<String> = (seen.iter())
        .map(|credential| {
            let user = credential.users.first().filter(|user| user.consumer.by.is_some());
            let by = user
                .map_or_else(String::new, |user| format!(" by {}", masked(&user.consumer.name)));
            format!("`{}` ({}{by})", terminal(&credential.uid), count(credential.records, "record"))
        })
        .collect();
    let near = literals.iter().find_map(|literal| {
        let near = nearest(literal, seen.iter().map(|credential| credential.marker.as_str()))?;
        Some(format!("; the nearest to {} is {}", masked(literal), masked(near)))
    });
    format!("the inputs show {}{}", list(&named), near.unwrap_or_default())
}

/// What the consumer's match asks for, and what the records that match no consumer show in the same fields.
fn unmatched(consumer: &Consumer, decision: &Decision) -> String {
    let name = masked(&consumer.class);
    let entries = || consumer.matches.iter().flat_map(|table| &table.entries);
    let matches: Vec<String> = entries()
        .map(|(key, patterns)| {
            let key = match key {
                MatchKey::Column(column) => column.name().to_owned(),
                MatchKey::Pointer(pointer) => masked(pointer),
            };
            let values: Vec<String> = patterns
                .iter()
                .map(|pattern| match pattern {
                    Pattern::Literal(text) => masked(text),
                    Pattern::Regex(regex) => masked(&format!("/{}/", regex.as_str())),
                })
                .collect();
            format!("{key} {}", list(&values))
        })
        .collect();
    let asks = if matches.is_empty() {
        "only its source names it".to_owned()
    } else {
        format!("its match asks for {}", list(&matches))
    };
    let help = seen_instead(consumer, decision).unwrap_or_else(|| {
        "no undeclared consumer used the old version either; check that its logs are among the inputs".to_owned()
    });
    format!("holdover: no record matches the consumer {name}: {asks}\n  help: {help}")
}

fn seen_instead(consumer: &Consumer, decision: &Decision) -> Option<String> {
    let entries = consumer.matches.iter().flat_map(|table| &table.entries);
    for (key, patterns) in entries {
        let MatchKey::Column(column) = key else { continue };
        let hints = decision.undeclared.iter().flat_map(|undeclared| &undeclared.hints);
        let mut seen: Vec<&str> = hints
            .filter(|(name, _)| *name == column.name())
            .map(|(_, value)| value.as_str())
            .collect();
        seen.sort_unstable();
        seen.dedup();
        if seen.is_empty() {
            continue;
        }
        let near = patterns.iter().find_map(|pattern| match pattern {
            Pattern::Literal(text) => nearest(text, seen.iter().copied()),
            Pattern::Regex(_) => None,
        });
        let near =
            near.map_or_else(String::new, |near| format!("; the nearest is {}", masked(near)));
        let values: Vec<String> = seen.iter().map(|value| masked(value)).collect();
        return Some(format!(
            "attempts that match no consumer show {} {}{near}",
            column.name(),
            list(&values)
        ));
    }
    None
}
