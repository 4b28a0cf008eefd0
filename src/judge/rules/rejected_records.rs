/*! `rejected-records`: records that could not be understood where they would matter, or that hold an old marker. */

use std::collections::BTreeMap;

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::words::{list, plural, share};
use crate::model::coverage::{RejectRun, StreamId};
use crate::model::finding::{Cite, Cites, Finding, Numbers, Severity};
use crate::model::{ClassId, Span, Timestamp};

/// So many rejects without a dated record between them are too many, whatever their share.
const RUN_MAX: u64 = 100;

/// The rule.
pub(super) struct RejectedRecords;

impl Rule for RejectedRecords {
    fn code(&self) -> &'static str {
        "rejected-records"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let runs: Vec<&RejectRun> = case.facts.rejects.iter().collect();
        let unowned: Vec<&RejectRun> =
            runs.iter().copied().filter(|run| !is_owned(case, run)).collect();
        let rotation =
            [too_many_unplaced(self, case, &unowned), old_markers(self, case, None, &unowned)];
        let classes = case.classes.iter().flat_map(|class| {
            let own: Vec<&RejectRun> =
                runs.iter().copied().filter(|run| class.shares(&run.streams)).collect();
            [too_many(self, case, class, &own), old_markers(self, case, Some(class.id), &own)]
        });
        rotation.into_iter().chain(classes).flatten().collect()
    }
}

fn is_owned(case: &Case, run: &RejectRun) -> bool {
    case.classes.iter().any(|class| class.shares(&run.streams))
}

/// May it lie in the span? Between neighbours on both sides, whichever of them is older; next to a neighbour on one
/// side. More than one at an end of an input, where a file that was cut leaves one, may go on for any time.
fn may_lie_in(run: &RejectRun, span: Span) -> bool {
    match (run.before, run.after) {
        (Some(one), Some(two)) => {
            Span { from: one.min(two), to: one.max(two) }.intersect(span).is_some()
        }
        (Some(at), None) if run.count > 1 => at <= span.to,
        (None, Some(at)) if run.count > 1 => at >= span.from,
        (Some(at), None) | (None, Some(at)) => span.contains(at),
        (None, None) => true,
    }
}

/// More rejects in a stream of the class, within its need, than its records can bear.
fn too_many(
    rule: &dyn Rule,
    case: &Case,
    class: &ClassCase,
    own: &[&RejectRun],
) -> Option<Finding> {
    let span = Span { from: case.as_of - class.silence.needed, to: case.as_of };
    let near: Vec<&RejectRun> = own.iter().copied().filter(|run| may_lie_in(run, span)).collect();
    let mut bad: Vec<&RejectRun> = Vec::new();
    let (mut streams, mut of) = (Vec::new(), 0);
    for id in &class.streams {
        let here: Vec<&RejectRun> =
            near.iter().copied().filter(|run| run.streams.contains(id)).collect();
        let rejected = count(&here);
        let all = rejected + dated(case, *id, span);
        let is_burst = here.iter().any(|run| run.count >= RUN_MAX);
        if is_burst || share(rejected, all) > class.consumer.limits.rejected_share {
            streams.push(*id);
            of += all;
            bad.extend(here);
        }
    }
    bad.sort_by_key(|run| (run.first.input, run.first.record));
    bad.dedup_by_key(|run| run.first);
    let names = case.stream_names(&streams);
    let place = format!("of {}, where `{}` would be seen,", list(&names), class.name());
    claimed(rule, Some(class.id), &bad, (&place, of))
}

