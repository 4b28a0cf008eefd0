/*! `overloaded-credential`: one credential serves too many kinds of consumers for one rotation. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::PathKind;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::wording::{count, list};
use std::collections::BTreeSet;

/// More direct classes than this are too many for one credential.
const CLASSES_MAX: usize = 4;

/// Direct classes on more path groups have little in common.
const PATHS_MAX: usize = 2;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("overloaded-credential"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let direct: Vec<&ClassCase> = case.judged().collect();
    let paths: BTreeSet<PathKind> = direct.iter().map(|class| class.consumer.path).collect();
    if direct.len() <= CLASSES_MAX && paths.len() <= PATHS_MAX {
        return Vec::new();
    }
    let names: Vec<&str> = direct.iter().map(|class| class.name()).collect();
    let groups: Vec<&str> = paths.iter().map(|path| path.word()).collect();
    let claim = Claim {
        summary: format!(
            "one credential serves {} on {} ({}): {}",
            count(direct.len() as u64, "direct consumer"),
            count(paths.len() as u64, "path group"),
            list(&groups),
            list(&names),
        ),
        remedy: "give consumers that move in different ways credentials of their own, so that the next rotation is smaller"
            .to_owned(),
        cites: Cites::plan(case.plan.place(direct[0].consumer.site)),
    };
    vec![Finding { total: direct.len() as u64, ..rule.finding(None, claim) }]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::World;
    use crate::model::PathKind;
    use crate::model::decision::Verdict;

    /// This many direct classes, each of which is ready.
    fn classes(n: usize) -> World {
        (0..n).fold(World::new(), |world, n| {
            let name = format!("w{n}");
            world.class(&name).steady(&name, &format!("i{n}"))
        })
    }

    #[test]
    fn five_classes_are_too_many() {
        let finding = classes(5).fires(&RULE);
        assert_eq!(
            finding.summary,
            "one credential serves 5 direct consumers on 1 path group (primary): w0, w1, w2, w3 and w4"
        );
        assert_eq!(finding.cites.plan_site(), Some("holdover.toml:20:1"));
        assert_eq!(classes(5).verdict(), Verdict::Ready);
        // Boundary: five consumers, and four.
        classes(4).silent(&RULE);
        classes(5).consumer("w4", |c| c.disabled = true).silent(&RULE);
        classes(5).indirect("w4").silent(&RULE);
    }

    #[test]
    fn three_path_groups_are_too_many() {
        let paths = |last| {
            classes(3)
                .consumer("w1", |c| c.path = PathKind::Background)
                .consumer("w2", |c| c.path = last)
        };
        paths(PathKind::Exception).fires(&RULE);
        paths(PathKind::Background).silent(&RULE);
    }
}
