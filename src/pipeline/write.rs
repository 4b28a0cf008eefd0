/*! Bundles on disk: the one that `report -o` leaves, and the one that `collect` adds to run after run. */

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::model::{DigestKind, hex};
use crate::report::{FORMATS, TextOptions};
use crate::table::bundle::{self, BUNDLE_SCHEMA, BundleError, Content, Manifest, Params};
use crate::table::parts::CachedScan;
use crate::table::{EVIDENCE_SCHEMA, PlanNames, Sealed, bundle_tables};

use super::collect::{Collected, gather};
use super::error::Error;
use super::evidence::{names, run_params};
use super::fixpoint::InputCounts;
use super::kept::{Kept, bundled_scans, kept_scans};
use super::load::LoadedPlan;
use super::progress::Progress;
use super::reading::Reading;
use super::report::Report;
use super::request::Request;

/// May a bundle be written there? Not over files that are no bundle, and not into a folder that is an input.
pub fn may_save(folder: &Path, paths: &[String]) -> Result<(), Error> {
    bundle::may_write(folder)?;
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let is_read = |path: &&String| path.as_str() != "-" && real(Path::new(path)) == real(folder);
    match paths.iter().find(is_read) {
        Some(_) => Err(BundleError::Foreign { path: folder.to_owned() }.into()),
        None => Ok(()),
    }
}

/// Saves the report, in each format, and the tables that it rests on.
pub fn save(report: &Report, plan_text: &str, folder: &Path) -> Result<(), Error> {
    let _lock = bundle::lock(folder)?;
    let mut rendered: Vec<(&str, Vec<u8>)> = Vec::new();
    for format in FORMATS {
        let mut bytes = Vec::new();
        let options = TextOptions { all_evidence: true, ..TextOptions::default() };
        report.view().write(*format, options, &mut bytes)?;
        rendered.push((format.file_name(), bytes));
    }
    let Report { sealed, names, params, kept, paths, .. } = report;
    let tables = Tables { sealed, names, params: *params, kept, paths };
    write(folder, &tables, plan_text, &rendered)
}

/// Reads what is given and writes the bundle again with it; the first time, begins one. Holds the bundle's lock from
/// reading its cached scans to writing them, so that two runs at once lose nothing.
pub fn add(
    loaded: &LoadedPlan,
    request: &Request,
    folder: &Path,
    progress: &Progress,
) -> Result<InputCounts, Error> {
    may_save(folder, &request.paths)?;
    let _lock = bundle::lock(folder)?;
    bundle::complete(folder)?;
    let reading = Reading::new(&loaded.plan, request);
    let (folders, paths) = request.kept_folders();
    let Kept { mut scans, .. } = kept_scans(&folders, &reading, request)?;
    if bundle::is_there(folder) {
        scans.splice(0..0, bundled_scans(folder)?);
    }
    let output = Some(folder.to_owned());
    let request =
        Request { paths, output, keep: true, digest: Some(DigestKind::Sha256), ..request.clone() };
    let collected = gather(loaded.plan.clone(), scans, &request, progress)?;
    write_collected(loaded, collected, &request, folder)
}

/// Writes a bundle without a report.
pub(super) fn write_collected(
    loaded: &LoadedPlan,
    collected: Collected,
    request: &Request,
    folder: &Path,
) -> Result<InputCounts, Error> {
    let names = names(&loaded.plan);
    let params = run_params(&collected, request, collected.plan.rotation.revoked);
    let Collected { sealed, kept, counts, .. } = collected;
    // What earlier runs added may lie elsewhere.
    let tables = Tables { sealed: &sealed, names: &names, params, kept: &kept, paths: &[] };
    write(folder, &tables, &loaded.text, &[])?;
    Ok(counts)
}

/// The contents of a bundle's tables.
struct Tables<'a> {
    sealed: &'a Sealed,
    names: &'a PlanNames,
    params: Params,
    kept: &'a [CachedScan],
    /// The paths by which `verify` reads the inputs again.
    paths: &'a [String],
}

fn write(
    folder: &Path,
    tables: &Tables<'_>,
    plan_text: &str,
    rendered: &[(&str, Vec<u8>)],
) -> Result<(), Error> {
    let bundled = bundle_tables(tables.sealed, tables.names, tables.kept);
    let file_names: Vec<String> =
        bundled.iter().map(|table| format!("{}.parquet", table.name)).collect();
    let mut files: Vec<(&str, Content<'_>)> =
        vec![("plan.toml", Content::Bytes(plan_text.as_bytes()))];
    files.extend(file_names.iter().map(String::as_str).zip(bundled.iter().map(Content::Table)));
    files.extend(rendered.iter().map(|(name, bytes)| (*name, Content::Bytes(bytes))));
    let manifest = Manifest {
        schema: BUNDLE_SCHEMA.to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        evidence_schema: EVIDENCE_SCHEMA.to_owned(),
        plan_sha256: hex(&Sha256::digest(plan_text.as_bytes())),
        paths: tables.paths.to_vec(),
        params: tables.params,
        files: Vec::new(),
    };
    Ok(bundle::write(folder, manifest, &files)?)
}
