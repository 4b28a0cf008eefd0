/*! `sequence-gap`: a log source numbers its records, and numbers are missing that it never left out before.
 */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::continuity::{NumberRun, NumberSeries};
use crate::model::coverage::StreamId;
use crate::model::finding::{Cite, Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::model::noticed::DatedPlace;
use crate::model::{Span, Timestamp};
use crate::wording::{count, list};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("sequence-gap"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FetchLog),
    passes: Passes::Never,
    answers: &[],
    blinds: true,
    fire,
};

/// A source whose baseline lacks one of this many numbers or more leaves some out.
const BASELINE_PART: u64 = 1000;

/// Numbers that no record has, between two that have one.
struct Gap {
    stream: StreamId,
    before: DatedPlace,
    after: DatedPlace,
    /// How many numbers; `None`: more than were counted.
    missing: Option<u64>,
}

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let whole: Vec<&NumberSeries> = case
        .facts
        .numbers
        .iter()
        .filter(|series| is_whole_before(series, case.introduced))
        .collect();
    let findings = case.classes.iter().filter_map(|class| {
        let gaps = gaps(case, class, &whole);
        let finding = rule.finding(Some(class.id), claim(case, class, &gaps)?);
        Some(Finding { total: gaps.len() as u64, ..finding })
    });
    findings.collect()
}

/// Did the source number its records without gaps before the change? Without any number from then nothing speaks
/// against it.
fn is_whole_before(series: &NumberSeries, introduced: Timestamp) -> bool {
    let (mut seen, mut missing) = (0_u64, 0_u64);
    for runs in &series.counts {
        seen = runs.iter().fold(seen, |sum, run| sum.saturating_add(seen_before(run, introduced)));
        for pair in runs.windows(2).filter(|pair| pair[1].from.0 < introduced) {
            missing = missing.saturating_add(between(pair));
        }
    }
    let is_kept = series.unkept.is_none_or(|(at, _)| at >= introduced);
    is_kept
        && (missing == 0 || missing.saturating_mul(BASELINE_PART) < seen.saturating_add(missing))
}

/// How many numbers of a run were given before that time, at an even pace.
fn seen_before(run: &NumberRun, end: Timestamp) -> u64 {
    let (from, to) = (run.from.0, run.to.0);
    let length = run.last - run.first;
    if to < end {
        return length.saturating_add(1);
    }
    if from >= end {
        return 0;
    }
    let share = u128::from(length) * u128::from((end - from).0.unsigned_abs())
        / u128::from((to - from).0.unsigned_abs().max(1));
    u64::try_from(share).unwrap_or(u64::MAX).saturating_add(1)
}

/// How many numbers lie between two runs.
fn between(pair: &[NumberRun]) -> u64 {
    (pair[1].first - pair[0].last).saturating_sub(1)
}

/// The gaps of the class's log sources in the time for which it must be silent.
fn gaps(case: &Case, class: &ClassCase, whole: &[&NumberSeries]) -> Vec<Gap> {
    let span = case.silent_span(class.silence.needed);
    let of_class = whole.iter().filter(|series| class.streams.contains(&series.stream));
    let mut gaps: Vec<Gap> = of_class
        .flat_map(|series| {
            let stream = series.stream;
            let known =
                series.counts.iter().flat_map(|runs| runs.windows(2)).map(move |pair| Gap {
                    stream,
                    before: pair[0].to,
                    after: pair[1].from,
                    missing: Some(between(pair)),
                });
            let unkept =
                series.unkept.map(|at| Gap { stream, before: at, after: at, missing: None });
            known.filter(|gap| gap.missing != Some(0)).chain(unkept)
        })
        .filter(|gap| {
            let (from, to) = (gap.before.0.min(gap.after.0), gap.before.0.max(gap.after.0));
            Span { from, to }.intersect(span).is_some()
        })
        .collect();
    gaps.sort_by_key(|gap| (gap.before, gap.stream));
    gaps
}

