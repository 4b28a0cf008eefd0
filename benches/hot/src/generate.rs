/*! Logs for measurements: the same bytes in every run, and what is true of them, counted while they are written. */

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::json;

/// A linear congruential generator, so that all runs are equal.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.below(words.len() as u64)).unwrap_or(0)]
    }
}

const SERVICES: &[&str] =
    &["api", "doc-worker", "ai-batch", "billing", "notifier", "scheduler", "exporter", "search"];

const MESSAGES: &[&str] =
    &["request completed", "connection pool resized", "tenant quota refreshed", "cache miss"];

/// How much of everything.
pub(crate) struct Sizes {
    pub(crate) app_files: u64,
    pub(crate) lines_each: u64,
    pub(crate) access_lines: u64,
    pub(crate) trail_files: u64,
}

/// Uses of the credential: by version and outcome.
#[derive(Default)]
struct Truth {
    old: u64,
    new: u64,
    failed: u64,
}

impl Truth {
    fn count(&mut self, is_old: bool, is_failure: bool) {
        self.old += u64::from(is_old);
        self.new += u64::from(!is_old);
        self.failed += u64::from(is_failure);
    }

    fn json(&self) -> serde_json::Value {
        json!({"old": self.old, "new": self.new, "failed": self.failed})
    }
}

/// Writes the logs, a plan for each kind and `truth.json`.
pub(crate) fn generate(folder: &Path, sizes: &Sizes) -> io::Result<()> {
    let (mut app, mut access, mut trail) = (Truth::default(), Truth::default(), Truth::default());
    fs::create_dir_all(folder.join("app"))?;
    let mut at = 0;
    for file in 0..sizes.app_files {
        let mut text = String::new();
        let mut random = Random(file + 1);
        for _ in 0..sizes.lines_each {
            at += random.below(2 * SPAN_MS / (sizes.app_files * sizes.lines_each).max(1));
            app_line(&mut text, &mut random, at, &mut app);
        }
        fs::write(folder.join(format!("app/app-{file:03}.jsonl")), text)?;
    }
    fs::create_dir_all(folder.join("access"))?;
    let (mut text, mut random, mut at) = (String::new(), Random(7), 0);
    for _ in 0..sizes.access_lines {
        at += random.below(2 * SPAN_MS / sizes.access_lines.max(1));
        access_line(&mut text, &mut random, at, &mut access);
    }
    fs::write(folder.join("access/access.log"), text)?;
    fs::create_dir_all(folder.join("trail"))?;
    let (mut random, mut at) = (Random(11), 0);
    for file in 0..sizes.trail_files {
        let mut records = Vec::new();
        for _ in 0..RECORDS_EACH {
            at += random.below(2 * SPAN_MS / (sizes.trail_files * RECORDS_EACH).max(1));
            records.push(trail_record(&mut random, at, &mut trail));
        }
        let text = json!({"Records": records}).to_string();
        fs::write(folder.join(format!("trail/trail-{file:04}.json")), text)?;
    }
    let truth = json!({"app": app.json(), "access": access.json(), "trail": trail.json()});
    fs::write(folder.join("truth.json"), truth.to_string() + "\n")?;
    fs::write(folder.join("plan.toml"), PLAN)
}

/// From 2026-03-01 on, about a week.
const START_S: u64 = 1_772_323_200;
const SPAN_MS: u64 = 7 * 86_400_000;
const RECORDS_EACH: u64 = 400;

const PLAN: &str = r#"[credential]
name = "document provider token"
[[credential.version]]
name = "v1"
state = "old"
markers = ["doc-key-2024"]
[[credential.version]]
name = "v2"
state = "new"
markers = ["doc-key-2026"]
[rotation]
introduced = 2026-03-04T02:00:00Z
window = "24h"
[[consumer]]
class = "ai-batch"
match = [{ service_name = "ai-batch", credential_uid = ["doc-key-2024", "doc-key-2026"] }]
[[consumer]]
class = "doc-worker"
match = [{ service_name = "doc-worker", credential_uid = ["doc-key-2024", "doc-key-2026"] }]
[[consumer]]
class = "others"
match = [{ user_agent = ["docs/2.1 (worker)", "okhttp/4.12.0"], credential_uid = ["doc-key-2024", "doc-key-2026"] }]
"#;

fn instant(at: u64) -> String {
    let seconds = i64::try_from(START_S + at / 1_000).unwrap_or(0);
    let millis = at % 1_000;
    let time = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    format!("{}.{millis:03}Z", time.format("%Y-%m-%dT%H:%M:%S"))
}

/// The old version until the change, then less and less of it.
fn is_old(random: &mut Random, at: u64) -> bool {
    at < SPAN_MS / 2 || random.below(SPAN_MS / 2) > 2 * (at - SPAN_MS / 2)
}

