/*! `rejected-records`: records that could not be understood and may matter, or that hold an old marker. */

use crate::judge::share_test::share;
use crate::wording::{count, list, number};
use std::collections::BTreeMap;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::coverage::{RejectRun, StreamId};
use crate::model::finding::{Cite, Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::Action;
use crate::model::{ClassId, Span, Timestamp};

/// At least this many rejects without a dated record between them are too many, whatever their share.
const RUN_MAX: u64 = 100;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("rejected-records"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FetchLog),
    passes: Passes::Never,
    answers: &[],
    blinds: true,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let runs: Vec<&RejectRun> = case.facts.rejects.iter().collect();
    let unowned: Vec<&RejectRun> =
        runs.iter().copied().filter(|run| !is_owned(case, run)).collect();
    let rotation =
        [too_many_unplaced(rule, case, &unowned), old_markers(rule, case, None, &unowned)];
    let classes = case.classes.iter().flat_map(|class| {
        let of_class: Vec<&RejectRun> =
            runs.iter().copied().filter(|run| class.shares(&run.streams)).collect();
        [too_many(rule, case, class, &of_class), old_markers(rule, case, Some(class.id), &of_class)]
    });
    rotation.into_iter().chain(classes).flatten().collect()
}

fn is_owned(case: &Case, run: &RejectRun) -> bool {
    case.classes.iter().any(|class| class.shares(&run.streams))
}

/// Can the rejects lie in the span? With neighbours on both sides they lie between these, in whichever order. With one
/// neighbour, a single reject lies next to it, as in a file that was cut; several may extend over any length of time.
fn may_lie_in(run: &RejectRun, span: Span) -> bool {
    match (run.before, run.after) {
        (Some(before), Some(after)) => {
            Span { from: before.min(after), to: before.max(after) }.intersect(span).is_some()
        }
        (Some(at), None) if run.count > 1 => at <= span.to,
        (None, Some(at)) if run.count > 1 => at >= span.from,
        (Some(at), None) | (None, Some(at)) => span.contains(at),
        (None, None) => true,
    }
}

/// Too many rejects for the records of a log source of the class, in the time for which the class must be silent.
fn too_many(
    rule: &Rule,
    case: &Case,
    class: &ClassCase,
    of_class: &[&RejectRun],
) -> Option<Finding> {
    let span = case.silent_span(class.silence.needed);
    let near: Vec<&RejectRun> =
        of_class.iter().copied().filter(|run| may_lie_in(run, span)).collect();
    let mut bad: Vec<&RejectRun> = Vec::new();
    let (mut streams, mut of) = (Vec::new(), 0);
    for id in &class.streams {
        let here: Vec<&RejectRun> =
            near.iter().copied().filter(|run| run.streams.contains(id)).collect();
        let rejected = records(&here);
        let records = rejected + dated(case, *id, span);
        let is_burst = here.iter().any(|run| run.count >= RUN_MAX);
        if is_burst || share(rejected, records) > class.consumer.limits.rejected_share {
            streams.push(*id);
            of += records;
            bad.extend(here);
        }
    }
    bad.sort_by_key(|run| (run.first.input, run.first.record));
    bad.dedup_by_key(|run| run.first);
    let names = case.stream_names(&streams);
    let place = format!("of {}, where `{}` is logged,", list(&names), class.name());
    claimed(rule, Some(class.id), &bad, (&place, of))
}

/// Rejects in log sources in which no class appears, and in inputs without a log source. They may be of any class.
fn too_many_unplaced(rule: &Rule, case: &Case, unowned: &[&RejectRun]) -> Option<Finding> {
    let need = case.classes.iter().map(|class| class.silence.needed).max();
    let span =
        Span { from: case.as_of - need.unwrap_or(case.plan.rotation.window), to: case.as_of };
    let near: Vec<&RejectRun> =
        unowned.iter().copied().filter(|run| may_lie_in(run, span)).collect();
    let mut bad: Vec<&RejectRun> =
        near.iter().copied().filter(|run| run.streams.is_empty()).collect();
    let mut of = records(&bad);
    let mut streams: Vec<StreamId> =
        near.iter().flat_map(|run| run.streams.iter().copied()).collect();
    streams.sort_unstable();
    streams.dedup();
    for id in streams {
        let here: Vec<&RejectRun> =
            near.iter().copied().filter(|run| run.streams.contains(&id)).collect();
        let total = records(&here) + dated(case, id, span);
        let is_burst = here.iter().any(|run| run.count >= RUN_MAX);
        if is_burst || share(records(&here), total) > case.plan.limits.rejected_share {
            of += total;
            bad.extend(here);
        }
    }
    bad.sort_by_key(|run| (run.first.input, run.first.record));
    bad.dedup_by_key(|run| run.first);
    claimed(rule, None, &bad, ("of inputs and log sources without a known consumer", of))
}

fn claimed(
    rule: &Rule,
    class: Option<ClassId>,
    bad: &[&RejectRun],
    (place, of): (&str, u64),
) -> Option<Finding> {
    let n = records(bad);
    let claim = Claim {
        summary: format!(
            "{} of {} {place} could not be understood: {}",
            number(n),
            count(of, "record"),
            causes(bad)
        ),
        remedy: "fix the profile of the source, or its `fields`, `outcomes` or `timezone`, so that these records are read"
            .to_owned(),
        cites: cites(bad, |run| run.first)?,
    };
    let finding = rule.finding(class, claim);
    Some(Finding { total: n, numbers: Some(Numbers { n, of, p: None }), ..finding })
}

