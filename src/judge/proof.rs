/*! The smallest missing proof: the shortest list of actions after which nothing keeps the verdict from ready. */

use std::collections::BTreeMap;

use super::case::Case;
use super::rules;
use crate::model::ClassId;
use crate::model::finding::Finding;
use crate::model::next::{Action, MissingProof};

/// One action for each class and kind, the worst first. A finding that another action resolves too adds no action.
pub(super) fn missing(case: &Case, findings: &[Finding]) -> Vec<MissingProof> {
    let mut by_action = ByAction::new();
    for (position, finding) in findings.iter().enumerate() {
        if finding.is_open() {
            let action = action(case, finding);
            by_action.entry((finding.class, action)).or_default().push(position);
        }
    }
    merge(&mut by_action);
    let mut list: Vec<MissingProof> = by_action
        .into_iter()
        .map(|((class, action), settles)| MissingProof {
            action,
            class,
            detail: detail(findings, class, &settles),
            settles,
        })
        .collect();
    // The worst first: in the order of the findings that they resolve.
    list.sort_by_key(|proof| proof.settles.first().copied());
    list
}

/// The positions of the findings that an action resolves, for a class or for the rotation.
type ByAction = BTreeMap<(Option<ClassId>, Action), Vec<usize>>;

fn action(case: &Case, finding: &Finding) -> Action {
    let class = finding.class.map(|id| case.class(id));
    let action = rules::of(finding.rule).action(class);
    action.expect("a rule that keeps a verdict from ready says what settles it")
}

/// A class that moves to the new version also runs on it. When all classes have moved, they are on one version, so
/// that nothing is left to do for the rotation.
fn merge(by_action: &mut ByAction) {
    let keys = by_action.keys().filter(|(_, action)| *action == Action::MoveToNew);
    let movers: Vec<Option<ClassId>> = keys.map(|(class, _)| *class).collect();
    let shared = if movers.iter().any(Option::is_some) {
        by_action.remove(&(None, Action::MoveToNew)).unwrap_or_default()
    } else {
        Vec::new()
    };
    for class in movers.into_iter().flatten().map(Some) {
        let runs = by_action.remove(&(class, Action::RunOnce)).unwrap_or_default();
        let settled = by_action.entry((class, Action::MoveToNew)).or_default();
        settled.extend(runs.into_iter().chain(shared.iter().copied()));
        settled.sort_unstable();
    }
}

/// What the findings of the class advise, each advice once.
fn detail(findings: &[Finding], class: Option<ClassId>, settles: &[usize]) -> String {
    let mut remedies: Vec<&str> = Vec::new();
    let settled = settles.iter().map(|position| &findings[*position]);
    for finding in settled.filter(|finding| finding.class == class) {
        if !remedies.contains(&finding.remedy.as_str()) {
            remedies.push(&finding.remedy);
        }
    }
    remedies.join("; ")
}

#[cfg(test)]
mod tests {
    use crate::judge::tests::{World, h};
    use crate::model::decision::Verdict;
    use crate::model::next::Action;

    /// Two classes, each of which lacks one thing.
    fn lacking(run: bool, owner: bool) -> World {
        let mut world = World::ready().class("v");
        for n in -56..0 {
            world = world.old("v", "j1", h(n * 6));
        }
        if run {
            for n in 0..16 {
                world = world.new_ok("v", "j1", h(n * 6 + 1));
            }
        }
        if owner { world } else { world.consumer("w", |c| c.owner = None) }
    }

    #[test]
    fn the_missing_proof_is_enough_and_no_part_of_it_can_be_left_out() {
        let decision = lacking(false, false).decide();
        let actions: Vec<(Action, Option<u16>)> = decision
            .missing
            .iter()
            .map(|proof| (proof.action, proof.class.map(|class| class.0)))
            .collect();
        assert_eq!(actions, [(Action::RunOnce, Some(1)), (Action::FillIn, Some(0))]);
        assert_eq!(lacking(true, true).verdict(), Verdict::Ready, "with both it is ready");
        assert_eq!(lacking(true, false).verdict(), Verdict::Inconclusive);
        assert_eq!(lacking(false, true).verdict(), Verdict::Inconclusive);
        assert_eq!(lacking(true, true).decide().missing, []);
    }
}
