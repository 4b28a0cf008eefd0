/*! The adoption ledger: one row for each class, filled from the case. */

use super::activity::{self, ClockTime, keep};
use super::case::Case;
use super::class::ClassCase;
use super::earliest::WaitingResult;
use super::failure;
use super::layers;
use super::share_test::{self, Comparison};
use super::verdict;
use super::why_ready;
use crate::model::facts::Activity;
use crate::model::finding::Finding;
use crate::model::ledger::{ExceptionTest, HolderRow, LedgerRow, Truth};
use crate::model::{ClassBasis, Outcome, State, Timestamp};

/// At most this many holders of a class cite their uses.
const HOLDERS_CITED_MAX: usize = 20;

/// The rows, in the plan's order.
pub(super) fn rows(case: &Case, findings: &[Finding], times: &[WaitingResult]) -> Vec<LedgerRow> {
    let rows = case.classes.iter().zip(times);
    let rows = rows.map(|(class, waiting)| {
        let earliest = waiting.as_ref().ok().map(|ends| ends.time);
        row(case, class, findings, earliest)
    });
    rows.collect()
}

/// Was the exception path tried on the new version, and did it work?
pub(super) fn exception_test(class: &ClassCase) -> ExceptionTest {
    if !class.is_exception() || !class.is_judged() {
        return ExceptionTest::NotApplicable;
    }
    let refused = keep(&class.tries, |row| {
        failure::is_refusal(row) && row.last.latest() >= class.times.introduced
    });
    let proofs = activity::ends(&class.fresh_rows);
    let is_open = |refused: &&Activity| {
        let refused = ClockTime::last_of(refused);
        !proofs.iter().any(|proof| proof.surely_after(refused, class.clocks))
    };
    if refused.iter().any(is_open) {
        return ExceptionTest::Failed;
    }
    if class.fresh.is_some() { ExceptionTest::Passed } else { ExceptionTest::Missing }
}

fn row(
    case: &Case,
    class: &ClassCase,
    findings: &[Finding],
    earliest: Option<Timestamp>,
) -> LedgerRow {
    let verdict = verdict::class(class.id, class.times.mode, findings);
    let consumer = class.consumer;
    let degraded = share_test::shares(class, &share_test::DEGRADED);
    let failed = share_test::shares(
        class,
        &Comparison { is_bad: failure::is_failed, ..share_test::DEGRADED },
    );
    let of_class = |(position, finding): (usize, &Finding)| {
        (finding.class == Some(class.id)).then_some(position)
    };
    LedgerRow {
        class: class.id,
        name: consumer.class.clone(),
        path: consumer.path,
        usage: consumer.usage,
        owner: consumer.owner.clone(),
        refresh: consumer.refresh,
        disabled: consumer.disabled,
        effects: consumer.effects.clone(),
        derived: consumer.derived.clone(),
        verdict,
        truth: class.truth,
        layers: layers::of_class(class),
        last_old_use: class.last_old_use,
        first_new_success: class.first_new_success,
        last_new_success: class.last_new_success,
        exception_test: exception_test(class),
        events: events(class),
        degraded_before: degraded.before,
        degraded_after: degraded.after,
        failed_before: failed.before,
        failed_after: failed.after,
        instances: instances(class),
        holders: holders(class),
        holders_left_out: class.holders.left_out.iter().map(|rest| rest.values).sum(),
        silence: class.silence,
        earliest,
        findings: findings.iter().enumerate().filter_map(of_class).collect(),
        why_ready: why_ready::of_class(case, class, verdict),
    }
}

/// Who used the old version; those that may still hold it come first.
fn holders(class: &ClassCase) -> Vec<HolderRow> {
    let mut rows: Vec<HolderRow> = class
        .holders
        .followed
        .iter()
        .map(|holder| HolderRow {
            facet: holder.fact.facet,
            value: holder.fact.value.to_string(),
            state: holder.state,
            last_old_use: holder.fact.last_old,
            first_new_success: holder.fact.first_new_success,
            rhythm: holder.rhythm.map(|rhythm| rhythm.largest),
            needed: holder.needed,
            until: holder.until,
            cited: std::iter::once(holder.last).chain(holder.fact.last_new).collect(),
        })
        .collect();
    rows.sort_by_key(|row| !row.state.is_open());
    rows.iter_mut().skip(HOLDERS_CITED_MAX).for_each(|row| row.cited.clear());
    rows
}

/// Attempts up to `A` that match this class alone, by the version they prove and by their outcome.
fn events(class: &ClassCase) -> [[u64; 5]; 3] {
    let mut events = [[0; 5]; 3];
    for row in class.tries.iter().filter(|row| row.basis == ClassBasis::Matched) {
        let state = if row.binding.proves() { row.state } else { State::Unknown };
        events[state_position(state)][outcome_position(row.outcome)] += row.count;
    }
    events
}

fn state_position(state: State) -> usize {
    match state {
        State::Old => 0,
        State::New => 1,
        State::Unknown => 2,
    }
}

fn outcome_position(outcome: Outcome) -> usize {
    match outcome {
        Outcome::Success => 0,
        Outcome::AuthFailure => 1,
        Outcome::Denied => 2,
        Outcome::Failure => 3,
        Outcome::None => 4,
    }
}

fn instances(class: &ClassCase) -> [u64; 4] {
    let mut counts = [0; 4];
    for instance in class.instances.iter().filter(|instance| !instance.is_gone()) {
        counts[match instance.truth {
            Truth::Old => 0,
            Truth::New => 1,
            Truth::Mixed => 2,
            Truth::Unknown => 3,
        }] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::tests::{World, h, row};

    #[test]
    fn positions_are_those_of_the_lists() {
        for (position, state) in State::ALL.into_iter().enumerate() {
            assert_eq!(state_position(state), position);
        }
        for (position, outcome) in Outcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome_position(outcome), position);
        }
    }

    #[test]
    fn the_ledger_counts_what_the_rows_prove() {
        let world = World::ready()
            .old("w", "i2", h(90))
            .put(row("w").on("i1").ambiguous().at(h(90)))
            .put(row("w").on("i1").inferred().at(h(90)))
            .put(row("w").on("i3").unversioned().refused().at(h(90)));
        let ledger = &world.decide().classes[0];
        assert_eq!(ledger.events[0], [57, 0, 0, 0, 0]);
        assert_eq!(ledger.events[1], [16, 0, 0, 0, 0]);
        assert_eq!(ledger.events[2], [1, 1, 0, 0, 0]);
        assert_eq!(ledger.instances, [1, 1, 0, 1]);
        assert_eq!(ledger.truth, Truth::Mixed);
        assert_eq!(ledger.first_new_success.map(|at| at.when.at), Some(h(1)));
    }
}
