/*! Who stands in the way, the most urgent first, with one fact and one instruction each: for readers of one screen. */

use std::collections::BTreeSet;

use super::activity::{self, count, keep};
use super::case::Case;
use super::class::ClassCase;
use super::rules::{
    delayed_failure, exception_path_failure, immediate_failure, incomplete_plan, permission_loss,
    refusal_rise, undeclared_consumer,
};
use super::summary::Results;
use crate::model::decision::Urgent;
use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Severity};
use crate::model::ledger::Truth;
use crate::model::{ClassId, Outcome, PathKind};
use crate::wording::{length, times};

/// Refused now, then the primary path on the old version, then consumers outside of the plan, then the other paths,
/// then those who were not seen to work, and last what the plan leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Refused,
    PrimaryOnOld,
    Undeclared,
    BackgroundOnOld,
    ExceptionOnOld,
    Blocked,
    Unproven,
    Unsaid,
}

/// All who stand in the way.
pub(super) fn of(case: &Case, results: &Results<'_>) -> Vec<Urgent> {
    let findings = || (0..).zip(results.findings).filter(|(_, finding)| counts(finding));
    let classes: BTreeSet<Option<ClassId>> = findings().map(|(_, finding)| finding.class).collect();
    let mut ranked: Vec<(Rank, usize, Urgent)> = Vec::new();
    for class in classes.into_iter().flatten() {
        let of_class = || findings().filter(|(_, finding)| finding.class == Some(class));
        let Some(chosen) = of_class().min_by_key(|(at, finding)| (order(finding), *at)) else {
            continue;
        };
        let class = case.class(class);
        let urgent = of_the_class(case, class, chosen);
        ranked.push((rank(class, chosen.1), chosen.0, urgent));
    }
    // A block of the rotation alone concerns consumers that are named above; what is missing stands for itself.
    for (position, finding) in findings().filter(|(_, finding)| finding.class.is_none()) {
        let is_undeclared = finding.rule == undeclared_consumer::RULE.code;
        if is_undeclared || finding.severity == Severity::Withholds || ranked.is_empty() {
            let rank = if is_undeclared { Rank::Undeclared } else { Rank::Unproven };
            ranked.push((rank, position, of_rotation(finding, position)));
        }
    }
    ranked.sort_by_key(|(rank, position, _)| (*rank, *position));
    ranked.into_iter().map(|(_, _, urgent)| urgent).collect()
}

/// Does it decide the verdict?
fn counts(finding: &Finding) -> bool {
    finding.waived.is_none() && finding.severity != Severity::Advises
}

fn is_refusal(code: Code) -> bool {
    [
        immediate_failure::RULE.code,
        refusal_rise::RULE.code,
        delayed_failure::RULE.code,
        permission_loss::RULE.code,
        exception_path_failure::RULE.code,
    ]
    .contains(&code)
}

/// Of the findings of a class, refusals come first, and what the plan leaves open last.
fn order(finding: &Finding) -> (bool, bool, bool) {
    let is_blocking = finding.severity == Severity::Blocks;
    (!is_refusal(finding.rule), !is_blocking, finding.rule == incomplete_plan::RULE.code)
}

fn rank(class: &ClassCase, finding: &Finding) -> Rank {
    let is_on_old = matches!(class.truth, Truth::Old | Truth::Mixed);
    match (finding.severity, class.consumer.path) {
        (Severity::Blocks, _) if is_refusal(finding.rule) => Rank::Refused,
        (Severity::Blocks, PathKind::Primary) if is_on_old => Rank::PrimaryOnOld,
        (Severity::Blocks, PathKind::Background) if is_on_old => Rank::BackgroundOnOld,
        (Severity::Blocks, PathKind::Exception) if is_on_old => Rank::ExceptionOnOld,
        (Severity::Blocks, _) => Rank::Blocked,
        (Severity::Withholds | Severity::Advises, _) => {
            if finding.rule == incomplete_plan::RULE.code { Rank::Unsaid } else { Rank::Unproven }
        }
    }
}

fn of_the_class(case: &Case, class: &ClassCase, (at, finding): (usize, &Finding)) -> Urgent {
    let recent = keep(&class.tries, |row| activity::lies_in(row, case.window));
    let old = count(&keep(&recent, activity::is_old_use));
    let refused =
        keep(&recent, |row| matches!(row.outcome, Outcome::AuthFailure | Outcome::Denied));
    let window = length(case.window.length());
    let ago = |row: Option<&Activity>| {
        row.map_or_else(String::new, |row| {
            format!(", last {} ago", length(case.as_of - row.last.latest()))
        })
    };
    let fact = if is_refusal(finding.rule) && !refused.is_empty() {
        let last = ago(activity::latest(&refused));
        format!("refused {} in the last {window}{last}", times(count(&refused)))
    } else if old > 0 {
        let last = ago(activity::latest(&keep(&recent, activity::is_old_use)));
        format!("used the old version {} in the last {window}{last}", times(old))
    } else {
        finding.summary.clone()
    };
    let blocks = finding.severity == Severity::Blocks;
    Urgent {
        name: class.consumer.class.clone(),
        path: Some(class.consumer.path),
        blocks,
        fact,
        step: finding.remedy.clone(),
        paste: None,
        finding: at,
    }
}

/// What concerns the rotation as a whole, or a consumer outside of the plan.
fn of_rotation(finding: &Finding, position: usize) -> Urgent {
    let blocks = finding.severity == Severity::Blocks;
    // The line to paste stands in backticks in the remedy.
    let quoted = finding.remedy.split('`').find(|part| part.starts_with("match = "));
    let Some(line) = quoted else {
        return Urgent {
            name: "rotation".to_owned(),
            path: None,
            blocks,
            fact: finding.summary.clone(),
            step: finding.remedy.clone(),
            paste: None,
            finding: position,
        };
    };
    let name = line.split('"').nth(1).unwrap_or_default();
    let fact = finding.summary.strip_prefix("a consumer that is not in the plan ");
    Urgent {
        name: format!("{name}, not in the plan"),
        path: None,
        blocks,
        fact: fact.unwrap_or(&finding.summary).to_owned(),
        step: "find its owner, and declare it as a consumer with this line".to_owned(),
        paste: Some(line.to_owned()),
        finding: position,
    }
}

#[cfg(test)]
mod tests {
    use crate::judge::tests::{World, h, row};
    use crate::model::PathKind;

    fn names(world: &World) -> Vec<(String, bool)> {
        let urgent = world.decide().urgent;
        urgent.into_iter().map(|of| (of.name, of.blocks)).collect()
    }

    #[test]
    fn refusals_come_before_old_use_and_the_primary_path_before_the_background() {
        let world = World::new()
            .class("job")
            .consumer("job", |consumer| consumer.path = PathKind::Background)
            .class("web")
            .class("api")
            .put(row("job").on("a").old().at(h(95)))
            .put(row("web").on("b").old().at(h(95)))
            .put(row("api").on("c").refused().at(h(95)));
        let expected = ["api", "web", "job"].map(|name| (name.to_owned(), true));
        assert_eq!(names(&world), expected);
        let urgent = world.decide().urgent;
        assert_eq!(urgent[0].fact, "refused once in the last 48 h, last 1 h ago");
        assert_eq!(urgent[1].fact, "used the old version once in the last 48 h, last 1 h ago");
    }

    #[test]
    fn nobody_stands_in_the_way_of_what_is_ready() {
        assert_eq!(names(&World::ready()), []);
    }
}
