/*! Why a class is ready: the parts of its proof that records and plan give. */

use super::activity;
use super::cadence;
use super::case::Case;
use super::class::ClassCase;
use super::spans;
use crate::model::coverage::StreamId;
use crate::model::decision::Verdict;
use crate::model::why_ready::{CoveredLog, WhyReady};
use crate::model::{At, Span};

/// The parts of the proof. `None` unless the class is ready.
pub(super) fn of_class(case: &Case, class: &ClassCase, verdict: Verdict) -> Option<WhyReady> {
    if verdict != Verdict::Ready {
        return None;
    }
    let learned = class.cadence.learned.filter(|_| class.is_judged());
    Some(WhyReady {
        logs: class.streams.iter().filter_map(|id| covered(case, class, *id)).collect(),
        window: case.window.length(),
        runs: learned.map(|learned| runs(case, class, learned.gap)),
        gaps: learned.map(|learned| learned.gaps),
        chances: class.silence.chances,
        rows: rows(class),
    })
}

/// How much of the window this log source covered. The last `lag` counts if the instant before it is logged.
fn covered(case: &Case, class: &ClassCase, id: StreamId) -> Option<CoveredLog> {
    let stream = case.streams.get(id.0 as usize)?;
    let mut covered = spans::normal([stream.covered.clone(), case.excused(class, stream)].concat());
    let tail = Span { from: case.as_of - class.consumer.lag, to: case.as_of };
    if spans::contains(&covered, tail.from) {
        covered.push(tail);
    }
    let covered = spans::length_within(&spans::normal(covered), case.window);
    Some(CoveredLog { stream: stream.fact.name.clone(), covered })
}

/// The runs before the change from which the rhythm was learned.
fn runs(case: &Case, class: &ClassCase, gap: crate::model::Duration) -> u64 {
    let ticks = case.facts.ticks.iter().filter(|tick| {
        tick.class == class.id && !tick.degraded && tick.first < class.times.introduced
    });
    cadence::runs(ticks.map(|tick| Span { from: tick.first, to: tick.last }).collect(), gap)
}

/// The last old use, the first and the last success that prove the move.
fn rows(class: &ClassCase) -> Vec<At> {
    let proofs = class.proofs();
    let ends = [
        class.last_old_use,
        class.first_new_success,
        activity::latest(&proofs).map(|row| row.last),
    ];
    let mut rows: Vec<At> = ends.into_iter().flatten().collect();
    rows.sort_by_key(|at| (at.earliest(), at.row));
    rows.dedup_by_key(|at| at.row);
    rows
}

#[cfg(test)]
mod tests {
    use crate::judge::tests::{World, h, hours, row};
    use crate::model::Use;

    #[test]
    fn a_ready_class_says_what_its_proof_is_made_of() {
        let decision = World::ready().decide();
        let why = decision.classes[0].why_ready.as_ref().expect("a ready class");
        assert_eq!((why.logs.len(), why.logs[0].stream.as_str()), (1, "w"));
        assert_eq!((why.logs[0].covered, why.window), (hours(48), hours(48)));
        assert_eq!((why.runs, why.gaps, why.chances), (Some(56), Some(55), 16));
        let times: Vec<_> = why.rows.iter().map(|at| at.when.at).collect();
        assert_eq!(times, [h(-6), h(1), h(91)]);
    }

    #[test]
    fn a_class_that_is_not_ready_has_no_proof() {
        let refused = World::ready().put(row("w").refused().on("i2").count(3).at(h(90)));
        assert_eq!(refused.decide().classes[0].why_ready, None);
        assert_eq!(World::ready().judged_at(h(-1)).decide().classes[0].why_ready, None);
    }

    #[test]
    fn an_indirect_class_shows_its_last_success() {
        let world = World::ready().class("ui").put(row("ui").unversioned().at(h(80)));
        let world = world.consumer("ui", |c| c.usage = Use::Indirect);
        let decision = world.decide();
        let why = decision.classes[1].why_ready.as_ref().expect("a ready class");
        assert_eq!((why.runs, why.rows.len(), why.rows[0].when.at), (None, 1, h(80)));
    }
}
