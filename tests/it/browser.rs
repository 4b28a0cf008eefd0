/*! The HTML report in headless Chromium: nothing is asked for, nothing gets in, and a reader finds what is there. */

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use holdover::model::damage::Damage;
use holdover::model::decision::{Decision, Verdict};
use holdover::model::record::{Record, Records};
use holdover::model::{ClassId, PathKind};
use holdover::report::{TextOptions, View, format_named};

use crate::harness::{shared, skip};
use crate::report::poison;
use crate::report_sample::{decision, quotes};

/// Debian calls it `chromium`.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Texts that could be taken for markup, in addition to those of the other formats.
const HOSTILE: [&str; 14] = [
    "plain",
    "<script>window.got_in = true; alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style></title></textarea><img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)><iframe src=javascript:alert(1)>",
    "\"><img src=https://evil.example/x.png onerror=alert(1)>",
    "' onmouseover='alert(1)' autofocus onfocus='alert(1)",
    "<base href=https://evil.example/><meta http-equiv=refresh content=0>",
    "javascript:alert(1) https://evil.example/ &lt;b&gt; &#60;i&#62;",
    "{{ 7 * 7 }} {% include \"x\" %} ${7*7} <!-- --> ]]> <![CDATA[",
    "\u{202e}\u{1b}[31mverdict: ready\u{0}\u{2028}\u{feff}",
    "=cmd|' /C calc'!A0\t+1 `<b>` ` `` <i>",
    "<a href=https://evil.example>click</a><form action=https://evil.example>",
    "<details open ontoggle=alert(1)><style>*{display:none}</style>",
];

fn html(decision: &Decision, quotes: &holdover::model::decision::Quotes, raw: &str) -> String {
    let view = View::new(decision, quotes);
    let places = view.evidence.iter().filter_map(|cited| cited.place);
    let record = || Record {
        text: raw.to_owned(),
        is_cut: true,
        header: Some(raw.to_owned()),
        is_checked: true,
        ..Record::default()
    };
    let records = Records(places.map(|place| (place, Ok(record()))).collect());
    let mut out = Vec::new();
    let format = format_named("html").expect("a known format");
    let view = View::new(decision, quotes).with_records(&records);
    format.render(&view, TextOptions::default(), &mut out).expect("memory takes it");
    String::from_utf8(out).expect("UTF-8")
}

/// A rotation with this many classes.
fn many(count: u16) -> Decision {
    let mut all = decision();
    let (row, lane) = (all.classes[0].clone(), all.course.lanes[0].clone());
    all.classes.clear();
    all.course.lanes.clear();
    for id in 0..count {
        let mut row = row.clone();
        (row.class, row.name) = (ClassId(id), format!("worker-{id:03}"));
        row.path = if id % 2 == 0 { PathKind::Primary } else { PathKind::Background };
        row.verdict = if id % 7 == 3 { Verdict::NotReady } else { Verdict::Ready };
        all.classes.push(row);
        let mut lane = lane.clone();
        lane.class = Some(ClassId(id));
        all.course.lanes.push(lane);
    }
    all
}

fn found(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect())?;
    let all = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    all.into_iter().find(|path| path.is_file())
}

#[test]
fn the_page_loads_nothing_and_its_policy_names_what_it_runs() {
    let page = html(&decision(), &quotes(), "{\"a\":1}");
    let policy = page.split("Content-Security-Policy\" content=\"").nth(1).expect("a policy");
    assert!(
        policy.starts_with("default-src &#39;none&#39;; style-src &#39;sha256-"),
        "{policy:.200}"
    );
    for loads in [
        " src=",
        "<link",
        "@import",
        "url(http",
        "fetch(",
        "XMLHttpRequest",
        "eval(",
        " style=",
        " onclick",
    ] {
        assert!(!page.contains(loads), "{loads}");
    }
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("<style>").count(), 1);
}

#[test]
fn damage_and_lost_records_are_said() {
    let mut decision = decision();
    decision.inputs[0].damage = vec![Damage::incomplete("gzip stream ends early", 9)];
    let quotes = quotes();
    let mut out = Vec::new();
    let format = format_named("html").expect("a known format");
    let view = View::new(&decision, &quotes);
    format.render(&view, TextOptions::default(), &mut out).expect("memory takes it");
    let page = String::from_utf8(out).expect("UTF-8");
    assert!(page.contains("gzip stream ends early"));
    assert!(page.contains("the records were not read again for this report"));
}

#[test]
fn a_browser_opens_it_and_all_of_it_works() {
    let checks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let (Some(browser), Some(node)) = (found(&BROWSERS), found(&["node"])) else {
        skip("there is no chromium or no node; .ci/run installs them");
        return;
    };
    if !checks.join("node_modules/playwright-core").is_dir() {
        skip("`npm ci` has not been run in tests/browser; .ci/run does it");
        return;
    }
    let kept = std::env::var_os("HOLDOVER_SCREENSHOTS").map(PathBuf::from);
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = kept.as_deref().unwrap_or(scratch.path());
    fs::create_dir_all(folder).expect("a folder");
    let write = |name: &str, page: String| fs::write(folder.join(name), page).expect("written");
    let record = "{\"time\":\"2026-03-02T09:01:00Z\",\"key\":\"doc-key-2024\",\"status\":200}";
    write("clean.html", html(&decision(), &quotes(), record));
    write("many.html", html(&many(300), &quotes(), record));
    for (position, text) in HOSTILE.iter().enumerate() {
        let (decision, quotes) = poison(text);
        write(&format!("hostile-{position}.html"), html(&decision, &quotes, text));
    }
    // The big list of naughty strings, all of it in every field.
    if cfg!(has_shared) {
        let bad = shared("bad-input");
        let list = fs::read_to_string(bad.join("blns/blns.txt")).expect("the list");
        let lines: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() > 400, "{}", lines.len());
        for (part, lines) in lines.chunks(130).enumerate() {
            let text = lines.join("\n");
            let (decision, quotes) = poison(&text);
            let page = html(&decision, &quotes, &text);
            write(&format!("hostile-{}.html", HOSTILE.len() + part), page);
        }
    }
    let done = Command::new(node)
        .arg(checks.join("check.mjs"))
        .args([&browser, &folder.to_path_buf()])
        .output()
        .expect("node starts");
    let output = String::from_utf8_lossy(&done.stdout);
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{output}\n{errors}");
}