fn claim(case: &Case, class: &ClassCase, gaps: &[Gap]) -> Option<Claim> {
    let (first, rest) = gaps.split_first()?;
    let streams: Vec<StreamId> = gaps.iter().map(|gap| gap.stream).collect();
    let names = list(&case.stream_names(&streams));
    let missing: Option<u64> = gaps.iter().map(|gap| gap.missing).sum();
    let cites = |gap: &Gap| {
        let before = Cite::dated(gap.before, "the last number before those that are missing");
        [before, Cite::dated(gap.after, "the first number after those that are missing")]
    };
    let [before, after] = cites(first);
    let (what, are) = match missing {
        Some(1) => (count(1, "record number"), "is"),
        Some(missing) => (count(missing, "record number"), "are"),
        None => ("more record numbers than are counted".to_owned(), "are"),
    };
    Some(Claim {
        summary: format!(
            "{what} of {names} {are} missing in the time for which `{}` must be free of the old version, and before the \
             change the numbers had no gaps",
            class.name()
        ),
        remedy: format!(
            "fetch the records of {names} that are missing, from where they were written"
        ),
        cites: Cites::records(before, std::iter::once(after).chain(rest.iter().flat_map(cites))),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h};
    use crate::model::continuity::{NumberRun, NumberSeries};
    use crate::model::coverage::StreamId;
    use crate::model::decision::Verdict;
    use crate::model::{Duration, Place, Timestamp};

    /// Numbers from..=to, given evenly between two times.
    fn run(first: u64, last: u64, from: Timestamp, to: Timestamp) -> NumberRun {
        let at = |record| Place { record, ..Place::default() };
        NumberRun { first, last, from: (from, at(first)), to: (to, at(last)) }
    }

    fn with(counts: Vec<Vec<NumberRun>>) -> World {
        let series = NumberSeries { stream: StreamId(0), instance: None, counts, unkept: None };
        World::ready().facts(|facts| facts.numbers.push(series))
    }

    fn gap(before: Timestamp, after: Timestamp) -> World {
        with(vec![vec![run(1, 500, h(-300), before), run(503, 600, after, h(96))]])
    }

    #[test]
    fn numbers_that_are_missing_in_the_time_of_the_silence_fire() {
        let finding = gap(h(60), h(61)).fires(&RULE);
        assert_eq!(cited(&finding), [h(60), h(61)]);
        assert_eq!(
            finding.summary,
            "2 record numbers of w are missing in the time for which `w` must be free of the old version, and before the change the numbers had no gaps"
        );
        assert_eq!(gap(h(60), h(61)).verdict(), Verdict::Inconclusive);
        World::ready().silent(&RULE);
    }

    #[test]
    fn the_gap_must_reach_into_that_time() {
        // Boundary: a gap up to the start of the silence, and up to a microsecond before it.
        gap(h(20), h(48)).fires(&RULE);
        gap(h(20), h(48) - Duration(1)).silent(&RULE);
        gap(h(96), h(96)).fires(&RULE);
        gap(h(96) + Duration(1), h(97)).silent(&RULE);
    }

    #[test]
    fn a_source_that_always_left_numbers_out_says_nothing() {
        let lossy = |last: u64| {
            let before = run(1, last, h(-300), h(-100));
            let middle = run(last + 2, last + 3, h(-99), h(60));
            with(vec![vec![before, middle, run(last + 5, last + 9, h(61), h(90))]])
        };
        lossy(2000).fires(&RULE);
        lossy(900).silent(&RULE);
    }

    #[test]
    fn a_count_that_begins_anew_has_no_gap() {
        let first = run(1, 500, h(-300), h(50));
        with(vec![vec![first], vec![run(1, 40, h(51), h(90))]]).silent(&RULE);
        with(vec![vec![first, run(501, 502, h(50), h(51))]]).silent(&RULE);
    }

    #[test]
    fn runs_that_were_too_many_to_keep_are_a_gap() {
        let unkept = |at: Timestamp| {
            with(vec![vec![run(1, 500, h(-300), h(50))]])
                .facts(|facts| facts.numbers[0].unkept = Some((at, Place::default())))
        };
        let finding = unkept(h(60)).fires(&RULE);
        assert!(
            finding.summary.starts_with("more record numbers than are counted of w are missing")
        );
        unkept(h(-60)).silent(&RULE);
    }
}
