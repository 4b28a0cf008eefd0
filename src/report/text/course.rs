/*! After a revocation: what broke, what the report of that instant already said, and the first cycle of each class since. */

use super::page::{Page, Tone};
use crate::model::course::{Broken, Cycle};
use crate::model::decision::Verdict;
use crate::model::{At, ClassId};
use crate::report::{View, evidence_id};
use crate::wording::count;

/// So many findings of the earlier report are shown.
const KNOWN_MAX: usize = 8;

pub(super) fn write(page: &mut Page, view: &View<'_>) {
    let course = &view.decision.course;
    let Some(known) = &course.known else { return };
    let broken = count(course.broken.len(), "class");
    page.heading("After the revocation", &format!("{broken} failed"));
    for one in &course.broken {
        self::broken(page, view, one);
    }
    let said = match known.verdict {
        Verdict::Ready => "ready",
        Verdict::Inconclusive => "inconclusive",
        Verdict::NotReady => "not ready",
    };
    page.para(2, Tone::Strong, &format!("The report of {} says: {said}", known.at));
    for one in known.findings.iter().take(KNOWN_MAX) {
        let said = page.sentence(&one.summary);
        page.para(4, Tone::Plain, &format!("{}: {said}", one.rule));
    }
    let more = known.findings.len().saturating_sub(KNOWN_MAX) as u64;
    if more > 0 {
        page.para(4, Tone::Quiet, &format!("and {}", count(more, "more finding")));
    }
    page.para(2, Tone::Strong, "First cycle of each class since");
    for one in &course.watch {
        let tone = match one.cycle {
            Cycle::Passed => Tone::Good,
            Cycle::Overdue => Tone::Bad,
            Cycle::Due | Cycle::Unknown => Tone::Doubt,
        };
        let when = match (one.at, one.due) {
            (Some(at), _) => moment(view, at),
            (None, Some(due)) => format!("due by {due}"),
            (None, None) => "nobody knows when it runs".to_owned(),
        };
        let name = class(page, view, one.class);
        page.line(
            4,
            &[
                (tone, &format!("{:9}", one.cycle.word())),
                (Tone::Plain, &format!("{name}  {when}")),
            ],
        );
    }
}

fn broken(page: &mut Page, view: &View<'_>, one: &Broken) {
    let name = class(page, view, one.class);
    let head = format!("{name}  {} after the revocation", one.delay.hours_minutes());
    page.line(2, &[(Tone::Bad, &head)]);
    let (first, last) = (moment(view, one.first), moment(view, one.last));
    let mut told = vec![format!("{} from {first} to {last}", count(one.failures, "failure"))];
    if one.sign.earliest() < one.first.earliest() {
        told.push(format!("first sign {}", moment(view, one.sign)));
    }
    if one.hidden > 0 {
        told.push(format!("{} through a fallback", count(one.hidden, "success")));
    }
    told.push(match one.recovered {
        Some(at) => format!("works again since {}", moment(view, at)),
        None => "not seen to work since".to_owned(),
    });
    page.para(6, Tone::Plain, &told.join("; "));
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
