/*! After a revocation: what broke, what was known then, and the first run of each consumer since. */

use super::page::{Page, Tone};
use crate::model::course::{Broken, Cycle};
use crate::model::{At, ClassId};
use crate::report::{View, evidence_id};
use crate::wording::{self, count};

/// At most this many findings of the earlier report are printed.
const KNOWN_MAX: usize = 8;

pub(super) fn write(page: &mut Page, view: &View<'_>) {
    let course = &view.decision.course;
    let Some(known) = &course.known else { return };
    let broken = count(course.broken.len(), "consumer");
    page.heading("After the revocation", &format!("{broken} failed"));
    for one in &course.broken {
        self::broken(page, view, one);
    }
    let verdict = wording::verdict(known.verdict);
    page.para(2, Tone::Strong, &format!("A report at {} would have said {verdict}", known.at));
    for one in known.findings.iter().take(KNOWN_MAX) {
        let said = page.sentence(&one.summary);
        page.para(4, Tone::Plain, &format!("{}: {said}", one.rule));
    }
    let more = known.findings.len().saturating_sub(KNOWN_MAX) as u64;
    if more > 0 {
        page.para(4, Tone::Quiet, &format!("and {}", count(more, "more finding")));
    }
    page.para(2, Tone::Strong, "First run of each consumer since");
    for one in &course.watch {
        let tone = match one.cycle {
            Cycle::Passed => Tone::Good,
            Cycle::Overdue => Tone::Bad,
            Cycle::Due | Cycle::Unknown => Tone::Doubt,
        };
        let when = match (one.at, one.due) {
            (Some(at), _) => moment(view, at),
            (None, Some(due)) => format!("due by {due}"),
            (None, None) => "its schedule is not known".to_owned(),
        };
        let name = class(page, view, one.class);
        page.line(
            4,
            &[
                (tone, &format!("{:9}", wording::cycle(one.cycle))),
                (Tone::Plain, &format!("{name}  {when}")),
            ],
        );
    }
}

fn broken(page: &mut Page, view: &View<'_>, one: &Broken) {
    let name = class(page, view, one.class);
    let head = format!("{name}  {} after the revocation", wording::length(one.delay));
    page.line(2, &[(Tone::Bad, &head)]);
    let (first, last) = (moment(view, one.first), moment(view, one.last));
    let mut facts = vec![format!("{} from {first} to {last}", count(one.failures, "failure"))];
    if one.sign.earliest() < one.first.earliest() {
        facts.push(format!("first sign {}", moment(view, one.sign)));
    }
    if one.hidden > 0 {
        facts.push(format!("{} through a fallback", count(one.hidden, "success")));
    }
    facts.push(match one.recovered {
        Some(at) => format!("recovered {}", moment(view, at)),
        None => "it has not recovered".to_owned(),
    });
    page.para(6, Tone::Plain, &facts.join("; "));
    let row = view.decision.classes.iter().find(|row| row.class == one.class);
    let effects = row.map(|row| row.effects.join(", ")).unwrap_or_default();
    if !effects.is_empty() {
        let effects = page.sentence(&effects);
        page.para(6, Tone::Quiet, &format!("at risk: {effects}"));
    }
}

fn class(page: &Page, view: &View<'_>, class: ClassId) -> String {
    view.class_name(class).map(|name| page.name(name, 60)).unwrap_or_default()
}

fn moment(view: &View<'_>, at: At) -> String {
    let id = view.row(at).map(evidence_id).unwrap_or_default();
    format!("{} {id}", at.earliest())
}
