/*! Each record of each format fixture that uses the old version, changed in every way that leaves the use in it: the
 * use is found, or its record is rejected with its marker, or a finding that withholds names the marker.
 */

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use holdover::attribute::CompiledRotation;
use holdover::ingest::{Input, Locator};
use holdover::model::bounds::TimeBounds;
use holdover::model::columns::Column;
use holdover::model::link::Learned;
use holdover::model::noticed::Noticed;
use holdover::model::{InputId, Outcome, State};
use holdover::pipeline;
use holdover::plan::{Marker, Plan};
use holdover::profile::{Profile, builtin};
use holdover::scan::{Batch, ObservedRecord, Observer, Part, Row, ScanOptions, Wanted, look, scan};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::mutations::{self, Mutant, Target, Wrapping};
use crate::harness::root;

/// What a scan of one export gives.
struct Scanned {
    parts: Vec<Part>,
    batches: Vec<Batch>,
}

const OPTIONS: ScanOptions<'static> =
    ScanOptions { digest: None, strict: false, ahead: false, progress: &|_| {} };

fn input(path: &Path) -> Input {
    Input {
        id: InputId(0),
        path: path.to_string_lossy().into_owned(),
        source: Locator::File(path.to_owned()),
        bytes: 0,
        modified: None,
        is_listed: false,
        trouble: None,
    }
}

/// Which profile mapped a record that begins there.
#[derive(Default)]
struct MappedBy(BTreeSet<(u64, String)>);

impl Observer for MappedBy {
    fn observe(&mut self, record: &ObservedRecord<'_>) {
        self.0.insert((record.place.offset, record.profile.to_owned()));
    }
}

impl Scanned {
    fn of(path: &Path, wanted: &Wanted) -> Self {
        let mut batches: Vec<Batch> = Vec::new();
        let parts = scan(&input(path), wanted, &OPTIONS, &mut batches).expect("rows are kept");
        Self { parts, batches }
    }

    /// The attempts of the plan's versions that were accepted.
    fn successes(&self) -> impl Iterator<Item = &Row> {
        let known = self.rows().filter(|row| row.version.is_some() && row.kind.is_try());
        known.filter(|row| row.outcome == Outcome::Success)
    }

    fn successes_in(&self, range: &Range<usize>) -> usize {
        let is_in = |row: &&Row| meets(range, row.place.offset, u64::from(row.place.length));
        self.successes().filter(is_in).count()
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.batches.iter().flat_map(|batch| &batch.rows)
    }

    /// How many attempts with the old version lie in these bytes.
    fn old_uses(&self, range: &Range<usize>) -> usize {
        let old = self.rows().filter(|row| row.state == State::Old && row.kind.is_try());
        old.filter(|row| meets(range, row.place.offset, u64::from(row.place.length))).count()
    }

    /// Whether something names an old marker in these bytes: a reject, a marker in a field that nobody reads, damage.
    fn is_named(&self, range: &Range<usize>) -> bool {
        self.parts.iter().any(|part| {
            let rejects = part.reject_rows.iter().filter(|reject| reject.old_marker);
            let mut places = rejects.map(|reject| reject.place);
            places.any(|place| meets(range, place.offset, u64::from(place.length)))
                || part.stray_markers.values().any(|found| may_be_in(found, range))
                || part.damage.iter().any(|damage| damage.old_marker)
        })
    }
}

/// Whether the bytes of a record meet these bytes.
fn meets(range: &Range<usize>, offset: u64, length: u64) -> bool {
    offset < range.end as u64 && (range.start as u64) < offset + length.max(1)
}

/// Of more than two records only the first and the last are known.
fn may_be_in(found: &Noticed, range: &Range<usize>) -> bool {
    let (first, last) = (found.first.1, found.last.1);
    let ends = [first, last].iter().any(|at| meets(range, at.offset, u64::from(at.length)));
    let low = first.offset.min(last.offset);
    let high = first.offset.max(last.offset);
    ends || found.count > 2 && meets(range, low, high - low)
}

/// One export of a fixture, as it is.
struct Export {
    name: String,
    /// Its path below the fixture.
    path: PathBuf,
    bytes: Vec<u8>,
}

/// Reads one fixture after another with profiles that are compiled once.
struct Bench {
    wanted: Wanted,
    folder: PathBuf,
    plan: Plan,
}

impl Bench {
    fn new(folder: PathBuf) -> Self {
        let plan = plan_of(&folder);
        let bounds = TimeBounds::around(plan.rotation.introduced);
        let rotation = CompiledRotation::new(plan.reading());
        let wanted = Wanted::new(rotation, builtin::profiles(), &[], bounds);
        Self { wanted, folder, plan }
    }

