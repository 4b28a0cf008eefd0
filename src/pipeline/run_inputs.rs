/*! The inputs of a run: the files that are given, and the cached scans of earlier runs.
 *
 * An input is identified by its path and its bytes. A cached scan is kept until a newer input contains it: the same
 * path with other bytes is a second input, unless these begin with the bytes of the first.
 */

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::ingest::{self, Digested, Input};
use crate::model::{DigestKind, InputId};
use crate::safe::mask_file;
use crate::scan::{LinkQueries, Part, Wanted};
use crate::table::parts::CachedScan;

/// One input of a run.
#[derive(Debug, Default)]
pub(super) struct RunInput {
    /// Masked, as scans name it.
    pub(super) path: String,
    /// Known before it is read only if a cached scan has the same path.
    digest: Option<String>,
    /// The file; without one, the cached scans are all there is.
    pub(super) raw: Option<Input>,
    /// The cached scans, each made with other links.
    pub(super) kept: Vec<CachedScan>,
}

impl RunInput {
    /// Caches a scan, in place of an earlier one that was given the same answers.
    pub(super) fn keep(&mut self, scan: CachedScan) {
        let is_same =
            |cached: &CachedScan| cached.wanted == scan.wanted && cached.answers == scan.answers;
        match self.kept.iter_mut().find(|cached| is_same(cached)) {
            Some(cached) if cached.latest >= scan.latest => {}
            Some(cached) => *cached = scan,
            None => self.kept.push(scan),
        }
    }

    /// Its stored bytes; 0 where they are not known.
    pub(super) fn bytes(&self) -> u64 {
        let of_input = self.kept.first().and_then(|cached| cached.parts.first());
        self.raw.as_ref().map_or_else(|| of_input.map_or(0, |part| part.bytes), |raw| raw.bytes)
    }

    /// Is there a cached scan, or a file that can be opened?
    pub(super) fn is_readable(&self) -> bool {
        !self.kept.is_empty() || self.raw.as_ref().is_some_and(|raw| raw.trouble.is_none())
    }

    /// Does it only record that an earlier run could not read this path?
    fn is_failed_read(&self) -> bool {
        let mut parts = self.kept.iter().flat_map(|cached| &cached.parts);
        let is_new = self.raw.is_some() || self.kept.is_empty();
        !is_new && self.digest.is_none() && parts.all(|part| part.tally.records == 0)
    }
}

/// Joins the files that are given with the cached scans, in the order of path and digest.
pub(super) fn run_inputs(
    given: Vec<Input>,
    kept: Vec<CachedScan>,
    paths: &[String],
) -> Vec<RunInput> {
    let mut inputs = by_identity(kept);
    let paths: Vec<_> = paths.iter().map(|path| mask_file(path)).collect();
    inputs
        .retain(|input| !(input.is_failed_read() && paths.iter().any(|path| *path == input.path)));
    let cached_lengths: BTreeMap<String, Vec<u64>> = lengths(&inputs);
    let digests: Vec<Option<Digested>> = given
        .par_iter()
        .map(|file| {
            let lengths = cached_lengths.get(mask_file(&file.path).as_ref())?;
            ingest::digest(file, DigestKind::Sha256, lengths).ok()
        })
        .collect();
    // Those without a cached scan stay apart: no file is compared with each of the others.
    let mut new = Vec::new();
    for (file, digested) in given.into_iter().zip(digests) {
        let path = mask_file(&file.path).into_owned();
        // This run tries the path again, so an earlier failure to read it says nothing more.
        let is_below = |input: &RunInput| path.starts_with(&format!("{}/", input.path));
        inputs.retain(|input| !(input.is_failed_read() && (input.path == path || is_below(input))));
        if let Some(digested) = &digested {
            inputs.retain(|input| !(input.path == path && has_grown(input, digested)));
        }
        let digest = digested.map(|digested| digested.digest);
        let same = inputs
            .iter_mut()
            .find(|input| input.path == path && digest.is_some() && input.digest == digest);
        if let Some(input) = same {
            input.raw = Some(file);
        } else {
            new.push(RunInput { path, digest, raw: Some(file), kept: Vec::new() });
        }
    }
    inputs.append(&mut new);
    inputs.sort_by(|left, right| (&left.path, &left.digest).cmp(&(&right.path, &right.digest)));
    for (input, id) in inputs.iter_mut().zip((0..).map(InputId)) {
        if let Some(raw) = &mut input.raw {
            raw.id = id;
        }
    }
    inputs
}

fn by_identity(kept: Vec<CachedScan>) -> Vec<RunInput> {
    let mut inputs: BTreeMap<(String, Option<String>), RunInput> = BTreeMap::new();
    for scan in kept {
        let (path, digest) = scan.identity();
        let (path, digest) = (path.to_owned(), digest.map(str::to_owned));
        let input =
            || RunInput { path: path.clone(), digest: digest.clone(), ..RunInput::default() };
        inputs.entry((path.clone(), digest.clone())).or_insert_with(input).keep(scan);
    }
    inputs.into_values().collect()
}

/// The lengths of the cached inputs under each path. An input whose first bytes of such a length have the cached digest
/// has grown.
fn lengths(inputs: &[RunInput]) -> BTreeMap<String, Vec<u64>> {
    let mut lengths: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for input in inputs.iter().filter(|input| input.digest.is_some()) {
        lengths.entry(input.path.clone()).or_default().push(input.bytes());
    }
    lengths
}

/// Does the file begin with the cached bytes, and go on after them?
fn has_grown(cached: &RunInput, file: &Digested) -> bool {
    let bytes = cached.bytes();
    let start = file.starts.get(&bytes);
    bytes < file.bytes && start.is_some() && start == cached.digest.as_ref()
}

/// Would scanning the same bytes today give the cached result?
pub(super) fn is_current(cached: &CachedScan, wanted_digest: &str, wanted: &Wanted) -> bool {
    let latest = wanted.bounds.latest;
    let parts = &cached.parts;
    let is_in_bounds = if latest < cached.latest {
        parts.iter().all(|part| part.span.is_none_or(|(_, last)| last <= latest))
    } else {
        let beyond = parts.iter().filter_map(|part| part.beyond).min();
        latest == cached.latest || beyond.is_none_or(|beyond| beyond > latest)
    };
    cached.wanted == wanted_digest
        && is_in_bounds
        && link_queries(parts).answers(wanted.learned()) == cached.answers
}

/// The link lookups of an input and its members.
pub(super) fn link_queries(parts: &[Part]) -> LinkQueries {
    parts.iter().fold(LinkQueries::default(), |mut queries, part| {
        queries.join(&part.asked);
        queries
    })
}
