/*! Coverage with numbers worked out by hand. */

use super::*;
use crate::model::When;

const T0: i64 = 10_000;

fn minute(n: i64) -> Timestamp {
    Timestamp(n * Duration::MINUTE.0)
}

fn minutes(n: i64) -> Duration {
    Duration(n * Duration::MINUTE.0)
}

fn stream(beats: impl IntoIterator<Item = i64>) -> Stream {
    let mut stream = Stream::default();
    for beat in beats {
        stream.pulse.beat(When::exact(minute(beat)));
    }
    stream
}

fn window() -> Span {
    Span { from: minute(T0 + 1000), to: minute(T0 + 2000) }
}

fn holes(stream: &Stream) -> Vec<(i64, i64)> {
    let case = cover(stream, minute(T0), window());
    case.holes.iter().map(|hole| (hole.from.0 / 60_000_000, hole.to.0 / 60_000_000)).collect()
}

/// A record each ten minutes from 5000 to 12000.
fn steady() -> Vec<i64> {
    (500..=1200).map(|n| n * 10).collect()
}

#[test]
fn a_steady_stream_has_no_hole() {
    assert_eq!(holes(&stream(steady())), []);
}

#[test]
fn a_silence_is_a_hole_once_it_is_longer_than_the_gap() {
    let mut beats = steady();
    beats.retain(|beat| !(11_501..11_515).contains(beat));
    assert_eq!(holes(&stream(beats.clone())), [(11_500, 11_520)]);
    let mut wide = stream(beats);
    wide.max_gap = Some(minutes(20));
    assert_eq!(holes(&wide), []);
    wide.max_gap = Some(Duration(minutes(20).0 - 1));
    assert_eq!(holes(&wide)[0], (11_500, 11_520));
}

#[test]
fn the_second_longest_baseline_gap_is_learned() {
    let mut beats = steady();
    beats.retain(|beat| !(6001..6100).contains(beat) && !(7001..7060).contains(beat));
    let case = stream(beats.clone());
    assert_eq!(cover(&case, minute(T0), window()).max_gap, Some(minutes(90)));
    let mut broken = stream(beats);
    broken.breaks = vec![minute(6000)];
    assert_eq!(cover(&broken, minute(T0), window()).max_gap, Some(minutes(15)));
}

#[test]
fn twenty_gaps_are_enough_and_nineteen_are_not() {
    let few = |n: i64| stream((0..n).map(|i| 11_800 + i * 10));
    assert_eq!(cover(&few(21), minute(T0), window()).max_gap, None);
    let early = |n: i64| stream((0..n).map(|i| T0 - 300 + i * 10).chain([12_000]));
    assert_eq!(cover(&early(21), minute(T0), window()).max_gap, Some(minutes(15)));
    let late = |n: i64| stream((0..n).map(|i| T0 + 100 + i * 10).chain([12_000]));
    assert_eq!(cover(&late(21), minute(T0), window()).max_gap, Some(minutes(15)));
    assert_eq!(cover(&late(20), minute(T0), window()).max_gap, None);
    assert_eq!(cover(&late(20), minute(T0), window()).covered, []);
    assert_eq!(holes(&late(20)), [(T0 + 100, 12_000)]);
}

#[test]
fn the_last_record_to_the_end_is_a_gap_too() {
    let mut beats = steady();
    beats.retain(|beat| *beat <= 11_980);
    assert_eq!(holes(&stream(beats)), [(11_980, 12_000)]);
}

#[test]
fn known_losses_are_holes_whatever_their_length() {
    let mut broken = stream(steady());
    broken.breaks = vec![minute(11_500), minute(11_995)];
    broken.missing = vec![Span { from: minute(11_603), to: minute(11_604) }];
    assert_eq!(holes(&broken), [(11_500, 11_510), (11_603, 11_604), (11_995, 12_000)]);
}

#[test]
fn records_after_the_end_move_nothing() {
    let mut beats = steady();
    beats.retain(|beat| *beat <= 11_980);
    beats.extend([12_010, 12_020]);
    assert_eq!(holes(&stream(beats)), [(11_980, 12_000)]);
}

#[test]
fn a_class_is_covered_where_all_its_streams_are() {
    let (one, mut beats) = (stream(steady()), steady());
    beats.retain(|beat| !(11_501..11_600).contains(beat));
    let two = stream(beats);
    let cases = [cover(&one, minute(T0), window()), cover(&two, minute(T0), window())];
    let both = common(&cases);
    assert!(!spans::contains(&both, minute(11_550)) && spans::contains(&both, minute(11_600)));
    assert_eq!(common([]), []);
}
