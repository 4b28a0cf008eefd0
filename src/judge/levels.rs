/*! The level of the tests of one class. All of its tests share `alpha`, and no other class takes part: what is known of
 * one class softens no test of another.
 */

use super::class::ClassCase;
use super::{quality, share_test, volume_test};
use crate::model::facts::Facts;

/// The level of each test of a class. A test that could not reach the level, whatever its attempts had shown, raises no
/// false alarm, so it takes no part in the sharing (Tarone 1990).
pub(super) fn of_class(class: &ClassCase, facts: &Facts) -> f64 {
    let mut least = share_test::least_p(class);
    least.extend(quality::least_p(class, facts));
    least.extend(volume_test::least_p(class, facts));
    shared(class.consumer.limits.alpha, &least)
}

/// The least number of shares for which no more tests than that can reach their share of `alpha`. Each test is given by
/// its least possible p value.
#[expect(clippy::cast_precision_loss, reason = "the number of tests is small")]
fn shared(alpha: f64, least: &[f64]) -> f64 {
    let level = |shares: usize| alpha / shares as f64;
    let can_reach = |level: f64| least.iter().filter(|p| **p <= level).count();
    let shares = (1..=least.len()).find(|shares| can_reach(level(*shares)) <= *shares);
    level(shares.unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::shared;

    fn check(least: &[f64], shares: f64) {
        let level = shared(0.01, least);
        assert!((level - 0.01 / shares).abs() < 1e-12, "{least:?}: {level}");
    }

    #[test]
    fn tests_that_can_reach_the_level_share_it() {
        check(&[], 1.0);
        check(&[0.0], 1.0);
        check(&[0.0, 0.0, 0.0], 3.0);
        check(&[0.0, 0.0, 1.0, 0.2, 0.02], 2.0);
        // The third could reach 0.005, but not the level that three share.
        check(&[0.0, 0.0, 0.004], 3.0);
        check(&[0.0, 0.0, 0.006], 2.0);
    }
}
