/*! Objects in a store give the report of the same files, and what a store does wrong is damage. The store is moto, a
 * server that speaks the protocol of S3, behind a proxy that throttles, fails, cuts bodies and changes objects.
 */

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::harness::{holdover, root, said, skip, status};

const SCENARIO: &str = "fixtures/scenarios/document-provider/morning-after";

/// A bucket with the exports of a scenario. Ends with the test.
struct Store {
    server: Child,
    /// Where the store answers, and the proxy before it.
    addresses: Vec<String>,
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ended = self.server.kill();
        let _waited = self.server.wait();
    }
}

impl Store {
    /// Starts the store, if Python has it and this build reads it.
    fn start() -> Option<Self> {
        let ready = Command::new("python3").args(["-c", "import moto.server, boto3"]).output();
        if !ready.is_ok_and(|output| output.status.success()) {
            skip("Python has no package `moto[server]`");
            return None;
        }
        let mut server = Command::new("python3")
            .arg(root().join("tests/stores/s3.py"))
            .arg(root().join(SCENARIO).join("logs"))
            .stdout(Stdio::piped())
            .stdin(Stdio::piped())
            .spawn()
            .expect("python starts");
        let mut line = String::new();
        let out = server.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("its addresses");
        let addresses = line.split_whitespace().map(str::to_owned).collect();
        Some(Self { server, addresses })
    }

    /// Runs the program against the store itself or against the proxy.
    fn run(&self, address: usize, args: &[&str]) -> Output {
        let mut command = holdover(args);
        command.env("AWS_ENDPOINT", &self.addresses[address]).env("AWS_ALLOW_HTTP", "true");
        command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", SECRET);
        command.env("AWS_REGION", "us-east-1").output().expect("the program starts")
    }

    fn report(&self, address: usize, path: &str) -> Value {
        let plan = format!("{SCENARIO}/plan.toml");
        let output = self.run(address, &["report", "-p", &plan, "-f", "json", path]);
        let all = [output.stdout.as_slice(), &output.stderr].concat();
        assert!(!String::from_utf8_lossy(&all).contains(SECRET), "no credential is printed");
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", said(&output)))
    }
}

const SECRET: &str = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";

/// The report without what follows from the paths.
fn judged(report: &Value) -> Value {
    let text = report["verdict"].clone();
    let tallies = &report["accounting"];
    let rules: Vec<&Value> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| &finding["rule"])
        .collect();
    serde_json::json!([text, tallies, rules])
}

fn damage(report: &Value) -> Vec<String> {
    let inputs = report["inputs"].as_array().expect("inputs").iter();
    inputs.filter_map(|input| input["damage"].as_str().map(str::to_owned)).collect()
}

#[test]
fn objects_give_the_report_of_files_and_a_failing_store_is_damage() {
    let Some(store) = Store::start() else { return };
    let files = crate::harness::report(
        &root().join(SCENARIO).join("plan.toml"),
        &[&root().join(SCENARIO).join("logs")],
        &[],
    );
    let objects = store.report(0, "s3://exports/");
    assert_eq!(judged(&objects), judged(&files));
    assert!(damage(&objects).is_empty(), "{:?}", damage(&objects));
    // The bucket says what the proxy does. Throttled, refused and cut requests are made again.
    for fault in ["throttled", "unavailable", "cut"] {
        let report = store.report(1, &format!("s3://exports-{fault}/"));
        assert_eq!(judged(&report), judged(&files), "{fault}: {:?}", damage(&report));
    }
    for (place, says) in [
        ("exports-changed/", "changed while being read"),
        ("exports-denied/", "the store denies access"),
        ("exports-always-cut/logs/support-replay/", "the store does not answer"),
    ] {
        let report = store.report(1, &format!("s3://{place}"));
        assert!(damage(&report).iter().any(|what| what.contains(says)), "{place}: {report:#}");
        assert_ne!(report["verdict"], "ready");
    }
}

