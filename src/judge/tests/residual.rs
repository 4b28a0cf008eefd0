/*! The residual rate that a class states, against simulated remainders: how often what it excludes is there, and what
 * the demand of a plan changes.
 */

use std::fmt::Write;

use super::Chance;
use super::calibration::{
    BEFORE, CONSUMERS, END, KINDS, LOOKS, PAGE, Remainder, WINDOW, Watched, at, is_at_most, share,
};
use crate::judge::silence;
use crate::model::Duration;

/// Of all remainders of a kind, how many use old at least as often as the class states that nothing does; and how many
/// are called silent if the plan excludes what is as slow as they are, asked once and each day until the first yes.
struct Stated {
    wrong: u32,
    once: u32,
    daily: u32,
}

fn simulate(kind: &Remainder, mean: f64, seed: u64) -> Stated {
    let mut chance = Chance::seeded(seed);
    let mut stated = Stated { wrong: 0, once: 0, daily: 0 };
    let slowest = at(mean) - at(0.0);
    for _ in 0..CONSUMERS {
        let uses = (kind.uses)(&mut chance);
        let random = f64::from(WINDOW) + chance.unit() * f64::from(END - WINDOW - 24);
        let elapsed = |as_of: f64, uses: &[f64]| -> Duration {
            let last = uses[..uses.partition_point(|one| *one <= as_of)].last();
            at(as_of) - at(last.copied().unwrap_or_else(|| f64::from(BEFORE)))
        };
        let is_excluded = slowest <= silence::residual(elapsed(random, &uses));
        stated.wrong += u32::from(is_excluded);
        let mut watched =
            Watched { uses, is_named: false, class_every: kind.class_every, known: None };
        let needed = silence::excluding(slowest);
        let mut is_silent =
            |as_of: f64| elapsed(as_of, &watched.uses) >= needed && watched.is_called_silent(as_of);
        stated.once += u32::from(is_silent(random));
        let first = chance.unit() * 24.0;
        let mut looks = (0..LOOKS).map(|day| first + 24.0 * f64::from(day));
        stated.daily += u32::from(looks.any(&mut is_silent));
    }
    stated
}

#[test]
fn what_a_class_excludes_is_as_rare_as_the_page_says() {
    let mut table = String::from(
        "| still on the old version | pauses on average | excluded, although it is there | with `slowest`, asked once | \
         with `slowest`, asked daily |\n|---|---:|---:|---:|---:|\n",
    );
    for (seed, kind) in (1..).zip(KINDS) {
        let Some(mean) = kind.pause else { continue };
        let stated = simulate(kind, mean, seed);
        let _infallible = writeln!(
            table,
            "| {} | {mean} h | {} | {} | {} |",
            kind.name,
            share(stated.wrong, CONSUMERS),
            share(stated.once, CONSUMERS),
            share(stated.daily, CONSUMERS),
        );
        assert!(is_at_most(stated.wrong, CONSUMERS, 0.0101), "{}: {}", kind.name, stated.wrong);
        assert!(is_at_most(stated.once, CONSUMERS, 0.0101), "{}: {}", kind.name, stated.once);
    }
    assert!(PAGE.contains(&table), "the page should have\n{table}");
}
