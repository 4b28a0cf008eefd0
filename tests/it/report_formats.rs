/*! One decision in every format: all say the same verdict, and hostile text is text in each. */

use csv_core::{ReadRecordResult, Reader};
use holdover::model::decision::{Decision, Mode};
use holdover::model::next::Action;
use holdover::report::{Depth, FORMATS, TextOptions};
use serde_json::Value;

use crate::report::{poison, written};
use crate::report_sample::{at, decision, minute, quotes};

/// The cells of a CSV text, read by a library.
fn table(text: &str) -> Vec<Vec<String>> {
    let mut reader = Reader::new();
    let (mut rows, mut rest) = (Vec::new(), text.as_bytes());
    loop {
        let (mut out, mut ends) = (vec![0; text.len() + 1], vec![0; 64]);
        let (result, read, _, count) = reader.read_record(rest, &mut out, &mut ends);
        rest = &rest[read..];
        match result {
            ReadRecordResult::Record => {
                let mut from = 0;
                let cells = ends[..count].iter().map(|end| {
                    let cell = String::from_utf8(out[from..*end].to_vec()).expect("UTF-8");
                    from = *end;
                    cell
                });
                rows.push(cells.collect());
            }
            ReadRecordResult::InputEmpty if read > 0 => {}
            ReadRecordResult::InputEmpty | ReadRecordResult::End => return rows,
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => panic!("too much"),
        }
    }
}

/// The verdicts of the rotation and of its classes, as a format tells them.
fn verdicts(format: &str, text: &str) -> (String, Option<Vec<String>>) {
    let last = || text.lines().rev().find_map(|line| line.strip_prefix("verdict: "));
    match format {
        "json" => {
            let report: Value = serde_json::from_str(text).expect("JSON");
            let classes = report["classes"].as_array().expect("classes");
            let of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let classes = classes.iter().map(|class| of(&class["verdict"])).collect();
            (of(&report["verdict"]), Some(classes))
        }
        "html" => {
            let after = |text: &str, mark: &str| {
                let rest = text.split(mark).nth(1).unwrap_or_default();
                rest.split('"').next().unwrap_or_default().to_owned()
            };
            // The page shows the most urgent first; its anchors count in the plan's order.
            let rows = text.split("<tr data-row").skip(1);
            let mut classes: Vec<(usize, String)> = rows
                .map(|row| {
                    (
                        after(row, "href=\"#class-").parse().expect("a number"),
                        after(row, "data-verdict=\""),
                    )
                })
                .collect();
            classes.sort();
            let classes = classes.into_iter().map(|(_, verdict)| verdict).collect();
            (after(text, "holdover-verdict\" content=\""), Some(classes))
        }
        "csv" => {
            let rows = table(text);
            let column = |name: &str| rows[0].iter().position(|own| own == name).expect("a column");
            let (own, all) = (column("verdict"), column("rotation_verdict"));
            let classes = rows[1..].iter().map(|row| row[own].clone()).collect();
            (rows[1][all].clone(), Some(classes))
        }
        "md" => {
            let ledger = text.split("<summary>Ledger").nth(1);
            let ledger = ledger.and_then(|rest| rest.split("</details>").next());
            let rows = ledger.expect("a ledger").lines().filter(|line| line.starts_with("| `"));
            let of = |row: &str| {
                let cells: Vec<&str> = row.split(" | ").collect();
                let verdict = cells[3].split_once(' ').map_or("", |(_, words)| words);
                (cells[0].replace(['|', '`', ' '], ""), verdict.replace(' ', "_"))
            };
            // The most urgent first; the sample's plan names them in this order.
            let rows: Vec<(String, String)> = rows.map(of).collect();
            let of_name = |name: &String| {
                rows.iter().find(|(own, _)| own == name).map_or("", |(_, verdict)| verdict)
            };
            let names = decision().classes.into_iter().map(|row| row.name);
            let classes = names.map(|name| of_name(&name).to_owned()).collect();
            (last().unwrap_or_default().to_owned(), Some(classes))
        }
        _ => (last().unwrap_or_default().to_owned(), None),
    }
}

