/*! `ambiguous-attribution`: too many attempts match two consumers, or the only proof does. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::share_test::share;
use crate::model::ClassBasis;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::Action;
use crate::wording::{count, number, percent};

/// The largest share of ambiguous attempts that a class may have.
const SHARE_MAX: f64 = 0.05;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("ambiguous-attribution"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FillIn),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let asked = case.classes.iter().filter(|class| !class.consumer.disabled);
    let findings = asked.filter_map(|class| {
        let tries = class.in_window();
        let shared = keep(&tries, |row| row.basis == ClassBasis::Ambiguous);
        let numbers = Numbers { n: activity::count(&shared), of: activity::count(&tries), p: None };
        let is_unproven = class.is_judged() && class.fresh.is_none();
        if numbers.n == 0 || !(share(numbers.n, numbers.of) > SHARE_MAX || is_unproven) {
            return None;
        }
        let finding = rule.finding(Some(class.id), claim(class, &shared, numbers)?);
        Some(Finding { total: numbers.n, numbers: Some(numbers), ..finding })
    });
    findings.collect()
}

fn claim(class: &ClassCase, shared: &[&Activity], numbers: Numbers) -> Option<Claim> {
    let Numbers { n, of, .. } = numbers;
    let name = class.name();
    let first = activity::earliest(shared)?.first;
    let proof = if class.is_judged() && class.fresh.is_none() {
        ", and no success that matches it alone proves the move"
    } else {
        ""
    };
    Some(Claim {
        summary: format!(
            "{} of {} of `{name}` in the window ({}) also {} another consumer{proof}",
            number(n),
            count(of, "attempt"),
            percent(n, of),
            if n == 1 { "matches" } else { "match" },
        ),
        remedy: format!("narrow `match` so that each record of `{name}` fits one consumer only"),
        cites: Cites::rows(first, shared.iter().flat_map(|row| [row.first, row.last])),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, row};

    /// The eight attempts of the window, this many more, and an ambiguous one.
    fn one_ambiguous_among(more: u64) -> World {
        let world = World::ready().put(row("w").on("i1").aggregated().count(more).at(h(70)));
        world.put(row("w").on("i1").ambiguous().at(h(71)))
    }

    #[test]
    fn one_in_twenty_may_be_ambiguous() {
        // Boundary: one attempt in twenty, and one in nineteen.
        one_ambiguous_among(11).silent(&RULE);
        let finding = one_ambiguous_among(10).fires(&RULE);
        assert_eq!(cited(&finding), [h(71)]);
        assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((1, 19)));
    }

    #[test]
    fn the_only_proof_may_not_be_ambiguous() {
        let world = World::new().class("w").old("w", "i1", h(-9));
        let world = world.put(row("w").degraded().aggregated().count(1000).at(h(70)));
        world.clone().silent(&RULE);
        let finding = world.put(row("w").ambiguous().at(h(71))).fires(&RULE);
        assert!(
            finding.summary.ends_with("no success that matches it alone proves the move"),
            "{}",
            finding.summary
        );
    }

    #[test]
    fn only_the_window_counts() {
        World::ready().put(row("w").ambiguous().at(h(48))).fires(&RULE);
        World::ready().put(row("w").ambiguous().at(h(47))).silent(&RULE);
    }
}
