/*! The smallest missing proof: the shortest list of actions after which nothing keeps the verdict from ready. */

use std::collections::BTreeMap;

use super::case::Case;
use crate::model::ClassId;
use crate::model::finding::Finding;
use crate::model::ledger::SilenceState;
use crate::model::next::{Action, MissingProof};

/// What settles the findings of each rule that blocks or withholds. A class that is silent is asked in `action`.
pub(super) const SETTLED_BY: &[(&str, Action)] = &[
    ("old-use-in-window", Action::Wait),
    ("undeclared-consumer", Action::DeclareClass),
    ("immediate-failure", Action::RunOnce),
    ("delayed-failure", Action::RunOnce),
    ("split-brain", Action::MoveToNew),
    ("version-flap", Action::MoveToNew),
    ("fallback-degradation", Action::RunOnce),
    ("permission-loss", Action::RunOnce),
    ("exception-path-failure", Action::RunOnce),
    ("boundary-job-failure", Action::RunOnce),
    ("wrong-place", Action::RunOnce),
    ("layer-contradiction", Action::MoveToNew),
    ("old-use-after-revocation", Action::MoveToNew),
    ("silent-consumer", Action::RunOnce),
    ("window-too-short", Action::Wait),
    ("coverage-hole", Action::FetchLog),
    ("unversioned-evidence", Action::FetchLog),
    ("old-never-seen", Action::FetchLog),
    ("undeclared-baseline", Action::DeclareClass),
    ("rejected-records", Action::FetchLog),
    ("unmapped-marker", Action::FillIn),
    ("damaged-input", Action::FetchLog),
    ("ambiguous-attribution", Action::FillIn),
    ("exception-path-untested", Action::RunOnce),
    ("fallback-unconfirmed", Action::RunOnce),
    ("stale-runtime", Action::MoveToNew),
    ("activity-collapse", Action::FetchLog),
    ("quality-drop", Action::RunOnce),
    ("failure-rise", Action::RunOnce),
    ("unseen-instances", Action::RunOnce),
    ("open-backlog", Action::RunOnce),
    ("retry-untested", Action::RunOnce),
    ("incomplete-plan", Action::FillIn),
    ("first-cycle-unseen", Action::RunOnce),
    ("no-evidence", Action::FetchLog),
];

/// One action for each class and kind; what one settles by the way needs none of its own.
pub(super) fn missing(case: &Case, findings: &[Finding]) -> Vec<MissingProof> {
    let mut all = Settles::new();
    for (position, finding) in findings.iter().enumerate() {
        if finding.is_open() {
            all.entry((finding.class, action(case, finding))).or_default().push(position);
        }
    }
    merge(&mut all);
    let mut list: Vec<MissingProof> = all
        .into_iter()
        .map(|((class, action), settles)| MissingProof {
            action,
            class,
            detail: detail(findings, class, &settles),
            settles,
        })
        .collect();
    list.sort_by_key(|one| (one.action, one.class));
    list
}

type Settles = BTreeMap<(Option<ClassId>, Action), Vec<usize>>;

/// Who moves to the new version runs on it; and when all have moved, no two truths are left.
fn merge(all: &mut Settles) {
    let moved = |((class, action), _): (&(Option<ClassId>, Action), &Vec<usize>)| {
        (*action == Action::MoveToNew).then_some(*class)
    };
    let movers: Vec<Option<ClassId>> = all.iter().filter_map(moved).collect();
    let shared = if movers.iter().any(Option::is_some) {
        all.remove(&(None, Action::MoveToNew)).unwrap_or_default()
    } else {
        Vec::new()
    };
    for class in movers.into_iter().flatten().map(Some) {
        let runs = all.remove(&(class, Action::RunOnce)).unwrap_or_default();
        let own = all.entry((class, Action::MoveToNew)).or_default();
        own.extend(runs.into_iter().chain(shared.iter().copied()));
        own.sort_unstable();
    }
}

fn action(case: &Case, finding: &Finding) -> Action {
    let usual =
        SETTLED_BY.iter().find(|(rule, _)| *rule == finding.rule).map(|(_, action)| *action);
    let class = finding.class.map(|id| case.class(id));
    match (finding.rule, class) {
        ("silent-consumer", Some(class)) => match class.silence.state {
            Some(SilenceState::Active) => Action::MoveToNew,
            Some(SilenceState::NeverSeen | SilenceState::Unobservable) => Action::FetchLog,
            Some(SilenceState::NotDue | SilenceState::Overdue | SilenceState::Silent) | None => {
                Action::RunOnce
            }
        },
        // Where nothing new was seen since, time brings more of the same.
        ("old-use-in-window", Some(class)) if class.fresh.is_none() || class.consumer.disabled => {
            Action::MoveToNew
        }
        ("window-too-short", Some(class)) if class.silence.elapsed >= class.silence.needed => {
            Action::FillIn
        }
        _ => usual.unwrap_or(Action::FillIn),
    }
}

/// What the findings advise, each advice once.
fn detail(findings: &[Finding], class: Option<ClassId>, settles: &[usize]) -> String {
    let mut said: Vec<&str> = Vec::new();
    let own = settles.iter().map(|position| &findings[*position]).filter(|one| one.class == class);
    for remedy in own.map(|finding| finding.remedy.as_str()) {
        if !said.contains(&remedy) {
            said.push(remedy);
        }
    }
    said.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::RULES;
    use crate::model::finding::Severity;

    #[test]
    fn each_rule_that_keeps_a_verdict_from_ready_can_be_settled() {
        let mut known: Vec<&str> = SETTLED_BY.iter().map(|(rule, _)| *rule).collect();
        let asked = RULES.iter().filter(|rule| rule.severity() != Severity::Advises);
        let mut asked: Vec<&str> = asked.map(|rule| rule.code()).collect();
        asked.sort_unstable();
        known.sort_unstable();
        assert_eq!(known, asked);
    }
}
