/*! Throughput of each stage over generated input: `cargo bench`. Rates count uncompressed bytes. The column
 * `max alloc` is the most memory that a stage holds. The input is the same in every run.
 */

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "generated numbers are small"
)]

use std::fmt::Write;
use std::path::Path;

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher};
use holdover::attribute::{self, CompiledRotation, MatchableRecord};
use holdover::ingest::decode::json;
use holdover::ingest::{Fields, Frame, ReadOptions, Visit, read_from};
use holdover::map::{self, Mapped, ProfileReading};
use holdover::model::bounds::TimeBounds;
use holdover::model::coverage::Reject;
use holdover::model::link::Learned;
use holdover::model::{DigestKind, Timestamp};
use holdover::pipeline::{self, Progress, Request};
use holdover::plan::Plan;
use holdover::profile::builtin;

#[global_allocator]
static ALLOC: AllocProfiler = AllocProfiler::system();

const LINES: usize = 40_000;
const FILES: usize = 8;

const PLAN: &str = r#"
[credential]
name = "provider key"
[[credential.version]]
name = "v1"
state = "old"
markers = ["doc-key-2024"]
[[credential.version]]
name = "v2"
state = "new"
markers = ["doc-key-2026"]
[rotation]
introduced = 2026-03-02T09:00:00Z
window = "48h"
[[consumer]]
class = "worker"
match = [{ service_name = "doc-worker" }]
[[consumer]]
class = "batch"
match = [{ service_name = "ai-batch" }]
"#;

fn main() {
    divan::main();
}

/// A linear congruential generator, so that all runs are equal.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Application logs as JSON Lines. About six lines in a hundred are about the credential.
fn lines(seed: u64) -> String {
    let services = ["api", "doc-worker", "ai-batch", "billing", "notifier", "scheduler"];
    let mut random = Random(seed);
    let mut text = String::new();
    for line in 0..LINES {
        let service = services[random.below(6) as usize];
        let at = Timestamp(
            1_771_700_000_000_000 + line as i64 * 30_000_000 + random.below(9_000_000) as i64,
        );
        let pod = random.below(8);
        let _infallible = write!(
            text,
            r#"{{"ts":"{at}","level":"info","service":"{service}","env":"production","kubernetes":{{"namespace":"docs","pod":"{service}-{pod}","node":"ip-10-0-0-{pod}"}},"trace_id":"{:032x}","duration_ms":{}.5,"tenant":"t_{:05}","#,
            u128::from(random.below(1 << 30)) << 64 | u128::from(random.below(1 << 30)),
            random.below(900),
            random.below(4000),
        );
        if random.below(100) < 18 && matches!(service, "doc-worker" | "ai-batch") {
            let key = if random.below(3) == 0 { "doc-key-2024" } else { "doc-key-2026" };
            let outcome = if random.below(50) == 0 { "failure" } else { "success" };
            let _infallible = writeln!(
                text,
                r#""event":"provider.call","auth":{{"scheme":"bearer","key_id":"{key}"}},"outcome":"{outcome}","attempt":1}}"#
            );
        } else {
            let _infallible = writeln!(
                text,
                r#""event":"request","http":{{"method":"GET","path":"/v1/documents?page={}&size=50","status":200,"user_agent":"Mozilla/5.0 (X11; Linux x86_64)"}},"msg":"request completed"}}"#,
                random.below(40),
            );
        }
    }
    text
}

fn plan(folder: &Path) -> Plan {
    let path = folder.join("plan.toml");
    std::fs::write(&path, PLAN).expect("a plan");
    pipeline::load_plan(&path).expect("a plan that holds").plan
}

struct Count(u64);

impl Visit for Count {
    fn frame(&mut self, frame: Frame<'_>) {
        self.0 += u64::from(!frame.bytes.is_empty());
    }

    fn reject(&mut self, _frame: Frame<'_>, _reject: Reject) {}
}

/// From bytes to records, with the digest of the stored bytes.
#[divan::bench]
fn frame(bencher: Bencher<'_, '_>) {
    let text = lines(1);
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let mut count = Count(0);
        read_from(text.as_bytes(), &ReadOptions::default(), &mut count);
        assert_eq!(count.0, LINES as u64);
    });
}

fn reading() -> ProfileReading {
    let profile = builtin::profiles().last().expect("a profile that reads anything").clone();
    ProfileReading::new(profile, [])
}

/// From records to the fields of the generic profile.
#[divan::bench]
fn decode(bencher: Bencher<'_, '_>) {
    let text = lines(1);
    let reading = reading();
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        for line in text.lines() {
            let mut fields = Fields::default();
            json::pick(line.as_bytes(), &reading.picks, &mut fields).expect("a record");
            divan::black_box(&fields);
        }
    });
}

struct NoPointers;

impl attribute::Pointers for NoPointers {
    fn any(&self, _pointer: &str, _holds: &dyn Fn(&str) -> bool) -> bool {
        false
    }
}

/// From fields to classes and versions, without decoding.
#[divan::bench]
fn attribute(bencher: Bencher<'_, '_>) {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let rotation = CompiledRotation::new(plan(scratch.path()).reading());
    let text = lines(1);
    let reading = reading();
    let decoded: Vec<Fields<'_>> = text
        .lines()
        .map(|line| {
            let mut fields = Fields::default();
            json::pick(line.as_bytes(), &reading.picks, &mut fields).expect("a record");
            fields
        })
        .collect();
    let learned = Learned::nothing(rotation.link_key);
    let bounds = TimeBounds::around(Timestamp(0));
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let mut kept = 0_u64;
        for fields in &decoded {
            let mapped: Mapped<'_> = map::apply(&reading, fields, bounds);
            let seen = MatchableRecord { mapped: &mapped, pointers: &NoPointers };
            kept += u64::from(attribute::attribute(&rotation, &learned, None, seen).kept.is_some());
        }
        assert!(kept > 0);
        kept
    });
}

/// From files to a decision, on as many threads as there are cores.
#[divan::bench(sample_count = 10)]
fn whole_run(bencher: Bencher<'_, '_>) {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let logs = scratch.path().join("logs");
    std::fs::create_dir(&logs).expect("a folder");
    let mut bytes = 0;
    for file in 0..FILES {
        let text = lines(file as u64 + 1);
        bytes += text.len();
        std::fs::write(logs.join(format!("app-{file}.jsonl")), text).expect("a log");
    }
    let plan = plan(scratch.path());
    let request = Request {
        digest: Some(DigestKind::Sha256),
        ..Request::new(vec![logs.to_string_lossy().into_owned()], Timestamp(4_000_000_000_000_000))
    };
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let report =
            pipeline::report(plan.clone(), &request, &Progress::default()).expect("a report");
        assert_eq!(report.sealed.accounting.records, (LINES * FILES) as u64);
        report.decision.verdict
    });
}
