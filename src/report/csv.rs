/*! The ledger and the cited evidence as CSV, for spreadsheets: RFC 4180, each cell in quotes and none a formula. */

use std::io::{self, Write};

use super::{Format, TextOptions, View, evidence_id, finding_id};
use crate::model::ledger::LedgerRow;
use crate::model::{At, Refresh, Timestamp};
use crate::safe::{csv, mask_file, mask_text};

/// One row a class.
pub struct LedgerCsv;

const COLUMNS: [&str; 20] = [
    "class",
    "path",
    "use",
    "owner",
    "refresh",
    "verdict",
    "rotation_verdict",
    "truth",
    "configuration",
    "runtime",
    "last_old_use",
    "first_new_success",
    "last_new_success",
    "exception_test",
    "silence",
    "quiet",
    "needed",
    "earliest_revocation",
    "effects",
    "findings",
];

impl Format for LedgerCsv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn file_name(&self) -> &'static str {
        "ledger.csv"
    }

    fn render(
        &self,
        view: &View<'_>,
        _options: TextOptions,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        line(out, COLUMNS.map(str::to_owned))?;
        view.decision.classes.iter().try_for_each(|row| line(out, cells(view, row)))
    }
}

fn cells(view: &View<'_>, row: &LedgerRow) -> [String; COLUMNS.len()] {
    let time = |at: Option<At>, end: fn(At) -> Timestamp| {
        at.map_or_else(String::new, |at| end(at).to_string())
    };
    let silence = &row.silence;
    let [configuration, runtime, _] = row.layers;
    let findings: Vec<String> = row.findings.iter().copied().map(finding_id).collect();
    let masked = |text: &str| mask_text(text).into_owned();
    [
        masked(&row.name),
        row.path.word().to_owned(),
        row.usage.word().to_owned(),
        masked(row.owner.as_deref().unwrap_or_default()),
        row.refresh.map_or("", Refresh::word).to_owned(),
        row.verdict.word().to_owned(),
        view.decision.verdict.word().to_owned(),
        row.truth.word().to_owned(),
        configuration.truth.word().to_owned(),
        runtime.truth.word().to_owned(),
        time(row.last_old_use, At::latest),
        time(row.first_new_success, At::earliest),
        time(row.last_new_success, At::earliest),
        row.exception_test.word().to_owned(),
        silence.state.map_or("", |state| state.word()).to_owned(),
        silence.elapsed.hours_minutes(),
        silence.needed.hours_minutes_up(),
        row.earliest.map_or_else(String::new, |at| at.to_string()),
        masked(&row.effects.join("; ")),
        findings.join(" "),
    ]
}

/// One row a cited record.
pub struct EvidenceCsv;

impl Format for EvidenceCsv {
    fn name(&self) -> &'static str {
        "evidence-csv"
    }

    fn file_name(&self) -> &'static str {
        "evidence.csv"
    }

    fn render(
        &self,
        view: &View<'_>,
        _options: TextOptions,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        line(out, ["id", "time", "input", "record", "offset", "says"].map(str::to_owned))?;
        for (position, cited) in view.evidence.iter().enumerate() {
            let place = cited.place;
            let number = |of: Option<u64>| of.map_or_else(String::new, |of| of.to_string());
            let path = place.and_then(|place| view.path(place)).unwrap_or_default();
            line(
                out,
                [
                    evidence_id(position),
                    cited.time.map_or_else(String::new, |time| time.to_string()),
                    mask_file(path).into_owned(),
                    number(place.map(|place| place.record)),
                    number(place.map(|place| place.offset)),
                    mask_text(cited.says).into_owned(),
                ],
            )?;
        }
        Ok(())
    }
}

fn line(out: &mut dyn Write, cells: impl IntoIterator<Item = String>) -> io::Result<()> {
    let cells: Vec<String> = cells.into_iter().map(|cell| csv(&cell)).collect();
    write!(out, "{}\r\n", cells.join(","))
}
