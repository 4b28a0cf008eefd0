/*! The checklist before a revocation, answered by the evidence. */

use super::activity;
use super::attempts;
use super::case::Case;
use super::class::ClassCase;
use super::ledger::exception_test;
use super::rules;
use crate::model::finding::{Cite, Finding};
use crate::model::ledger::ExceptionTest;
use crate::model::next::{ChecklistItem, Item, Status};
use crate::model::{At, PathKind, Refresh, Use};
use crate::plan::is_unsaid;

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

    fn not_applicable() -> Self {
        Self { status: Status::NotApplicable, because: Vec::new() }
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
        Item::FallbackConfirmedOrDisabled => fallbacks(case),
        Item::NoOldUseInWindow => no_old_use(findings),
        Item::RollbackDefined => {
            let is_said = !is_unsaid(case.plan.rotation.rollback.as_deref());
            ItemAnswer::yes_if(is_said, vec![])
        }
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
    let direct = || case.classes.iter().filter(|class| class.consumer.usage == Use::Direct);
    if direct().next().is_none() {
        return ItemAnswer::not_applicable();
    }
    let is_owned = |class: &ClassCase| !is_unsaid(class.consumer.owner.as_deref());
    ItemAnswer::yes_if(direct().all(is_owned), vec![])
}

/// Does each of these classes have a fresh success?
fn fresh<'c, 'a: 'c>(classes: impl Iterator<Item = &'c ClassCase<'a>>) -> ItemAnswer {
    all_shown(classes.map(|class| class.fresh).collect())
}

/// Is there a proof for each of these? If there are none, there is nothing to prove.
fn all_shown(proofs: Vec<Option<At>>) -> ItemAnswer {
    if proofs.is_empty() {
        return ItemAnswer::not_applicable();
    }
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
    if classes.is_empty() {
        return ItemAnswer::not_applicable();
    }
    let is_logged = |class: &ClassCase| {
        class.instances.iter().any(|instance| instance.is_alive && !instance.is_gone())
    };
    let is_known = classes.iter().all(|class| is_logged(class));
    ItemAnswer {
        status: if is_known { Status::Yes } else { Status::Unknown },
        because: classes.iter().filter_map(|class| class.fresh).collect(),
    }
}

fn exceptions(case: &Case) -> ItemAnswer {
    let classes: Vec<&ClassCase> = case.judged().filter(|class| class.is_exception()).collect();
    if classes.is_empty() {
        return ItemAnswer::not_applicable();
    }
    let passed = classes.iter().all(|class| exception_test(class) == ExceptionTest::Passed);
    ItemAnswer::yes_if(passed, classes.iter().filter_map(|class| class.fresh).collect())
}

/// Has each class that has a fallback, or is one, worked without it since the change, or is it switched off?
fn fallbacks(case: &Case) -> ItemAnswer {
    let concerned = || {
        let has =
            |class: &&ClassCase| !class.consumer.fallback.is_empty() || class.consumer.is_fallback;
        case.classes.iter().filter(has)
    };
    if concerned().next().is_none() {
        return ItemAnswer::not_applicable();
    }
    let proof = |class: &ClassCase| activity::latest(&class.proofs()).map(|row| row.last);
    let confirmed = concerned().all(|class| class.consumer.disabled || proof(class).is_some());
    ItemAnswer::yes_if(confirmed, concerned().filter_map(proof).collect())
}

/// Unknown if old use may have gone unseen.
fn no_old_use(findings: &[Finding]) -> ItemAnswer {
    if findings.iter().any(|finding| rules::of(finding.rule).blinds) {
        return ItemAnswer::unknown();
    }
    ItemAnswer::yes_if(true, vec![])
}

/// Has each class that used to retry done so with the new version, with success? Unknown if none was seen to retry.
fn retried(case: &Case) -> ItemAnswer {
    if case.judged().next().is_none() {
        return ItemAnswer::not_applicable();
    }
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

    fn status(world: &World, item: &str) -> (Status, usize) {
        let mut checklist = world.decide().checklist.into_iter();
        let entry = checklist.find(|entry| entry.item.word() == item).expect("an item");
        (entry.status, entry.because.len())
    }

    #[test]
    fn each_item_says_what_the_records_show() {
        assert_eq!(status(&World::ready(), "fresh-success-each-class"), (Status::Yes, 1));
        assert_eq!(status(&World::ready(), "no-old-use-in-window"), (Status::Yes, 0));
        let used = || World::ready().old("w", "i1", h(90));
        assert_eq!(status(&used(), "no-old-use-in-window"), (Status::No, 1));
        let blind = World::ready().hole("w", h(60), h(70));
        assert_eq!(status(&blind, "no-old-use-in-window"), (Status::Unknown, 0));
        let unowned = World::ready().consumer("w", |c| c.owner = None);
        assert_eq!(status(&unowned, "direct-consumers-owned").0, Status::No);
        let bare = World::ready().plan(|plan| plan.rotation.rollback = None);
        assert_eq!(status(&bare, "rollback-defined").0, Status::No);
        let drafted = World::ready().plan(|plan| plan.rotation.rollback = Some("TODO".to_owned()));
        assert_eq!(status(&drafted, "rollback-defined").0, Status::No);
        let rare = World::ready().consumer("w", |c| c.every = Some(hours(200)));
        assert_eq!(status(&rare, "low-frequency-exercised"), (Status::Yes, 1));
    }

    #[test]
    fn an_item_about_nothing_does_not_apply() {
        let frequent = World::ready();
        for item in [
            "low-frequency-exercised",
            "long-lived-restarted",
            "exception-path-tested",
            "fallback-confirmed-or-disabled",
        ] {
            assert_eq!(status(&frequent, item), (Status::NotApplicable, 0), "{item}");
        }
        let indirect = World::ready().indirect("w");
        for item in ["direct-consumers-owned", "fresh-success-each-class", "retry-path-tested"] {
            assert_eq!(status(&indirect, item).0, Status::NotApplicable, "{item}");
        }
    }

    #[test]
    fn a_fallback_is_confirmed_by_a_success_without_it() {
        let item = "fallback-confirmed-or-disabled";
        let fallback = |world: World| world.consumer("w", |c| c.is_fallback = true);
        assert_eq!(status(&fallback(World::ready()), item), (Status::Yes, 1));
        // A direct class without a fresh success is no confirmation, though another rule says so.
        let silent = World::new().class("w").old("w", "i1", h(-9));
        assert_eq!(status(&fallback(silent.clone()), item), (Status::No, 0));
        let off = fallback(silent).consumer("w", |c| c.disabled = true);
        assert_eq!(status(&off, item), (Status::Yes, 0));
    }
}
