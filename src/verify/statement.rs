/*! Does an in-toto statement vouch for a report? Its signature is checked by the tool that made it. */

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::DigestKind;
use crate::wire::{Report, is_digest};
use crate::wording::count;

/// A statement as it was written.
#[derive(Debug, Deserialize)]
pub struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Predicate,
}

#[derive(Debug, Deserialize)]
struct Subject {
    name: String,
    digest: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct Predicate {
    verdict: String,
    as_of: String,
    inputs_without_digest: u64,
}

/// The digests of what a statement should vouch for.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'s> {
    /// The report as it was read.
    pub report: &'s Report,
    /// The SHA-256 of its file.
    pub report_sha256: &'s str,
    /// The SHA-256 of the plan, if the report says with which it was made.
    pub plan_sha256: Option<&'s str>,
}

impl Statement {
    /// Reads a statement, or says why it cannot be used.
    pub fn read(text: &str) -> Result<Self, String> {
        let statement: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let kinds = (statement.kind.as_str(), statement.predicate_type.as_str());
        match kinds {
            ("https://in-toto.io/Statement/v1", "holdover.verdict/1") => Ok(statement),
            (kind, predicate) => Err(format!(
                "expected an in-toto statement of version 1 with `holdover.verdict/1`, found `{kind}` with \
                 `{predicate}`"
            )),
        }
    }

    /// What speaks against it as a statement on this report.
    pub fn against(&self, stated: &Stated<'_>) -> Vec<String> {
        let mut reasons = Vec::new();
        let digests = |subject: &Subject| {
            let (name, digest) = (subject.name.clone(), subject.digest.clone());
            let texts = DigestKind::ALL.into_iter().filter_map(move |kind| {
                let digits = digest.get(kind.name()).filter(|digits| is_digest(digits))?;
                Some((name.clone(), kind.text(digits)))
            });
            texts.collect::<Vec<_>>()
        };
        let subjects: BTreeSet<(String, String)> = self.subject.iter().flat_map(digests).collect();
        let has =
            |name: &str, digest: &str| subjects.contains(&(name.to_owned(), digest.to_owned()));
        if !has("report.json", stated.report_sha256) {
            reasons.push("the statement is on another report".to_owned());
        }
        if !stated.plan_sha256.is_some_and(|plan| has("plan.toml", plan)) {
            reasons.push("the statement does not name the plan of the report".to_owned());
        }
        let inputs = &stated.report.inputs;
        let names: BTreeSet<&str> = subjects.iter().map(|(name, _)| name.as_str()).collect();
        let is_missing = |path: &str, digest: Option<&str>| match (digest, path.split_once('!')) {
            (Some(digest), _) => !has(path, digest),
            // The digest of an archive is that of its members, too.
            (None, Some((archive, _))) => !names.contains(archive),
            (None, None) => true,
        };
        let missing = inputs
            .iter()
            .filter(|input| is_missing(&input.path, input.digest().as_deref()))
            .count();
        if missing > 0 || self.predicate.inputs_without_digest > 0 {
            let missing = missing
                .max(usize::try_from(self.predicate.inputs_without_digest).unwrap_or(usize::MAX));
            reasons.push(format!("the statement does not vouch for {}", count(missing, "input")));
        }
        if self.predicate.verdict != stated.report.verdict.0.word()
            || self.predicate.as_of != stated.report.as_of.0.rfc3339()
        {
            reasons.push("the statement has another verdict, or another time".to_owned());
        }
        reasons
    }
}
