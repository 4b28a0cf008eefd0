/*! `retry-untested`: retries were usual, and none was seen with the new version. */

use holdover::model::Use;
use holdover::model::facts::Attempts;
use holdover::model::next::Status;

use super::build::{World, cited, h};

const RULE: &str = "retry-untested";

/// Retries among the tries of the baseline, and among those with the new version.
fn tried((before, of): (u64, u64), (new, new_of): (u64, u64), has_worked: bool) -> World {
    let mut world = World::ready();
    let class = world.id("w");
    let sides = [(false, before, of, h(-30)), (true, new, new_of, h(30))];
    for (is_new, retries, of, at) in sides {
        for (is_retry, events) in [(true, retries), (false, of - retries)] {
            let at = world.cite(at);
            let (first, last) = (at, at);
            let one = Attempts { class, is_new, is_retry, has_worked, events, first, last };
            if events > 0 {
                world = world.facts(|facts| facts.attempts.push(one));
            }
        }
    }
    world
}

#[test]
fn three_retries_that_should_have_been_seen_are_enough() {
    let finding = tried((10, 100), (0, 30), true).fires(RULE);
    assert_eq!(
        finding.summary,
        "10 of 100 attempts of `w` before the change (10.0 %) were retries, but none of its 30 attempts with the new version was one"
    );
    assert_eq!(
        (cited(&finding).as_slice(), finding.cites.searched().len()),
        ([h(-30)].as_slice(), 1)
    );
    tried((10, 100), (0, 29), true).silent(RULE);
    tried((10, 100), (1, 30), true).silent(RULE);
    tried((0, 100), (0, 30), true).silent(RULE);
}

#[test]
fn a_class_that_mostly_retries_must_show_one_at_once() {
    tried((51, 100), (0, 1), true).fires(RULE);
    tried((51, 100), (0, 0), true).fires(RULE);
    tried((50, 100), (0, 1), true).silent(RULE);
}

#[test]
fn classes_that_show_no_version_are_not_asked() {
    let world = || tried((10, 100), (0, 30), true);
    world().consumer("w", |c| c.usage = Use::Indirect).silent(RULE);
    world().consumer("w", |c| c.disabled = true).silent(RULE);
}

#[test]
fn the_checklist_says_whether_a_retry_worked() {
    let status = |world: World| {
        let all = world.decide().checklist;
        let found =
            all.into_iter().find(|one| one.item.word() == "retry-path-tested").expect("an item");
        (found.status, found.because.len())
    };
    assert_eq!(status(tried((10, 100), (0, 30), true)), (Status::No, 1));
    assert_eq!(status(tried((10, 100), (1, 30), true)), (Status::Yes, 1));
    assert_eq!(status(tried((10, 100), (1, 30), false)), (Status::Unknown, 0));
    assert_eq!(status(tried((10, 100), (0, 29), true)), (Status::Unknown, 0));
    assert_eq!(status(World::ready()), (Status::Unknown, 0));
}
