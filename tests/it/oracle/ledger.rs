/*! The ledger and the earliest revocation, recomputed. */

use std::collections::BTreeMap;

use holdover::model::{Duration, Timestamp};
use holdover::wording;
use serde_json::Value;

use super::facts::Evidence;

const OLD: &str = "consumer_class = $class AND credential_state = 'old' AND \
                   credential_binding IN ('direct', 'derived')";

/// What the evidence holds of each class up to the instant of the report.
const INSTANTS: &str = "SELECT consumer_class, \
    MAX(CASE WHEN credential_state = 'old' AND credential_binding IN ('direct', 'derived') THEN latest_us END) AS old_us, \
    MIN(CASE WHEN credential_state = 'new' AND credential_binding IN ('direct', 'derived') AND class_basis = 'matched' \
      AND outcome = 'success' AND earliest_us >= $t0 THEN earliest_us END) AS first_us, \
    MAX(CASE WHEN credential_state = 'new' AND credential_binding IN ('direct', 'derived') AND class_basis = 'matched' \
      AND outcome = 'success' AND earliest_us >= $t0 THEN earliest_us END) AS last_us, \
    MAX(latest_us) AS seen_us, COUNT(environment) AS placed \
    FROM tries WHERE earliest_us <= $a AND consumer_class IS NOT NULL GROUP BY consumer_class";

const EVENTS: &str = "SELECT consumer_class || ' ' || CASE WHEN credential_binding IN ('direct', 'derived') \
    THEN credential_state ELSE 'unknown' END || ' ' || outcome AS cell, CAST(SUM(count) AS BIGINT) AS n \
    FROM tries WHERE earliest_us <= $a AND class_basis = 'matched' AND consumer_class IS NOT NULL \
    GROUP BY consumer_class || ' ' || CASE WHEN credential_binding IN ('direct', 'derived') \
    THEN credential_state ELSE 'unknown' END || ' ' || outcome";

fn classes(evidence: &Evidence) -> Vec<Value> {
    evidence.report["classes"].as_array().cloned().unwrap_or_default()
}

fn name(class: &Value) -> String {
    class["class"].as_str().expect("a name").to_owned()
}

/// What of the ledger the evidence does not hold.
pub(super) fn check(evidence: &mut Evidence) -> Vec<String> {
    let (held, counted) = (evidence.ask(INSTANTS, None), evidence.ask(EVENTS, None));
    let row_of = |class: &str| {
        let names = held.column("consumer_class")?;
        (0..held.height()).find(|row| names.show(*row).as_deref() == Some(class))
    };
    let us = |column: &str, row: Option<usize>| held.column(column).and_then(|of| of.int(row?));
    let cells: BTreeMap<String, i64> = (0..counted.height())
        .filter_map(|row| {
            Some((counted.column("cell")?.show(row)?, counted.column("n")?.int(row)?))
        })
        .collect();
    let mut wrong = Vec::new();
    for class in classes(evidence) {
        let name = name(&class);
        let row = row_of(&name);
        let mut instants =
            vec![("/last_old_use/time", "old_us"), ("/silence/last_seen", "seen_us")];
        // Where the rows of a class name environments, its new successes count only in some of them.
        if us("placed", row).is_none_or(|placed| placed == 0) {
            instants.extend([
                ("/first_new_success/time", "first_us"),
                ("/last_new_success/time", "last_us"),
            ]);
        }
        for (pointer, column) in instants {
            let said = class.pointer(pointer).and_then(Value::as_str);
            let held = us(column, row).map(|us| Timestamp(us).rfc3339());
            if said != held.as_deref() {
                wrong.push(format!("`{name}` {pointer}: {said:?} and {held:?}"));
            }
        }
        for (state, outcomes) in class["events"].as_object().into_iter().flatten() {
            for (outcome, said) in outcomes.as_object().into_iter().flatten() {
                let held = cells.get(&format!("{name} {state} {outcome}")).copied().unwrap_or(0);
                if said.as_i64() != Some(held) {
                    wrong.push(format!("`{name}` {state} {outcome}: {said} and {held}"));
                }
            }
        }
        if class["why_ready"].is_null() == (class["verdict"] == "ready") {
            wrong.push(format!(
                "`{name}` is {}, and says why ready: {}",
                class["verdict"], class["why_ready"]
            ));
        }
    }
    wrong
}

fn length(value: &Value) -> Duration {
    value.as_str().and_then(Duration::from_hours_minutes).unwrap_or_default()
}

/// Does the sentence on the earliest revocation say what the evidence holds? No old use lies after it.
pub(super) fn earliest(evidence: &mut Evidence) -> Vec<String> {
    let earliest = evidence.report["earliest_revocation"].clone();
    let because = earliest["because"].as_str().unwrap_or_default().to_owned();
    let Some(class) = earliest["binding_class"].as_str().map(str::to_owned) else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    let Some(time) = earliest["time"].as_str().and_then(Timestamp::from_rfc3339) else {
        let remedies = evidence.report["findings"].as_array().cloned().unwrap_or_default();
        if !remedies.iter().any(|finding| finding["remedy"] == because.as_str()) {
            wrong.push(format!("waiting does not help, and no finding advises: {because}"));
        }
        return wrong;
    };
    let last = evidence.number("MAX(latest_us)", OLD, Some(&class)).map(Timestamp);
    if last.is_some_and(|last| last >= time) {
        wrong.push(format!("{time} lies before an old use of `{class}`"));
    }
    let row = classes(evidence).into_iter().find(|row| name(row) == class).unwrap_or_default();
    let needed = length(&row["silence"]["needed"]);
    let needs = [needed, needed.scaled(2, 1)].map(wording::length_up);
    let revoked = evidence.time("/rotation/revoked");
    let begins = |at: String| {
        format!(
            "the logs of `{class}` begin at {at}, and it must be free of the old version from then on"
        )
    };
    let streams = evidence.report["coverage"].as_array().cloned().unwrap_or_default();
    let carried = streams.iter().filter(|stream| {
        stream["classes"]
            .as_array()
            .is_some_and(|classes| classes.contains(&Value::from(class.as_str())))
    });
    let mut sayings: Vec<String> = carried
        .filter_map(|stream| stream["from"].as_str().map(|from| begins(from.to_owned())))
        .collect();
    sayings.extend(
        last.map(|at| {
            format!("`{class}` last used the old version at {at} and must be free of it")
        }),
    );
    sayings.extend(revoked.map(|at| {
        format!(
            "the old version was revoked at {at}, and `{class}` must be free of it from then on"
        )
    }));
    let silences = sayings.iter().flat_map(|saying| {
        needs.iter().map(move |need| format!("{saying} for {need} of logged time"))
    });
    let mut known: Vec<String> = silences.collect();
    known.push(format!("`{class}` only has to be free of the old version"));
    let findings = evidence.report["findings"].as_array().cloned().unwrap_or_default();
    known.extend(findings.iter().filter_map(|one| one["summary"].as_str().map(str::to_owned)));
    let is_other =
        because.contains("is due to run again by") || because.contains("must have left the window");
    if !known.contains(&because) && !is_other {
        wrong.push(format!(
            "the earliest revocation says `{because}`, and the evidence `{known:?}`"
        ));
    }
    wrong
}
