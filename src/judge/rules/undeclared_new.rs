/*! `undeclared-new`: a consumer that is not in the plan uses the new version. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::report_parts::match_line;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::reads::UndeclaredNew;
use crate::wording::{span, times};

/// At most this many consumers have a finding of their own.
const GROUPS_MAX: usize = 20;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("undeclared-new"),
    severity: Severity::Advises,
    waivable: Waivable::ByMatch,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.facts.undeclared_new.iter().take(GROUPS_MAX).map(|group| {
        let finding = rule.finding(None, claim(group));
        Finding { total: group.events, hints: group.hints.clone(), ..finding }
    });
    findings.collect()
}

fn claim(group: &UndeclaredNew) -> Claim {
    let line = match_line(&group.hints);
    Claim {
        summary: format!(
            "a consumer that is not in the plan used the new version {}, {}: {line}",
            times(group.events),
            span(group.first.earliest(), group.last.latest()),
        ),
        remedy: if group.hints.is_empty() {
            "find out from the cited records who this is".to_owned()
        } else {
            format!(
                "declare it as a consumer with `match = [{line}]`: it may also have used the old version"
            )
        },
        cites: Cites::rows(group.first, [group.last]),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h};
    use crate::model::decision::Verdict;
    use crate::model::reads::UndeclaredNew;

    fn used(names: usize) -> World {
        (0..names).fold(World::ready(), |mut world, n| {
            let (first, last) = (world.cite(h(10)), world.cite(h(20)));
            let hints = vec![("service_name", format!("svc-{n}").into())];
            let group = UndeclaredNew { hints, events: 3, first, last };
            world.facts(|facts| facts.undeclared_new.push(group))
        })
    }

    #[test]
    fn it_names_the_hints_and_advises() {
        let finding = used(1).fires(&RULE);
        assert_eq!(
            finding.summary,
            "a consumer that is not in the plan used the new version 3 times, from 2026-03-02T19:00:00Z to 2026-03-03T05:00:00Z: { service_name = \"svc-0\" }"
        );
        assert_eq!((finding.class, finding.total, cited(&finding)), (None, 3, vec![h(10), h(20)]));
        assert_eq!(used(1).verdict(), Verdict::Ready);
        // Boundary: no consumer, and past twenty no further one has a finding.
        World::ready().silent(&RULE);
        assert_eq!(used(21).findings_of(&RULE).len(), 20);
    }
}
