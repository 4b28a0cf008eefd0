/*! A report as a bundle on disk. */

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::model::hex;
use crate::report::{FORMATS, TextOptions};
use crate::table::bundle::{self, BUNDLE_SCHEMA, BundleError, Content, Manifest};
use crate::table::{EVIDENCE_SCHEMA, companions, evidence};

use super::{Error, Report};

/// May a bundle be written there? Not over the files of somebody else, and not into a folder that is read.
pub fn may_save(folder: &Path, paths: &[String]) -> Result<(), Error> {
    bundle::may_write(folder)?;
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let is_read = |path: &&String| path.as_str() != "-" && real(Path::new(path)) == real(folder);
    match paths.iter().find(is_read) {
        Some(_) => Err(BundleError::Foreign { path: folder.to_owned() }.into()),
        None => Ok(()),
    }
}

/// Saves the report and all it stands on.
pub fn save(report: &Report, plan_text: &str, folder: &Path) -> Result<(), Error> {
    let tables = companions(&report.sealed, &report.names);
    let evidence = evidence(&report.sealed, &report.names);
    let mut rendered: Vec<(&str, Vec<u8>)> = Vec::new();
    for format in FORMATS {
        let mut bytes = Vec::new();
        let options = TextOptions { all_evidence: true, ..TextOptions::default() };
        format.render(&report.view(), options, &mut bytes)?;
        rendered.push((format.file_name(), bytes));
    }
    let file_names: Vec<String> =
        tables.iter().map(|(name, _)| format!("{name}.parquet")).collect();
    let mut files: Vec<(&str, Content<'_>)> = vec![
        ("plan.toml", Content::Bytes(plan_text.as_bytes())),
        ("evidence.parquet", Content::Table(&evidence, EVIDENCE_SCHEMA)),
    ];
    for ((name, grid), file) in tables.iter().zip(&file_names) {
        files.push((file, Content::Table(grid, companion_schema(name))));
    }
    files.extend(rendered.iter().map(|(name, bytes)| (*name, Content::Bytes(bytes))));
    let manifest = Manifest {
        schema: BUNDLE_SCHEMA.to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        evidence_schema: EVIDENCE_SCHEMA.to_owned(),
        plan_sha256: hex(&Sha256::digest(plan_text.as_bytes())),
        params: report.params,
        files: Vec::new(),
    };
    Ok(bundle::write(folder, manifest, &files)?)
}

fn companion_schema(name: &str) -> &'static str {
    match name {
        "inputs" => "holdover.inputs/1",
        "coverage" => "holdover.coverage/1",
        "presence" => "holdover.presence/1",
        "rejects" => "holdover.rejects/1",
        _ => "holdover.links/1",
    }
}
