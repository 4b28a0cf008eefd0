/*! The verdict as an in-toto statement: who signs it vouches for these inputs, this plan and this report, by digest. */

use std::io::{self, Write};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::json::JsonReport;
use super::{Format, TextOptions, View};
use crate::model::{DigestKind, hex};
use crate::safe::{mask_file, mask_text};

/// An in-toto statement, version 1, without a signature: tools of the field sign files.
pub(super) struct InTotoStatement;

/// The type of the predicate.
const PREDICATE: &str = "holdover.verdict/1";

impl Format for InTotoStatement {
    fn name(&self) -> &'static str {
        "in-toto"
    }

    fn file_name(&self) -> &'static str {
        "statement.json"
    }

    fn needs(&self) -> super::Needs {
        JsonReport.needs()
    }

    fn render(&self, view: &View<'_>, options: TextOptions, out: &mut dyn Write) -> io::Result<()> {
        let mut report = Vec::new();
        JsonReport.render(view, options, &mut report)?;
        serde_json::to_writer_pretty(&mut *out, &statement(view, &report)?)?;
        out.write_all(b"\n")
    }
}

fn statement(view: &View<'_>, report: &[u8]) -> io::Result<Value> {
    let decision = view.decision;
    let subject = |name: &str, digest: &str| {
        let (kind, digits) = DigestKind::of(digest);
        json!({"name": name, "digest": {kind.name(): digits}})
    };
    let mut subjects = vec![subject(JsonReport.file_name(), &hex(&Sha256::digest(report)))];
    let plan = decision.rotation.plan_sha256.as_deref();
    subjects.extend(plan.map(|sha256| subject("plan.toml", sha256)));
    let inputs = decision.inputs.iter();
    let digested =
        inputs.filter_map(|input| Some((mask_file(&input.path), input.digest.as_deref()?)));
    subjects.extend(digested.map(|(path, digest)| subject(&path, digest)));
    let written: Value = serde_json::from_slice(report)?;
    // The digest of an archive is that of its members, too.
    let without =
        decision.inputs.iter().filter(|input| input.digest.is_none() && !input.path.contains('!'));
    let without = without.count();
    Ok(json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects,
        "predicateType": PREDICATE,
        "predicate": {
            "verdict": decision.verdict.word(),
            "summary": mask_text(&decision.summary),
            "mode": decision.mode.word(),
            "as_of": decision.as_of.rfc3339(),
            "credential": written["credential"],
            "window": written["window"],
            "waivers": written["waivers"],
            "limits": written["limits"],
            "rules": {"tool": "holdover", "version": env!("CARGO_PKG_VERSION")},
            "inputs_without_digest": without,
        },
    }))
}
