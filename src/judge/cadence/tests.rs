/*! Cadence with numbers worked out by hand. */

use super::*;
use crate::model::ClassId;

const HOUR: i64 = 3_600_000_000;
const T0: Timestamp = Timestamp(1_000_000 * HOUR);

/// Single tries at these hours before the change.
fn ticks(hours: &[i64]) -> Vec<Tick> {
    hours.iter().map(|hour| tick(Timestamp(T0.0 - hour * HOUR))).collect()
}

fn tick(at: Timestamp) -> Tick {
    Tick { class: ClassId(0), degraded: false, own: true, count: 1, first: at, last: at, end: at }
}

fn close(value: f64, expected: f64) {
    assert!((value - expected).abs() < 0.05, "{value} is not about {expected}");
}

#[test]
fn factors_are_those_of_the_rules() {
    close(least_factor(6.0), 3.2);
    close(least_factor(10.0), 2.3);
    close(least_factor(20.0), 1.6);
    close(least_factor(1000.0), 1.25);
}

#[test]
fn six_gaps_are_enough_and_five_are_not() {
    let six = learn(ticks(&[70, 60, 50, 40, 30, 20, 10]), T0, &[]).unwrap();
    assert_eq!((six.gap, six.gaps, six.median), (Duration(10 * HOUR), 6, Duration(10 * HOUR)));
    close(six.factor, 3.2);
    assert_eq!(learn(ticks(&[60, 50, 40, 30, 20, 10]), T0, &[]), None);
}

#[test]
fn a_schedule_is_told_from_ten_gaps_on() {
    let steady: Vec<i64> = (1..=11).collect();
    close(learn(ticks(&steady), T0, &[]).unwrap().factor, 1.5);
    let uneven: Vec<i64> = vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12];
    close(learn(ticks(&uneven), T0, &[]).unwrap().factor, 2.3);
    let ten: Vec<i64> = (1..=10).collect();
    assert!(learn(ticks(&ten), T0, &[]).unwrap().factor > 2.3);
}

#[test]
fn tries_near_each_other_are_one_run() {
    let mut all = Vec::new();
    for hour in [70, 60, 50, 40, 30, 20, 10] {
        let at = Timestamp(T0.0 - hour * HOUR);
        all.extend([tick(at), tick(at + Duration(HOUR / 2))]);
    }
    let learned = learn(all, T0, &[]).unwrap();
    assert_eq!((learned.gaps, learned.gap), (6, Duration(10 * HOUR - HOUR / 2)));
    let at = |hour: i64| Span { from: Timestamp(hour * HOUR), to: Timestamp(hour * HOUR) };
    assert_eq!(runs(vec![at(0), at(1), at(2), at(3)], Duration(10 * HOUR)), 4);
    assert_eq!(runs(vec![at(0), at(1), at(2), at(3)], Duration(10 * HOUR + 1)), 1);
    assert_eq!(runs(vec![], Duration(HOUR)), 0);
}

#[test]
fn a_minute_with_two_tries_gives_their_gap_and_one_with_three_none() {
    let minute = |count: u64, hour: i64| Tick {
        count,
        last: Timestamp(T0.0 - hour * HOUR + 30_000_000),
        ..tick(Timestamp(T0.0 - hour * HOUR))
    };
    let two: Vec<Tick> = vec![minute(2, 1)];
    assert_eq!(gaps(&two, T0).len(), 1);
    assert_eq!(gaps(&[minute(3, 1)], T0).len(), 0);
}

#[test]
fn gaps_with_a_hole_and_degraded_tries_teach_nothing() {
    let hours = [170, 70, 60, 50, 40, 30, 20, 10];
    let hole = Span { from: Timestamp(T0.0 - 100 * HOUR), to: Timestamp(T0.0 - 99 * HOUR) };
    assert_eq!(learn(ticks(&hours), T0, &[hole]).unwrap().gap, Duration(10 * HOUR));
    let long = [171, 70, 60, 50, 40, 30, 20, 10];
    assert_eq!(learn(ticks(&long), T0, &[]), None); // against 101 hours, 10 are within a run
    let mut worn = ticks(&hours);
    for tick in &mut worn {
        tick.degraded = true;
    }
    assert_eq!(learn(worn, T0, &[]), None);
    let late = vec![tick(T0); 20];
    assert_eq!(learn(late, T0, &[]), None);
}

/// A fixed sequence that looks random: calibration must give the same answer each day.
struct Lcg(u64);

impl Lcg {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept")]
    fn unit(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        (((mixed ^ (mixed >> 33)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }
}

/// Of 10,000 consumers still on old, how many are called silent enough before their next run? Each shows
/// `gaps` gaps, and the next one is the silence that is judged.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "hours of a simulation"
)]
fn called_silent(gaps: usize, first: u64, mut gap_hours: impl FnMut(&mut Lcg) -> f64) -> u32 {
    let mut chance = Lcg(first);
    let mut called = 0;
    for _ in 0..10_000 {
        let mut at = T0 - Duration(1);
        let mut seen = vec![tick(at)];
        for _ in 0..gaps {
            at = at - Duration((gap_hours(&mut chance) * HOUR as f64) as i64);
            seen.push(tick(at));
        }
        let silence = Duration((gap_hours(&mut chance) * HOUR as f64) as i64);
        let cadence = Cadence { declared: None, learned: learn(seen, T0, &[]) };
        called += u32::from(cadence.length(false).is_some_and(|needed| silence >= needed));
    }
    called
}

#[test]
fn at_most_one_in_a_hundred_still_on_old_is_called_silent_enough() {
    let margin = 3.0 * (10_000.0_f64 * 0.01 * 0.99).sqrt();
    for gaps in [6, 9, 10, 12, 20, 60] {
        let poisson = called_silent(gaps, 7, |chance| -chance.unit().ln() * 6.0);
        assert!(f64::from(poisson) <= 100.0 + margin, "Poisson, {gaps} gaps: {poisson}");
        let scheduled = called_silent(gaps, 11, |chance| 24.0 + chance.unit() - 0.5);
        assert!(f64::from(scheduled) <= 100.0 + margin, "scheduled, {gaps} gaps: {scheduled}");
    }
}
