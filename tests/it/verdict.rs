/*! From findings to the verdict: waivers, modes, the sentence under it, and the laws that hold for any world. */

use holdover::judge::decide;
use holdover::model::decision::{Mode, Verdict};
use holdover::model::facts::{Activity, Tick};
use holdover::model::finding::Code;
use holdover::model::ledger::Truth;
use holdover::model::{ClassBasis, ClassId, Duration, Outcome, Refresh, State, Timestamp};
use holdover::plan::{MatchKey, MatchTable, Pattern, Site, Waiver};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::rules::build::{World, h, hours, row};

fn waiver(rule: &str, until: Timestamp) -> Waiver {
    Waiver {
        rule: rule.to_owned(),
        class: None,
        matches: Vec::new(),
        owner: "security".to_owned(),
        until,
        reason: "known".to_owned(),
        site: Site::default(),
    }
}

fn ownerless() -> World {
    World::ready().consumer("w", |c| c.owner = None)
}

#[test]
fn a_waiver_holds_up_to_its_end_and_stays_visible() {
    let waived =
        |until: Timestamp| ownerless().plan(|p| p.waivers.push(waiver("incomplete-plan", until)));
    assert_eq!(ownerless().verdict(), Verdict::Inconclusive);
    assert_eq!(waived(h(96)).verdict(), Verdict::Inconclusive);
    let decision = waived(h(96) + Duration(1)).decide();
    assert_eq!(decision.verdict, Verdict::Ready);
    assert!(decision.findings[0].waived.is_some());
    assert_eq!(decision.waivers[0].findings, [0]);
    assert!(decision.summary.ends_with("; ready with 1 waiver"), "{}", decision.summary);
}

#[test]
fn a_waiver_narrowed_to_a_class_leaves_the_others() {
    let both = ownerless().class("x").consumer("x", |c| c.owner = None).steady("x", "i1");
    let narrow = Waiver { class: Some(ClassId(1)), ..waiver("incomplete-plan", h(200)) };
    let decision = both.plan(|p| p.waivers.push(narrow)).decide();
    let verdicts: Vec<Verdict> = decision.classes.iter().map(|row| row.verdict).collect();
    assert_eq!(verdicts, [Verdict::Inconclusive, Verdict::Ready]);
}

#[test]
fn a_waiver_by_match_takes_out_the_consumers_it_names() {
    let world = World::ready().undeclared("cron", &[h(-9)]).undeclared("shell", &[h(-9)]);
    let key = MatchKey::Column(holdover::model::columns::Column::ServiceName);
    let table = MatchTable { entries: vec![(key, vec![Pattern::Literal("cron".to_owned())])] };
    let by_match = Waiver { matches: vec![table], ..waiver("undeclared-baseline", h(200)) };
    let decision = world.plan(|p| p.waivers.push(by_match)).decide();
    let waived: Vec<bool> = decision.findings.iter().map(|f| f.waived.is_some()).collect();
    assert_eq!(waived, [true, false]);
}

#[test]
fn what_may_not_be_waived_is_not() {
    let world = World::new().plan(|p| p.waivers.push(waiver("no-evidence", h(200))));
    let decision = world.decide();
    assert_eq!(decision.verdict, Verdict::Inconclusive);
    assert!(decision.waivers[0].in_force && decision.waivers[0].findings.is_empty());
}

#[test]
fn before_the_change_nothing_is_ready() {
    let decision = World::ready().seen_at(h(-1)).decide();
    assert_eq!(decision.mode, Mode::Planned);
    assert_ne!(decision.verdict, Verdict::Ready);
    assert_eq!(World::ready().seen_at(h(0)).decide().mode, Mode::PreRevocation);
}

#[test]
fn after_the_revocation_the_window_starts_there() {
    let revoked = |at: Timestamp| World::ready().plan(|p| p.rotation.revoked = Some(at)).decide();
    assert_eq!((revoked(h(60)).mode, revoked(h(60)).window.from), (Mode::Postmortem, h(60)));
    assert_eq!(revoked(h(10)).window.from, h(48));
    assert_eq!(revoked(h(97)).mode, Mode::PreRevocation);
    assert_eq!(
        revoked(h(10)).summary,
        "the revocation of `v1` of token held: 1 consumer was seen working on `v2`, and none was seen using `v1` in the last 48 h; no waivers"
    );
}

#[test]
fn findings_stand_by_severity_rule_and_class() {
    let world = ownerless().class("a").class("b").plan(|p| p.rotation.rollback = None);
    let findings = world.decide().findings;
    let rank = |code: Code| holdover::judge::RULES.iter().position(|rule| rule.code == code);
    let order: Vec<_> = findings.iter().map(|f| (f.severity, rank(f.rule), f.class)).collect();
    let mut sorted = order.clone();
    sorted.sort();
    assert_eq!(order, sorted);
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

#[test]
fn chances_are_runs_and_bound_the_share_on_old() {
    let silence = World::ready().decide().classes[0].silence;
    assert_eq!(silence.chances, 16);
    assert!((silence.bound.unwrap_or_default() - 0.187_23).abs() < 1e-4);
    let started = World::ready().consumer("w", |c| c.refresh = Some(Refresh::OnStart));
    assert_eq!(started.decide().classes[0].silence.chances, 1);
}

/// A try of the law's worlds: when in minutes after the change, on which of three instances, how.
type Try = (i64, u8, u8);

fn tried((minute, instance, kind): Try) -> crate::rules::parts::Row {
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
            tries.into_iter().fold(world, |world, one| world.put(tried(one)))
        },
    )
}

/// The verdict with one more row in the evidence; the streams recorded what they did before.
fn verdict_with(world: &World, more: crate::rules::parts::Row) -> Verdict {
    let mut facts = world.finished();
    let wider = world.clone().put(more);
    let added: &Activity = wider.facts.activity.last().expect("one was put");
    let tick: &Tick = wider.facts.ticks.last().expect("a try ticks");
    facts.activity.push(added.clone());
    facts.ticks.push(*tick);
    facts.instances.clone_from(&wider.facts.instances);
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
        let old = tried((minute, instance, 5));
        let old = match outcome { 0 => old, 1 => old.refused(), _ => old.ambiguous() };
        prop_assert!(verdict_with(&world, old) >= world.verdict());
    }

    #[test]
    fn a_new_success_taken_away_never_improves_a_verdict(world in worlds(), which in 0..30_usize) {
        // A flap is old use after the first new success: without that success there is none.
        prop_assume!(world.all("version-flap").is_empty());
        let mut facts = world.finished();
        let proofs = (0..facts.activity.len()).filter(|at| {
            let row = &facts.activity[*at];
            let own = row.basis == ClassBasis::Matched;
            own && row.state == State::New && row.outcome == Outcome::Success
        });
        let proofs: Vec<usize> = proofs.collect();
        facts.activity.remove(proofs[which % proofs.len()]);
        prop_assert!(decide(&world.plan, &facts).verdict >= world.verdict());
    }

    #[test]
    fn an_order_of_facts_is_no_fact(world in worlds(), by in 0..50_usize) {
        let facts = world.finished();
        let mut turned = facts.clone();
        let by = by % facts.activity.len();
        turned.activity.rotate_left(by);
        turned.ticks.reverse();
        turned.instances.reverse();
        let (one, two) = (decide(&world.plan, &facts), decide(&world.plan, &turned));
        let text = |d: &holdover::model::decision::Decision| format!("{:?} {:?}", d.findings, d.classes);
        prop_assert_eq!(text(&one), text(&two));
    }
}
