/*! Plans: the documented example loads, and each mistake is reported at its place. */

use std::collections::BTreeSet;

use holdover::model::finding::Waivable;
use holdover::model::{ClassId, Duration, Outcome, PathKind, Refresh, Use, VersionState};
use holdover::plan::{
    CODES, CutoverModel, InFlight, JudgementLimits, KnownNames, KnownRule, Marker, Plan, load,
};
use proptest::prelude::*;

const KNOWN: KnownNames<'static> = KnownNames {
    rules: &[
        KnownRule { name: "exception-path-untested", waivable: Waivable::ByClass },
        KnownRule { name: "old-use-in-window", waivable: Waivable::Never },
        KnownRule { name: "undeclared-consumer", waivable: Waivable::ByMatchOnly },
        KnownRule { name: "undeclared-baseline", waivable: Waivable::ByMatch },
        KnownRule { name: "quality-drop", waivable: Waivable::ByClass },
    ],
    profiles: &["json", "csv"],
};

/// The example of the design, with a complete digest.
const EXAMPLE: &str = r#"
[credential]
name       = "document_provider_api_token"
dependency = "document analysis provider"

[[credential.version]]
name    = "v1"
state   = "old"
markers = ["doc-key-2024", "sha256:9F2C0000000000000000000000000000000000000000000000000000000000ff"]

[[credential.version]]
name    = "v2"
state   = "new"
markers = ["doc-key-2026", "prefix:new-", "suffix:-new", '/kid-\d+/']

[rotation]
model          = "dual-valid"
introduced     = 2026-03-02T09:00:00Z
revoke_target  = "2026-03-06T10:00:00+01:00"
revoked        = 2026-03-06T09:02:00Z
window         = "48h"
rollback       = "re-enable v1 at the provider"
decision_owner = "platform-security"
in_flight      = "requeue"
required_evidence = ["one replay from a fresh admin container"]

[[consumer]]
class       = "retry-worker"
path        = "background"
use         = "direct"
owner       = "documents-team"
refresh     = "on-start"
session_max = "12h"
every       = "6h"
effects     = ["failed-job recovery"]
derived     = ["HTTP client pool"]
environments = ["prod"]
is_fallback = false
run_settles = false
match       = [{ service_name = "retry-worker" }, { user_agent = "/^doc-retry\\//", "/labels/app" = ["a", "b"] }]
fallback    = [{ route = "local" }]
disabled    = false

[consumer.limits]
min_tries = 10

[[consumer]]
class = "support-replay"

[[source]]
paths    = ["logs/replay/**/*.jsonl.gz"]
profile  = "json"
timezone = "Europe/Berlin"
class    = "support-replay"
uses     = [{ action = "doc.call" }]
stream   = "/cluster"
max_gap  = "15m"
outcomes = { success = ["done"], auth_failure = "refused" }
fields   = { credential_uid = "/auth/key_id", outcome = ["/result", "status"] }

[[waiver]]
rule = "exception-path-untested"
class = "support-replay"
owner = "platform-security"
until = 2026-03-10T00:00:00Z
reason = "replay is frozen until the new image ships"

[limits]
alpha = 0.05
share_points = 4
skew = "90s"
"#;

fn good(text: &str) -> Plan {
    load("plan.toml", text, &KNOWN).unwrap_or_else(|wrong| panic!("{wrong}"))
}

fn mistakes_of(text: &str) -> String {
    load("plan.toml", text, &KNOWN).map_or_else(|wrong| wrong.lines(), |_| String::new())
}

#[test]
fn the_example_loads_with_its_times_and_words() {
    let plan = good(EXAMPLE);
    let rotation = &plan.rotation;
    assert_eq!(rotation.models, [CutoverModel::DualValid]);
    assert_eq!(rotation.introduced.rfc3339(), "2026-03-02T09:00:00Z");
    assert_eq!(rotation.revoke_target.unwrap().rfc3339(), "2026-03-06T09:00:00Z");
    assert_eq!(rotation.window.hours_minutes(), "48h0m");
    assert_eq!(rotation.in_flight, Some(InFlight::Requeue));
    assert_eq!(plan.versions[0].state, VersionState::Old);
    assert_eq!(plan.place(plan.versions[1].site), "plan.toml:11:1");

    let retry = plan.consumer(ClassId(0));
    assert_eq!((retry.path, retry.usage), (PathKind::Background, Use::Direct));
    assert_eq!(retry.refresh, Some(Refresh::OnStart));
    assert_eq!(retry.lag.hours_minutes(), "0h15m");
    assert_eq!(retry.matches[1].entries.len(), 2);
    assert_eq!(retry.matches[1].entries[1].1.len(), 2);
    let limits = JudgementLimits {
        alpha: 0.05,
        share_points: 4.0,
        skew: Duration(90_000_000),
        ..JudgementLimits::default()
    };
    assert_eq!(plan.limits, limits);
    assert_eq!(retry.limits, JudgementLimits { min_tries: 10, ..limits });

    let source = &plan.sources[0];
    assert_eq!((source.class, plan.waivers[0].class), (Some(ClassId(1)), Some(ClassId(1))));
    let words = [("done", Outcome::Success), ("refused", Outcome::AuthFailure)];
    assert_eq!(source.outcomes, words.map(|(word, outcome)| (word.to_owned(), outcome)));
    assert_eq!(source.fields[1].1, ["/result", "status"]);
}

