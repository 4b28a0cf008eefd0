/*! Scans the given inputs under a plan and prints what became of their records: the modules from `model` to `scan`, as
 * the program has them, without the engine that answers queries. `PLAN INPUT…`; or `generate FOLDER MEGABYTES` writes
 * logs to measure with.
 */

mod generate;

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
use model::Timestamp;
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

fn main() {
    let mut arguments = std::env::args().skip(1);
    let plan = arguments.next().expect("the path of a plan, or `generate`");
    if plan == "generate" {
        let folder = arguments.next().expect("a folder");
        let megabytes = arguments.next().and_then(|text| text.parse().ok()).expect("megabytes");
        return generate_logs(Path::new(&folder), megabytes);
    }
    let text = std::fs::read_to_string(&plan).expect("a plan that can be read");
    let profiles = builtin::profiles();
    let names: Vec<&str> = profiles.iter().map(|profile| profile.name.as_str()).collect();
    let known = KnownNames { rules: &[], profiles: &names };
    let plan = plan::load(&plan, &text, &known).expect("a plan that holds");
    let bounds =
        TimeBounds { latest: Timestamp(i64::MAX), ..TimeBounds::around(plan.rotation.introduced) };
    let wanted = Wanted::new(CompiledRotation::new(plan.reading()), profiles, &[], bounds);
    let options = ScanOptions { digest: false, progress: &|_| {} };
    let paths: Vec<String> = arguments.collect();
    let (mut rows, mut records, mut evidence, mut rejected) = (Rows::default(), 0, 0, 0);
    for input in ingest::walk(&paths) {
        for part in scan::scan(&input, &wanted, &options, &mut rows).expect("rows are only counted")
        {
            records += part.tally.records;
            evidence += part.tally.evidence;
            rejected += part.tally.rejected;
        }
    }
    println!("{records} records, {evidence} evidence, {rejected} rejected, {} rows", rows.0);
}
