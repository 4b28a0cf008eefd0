/*! The plan of a question: markers to look for, before anybody has promised anything. It has no consumers and no new
 * version, so nothing can be judged by it.
 */

use std::ops::Range;

use toml::de::DeValue;

use super::checked_plan::{Credential, JudgementLimits, Marker, Plan, RotationPlan, Site, Version};
use super::document::{PlanValue, parse};
use super::markers::{self, WrittenMarker, check_overlaps};
use crate::diag::Diagnostics;
use crate::model::{Duration, Timestamp, VersionState};

/// The name of the list in messages.
const KEY: &str = "-m";

/// A plan that looks for these markers, each a version of its own, as plans write them. Stamps without a year lie near
/// `now`.
pub fn asked(markers: &[String], now: Timestamp) -> Result<Plan, Diagnostics> {
    let mut texts: Vec<&String> = Vec::new();
    for marker in markers {
        if !texts.contains(&marker) {
            texts.push(marker);
        }
    }
    let values: Vec<toml::Value> =
        texts.iter().map(|text| toml::Value::String((*text).clone())).collect();
    let document = format!("\"{KEY}\" = {}", toml::Value::Array(values));
    let mut out = Diagnostics::new(KEY, &document);
    let versions = versions(&document, &texts, &mut out);
    check_overlaps(&written(&versions), &mut out);
    let versions = versions.into_iter().map(|located| located.version).collect();
    out.finish(plan(versions, now))
}

struct Located<'t> {
    version: Version,
    text: &'t str,
    span: Range<usize>,
}

fn versions<'t>(document: &str, texts: &[&'t String], out: &mut Diagnostics) -> Vec<Located<'t>> {
    let Some(root) = parse(document, out) else { return Vec::new() };
    let Some(toml) = root.get(KEY) else { return Vec::new() };
    let DeValue::Array(elements) = toml.get_ref() else { return Vec::new() };
    let list = PlanValue { key: KEY, example: "AKIAIOSFODNN7EXAMPLE", toml };
    let mut versions = Vec::new();
    for (element, text) in elements.iter().zip(texts) {
        let Some(marker) = markers::marker(list.element(element), out) else { continue };
        let version = Version {
            name: (*text).clone(),
            state: VersionState::Old,
            markers: vec![marker],
            site: Site::default(),
        };
        versions.push(Located { version, text, span: element.span() });
    }
    versions
}

fn written<'v>(versions: &'v [Located<'_>]) -> Vec<WrittenMarker<'v>> {
    let markers = |located: &'v Located<'_>| {
        let Located { version, text, span } = located;
        let of =
            move |marker: &'v Marker| WrittenMarker { version, marker, span: span.clone(), text };
        version.markers.iter().map(of)
    };
    versions.iter().flat_map(markers).collect()
}

fn plan(versions: Vec<Version>, now: Timestamp) -> Plan {
    Plan {
        file: KEY.to_owned(),
        sha256: None,
        credential: Credential { name: KEY.to_owned(), dependency: None },
        versions,
        rotation: RotationPlan {
            models: Vec::new(),
            introduced: now,
            revoke_target: None,
            revoked: None,
            window: Duration::DAY,
            slowest: None,
            rollback: None,
            decision_owner: None,
            in_flight: None,
            required_evidence: Vec::new(),
            site: Site::default(),
        },
        consumers: Vec::new(),
        sources: Vec::new(),
        waivers: Vec::new(),
        limits: JudgementLimits::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::asked;
    use crate::model::{Timestamp, VersionState};

    fn of(markers: &[&str]) -> Result<Vec<String>, String> {
        let markers: Vec<String> = markers.iter().map(|marker| (*marker).to_owned()).collect();
        let plan = asked(&markers, Timestamp(0)).map_err(|mistakes| mistakes.lines())?;
        assert!(plan.consumers.is_empty());
        assert!(plan.versions.iter().all(|version| version.state == VersionState::Old));
        Ok(plan.versions.into_iter().map(|version| version.name).collect())
    }

    #[test]
    fn each_marker_is_a_version_to_look_for() {
        let markers =
            ["AKIAIOSFODNN7EXAMPLE", "prefix:doc-", "a \"quoted\" one", "a \"quoted\" one"];
        assert_eq!(of(&markers), Ok(markers[..3].iter().map(|&name| name.to_owned()).collect()));
    }

    #[test]
    fn a_marker_that_cannot_be_used_is_a_mistake_with_its_place() {
        let wrong = of(&["sha256:12"]).expect_err("no digest");
        assert!(wrong.starts_with("-m:1:9: error[plan::bad-marker]"), "{wrong}");
        for none in [&["", "doc-key"][..], &[""]] {
            let wrong = of(none).expect_err("an empty one is in every record");
            assert!(wrong.contains("plan::empty-value"), "{wrong}");
        }
        let wrong = of(&["doc-key", "prefix:doc"]).expect_err("one value may be both");
        assert!(wrong.contains("plan::overlapping-markers"), "{wrong}");
    }
}
