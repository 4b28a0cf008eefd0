/*! Reads `[limits]`, of the whole rotation and of one consumer. */

use toml::de::DeValue;

use super::checked_plan::JudgementLimits;
use super::document::{PlanTable, PlanValue};
use super::keys::NumberRange;
use super::times::duration;
use super::values::flag;
use crate::diag::{Diagnostics, quoted};
use crate::model::Duration;

/// A larger minimum of attempts would be a way to switch the tests off.
const TRIES_MAX: u64 = 1_000_000;

/// Reads the limits of a table. Where the table is silent, `common` is in force.
pub(super) fn limits(
    table: &PlanTable<'_>,
    common: &JudgementLimits,
    out: &mut Diagnostics,
) -> JudgementLimits {
    let mut ratio = |key, range, common| {
        table.get(key, out, |value, out| number(value, range, out)).unwrap_or(common)
    };
    let alpha = ratio("alpha", NumberRange::LEVEL, common.alpha);
    let share_points = ratio("share_points", NumberRange::POINTS, common.share_points);
    let rejected_share = ratio("rejected_share", NumberRange::SHARE, common.rejected_share);
    let unversioned_share =
        ratio("unversioned_share", NumberRange::SHARE, common.unversioned_share);
    JudgementLimits {
        alpha,
        share_points,
        min_tries: table.get("min_tries", out, count).unwrap_or(common.min_tries),
        rejected_share,
        unversioned_share,
        skew: table.get("skew", out, duration).unwrap_or(common.skew),
        gone_after: table.get("gone_after", out, above_zero).unwrap_or(common.gone_after),
        aggregates_prove: table
            .get("aggregates_prove", out, flag)
            .unwrap_or(common.aggregates_prove),
    }
}

fn number(value: PlanValue<'_>, range: NumberRange, out: &mut Diagnostics) -> Option<f64> {
    let text = match value.toml.get_ref() {
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::String(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => {
            value.expected("a number", out);
            return None;
        }
    };
    let number = text.parse::<f64>().ok().filter(|number| range.contains(*number));
    if number.is_none() {
        bad_limit(value, &range.described(), &text, out);
    }
    number
}

fn count(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<u64> {
    let Some(number) = value.toml.get_ref().as_integer() else {
        value.expected("a whole number", out);
        return None;
    };
    let text = number.to_string();
    let count = text.parse::<u64>().ok().filter(|count| (1..=TRIES_MAX).contains(count));
    if count.is_none() {
        bad_limit(value, &format!("a whole number from 1 up to {TRIES_MAX}"), &text, out);
    }
    count
}

/// A length of time that is longer than nothing.
pub(super) fn above_zero(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Duration> {
    let length = duration(value, out)?;
    if length > Duration::ZERO {
        return Some(length);
    }
    bad_limit(value, "a duration above zero", value.toml.get_ref().as_str().unwrap_or("0s"), out);
    None
}

fn bad_limit(value: PlanValue<'_>, expected: &str, found: &str, out: &mut Diagnostics) {
    let message = format!("expected {expected} for `{}`, found {}", value.key, quoted(found));
    out.push("plan::bad-limit", value.span(), message)
        .label("out of range")
        .help(format!("{}, or leave it out for the default", value.written()));
}
