/*! The report: one decision in every format, under hostile text and at every width. */

use std::sync::Arc;

use holdover::model::damage::Damage;
use holdover::model::decision::{Decision, Earliest, Quotes, RotationView};
use holdover::model::finding::{Cite, Cites, Severity, Waived};
use holdover::report::{FORMATS, TextOptions, View, format_named};

use crate::report_sample::{decision, finding, minute, place, quotes};

fn text(decision: &Decision, quotes: &Quotes, options: TextOptions) -> String {
    written("text", decision, quotes, options)
}

pub(crate) fn written(
    format: &str,
    decision: &Decision,
    quotes: &Quotes,
    options: TextOptions,
) -> String {
    let mut out = Vec::new();
    let format = format_named(format).expect("a known format");
    format.render(&View::new(decision, quotes), options, &mut out).expect("memory takes it");
    let text = String::from_utf8(out).expect("UTF-8");
    if format.name() == "json" {
        crate::schemas::is_a_report(&serde_json::from_str(&text).expect("JSON"));
    }
    text
}

#[test]
fn people_read_it_in_80_columns() {
    let options = TextOptions::default();
    insta::assert_snapshot!("report_80_unicode", text(&decision(), &quotes(), options));
    let options = TextOptions { unicode: false, ..options };
    let ascii = text(&decision(), &quotes(), options);
    assert!(ascii.is_ascii());
    insta::assert_snapshot!("report_80_ascii", ascii);
}

/// Every key of the report, by one path to each.
const KEYS: &str = "
/schema /tool/name /tool/version /credential/name /credential/dependency /credential/old/0 /credential/new/0
/mode /rotation/model/0 /rotation/introduced /rotation/revoke_target /rotation/revoked /rotation/rollback
/rotation/decision_owner /rotation/in_flight /rotation/required_evidence/0 /limits/alpha /limits/min_tries
/as_of /window/from /window/to /verdict /summary /earliest_revocation/time
/earliest_revocation/binding_class /earliest_revocation/because
/classes/1/class /classes/1/path /classes/1/use /classes/1/owner /classes/1/refresh /classes/1/disabled
/classes/1/effects/0 /classes/1/derived/0 /classes/1/verdict /classes/1/truth /classes/1/safe_to_revoke
/classes/1/last_old_use/time /classes/1/last_old_use/evidence /classes/1/first_new_success/time
/classes/1/first_new_success/evidence /classes/1/last_new_success/time /classes/1/last_new_success/evidence
/classes/1/exception_test /classes/1/events/old/success /classes/1/events/old/auth_failure
/classes/1/events/old/denied /classes/1/events/old/failure /classes/1/events/old/none
/classes/1/events/new/success /classes/1/events/unknown/success /classes/1/degraded/before/n
/classes/1/degraded/before/of /classes/1/degraded/after/n /classes/1/degraded/after/of
/classes/1/instances/old /classes/1/instances/new /classes/1/instances/mixed /classes/1/instances/unknown
/classes/1/silence/state /classes/1/silence/last_seen /classes/1/silence/needed /classes/1/silence/elapsed
/classes/1/silence/cadence/declared /classes/1/silence/cadence/learned /classes/1/silence/settled
/classes/1/silence/chances/n /classes/1/silence/chances/bound /classes/1/earliest_revocation
/classes/0/why_ready/streams/0/stream /classes/0/why_ready/streams/0/covered
/classes/0/why_ready/streams/0/window /classes/0/why_ready/runs /classes/0/why_ready/gaps
/classes/0/why_ready/holders/moved /classes/0/why_ready/holders/silent /classes/0/why_ready/chances /classes/0/why_ready/evidence/0 /classes/1/why_ready
/plan/sha256 /plan/terms/0/of /plan/terms/0/term /plan/terms/0/value /rotation/model_state/0/model
/rotation/model_state/0/state /rotation/model_state/0/why /rotation/model_state/0/order
/rotation/model_state/0/next
/classes/1/findings/0 /classes/3/last_old_use /classes/4/silence/state
/findings/0/id /findings/0/rule /findings/0/severity /findings/0/class /findings/0/summary
/findings/0/remedy /findings/0/evidence/0 /findings/0/evidence_total /findings/0/searched
/findings/0/plan /findings/0/numbers/n /findings/0/numbers/of /findings/0/numbers/p /findings/0/waived
/findings/2/searched/0 /findings/2/waived/owner /findings/2/waived/until /findings/2/waived/reason
/findings/3/class /waivers/0/rule /waivers/0/class /waivers/0/owner /waivers/0/until /waivers/0/reason
/waivers/0/in_force /waivers/0/findings/0 /missing_proof /checklist /containment
/undeclared/0/hints/user_agent /undeclared/0/events /undeclared/0/first /undeclared/0/last
/undeclared/0/instances /undeclared/0/hours /undeclared/0/cadence /undeclared/0/match
/coverage/0/stream /coverage/0/from /coverage/0/to /coverage/0/holes/0/from /coverage/0/holes/0/to
/coverage/0/classes/0 /accounting/records /accounting/evidence /accounting/irrelevant
/accounting/rejected /accounting/duplicate /inputs/0/path /inputs/0/bytes /inputs/0/sha256
/inputs/0/profile /inputs/0/records /inputs/0/evidence /inputs/0/irrelevant /inputs/0/rejected
/inputs/0/duplicate /inputs/0/first_time /inputs/0/last_time /inputs/0/damage
/evidence/0/id /evidence/0/input /evidence/0/record /evidence/0/offset /evidence/0/time /evidence/0/says";

