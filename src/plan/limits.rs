/*! `[limits]`, of the rotation and of one class. */

use std::ops::{Bound, RangeBounds};

use toml::de::DeValue;

use super::read::{Node, Table, flag};
use super::time::duration;
use super::types::Limits;
use crate::diag::{Diagnostics, quoted};
use crate::model::Duration;

type Range = (Bound<f64>, Bound<f64>);

const SHARE: Range = (Bound::Included(0.0), Bound::Included(1.0));
const LEVEL: Range = (Bound::Excluded(0.0), Bound::Included(1.0));
const POINTS: Range = (Bound::Included(0.0), Bound::Included(100.0));
/// More tries than this would be a way to switch the tests off.
const TRIES_MAX: u64 = 1_000_000;

/// The limits in force: those of the table, else those that held before.
pub(super) fn limits(table: &Table<'_>, before: &Limits, out: &mut Diagnostics) -> Limits {
    let mut ratio = |key, range, before| {
        table.get(key, out, |node, out| number(node, range, out)).unwrap_or(before)
    };
    let alpha = ratio("alpha", LEVEL, before.alpha);
    let share_points = ratio("share_points", POINTS, before.share_points);
    let rejected_share = ratio("rejected_share", SHARE, before.rejected_share);
    let unversioned_share = ratio("unversioned_share", SHARE, before.unversioned_share);
    Limits {
        alpha,
        share_points,
        min_tries: table.get("min_tries", out, count).unwrap_or(before.min_tries),
        rejected_share,
        unversioned_share,
        skew: table.get("skew", out, duration).unwrap_or(before.skew),
        gone_after: table.get("gone_after", out, above_zero).unwrap_or(before.gone_after),
        aggregates_prove: table
            .get("aggregates_prove", out, flag)
            .unwrap_or(before.aggregates_prove),
    }
}

fn number(node: Node<'_>, range: Range, out: &mut Diagnostics) -> Option<f64> {
    let text = match node.value.get_ref() {
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::String(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => {
            node.expected("a number", out);
            return None;
        }
    };
    let number = text.parse::<f64>().ok().filter(|number| range.contains(number));
    if number.is_none() {
        bad_limit(node, &worded(range), &text, out);
    }
    number
}

fn worded(range: Range) -> String {
    let low = match range.0 {
        Bound::Included(low) => format!("from {low}"),
        Bound::Excluded(low) => format!("above {low}"),
        Bound::Unbounded => unreachable!("each limit has its bounds"),
    };
    match range.1 {
        Bound::Included(high) => format!("a number {low} up to {high}"),
        Bound::Excluded(high) => format!("a number {low} to below {high}"),
        Bound::Unbounded => unreachable!("each limit has its bounds"),
    }
}

fn count(node: Node<'_>, out: &mut Diagnostics) -> Option<u64> {
    let Some(number) = node.value.get_ref().as_integer() else {
        node.expected("a whole number", out);
        return None;
    };
    let text = number.to_string();
    let count = text.parse::<u64>().ok().filter(|count| (1..=TRIES_MAX).contains(count));
    if count.is_none() {
        bad_limit(node, &format!("a whole number from 1 up to {TRIES_MAX}"), &text, out);
    }
    count
}

fn above_zero(node: Node<'_>, out: &mut Diagnostics) -> Option<Duration> {
    let length = duration(node, out)?;
    if length > Duration::ZERO {
        return Some(length);
    }
    bad_limit(node, "a duration above zero", node.value.get_ref().as_str().unwrap_or("0s"), out);
    None
}

fn bad_limit(node: Node<'_>, expected: &str, found: &str, out: &mut Diagnostics) {
    let message = format!("expected {expected} for `{}`, found {}", node.key, quoted(found));
    out.push("plan::bad-limit", node.span(), message)
        .label("out of range")
        .help(format!("{}, or leave it out for the default", node.written()));
}
