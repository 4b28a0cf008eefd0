/*! `undeclared-baseline`: a consumer that is not in the plan used the old version before the change, and has not been seen since. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::report_parts::match_line;
use crate::wording::{span, times};

use crate::model::facts::Undeclared;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
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
    let gone_quiet = case.facts.undeclared.iter().filter(|one| one.since == 0);
    let findings = gone_quiet.filter_map(|one| {
        let found = rule.finding(None, claim(one)?);
        Some(Finding { total: one.events, hints: one.hints.clone(), ..found })
    });
    findings.collect()
}

fn claim(one: &Undeclared) -> Option<Claim> {
    let (first, last) = (one.first?, one.last?);
    let line = match_line(one);
    Some(Claim {
        summary: format!(
            "a consumer that is not in the plan used the old version {} before the change, {}, and not since: {line}",
            times(one.events),
            span(first.earliest(), last.latest()),
        ),
        remedy: if one.hints.is_empty() {
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
    fn use_since_the_change_is_another_rule() {
        World::ready().undeclared("cron", &[h(-30), h(0)]).silent(&RULE);
        World::ready().undeclared("cron", &[h(-30), h(0) - Duration(1)]).fires(&RULE);
        World::ready().silent(&RULE);
    }
}
