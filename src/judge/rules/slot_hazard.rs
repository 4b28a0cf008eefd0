/*! `slot-hazard`: a credential that nobody knew before the change is in use. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::model::MarkerShown;
use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Severity, Waivable};
use crate::wording::count;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("slot-hazard"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.classes.iter().filter_map(|class| {
        let rows = keep(&class.rows, |row| {
            row.shown == MarkerShown::Novel && activity::lies_in(row, class.times.window)
        });
        let finding = rule.finding(Some(class.id), claim(class, &rows)?);
        Some(Finding { total: activity::count(&rows), ..finding })
    });
    findings.collect()
}

fn claim(class: &ClassCase, rows: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    let n = activity::count(rows);
    Some(Claim {
        summary: format!(
            "{} of `{name}` in the window {} a credential that is not in the plan and was not seen before the change, {}{}",
            count(n, "record"),
            if n == 1 { "shows" } else { "show" },
            phrases::between(rows),
            phrases::on(rows),
        ),
        remedy: format!(
            "find out what `{name}` uses: a third version, the wrong slot, or a mistyped value; add its marker to the plan \
             if it belongs to this credential"
        ),
        cites: phrases::cites(rows)?,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, row};
    use crate::model::{Duration, Kind, Timestamp};

    #[test]
    fn a_marker_that_nobody_knew_before_advises() {
        let at = |at: Timestamp| World::ready().put(row("w").on("i1").novel().at(at));
        let finding = at(h(60)).fires(&RULE);
        assert_eq!(
            finding.summary,
            "1 record of `w` in the window shows a credential that is not in the plan and was not seen before the change, at 2026-03-04T21:00:00Z on i1"
        );
        assert_eq!(cited(&finding), [h(60)]);
        // Boundary: at both ends of the window, and a microsecond outside.
        at(h(48)).fires(&RULE);
        at(h(48) - Duration(1)).silent(&RULE);
        at(h(96)).fires(&RULE);
        at(h(96) + Duration(1)).silent(&RULE);
    }

    #[test]
    fn records_that_name_it_count_and_those_of_a_known_credential_do_not() {
        World::ready().put(row("w").novel().kind(Kind::Declare).at(h(60))).fires(&RULE);
        World::ready().put(row("w").foreign().at(h(60))).silent(&RULE);
        World::ready().put(row("w").unversioned().at(h(60))).silent(&RULE);
    }
}
