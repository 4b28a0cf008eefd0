/*! `sampled-source`: a log source says of its records that they are a sample, and silence in a sample is not silence.
 */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::Span;
use crate::model::continuity::Sampled;
use crate::model::coverage::StreamId;
use crate::model::finding::{Cite, Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::model::noticed::DatedPlace;
use crate::wording::{count, list};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("sampled-source"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FetchLog),
    passes: Passes::Never,
    answers: &[],
    blinds: true,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.classes.iter().filter_map(|class| {
        let sampled = sampled(case, class);
        let total = sampled.iter().map(|one| one.records.found.count).sum();
        let finding = rule.finding(Some(class.id), claim(case, class, &sampled, total)?);
        Some(Finding { total, ..finding })
    });
    findings.collect()
}

/// The sampled records in the time for which the class must be silent: its own, and those of others in a log source
/// that samples its records, too.
fn sampled<'a>(case: &Case<'a>, class: &ClassCase) -> Vec<&'a Sampled> {
    let span = case.silent_span(class.silence.needed);
    let is_its = |one: &&Sampled| one.class == Some(class.id);
    let samples_it = |stream: StreamId| {
        let mut of_stream = case.facts.samples.iter().filter(|one| one.stream == stream);
        of_stream.any(|one| is_its(&one))
    };
    let lies_in = |one: &&Sampled| {
        let found = one.records.found;
        Span { from: found.first.0, to: found.last.0 }.intersect(span).is_some()
    };
    let its = case.facts.samples.iter().filter(|one| is_its(one) || samples_it(one.stream));
    its.filter(lies_in).collect()
}

fn claim(case: &Case, class: &ClassCase, sampled: &[&Sampled], total: u64) -> Option<Claim> {
    let (first, rest) = sampled.split_first()?;
    let rate = sampled.iter().map(|one| one.records.rate).fold(0.0, f64::max);
    let streams: Vec<_> = sampled.iter().map(|one| one.stream).collect();
    let names = list(&case.stream_names(&streams));
    let cite = |at: DatedPlace| Cite::dated(at, "says that it is a sample");
    let rest =
        rest.iter().flat_map(|one| [cite(one.records.found.first), cite(one.records.found.last)]);
    Some(Claim {
        summary: format!(
            "{} {} in {names} {}, of up to {} records each: an old use may be among those that were dropped",
            count(total, "record"),
            whose(class, sampled),
            if total == 1 { "is a sample" } else { "are samples" },
            rounded(rate),
        ),
        remedy: format!(
            "fetch a log of `{}` that keeps each authentication, such as that of the server, or switch the sampling off \
             and wait until the window is free of it",
            class.name()
        ),
        cites: Cites::records(cite(first.records.found.first), rest),
    })
}

/// Whose records they are.
fn whose(class: &ClassCase, sampled: &[&Sampled]) -> String {
    let is_its = |one: &&Sampled| one.class == Some(class.id);
    let name = class.name();
    match (sampled.iter().any(is_its), sampled.iter().all(is_its)) {
        (_, true) => format!("of `{name}`"),
        (true, false) => format!("of `{name}` and others"),
        (false, false) => format!("of others than `{name}`, whose records were samples, too,"),
    }
}

/// A rate as people write it.
fn rounded(rate: f64) -> String {
    let text = format!("{rate:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h};
    use crate::model::continuity::{Sampled, SampledRecords};
    use crate::model::coverage::StreamId;
    use crate::model::decision::Verdict;
    use crate::model::noticed::Noticed;
    use crate::model::{Duration, Place, Timestamp};

    fn with(first: Timestamp, last: Timestamp) -> World {
        let place = |record| Place { record, ..Place::default() };
        let found = Noticed { count: 3, first: (first, place(3)), last: (last, place(9)) };
        let records = SampledRecords { rate: 100.0, found };
        let world = World::ready();
        let class = world.id("w");
        let sampled = Sampled { stream: StreamId(0), class: Some(class), records };
        world.facts(|facts| facts.samples.push(sampled))
    }

    #[test]
    fn a_sample_in_the_time_of_the_silence_fires() {
        let finding = with(h(60), h(61)).fires(&RULE);
        assert_eq!((finding.total, cited(&finding)), (3, vec![h(60)]));
        assert_eq!(
            finding.summary,
            "3 records of `w` in w are samples, of up to 100 records each: an old use may be among those that were dropped"
        );
        assert_eq!(with(h(60), h(61)).verdict(), Verdict::Inconclusive);
        World::ready().silent(&RULE);
    }

    #[test]
    fn silence_in_a_log_source_that_samples_the_class_is_no_silence() {
        // Samples of the class lie before its silence, and those of others in it.
        let of_others = |stream: u32, at: Timestamp| {
            with(h(-9), h(-9)).facts(|facts| {
                let place = Place { record: 11, ..Place::default() };
                let found = Noticed { count: 2, first: (at, place), last: (at, place) };
                let records = SampledRecords { rate: 10.0, found };
                facts.samples.push(Sampled { stream: StreamId(stream), class: None, records });
            })
        };
        let finding = of_others(0, h(48)).fires(&RULE);
        assert!(
            finding.summary.starts_with("2 records of others than `w`, whose records were samples"),
            "{}",
            finding.summary
        );
        // Boundary: at the start of the silence, and a microsecond before it.
        of_others(0, h(48) - Duration(1)).silent(&RULE);
        of_others(1, h(48)).silent(&RULE);
        let unsampled = of_others(0, h(48)).facts(|facts| {
            facts.samples.remove(0);
        });
        unsampled.silent(&RULE);
    }

    #[test]
    fn it_must_lie_between_the_start_of_the_silence_and_the_instant_of_the_report() {
        // Boundary: at the start of the silence, and a microsecond before it.
        with(h(-200), h(48)).fires(&RULE);
        with(h(-200), h(48) - Duration(1)).silent(&RULE);
        with(h(96), h(97)).fires(&RULE);
        with(h(96) + Duration(1), h(97)).silent(&RULE);
    }
}
