/*! `unowned-boundary`: consumers share the credential, and nobody answers for them. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::plan::is_unsaid;
use crate::wording::{count, list};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("unowned-boundary"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let unowned: Vec<&ClassCase> = case.classes.iter().filter(|class| is_unowned(class)).collect();
    let Some(first) = unowned.first() else { return Vec::new() };
    let names: Vec<&str> = unowned.iter().map(|class| class.name()).collect();
    let is_one = unowned.len() == 1;
    let claim = Claim {
        summary: format!(
            "{} that {} on this credential {} no owner: {}",
            count(unowned.len() as u64, "consumer"),
            if is_one { "depends" } else { "depend" },
            if is_one { "has" } else { "have" },
            list(&names),
        ),
        remedy: format!(
            "find out who answers for {}, and set `owner`: what nobody owns is found when it breaks",
            list(&names)
        ),
        cites: Cites::plan(case.plan.place(first.consumer.site)),
    };
    vec![Finding { total: unowned.len() as u64, ..rule.finding(None, claim) }]
}

/// A direct class without an owner counts too; that it also keeps the verdict from ready is said elsewhere.
fn is_unowned(class: &ClassCase) -> bool {
    is_unsaid(class.consumer.owner.as_deref())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, h, row};
    use crate::model::Use;
    use crate::model::decision::Verdict;

    #[test]
    fn a_class_without_an_owner_advises_also_where_it_needs_none() {
        let ui = || World::ready().class("ui").put(row("ui").unversioned().at(h(-9)));
        let unowned = ui().consumer("ui", |c| (c.usage, c.owner) = (Use::Indirect, None));
        let finding = unowned.fires(&RULE);
        assert_eq!(finding.summary, "1 consumer that depends on this credential has no owner: ui");
        assert_eq!((finding.class, finding.total), (None, 1));
        assert_eq!(finding.cites.plan_site(), Some("holdover.toml:20:1"));
        assert_eq!(unowned.verdict(), Verdict::Ready);
        let both = unowned.consumer("w", |c| c.owner = Some(" ".to_owned())).fires(&RULE);
        assert_eq!(
            both.summary,
            "2 consumers that depend on this credential have no owner: w and ui"
        );
        // Boundary: one consumer without an owner, and none.
        World::ready().silent(&RULE);
    }
}