    fn turn_to(&mut self, folder: PathBuf) {
        self.plan = plan_of(&folder);
        self.folder = folder;
        let rotation = CompiledRotation::new(self.plan.reading());
        let learned = Learned::nothing(rotation.link_key);
        self.wanted.bounds = TimeBounds::around(self.plan.rotation.introduced);
        self.wanted.rotation = rotation;
        self.wanted.learn(learned);
    }

    fn exports(&self) -> Vec<Export> {
        let walk = walkdir::WalkDir::new(&self.folder).sort_by_file_name().into_iter().flatten();
        let files = walk.filter(|entry| entry.file_type().is_file());
        let ours = ["plan.toml", "expected.jsonl", "README.md"];
        files
            .filter(|entry| !ours.iter().any(|name| entry.path().ends_with(name)))
            .map(|entry| Export {
                name: self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                path: entry.path().strip_prefix(&self.folder).expect("below").to_owned(),
                bytes: fs::read(entry.path()).expect("an export"),
            })
            .collect()
    }

    /// The longest marker of these versions that the record shows.
    fn shown(&self, record: &[u8], of: Option<State>) -> Option<&str> {
        let text = String::from_utf8_lossy(record);
        let versions = self.plan.versions.iter();
        let versions =
            versions.filter(|version| of.is_none_or(|of| State::from(version.state) == of));
        let texts =
            versions.flat_map(|version| &version.markers).filter_map(|marker| match marker {
                Marker::Literal(text) | Marker::Prefix(text) | Marker::Suffix(text) => {
                    Some(text.as_str())
                }
                Marker::Sha256(_) | Marker::Serial(_) | Marker::Regex(_) => None,
            });
        texts.filter(|marker| text.contains(marker)).max_by_key(|marker| marker.len())
    }
}

fn plan_of(folder: &Path) -> Plan {
    let mut plan = pipeline::load_plan(&folder.join("plan.toml")).expect("a plan").plan;
    plan.sources.clear();
    plan
}

fn folders() -> Vec<PathBuf> {
    let only = std::env::var("HOLDOVER_FORMAT").unwrap_or_default();
    let walk = walkdir::WalkDir::new(root().join("fixtures/formats")).min_depth(1).max_depth(1);
    let folders = walk.sort_by_file_name().into_iter().flatten();
    let folders = folders.map(walkdir::DirEntry::into_path);
    folders.filter(|folder| only.is_empty() || folder.ends_with(&only)).collect()
}

/// The profiles that read an export.
fn profiles(scanned: &Scanned) -> Vec<&'static Profile> {
    let names: Vec<&str> = scanned.parts.iter().flat_map(|part| part.profile.split(", ")).collect();
    builtin::profiles().iter().filter(|profile| names.contains(&profile.name.as_str())).collect()
}

/// How many changes were tried, and what became of an old use in which of them.
#[derive(Default)]
struct Tally {
    tried: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.tried += other.tried;
        self.wrong.extend(other.wrong);
    }
}

fn check_exports() -> Tally {
    let folders = folders();
    let chunk = folders.len().div_ceil(rayon::current_num_threads()).max(1);
    let tallies: Vec<Tally> = folders
        .par_chunks(chunk)
        .map(|folders| {
            let mut tally = Tally::default();
            let mut bench = Bench::new(folders[0].clone());
            for folder in folders {
                bench.turn_to(folder.clone());
                for export in bench.exports() {
                    check_export(&bench, &export, &mut tally);
                }
            }
            tally
        })
        .collect();
    let mut all = Tally::default();
    for tally in tallies {
        all.add(tally);
    }
    all
}

fn check_export(bench: &Bench, export: &Export, tally: &mut Tally) {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let path = scratch.path().join(&export.path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let scan_of = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("written");
        Scanned::of(&path, &bench.wanted)
    };
    let base = scan_of(&export.bytes);
    let times: Vec<String> = profiles(&base)
        .iter()
        .filter_map(|profile| profile.fields.get(&Column::EventTime))
        .flatten()
        .cloned()
        .collect();
    for range in old_ranges(&base, export.bytes.len()) {
        let shown = bench.shown(&export.bytes[range.clone()], Some(State::Old));
        let Some(marker) = shown else { continue };
        let target = Target { bytes: &export.bytes, range: range.clone(), marker, times: &times };
        for mutant in mutations::mutants(&target) {
            tally.tried += 1;
            let after = scan_of(&mutant.bytes);
            let lost = lost(&base, &after, &range, &mutant);
            tally.wrong.extend(
                lost.map(|what| {
                    format!("{} {}: {}: {what}", export.name, range.start, mutant.name)
                }),
            );
        }
    }
    fs::write(&path, &export.bytes).expect("written");
    tally.add(check_refusals(bench, export, (&path, &base), &scan_of));
}

