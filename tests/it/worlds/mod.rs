/*! Worlds: random rotations whose truth is known, told by real formats and judged by the real pipeline.
 *
 * A plan has a hundred consumers, each with a story and a truth of its own, and all of it follows from one number.
 * `HOLDOVER_WORLD=17` runs that plan alone; with `HOLDOVER_WORLD_DIR=DIR` it and its exports are left there.
 * `HOLDOVER_WORLDS=200` runs 200 other plans (`tests/worlds.sh` does).
 */

mod asked;
mod chance;
mod exports;
mod faults;
mod formats;
mod judged;
mod kinds;
mod laws;
mod owed;
mod shares;
mod story;
mod strays;
mod world;

use std::path::Path;

use asked::Answers;
use exports::Delivery;
use world::World;

/// How to run one world alone.
const AGAIN: &str = "HOLDOVER_WORLD=SEED cargo test --test it -- --nocapture worlds::";

fn number(name: &str) -> Option<u64> {
    std::env::var_os(name)?.to_str()?.parse().ok()
}

/// The seeds of a test: a range of its own, or what was asked for, which the first test of its kind does alone.
fn seeds(of_test: std::ops::Range<u64>, is_first: bool) -> Vec<u64> {
    let asked = number("HOLDOVER_WORLD").map(|seed| seed..seed + 1);
    let many = || number("HOLDOVER_WORLDS").map(|n| FIRST_OF_MANY..FIRST_OF_MANY + n);
    match asked.or_else(many) {
        Some(seeds) if is_first => seeds.collect(),
        Some(_) => Vec::new(),
        None => of_test.collect(),
    }
}

/// The first seed of a long run: none that a test has.
const FIRST_OF_MANY: u64 = 1000;

/// How many seeds each of the four tests has.
const SEEDS_EACH: u64 = 6;

/// How many consumers must still depend on the old version in each of these tests, so that it shows something: a
/// thousand in all.
const DEPENDENT_EACH: u32 = 250;

/// Leaves what is asked about a world in a folder, if one is named.
fn leave(world: &World, as_of: i64, delivery: &Delivery, what: &str) {
    let Some(folder) = std::env::var_os("HOLDOVER_WORLD_DIR") else { return };
    let at = delivery.names.at(as_of).rfc3339();
    let folder = Path::new(&folder).join(format!("world-{}, {what}, {at}", world.seed));
    judged::write(&folder, &world.plan(delivery.names), &world.exports(as_of, delivery).files);
}

/// Asks about worlds. None may be called ready while somebody shows that he still depends on the old version, and what
/// moved must be ready when it was said to be.
fn hold(part: u64) {
    let mut answers = Answers::default();
    let from = 1 + part * SEEDS_EACH;
    let seeds = seeds(from..from + SEEDS_EACH, part == 0);
    for seed in &seeds {
        let seed = *seed;
        let world = World::of(seed, 10);
        for as_of in world.asked {
            leave(&world, as_of, &Delivery::default(), "asked");
        }
        answers.of(&world);
    }
    eprintln!("{}\n{}", answers.table(), answers.late.join("\n"));
    assert!(answers.wrong.is_empty(), "{}\nagain: {AGAIN}", answers.wrong.join("\n"));
    let total = answers.total();
    let expected = if seeds.len() as u64 >= SEEDS_EACH { DEPENDENT_EACH } else { 0 };
    assert!(total.dependent >= expected, "only {} depend on the old version", total.dependent);
    let is_alive = 100 * total.due_ready >= 95 * total.due;
    assert!(
        is_alive,
        "{} are ready when due\nagain: {AGAIN}",
        shares::share(total.due_ready, total.due)
    );
}

#[test]
fn no_world_is_ready_too_soon_and_moved_ones_are_ready_when_due() {
    hold(0);
}

#[test]
fn no_world_is_ready_too_soon_2() {
    hold(1);
}

#[test]
fn no_world_is_ready_too_soon_3() {
    hold(2);
}

#[test]
fn no_world_is_ready_too_soon_4() {
    hold(3);
}
