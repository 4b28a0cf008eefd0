/*! The formats of CI systems and monitoring: a finding where a machine looks for it. They carry the verdict, and are no
 * part of a bundle.
 */

use std::io::{self, Write};

use serde_json::{Value, json};

use super::statement::InTotoStatement;
use super::{Format, TextOptions, View, finding_id};
use crate::model::decision::{Decision, Held, Mode, Verdict};
use crate::model::finding::{Finding, Severity};
use crate::model::{ClassId, Timestamp};
use crate::safe::{annotation, annotation_property, mask_file, mask_text, metric_label, uri, xml};

/// Annotations of GitHub Actions: a workflow command for each finding, and one for the verdict.
pub struct GithubAnnotations;
/// A test for each consumer and one for the rotation.
pub struct Junit;
/// Gauges for a text file that a monitor scrapes.
pub struct OpenMetrics;
/// Findings with the file and line of their first record.
pub struct Sarif;

/// Formats for CI systems, monitors and signing, which are printed and are no part of a bundle.
pub const PRINTED: &[&dyn Format] =
    &[&Sarif, &Junit, &OpenMetrics, &GithubAnnotations, &InTotoStatement];

/// Where a finding points to: the first record that it cites, or a place in the plan.
fn place(view: &View<'_>, finding: &Finding) -> Option<(String, u64)> {
    let mut cited = finding.cites.cited().iter().filter_map(|cite| view.cited(cite));
    let record = cited.find_map(|position| {
        let place = view.evidence.get(position)?.place?;
        Some((mask_file(view.path(place)?).into_owned(), place.record))
    });
    record.or_else(|| {
        let mut parts = finding.cites.plan_site()?.rsplitn(3, ':');
        let (_, line, file) = (parts.next()?, parts.next()?, parts.next()?);
        Some((mask_file(file).into_owned(), line.parse().ok()?))
    })
}

/// After a revocation: did it hold?
fn held(decision: &Decision) -> Option<Held> {
    (decision.mode == Mode::Postmortem).then(|| Held::from(decision.verdict))
}

fn masked(text: &str) -> String {
    mask_text(text).into_owned()
}

fn of_class<'v>(view: &'v View<'_>, class: Option<ClassId>) -> impl Iterator<Item = &'v Finding> {
    view.decision.findings.iter().filter(move |finding| finding.class == class)
}

impl Format for GithubAnnotations {
    fn name(&self) -> &'static str {
        "github"
    }

    fn file_name(&self) -> &'static str {
        "annotations.txt"
    }

    fn render(&self, view: &View<'_>, _: TextOptions, out: &mut dyn Write) -> io::Result<()> {
        for finding in &view.decision.findings {
            let command = match (finding.waived.is_some(), finding.severity) {
                (true, _) | (false, Severity::Advises) => "notice",
                (false, Severity::Blocks) => "error",
                (false, Severity::Withholds) => "warning",
            };
            let class = finding.class.and_then(|class| view.class_name(class));
            let title =
                masked(&format!("{}: {}", finding.rule.word(), class.unwrap_or("rotation")));
            let at = place(view, finding).map_or_else(String::new, |(file, line)| {
                format!("file={},line={line},", annotation_property(&file))
            });
            let text = masked(&format!("{} - {}", finding.summary, finding.remedy));
            let title = annotation_property(&title);
            writeln!(out, "::{command} {at}title={title}::{}", annotation(&text))?;
        }
        let decision = view.decision;
        let command = if decision.verdict == Verdict::Ready { "notice" } else { "error" };
        let text = masked(&decision.summary);
        let verdict = held(decision).map_or(decision.verdict.word(), Held::word);
        writeln!(out, "::{command} title=holdover {verdict}::{}", annotation(&text))
    }
}

impl Format for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn file_name(&self) -> &'static str {
        "junit.xml"
    }

    fn render(&self, view: &View<'_>, _: TextOptions, out: &mut dyn Write) -> io::Result<()> {
        let decision = view.decision;
        let rows = || decision.classes.iter();
        let is_bad = |verdict: Verdict| verdict != Verdict::Ready;
        let failures = rows().filter(|row| is_bad(row.verdict)).count()
            + usize::from(is_bad(decision.verdict));
        let counts = format!("tests=\"{}\" failures=\"{failures}\"", decision.classes.len() + 1);
        let suite = xml(&masked(&decision.rotation.credential));
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(out, "<testsuites name=\"holdover\" {counts} errors=\"0\">")?;
        let time = decision.as_of;
        writeln!(out, "  <testsuite name=\"{suite}\" {counts} errors=\"0\" timestamp=\"{time}\">")?;
        for row in rows() {
            let texts = of_class(view, Some(row.class)).map(|finding| finding.summary.as_str());
            test(out, &suite, &row.name, row.verdict, &texts.collect::<Vec<_>>())?;
        }
        let own = of_class(view, None).map(|finding| finding.summary.as_str());
        let texts: Vec<&str> = std::iter::once(decision.summary.as_str()).chain(own).collect();
        test(out, &suite, "rotation", decision.verdict, &texts)?;
        writeln!(out, "  </testsuite>\n</testsuites>")
    }
}