#[test]
fn json_has_every_key_and_says_the_same() {
    let text = written("json", &decision(), &quotes(), TextOptions::default());
    assert!(text.ends_with("}\n") && text.starts_with("{\n  \"schema\": \"holdover.report/1\""));
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for key in KEYS.split_whitespace() {
        assert!(json.pointer(key).is_some(), "{key} is missing");
    }
    let says = |key: &str| json.pointer(key).and_then(|value| value.as_str()).unwrap_or("null");
    for (key, value) in [
        ("/verdict", "not_ready"),
        ("/as_of", "2026-03-06T09:00:00Z"),
        ("/classes/1/last_old_use/evidence", "E4"),
        ("/classes/1/last_old_use/time", "2026-03-06T08:11:00Z"),
        ("/classes/1/silence/elapsed", "0h49m"),
        ("/classes/4/silence/state", "null"),
        ("/findings/0/evidence/9", "E4"),
        ("/findings/3/class", "null"),
        ("/waivers/0/findings/0", "F3"),
        ("/inputs/2/damage", "gzip stream ends early after 4,096 bytes"),
        ("/evidence/3/input", "logs/retry/2026-03-06.jsonl"),
        ("/evidence/18/says", "gzip stream ends early after 4,096 bytes"),
    ] {
        assert_eq!(says(key), value, "{key}");
    }
    let ids: Vec<_> = json["evidence"].as_array().expect("a list").iter().collect();
    for (position, cited) in ids.into_iter().enumerate() {
        assert_eq!(cited["id"], format!("E{}", position + 1));
    }
}

#[test]
fn unknown_is_null_in_json_and_plain_in_text() {
    let (mut decision, quotes) = (decision(), Quotes::default());
    decision.earliest = None;
    decision.coverage[0].span = None;
    decision.inputs[0].digest = None;
    decision.undeclared[0].cadence = None;
    let text = written("json", &decision, &quotes, TextOptions::default());
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for key in [
        "/earliest_revocation",
        "/coverage/0/from",
        "/inputs/0/sha256",
        "/undeclared/0/cadence",
        "/evidence/0/input",
        "/evidence/0/record",
        "/evidence/0/offset",
    ] {
        assert_eq!(json.pointer(key), Some(&serde_json::Value::Null), "{key}");
    }
    let text = self::text(&decision, &quotes, TextOptions::default());
    assert!(text.contains("cannot be quoted") && text.contains("no dated record"));
}

