/*! `undeclared-consumer`: a consumer that is not in the plan has used the old version since the change. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::report_parts::match_line;
use crate::wording::{count, length_up, span, times};

use crate::model::facts::Undeclared;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::{Action, Item};
use crate::model::{At, Duration};

/// At most this many consumers have a finding of their own. One more finding counts the rest.
const GROUPS_MAX: usize = 200;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("undeclared-consumer"),
    severity: Severity::Blocks,
    waivable: Waivable::ByMatchOnly,
    settled_by: SettledBy::Action(Action::DeclareClass),
    passes: Passes::Never,
    answers: &[Item::NoOldUseInWindow],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let since_change: Vec<&Undeclared> =
        case.facts.undeclared.iter().filter(|group| group.since > 0).collect();
    let (named, rest) = since_change.split_at(since_change.len().min(GROUPS_MAX));
    let named = named.iter().filter_map(|group| {
        let finding = rule.finding(None, claim(case, group)?);
        let severity = case.severity_of(finding.severity, group.last?.latest());
        Some(Finding { total: group.since, hints: group.hints.clone(), severity, ..finding })
    });
    let rest = rest_claim(case, rest).map(|claim| {
        let total = rest.iter().map(|group| group.since).sum();
        let finding = rule.finding(None, claim);
        let last = rest.iter().filter_map(|group| group.last).map(At::latest).max();
        let severity = last.map_or(finding.severity, |at| case.severity_of(finding.severity, at));
        Finding { total, waivable: Waivable::Never, severity, ..finding }
    });
    named.chain(rest).collect()
}

/// The first and the last of its rows since the change.
fn ends(group: &Undeclared) -> Option<(At, At)> {
    Some((group.since_first.or(group.first)?, group.last?))
}

fn claim(case: &Case, group: &Undeclared) -> Option<Claim> {
    let (first, last) = ends(group)?;
    let before = group.events.saturating_sub(group.since);
    let line = match_line(&group.hints);
    Some(Claim {
        summary: format!(
            "a consumer that is not in the plan used the old version {} since the change at {}, {}: {line} ({}{}{})",
            times(group.since),
            case.introduced,
            span(first.earliest(), last.latest()),
            activity(group),
            cadence(group),
            if before > 0 {
                format!(", and {} before the change", times(before))
            } else {
                String::new()
            },
        ),
        remedy: remedy(group, &line),
        cites: Cites::rows(first, [last]),
    })
}

fn activity(group: &Undeclared) -> String {
    let hours = format!("seen in {}", count(group.hours, "hour"));
    if group.instances == 0 {
        return hours;
    }
    format!("{hours} on {}", count(group.instances, "instance"))
}

fn cadence(group: &Undeclared) -> String {
    let every = |gap: Duration| format!(", longest pause about {}", length_up(gap));
    group.cadence.map_or_else(String::new, every)
}

fn remedy(group: &Undeclared, line: &str) -> String {
    if group.hints.is_empty() {
        return "find out from the cited records who this is, and map a field that shows it"
            .to_owned();
    }
    format!(
        "find its owner and declare it as a consumer with `match = [{line}]`, or add that table to the consumer it \
         belongs to"
    )
}

/// One finding for all consumers past the limit.
fn rest_claim(case: &Case, rest: &[&Undeclared]) -> Option<Claim> {
    let mut cited = rest.iter().filter_map(|group| ends(group)).map(|(first, _)| first);
    let groups = rest.len() as u64;
    let uses: u64 = rest.iter().map(|group| group.since).sum();
    Some(Claim {
        summary: format!(
            "{} that are not in the plan used the old version since the change at {}, {} in all",
            count(groups, "more consumer"),
            case.introduced,
            times(uses),
        ),
        remedy:
            "declare the consumers that the other findings name; the report's list of undeclared \
                 consumers has the rest"
                .to_owned(),
        cites: Cites::rows(cited.next()?, cited),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::decide;
    use crate::judge::tests::{World, cited, h, hours};
    use crate::model::decision::Verdict;
    use crate::model::{Duration, NonEmpty};
    use crate::plan::{MatchKey, MatchTable, Pattern, Site, Waiver};

    #[test]
    fn it_names_the_hints_and_the_line_to_paste() {
        let world = World::ready().undeclared("cron", &[h(-30), h(2), h(20)]);
        let world = world.facts(|facts| facts.undeclared[0].cadence = Some(hours(18)));
        let finding = world.fires(&RULE);
        assert_eq!(finding.class, None);
        assert_eq!(cited(&finding), [h(2), h(20)]);
        assert_eq!(
            finding.summary,
            "a consumer that is not in the plan used the old version twice since the change at 2026-03-02T09:00:00Z, from 2026-03-02T11:00:00Z to 2026-03-03T05:00:00Z: { service_name = \"cron\" } (seen in 3 hours on 1 instance, longest pause about 18 h, and once before the change)"
        );
        assert!(
            finding.remedy.contains("match = [{ service_name = \"cron\" }]"),
            "{}",
            finding.remedy
        );
        assert_eq!((finding.total, finding.hints.len()), (2, 1));
    }

    #[test]
    fn it_fires_at_the_change_and_at_any_age() {
        // Boundary: at the change, and a microsecond before it.
        World::ready().undeclared("cron", &[h(0)]).fires(&RULE);
        World::ready().undeclared("cron", &[h(0) - Duration(1)]).silent(&RULE);
        World::ready().silent(&RULE);
    }

    #[test]
    fn past_two_hundred_one_more_finding_counts_the_rest() {
        let world = (0..203).fold(World::ready(), |world, n| {
            world.undeclared(&format!("svc-{n}"), &[h(1 + n % 90), h(91)])
        });
        let findings = world.findings_of(&RULE);
        assert_eq!(findings.len(), 201);
        assert_eq!(
            (
                findings[200].total,
                findings[200].waivable.is_waivable(),
                cited(&findings[200]).len()
            ),
            (6, false, 3)
        );
        assert_eq!(
            findings[200].summary,
            "3 more consumers that are not in the plan used the old version since the change at 2026-03-02T09:00:00Z, 6 times in all"
        );
        assert_eq!(
            (0..200)
                .fold(World::ready(), |w, n| w.undeclared(&n.to_string(), &[h(9)]))
                .findings_of(&RULE)
                .len(),
            200
        );
    }

    #[test]
    fn only_a_waiver_that_names_it_covers_it() {
        let world = World::ready().undeclared("canary", &[h(9)]);
        let key = MatchKey::Column(crate::model::columns::Column::ServiceName);
        let table = |name: &str| {
            let entries = NonEmpty::of((key.clone(), vec![Pattern::Literal(name.to_owned())]));
            vec![MatchTable { entries }]
        };
        let waived = |matches| {
            let waiver = Waiver {
                rule: RULE.code.word().to_owned(),
                class: None,
                matches,
                owner: "security".to_owned(),
                until: h(200),
                reason: "a scanner".to_owned(),
                site: Site::default(),
            };
            let world = world.clone().plan(|plan| plan.waivers.push(waiver));
            decide(&world.plan, &world.finished()).verdict
        };
        assert_eq!(waived(table("canary")), Verdict::Ready);
        assert_eq!(waived(table("cron")), Verdict::NotReady);
        assert_eq!(waived(Vec::new()), Verdict::NotReady);
    }
}
