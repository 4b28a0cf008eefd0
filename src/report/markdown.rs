/*! The report as Markdown: for pull requests, tickets and the summaries of CI steps. Most important first, and short.
 */

use std::io::{self, Write};

use super::{Format, TextOptions, View, evidence_id, finding_id, why_ready};
use crate::model::decision::Verdict;
use crate::model::finding::Severity;
use crate::model::ledger::LedgerRow;
use crate::model::next::Status;
use crate::model::{At, Timestamp};
use crate::safe::{markdown, markdown_code, mask_file, mask_text};
use crate::wording::{self, Zone, count, number};

/// At most this many findings are written unless all evidence is wanted.
const FINDINGS_MAX: usize = 30;
/// At most this many records are named for each finding.
const CITED_MAX: usize = 3;

/// Markdown as GitHub and GitLab render it.
pub struct MarkdownReport;

impl Format for MarkdownReport {
    fn name(&self) -> &'static str {
        "md"
    }

    fn file_name(&self) -> &'static str {
        "report.md"
    }

    fn render(&self, view: &View<'_>, options: TextOptions, out: &mut dyn Write) -> io::Result<()> {
        let page = Page { view, zone: options.zone };
        head(&page, out)?;
        ledger(&page, out)?;
        revoked(&page, out)?;
        findings(&page, options.all_evidence, out)?;
        missing(&page, out)?;
        containment(&page, out)?;
        checklist(view, out)?;
        accounting(view, out)
    }
}

/// What is written, and the zone of its times.
struct Page<'p, 'v> {
    view: &'p View<'v>,
    zone: Zone,
}

impl Page<'_, '_> {
    /// A sentence of the report.
    fn sentence(&self, raw: &str) -> String {
        text(&self.zone.sentence(raw))
    }

    fn moment(&self, at: Option<At>, end: fn(At) -> Timestamp) -> String {
        let Some(at) = at else { return "–".to_owned() };
        let id = self.view.row(at).map(evidence_id).unwrap_or_default();
        format!("{} {id}", self.zone.time(end(at)))
    }
}

fn text(raw: &str) -> String {
    markdown(&mask_text(raw))
}

fn code(raw: &str) -> String {
    markdown_code(&mask_text(raw))
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "✅ ready",
        Verdict::Inconclusive => "❔ inconclusive",
        Verdict::NotReady => "⛔ not ready",
    }
}

fn head(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let view = page.view;
    let decision = view.decision;
    let old: Vec<String> = decision.rotation.old.iter().map(|name| code(name)).collect();
    writeln!(
        out,
        "## {}: {} of {}\n\n**{}**\n",
        word(decision.verdict),
        old.join(", "),
        code(&decision.rotation.credential),
        page.sentence(&decision.summary)
    )?;
    writeln!(out, "| | |\n|---|---|")?;
    let time = |at| page.zone.time(at);
    writeln!(out, "| as of | {} |", time(decision.as_of))?;
    writeln!(out, "| window | {} to {} |", time(decision.window.from), time(decision.window.to))?;
    if let Some(earliest) = &decision.earliest {
        let when = earliest.time.map_or("waiting alone is not enough".to_owned(), time);
        writeln!(out, "| earliest revocation | {when}: {} |", page.sentence(&earliest.because))?;
    }
    for model in &decision.models {
        let state = wording::model_state(model.state);
        writeln!(out, "| cutover | {} {state}: {} |", model.model, page.sentence(&model.why))?;
    }
    if let Some(owner) = &decision.rotation.decision_owner {
        writeln!(out, "| decided by | {} |", text(owner))?;
    }
    for waiver in decision.waivers.iter().filter(|waiver| waiver.in_force) {
        let by = (text(&waiver.by.owner), time(waiver.by.until), text(&waiver.by.reason));
        writeln!(out, "| waived | {} by {} until {}: {} |", code(&waiver.rule), by.0, by.1, by.2)?;
    }
    writeln!(out)
}

fn ledger(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let view = page.view;
    writeln!(out, "### Ledger\n")?;
    writeln!(
        out,
        "| consumer | path | version in use | verdict | last old use | last new success | silent / needed |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    for row in &view.decision.classes {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            code(&row.name),
            row.path.word(),
            wording::version_in_use(row.truth),
            word(row.verdict),
            page.moment(row.last_old_use, At::latest),
            page.moment(row.last_new_success, At::earliest),
            silence(row),
        )?;
    }
    writeln!(out)?;
    let ready =
        view.decision.classes.iter().filter_map(|row| Some((row, why_ready::lines(view, row)?)));
    let mut any = false;
    for (row, lines) in ready {
        let pieces = lines.concat().join("; ");
        writeln!(out, "- {} is ready: {}", code(&row.name), text(&pieces))?;
        any = true;
    }
    if any { writeln!(out) } else { Ok(()) }
}