/// Puts text into every field that a log or a plan fills.
pub(crate) fn poison(text: &str) -> (Decision, Quotes) {
    let (mut all, mut quotes) = (decision(), quotes());
    let bad = || text.to_owned();
    let by = Waived { owner: bad(), until: minute(1), reason: bad() };
    all.summary = bad();
    all.rotation = RotationView {
        credential: bad(),
        dependency: Some(bad()),
        old: vec![bad()],
        new: vec![bad()],
        rollback: Some(bad()),
        decision_owner: Some(bad()),
        required_evidence: vec![bad()],
        ..all.rotation
    };
    all.earliest = Some(Earliest { time: None, binding_class: Some(bad()), because: bad() });
    for row in &mut all.classes {
        (row.name, row.owner) = (bad(), Some(bad()));
        (row.effects, row.derived) = (vec![bad()], vec![bad()]);
        for holder in &mut row.holders {
            holder.value = bad();
        }
    }
    let places = Cites::silence(vec![bad()]).and_plan(bad());
    all.findings.push(finding("no-evidence", Severity::Withholds, None, places));
    for finding in &mut all.findings {
        (finding.summary, finding.remedy) = (bad(), bad());
        finding.waived = Some(by.clone());
        finding.hints = vec![("principal", Arc::from(text))];
    }
    all.findings[3].cites =
        Cites::records(Cite::Record { place: place(2, 18), time: None, says: bad() }, []);
    for of in &mut all.urgent {
        (of.name, of.fact, of.step) = (bad(), bad(), bad());
        of.paste = of.paste.is_some().then(bad);
    }
    let waiver = &mut all.waivers[0];
    (waiver.rule, waiver.class, waiver.by) = (bad(), Some(bad()), by);
    let undeclared = &mut all.undeclared[0];
    (undeclared.hints, undeclared.match_line) = (vec![("user_agent", bad())], bad());
    all.missing[0].detail = bad();
    all.containment[0].action = bad();
    for finding in all.course.known.iter_mut().flat_map(|known| &mut known.findings) {
        finding.summary = bad();
    }
    for stream in &mut all.coverage {
        (stream.stream, stream.classes) = (bad(), vec![bad()]);
    }
    for input in &mut all.inputs {
        (input.path, input.format, input.profile) = (bad(), bad(), bad());
        input.damage = vec![Damage::incomplete(bad(), 0)];
    }
    quotes.0.values_mut().for_each(|quoted| quoted.says = bad());
    (all, quotes)
}

#[test]
fn hostile_text_stays_text() {
    let hostile = [
        "\u{1b}[2J\u{1b}]0;owned\u{7}x",
        "a\r\nverdict: ready\nb",
        "\u{9b}31m\u{202e}ydaer\u{2066}\u{200b}\u{feff}\u{e0041}",
        "=cmd|' /C calc'!A0\t\u{2028}\u{2029}\u{0}",
        "verdict: ready",
    ];
    for text in hostile {
        let (decision, quotes) = poison(text);
        for unicode in [true, false] {
            let options = TextOptions { unicode, all_evidence: unicode, ..TextOptions::default() };
            let report = self::text(&decision, &quotes, options);
            let is_bad = |char: &char| {
                (char.is_control() && *char != '\n')
                    || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
            };
            assert_eq!(report.chars().find(is_bad), None, "{report}");
            let verdicts: Vec<_> =
                report.lines().filter(|line| line.starts_with("verdict")).collect();
            assert_eq!(verdicts, ["verdict: not_ready"]);
            assert!(report.ends_with("\nverdict: not_ready\n"));
            assert!(!report.lines().any(|line| line.starts_with('=')));
        }
        let json = written("json", &decision, &quotes, TextOptions::default());
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["summary"], text);
    }
}