/// Rejects anywhere that contain the bytes of an old marker. They cannot be waived, since nobody knows what they say.
fn old_markers(
    rule: &Rule,
    case: &Case,
    class: Option<ClassId>,
    runs: &[&RejectRun],
) -> Option<Finding> {
    let holding: Vec<&RejectRun> =
        runs.iter().copied().filter(|run| run.old_marker.is_some()).collect();
    let n = holding.iter().filter_map(|run| run.old_marker).map(|(count, _)| count).sum();
    let place = class.map_or_else(
        || "without a known consumer".to_owned(),
        |class| format!("of log sources of `{}`", case.class(class).name()),
    );
    let claim = Claim {
        summary: format!(
            "{} {place} could not be understood and {} a marker of the old version: {}",
            count(n, "record"),
            if n == 1 { "holds" } else { "hold" },
            causes(&holding)
        ),
        remedy: "fix the profile of the source until these records are read: they may be uses of the old version"
            .to_owned(),
        cites: cites(&holding, |run| run.old_marker.map_or(run.first, |(_, place)| place))?,
    };
    Some(Finding { total: n, waivable: Waivable::Never, ..rule.finding(class, claim) })
}

fn records(runs: &[&RejectRun]) -> u64 {
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

/// The most frequent causes with their counts.
fn causes(runs: &[&RejectRun]) -> String {
    let mut causes: BTreeMap<&str, u64> = BTreeMap::new();
    for (reason, count) in runs.iter().flat_map(|run| &run.reasons) {
        *causes.entry(reason).or_default() += count;
    }
    let mut causes: Vec<(&str, u64)> = causes.into_iter().collect();
    causes.sort_by_key(|(reason, count)| (std::cmp::Reverse(*count), *reason));
    let words: Vec<String> = causes
        .iter()
        .take(3)
        .map(|(reason, count)| format!("{reason} ({})", number(*count)))
        .collect();
    list(&words)
}

fn cites(runs: &[&RejectRun], place: impl Fn(&RejectRun) -> crate::model::Place) -> Option<Cites> {
    let cite = |run: &&RejectRun| {
        let time: Option<Timestamp> = run.before.or(run.after);
        Cite::Record { place: place(run), time, says: causes(&[run]) }
    };
    let mut cited = runs.iter().map(cite);
    Some(Cites::records(cited.next()?, cited))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::RULE;
    use crate::judge::tests::{World, cited, h};
    use crate::model::coverage::{RejectRun, StreamId};
    use crate::model::{Duration, InputId, Place, Timestamp};

    fn run(count: u64, near: Option<Timestamp>) -> RejectRun {
        RejectRun {
            input: InputId::default(),
            streams: vec![StreamId(0)],
            count,
            reasons: BTreeMap::from([("bad-json".to_owned(), count)]),
            before: near,
            after: near,
            old_marker: None,
            first: Place { record: 7, offset: 70, length: 10, ..Place::default() },
        }
    }

    fn with(run: RejectRun) -> World {
        World::ready().facts(|facts| facts.rejects.push(run))
    }

    #[test]
    fn one_in_a_thousand_may_be_rejected() {
        // There are 289 pulses and 8 rows in the window.
        let bearable = |share: f64| {
            with(run(3, Some(h(60)))).consumer("w", |c| c.limits.rejected_share = share)
        };
        bearable(0.01).silent(&RULE);
        let finding = bearable(0.0099).fires(&RULE);
        assert_eq!(cited(&finding), [h(60)]);
        assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((3, 300)));
        assert_eq!(
            finding.summary,
            "3 of 300 records of w, where `w` is logged, could not be understood: bad-json (3)"
        );
    }

    #[test]
    fn a_hundred_in_a_row_are_too_many() {
        let lenient =
            |n: u64| with(run(n, Some(h(60)))).consumer("w", |c| c.limits.rejected_share = 0.9);
        // Boundary: 99 rejects in a row, and a hundred.
        lenient(99).silent(&RULE);
        lenient(100).fires(&RULE);
    }

    #[test]
    fn only_rejects_in_the_time_that_must_be_silent_count() {
        with(run(5, Some(h(48)))).fires(&RULE);
        with(run(5, Some(h(48) - Duration(1)))).silent(&RULE);
        with(run(5, Some(h(97)))).silent(&RULE);
        with(run(5, None)).fires(&RULE);
        let around = RejectRun { before: Some(h(10)), after: Some(h(97)), ..run(5, None) };
        with(around).fires(&RULE);
    }

    #[test]
    fn an_old_marker_in_a_reject_is_never_waived() {
        let place = Place { record: 9, ..Place::default() };
        let holding = RejectRun { old_marker: Some((2, place)), ..run(5, Some(h(-300))) };
        let finding = with(holding.clone()).fires(&RULE);
        assert!(!finding.waivable.is_waivable() && finding.class.is_some());
        assert_eq!(finding.total, 2);
        let unowned = RejectRun { streams: vec![], ..holding };
        let findings = with(unowned).findings_of(&RULE);
        assert!(findings.iter().all(|finding| finding.class.is_none()));
        assert!(findings.iter().any(|finding| !finding.waivable.is_waivable()));
    }

    #[test]
    fn an_input_without_a_log_source_withholds_from_the_rotation() {
        let finding = with(RejectRun { streams: vec![], ..run(5, None) }).fires(&RULE);
        assert_eq!(finding.class, None);
        with(RejectRun { streams: vec![], ..run(5, Some(h(-300))) }).silent(&RULE);
    }
}
