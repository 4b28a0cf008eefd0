/*! The checklist before a revocation, answered by the evidence. */

use super::attempts;
use super::case::Case;
use super::class::ClassCase;
use super::ledger::exception_test;
use super::rules;
use crate::model::finding::{Cite, Finding};
use crate::model::ledger::ExceptionTest;
use crate::model::next::{ChecklistItem, Item, Status};
use crate::model::{At, PathKind, Refresh, Use};

/// The items, in the order of the rule book.
pub(super) fn items(case: &Case, findings: &[Finding]) -> Vec<ChecklistItem> {
    let answered = Item::ALL.map(|item| {
        let ItemAnswer { status, because } = answer(case, findings, item);
        ChecklistItem { item, status, because }
    });
    answered.into()
}

/// Whether an item is done, and the records that show it.
struct ItemAnswer {
    status: Status,
    because: Vec<At>,
}

impl ItemAnswer {
    fn yes_if(holds: bool, because: Vec<At>) -> Self {
        Self { status: if holds { Status::Yes } else { Status::No }, because }
    }

    fn unknown() -> Self {
        Self { status: Status::Unknown, because: Vec::new() }
    }
}

fn answer(case: &Case, findings: &[Finding], item: Item) -> ItemAnswer {
    // A finding of a rule that answers this item means no, also if it is waived.
    let against = keep(findings, |finding| rules::of(finding.rule).answers.contains(&item));
    if !against.is_empty() {
        return ItemAnswer::yes_if(false, rows(&against));
    }
    match item {
        Item::DirectConsumersOwned => owned(case),
        Item::LowFrequencyExercised => fresh(case.judged().filter(|class| is_rare(case, class))),
        Item::LongLivedRestarted => restarted(case),
        Item::FreshSuccessEachClass => fresh(case.judged()),
        Item::ExceptionPathTested => exceptions(case),
        Item::FallbackConfirmedOrDisabled => ItemAnswer::yes_if(true, vec![]),
        Item::NoOldUseInWindow => no_old_use(findings),
        Item::RollbackDefined => ItemAnswer::yes_if(case.plan.rotation.rollback.is_some(), vec![]),
        Item::RetryPathTested => retried(case),
        Item::BacklogReviewed => backlog(case),
    }
}

fn keep(findings: &[Finding], holds: impl Fn(&Finding) -> bool) -> Vec<&Finding> {
    findings.iter().filter(|finding| holds(finding)).collect()
}

/// The rows of evidence that these findings cite.
fn rows(findings: &[&Finding]) -> Vec<At> {
    let cited = findings.iter().flat_map(|finding| finding.cites.cited());
    let rows = cited.filter_map(|cite| match cite {
        Cite::Row(at) => Some(*at),
        Cite::Record { .. } => None,
    });
    rows.collect()
}

fn owned(case: &Case) -> ItemAnswer {
    let mut direct = case.classes.iter().filter(|class| class.consumer.usage == Use::Direct);
    ItemAnswer::yes_if(direct.all(|class| class.consumer.owner.is_some()), vec![])
}

/// Does each of these classes have a fresh success? Yes if there are no such classes.
fn fresh<'c, 'a: 'c>(classes: impl Iterator<Item = &'c ClassCase<'a>>) -> ItemAnswer {
    let proofs: Vec<Option<At>> = classes.map(|class| class.fresh).collect();
    ItemAnswer::yes_if(proofs.iter().all(Option::is_some), proofs.into_iter().flatten().collect())
}

/// Is the class off the primary path, or does it run less often than once in a window?
fn is_rare(case: &Case, class: &ClassCase) -> bool {
    class.consumer.path != PathKind::Primary
        || class.cadence.length(false).is_some_and(|cadence| cadence > case.window.length())
}

/// Classes whose processes keep the value that they read. Unknown if the log names no living process of one of them.
fn restarted(case: &Case) -> ItemAnswer {
    let keeps = |class: &&ClassCase| {
        class.consumer.refresh.is_some_and(|way| !Refresh::is_fresh_each_time(way))
    };
    let classes: Vec<&ClassCase> = case.judged().filter(keeps).collect();
    let is_logged = |class: &ClassCase| {
        class.instances.iter().any(|instance| instance.is_alive && !instance.is_gone)
    };
    let is_known = classes.iter().all(|class| is_logged(class));
    ItemAnswer {
        status: if is_known { Status::Yes } else { Status::Unknown },
        because: classes.iter().filter_map(|class| class.fresh).collect(),
    }
}

fn exceptions(case: &Case) -> ItemAnswer {
    let classes: Vec<&ClassCase> = case.judged().filter(|class| class.is_exception()).collect();
    let passed = classes.iter().all(|class| exception_test(class) == ExceptionTest::Passed);
    ItemAnswer::yes_if(passed, classes.iter().filter_map(|class| class.fresh).collect())
}

/// Unknown if old use may have gone unseen.
fn no_old_use(findings: &[Finding]) -> ItemAnswer {
    if findings.iter().any(|finding| rules::of(finding.rule).blinds) {
        return ItemAnswer::unknown();
    }
    ItemAnswer::yes_if(true, vec![])
}

/// Has each class that used to retry done so with the new version, with success?
fn retried(case: &Case) -> ItemAnswer {
    let retries = case.judged().map(|class| attempts::of_class(case.facts, class.id));
    let proofs: Vec<Option<At>> =
        retries.filter(|retries| retries.before > 0).map(|retries| retries.proof).collect();
    let is_shown = !proofs.is_empty() && proofs.iter().all(Option::is_some);
    ItemAnswer {
        status: if is_shown { Status::Yes } else { Status::Unknown },
        because: proofs.into_iter().flatten().collect(),
    }
}

/// Are there jobs that cross the change, and does the plan say what happens to them?
fn backlog(case: &Case) -> ItemAnswer {
    let examples: Vec<At> = case.facts.crossing.iter().map(|crossing| crossing.example).collect();
    let status = match (examples.is_empty(), case.plan.rotation.in_flight) {
        (_, Some(_)) => Status::Yes,
        (true, None) => Status::Unknown,
        (false, None) => Status::No,
    };
    ItemAnswer { status, because: examples }
}

#[cfg(test)]
mod tests {
    use crate::judge::tests::{World, h, hours};
    use crate::model::next::Status;

    #[test]
    fn each_item_says_what_the_records_show() {
        let status = |world: World, item: &str| {
            let checklist = world.decide().checklist;
            let entry =
                checklist.into_iter().find(|entry| entry.item.word() == item).expect("an item");
            (entry.status, entry.because.len())
        };
        assert_eq!(status(World::ready(), "fresh-success-each-class"), (Status::Yes, 1));
        assert_eq!(status(World::ready(), "no-old-use-in-window"), (Status::Yes, 0));
        let used = || World::ready().old("w", "i1", h(90));
        assert_eq!(status(used(), "no-old-use-in-window"), (Status::No, 1));
        let blind = World::ready().hole("w", h(60), h(70));
        assert_eq!(status(blind, "no-old-use-in-window"), (Status::Unknown, 0));
        let unowned = World::ready().consumer("w", |c| c.owner = None);
        assert_eq!(status(unowned, "direct-consumers-owned").0, Status::No);
        let bare = World::ready().plan(|plan| plan.rotation.rollback = None);
        assert_eq!(status(bare, "rollback-defined").0, Status::No);
        let rare = World::ready().consumer("w", |c| c.every = Some(hours(200)));
        assert_eq!(status(rare, "low-frequency-exercised"), (Status::Yes, 1));
    }
}
