/*! Records that repeat what one before said are counted without making anything of them, and another thread may read
 * them. Nothing in the result may show it: parts and rows are the same where one thread decodes every record.
 */

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use holdover::attribute::CompiledRotation;
use holdover::ingest::walk;
use holdover::model::Timestamp;
use holdover::model::bounds::TimeBounds;
use holdover::model::link::Learned;
use holdover::pipeline;
use holdover::plan::KnownNames;
use holdover::profile::{self, builtin};
use holdover::scan::{Batch, ScanOptions, Wanted, scan};
use rayon::prelude::*;

use crate::harness::{root, shared};

/// Larger files take too long in a test.
const MOST_BYTES: u64 = 64 << 10;

/// All that a scan gives, as text.
fn result(path: &Path, wanted: &Wanted, strict: bool) -> String {
    let options = ScanOptions { digest: None, strict, ahead: !strict, progress: &|_| {} };
    let mut said = String::new();
    for input in walk(&[path.to_string_lossy().into_owned()]) {
        let mut batches: Vec<Batch> = Vec::new();
        let parts = scan(&input, wanted, &options, &mut batches).expect("rows are kept");
        writeln!(said, "{parts:#?}").expect("a text grows");
        for batch in batches {
            let texts: Vec<&str> = batch.texts.all().collect();
            writeln!(said, "{:#?}\n{texts:#?}", batch.rows).expect("a text grows");
        }
    }
    said
}

/// Fails if decoding every record of the file changes the result.
fn check(path: &Path, wanted: &Wanted) {
    let (quick, strict) = (result(path, wanted, false), result(path, wanted, true));
    if quick != strict {
        let differ = quick.lines().zip(strict.lines()).enumerate().find(|(_, (a, b))| a != b);
        panic!("{}: {differ:?}", path.display());
    }
}

/// How a plan reads.
fn wanted(plan: &Path) -> Wanted {
    let loaded = pipeline::load_plan(plan).expect("a plan that holds");
    let bounds = TimeBounds {
        latest: Timestamp(4_000_000_000_000_000),
        ..TimeBounds::around(loaded.plan.rotation.introduced)
    };
    Wanted::new(CompiledRotation::new(loaded.plan.reading()), builtin::profiles(), &[], bounds)
}

/// How a plan reads whose source has expressions, which find their fields within the texts of JSON.
fn wanted_by_expressions() -> Wanted {
    let fields = r#"
        patterns = ['"time":"(?<time>[^"]+)".*svc=(?<svc>[^ ]+) inst=(?<inst>[^ ]+) kid=(?<kid>[^ "]+)']
        [fields]
        event_time = ["/time"]
        service_name = ["/svc"]
        service_instance_id = ["/inst"]
        credential_uid = ["/kid"]
    "#;
    wanted_by(fields)
}

/// What any profile has to say.
const OWN: &str = r#"
name = "own"
family = "own"
title = "Own"
layer = "behavior"
lag = "15m"
blind_spots = []
"#;

/// How a plan reads whose source has a profile of its own, with these fields.
fn wanted_by(fields: &str) -> Wanted {
    let plan = r#"
        credential.name = "c"
        credential.version = [
          { name = "v1", state = "old", markers = ["doc-key-2024"] },
          { name = "v2", state = "new", markers = ["doc-key-2026"] },
        ]
        rotation = { introduced = 2026-03-02T09:00:00Z, window = "1h" }
        consumer = [{ class = "worker", match = [{ service_name = "worker" }] }]
        source = [{ paths = ["*"], profile = "own" }]
    "#;
    let own = profile::load("own.toml", &format!("{OWN}{fields}")).expect("a profile");
    let known = KnownNames { rules: &[], profiles: &["own"] };
    let plan = holdover::plan::load("plan.toml", plan, &known).expect("a plan that holds");
    let bounds = TimeBounds {
        latest: Timestamp(4_000_000_000_000_000),
        ..TimeBounds::around(plan.rotation.introduced)
    };
    let overlay = profile::Overlay::default();
    Wanted::new(CompiledRotation::new(plan.reading()), &[own], &[overlay], bounds)
}

#[test]
fn what_an_expression_finds_in_json_is_not_taken_for_its_fields() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let file = scratch.path().join("app.log");
    let mut text = String::new();
    for (minute, said) in [
        "svc=other inst=i1 kid=-",
        "svc=other inst=i1 kid=-",
        "svc=other inst=i1 kid=-",
        "svc=worker inst=i2 kid=doc-key-2026",
        "svc=worker inst=i2 kid=unknown-key",
        "svc=other inst=i1 kid=-",
    ]
    .into_iter()
    .enumerate()
    {
        writeln!(text, r#"{{"time":"2026-03-02T10:0{minute}:00Z","msg":"{said}"}}"#)
            .expect("a text grows");
    }
    std::fs::write(&file, text).expect("written");
    let wanted = wanted_by_expressions();
    check(&file, &wanted);
    assert!(result(&file, &wanted, false).contains("doc-key-2026"), "its rows are taken");
}

