/*! Scans the given inputs under a plan and prints what became of their records: the modules from `model` to `scan`, as
 * the program has them, without the engine that answers queries. `PLAN INPUT…`; or `generate FOLDER MEGABYTES` writes
 * logs to measure with; or `profiles FIXTURES MEGABYTES` prints how fast each profile is read.
 */

mod generate;
mod profiles;

#[path = "../../../src/attribute/mod.rs"]
pub mod attribute;
#[path = "../../../src/diag.rs"]
pub mod diag;
#[path = "../../../src/ingest/mod.rs"]
pub mod ingest;
#[path = "../../../src/limits.rs"]
pub mod limits;
#[path = "../../../src/map/mod.rs"]
pub mod map;
#[path = "../../../src/model/mod.rs"]
pub mod model;
#[path = "../../../src/plan/mod.rs"]
pub mod plan;
#[path = "../../../src/profile/mod.rs"]
pub mod profile;
#[path = "../../../src/safe/mod.rs"]
pub mod safe;
#[path = "../../../src/scan/mod.rs"]
pub mod scan;
#[path = "../../../src/wording/mod.rs"]
pub mod wording;

use std::path::Path;

use attribute::CompiledRotation;
use model::{DigestKind, Timestamp};
use model::bounds::TimeBounds;
use plan::KnownNames;
use profile::builtin;
use scan::{Batch, ScanOptions, Sink, SinkError, Wanted};

/// Counts the rows that come.
#[derive(Default)]
struct Rows(usize);

impl Sink for Rows {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        self.0 += batch.rows.len();
        Ok(())
    }

    fn restart(&mut self) {
        self.0 = 0;
    }
}

/// Writes about this many megabytes of application logs, and less of the others.
fn generate_logs(folder: &Path, megabytes: u64) {
    let files = megabytes.div_ceil(32).max(1);
    let sizes = generate::Sizes {
        app_files: files,
        lines_each: megabytes * 1_560 / files,
        access_lines: megabytes * 2_500,
        trail_files: megabytes.div_ceil(2),
    };
    generate::generate(folder, &sizes).expect("a folder that can be written to");
}

/// What a scan gave.
#[derive(Default)]
pub(crate) struct Scanned {
    pub(crate) bytes: u64,
    pub(crate) records: u64,
    evidence: u64,
    pub(crate) rejected: u64,
    rows: usize,
}

/// What reading under a plan wants to know.
pub(crate) fn wanted(plan: &Path) -> Wanted {
    let text = std::fs::read_to_string(plan).expect("a plan that can be read");
    let profiles = builtin::profiles();
    let names: Vec<&str> = profiles.iter().map(|profile| profile.name.as_str()).collect();
    let known = KnownNames { rules: &[], profiles: &names };
    let plan = plan::load(&plan.to_string_lossy(), &text, &known).expect("a plan that holds");
    let bounds =
        TimeBounds { latest: Timestamp(i64::MAX), ..TimeBounds::around(plan.rotation.introduced) };
    Wanted::new(CompiledRotation::new(plan.reading()), profiles, &[], bounds)
}

pub(crate) fn scan_all(wanted: &Wanted, paths: &[String]) -> Scanned {
    let strict = std::env::var_os("HOLDOVER_STRICT").is_some();
    let ahead = std::env::var_os("HOLDOVER_AHEAD").is_some();
    let digest = std::env::var_os("HOLDOVER_DIGEST").map(|_| DigestKind::Sha256);
    let options = ScanOptions { digest, strict, ahead, progress: &|_| {} };
    let (mut rows, mut scanned) = (Rows::default(), Scanned::default());
    for input in ingest::walk(paths) {
        for part in scan::scan(&input, wanted, &options, &mut rows).expect("rows are only counted")
        {
            scanned.bytes += part.bytes;
            scanned.records += part.tally.records;
            scanned.evidence += part.tally.evidence;
            scanned.rejected += part.tally.rejected;
        }
    }
    Scanned { rows: rows.0, ..scanned }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next().expect("the path of a plan, `generate` or `profiles`");
    if first == "generate" || first == "profiles" {
        let folder = arguments.next().expect("a folder");
        let megabytes = arguments.next().and_then(|text| text.parse().ok()).expect("megabytes");
        match first.as_str() {
            "generate" => generate_logs(Path::new(&folder), megabytes as u64),
            _ => profiles::print_table(Path::new(&folder), megabytes),
        }
        return;
    }
    let paths: Vec<String> = arguments.collect();
    let Scanned { records, evidence, rejected, rows, .. } =
        scan_all(&wanted(Path::new(&first)), &paths);
    println!("{records} records, {evidence} evidence, {rejected} rejected, {rows} rows");
}
