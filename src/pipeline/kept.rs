/*! The scans that are there already: in bundles, and as parts on their own. Parts are complete only by a list: that
 * one is missing cannot be seen in a folder.
 */

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use crate::ingest::{self, Input, walk};
use crate::model::DigestKind;
use crate::safe::mask_file;
use crate::table::bundle::{self, Bundle, BundleError};
use crate::table::part_files::{self, PartFile};
use crate::table::parts::CachedScan;
use crate::wire::Listed;

use super::error::Error;
use super::incomplete::Incomplete;
use super::list::{inputs, listed};
use super::load::text_of;
use super::reading::Reading;
use super::request::Request;
use super::scan::was_written_to;

/// The scans of earlier runs and of other machines.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) scans: Vec<CachedScan>,
    /// The inputs that must be there.
    pub(super) list: Vec<Listed>,
    /// Paths of the list with parts of several contents: their file says whether it has grown.
    pub(super) grown: Vec<String>,
}

/// The scans that a bundle keeps.
pub(super) fn bundled_scans(folder: &Path) -> Result<Vec<CachedScan>, Error> {
    let missing = || {
        BundleError::NotABundle {
        path: folder.to_owned(),
        why: "it keeps no scans of its inputs: they were read without digests, or by an older version"
            .to_owned(),
    }
    };
    Ok(Bundle::open(folder)?.parts()?.ok_or_else(missing)?)
}

/// The scans of bundles and of folders of parts. The parts must be those of the list.
pub(super) fn kept_scans(
    folders: &[&String],
    reading: &Reading,
    request: &Request,
) -> Result<Kept, Error> {
    let mut kept = Kept::default();
    let mut parts: Vec<PartFile> = Vec::new();
    let pool = request.pool()?;
    for folder in folders {
        let path = Path::new(folder);
        if part_files::is_there(path) && bundle::is_there(path) {
            return Err(Incomplete::Mixed((*folder).clone()).into());
        } else if !part_files::is_there(path) {
            kept.scans.extend(bundled_scans(path)?);
        } else if request.list.is_none() {
            return Err(Incomplete::NoList((*folder).clone()).into());
        } else {
            parts.extend(pool.install(|| part_files::accounts(path))?);
        }
    }
    let Some(list) = &request.list else { return Ok(kept) };
    kept.list = listed(&text_of(list)?, &list.display().to_string())?;
    if kept.list.is_empty() {
        return Err(Incomplete::EmptyList(list.display().to_string()).into());
    }
    check_count(&kept.list, list)?;
    let complete = pool.install(|| complete(&kept.list, &parts, &reading.digest))?;
    parts.retain(|part| !complete.failures.contains(&part.key));
    let scans: Result<Vec<CachedScan>, _> =
        pool.install(|| parts.into_par_iter().map(PartFile::with_rows).collect());
    kept.scans.extend(scans?);
    // A file that is gone says nothing of its growth, and is no input that cannot be read.
    let is_there = |path: &String| {
        let found = walk(std::slice::from_ref(path));
        found.iter().all(|input| input.trouble.is_none())
    };
    kept.grown = complete.grown.into_iter().filter(is_there).collect();
    Ok(kept)
}

/// Has each list that is in this one as many inputs as its lines say?
fn check_count(list: &[Listed], path: &Path) -> Result<(), Incomplete> {
    let mut named: BTreeMap<(Option<&str>, u64), BTreeSet<&str>> = BTreeMap::new();
    for line in list {
        let Some(inputs) = line.inputs else { continue };
        named.entry((line.list.as_deref(), inputs)).or_default().insert(&line.path);
    }
    let mut counts = named.into_iter().map(|((_, inputs), paths)| (inputs, paths.len() as u64));
    let cut = counts.find(|(inputs, there)| there < inputs);
    cut.map_or(Ok(()), |(inputs, there)| {
        Err(Incomplete::CutList { path: path.display().to_string(), there, inputs })
    })
}

/// What follows from a list whose inputs all have their parts.
#[derive(Default)]
struct Complete {
    /// The keys of parts that say only that an input could not be read, or was written to, where it was read whole
    /// another time.
    failures: BTreeSet<String>,
    grown: Vec<String>,
}