#[test]
fn what_one_file_taught_does_not_change_the_next() {
    let escaped = r#""kind":"Secret","type":"kubernetes.io\/service-account-token","metadata":{"name":"n","namespace":"s","labels":{"kubernetes.io\/legacy-token-last-used":"2026-03-02"}}"#;
    let twice = format!("{{{escaped},\"jid\":\"1\",\"jid\":\"2\"}}\n");
    let folder = tempfile::tempdir().expect("a scratch folder");
    let wanted = wanted(&root().join("fixtures/rules/base/plan.toml"));
    for (name, text) in [("a.jsonl", format!("{{{escaped}}}\n{twice}")), ("b.jsonl", twice)] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        check(&path, &wanted);
    }
}

/// Records of a consumer that is alive, of one that no class matches, and of one that names an id nobody explains.
fn alive(minute: usize) -> String {
    let web = r#""GET /docs HTTP/1.1" 200 512 "-" "docs/2.1""#;
    format!(
        r#"{{"time":"2026-03-02T10:{minute:02}:00Z","service_name":"worker","level":"info","message":"tick"}}
{{"time":"2026-03-02T10:{minute:02}:01Z","service_name":"other","pod":"other-1","message":"tick"}}
{{"time":"2026-03-02T10:{minute:02}:02Z","service_name":"other","pod":"other-1","credential_uid":"id-7","message":"x"}}
10.2.0.9 - - [02/Mar/2026:10:{minute:02}:03 +0000] {web}
"#
    )
}

#[test]
fn what_one_file_said_counts_in_the_next() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let plan = root().join("fixtures/rules/base/plan.toml");
    let many: String = (0..6).map(alive).collect();
    let names =
        ["worker-7f9c8d6b54-bcdfg.log", "worker-7f9c8d6b54-xzvtw.log", "app-1.log", "app-2.log"];
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let mut wanted = wanted(&plan);
    check(&write(names[0], &many), &wanted);
    for name in &names[1..] {
        let path = write(name, &alive(40));
        check(&path, &wanted);
        let said = result(&path, &wanted, false);
        let pod = name.strip_suffix(".log").filter(|_| name.starts_with("worker"));
        // The file names the pod where records do not, and each input asks what its ids mean.
        assert!(pod.is_none_or(|pod| said.contains(pod)) && !said.contains("bcdfg"), "{said}");
        assert!(said.contains("names: {\n") && said.contains("ids: {\n"), "{said}");
    }
    // Under other links the same words mean something else.
    let key = wanted.rotation.link_key;
    let mut learned = Learned::nothing(key);
    learned.owners.insert(key.digest("other-1"), "worker".to_owned());
    wanted.learn(learned);
    check(&write("app-3.log", &many), &wanted);
    check(&write("app-4.log", &alive(50)), &wanted);
}

#[test]
fn what_the_path_says_counts() {
    let wanted = wanted_by(
        r#"
        [fields]
        event_time = ["/at"]
        [[extract]]
        column = "service_name"
        from = "@path"
        pattern = '/([a-z]+)-\d+\.log$'
        when = { "@path" = ["/worker-2/"] }
    "#,
    );
    let folder = tempfile::tempdir().expect("a scratch folder");
    for name in ["worker-1.log", "worker-2.log", "worker-3.log"] {
        let path = folder.path().join(name);
        let lines = (0..4).map(|minute| {
            format!("{{\"at\":\"2026-03-02T10:0{minute}:00Z\",\"text\":\"tick\"}}\n")
        });
        std::fs::write(&path, lines.collect::<String>()).expect("written");
        check(&path, &wanted);
    }
}

#[test]
fn a_stamp_that_is_too_late_is_noted_in_each_input() {
    let mut wanted = wanted_by(
        r#"
        [fields]
        event_time = ["/time"]
        instance_start_time = ["/started"]
        service_name = ["/service_name"]
    "#,
    );
    let instant = |text: &str| Timestamp::from_rfc3339(text).expect("an instant");
    wanted.bounds.near = instant("2026-11-20T09:00:00Z");
    wanted.bounds.latest = instant("2026-11-30T09:00:00Z");
    let folder = tempfile::tempdir().expect("a scratch folder");
    for name in ["app-1.log", "app-2.log"] {
        let path = folder.path().join(name);
        let lines = (0..4).map(|minute| {
            let time = format!("2026-11-20T10:0{minute}:00Z");
            format!("{{\"time\":\"{time}\",\"started\":\"Dec 20 09:00:00\",\"service_name\":\"other\"}}\n")
        });
        std::fs::write(&path, lines.collect::<String>()).expect("written");
        check(&path, &wanted);
        let said = result(&path, &wanted, false);
        assert!(said.contains("beyond: Some("), "{said}");
    }
}

/// All files below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() { folders.push(entry) } else { found.push(entry) }
        }
    }
    found.sort();
    found
}

