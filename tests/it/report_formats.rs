/*! One decision in every format: all say the same verdict, and hostile text is text in each. */

use csv_core::{ReadRecordResult, Reader};
use holdover::report::{FORMATS, TextOptions};
use serde_json::Value;

use crate::report::{poison, written};
use crate::report_sample::{decision, quotes};

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
            let ledger = text.split("### Ledger").nth(1).and_then(|rest| rest.split("###").next());
            let rows = ledger.expect("a ledger").lines().filter(|line| line.starts_with("| `"));
            let of = |row: &str| {
                let cell = row.split(" | ").nth(3).unwrap_or_default();
                cell.split_once(' ').map_or("", |(_, words)| words).replace(' ', "_")
            };
            (last().unwrap_or_default().to_owned(), Some(rows.map(of).collect()))
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
        let outside: String = text.lines().map(without_code).collect::<Vec<_>>().join("\n");
        for mark in ["<", "](", "@e", "://e", "www.", "\u{1b}", "\u{202e}"] {
            assert!(!outside.contains(mark), "{mark} in\n{text}");
        }
        let lines = text.lines().filter(|line| line.starts_with("verdict: "));
        assert_eq!(lines.collect::<Vec<_>>(), ["verdict: not_ready"]);
        for row in text.lines().filter(|line| line.starts_with("| `")) {
            let cells = without_code(row).matches('|').count();
            assert!([4, 8].contains(&cells) || row.contains("wai"), "{cells} in {row}");
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
