/*! What the report prints besides the decision: words of the plan, undeclared consumers, log sources. */

use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::case::Case;
use crate::model::coverage::StreamId;
use crate::model::decision::{CoverageView, LimitValue, RotationView, UndeclaredView};
use crate::model::facts::Facts;
use crate::model::{Duration, VersionState};
use crate::plan::{CutoverModel, InFlight, JudgementLimits, Plan};

/// What the report repeats from the plan.
pub(super) fn rotation(plan: &Plan) -> RotationView {
    let rotation = &plan.rotation;
    let named = |state: VersionState| {
        let versions = plan.versions.iter().filter(|version| version.state == state);
        versions.map(|version| version.name.clone()).collect()
    };
    RotationView {
        credential: plan.credential.name.clone(),
        dependency: plan.credential.dependency.clone(),
        old: named(VersionState::Old),
        new: named(VersionState::New),
        model: rotation.models.iter().copied().map(CutoverModel::word).collect(),
        introduced: rotation.introduced,
        revoke_target: rotation.revoke_target,
        revoked: rotation.revoked,
        rollback: rotation.rollback.clone(),
        decision_owner: rotation.decision_owner.clone(),
        in_flight: rotation.in_flight.map(InFlight::word),
        required_evidence: rotation.required_evidence.clone(),
        limits: limits(&plan.limits),
        plan_sha256: plan.sha256.clone(),
        own_words: crate::plan::own_words(plan),
        terms: crate::plan::terms(plan),
    }
}

fn limits(limits: &JudgementLimits) -> Vec<(&'static str, LimitValue)> {
    vec![
        ("alpha", LimitValue::Number(limits.alpha)),
        ("share_points", LimitValue::Number(limits.share_points)),
        ("min_tries", LimitValue::Count(limits.min_tries)),
        ("rejected_share", LimitValue::Number(limits.rejected_share)),
        ("unversioned_share", LimitValue::Number(limits.unversioned_share)),
        ("skew", LimitValue::Length(seconds(limits.skew))),
        ("gone_after", LimitValue::Length(limits.gone_after.hours_minutes())),
        ("aggregates_prove", LimitValue::Flag(limits.aggregates_prove)),
    ]
}

fn seconds(length: Duration) -> String {
    format!("{}s", length.0 / Duration::SECOND.0)
}

/// The consumers that no class matches.
pub(super) fn undeclared(facts: &Facts) -> Vec<UndeclaredView> {
    let views = facts.undeclared.iter().filter_map(|group| {
        Some(UndeclaredView {
            hints: group.hints.iter().map(|(name, value)| (*name, value.to_string())).collect(),
            events: group.events,
            first: group.first?.earliest(),
            last: group.last?.latest(),
            instances: group.instances,
            hours: group.hours,
            cadence: group.cadence,
            match_line: match_line(&group.hints),
        })
    });
    views.collect()
}

/// A table to paste into a class's `match`: `{ service_name = "x", user_agent = "y" }`.
pub(super) fn match_line(hints: &[(&'static str, Arc<str>)]) -> String {
    let entries: Vec<String> =
        hints.iter().map(|(name, value)| format!("{name} = {}", toml_text(value))).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
}

/// How reports show a masked secret.
static FINGERPRINT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("fp:[0-9a-f]{12}").expect("a good expression"));

/// A match value that matches exactly this text. A text that a plan would read as an expression is written as an
/// expression that matches it.
fn toml_text(value: &str) -> String {
    if FINGERPRINT.is_match(value) {
        // What was masked is not known here, so the expression accepts anything in its place.
        let parts: Vec<String> = FINGERPRINT.split(value).map(regex::escape).collect();
        return quoted(&format!("/^{}$/", parts.join(".+")));
    }
    if value.len() > 1 && value.starts_with('/') && value.ends_with('/') {
        return quoted(&format!("/^{}$/", regex::escape(value)));
    }
    quoted(value)
}

fn quoted(value: &str) -> String {
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The log sources: when they recorded, and when they did not.
pub(super) fn coverage(case: &Case) -> Vec<CoverageView> {
    let carries = |id: StreamId| {
        let classes = case.classes.iter().filter(move |class| class.streams.contains(&id));
        classes.map(|class| class.name().to_owned()).collect()
    };
    let streams = (0..).map(StreamId).zip(&case.streams);
    let streams = streams.filter(|(_, stream)| !stream.fact.is_snapshot);
    let views = streams.map(|(id, stream)| CoverageView {
        stream: stream.fact.name.clone(),
        span: stream.span,
        holes: stream.holes.clone(),
        classes: carries(id),
    });
    views.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn match_lines_can_be_pasted() {
        let hints: Vec<(&'static str, Arc<str>)> =
            vec![("service_name", "a \"b\" \\ c\n".into()), ("user_agent", "/x.y/".into())];
        let line = match_line(&hints);
        let read: toml::Table = toml::from_str(&format!("match = {line}")).unwrap();
        let table = read["match"].as_table().unwrap();
        assert_eq!(table["service_name"].as_str(), Some("a \"b\" \\ c\n"));
        assert_eq!(table["user_agent"].as_str(), Some(r"/^/x\.y/$/"));
        assert_eq!(match_line(&[]), "{}");
    }
}