/// After a revocation: what broke, and what a report at the time of the revocation would have said.
fn revoked(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let view = page.view;
    let course = &view.decision.course;
    let Some(known) = &course.known else { return Ok(()) };
    writeln!(out, "### After the revocation\n")?;
    if !course.broken.is_empty() {
        writeln!(
            out,
            "| consumer | after | first failure | last failure | failures | through a fallback | recovered |"
        )?;
        writeln!(out, "|---|---|---|---|---:|---:|---|")?;
    }
    for broken in &course.broken {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            view.class_name(broken.class).map(code).unwrap_or_default(),
            wording::length(broken.delay),
            page.moment(Some(broken.first), At::earliest),
            page.moment(Some(broken.last), At::latest),
            number(broken.failures),
            number(broken.hidden),
            page.moment(broken.recovered, At::earliest),
        )?;
    }
    writeln!(
        out,
        "\nA report at {} would have said: {}\n",
        page.zone.time(known.at),
        word(known.verdict)
    )?;
    for finding in known.findings.iter().take(FINDINGS_MAX) {
        writeln!(out, "* `{}`: {}", finding.rule, page.sentence(&finding.summary))?;
    }
    writeln!(out, "\n| first run since | consumer | when |\n|---|---|---|")?;
    for run in &course.watch {
        let due =
            run.due.map_or_else(|| "–".to_owned(), |due| format!("due by {}", page.zone.time(due)));
        let when = if run.at.is_some() { page.moment(run.at, At::earliest) } else { due };
        let name = view.class_name(run.class).map(code).unwrap_or_default();
        writeln!(out, "| {} | {name} | {when} |", wording::cycle(run.cycle))?;
    }
    writeln!(out)
}

fn silence(row: &LedgerRow) -> String {
    let silence = &row.silence;
    match silence.state {
        Some(_) => {
            let elapsed = wording::length(silence.elapsed);
            format!("{elapsed} / {}", wording::length_up(silence.needed))
        }
        None => "–".to_owned(),
    }
}

fn findings(page: &Page<'_, '_>, all_evidence: bool, out: &mut dyn Write) -> io::Result<()> {
    let list = &page.view.decision.findings;
    writeln!(out, "### Findings\n")?;
    if list.is_empty() {
        writeln!(out, "None.\n")?;
    }
    let max = if all_evidence { list.len() } else { FINDINGS_MAX };
    for position in 0..max.min(list.len()) {
        write_finding(page, position, out)?;
    }
    if list.len() > max {
        writeln!(out, "and {}.", count(list.len() - max, "more finding"))?;
    }
    writeln!(out)
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
    let class = finding.class.and_then(|class| view.class_name(class));
    let class = class.map_or_else(|| "rotation".to_owned(), code);
    writeln!(
        out,
        "* {} {mark} `{}` on {class}: {}",
        finding_id(position),
        finding.rule,
        page.sentence(&finding.summary)
    )?;
    let cited = finding.cites.cited();
    for position in cited.iter().filter_map(|cite| view.cited(cite)).take(CITED_MAX) {
        let cited = &view.evidence[position];
        let place = cited.place.and_then(|place| Some((view.path(place)?, place.record)));
        let place = place.map(|(path, record)| {
            let below = path.strip_prefix(view.root()).unwrap_or(path);
            markdown_code(&format!("{}:{record}", mask_file(below)))
        });
        let says = code(cited.says);
        writeln!(out, "  * {} {} {says}", evidence_id(position), place.unwrap_or_default())?;
    }
    writeln!(out, "  * do: {}", page.sentence(&finding.remedy))
}

fn missing(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let view = page.view;
    let missing = &view.decision.missing;
    if missing.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Missing proof\n")?;
    for proof in missing {
        let class = proof.class.and_then(|class| view.class_name(class)).map(code);
        let action = wording::action(proof.action, class.as_deref());
        let resolves: Vec<String> = proof.settles.iter().copied().map(finding_id).collect();
        let resolves = resolves.join(", ");
        writeln!(out, "- [ ] **{action}**: {} ({resolves})", page.sentence(&proof.detail))?;
    }
    writeln!(out)
}

fn containment(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let view = page.view;
    let steps = &view.decision.containment;
    if steps.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Containment\n\n| step | action | classes |\n|---:|---|---|")?;
    for step in steps {
        let names = step.classes.iter().filter_map(|class| view.class_name(*class)).map(code);
        let names = names.collect::<Vec<_>>().join(", ");
        writeln!(out, "| {} | {} | {names} |", step.step, page.sentence(&step.action))?;
    }
    writeln!(out)
}

fn checklist(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### Checklist\n")?;
    for item in &view.decision.checklist {
        let done = if item.status == Status::Yes { "x" } else { " " };
        let ids =
            item.because.iter().filter_map(|at| view.row(*at)).take(CITED_MAX).map(evidence_id);
        let ids = ids.collect::<Vec<_>>().join(" ");
        writeln!(out, "- [{done}] {}: {} {ids}", item.item.word(), wording::status(item.status))?;
    }
    writeln!(out)
}

fn accounting(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let of = view.decision.accounting;
    writeln!(
        out,
        "{} of {}: {} evidence, {} irrelevant, {} rejected, {} duplicate.\n\nverdict: {}",
        count(of.records, "record"),
        count(view.decision.inputs.len(), "input"),
        number(of.evidence),
        number(of.irrelevant),
        number(of.rejected),
        number(of.duplicate),
        view.decision.verdict.word()
    )
}
