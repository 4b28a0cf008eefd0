/*! `undeclared-baseline`: a consumer that is not in the plan used the old version before the change, and not since. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::report_parts::match_line;
use crate::wording::{span, times};

use crate::model::facts::Undeclared;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("undeclared-baseline"),
    severity: Severity::Withholds,
    waivable: Waivable::ByMatch,
    settled_by: SettledBy::Action(Action::DeclareClass),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let before = case.facts.undeclared.iter().filter(|group| group.since == 0);
    let findings = before.filter_map(|group| {
        let finding = rule.finding(None, claim(group)?);
        Some(Finding { total: group.events, hints: group.hints.clone(), ..finding })
    });
    findings.collect()
}

fn claim(group: &Undeclared) -> Option<Claim> {
    let (first, last) = (group.first?, group.last?);
    let line = match_line(&group.hints);
    Some(Claim {
        summary: format!(
            "a consumer that is not in the plan used the old version {} before the change, {}, and not since: {line}",
            times(group.events),
            span(first.earliest(), last.latest()),
        ),
        remedy: if group.hints.is_empty() {
            "find out from the cited records who this is, and map a field that shows it".to_owned()
        } else {
            format!(
                "declare a consumer with `match = [{line}]`, or waive it if it is known to be gone"
            )
        },
        cites: Cites::rows(first, [last]),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h};
    use crate::model::Duration;

    #[test]
    fn it_names_the_hints_and_cites_the_first_and_last() {
        let finding = World::ready().undeclared("cron", &[h(-30), h(-20), h(-10)]).fires(&RULE);
        assert_eq!(finding.class, None);
        assert_eq!(cited(&finding), [h(-30), h(-10)]);
        assert_eq!((finding.total, finding.hints.len()), (3, 1));
        assert!(
            finding.remedy.contains("match = [{ service_name = \"cron\" }]"),
            "{}",
            finding.remedy
        );
    }

    #[test]
    fn for_use_since_the_change_another_rule_fires() {
        // Boundary: at the change, and a microsecond before it.
        World::ready().undeclared("cron", &[h(-30), h(0)]).silent(&RULE);
        World::ready().undeclared("cron", &[h(-30), h(0) - Duration(1)]).fires(&RULE);
        World::ready().silent(&RULE);
    }
}