fn complete(list: &[Listed], parts: &[PartFile], digest: &str) -> Result<Complete, Incomplete> {
    let mut by_path: BTreeMap<&str, Vec<&PartFile>> = BTreeMap::new();
    for part in parts {
        by_path.entry(part.scan.identity().0).or_default().push(part);
    }
    let mut meant: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    // What the last line of a path names is the latest that is known of it.
    let mut latest: BTreeMap<&str, &str> = BTreeMap::new();
    for (line, stored) in list.iter().zip(stored_digests(list)) {
        if let Some(scanned) = &line.scanned {
            latest.insert(&line.path, &scanned.part);
        }
        let masked = mask_file(&line.path);
        let there = by_path.get(masked.as_ref()).map_or(&[][..], Vec::as_slice);
        let found = of_line(line, there, digest)?;
        let found =
            if line.scanned.is_none() { now(line, found, stored.as_deref())? } else { found };
        meant.entry(&line.path).or_default().extend(found.iter().filter_map(|part| sha256(part)));
    }
    let latest: BTreeSet<&str> = latest.into_values().collect();
    let mut complete = Complete::default();
    for (path, contents) in meant {
        if contents.len() > 1 {
            return Err(Incomplete::Changed(path.to_owned()));
        }
        let there = by_path.get(mask_file(path).as_ref()).map_or(&[][..], Vec::as_slice);
        let current = there.iter().filter(|part| part.scan.wanted == digest);
        if current.filter_map(|part| sha256(part)).collect::<BTreeSet<_>>().len() > 1 {
            complete.grown.push(path.to_owned());
        }
        if !contents.is_empty() {
            let is_latest = |part: &PartFile| latest.contains(part.key.as_str());
            let is_failure = |part: &&&PartFile| {
                let has_records = part.scan.parts.iter().any(|part| part.tally.records > 0);
                let is_unread = sha256(part).is_none() && !has_records;
                let is_same = |other: &&PartFile| is_latest(other) && sha256(other) == sha256(part);
                let is_replaced = || was_written_to(&part.scan) && there.iter().any(is_same);
                !is_latest(part) && (is_unread || is_replaced())
            };
            let failed = there.iter().filter(is_failure);
            complete.failures.extend(failed.map(|part| part.key.clone()));
        }
    }
    Ok(complete)
}

fn sha256(part: &PartFile) -> Option<&str> {
    part.scan.identity().1
}

/// The digests of the inputs whose lines name no part, in the order of the lines.
fn stored_digests(list: &[Listed]) -> Vec<Option<String>> {
    let inputs = inputs(list);
    let digest = |(line, input): (&Listed, &Input)| {
        let is_asked = line.scanned.is_none();
        let digested = is_asked.then(|| ingest::digest(input, DigestKind::Sha256, &[]).ok());
        digested.flatten().map(|digested| digested.digest)
    };
    list.par_iter().zip(&inputs).map(digest).collect()
}

/// Those of parts that are of the bytes that an input has now. A part of the same size may be of earlier bytes.
fn now<'p>(
    line: &Listed,
    parts: Vec<&'p PartFile>,
    stored: Option<&str>,
) -> Result<Vec<&'p PartFile>, Incomplete> {
    let path = || mask_file(&line.path).into_owned();
    let was_read = parts.iter().any(|part| sha256(part).is_some());
    if was_read && stored.is_none() {
        return Err(Incomplete::Unsure(path()));
    }
    let is_now = |part: &&PartFile| sha256(part) == stored;
    let found: Vec<&PartFile> = parts.into_iter().filter(is_now).collect();
    if found.is_empty() { Err(Incomplete::Missing(path())) } else { Ok(found) }
}

/// The parts that a line of the list means: the one that it names, or those with its path and size.
fn of_line<'p>(
    line: &Listed,
    there: &[&'p PartFile],
    digest: &str,
) -> Result<Vec<&'p PartFile>, Incomplete> {
    let path = || mask_file(&line.path).into_owned();
    let is_meant =
        |part: &&PartFile| line.scanned.as_ref().is_none_or(|scanned| scanned.part == part.key);
    let named: Vec<&PartFile> = there.iter().copied().filter(is_meant).collect();
    if named.is_empty() {
        return Err(Incomplete::Missing(path()));
    }
    let current: Vec<&PartFile> =
        named.into_iter().filter(|part| part.scan.wanted == digest).collect();
    let Some(first) = current.first() else { return Err(Incomplete::OtherPlan(path())) };
    let scanned = first.scan.parts.first().map_or(0, |part| part.bytes);
    let has_bytes = |part: &&PartFile| {
        let bytes = part.scan.parts.first().map_or(0, |part| part.bytes);
        sha256(part).is_none() || bytes == line.bytes
    };
    let sized: Vec<&PartFile> = current.iter().copied().filter(has_bytes).collect();
    if sized.is_empty() {
        return Err(Incomplete::OtherBytes { path: path(), listed: line.bytes, scanned });
    }
    Ok(sized)
}
