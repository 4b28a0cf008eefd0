/*! The usual mistakes, told beside the report: nothing was read, the plan is another rotation's, a class matches nothing.
 *
 * They change no verdict. What the report already holds answers most of it; only where no record shows any marker of the
 * plan are the inputs looked at once more, to say which credentials they show instead.
 */

use crate::diag::nearest;
use crate::model::decision::Decision;
use crate::model::ledger::{LedgerRow, SilenceState};
use crate::pipeline::{self, Request, Surveyed};
use crate::plan::{Consumer, Marker, MatchKey, Pattern, Plan};
use crate::safe::{mask, mask_file, mask_text, terminal};
use crate::wording::count;

/// So many values of a kind are named.
const NAMED_MAX: usize = 5;

/// What looks like a mistake, a line or two each.
pub(super) fn told(plan: &Plan, decision: &Decision, request: &Request) -> Vec<String> {
    if decision.accounting.records == 0 {
        return vec![nothing_read(decision)];
    }
    let mut all = Vec::new();
    if is_of_another(decision) {
        all.push(other_credentials(plan, request));
    }
    for row in
        decision.classes.iter().filter(|row| row.silence.state == Some(SilenceState::NeverSeen))
    {
        all.push(unmatched(plan.consumer(row.class), decision));
    }
    all
}

fn shown(raw: &str) -> String {
    format!("`{}`", terminal(&mask(raw)))
}

fn listed(values: &[String]) -> String {
    let more = values.len().saturating_sub(NAMED_MAX);
    let named = values.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join(", ");
    if more == 0 { named } else { format!("{named} and {more} more") }
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

/// Does no record show any marker of the plan, as far as the report knows?
fn is_of_another(decision: &Decision) -> bool {
    let tries = |row: &LedgerRow| row.events[..2].iter().flatten().sum::<u64>();
    let layers = |row: &LedgerRow| row.layers.iter().any(|layer| layer.last.is_some());
    let elsewhere = ["unmapped-marker", "undeclared-baseline"];
    decision.undeclared.is_empty()
        && !decision.classes.iter().any(|row| tries(row) > 0 || layers(row))
        && !decision.findings.iter().any(|finding| elsewhere.contains(&finding.rule))
}

fn other_credentials(plan: &Plan, request: &Request) -> String {
    let markers = plan.versions.iter().flat_map(|version| &version.markers);
    let literals: Vec<&str> = markers
        .filter_map(|marker| match marker {
            Marker::Literal(text) => Some(text.as_str()),
            Marker::Sha256(_) | Marker::Prefix(_) | Marker::Suffix(_) | Marker::Regex(_) => None,
        })
        .collect();
    let names: Vec<String> = literals.iter().map(|text| shown(text)).collect();
    let of = if names.is_empty() { String::new() } else { format!(": {}", listed(&names)) };
    let head = format!("holdover: no record is a try with any marker of the plan{of}");
    if !request.can_be_repeated() {
        return format!(
            "{head}\n  help: `holdover discover FILE` lists the credentials in an export"
        );
    }
    match pipeline::survey(request) {
        Ok(surveyed) => format!("{head}\n  help: {}", instead(&literals, &surveyed)),
        Err(_) => head,
    }
}

/// Which credentials were seen instead, and the one that was meant most likely.
fn instead(literals: &[&str], surveyed: &Surveyed) -> String {
    let seen = &surveyed.discovery.credentials;
    if seen.is_empty() {
        return "the inputs show no credential at all; `fields = { credential_uid = \"/…\" }` in a `[[source]]` \
                says where it stands"
            .to_owned();
    }
    let named: Vec<String> = (seen.iter())
        .map(|one| {
            let user = one.users.first().and_then(|user| user.consumer.as_ref());
            let by = user.map_or_else(String::new, |user| format!(" by {}", shown(&user.name)));
            format!("`{}` ({}{by})", terminal(&one.uid), count(one.records, "record"))
        })
        .collect();
    let near = literals.iter().find_map(|literal| {
        let near = nearest(literal, seen.iter().map(|one| one.marker.as_str()))?;
        Some(format!("; the nearest to {} is {}", shown(literal), shown(near)))
    });
    format!("the inputs show {}{}", listed(&named), near.unwrap_or_default())
}

/// Which fields the class asks for, and what nobody's records show in these.
fn unmatched(consumer: &Consumer, decision: &Decision) -> String {
    let name = shown(&consumer.class);
    let entries = || consumer.matches.iter().flat_map(|table| &table.entries);
    let asked: Vec<String> = entries()
        .map(|(key, patterns)| {
            let key = match key {
                MatchKey::Column(column) => column.name().to_owned(),
                MatchKey::Pointer(pointer) => shown(pointer),
            };
            let values: Vec<String> = patterns
                .iter()
                .map(|pattern| match pattern {
                    Pattern::Literal(text) => shown(text),
                    Pattern::Regex(regex) => shown(&format!("/{}/", regex.as_str())),
                })
                .collect();
            format!("{key} {}", listed(&values))
        })
        .collect();
    let asks = if asked.is_empty() {
        "only its source names it".to_owned()
    } else {
        format!("its match asks for {}", listed(&asked))
    };
    let help = seen_instead(consumer, decision).unwrap_or_else(|| {
        "no consumer without a class was seen using the old version either: are its logs among the inputs?".to_owned()
    });
    format!("holdover: no record belongs to the class {name}: {asks}\n  help: {help}")
}

fn seen_instead(consumer: &Consumer, decision: &Decision) -> Option<String> {
    let entries = consumer.matches.iter().flat_map(|table| &table.entries);
    for (key, patterns) in entries {
        let MatchKey::Column(column) = key else { continue };
        let hints = decision.undeclared.iter().flat_map(|one| &one.hints);
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
            near.map_or_else(String::new, |near| format!("; the nearest is {}", shown(near)));
        let values: Vec<String> = seen.iter().map(|value| shown(value)).collect();
        return Some(format!(
            "uses that no class matches show {} {}{near}",
            column.name(),
            listed(&values)
        ));
    }
    None
}
