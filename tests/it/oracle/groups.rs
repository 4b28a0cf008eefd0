/*! Facts about groups of rows: turns between versions, and the consumers that have no sentence of their own. */

use holdover::model::Timestamp;
use holdover::wording;

use super::facts::{Evidence, Fact, HINTS};

/// Uses of one version in a row: whether it is the old one, and the first and the last of them.
struct Turn {
    is_old: bool,
    first: Timestamp,
    last: Timestamp,
}

pub(super) fn words(evidence: &mut Evidence, fact: Fact, class: Option<&str>) -> String {
    match fact {
        Fact::Switches(rows) => wording::times(turns(evidence, rows, class).len() - 1),
        Fact::SwitchSpan(rows) => {
            let turns = turns(evidence, rows, class);
            wording::span(turns[0].last, turns[turns.len() - 1].first)
        }
        Fact::SwitchLength(rows) => {
            let turns = turns(evidence, rows, class);
            wording::length(turns[turns.len() - 1].first - turns[0].last)
        }
        Fact::SessionLength => {
            evidence.session(class).map_or("not declared".to_owned(), wording::length)
        }
        Fact::MoreGroups(start, rows, noun) => {
            let hints = HINTS.map(|hint| format!("COALESCE({hint}, '')")).join(" || '|' || ");
            let all = evidence.texts(&hints, rows, class).len();
            wording::count(all - named(evidence, start).len(), noun)
        }
        Fact::MoreTimes(start, rows) => {
            let all = evidence.sum(rows, class);
            let lines = named(evidence, start).into_iter();
            let named = lines.map(|line| {
                let rows = format!("{rows} AND {}", Evidence::group(&line));
                evidence.sum(&rows, class)
            });
            wording::times(all - named.sum::<u64>())
        }
        other => panic!("{other:?} is no fact about groups"),
    }
}

fn turns(evidence: &mut Evidence, rows: &str, class: Option<&str>) -> Vec<Turn> {
    let sql = format!(
        "SELECT credential_state, earliest_us FROM tries WHERE {rows} ORDER BY earliest_us"
    );
    let answer = evidence.ask(&sql, class);
    let column = |name| answer.column(name).expect("a column");
    let mut turns: Vec<Turn> = Vec::new();
    for row in 0..answer.height() {
        let is_old = column("credential_state").show(row).as_deref() == Some("old");
        let at = Timestamp(column("earliest_us").int(row).expect("a time"));
        match turns.last_mut().filter(|turn| turn.is_old == is_old) {
            Some(turn) => turn.last = at,
            None => turns.push(Turn { is_old, first: at, last: at }),
        }
    }
    turns
}

/// The match lines of the sentences that begin so.
fn named(evidence: &Evidence, start: &str) -> Vec<String> {
    let findings = evidence.report["findings"].as_array().cloned().unwrap_or_default();
    let summaries = findings.iter().filter_map(|finding| finding["summary"].as_str());
    let own = summaries.filter(|summary| summary.starts_with(start));
    let line = |summary: &str| {
        let (_, after) = summary.split_once(": {")?;
        Some(format!("{{{}}}", after.split_once("} (")?.0))
    };
    own.map(|summary| line(summary).unwrap_or_else(|| panic!("no line: {summary}"))).collect()
}