/// A consumer that is not ready fails its test, and so does one of which too little is known: a gate must not open.
fn test(
    out: &mut dyn Write,
    suite: &str,
    name: &str,
    verdict: Verdict,
    texts: &[&str],
) -> io::Result<()> {
    let name = xml(&masked(name));
    if verdict == Verdict::Ready {
        return writeln!(out, "    <testcase classname=\"{suite}\" name=\"{name}\"/>");
    }
    let word = verdict.word();
    let texts: Vec<String> = texts.iter().map(|text| xml(&masked(text))).collect();
    let first = texts.first().cloned().unwrap_or_default();
    writeln!(out, "    <testcase classname=\"{suite}\" name=\"{name}\">")?;
    writeln!(
        out,
        "      <failure type=\"{word}\" message=\"{first}\">{}</failure>",
        texts.join("\n")
    )?;
    writeln!(out, "    </testcase>")
}

impl Format for OpenMetrics {
    fn name(&self) -> &'static str {
        "openmetrics"
    }

    fn file_name(&self) -> &'static str {
        "metrics.txt"
    }

    fn render(&self, view: &View<'_>, _: TextOptions, out: &mut dyn Write) -> io::Result<()> {
        let decision = view.decision;
        let credential = metric_label(&masked(&decision.rotation.credential));
        let ready = u8::from(decision.verdict == Verdict::Ready);
        gauge(out, "holdover_ready", "Whether the old version may be revoked.")?;
        writeln!(out, "holdover_ready{{credential=\"{credential}\"}} {ready}")?;
        if let Some(held) = held(decision) {
            gauge(out, "holdover_revocation_held", "Whether the revocation held.")?;
            let held = u8::from(held == Held::Held);
            writeln!(out, "holdover_revocation_held{{credential=\"{credential}\"}} {held}")?;
        }
        gauge(out, "holdover_report_as_of_seconds", "The instant of the report.")?;
        let as_of = seconds(decision.as_of);
        writeln!(out, "holdover_report_as_of_seconds{{credential=\"{credential}\"}} {as_of}")?;
        gauge(out, "holdover_findings", "Findings in force, by what they do to the verdict.")?;
        for severity in [Severity::Blocks, Severity::Withholds, Severity::Advises] {
            let counts = |of: &&Finding| of.severity == severity && of.waived.is_none();
            let n = decision.findings.iter().filter(counts).count();
            let word = severity.word();
            writeln!(
                out,
                "holdover_findings{{credential=\"{credential}\",severity=\"{word}\"}} {n}"
            )?;
        }
        gauge(
            out,
            "holdover_consumer_ready",
            "Whether a consumer can do without the old version.",
        )?;
        for row in &decision.classes {
            let class = metric_label(&masked(&row.name));
            let (word, ready) = (row.verdict.word(), u8::from(row.verdict == Verdict::Ready));
            let labels =
                format!("credential=\"{credential}\",consumer=\"{class}\",verdict=\"{word}\"");
            writeln!(out, "holdover_consumer_ready{{{labels}}} {ready}")?;
        }
        let name = "holdover_consumer_last_old_use_seconds";
        gauge(out, name, "The last use of the old version.")?;
        for row in &decision.classes {
            let Some(at) = row.last_old_use else { continue };
            let class = metric_label(&masked(&row.name));
            let at = seconds(at.latest());
            writeln!(out, "{name}{{credential=\"{credential}\",consumer=\"{class}\"}} {at}")?;
        }
        writeln!(out, "# EOF")
    }
}

fn gauge(out: &mut dyn Write, name: &str, help: &str) -> io::Result<()> {
    writeln!(out, "# TYPE {name} gauge\n# HELP {name} {help}")
}

fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000_000)
}

impl Format for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn file_name(&self) -> &'static str {
        "report.sarif"
    }

    fn render(&self, view: &View<'_>, _: TextOptions, out: &mut dyn Write) -> io::Result<()> {
        let findings = &view.decision.findings;
        let mut rules: Vec<&str> = findings.iter().map(|finding| finding.rule.word()).collect();
        rules.sort_unstable();
        rules.dedup();
        let rules: Vec<Value> = rules.iter().map(|rule| json!({"id": rule})).collect();
        let results: Vec<Value> = findings
            .iter()
            .enumerate()
            .map(|(position, finding)| result(view, position, finding))
            .collect();
        let driver = json!({
            "name": "holdover",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        });
        let log = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": driver},
                "results": results,
                "properties": {
                    "verdict": view.decision.verdict.word(),
                    "revocation": held(view.decision).map(Held::word),
                    "summary": masked(&view.decision.summary),
                    "as_of": view.decision.as_of.rfc3339(),
                },
            }],
        });
        serde_json::to_writer_pretty(&mut *out, &log)?;
        out.write_all(b"\n")
    }
}

fn result(view: &View<'_>, position: usize, finding: &Finding) -> Value {
    let level = match finding.severity {
        Severity::Blocks => "error",
        Severity::Withholds => "warning",
        Severity::Advises => "note",
    };
    let class = finding.class.and_then(|class| view.class_name(class)).map(masked);
    let text = format!("{}. Do: {}", masked(&finding.summary), masked(&finding.remedy));
    let locations: Vec<Value> = place(view, finding)
        .map(|(file, line)| {
            json!({"physicalLocation": {
                "artifactLocation": {"uri": uri(&file)},
                "region": {"startLine": line.max(1)},
            }})
        })
        .into_iter()
        .collect();
    let mut result = json!({
        "ruleId": finding.rule.word(),
        "level": level,
        "message": {"text": text},
        "locations": locations,
        "properties": {"id": finding_id(position), "consumer": class},
    });
    if let Some(by) = &finding.waived {
        let why = format!("{}, until {}: {}", masked(&by.owner), by.until, masked(&by.reason));
        result["suppressions"] = json!([{"kind": "external", "justification": why}]);
    }
    result
}