#[test]
fn every_format_tells_the_same_verdicts() {
    let (decision, quotes) = (decision(), quotes());
    let expected: Vec<String> =
        decision.classes.iter().map(|row| row.verdict.word().to_owned()).collect();
    for format in FORMATS.iter().map(|format| format.name()).filter(|name| *name != "evidence-csv")
    {
        let text = written(format, &decision, &quotes, TextOptions::default());
        let (rotation, classes) = verdicts(format, &text);
        assert_eq!(rotation, decision.verdict.word(), "{format}");
        if let Some(classes) = classes {
            assert_eq!(classes, expected, "{format}");
        }
    }
    let evidence = table(&written("evidence-csv", &decision, &quotes, TextOptions::default()));
    assert!(evidence.len() > 3 && evidence.iter().all(|row| row.len() == 6), "{evidence:?}");
    assert_eq!(evidence[1][0], "E1");
}

#[test]
fn hostile_text_is_no_markup_no_formula_and_no_row() {
    let hostile = [
        "<script>alert(1)</script>",
        "[click](https://evil.example) @everyone #1 www.evil.example",
        "a | b `c` | d",
        "` | x",
        "=cmd|' /C calc'!A0",
        "+1\"\r\n=2",
        "two\nverdict: ready",
        "\u{202e}\u{1b}[31m# heading",
    ];
    for text in hostile {
        let (decision, quotes) = poison(text);
        let text = written("md", &decision, &quotes, TextOptions::default());
        let folds = text.lines().filter(|line| line.starts_with("<details>")).count();
        assert_eq!(text.lines().filter(|line| *line == "</details>").count(), folds);
        // A fold's title is of fixed words and numbers; no text of a log reaches it.
        let own = |line: &&str| !line.starts_with("<details><summary>") && *line != "</details>";
        for title in text.lines().filter(|line| !own(line)) {
            let words = title.replace("<details><summary>", "").replace("</summary>", "");
            assert!(title == "</details>" || !words.contains(['<', '`', '\u{1b}', '@']), "{title}");
        }
        let outside = text.lines().filter(own).map(without_code).collect::<Vec<_>>().join("\n");
        for mark in ["<", "](", "@e", "://e", "www.", "\u{1b}", "\u{202e}"] {
            assert!(!outside.contains(mark), "{mark} in\n{text}");
        }
        let lines = text.lines().filter(|line| line.starts_with("verdict: "));
        assert_eq!(lines.collect::<Vec<_>>(), ["verdict: not_ready"]);
        for row in text.lines().filter(|line| line.starts_with("| `")) {
            let cells = without_code(row).matches('|').count();
            assert!((3..=8).contains(&cells) || row.contains("wai"), "{cells} in {row}");
        }
        for format in ["csv", "evidence-csv"] {
            let text = written(format, &decision, &quotes, TextOptions::default());
            let rows = table(&text);
            assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{text}");
            assert_eq!(text.lines().count(), rows.len(), "a row is a line");
            for cell in rows.iter().flatten() {
                assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
                assert!(!cell.contains(char::is_control), "{cell}");
            }
        }
    }
}

/// A line of Markdown without its code.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

#[test]
fn one_screen_comes_first_and_the_rest_is_folded() {
    let (decision, quotes) = (decision(), quotes());
    let text = written("md", &decision, &quotes, TextOptions::default());
    let (first, rest) = text.split_once("<details>").expect("folds");
    assert!(first.lines().count() <= 40, "{first}");
    for said in ["**4 of 6 consumers ready", "### Who stops it", "### Do next", "`match = ["] {
        assert!(first.contains(said), "{said} in\n{first}");
    }
    assert!(rest.contains("<summary>Ledger: 6 consumers") && rest.contains("5 findings"), "{rest}");
    let page = written("html", &decision, &quotes, TextOptions::default());
    let (first, rest) = page.split_once("<details class=\"part\">").expect("folds");
    for said in ["4 of 6 consumers ready", "Who stops it", "Do next", "<pre>match = ["] {
        assert!(first.contains(said), "{said}");
    }
    assert!(!page.contains("<details open") && !page.contains("class=\"part\" open"));
    assert!(rest.contains("id=\"matrix\"") && rest.contains("id=\"F1\""));
}

