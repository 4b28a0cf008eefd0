/*! What follows from a decision: when, what is missing, what is done, what to hold still. */

use std::collections::BTreeMap;

use holdover::model::decision::Verdict;
use holdover::model::next::{Action, Status};
use holdover::model::{Duration, Timestamp};
use serde_json::Value;

use crate::harness::{report, root};
use crate::rules::build::{World, h, hours, row};

/// A class of which this instance used old once more, and that went on with new: it waits.
fn fell_back(instance: &str) -> World {
    let mut world = World::ready().put(row("w").old().on(instance).at(h(80)));
    for n in 16..40 {
        world = world.new_ok("w", "i1", h(n * 6 + 1));
    }
    world
}

#[test]
fn waiting_until_the_earliest_instant_makes_it_ready_and_no_sooner() {
    // An instance that had moved already has to show twice as long that it stays.
    for (instance, hours, need) in [("i2", 48, "48 h"), ("i1", 96, "4 d")] {
        let decision = fell_back(instance).decide();
        let earliest = decision.earliest.expect("an answer");
        let lag = fell_back(instance).plan.consumers[0].lag;
        assert_eq!(earliest.time, Some(h(80 + hours) + lag), "{instance}");
        assert_eq!(earliest.binding_class.as_deref(), Some("w"));
        let why =
            "`w` last used the old version at 2026-03-05T17:00:00Z and must be free of it for";
        assert_eq!(earliest.because, format!("{why} {need} of logged time"));
        assert_eq!(decision.classes[0].earliest, earliest.time);
        // Records of the last `lag` are taken for on their way: the verdict need not wait for them.
        let at = h(80 + hours);
        let verdict = |at: Timestamp| fell_back(instance).seen_at(at).verdict();
        assert_eq!(verdict(at + Duration(1)), Verdict::Ready, "{instance}");
        assert_ne!(verdict(at - Duration(1)), Verdict::Ready, "{instance}");
    }
}

#[test]
fn a_ready_class_was_so_before_and_of_several_the_last_binds() {
    let decision = World::ready().decide();
    let earliest = decision.earliest.expect("an answer");
    assert!(earliest.time.is_some_and(|time| time <= decision.as_of), "{earliest:?}");
    let two = World::ready().class("v").steady("v", "j1").put(row("v").old().on("j1").at(h(50)));
    let earliest = two.decide().earliest.expect("an answer");
    assert_eq!(earliest.binding_class.as_deref(), Some("v"));
}

#[test]
fn what_only_somebody_can_settle_has_no_instant() {
    let silent = World::new().class("w").old("w", "i1", h(-9)).old("w", "i1", h(-3));
    for world in [
        silent,
        World::ready().consumer("w", |c| c.owner = None),
        World::ready().undeclared("x", &[h(3)]),
    ] {
        let earliest = world.decide().earliest.expect("an answer");
        assert_eq!(earliest.time, None, "{earliest:?}");
        assert!(!earliest.because.is_empty());
    }
}

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
fn the_missing_proof_is_enough_and_nothing_of_it_can_be_left_out() {
    let decision = lacking(false, false).decide();
    let actions: Vec<(Action, Option<u16>)> =
        decision.missing.iter().map(|one| (one.action, one.class.map(|class| class.0))).collect();
    assert_eq!(actions, [(Action::RunOnce, Some(1)), (Action::FillIn, Some(0))]);
    assert_eq!(lacking(true, true).verdict(), Verdict::Ready, "with both it is ready");
    assert_eq!(lacking(true, false).verdict(), Verdict::Inconclusive);
    assert_eq!(lacking(false, true).verdict(), Verdict::Inconclusive);
    assert_eq!(lacking(true, true).decide().missing, []);
}

#[test]
fn classes_on_two_truths_are_held_still() {
    assert_eq!(World::ready().decide().containment, []);
    let mut split = World::ready().class("v");
    for n in -56..16 {
        split = split.old("v", "j1", h(n * 6));
    }
    let steps = split.decide().containment;
    let told: Vec<(u8, Vec<u16>)> = steps
        .iter()
        .map(|step| (step.step, step.classes.iter().map(|class| class.0).collect()))
        .collect();
    let expected =
        [(1, vec![0, 1]), (2, vec![1]), (2, vec![0]), (4, vec![1]), (4, vec![0]), (5, vec![1])];
    assert_eq!(told, expected, "{steps:#?}");
}

#[test]
fn the_checklist_says_what_is_shown() {
    let status = |world: World, item: &str| {
        let all = world.decide().checklist;
        let found = all.into_iter().find(|one| one.item.word() == item).expect("an item");
        (found.status, found.because.len())
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

#[test]
fn in_each_small_world_the_missing_proof_settles_what_stands_against_ready() {
    let folder = root().join("fixtures/rules");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("the fixtures").flatten() {
        let folder = entry.path();
        let Ok(expected) = std::fs::read_to_string(folder.join("expected.toml")) else { continue };
        let input = expected.split("input = \"").nth(1).and_then(|rest| rest.split('"').next());
        let log = folder.join(input.expect("an input"));
        let told = report(&folder.join("plan.toml"), &[&log], &["--as-of", "2026-03-02T21:00:00Z"]);
        let ids = |list: &Value| -> Vec<String> {
            list.as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        let mut settled: BTreeMap<String, usize> = BTreeMap::new();
        for action in told["missing_proof"].as_array().expect("a list") {
            assert!(action["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{action}");
            for id in ids(&action["settles"]) {
                *settled.entry(id).or_default() += 1;
            }
        }
        let findings = told["findings"].as_array().expect("a list");
        let open =
            findings.iter().filter(|one| one["severity"] != "advises" && one["waived"].is_null());
        let open: Vec<&str> = open.filter_map(|one| one["id"].as_str()).collect();
        let known: Vec<&str> = settled.keys().map(String::as_str).collect();
        let mut sorted = open.clone();
        sorted.sort_unstable();
        assert_eq!(known, sorted, "{}", folder.display());
        assert_eq!(told["verdict"] == "ready", open.is_empty(), "{}", folder.display());
        assert_eq!(told["checklist"].as_array().map(Vec::len), Some(10));
        seen += 1;
    }
    assert!(seen > 25, "{seen} worlds");
}