fn app_line(text: &mut String, random: &mut Random, at: u64, truth: &mut Truth) {
    let service = random.one_of(SERVICES);
    let (pod, tenant) = (random.below(12), random.below(4_000));
    let is_call = random.below(100) < 22 && matches!(service, "doc-worker" | "ai-batch");
    let mut parts = vec![
        format!(r#""ts":"{}""#, instant(at)),
        format!(r#""level":"{}""#, random.one_of(&["info", "debug", "warn"])),
        format!(r#""service":"{service}""#),
        r#""env":"production""#.to_owned(),
        format!(
            r#""kubernetes":{{"namespace":"docs","pod":"{service}-7f9c{pod:02}-x{pod:02}","container":"{service}","node":"ip-10-0-0-{pod}.internal"}}"#
        ),
        format!(
            r#""trace_id":"{:032x}""#,
            u128::from(random.below(1 << 30)) << 64 | u128::from(tenant)
        ),
        format!(r#""span_id":"{:016x}""#, random.below(1 << 31)),
        format!(r#""duration_ms":{}.{}"#, random.below(900), random.below(1_000)),
        format!(r#""tenant":"t_{tenant:05}""#),
        // A pod has one process.
        format!(r#""pid":{}"#, 7 + pod),
        r#""version":"2026.02.27-3f9c1ab""#.to_owned(),
        r#""region":"eu-west-1""#.to_owned(),
    ];
    if is_call {
        let old = is_old(random, at);
        let failure = random.below(50) == 0;
        truth.count(old, failure);
        let key = if old { "doc-key-2024" } else { "doc-key-2026" };
        let outcome = if failure { "failure" } else { "success" };
        parts.push(format!(
            r#""event":"provider.call","msg":"document provider call","auth":{{"scheme":"bearer","key_id":"{key}","cached":true}},"outcome":"{outcome}","attempt":1,"document":{{"id":"doc_{tenant:08x}","bytes":{}}}"#,
            random.below(90_000_000)
        ));
    } else {
        parts.push(format!(
            r#""msg":"{}","http":{{"method":"GET","path":"/v1/documents?page={}\u0026size=50","status":200,"bytes_in":{},"bytes_out":{},"user_agent":"okhttp/4.12.0"}},"feature_flags":{{"new_extractor":false,"rollout":22}}"#,
            random.one_of(MESSAGES),
            random.below(40),
            random.below(2_000),
            random.below(200_000)
        ));
    }
    // Loggers differ in the order of their keys.
    let turn = usize::try_from(random.below(parts.len() as u64)).unwrap_or(0);
    parts.rotate_left(turn);
    let _infallible = writeln!(text, "{{{}}}", parts.join(","));
}

fn access_line(text: &mut String, random: &mut Random, at: u64, truth: &mut Truth) {
    let seconds = i64::try_from(START_S + at / 1_000).unwrap_or(0);
    let time = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let user = if random.below(100) < 8 {
        let old = is_old(random, at);
        let failure = random.below(50) == 0;
        truth.count(old, failure);
        (if old { "doc-key-2024" } else { "doc-key-2026" }, failure)
    } else {
        ("-", false)
    };
    let _infallible = writeln!(
        text,
        r#"10.{}.{}.{} - {} [{} +0000] "GET /v1/documents/{:08x}/pages?page={}&size=50 HTTP/1.1" {} {} "https://app.example.com/cases" "{}""#,
        random.below(40),
        random.below(256),
        random.below(256),
        user.0,
        time.format("%d/%b/%Y:%H:%M:%S"),
        random.below(1 << 31),
        random.below(90),
        if user.1 { 401 } else { 200 },
        random.below(90_000),
        random.one_of(&["okhttp/4.12.0", "docs/2.1 (worker)"]),
    );
}

fn trail_record(random: &mut Random, at: u64, truth: &mut Truth) -> serde_json::Value {
    let is_use = random.below(100) < 14;
    // A key is of one user.
    let (key, user) = if is_use {
        let old = is_old(random, at);
        truth.count(old, false);
        (if old { "doc-key-2024".to_owned() } else { "doc-key-2026".to_owned() }, 400)
    } else {
        let number = random.below(400);
        (format!("AKIAEXAMPLE{number:09}"), number)
    };
    let address = format!("10.0.{}.{}", random.below(256), random.below(256));
    json!({
        "eventVersion": "1.09",
        "userIdentity": {
            "type": "IAMUser", "principalId": "AIDAEXAMPLE", "accountId": "111122223333",
            "arn": format!("arn:aws:iam::111122223333:user/u{user}"), "accessKeyId": key,
        },
        "eventTime": format!("{}Z", &instant(at)[..19]),
        "eventSource": "s3.amazonaws.com",
        "eventName": random.one_of(&["GetObject", "PutObject", "ListObjects", "HeadObject"]),
        "awsRegion": "eu-west-1",
        "sourceIPAddress": address,
        "userAgent": random.one_of(&["okhttp/4.12.0", "docs/2.1 (worker)"]),
        "requestParameters": {"bucketName": "documents", "key": format!("doc/{:08x}", random.below(1 << 31))},
        "responseElements": null,
        "eventID": format!("{:08x}-0000-4000-8000-{:012x}", random.below(1 << 31), at),
        "readOnly": true,
        "eventType": "AwsApiCall",
        "managementEvent": false,
        "recipientAccountId": "111122223333",
    })
}