/// Rejects in streams of no class, where anybody's records may stand, and of inputs that belong to no stream.
fn too_many_unplaced(rule: &dyn Rule, case: &Case, unowned: &[&RejectRun]) -> Option<Finding> {
    let need = case.classes.iter().map(|class| class.silence.needed).max();
    let span =
        Span { from: case.as_of - need.unwrap_or(case.plan.rotation.window), to: case.as_of };
    let near: Vec<&RejectRun> =
        unowned.iter().copied().filter(|run| may_lie_in(run, span)).collect();
    let mut bad: Vec<&RejectRun> =
        near.iter().copied().filter(|run| run.streams.is_empty()).collect();
    let mut of = count(&bad);
    let mut streams: Vec<StreamId> =
        near.iter().flat_map(|run| run.streams.iter().copied()).collect();
    streams.sort_unstable();
    streams.dedup();
    for id in streams {
        let here: Vec<&RejectRun> =
            near.iter().copied().filter(|run| run.streams.contains(&id)).collect();
        let all = count(&here) + dated(case, id, span);
        let is_burst = here.iter().any(|run| run.count >= RUN_MAX);
        if is_burst || share(count(&here), all) > case.plan.limits.rejected_share {
            of += all;
            bad.extend(here);
        }
    }
    bad.sort_by_key(|run| (run.first.input, run.first.record));
    bad.dedup_by_key(|run| run.first);
    claimed(rule, None, &bad, ("of inputs and streams that belong to no class", of))
}

fn claimed(
    rule: &dyn Rule,
    class: Option<ClassId>,
    bad: &[&RejectRun],
    (place, of): (&str, u64),
) -> Option<Finding> {
    let n = count(bad);
    let claim = Claim {
        summary: format!(
            "{} {place} could not be understood ({n} of {of}): {}",
            plural(n, "record", "records"),
            causes(bad)
        ),
        remedy: "mend the source's profile, `fields`, `outcomes` or `timezone` so that these records are \
                 read"
            .to_owned(),
        cites: cites(bad, |run| run.first)?,
    };
    let found = finding(rule, class, claim);
    Some(Finding { total: n, numbers: Some(Numbers { n, of, p: None }), ..found })
}

/// Rejects anywhere that hold the bytes of an old marker: nobody can answer for what they say.
fn old_markers(
    rule: &dyn Rule,
    case: &Case,
    class: Option<ClassId>,
    runs: &[&RejectRun],
) -> Option<Finding> {
    let holding: Vec<&RejectRun> =
        runs.iter().copied().filter(|run| run.old_marker.is_some()).collect();
    let n = holding.iter().filter_map(|run| run.old_marker).map(|(count, _)| count).sum();
    let place = class.map_or_else(
        || "of no class".to_owned(),
        |class| format!("of streams that carry `{}`", case.class(class).name()),
    );
    let claim = Claim {
        summary: format!(
            "{} {place} could not be understood and {} a marker of the old version: {}",
            plural(n, "record", "records"),
            if n == 1 { "holds" } else { "hold" },
            causes(&holding)
        ),
        remedy: "mend the source's profile until these records are read: they may be old use"
            .to_owned(),
        cites: cites(&holding, |run| run.old_marker.map_or(run.first, |(_, place)| place))?,
    };
    Some(Finding { total: n, waivable: false, ..finding(rule, class, claim) })
}

fn count(runs: &[&RejectRun]) -> u64 {
    runs.iter().map(|run| run.count).sum()
}

fn dated(case: &Case, id: StreamId, span: Span) -> u64 {
    let cells = case.facts.streams.get(id.0 as usize).map(|stream| stream.pulse.0.values());
    let within = cells
        .into_iter()
        .flatten()
        .filter(|cell| span.contains(cell.first) && cell.last <= span.to);
    within.map(|cell| cell.records).sum()
}

/// The commonest causes with their counts.
fn causes(runs: &[&RejectRun]) -> String {
    let mut all: BTreeMap<&str, u64> = BTreeMap::new();
    for (reason, count) in runs.iter().flat_map(|run| &run.reasons) {
        *all.entry(reason).or_default() += count;
    }
    let mut all: Vec<(&str, u64)> = all.into_iter().collect();
    all.sort_by_key(|(reason, count)| (std::cmp::Reverse(*count), *reason));
    let words: Vec<String> =
        all.iter().take(3).map(|(reason, count)| format!("{reason} ({count})")).collect();
    list(&words)
}

fn cites(runs: &[&RejectRun], place: impl Fn(&RejectRun) -> crate::model::Place) -> Option<Cites> {
    let cite = |run: &&RejectRun| {
        let time: Option<Timestamp> = run.before.or(run.after);
        Cite::Record { place: place(run), time, says: causes(&[run]) }
    };
    let mut all = runs.iter().map(cite);
    Some(Cites::records(all.next()?, all))
}
