/*! Laws that hold in any world: the order of findings, and what may never improve a verdict. */

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{Hints, RowBuilder, World, fill, h, hours, row};
use crate::judge::rules::version_flap;
use crate::judge::{RULES, decide};
use crate::model::decision::{Decision, Verdict};
use crate::model::facts::{Activity, Tick};
use crate::model::finding::Code;
use crate::model::{ClassBasis, Duration, Outcome, Refresh, State};

#[test]
fn findings_are_in_order_of_severity_rule_and_class() {
    let world = World::ready()
        .consumer("w", |c| c.owner = None)
        .class("a")
        .class("b")
        .plan(|p| p.rotation.rollback = None);
    let findings = world.decide().findings;
    let rank = |code: Code| RULES.iter().position(|rule| rule.code == code);
    let order: Vec<_> = findings.iter().map(|f| (f.severity, rank(f.rule), f.class)).collect();
    let mut sorted = order.clone();
    sorted.sort();
    assert_eq!(order, sorted);
}

/// An attempt: how many minutes after the change, on which of three instances, and of which kind.
type Attempt = (i64, u8, u8);

fn attempted((minute, instance, kind): Attempt) -> RowBuilder {
    let at = h(0) + Duration(minute * Duration::MINUTE.0);
    let row = row("w").on(&format!("i{instance}")).at(at);
    match kind {
        0 => row,
        1 => row.refused(),
        2 => row.unversioned(),
        3 => row.ambiguous(),
        4 => row.novel(),
        _ => row.old(),
    }
}

fn worlds() -> impl Strategy<Value = World> {
    let tries = prop::collection::vec((0..96 * 60_i64, 0..3_u8, 0..7_u8), 0..6);
    let session = prop::option::of(1..120_i64);
    (tries, session, any::<bool>(), any::<bool>()).prop_map(
        |(tries, session, starts, is_steady)| {
            let world =
                if is_steady { World::ready() } else { World::ready().hole("w", h(20), h(24)) };
            let world = world.consumer("w", |c| {
                c.refresh = Some(if starts { Refresh::OnStart } else { Refresh::PerRequest });
                c.session_max = session.map(hours);
            });
            tries.into_iter().fold(world, |world, attempt| world.put(attempted(attempt)))
        },
    )
}

/// The verdict with one more row in the evidence. The log sources record as before.
fn verdict_with(world: &World, more: RowBuilder) -> Verdict {
    let mut facts = world.finished();
    let wider = world.clone().put(more);
    let added: &Activity = wider.facts.activity.last().expect("a row was put");
    let tick: &Tick = wider.facts.ticks.last().expect("a try ticks");
    facts.activity.push(added.clone());
    facts.ticks.push(*tick);
    facts.instances.clone_from(&wider.facts.instances);
    fill(&mut facts, &Hints::new());
    decide(&world.plan, &facts).verdict
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..ProptestConfig::default()
    })]

    #[test]
    fn more_old_use_never_improves_a_verdict(
        world in worlds(),
        (minute, instance) in (0..100 * 60_i64, 0..4_u8),
        outcome in 0..3_u8,
    ) {
        let old = attempted((minute, instance, 5));
        let old = match outcome { 0 => old, 1 => old.refused(), _ => old.ambiguous() };
        prop_assert!(verdict_with(&world, old) >= world.verdict());
    }

    #[test]
    fn without_one_of_its_new_successes_a_verdict_is_never_better(world in worlds(), which in 0..30_usize) {
        // A flap is old use after the first new success. Without that success there is no flap.
        prop_assume!(world.findings_of(&version_flap::RULE).is_empty());
        let mut facts = world.finished();
        let proofs = (0..facts.activity.len()).filter(|at| {
            let row = &facts.activity[*at];
            let is_sure = row.basis == ClassBasis::Matched;
            is_sure && row.state == State::New && row.outcome == Outcome::Success
        });
        let proofs: Vec<usize> = proofs.collect();
        // Old use counts from the first new success on, so that one stays.
        let first = proofs.iter().copied().min_by_key(|at| facts.activity[*at].first.earliest());
        let later: Vec<usize> = proofs.into_iter().filter(|at| Some(*at) != first).collect();
        facts.activity.remove(later[which % later.len()]);
        fill(&mut facts, &Hints::new());
        prop_assert!(decide(&world.plan, &facts).verdict >= world.verdict());
    }

    #[test]
    fn the_order_of_facts_does_not_matter(world in worlds(), by in 0..50_usize) {
        let facts = world.finished();
        let mut turned = facts.clone();
        let by = by % facts.activity.len();
        turned.activity.rotate_left(by);
        turned.ticks.reverse();
        turned.instances.reverse();
        let (in_order, in_another) = (decide(&world.plan, &facts), decide(&world.plan, &turned));
        let text = |d: &Decision| format!("{:?} {:?}", d.findings, d.classes);
        prop_assert_eq!(text(&in_order), text(&in_another));
    }
}
