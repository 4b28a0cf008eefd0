/*! `unknown-truth-share`: many attempts show neither whose they are nor which version they used. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::share_test::share;
use crate::model::ClassBasis;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::wording::{count, number, percent};

/// A larger share of attempts than this is too much to know little about.
const SHARE_MAX: f64 = 0.05;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("unknown-truth-share"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let direct = case.classes.iter().filter(|class| class.is_direct);
    let tries: Vec<&Activity> = direct
        .flat_map(|class| {
            keep(&class.tries, |row| {
                let is_own = activity::is_of_plan(row) && !row.degraded;
                row.last.latest() >= case.introduced && is_own
            })
        })
        .collect();
    let unknown = keep(&tries, |row| !row.binding.proves() || row.basis != ClassBasis::Matched);
    let old = &case.facts.undeclared;
    let nobodys: u64 = old.iter().map(|group| group.since).sum::<u64>()
        + case.facts.undeclared_new.iter().map(|group| group.events).sum::<u64>();
    let n = activity::count(&unknown) + nobodys;
    let of = activity::count(&tries) + nobodys;
    if share(n, of) <= SHARE_MAX {
        return Vec::new();
    }
    let claim = Claim {
        summary: format!(
            "{} of {} since the change ({}) {} no known version, or {} to no consumer or to several",
            number(n),
            count(of, "attempt"),
            percent(n, of),
            if n == 1 { "shows" } else { "show" },
            if n == 1 { "belongs" } else { "belong" },
        ),
        remedy: "log a marker with each call, declare the consumers that are missing, and make `match` tables disjoint"
            .to_owned(),
        cites: Cites::silence(case.searched_all())
            .and_rows(unknown.iter().flat_map(|row| [row.first, row.last])),
    };
    let numbers = Numbers { n, of, p: None };
    vec![Finding { total: n, numbers: Some(numbers), ..rule.finding(None, claim) }]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{RowBuilder, World, h, row};
    use crate::model::Duration;

    /// The 16 attempts of a ready class since the change, and these.
    fn with(count: u64, change: impl Fn(RowBuilder) -> RowBuilder) -> World {
        World::ready().put(change(row("w").aggregated().count(count).at(h(10))))
    }

    #[test]
    fn more_than_one_in_twenty_advises() {
        let finding = with(4, RowBuilder::unversioned).fires(&RULE);
        assert_eq!(
            finding.summary,
            "4 of 20 attempts since the change (20.0 %) show no known version, or belong to no consumer or to several"
        );
        assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((4, 20)));
        // Boundary: one attempt in 17, and one in twenty.
        with(1, RowBuilder::unversioned).fires(&RULE);
        with(1, RowBuilder::unversioned).put(row("w").aggregated().count(3).at(h(9))).silent(&RULE);
        World::ready().silent(&RULE);
    }

    #[test]
    fn shared_and_undeclared_attempts_count_and_other_credentials_do_not() {
        with(4, RowBuilder::ambiguous).fires(&RULE);
        with(4, RowBuilder::foreign).silent(&RULE);
        World::ready().undeclared("x", &[h(3)]).fires(&RULE);
        World::ready().undeclared("x", &[h(-3)]).silent(&RULE);
        with(4, |row| row.unversioned().at(h(0))).fires(&RULE);
        with(4, |row| row.unversioned().at(h(0) - Duration(1))).silent(&RULE);
    }

    #[test]
    fn work_through_a_fallback_uses_no_version() {
        with(4, |row| row.unversioned().degraded()).silent(&RULE);
    }

    #[test]
    fn an_indirect_class_shows_no_version_by_its_nature() {
        let ui = World::ready().class("ui").put(row("ui").unversioned().count(9).at(h(9)));
        ui.clone().indirect("ui").silent(&RULE);
        ui.fires(&RULE);
    }
}
