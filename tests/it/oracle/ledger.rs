/*! The ledger and the earliest revocation, recomputed. */

use holdover::model::{Duration, Timestamp};
use holdover::wording;
use serde_json::Value;

use super::facts::Evidence;

const OLD: &str = "consumer_class = $class AND credential_state = 'old' AND \
                   credential_binding IN ('direct', 'derived')";
const NEW: &str = "consumer_class = $class AND credential_state = 'new' AND class_basis = 'matched' AND \
                   credential_binding IN ('direct', 'derived') AND outcome = 'success' AND earliest_us >= $t0";
const STATES: [(&str, &str); 3] = [
    ("old", "credential_state = 'old' AND credential_binding IN ('direct', 'derived')"),
    ("new", "credential_state = 'new' AND credential_binding IN ('direct', 'derived')"),
    (
        "unknown",
        "(credential_state = 'unknown' OR credential_binding NOT IN ('direct', 'derived'))",
    ),
];
const OUTCOMES: [&str; 5] = ["success", "auth_failure", "denied", "failure", "none"];

fn classes(evidence: &Evidence) -> Vec<Value> {
    evidence.report["classes"].as_array().cloned().unwrap_or_default()
}

fn name(class: &Value) -> String {
    class["class"].as_str().expect("a name").to_owned()
}

/// Where the rows of a class name environments, its new successes count only in some of them.
fn has_places(evidence: &mut Evidence, class: &str) -> bool {
    let rows = "consumer_class = $class AND environment IS NOT NULL";
    evidence.number("COUNT(*)", rows, Some(class)).is_some_and(|n| n > 0)
}

/// What of the ledger the evidence does not hold.
pub(super) fn check(evidence: &mut Evidence) -> Vec<String> {
    let mut wrong = Vec::new();
    for class in classes(evidence) {
        let name = name(&class);
        let until = "earliest_us <= $a";
        let mut instants = vec![("last_old_use", "MAX(latest_us)", format!("{OLD} AND {until}"))];
        if !has_places(evidence, &name) {
            instants.push(("first_new_success", "MIN(earliest_us)", format!("{NEW} AND {until}")));
            instants.push(("last_new_success", "MAX(earliest_us)", format!("{NEW} AND {until}")));
        }
        for (key, what, rows) in instants {
            let held = evidence.number(what, &rows, Some(&name)).map(|us| Timestamp(us).rfc3339());
            if class[key]["time"].as_str() != held.as_deref() {
                wrong.push(format!("`{name}` {key}: {} and {held:?}", class[key]["time"]));
            }
        }
        for (state, of_state) in STATES {
            for outcome in OUTCOMES {
                let rows = format!(
                    "consumer_class = $class AND class_basis = 'matched' AND {of_state} AND outcome = '{outcome}' AND {until}"
                );
                let held = evidence.number("CAST(SUM(count) AS BIGINT)", &rows, Some(&name));
                let said = class["events"][state][outcome].as_i64();
                if said != Some(held.unwrap_or(0)) {
                    wrong.push(format!("`{name}` {state} {outcome}: {said:?} and {held:?}"));
                }
            }
        }
        let seen = format!("consumer_class = $class AND {until}");
        let held = evidence.number("MAX(latest_us)", &seen, Some(&name));
        let said = class["silence"]["last_seen"].as_str().and_then(Timestamp::from_rfc3339);
        if said.map(|time| time.0) != held {
            wrong.push(format!("`{name}` last_seen: {said:?} and {held:?}"));
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
