/*! `zone-assumed`: times without a zone were read as UTC, and may lie hours beside. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::words::plural;
use crate::model::facts::Zoneless;
use crate::model::finding::{Cites, Finding, Severity};

/// The rule.
pub(super) struct ZoneAssumed;

impl Rule for ZoneAssumed {
    fn code(&self) -> &'static str {
        "zone-assumed"
    }

    fn severity(&self) -> Severity {
        Severity::Advises
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let all = case.facts.zoneless.iter();
        all.map(|one| Finding { total: one.records, ..finding(self, None, claim(case, one)) })
            .collect()
    }
}

fn claim(case: &Case, one: &Zoneless) -> Claim {
    let stream = case.stream_names(&[one.stream]).concat();
    Claim {
        summary: format!(
            "{} of `{stream}` {} no zone and {} read as UTC",
            plural(one.records, "record", "records"),
            if one.records == 1 { "names" } else { "name" },
            if one.records == 1 { "is" } else { "are" },
        ),
        remedy: "give its `[[source]]` a `timezone`; in another zone than UTC old use may lie in the window, or a \
                 success before the change"
            .to_owned(),
        cites: Cites::rows(one.first, [one.last]),
    }
}