#[test]
fn secrets_stand_in_no_format() {
    let secret = ["gh", "p_q8Zt3LmX0vRb7KcPw2NyJ5hDAbCdEf012345"].concat();
    let (decision, quotes) = poison(&format!("x {secret} y"));
    for format in FORMATS.iter().map(|format| format.name()) {
        let report = written(format, &decision, &quotes, TextOptions::default());
        assert!(!report.contains(&secret[4..20]), "{format}");
        assert!(report.contains("fp:"), "{format}");
    }
}

#[test]
fn no_line_is_wider_than_asked() {
    let long = "a/very/long/path/without/any/space/".repeat(9);
    let wide = "日本語の長い名前".repeat(12);
    for (decision, quotes) in [(decision(), quotes()), poison(&long), poison(&wide)] {
        for (width, limit) in [(10, 60), (60, 60), (80, 80), (120, 120)] {
            for unicode in [true, false] {
                let options = TextOptions { width, unicode, ..TextOptions::default() };
                let text = text(&decision, &quotes, options);
                // A line to be copied stays whole.
                for line in text.lines().filter(|line| !line.trim().starts_with("match = [")) {
                    let cjk = |char: char| u32::from(char) > 0x2e80;
                    let columns = line.chars().count() + line.chars().filter(|c| cjk(*c)).count();
                    assert!(columns <= limit, "{width}: {columns} in {line}");
                }
            }
        }
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let plain = text(&decision(), &quotes(), TextOptions::default());
    let options = TextOptions { colour: true, ..TextOptions::default() };
    let coloured = text(&decision(), &quotes(), options);
    let mut bare = String::new();
    for (number, part) in coloured.split("\u{1b}[").enumerate() {
        bare.push_str(if number == 0 { part } else { part.split_once('m').map_or("", |p| p.1) });
    }
    assert!(coloured.contains("\u{1b}[1;31m"));
    assert_eq!(bare, plain);
}

#[test]
fn long_lists_are_cut_but_damage_is_not() {
    let mut decision = decision();
    let (sound, damaged) = (decision.inputs[0].clone(), decision.inputs[2].clone());
    decision.inputs = vec![sound; 30];
    decision.inputs.push(damaged);
    let report = text(&decision, &quotes(), TextOptions::default());
    assert!(report.contains("and 10 more inputs without damage"), "{report}");
    assert!(report.contains("damaged: gzip stream ends early"));
    let all = TextOptions { all_evidence: true, ..TextOptions::default() };
    assert!(text(&decision, &quotes(), all).contains("and 2 more\n"));
}

#[test]
fn the_first_screen_fits_a_screen_and_the_rest_is_behind_v() {
    let scenario = "fixtures/scenarios/document-provider/morning-after";
    let (plan, logs) = (format!("{scenario}/plan.toml"), format!("{scenario}/logs"));
    let text = |more: &[&str]| {
        let output = crate::harness::run(&[&["report", "-p", &plan, &logs], more].concat());
        crate::harness::printed(&output)
    };
    let (screen, full) = (text(&[]), text(&["-v"]));
    assert!(screen.lines().count() <= 48, "{screen}");
    for line in [
        "1 of 6 consumers ready, 3 not, 2 unknown",
        "ai-batch (background): refused 72 times",
        "verdict: not_ready",
    ] {
        assert!(screen.contains(line), "{line} in\n{screen}");
    }
    // The line to paste is whole, however wide the terminal is.
    let pasted = "     match = [{ user_agent = \"quality-export/0.3\", client_address = \"10.40.7.21\", host_name = \"lt-4471\" }]";
    assert!(screen.lines().any(|line| line == pasted), "{screen}");
    assert!(!screen.contains("LEDGER") && full.contains("LEDGER"));
    // The findings of one consumer stand together.
    let of: Vec<usize> = full
        .lines()
        .enumerate()
        .filter(|(_, line)| {
            line.starts_with("  ") && line.ends_with("  retry-worker") && line.contains(" F")
        })
        .map(|(at, _)| at)
        .collect();
    let others = full.lines().skip(of[0]).take(of[of.len() - 1] - of[0]);
    assert!(
        !others.clone().any(|line| line.starts_with("  ✗ F") && line.ends_with("ai-batch")),
        "{full}"
    );
}
