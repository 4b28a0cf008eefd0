/*! `seal`: parts to a bundle. Where the links of all parts make more records matter, it names the inputs that have to
 * be scanned again, and what these scans have to know.
 */

use std::collections::BTreeSet;
use std::path::Path;

use crate::model::DigestKind;
use crate::model::link::Learned;
use crate::safe::mask_file;
use crate::table::bundle;
use crate::table::part_files;
use crate::wire::Listed;

use super::collect::{Settled, settle};
use super::error::Error;
use super::fixpoint::{InputCounts, LackingScans};
use super::incomplete::Incomplete;
use super::kept::{Kept, kept_scans};
use super::list::{pack, text};
use super::load::LoadedPlan;
use super::progress::Progress;
use super::reading::Reading;
use super::request::Request;
use super::scan::scan_lines;
use super::write::{may_save, write_collected};

/// How to seal.
#[derive(Clone, Copy, Debug)]
pub struct SealQuestion<'q> {
    /// The folder of the bundle.
    pub bundle: &'q Path,
    /// How often inputs may be scanned again here; else the caller does it.
    pub rounds: usize,
    /// How many bytes a task of these inputs has.
    pub task_bytes: u64,
}

/// What sealing came to.
#[derive(Debug)]
pub enum SealAnswer {
    /// The bundle is written.
    Sealed(InputCounts),
    /// Inputs have to be scanned again before there can be a bundle.
    Again {
        /// These inputs, as lines of a list.
        list: String,
        /// How many there are.
        inputs: usize,
        /// What the scans have to know.
        learned: String,
    },
}

/// Seals the parts in the request's folders, which must be those of its list.
pub fn seal(
    loaded: &LoadedPlan,
    question: SealQuestion<'_>,
    request: &Request,
    progress: &Progress,
) -> Result<SealAnswer, Error> {
    if let Some(other) = request.kept_folders().1.first() {
        return Err(Incomplete::NoParts(other.clone()).into());
    }
    may_save(question.bundle, &request.paths)?;
    let _lock = bundle::lock(question.bundle)?;
    bundle::complete(question.bundle)?;
    let request = Request { keep: true, digest: Some(DigestKind::Sha256), ..request.clone() };
    let reading = Reading::new(&loaded.plan, &request);
    let mut left = question.rounds;
    loop {
        let (folders, _) = request.kept_folders();
        let Kept { scans, list, grown } = kept_scans(&folders, &reading, &request)?;
        let request = Request { paths: grown, ..request.clone() };
        let settled = settle(loaded.plan.clone(), scans, &request, progress)?;
        let Some((learned, mut lines)) = to_scan_again(&settled, list) else {
            let collected = settled.seal(progress)?;
            return write_collected(loaded, collected, &request, question.bundle)
                .map(SealAnswer::Sealed);
        };
        let parts = folders.iter().find(|folder| part_files::is_there(Path::new(folder)));
        match parts {
            Some(folder) if left > 0 => {
                left -= 1;
                let wanted = Reading::new(&loaded.plan, &request).knowing(learned);
                scan_lines(&wanted, lines, Path::new(folder), &request, progress)?;
            }
            Some(_) | None => {
                pack(&mut lines, question.task_bytes);
                let learned = part_files::write_learned(&reading.digest, &learned);
                let list = lines.iter().map(text).collect();
                return Ok(SealAnswer::Again { list, inputs: lines.len(), learned });
            }
        }
    }
}

/// Writes what was learned into a file for `scan`.
pub fn write_learned(file: &Path, learned: &str) -> Result<(), Error> {
    let unwritten = |source| Error::FileUnwritten { path: file.display().to_string(), source };
    std::fs::write(file, learned).map_err(unwritten)
}

/// The inputs of the list whose scans the first round lacks, and what it has learned. Others cannot be scanned again:
/// they stay stale, and the report says so.
fn to_scan_again(settled: &Settled, list: Vec<Listed>) -> Option<(Learned, Vec<Listed>)> {
    let is_lacking = |lacking: &LackingScans, line: &Listed| {
        lacking.paths.contains(mask_file(&line.path).as_ref())
    };
    let mut rounds = settled.scans.lacking.iter();
    let lacking = rounds.find(|round| list.iter().any(|line| is_lacking(round, line)))?;
    let mut named = BTreeSet::new();
    let again = list.into_iter().filter(|line| is_lacking(lacking, line));
    let again = again.filter(|line| named.insert(line.path.clone()));
    let unscanned = |line: Listed| Listed { scanned: None, ..line };
    Some((lacking.learned.clone(), again.map(unscanned).collect()))
}
