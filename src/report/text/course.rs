/*! After a revocation: what broke, what a report would have said then, and the first run of each consumer since. */

use super::page::{TextPage, Tone};
use crate::model::course::{Broken, Cycle};
use crate::model::{At, ClassId};
use crate::report::{View, evidence_id};
use crate::wording::{self, count};

/// At most this many findings of the earlier report are printed.
const KNOWN_MAX: usize = 8;

pub(super) fn write(page: &mut TextPage, view: &View<'_>) {
    let course = &view.decision.course;
    let Some(known) = &course.known else { return };
    let failed = count(course.broken.len(), "consumer");
    page.heading("After the revocation", &format!("{failed} failed"));
    for broken in &course.broken {
        failed_class(page, view, broken);
    }
    let verdict = wording::verdict(known.verdict);
    page.para(
        2,
        Tone::Strong,
        &format!("A report at {} would have said {verdict}", page.time(known.at)),
    );
    for finding in known.findings.iter().take(KNOWN_MAX) {
        let summary = page.sentence(&finding.summary);
        page.para(4, Tone::Plain, &format!("{}: {summary}", finding.rule));
    }
    let more = known.findings.len().saturating_sub(KNOWN_MAX) as u64;
    if more > 0 {
        page.para(4, Tone::Quiet, &format!("and {}", count(more, "more finding")));
    }
    page.para(2, Tone::Strong, "First run of each consumer since");
    for run in &course.watch {
        let tone = match run.cycle {
            Cycle::Passed => Tone::Good,
            Cycle::Overdue => Tone::Bad,
            Cycle::Due | Cycle::Unknown => Tone::Doubt,
        };
        let when = match (run.at, run.due) {
            (Some(at), _) => moment(page, view, at),
            (None, Some(due)) => format!("due by {}", page.time(due)),
            (None, None) => "its schedule is not known".to_owned(),
        };
        let name = class(page, view, run.class);
        page.line(
            4,
            &[
                (tone, &format!("{:9}", wording::cycle(run.cycle))),
                (Tone::Plain, &format!("{name}  {when}")),
            ],
        );
    }
}

fn failed_class(page: &mut TextPage, view: &View<'_>, broken: &Broken) {
    let name = class(page, view, broken.class);
    let head = format!("{name}  {} after the revocation", wording::length(broken.delay));
    page.line(2, &[(Tone::Bad, &head)]);
    let (first, last) = (moment(page, view, broken.first), moment(page, view, broken.last));
    let mut facts = vec![format!("{} from {first} to {last}", count(broken.failures, "failure"))];
    if broken.sign.earliest() < broken.first.earliest() {
        facts.push(format!("first sign {}", moment(page, view, broken.sign)));
    }
    if broken.hidden > 0 {
        facts.push(format!("{} through a fallback", count(broken.hidden, "success")));
    }
    facts.push(match broken.recovered {
        Some(at) => format!("recovered {}", moment(page, view, at)),
        None => "it has not recovered".to_owned(),
    });
    page.para(6, Tone::Plain, &facts.join("; "));
    let row = view.decision.classes.iter().find(|row| row.class == broken.class);
    let effects = row.map(|row| row.effects.join(", ")).unwrap_or_default();
    if !effects.is_empty() {
        let effects = page.sentence(&effects);
        page.para(6, Tone::Quiet, &format!("at risk: {effects}"));
    }
}

fn class(page: &TextPage, view: &View<'_>, class: ClassId) -> String {
    view.class_name(class).map(|name| page.name(name, 60)).unwrap_or_default()
}

fn moment(page: &TextPage, view: &View<'_>, at: At) -> String {
    let id = view.row(at).map(evidence_id).unwrap_or_default();
    format!("{} {id}", page.time(at.earliest()))
}