#[test]
fn each_kind_of_marker_covers_its_values() {
    let plan = good(EXAMPLE);
    let (old, new) = (&plan.versions[0].markers, &plan.versions[1].markers);
    let covers =
        |markers: &[Marker], value: &str| markers.iter().any(|marker| marker.covers(value));
    let digest = "9f2c0000000000000000000000000000000000000000000000000000000000ff";
    assert!(covers(old, digest) && covers(old, &format!("sha256:{digest}")));
    assert!(covers(old, "doc-key-2024") && !covers(old, "doc-key-20240"));
    assert!(covers(new, "new-1") && covers(new, "1-new") && covers(new, "kid-77"));
    assert!(!covers(new, "a kid-77") && !covers(new, "kid-77 b"));
    assert!(covers(new, " kid-77\n"), "white space is no part of a value");

    let hashed = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let plan = good(&EXAMPLE.replace("doc-key-2024", hashed));
    assert!(covers(&plan.versions[0].markers, "abc"));
}

#[test]
fn each_mistake_is_reported_at_its_place() {
    let text = include_str!("plan_mistakes.txt");
    let mut blocks = text.split("\n\n").skip(1);
    let base = lines_after('|', blocks.next().unwrap());
    assert_eq!(mistakes_of(&base), "");
    let mut codes = BTreeSet::from(["plan::too-many"]);
    for block in blocks {
        let changed = base.replacen(&lines_after('-', block), &lines_after('+', block), 1);
        let expected: Vec<_> = block.lines().filter(|line| !line.starts_with(['-', '+'])).collect();
        assert_eq!(mistakes_of(&changed).trim_end(), expected.join("\n"), "{block}");
        let code_of = |line: &&'static str| line.split_once("error[")?.1.split_once(']');
        codes.extend(expected.iter().filter_map(code_of).map(|(code, _)| code));
    }
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), CODES);
}

/// Each plan with mistakes, and the codes of these.
pub(crate) fn mistakes() -> Vec<(String, Vec<String>)> {
    let text = include_str!("plan_mistakes.txt");
    let mut blocks = text.split("\n\n").skip(1);
    let base = lines_after('|', blocks.next().expect("the base"));
    let of = |block: &str| {
        let plan = base.replacen(&lines_after('-', block), &lines_after('+', block), 1);
        let codes = block.lines().filter_map(|line| line.split_once("error[")?.1.split_once(']'));
        (plan, codes.map(|(code, _)| code.to_owned()).collect())
    };
    blocks.map(of).collect()
}

fn lines_after(mark: char, block: &str) -> String {
    let marked = block.lines().filter_map(|line| line.strip_prefix(mark));
    marked.flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"]).collect()
}

