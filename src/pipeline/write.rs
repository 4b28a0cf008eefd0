/*! Bundles on disk: what a report leaves, and what run after run adds to. */

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::model::hex;
use crate::report::{FORMATS, TextOptions};
use crate::table::bundle::{self, BUNDLE_SCHEMA, BundleError, Content, Manifest, Params};
use crate::table::parts::{self, CachedScan};
use crate::table::{EVIDENCE_SCHEMA, Names, Sealed, companions, evidence};

use super::collect::{gather, parts_of};
use super::{Collected, Counts, Error, LoadedPlan, Progress, Report, Request, asked_for, names};

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
    let _lock = bundle::lock(folder)?;
    let mut rendered: Vec<(&str, Vec<u8>)> = Vec::new();
    for format in FORMATS {
        let mut bytes = Vec::new();
        let options = TextOptions { all_evidence: true, ..TextOptions::default() };
        format.render(&report.view(), options, &mut bytes)?;
        rendered.push((format.file_name(), bytes));
    }
    let Report { sealed, names, params, kept, .. } = report;
    let tables = Tables { sealed, names, params: *params, kept };
    write(folder, &tables, plan_text, &rendered)
}

/// Adds what is given to what a bundle keeps, and writes it anew; or begins one.
pub fn add(
    loaded: LoadedPlan,
    request: &Request,
    folder: &Path,
    progress: &Progress,
) -> Result<Counts, Error> {
    may_save(folder, &request.paths)?;
    let _lock = bundle::lock(folder)?;
    let (bundles, paths) = request.bundles();
    let own = bundle::is_there(folder).then_some(folder);
    let mut kept = Vec::new();
    for bundle in own.into_iter().chain(bundles.into_iter().map(Path::new)) {
        kept.extend(parts_of(bundle)?);
    }
    let request = Request { paths, keep: true, digest: true, ..request.clone() };
    let names = names(&loaded.plan);
    let collected = gather(loaded.plan, kept, &request, progress)?;
    let params = asked_for(&collected, &request, collected.plan.rotation.revoked);
    let Collected { sealed, kept, counts, .. } = collected;
    let tables = Tables { sealed: &sealed, names: &names, params, kept: &kept };
    write(folder, &tables, &loaded.text, &[])?;
    Ok(counts)
}

/// What the tables of a bundle are made of.
struct Tables<'a> {
    sealed: &'a Sealed,
    names: &'a Names,
    params: Params,
    kept: &'a [CachedScan],
}

fn write(
    folder: &Path,
    tables: &Tables<'_>,
    plan_text: &str,
    rendered: &[(&str, Vec<u8>)],
) -> Result<(), Error> {
    let evidence = evidence(tables.sealed, tables.names);
    let mut beside = companions(tables.sealed, tables.names);
    if !tables.kept.is_empty() {
        beside.push((parts::PARTS, parts::write(tables.kept)));
    }
    let file_names: Vec<String> =
        beside.iter().map(|(name, _)| format!("{name}.parquet")).collect();
    let mut files: Vec<(&str, Content<'_>)> = vec![
        ("plan.toml", Content::Bytes(plan_text.as_bytes())),
        ("evidence.parquet", Content::Table(&evidence, EVIDENCE_SCHEMA)),
    ];
    for ((name, grid), file) in beside.iter().zip(&file_names) {
        files.push((file, Content::Table(grid, companion_schema(name))));
    }
    files.extend(rendered.iter().map(|(name, bytes)| (*name, Content::Bytes(bytes))));
    let manifest = Manifest {
        schema: BUNDLE_SCHEMA.to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        evidence_schema: EVIDENCE_SCHEMA.to_owned(),
        plan_sha256: hex(&Sha256::digest(plan_text.as_bytes())),
        params: tables.params,
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
        parts::PARTS => parts::PARTS_SCHEMA,
        _ => "holdover.links/1",
    }
}
