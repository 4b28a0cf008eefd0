/*! `partial-export`: an export says itself that it does not hold everything. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::finding::{Cite, Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::model::partial::{Partial, PartialKind};
use crate::model::{ClassId, Duration, Place, Span, Timestamp};
use crate::wording::{count, list};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("partial-export"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FetchLog),
    passes: Passes::Never,
    answers: &[],
    blinds: true,
    fire,
};

/// A finding for each consumer whose log sources lack records. What is in none of these is said of the rotation.
fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let needs = case.classes.iter().map(|class| class.silence.needed);
    let longest = needs.max().unwrap_or(case.plan.rotation.window);
    let is_owned =
        |partial: &Partial| case.classes.iter().any(|class| class.shares(&partial.streams));
    let unowned = claims(case, longest, |partial| !is_owned(partial));
    let rotation = unowned.into_iter().map(|claim| (None, claim));
    let classes = case.classes.iter().flat_map(|class| {
        let claims = claims(case, class.silence.needed, |partial| class.shares(&partial.streams));
        claims.into_iter().map(|claim| (Some(class.id), claim))
    });
    rotation.chain(classes).map(|(class, claim)| finding(rule, class, claim)).collect()
}

fn finding(rule: &Rule, class: Option<ClassId>, (claim, total): (Claim, u64)) -> Finding {
    Finding { total, ..rule.finding(class, claim) }
}

/// One claim for each kind of statement. A notice counts in the time for which the consumer must be silent; a page
/// lacks records of any time.
fn claims(case: &Case, need: Duration, concerns: impl Fn(&Partial) -> bool) -> Vec<(Claim, u64)> {
    let span = case.silent_span(need);
    let lies_in = |partial: &&Partial| match (partial.first.0, partial.last.0) {
        (Some(from), Some(to)) => Span { from, to }.intersect(span).is_some(),
        (_, _) => true,
    };
    let kinds = [PartialKind::MorePages, PartialKind::Limit, PartialKind::Lost];
    let of_kind = |kind: PartialKind| {
        let all = case.facts.partials.iter().filter(|partial| partial.kind == kind);
        let found: Vec<&Partial> =
            all.filter(|partial| concerns(partial)).filter(lies_in).collect();
        claim(case, kind, &found)
    };
    kinds.into_iter().filter_map(of_kind).collect()
}

/// What one kind of statement means, and what to do.
struct Said {
    summary: String,
    remedy: &'static str,
}

fn claim(case: &Case, kind: PartialKind, found: &[&Partial]) -> Option<(Claim, u64)> {
    let (first, rest) = found.split_first()?;
    let total: u64 = found.iter().map(|partial| partial.count).sum();
    let mut places: Vec<String> = match kind {
        PartialKind::Lost => {
            case.stream_names(&found.iter().flat_map(|one| one.streams.clone()).collect::<Vec<_>>())
        }
        PartialKind::MorePages | PartialKind::Limit => {
            let inputs =
                found.iter().filter_map(|one| case.facts.inputs.get(one.first.1.input.0 as usize));
            inputs.map(|input| input.path.clone()).collect()
        }
    };
    places.dedup();
    let names = list(&places);
    let says = match kind {
        PartialKind::MorePages => "says that more pages follow",
        PartialKind::Limit => "says that more records were found",
        PartialKind::Lost => "says that records were lost",
    };
    let cite = |(time, place): (Option<Timestamp>, Place)| Cite::Record {
        place,
        time,
        says: says.to_owned(),
    };
    let last = (first.last != first.first).then(|| cite(first.last));
    let rest = rest.iter().flat_map(|one| {
        let last = (one.last != one.first).then(|| cite(one.last));
        [Some(cite(one.first)), last].into_iter().flatten()
    });
    let said = match kind {
        PartialKind::MorePages => Said {
            summary: format!(
                "the last page of {} ({names}) says that more pages follow",
                count(total, "export")
            ),
            remedy: "fetch the pages that follow, or leave the export out if another holds all of its records",
        },
        PartialKind::Limit => Said {
            summary: format!(
                "{} ({names}) {} fewer records than {} found",
                count(total, "export"),
                if total == 1 { "holds" } else { "hold" },
                if total == 1 { "it says were" } else { "they say were" }
            ),
            remedy: "export again with a higher limit, or in shorter spans of time",
        },
        PartialKind::Lost => Said {
            summary: format!(
                "{} of {names} {} that others were suppressed, dropped or lost",
                count(total, "record"),
                if total == 1 { "says" } else { "say" }
            ),
            remedy: "fetch these times from a log that lost nothing, or lift the limit and wait until the window is free \
                     of it",
        },
    };
    let cites = Cites::records(cite(first.first), last.into_iter().chain(rest));
    Some((Claim { summary: said.summary, remedy: said.remedy.to_owned(), cites }, total))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h};
    use crate::model::coverage::StreamId;
    use crate::model::decision::Verdict;
    use crate::model::partial::{Partial, PartialKind};
    use crate::model::{Duration, Place, Timestamp};

    fn with(
        kind: PartialKind,
        streams: Vec<StreamId>,
        at: Option<(Timestamp, Timestamp)>,
    ) -> World {
        let place = |record| Place { record, ..Place::default() };
        let first = (at.map(|(first, _)| first), place(3));
        let last = (at.map(|(_, last)| last), place(9));
        let partial = Partial { kind, streams, count: 2, first, last };
        World::ready().facts(|facts| facts.partials.push(partial))
    }

    #[test]
    fn notices_of_lost_records_count_in_the_time_of_the_silence() {
        let lost = |from, to| with(PartialKind::Lost, vec![StreamId(0)], Some((from, to)));
        let finding = lost(h(60), h(61)).fires(&RULE);
        assert_eq!(cited(&finding), [h(60), h(61)]);
        assert_eq!(
            finding.summary,
            "2 records of w say that others were suppressed, dropped or lost"
        );
        assert_eq!(lost(h(60), h(61)).verdict(), Verdict::Inconclusive);
        // Boundary: at the start of the silence, and a microsecond before it.
        lost(h(-200), h(48)).fires(&RULE);
        lost(h(-200), h(48) - Duration(1)).silent(&RULE);
        lost(h(96), h(97)).fires(&RULE);
        lost(h(97), h(97)).silent(&RULE);
    }

    #[test]
    fn a_page_that_others_follow_counts_whatever_its_time() {
        let finding = with(PartialKind::MorePages, vec![StreamId(0)], None).fires(&RULE);
        assert_eq!(
            finding.summary,
            "the last page of 2 exports (app.log) says that more pages follow"
        );
        assert!(finding.class.is_some());
        with(PartialKind::Limit, vec![StreamId(0)], None).fires(&RULE);
        World::ready().silent(&RULE);
    }

    #[test]
    fn what_no_class_shares_is_said_of_the_rotation() {
        let finding = with(PartialKind::MorePages, vec![], None).fires(&RULE);
        assert_eq!(finding.class, None);
    }
}
