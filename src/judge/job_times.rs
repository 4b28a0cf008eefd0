/*! How long jobs usually take. */

use crate::model::Duration;

/// The time in which 99 % of these jobs were done: each given with how long it took and how many did.
pub fn usual_time(took: impl Iterator<Item = (Duration, u64)>) -> Option<Duration> {
    let mut sorted: Vec<(Duration, u64)> = took.collect();
    sorted.sort_unstable();
    let total: u64 = sorted.iter().map(|(_, jobs)| jobs).sum();
    let wanted = (total * 99).div_ceil(100);
    let mut seen = 0;
    let last = sorted.into_iter().find(|(_, jobs)| {
        seen += jobs;
        seen >= wanted
    });
    last.map(|(took, _)| took)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_nine_of_a_hundred_are_done_in_the_usual_time() {
        let minutes = |n: i64| Duration(n * Duration::MINUTE.0);
        let of = |slow: u64| usual_time([(minutes(90), slow), (minutes(5), 99)].into_iter());
        assert_eq!((of(1), of(2)), (Some(minutes(5)), Some(minutes(90))));
        assert_eq!(usual_time(std::iter::empty()), None);
    }
}
