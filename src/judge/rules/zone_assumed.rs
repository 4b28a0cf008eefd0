/*! `zone-assumed`: times without a zone were read as UTC, and may be hours off. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::facts::Zoneless;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::wording::count;

pub(crate) static RULE: Rule = Rule {
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
    let findings = case.facts.zoneless.iter().map(|zoneless| {
        let finding = rule.finding(None, claim(case, zoneless));
        Finding { total: zoneless.records, ..finding }
    });
    findings.collect()
}

fn claim(case: &Case, zoneless: &Zoneless) -> Claim {
    let stream = case.stream_names(&[zoneless.stream]).concat();
    Claim {
        summary: format!(
            "{} of `{stream}` {} no time zone and {} read as UTC",
            count(zoneless.records, "record"),
            if zoneless.records == 1 { "names" } else { "name" },
            if zoneless.records == 1 { "is" } else { "are" },
        ),
        remedy: "set `timezone` in its `[[source]]`: in another zone than UTC, an old use may lie in the window, or a success before \
                 the change"
            .to_owned(),
        cites: Cites::rows(zoneless.first, [zoneless.last]),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h};
    use crate::model::coverage::StreamId;
    use crate::model::decision::Verdict;
    use crate::model::facts::Zoneless;

    fn zoneless(records: u64) -> World {
        let mut world = World::ready();
        let (first, last) = (world.cite(h(10)), world.cite(h(20)));
        world.facts(|facts| {
            facts.zoneless.push(Zoneless { stream: StreamId(0), records, first, last });
        })
    }

    #[test]
    fn it_counts_them_and_advises() {
        let finding = zoneless(3).fires(&RULE);
        assert_eq!(finding.summary, "3 records of `w` name no time zone and are read as UTC");
        assert_eq!((cited(&finding), finding.total), (vec![h(10), h(20)], 3));
        assert_eq!(
            zoneless(1).fires(&RULE).summary,
            "1 record of `w` names no time zone and is read as UTC"
        );
        assert_eq!(zoneless(3).verdict(), Verdict::Ready);
        // Boundary: one record, and none.
        World::ready().silent(&RULE);
    }
}