/// Where the attempts with the old version are, each record once.
fn old_ranges(scanned: &Scanned, length: usize) -> Vec<Range<usize>> {
    let old = scanned.rows().filter(|row| row.state == State::Old && row.kind.is_try());
    ranges(old, length)
}

fn ranges<'r>(rows: impl Iterator<Item = &'r Row>, length: usize) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = rows
        .filter_map(|row| {
            let start = usize::try_from(row.place.offset).ok()?;
            let end = start + row.place.length as usize;
            (end <= length).then_some(start..end)
        })
        .collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    ranges.dedup();
    ranges
}

/// What was lost, if anything: the use that was changed or added, or another of the same export.
fn lost(
    base: &Scanned,
    after: &Scanned,
    changed: &Range<usize>,
    mutant: &Mutant,
) -> Option<&'static str> {
    let is_read =
        |range: &Range<usize>, uses: usize| after.old_uses(range) >= uses || after.is_named(range);
    let is_added = mutant.from > changed.start;
    let uses = if is_added { 1 } else { base.old_uses(changed) };
    if !is_read(&mutant.changed, uses) {
        return Some("the use is lost");
    }
    if mutant.is_end && mutant.from == 0 && !mutant.name.starts_with("the file") {
        return None;
    }
    let others =
        old_ranges(base, usize::MAX / 2).into_iter().filter(|range| range != changed || is_added);
    for range in others {
        let uses = base.old_uses(&range);
        let moved = if range.start < mutant.from {
            range
        } else if mutant.is_end {
            continue;
        } else {
            let by = |at: usize| at.checked_add_signed(mutant.moved).expect("a place in the file");
            by(range.start)..by(range.end)
        };
        if !is_read(&moved, uses) {
            return Some("another use is lost");
        }
    }
    None
}

/// A field of outcome that says no, next to others that say yes: nothing may be left of the success.
fn check_refusals(
    bench: &Bench,
    export: &Export,
    (path, base): (&Path, &Scanned),
    scan_of: &dyn Fn(&[u8]) -> Scanned,
) -> Tally {
    let mut tally = Tally::default();
    let profiles = profiles(base);
    let mut mapped_by = MappedBy::default();
    look(&input(path), &bench.wanted, &OPTIONS, &mut mapped_by).expect("rows are not kept");
    let wrapping = Wrapping {
        each: profiles.iter().flat_map(|profile| &profile.each).map(String::as_str).collect(),
        payloads: profiles.iter().filter_map(|profile| profile.payload.as_deref()).collect(),
    };
    let known = base.successes();
    for range in ranges(known, export.bytes.len()) {
        let before = base.successes_in(&range);
        let record = &export.bytes[range.clone()];
        let Some(marker) = bench.shown(record, None) else { continue };
        let at = u64::try_from(range.start).unwrap_or_default();
        let words: Vec<_> = profiles
            .iter()
            .filter(|profile| mapped_by.0.contains(&(at, profile.name.clone())))
            .flat_map(|profile| refusals(profile))
            .collect();
        for (name, changed) in mutations::refused(record, &wrapping, marker, &words) {
            tally.tried += 1;
            let line_end: &[u8] = if record.ends_with(b"\n") { b"\n" } else { b"" };
            let (head, tail) = (&export.bytes[..range.start], &export.bytes[range.end..]);
            let after = scan_of(&[head, changed.as_bytes(), line_end, tail].concat());
            if after.successes_in(&(range.start..range.start + changed.len())) >= before {
                tally.wrong.push(format!("{} {at}: {name}: still a success", export.name));
            }
        }
    }
    tally
}

/// The fields that a profile maps as an outcome, each with a word that says no.
fn refusals(profile: &Profile) -> Vec<(String, Value)> {
    let strong = profile.fields.get(&Column::Outcome).into_iter().flatten();
    let words = strong.chain(&profile.weak_outcome).map(|at| (at.clone(), json!("unauthorized")));
    let statuses = profile.status.iter().map(|at| (at.clone(), json!(401)));
    let grpc = profile.grpc_status.iter().map(|at| (at.clone(), json!(16)));
    words.chain(statuses).chain(grpc).collect()
}

#[track_caller]
fn holds(tally: &Tally, least: usize) {
    assert!(tally.tried >= least, "{} changes", tally.tried);
    let shown = tally.wrong.join("\n");
    assert!(tally.wrong.is_empty(), "{} of {}\n{shown}", tally.wrong.len(), tally.tried);
}

#[test]
fn an_old_use_does_not_vanish_by_a_change_of_its_record() {
    holds(&check_exports(), 10_000);
}
