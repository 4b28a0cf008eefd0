/*! `duplicate-records`: several exports hold the same records. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::wording::{count, list};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("duplicate-records"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let inputs: Vec<_> =
        case.facts.inputs.iter().filter(|input| input.tally.duplicate > 0).collect();
    if inputs.is_empty() {
        return Vec::new();
    }
    let n: u64 = inputs.iter().map(|input| input.tally.duplicate).sum();
    let of = inputs.iter().map(|input| input.tally.records).sum();
    let paths: Vec<String> = inputs.iter().map(|input| input.path.clone()).collect();
    let claim = Claim {
        summary: format!(
            "{} of {} {} also in another export, and {} counted once",
            count(n, "record"),
            list(&paths),
            if n == 1 { "is" } else { "are" },
            if n == 1 { "is" } else { "are" },
        ),
        remedy: "leave out one of the exports, so that the sums are easier to check".to_owned(),
        cites: Cites::silence(paths),
    };
    let numbers = Numbers { n, of, p: None };
    vec![Finding { total: n, numbers: Some(numbers), ..rule.finding(None, claim) }]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::World;
    use crate::model::decision::Verdict;

    fn twice(duplicate: u64) -> World {
        World::ready().facts(|facts| {
            (facts.inputs[0].tally.duplicate, facts.inputs[0].tally.records) = (duplicate, 9);
        })
    }

    #[test]
    fn records_that_were_delivered_twice_advise() {
        let finding = twice(3).fires(&RULE);
        assert_eq!(
            finding.summary,
            "3 records of app.log are also in another export, and are counted once"
        );
        assert_eq!(finding.cites.searched(), ["app.log"]);
        assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((3, 9)));
        assert_eq!(twice(3).verdict(), Verdict::Ready);
        // Boundary: one record, and none.
        twice(1).fires(&RULE);
        twice(0).silent(&RULE);
    }
}
