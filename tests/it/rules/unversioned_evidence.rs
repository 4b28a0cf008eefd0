/*! `unversioned-evidence`: successes that do not show which version they used. */

use holdover::model::Use;

use super::build::{World, cited, h, row};

const RULE: &str = "unversioned-evidence";

/// Eight versioned successes lie in the window; so many more, and one without a version on `i1`.
fn one_of(more: u64) -> World {
    let world = World::ready().put(row("w").on("i1").aggregated().count(more).at(h(70)));
    world.put(row("w").on("i1").unversioned().at(h(71)))
}

#[test]
fn one_in_twenty_may_be_bare() {
    one_of(11).silent(RULE);
    let finding = one_of(10).fires(RULE);
    assert_eq!(cited(&finding), [h(71)]);
    assert_eq!(
        finding.summary,
        "1 of 19 successes of `w` in the window (5.3 %) shows no known version"
    );
    assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((1, 19)));
}

#[test]
fn an_instance_that_never_shows_one_fires() {
    let world = World::ready().put(row("w").on("i1").aggregated().count(1000).at(h(70)));
    let finding = world.put(row("w").on("i2").unversioned().at(h(71))).fires(RULE);
    assert!(finding.summary.ends_with("i2 never shows one there"), "{}", finding.summary);
}

#[test]
fn a_known_other_credential_counts_neither_way() {
    World::ready().put(row("w").foreign().count(100).at(h(71))).silent(RULE);
}

#[test]
fn each_try_with_a_novel_marker_counts() {
    World::ready().put(row("w").on("i1").novel().refused().at(h(71))).fires(RULE);
    World::ready().put(row("w").on("i1").novel().refused().at(h(47))).silent(RULE);
}

#[test]
fn the_window_has_both_ends_in() {
    World::ready().put(row("w").unversioned().at(h(48))).fires(RULE);
    World::ready().put(row("w").unversioned().at(h(47))).silent(RULE);
    World::ready().put(row("w").unversioned().at(h(96))).fires(RULE);
    World::ready().put(row("w").unversioned().at(h(97))).silent(RULE);
    World::ready().put(row("w").unversioned().refused().at(h(71))).silent(RULE);
}

#[test]
fn a_stream_that_shows_only_other_markers_fires() {
    let world = World::ready().stream("proxy", "w");
    let finding = world.clone().put(row("w").foreign().stream("proxy").at(h(-9))).fires(RULE);
    assert!(
        finding.summary.starts_with("1 attempt of `w` in proxy shows markers"),
        "{}",
        finding.summary
    );
    let both = world.put(row("w").foreign().stream("proxy").at(h(-9)));
    both.put(row("w").old().stream("proxy").at(h(-8))).silent(RULE);
}

#[test]
fn classes_that_show_no_version_are_not_asked() {
    one_of(0).consumer("w", |c| c.usage = Use::Indirect).silent(RULE);
    one_of(0).consumer("w", |c| c.disabled = true).silent(RULE);
}
