/*! The ledger, and after a revocation what broke. */

use std::io::{self, Write};

use super::page::{DASH, Page, code, fold, table, text, unfold, word};
use crate::model::At;
use crate::model::course::{Course, KnownAtRevocation};
use crate::model::ledger::LedgerRow;
use crate::report::{screen, why_ready};
use crate::wording::{self, count, number};

/// At most this many findings of an earlier report are written.
const KNOWN_MAX: usize = 30;

pub(super) fn write(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let decision = page.view.decision;
    let all = count(decision.classes.len(), "consumer");
    fold(out, &format!("Ledger: {all}, the most urgent first"))?;
    let rows: Vec<[String; 7]> =
        screen::by_urgency(decision).into_iter().map(|(_, row)| cells(page, row)).collect();
    let heads = [
        "consumer",
        "path",
        "version in use",
        "verdict",
        "last old use",
        "last new success",
        "silent / needed",
    ];
    table(out, heads, &rows)?;
    writeln!(out)?;
    for row in &decision.classes {
        let Some(lines) = why_ready::lines(page.view, row) else { continue };
        writeln!(out, "* {} is ready: {}", code(&row.name), text(&lines.concat().join("; ")))?;
    }
    unfold(out)
}

fn cells(page: &Page<'_, '_>, row: &LedgerRow) -> [String; 7] {
    [
        code(&row.name),
        row.path.word().to_owned(),
        wording::version_in_use(row.truth).to_owned(),
        word(page.view.decision.mode, row.verdict),
        page.moment(row.last_old_use, At::latest),
        page.moment(row.last_new_success, At::earliest),
        silence(row),
    ]
}

fn silence(row: &LedgerRow) -> String {
    let silence = &row.silence;
    match silence.state {
        Some(_) => {
            let elapsed = wording::length(silence.elapsed);
            format!("{elapsed} / {}", wording::length_up(silence.needed))
        }
        None => DASH.to_owned(),
    }
}

/// After a revocation: what broke, and what a report at the time of the revocation would have said.
pub(super) fn revoked(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let course = &page.view.decision.course;
    let Some(known) = &course.known else { return Ok(()) };
    let failed = count(course.broken.len(), "consumer");
    fold(out, &format!("After the revocation: {failed} failed"))?;
    broken(page, course, out)?;
    said(page, known, out)?;
    runs(page, course, out)?;
    unfold(out)
}

fn broken(page: &Page<'_, '_>, course: &Course, out: &mut dyn Write) -> io::Result<()> {
    if course.broken.is_empty() {
        return Ok(());
    }
    let rows: Vec<[String; 7]> = course
        .broken
        .iter()
        .map(|broken| {
            [
                page.view.class_name(broken.class).map(code).unwrap_or_default(),
                wording::length(broken.delay),
                page.moment(Some(broken.first), At::earliest),
                page.moment(Some(broken.last), At::latest),
                number(broken.failures),
                number(broken.hidden),
                page.moment(broken.recovered, At::earliest),
            ]
        })
        .collect();
    let heads = [
        "consumer",
        "after",
        "first failure",
        "last failure",
        "failures",
        "through a fallback",
        "recovered",
    ];
    table(out, heads, &rows)?;
    writeln!(out)
}

fn said(page: &Page<'_, '_>, known: &KnownAtRevocation, out: &mut dyn Write) -> io::Result<()> {
    let (at, verdict) = (page.zone.time(known.at), wording::verdict(known.verdict));
    writeln!(out, "A report at {at} would have said: {verdict}\n")?;
    for finding in known.findings.iter().take(KNOWN_MAX) {
        writeln!(out, "* `{}`: {}", finding.rule, page.sentence(&finding.summary))?;
    }
    writeln!(out)
}

fn runs(page: &Page<'_, '_>, course: &Course, out: &mut dyn Write) -> io::Result<()> {
    if course.watch.is_empty() {
        return Ok(());
    }
    let rows: Vec<[String; 3]> = course
        .watch
        .iter()
        .map(|run| {
            let due = run.due.map(|due| format!("due by {}", page.zone.time(due)));
            let due = due.unwrap_or_else(|| DASH.to_owned());
            [
                wording::cycle(run.cycle).to_owned(),
                page.view.class_name(run.class).map(code).unwrap_or_default(),
                if run.at.is_some() { page.moment(run.at, At::earliest) } else { due },
            ]
        })
        .collect();
    table(out, ["first run since", "consumer", "when"], &rows)
}