/// The lines of a file three times, so that each is known at sight, then in other orders, and most with other digits
/// (other times, numbers and ids), with blanks, nulls and escapes, with texts in the place of others, or torn.
fn varied(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let quoted: Vec<&str> = text.split('"').skip(1).step_by(2).take(500).collect();
    let mut state = 7_u64;
    let mut next = move |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below.max(1)
    };
    let mut out = format!("{text}\n{text}\n{text}\n");
    for _ in 0..(lines.len() * 4).clamp(40, 200) {
        let mut line = lines[next(lines.len())].to_owned().into_bytes();
        let digits: Vec<usize> = (0..line.len()).filter(|at| line[*at].is_ascii_digit()).collect();
        for _ in 0..next(4) {
            if let Some(at) = digits.get(next(digits.len())) {
                line[*at] = b'0' + u8::try_from(next(10)).expect("a digit");
            }
        }
        let line = String::from_utf8_lossy(&line);
        let other =
            ["", "-", "unknown", "null", "0", "doc-key-2024", "a\\u003cb", "cut \\ud83d", "x,\",1"];
        let line = match next(12) {
            0 => line.replacen("\":", "\": ", 1 + next(3)),
            1 => line.replacen("\":\"", "\":null,\"also\":\"", 1),
            2 => line.replacen("\":\"", "\":\"\\u0061", 1 + next(3)),
            3..6 if !quoted.is_empty() => {
                let (from, to) = (quoted[next(quoted.len())], quoted[next(quoted.len())]);
                line.replacen(&format!(":\"{from}\""), &format!(":\"{to}\""), 1)
            }
            6..9 if !quoted.is_empty() => {
                let (from, to) = (quoted[next(quoted.len())], other[next(other.len())]);
                line.replacen(&format!(":\"{from}\""), &format!(":\"{to}\""), 1)
            }
            9 => {
                let torn = line.char_indices().map(|(at, _)| at).nth(next(line.len()));
                let torn = torn.unwrap_or_default();
                format!("{}{}", &line[..torn], line[torn..].chars().skip(1).collect::<String>())
            }
            _ => line.into_owned(),
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// Checks one in `step` of the text files of a folder, as it is and varied.
fn check_all(folder: &Path, wanted: &Wanted, step: usize) -> usize {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let small = |path: &&PathBuf| path.metadata().is_ok_and(|data| data.len() <= MOST_BYTES);
    let all = files(folder);
    let files: Vec<&PathBuf> = all.iter().step_by(step).filter(small).collect();
    files.par_iter().enumerate().for_each(|(number, path)| {
        check(path, wanted);
        let Ok(text) = std::fs::read_to_string(path) else { return };
        if text.is_empty() {
            return;
        }
        // The second file repeats what the first said.
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let copies = scratch.path().join(number.to_string());
        std::fs::create_dir_all(&copies).expect("a folder");
        let varied = varied(&text);
        let middle = varied.len() * 2 / 3;
        let middle = varied.floor_char_boundary(middle);
        let halves = varied.split_at(varied[..middle].rfind('\n').map_or(middle, |at| at + 1));
        for (name, text) in [(name.clone(), halves.0), (format!("2-{name}"), halves.1)] {
            let copy = copies.join(name);
            std::fs::write(&copy, text).expect("a copy");
            check(&copy, wanted);
        }
    });
    files.len()
}

/// A plan whose markers and consumers stand in many logs, so that every path through attribution is taken.
const ANY_LOG: &str = r#"
credential.name = "of anybody"
credential.version = [
  { name = "v1", state = "old", markers = ["root", "admin", "doc-key-2024", "AKIAIOSFODNN7EXAMPLE"] },
  { name = "v2", state = "new", markers = ["test", "guest", "doc-key-2026"] },
]
rotation = { introduced = 2020-03-02T09:00:00Z, window = "1h" }
consumer = [
  { class = "ssh", match = [{ service_name = "sshd" }, { client_address = "10.*" }] },
  { class = "web", match = [{ user_agent = "/Mozilla/" }, { "/http/path" = "/./" }] },
  { class = "rest", match = [{ action = "/[a-z]/" }] },
]
"#;

fn any_log(folder: &Path) -> Wanted {
    let plan = folder.join("plan.toml");
    std::fs::write(&plan, ANY_LOG).expect("a plan");
    wanted(&plan)
}

#[test]
fn the_fixtures_give_the_same_when_every_record_is_decoded() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let any_log = any_log(scratch.path());
    assert!(check_all(&root().join("fixtures/formats"), &any_log, 1) > 150);
    for scenario in [
        "document-provider/morning-after",
        "document-provider/ready",
        "document-provider/split-brain",
    ] {
        let folder = root().join("fixtures/scenarios").join(scenario);
        assert!(check_all(&folder, &wanted(&folder.join("plan.toml")), 1) > 5);
    }
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn the_corpora_give_the_same_when_every_record_is_decoded() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let any_log = any_log(scratch.path());
    let corpora = check_all(&shared("corpora"), &any_log, 7);
    let cases = check_all(&shared("cases"), &any_log, 2);
    assert!(corpora > 50 && cases > 50, "{corpora} and {cases} files");
}