#[test]
fn a_list_pins_the_version_of_an_object() {
    let Some(store) = Store::start() else { return };
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let text = |name: &str| scratch.path().join(name).to_string_lossy().into_owned();
    let plan = format!("{SCENARIO}/plan.toml");
    let listed = store.run(0, &["list", "-p", &plan, "s3://exports/"]);
    assert_eq!(status(&listed), 0, "{}", said(&listed));
    let list = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(list.lines().all(|line| line.contains("\"etag\":\"")), "{list}");
    let pinned = list.replace("\"etag\":\"\\\"", "\"etag\":\"\\\"0");
    assert_ne!(pinned, list);
    for (lines, is_damaged) in [(&list, false), (&pinned, true)] {
        let file = text("list.jsonl");
        fs::write(&file, lines).expect("written");
        let parts = text(if is_damaged { "pinned" } else { "parts" });
        let mut scan = holdover(&["scan", "-p", &plan, "-o", &parts]);
        scan.env("AWS_ENDPOINT", &store.addresses[0]).env("AWS_ALLOW_HTTP", "true");
        scan.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", SECRET);
        scan.env("AWS_REGION", "us-east-1").stdin(fs::File::open(&file).expect("a file"));
        let output = scan.output().expect("the program starts");
        assert_eq!(status(&output), 0, "{}", said(&output));
        let done = String::from_utf8_lossy(&output.stdout).into_owned();
        let damaged = done.lines().filter(|line| !line.contains("\"damage\":0}")).count();
        assert_eq!(damaged > 0, is_damaged, "{done}");
    }
}

#[test]
fn an_object_with_the_name_of_a_folder_hides_none_below_it() {
    let Some(store) = Store::start() else { return };
    let plan = format!("{SCENARIO}/plan.toml");
    for (path, keys) in [
        ("s3://names/both", &["both", "both/below"][..]),
        ("s3://names/both/", &["both/below"]),
        ("s3://names/both/below", &["both/below"]),
    ] {
        let listed = store.run(0, &["list", "-p", &plan, path]);
        let lines = String::from_utf8_lossy(&listed.stdout).into_owned();
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let found: Vec<String> = lines.map(|line| line["path"].to_string()).collect();
        let wanted: Vec<String> = keys.iter().map(|key| format!("\"s3://names/{key}\"")).collect();
        assert_eq!(found, wanted, "{}", said(&listed));
    }
}

#[test]
fn an_address_with_a_secret_in_it_is_not_opened() {
    let plan = format!("{SCENARIO}/plan.toml");
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let bundle = scratch.path().join("bundle").to_string_lossy().into_owned();
    let logs = format!("{SCENARIO}/logs");
    let (one, two) = ("https://host/a?sid=hunter2", "https://hunter:hunter2@other/a");
    for command in [
        &["list", "-p", &plan, one, two] as &[&str],
        &["report", "-p", &plan, one, two],
        &["report", "-p", &plan, one, two, &logs, "-o", &bundle],
        &["scan", "-p", &plan, one, two, "-o", &format!("{bundle}-parts")],
        &["verify", &bundle, one, two],
        &["who", one, two, "-m", "doc-key-2024"],
    ] {
        let output = holdover(command).output().expect("the program starts");
        let all = [output.stdout.as_slice(), &output.stderr].concat();
        let all = String::from_utf8_lossy(&all);
        assert!(!all.contains("hunter"), "{command:?}: {all}");
        if command[0] == "list" {
            assert_eq!(all.matches("an address with credentials").count(), 2, "{all}");
            for shown in ["https://host/a", "https://other/a"] {
                assert!(all.contains(&format!("\"path\":\"{shown}\"")), "{all}");
            }
        }
    }
    for file in ["bundle.json", "report.json"] {
        let text = fs::read_to_string(scratch.path().join("bundle").join(file)).expect(file);
        assert!(!text.contains("hunter"), "{file}: {text}");
    }
}
