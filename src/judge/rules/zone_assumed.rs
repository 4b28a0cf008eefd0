/*! `zone-assumed`: times without a zone were read as UTC, and may be hours off. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::facts::Zoneless;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::wording::count;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("zone-assumed"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let all = case.facts.zoneless.iter();
    all.map(|one| Finding { total: one.records, ..rule.finding(None, claim(case, one)) }).collect()
}

fn claim(case: &Case, one: &Zoneless) -> Claim {
    let stream = case.stream_names(&[one.stream]).concat();
    Claim {
        summary: format!(
            "{} of `{stream}` {} no time zone and {} read as UTC",
            count(one.records, "record"),
            if one.records == 1 { "names" } else { "name" },
            if one.records == 1 { "is" } else { "are" },
        ),
        remedy: "set `timezone` in its `[[source]]`: in another zone than UTC, an old use may lie in the window, or a success before \
                 the change"
            .to_owned(),
        cites: Cites::rows(one.first, [one.last]),
    }
}
