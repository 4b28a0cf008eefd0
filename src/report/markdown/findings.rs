/*! The findings, those of one consumer together. */

use std::io::{self, Write};

use super::page::{Page, code, fold, unfold};
use crate::model::finding::Severity;
use crate::report::{aftermath, evidence_id, finding_id, screen};
use crate::safe::{markdown_code, mask_file};
use crate::wording::{self, count};

/// At most this many findings are written unless all evidence is wanted.
const FINDINGS_MAX: usize = 30;
/// At most this many records are named for each finding.
const CITED_MAX: usize = 3;

pub(super) fn write(
    page: &Page<'_, '_>,
    all_evidence: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let all = page.view.decision.findings.len();
    if all == 0 {
        return writeln!(out, "No findings.\n");
    }
    fold(out, &format!("{}, by consumer", count(all, "finding")))?;
    let max = if all_evidence { all } else { FINDINGS_MAX };
    let mut written = 0;
    for group in screen::groups(page.view.decision) {
        let shown = group.findings.len().min(max - written);
        if shown == 0 {
            break;
        }
        let name = group.row.map_or_else(|| "The rotation".to_owned(), |row| code(&row.name));
        writeln!(out, "{name}\n")?;
        for position in group.findings.into_iter().take(shown) {
            write_finding(page, position, out)?;
        }
        written += shown;
        writeln!(out)?;
    }
    if all > written {
        writeln!(out, "and {}.", count(all - written, "more finding"))?;
    }
    unfold(out)
}

fn write_finding(page: &Page<'_, '_>, position: usize, out: &mut dyn Write) -> io::Result<()> {
    let view = page.view;
    let finding = &view.decision.findings[position];
    let mark = match (finding.waived.is_some(), finding.severity) {
        (true, _) => "waived".to_owned(),
        (false, severity @ Severity::Blocks) => format!("**{}**", wording::severity(severity)),
        (false, severity @ (Severity::Withholds | Severity::Advises)) => {
            wording::severity(severity).to_owned()
        }
    };
    let summary = page.sentence(&finding.summary);
    writeln!(out, "* {} {mark} `{}`: {summary}", finding_id(position), finding.rule)?;
    let cited = finding.cites.cited();
    for row in cited.iter().filter_map(|cite| view.cited(cite)).take(CITED_MAX) {
        let cited = &view.evidence[row];
        let place = cited.place.and_then(|place| Some((view.path(place)?, place.record)));
        let place = place.map(|(path, record)| {
            let below = path.strip_prefix(view.root()).unwrap_or(path);
            markdown_code(&format!("{}:{record}", mask_file(below)))
        });
        let says = code(cited.says);
        writeln!(out, "  * {} {} {says}", evidence_id(row), place.unwrap_or_default())?;
    }
    writeln!(out, "  * do: {}", page.sentence(aftermath::remedy(view.decision, position)))
}
