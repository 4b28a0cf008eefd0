/*! How many records of each source one core reads in a second, from bytes to rows: `cargo bench --bench profiles`.
 * The input is the fixture of the profile, repeated. All profiles are candidates for each record, as in any run.
 */

use std::path::{Path, PathBuf};

use divan::Bencher;
use divan::counter::ItemsCount;
use holdover::attribute::CompiledRotation;
use holdover::ingest::walk;
use holdover::model::bounds::TimeBounds;
use holdover::pipeline;
use holdover::profile::builtin;
use holdover::scan::{Batch, Part, ScanOptions, Wanted, scan};

/// The size of the input, in bytes.
const BYTES: usize = 400_000;

fn main() {
    divan::main();
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats")
}

fn names() -> Vec<&'static str> {
    let names = builtin::PROFILES.iter().map(|(name, _)| *name);
    names.filter(|name| fixtures().join(name).is_dir()).collect()
}

/// The exports of a fixture, repeated.
fn write(folder: &Path, into: &Path) {
    let files = walk(&[folder.to_string_lossy().into_owned()]);
    for file in files {
        let path = Path::new(&file.path);
        let is_export = |name: &str| !["plan.toml", "expected.jsonl", "README.md"].contains(&name);
        let Some(name) =
            path.file_name().and_then(|name| name.to_str()).filter(|name| is_export(name))
        else {
            continue;
        };
        let once = std::fs::read(path).expect("an export");
        let times = BYTES.div_ceil(once.len().max(1));
        std::fs::write(into.join(name), once.repeat(times)).expect("written");
    }
}

fn read(wanted: &Wanted, folder: &Path) -> (u64, usize) {
    let watch = ScanOptions { digest: false, strict: false, progress: &|_| {} };
    let mut batches: Vec<Batch> = Vec::new();
    let inputs = walk(&[folder.to_string_lossy().into_owned()]);
    let parts =
        inputs.iter().flat_map(|input| scan(input, wanted, &watch, &mut batches).expect("a scan"));
    let records = parts.map(|part: Part| part.tally.records).sum();
    (records, batches.iter().map(|batch| batch.rows.len()).sum())
}

#[divan::bench(args = names(), sample_count = 5, sample_size = 1)]
fn profile(bencher: Bencher<'_, '_>, name: &str) {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let folder = fixtures().join(name);
    write(&folder, scratch.path());
    let plan = pipeline::load_plan(&folder.join("plan.toml")).expect("a plan that holds").plan;
    let bounds = TimeBounds::around(plan.rotation.introduced);
    let overlays: Vec<_> =
        plan.sources.iter().map(|_| holdover::profile::Overlay::default()).collect();
    let wanted =
        Wanted::new(CompiledRotation::new(plan.reading()), builtin::profiles(), &overlays, bounds);
    let (records, rows) = read(&wanted, scratch.path());
    assert!(records > 0 && rows > 0, "{name} gives rows");
    bencher.counter(ItemsCount::new(records)).bench(|| read(&wanted, scratch.path()));
}
