/*! `scan`: parts alone. Each input is scanned by itself and leaves its part in a folder, wherever and however often
 * this runs; `seal` joins them.
 */

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::Ordering;

use rayon::prelude::*;

use crate::ingest::{self, Input, walk_outside};
use crate::model::damage::Damage;
use crate::model::{DigestKind, Timestamp};
use crate::plan::Plan;
use crate::safe::mask_file;
use crate::table::bundle;
use crate::table::part_files::{self, PartFile, read_learned};
use crate::table::parts::CachedScan;
use crate::wire::{Listed, Scanned};

use super::error::Error;
use super::incomplete::Incomplete;
use super::list::{count, inputs, line, listed, text};
use super::load::text_of;
use super::progress::Progress;
use super::reading::Reading;
use super::request::Request;
use super::run_inputs;
use super::scan_input::{HowToScan, InputScan};

/// What to scan, and what to know of links.
#[derive(Clone, Copy, Debug)]
pub struct ScanQuestion<'q> {
    /// The lines of a list; without them, the request's paths.
    pub list: Option<&'q str>,
    /// The file that `seal` wrote.
    pub learned: Option<&'q Path>,
    /// The folder of the parts.
    pub folder: &'q Path,
}

/// Scans inputs into parts. The answer has a line for each input, in their order, which names its part.
pub fn scan(
    plan: &Plan,
    question: ScanQuestion<'_>,
    request: &Request,
    progress: &Progress,
) -> Result<String, Error> {
    may_hold_parts(question.folder, &request.paths)?;
    let mut reading = Reading::new(plan, request);
    if let Some(file) = question.learned {
        let key = reading.wanted.rotation.link_key;
        let path = file.display().to_string();
        let learned = read_learned(&text_of(file)?, &reading.digest, key)
            .map_err(|source| Error::Learned { path, source })?;
        reading.wanted.learn(learned);
    }
    let walked = || {
        let walked = walk_outside(&request.paths, Some(question.folder));
        let mut lines: Vec<Listed> = walked.iter().map(line).collect();
        count(&mut lines);
        lines
    };
    let of_list = question.list.map(|text| listed(text, "standard input"));
    let lines: Vec<Listed> = of_list.unwrap_or_else(|| Ok(walked()))?;
    let scanned = scan_lines(&reading, lines, question.folder, request, progress)?;
    Ok(scanned.iter().map(text).collect())
}

/// Parts lie in a folder of their own. What is in it is no input, so it holds none of the paths.
fn may_hold_parts(folder: &Path, paths: &[String]) -> Result<(), Incomplete> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let Some(place) = real(folder) else { return Ok(()) };
    let is_in_it =
        |path: &String| real(Path::new(path)).is_some_and(|path| path.starts_with(&place));
    if bundle::is_there(folder) || paths.iter().any(is_in_it) {
        return Err(Incomplete::NoPlace(folder.display().to_string()));
    }
    Ok(())
}

/// Scans the inputs of lines, and adds to each line what its scan gave.
pub(super) fn scan_lines(
    reading: &Reading,
    mut lines: Vec<Listed>,
    folder: &Path,
    request: &Request,
    progress: &Progress,
) -> Result<Vec<Listed>, Error> {
    progress.total.fetch_add(lines.iter().map(|line| line.bytes).sum(), Ordering::Relaxed);
    progress.inputs.fetch_add(lines.len() as u64, Ordering::Relaxed);
    let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if folder.is_dir() {
        for key in part_files::keys(folder)? {
            known.entry(part_files::place_of(&key).to_owned()).or_default().push(key);
        }
    }
    let inputs = inputs(&lines);
    let scan = |(input, line): (&Input, &Listed)| {
        let named =
            line.scanned.iter().filter_map(|named| PartFile::open(folder, &named.part).ok());
        let is_whole = |part: &PartFile| is_current(&part.scan, reading) && part.is_whole();
        if let Some(PartFile { key, scan, .. }) = named.into_iter().find(is_whole) {
            return Ok(scanned(key, &scan));
        }
        let place = part_files::place(&reading.digest, &mask_file(&input.path));
        let keys = known.get(&place).map_or(&[][..], Vec::as_slice);
        match known_part(input, keys, folder, reading) {
            Some((key, scan)) => Ok(scanned(key, &scan)),
            None => scan_anew(input, reading, folder, progress),
        }
    };
    let pool = request.pool()?;
    let all: Vec<Scanned> =
        pool.install(|| inputs.par_iter().zip(&lines).map(scan).collect::<Result<_, Error>>())?;
    for (line, scanned) in lines.iter_mut().zip(all) {
        line.scanned = Some(scanned);
    }
    Ok(lines)
}

fn is_current(scan: &CachedScan, reading: &Reading) -> bool {
    run_inputs::is_current(scan, &reading.digest, &reading.wanted)
}

/// Did somebody write to the input while it was scanned? A scan of the same bytes at rest is no longer damaged.
pub(super) fn was_written_to(scan: &CachedScan) -> bool {
    let mut damage = scan.parts.iter().flat_map(|part| &part.damage);
    damage.any(Damage::is_of_writing)
}

/// The part of an input that scanning it now would give again. A part that cannot be read is made again.
fn known_part(
    input: &Input,
    keys: &[String],
    folder: &Path,
    reading: &Reading,
) -> Option<(String, CachedScan)> {
    if keys.is_empty() {
        return None;
    }
    let digested = ingest::digest(input, DigestKind::Sha256, &[])
        .ok()
        .filter(|digested| digested.bytes == input.bytes)?;
    let is_same = |part: &PartFile| {
        part.scan.identity().1 == Some(digested.digest.as_str())
            && is_current(&part.scan, reading)
            && !was_written_to(&part.scan)
            && part.is_whole()
    };
    let part = keys.iter().filter_map(|key| PartFile::open(folder, key).ok()).find(is_same)?;
    Some((part.key, part.scan))
}

fn scan_anew(
    input: &Input,
    reading: &Reading,
    folder: &Path,
    progress: &Progress,
) -> Result<Scanned, Error> {
    let Reading { wanted, digest } = reading;
    let how = HowToScan { digest: Some(DigestKind::Sha256), strict: false, ahead: false };
    let cached = InputScan::of(input, wanted, how, progress)?.cached(wanted, digest);
    // Each instant from its last record to the first that was too late gives the same scan, so that the hour at which
    // it was made leaves no trace.
    let spans = cached.parts.iter().filter_map(|part| part.span);
    let latest = spans.map(|(_, last)| last).max().unwrap_or(Timestamp(i64::MIN));
    let cached = CachedScan { latest, ..cached };
    let key = part_files::write(folder, &cached)?;
    Ok(scanned(key, &cached))
}

fn scanned(part: String, scan: &CachedScan) -> Scanned {
    let sum = |of: fn(&crate::scan::Part) -> u64| scan.parts.iter().map(of).sum();
    Scanned {
        part,
        sha256: scan.identity().1.map(str::to_owned),
        records: sum(|part| part.tally.records),
        rejected: sum(|part| part.tally.rejected),
        rows: sum(|part| part.rows),
        damage: sum(|part| part.damage.len() as u64),
    }
}