#[test]
fn the_findings_of_a_consumer_come_together_and_empty_columns_vanish() {
    let (mut decision, quotes) = (decision(), quotes());
    decision.findings.swap(0, 1);
    let text = written("md", &decision, &quotes, TextOptions::default());
    let names = text.lines().filter(|line| *line == "`reconciliation-cron`").count();
    assert_eq!(names, 1, "its two findings have one heading\n{text}");
    assert!(text.contains("| last old use |"));
    for row in &mut decision.classes {
        (row.last_old_use, row.last_new_success) = (None, None);
    }
    let text = written("md", &decision, &quotes, TextOptions::default());
    assert!(!text.contains("| last old use") && text.contains("| version in use |"), "{text}");
    let page = written("html", &decision, &quotes, TextOptions::default());
    assert!(!page.contains("<th scope=\"col\">last old use</th><th scope=\"col\">last new"));
}

/// The sample after its revocation; its consumer that failed works again.
fn incident() -> Decision {
    let mut decision = decision();
    (decision.mode, decision.rotation.revoked) = (Mode::Postmortem, Some(minute(5_400)));
    decision.course.broken[0].recovered = Some(at(80, 5_740));
    let wait = "move retry-worker to the new version, then wait.";
    wait.clone_into(&mut decision.findings[0].remedy);
    wait.clone_into(&mut decision.missing[0].detail);
    decision.findings[0].asks_to_move = true;
    decision.missing[0].action = Action::Wait;
    wait.clone_into(&mut decision.urgent[0].step);
    let mut after = decision.findings[0].clone();
    "repair what its failed work left undone.".clone_into(&mut after.remedy);
    after.asks_to_move = false;
    decision.findings.push(after);
    decision.missing[0].settles.push(decision.findings.len() - 1);
    decision
}

#[test]
fn after_a_revocation_the_question_is_whether_it_held() {
    let (decision, quotes) = (incident(), quotes());
    let write = |format: &str| written(format, &decision, &quotes, TextOptions::default());
    let screen = TextOptions { depth: Depth::Screen, ..TextOptions::default() };
    let screen = written("text", &decision, &quotes, screen);
    let said = [
        (screen.clone(), "DID NOT HOLD"),
        (write("text"), "too early to say"),
        (write("md"), "## ⛔ did not hold"),
        (write("html"), "<span aria-hidden=\"true\">✗</span> did not hold</p>"),
        (write("github"), "::error title=holdover did_not_hold::"),
        (write("openmetrics"), "holdover_revocation_held{credential="),
        (write("sarif"), "\"revocation\": \"did_not_hold\""),
        (write("json"), "\"revocation\": \"did_not_hold\""),
    ];
    for (text, words) in said {
        assert!(text.contains(words), "{words} in\n{text}");
    }
    for text in [screen, write("md"), write("html")] {
        for said in ["impact", "first sign", "duration", "recovery", "known before"] {
            assert!(text.contains(said), "{said} in\n{text}");
        }
    }
}

#[test]
fn what_the_log_shows_as_done_is_advised_no_more() {
    let (mut decision, quotes) = (incident(), quotes());
    let write = |decision: &Decision, format: &str| {
        written(format, decision, &quotes, TextOptions::default())
    };
    for format in ["text", "md", "html"] {
        let text = write(&decision, format);
        assert!(!text.contains("move retry-worker") && text.contains("left undone"), "{text}");
        assert!(!text.to_lowercase().contains("containment"), "{text}");
    }
    decision.course.broken[0].recovered = None;
    for format in ["text", "md", "html"] {
        let text = write(&decision, format);
        assert!(text.contains("move retry-worker"), "{text}");
        assert!(text.to_lowercase().contains("containment"), "{text}");
    }
}