#[test]
fn more_consumers_than_can_be_numbered_are_refused() {
    let head = &EXAMPLE[..EXAMPLE.find("[[consumer]]").unwrap()];
    let text = format!("{head}{}", "[[consumer]]\n".repeat(4097));
    insta::assert_snapshot!(mistakes_of(&text), @"
    plan.toml:27:1: error[plan::too-many]: expected at most 4096 `[[consumer]]`, found 4097
      help: merge consumers that run the same code, or versions that one marker can match
    ");
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let text = EXAMPLE
        .replace("\"dual-valid\"", "\"dual\"")
        .replace("09:02:00Z", "09:02:00")
        .replace("owner       =", "ownr        =")
        .replace("class    = \"support-replay\"", "class    = \"support\"")
        .replace("alpha = 0.05", "alpha = 5");
    insta::assert_snapshot!(mistakes_of(&text), @"
    plan.toml:17:18: error[plan::unknown-word]: expected one of `atomic`, `dual-valid`, `versioned-alias` or `consumer-by-consumer` for `model`, found `dual`
      help: the nearest known word is `dual-valid`
    plan.toml:20:18: error[plan::time-without-offset]: expected an offset for `revoked`, found `2026-03-06T09:02:00`
      help: write `revoked = 2026-03-06T09:02:00Z` if it is UTC; otherwise write the offset, such as `+01:00`, instead of `Z`
    plan.toml:31:1: error[plan::unknown-key]: `[[consumer]]` has no key `ownr`
      help: the nearest known key is `owner`
    plan.toml:48:9: error[plan::unmatchable]: no record can belong to the consumer `support-replay`
      help: add `match = [{ service_name = \"...\" }]`, or a `[[source]]` with this `class`
    plan.toml:54:12: error[plan::unknown-class]: there is no consumer with the class `support`
      help: the plan declares `support-replay`
    plan.toml:69:9: error[plan::bad-limit]: expected a number above 0 up to 1 for `alpha`, found `5`
      help: write `alpha = 0.01`, or leave it out for the default
    ");
}

fn every(line: &str) -> String {
    let text = EXAMPLE.replace("every       = \"6h\"", &format!("every = \"{line}\""));
    good(&text).consumers[0].every.expect("it was replaced").hours_minutes()
}

#[test]
fn a_cron_expression_means_its_longest_gap() {
    let cases = [
        ("0 3 * * *", "24h0m"),
        ("*/5 * * * *", "0h5m"),
        ("*/7 * * * *", "0h7m"),
        ("0 9-17 * * *", "16h0m"),
        ("30 9,18 * * *", "15h0m"),
        ("0 9 * * 1-5", "72h0m"),
        ("0 9 * * mon-FRI", "72h0m"),
        ("0 9 * * sat-sun", "144h0m"),
        ("0 9 * * 7", "168h0m"),
        // From 31 March to 31 May, and four more times a year: 61 days.
        ("0 0 31 * *", "1464h0m"),
        ("0 0 1 * *", "744h0m"),
        ("0 0 1 jan *", "8784h0m"),
        // 29 February 1896 to 1904 is eight years, of which one is a leap year.
        ("0 0 29 2 *", "70104h0m"),
        // Either day: the first of the month or Monday.
        ("0 0 1 * 1", "168h0m"),
        // With a star both must hold: Mondays that are odd days, at worst the 19th, (26th, 2nd,) 9th.
        ("0 0 */2 * 1", "504h0m"),
    ];
    for (line, gap) in cases {
        assert_eq!(every(line), gap, "{line}");
    }
}

#[test]
fn a_lag_may_take_a_quarter_of_the_window_or_a_minute() {
    let with = |window: &str, lag: &str| {
        let text = EXAMPLE.replace("\"48h\"", &format!("\"{window}\""));
        text.replacen("[[consumer]]", &format!("[[consumer]]\nlag = \"{lag}\""), 1)
    };
    good(&with("48h", "12h"));
    assert!(mistakes_of(&with("48h", "12h1s")).contains("plan::lag-too-long"));
    good(&with("100s", "60s"));
    assert!(mistakes_of(&with("100s", "61s")).contains("plan::lag-too-long"));
}

#[test]
fn durations_are_read_in_each_unit() {
    let cases = [("90s", "0h1m"), ("15m", "0h15m"), ("48h", "48h0m"), ("7d", "168h0m")];
    for (line, length) in cases.into_iter().chain([("1h30m", "1h30m"), ("1d1h1m1s", "25h1m")]) {
        assert_eq!(every(line), length, "{line}");
    }
}

#[test]
fn a_terminal_shows_the_line_with_a_caret() {
    let text = EXAMPLE.replace("\"on-start\"", "\"onstart\"");
    let wrong = load("plan.toml", &text, &KNOWN).unwrap_err();
    insta::assert_snapshot!(wrong.graphical(80, false), @r#"
    plan::unknown-word

      × expected one of `per-request`, `per-run`, `on-start`, `at-launch` or
      │ `cached` for `refresh`, found `onstart`
        ╭─[plan.toml:32:15]
     31 │ owner       = "documents-team"
     32 │ refresh     = "onstart"
        ·               ────┬────
        ·                   ╰── not a known word
     33 │ session_max = "12h"
        ╰────
      help: the nearest known word is `on-start`
    "#);
    assert!(wrong.graphical(80, true).contains("\u{1b}["));
}

#[test]
fn files_from_windows_load() {
    let text = format!("\u{feff}{}", EXAMPLE.replace('\n', "\r\n"));
    assert_eq!(good(&text).place(good(&text).rotation.site), "plan.toml:16:1");
    let wrong = text.replace("48h", "48");
    assert!(mistakes_of(&wrong).starts_with("plan.toml:21:18: error[plan::bad-duration]"));
}

#[test]
fn text_from_the_file_cannot_move_the_cursor() {
    let text = EXAMPLE.replace("\"on-start\"", "\"\u{202e}on\\u001b[2J\u{9b}start\" # \u{1b}[2J");
    let wrong = load("plan\n.toml", &text, &KNOWN).unwrap_err();
    for shown in [wrong.lines(), wrong.graphical(80, false)] {
        let is_bad = |c: char| c == '\u{202e}' || (c.is_control() && c != '\n');
        assert!(!shown.contains(is_bad), "{shown:?}");
    }
    assert!(wrong.lines().starts_with("plan\\n.toml:32:"));
}

proptest! {
    #[test]
    fn a_damaged_plan_gives_mistakes_and_no_panic(from in 0..EXAMPLE.len(), length in 0_usize..60, put in "[\\[\\]{}\"'=.,/~0-9a-z\n\u{e9} ]{0,3}") {
        let to = (from + length).min(EXAMPLE.len());
        let text = format!("{}{put}{}", &EXAMPLE[..from], &EXAMPLE[to..]);
        if let Err(wrong) = load("plan.toml", &text, &KNOWN) {
            prop_assert!(wrong.all().iter().all(|mistake| CODES.contains(&mistake.code)));
            prop_assert!(!wrong.is_empty() && !wrong.graphical(80, true).is_empty());
        }
    }
}
