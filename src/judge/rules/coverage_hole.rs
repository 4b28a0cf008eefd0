/*! `coverage-hole`: a stream that carries the class did not record all of the window. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::spans;
use crate::judge::words::{list, plural};
use crate::model::coverage::StreamId;
use crate::model::finding::{Cites, Finding, Severity};
use crate::model::{Span, Use};

/// The rule.
pub(super) struct CoverageHole;

impl Rule for CoverageHole {
    fn code(&self) -> &'static str {
        "coverage-hole"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let asked = case.classes.iter().filter(|class| match class.consumer.usage {
            Use::Direct => true,
            Use::Indirect => false,
        });
        let findings = asked.filter_map(|class| {
            let claim =
                if class.streams.is_empty() { unseen(case, class)? } else { holes(case, class)? };
            Some(finding(self, Some(class.id), claim))
        });
        findings.collect()
    }
}

/// Nothing would have seen a use of a path that is said to be off. Of any other class, silence says it.
fn unseen(case: &Case, class: &ClassCase) -> Option<Claim> {
    let name = class.name();
    class.consumer.disabled.then(|| Claim {
        summary: format!(
            "no stream carries `{name}`, so nothing would have seen it used while disabled"
        ),
        remedy: format!("add the logs in which a use of `{name}` would appear"),
        cites: Cites::silence(case.searched(class)).and_plan(case.plan.place(class.consumer.site)),
    })
}

fn holes(case: &Case, class: &ClassCase) -> Option<Claim> {
    let end = case.as_of - class.consumer.lag;
    let wanted = Span { from: case.window.from.min(end), to: end };
    let holes = |id: &StreamId| {
        let covered = case.streams.get(id.0 as usize).map_or(&[][..], |stream| &stream.covered);
        let holes = spans::uncovered(wanted, covered);
        (!holes.is_empty()).then_some((*id, holes))
    };
    let broken: Vec<(StreamId, Vec<Span>)> = class.streams.iter().filter_map(holes).collect();
    let (ids, spans): (Vec<StreamId>, Vec<Vec<Span>>) = broken.into_iter().unzip();
    let all: Vec<Span> = spans.concat();
    let longest = all.iter().max_by_key(|hole| (hole.length(), hole.from))?;
    let names = case.stream_names(&ids);
    let is_learned = ids
        .iter()
        .all(|id| case.streams.get(id.0 as usize).is_some_and(|one| one.max_gap.is_some()));
    let advice = if is_learned {
        "add the logs of these times, or declare `max_gap` if such a silence is usual there"
    } else {
        "declare `max_gap`: too few records are known to tell a usual silence from a loss"
    };
    Some(Claim {
        summary: format!(
            "{} of `{}` ({}) {} not cover the window: {}, the longest from {} to {}",
            plural(ids.len() as u64, "stream", "streams"),
            class.name(),
            list(&names),
            if ids.len() == 1 { "does" } else { "do" },
            plural(all.len() as u64, "hole", "holes"),
            longest.from,
            longest.to
        ),
        remedy: advice.to_owned(),
        cites: Cites::silence(names),
    })
}
