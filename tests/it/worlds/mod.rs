/*! Worlds: random rotations whose truth is known, told by real formats and judged by the real pipeline.
 *
 * A world is a plan of a hundred consumers, and all of it follows from one number. `HOLDOVER_WORLD=17` runs that world
 * alone; with `HOLDOVER_WORLD_DIR=DIR` its plan and exports are left there. `HOLDOVER_WORLDS=200` runs 200 worlds
 * (`tests/worlds.sh` does).
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

/// The seeds of a test: a range of its own, or what was asked for.
fn seeds(of_test: std::ops::Range<u64>) -> Vec<u64> {
    if let Some(seed) = number("HOLDOVER_WORLD") {
        return vec![seed];
    }
    match number("HOLDOVER_WORLDS") {
        Some(n) => (of_test.start * 1000..of_test.start * 1000 + n).collect(),
        None => of_test.collect(),
    }
}

/// Leaves what is asked about a world in a folder, if one is named.
fn leave(world: &World, as_of: i64, delivery: &Delivery, what: &str) {
    let Some(folder) = std::env::var_os("HOLDOVER_WORLD_DIR") else { return };
    let at = delivery.names.at(as_of).rfc3339();
    let folder = Path::new(&folder).join(format!("world-{}, {what}, {at}", world.seed));
    judged::write(&folder, &world.plan(delivery.names), &world.exports(as_of, delivery).files);
}

/// Asks about worlds. None may be called ready while somebody shows that he still depends on the old version, and what
/// moved must be ready when it was said to be.
fn hold(of_test: std::ops::Range<u64>) {
    let mut answers = Answers::default();
    for seed in seeds(of_test) {
        let world = World::of(seed, 10);
        for as_of in world.asked {
            leave(&world, as_of, &Delivery::default(), "asked");
        }
        answers.of(&world);
    }
    eprintln!("{}\n{}", answers.table(), answers.late.join("\n"));
    assert!(answers.wrong.is_empty(), "{}\nagain: {AGAIN}", answers.wrong.join("\n"));
    let total = answers.total();
    let is_alive = 100 * total.due_ready >= 95 * total.due;
    assert!(
        is_alive,
        "{} are ready when due\nagain: {AGAIN}",
        shares::share(total.due_ready, total.due)
    );
}

#[test]
fn no_world_is_ready_too_soon_and_moved_ones_are_ready_when_due() {
    hold(1..4);
}
