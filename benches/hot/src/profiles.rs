/*! How many records of each profile one thread reads in a second, from bytes to rows: the fixture of the profile,
 * repeated, under the plan of the fixture. All profiles are candidates for each record, as in any run.
 */

use std::fs;
use std::path::{Path, PathBuf};

use crate::ingest::walk;
use crate::profile::builtin;
use crate::scan::Wanted;
use crate::{Scanned, scan_all, wanted};

/// How many lines the header of an export may have.
const HEADER_LINES: usize = 4;

/// How often a profile is measured; the fastest counts, since other programs only take time.
const PASSES: usize = 3;

/// Prints a table: profile, bytes a record, records a second, megabytes a second.
pub(crate) fn print_table(fixtures: &Path, megabytes: usize) {
    println!("| profile | bytes a record | records a second | MB a second |\n|---|---:|---:|---:|");
    for (name, _) in builtin::PROFILES {
        let folder = fixtures.join(name);
        let plan = wanted(&folder.join("plan.toml"));
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let is_cut = repeat(&folder, scratch.path(), &plan, megabytes << 20);
        let paths = [scratch.path().to_string_lossy().into_owned()];
        let timed = (0..PASSES).map(|_| {
            let before = cpu_nanoseconds();
            let scanned = scan_all(&plan, &paths);
            (cpu_nanoseconds() - before, scanned)
        });
        let (nanoseconds, scanned) = timed.min_by_key(|(time, _)| *time).expect("a pass");
        let Scanned { bytes, records, .. } = scanned;
        let mark = if is_cut { "" } else { " *" };
        println!(
            "| {name}{mark} | {} | {} | {} |",
            bytes / records.max(1),
            records * 1_000_000_000 / nanoseconds.max(1),
            bytes * 1_000 / nanoseconds.max(1),
        );
    }
}

/// Writes each export of a fixture until it has its share of `bytes`. The answer is `false` if one of them cannot stand
/// behind itself in one file, so that its copies are files.
fn repeat(fixture: &Path, into: &Path, plan: &Wanted, bytes: usize) -> bool {
    let exports = exports(fixture);
    let share = bytes / exports.len().max(1);
    let mut is_cut = true;
    for path in exports {
        let once = fs::read(&path).expect("an export");
        let times = share.div_ceil(once.len().max(1));
        let name = path.strip_prefix(fixture).expect("an export of the fixture");
        let place = into.join(name);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        let stored = |bytes: &[u8]| {
            fs::write(&place, bytes).expect("written");
            scan_all(plan, &[place.to_string_lossy().into_owned()])
        };
        let single = stored(&once);
        let times = times as u64;
        let is_whole = |stored: &Scanned| {
            // What stands once may be a record too.
            let records = single.records.saturating_sub(1) * times..=single.records * times;
            records.contains(&stored.records) && stored.rejected == single.rejected * times
        };
        // A header stands once.
        let lines = once.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let heads = [0].into_iter().chain(lines.map(|(end, _)| end + 1).take(HEADER_LINES));
        let mut repeated =
            heads.map(|head| [&once[..head], &once[head..].repeat(times as usize)].concat());
        if repeated.any(|bytes| is_whole(&stored(&bytes))) {
            continue;
        }
        is_cut = false;
        fs::remove_file(&place).expect("removed");
        for copy in 0..times {
            let folder = into.join(copy.to_string()).join(name);
            fs::create_dir_all(folder.parent().expect("a folder")).expect("a folder");
            fs::write(folder, &once).expect("written");
        }
    }
    is_cut
}

/// All files of a fixture but the plan, the expectation and the README.
fn exports(fixture: &Path) -> Vec<PathBuf> {
    let files = walk(&[fixture.to_string_lossy().into_owned()]).into_iter();
    let paths = files.map(|input| PathBuf::from(input.path));
    let is_other = |path: &PathBuf| {
        ["plan.toml", "expected.jsonl", "README.md"].iter().any(|name| path.ends_with(name))
    };
    paths.filter(|path| !is_other(path)).collect()
}

/// How long this thread was on a processor. Linux says it in the first number of this file, and brings it up to date
/// when a thread steps aside.
fn cpu_nanoseconds() -> u64 {
    std::thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("a kernel that tells it");
    text.split(' ').next().and_then(|first| first.parse().ok()).expect("a number")
}
