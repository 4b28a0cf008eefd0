/*! Reads lengths of time (`48h`) and instants, which always have their offset. */

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use toml::de::DeValue;
use toml::value::Datetime;

use super::cron;
use super::document::PlanValue;
use super::values::string;
use crate::diag::{Diagnostics, quoted};
use crate::model::{Duration, Timestamp};

const DURATIONS: &str = "durations are written `90s`, `15m`, `48h`, `7d`, or combined: `1h30m`";
/// A hundred years. A longer duration is a slip, and sums of durations must not overflow.
const DAYS_MAX: i64 = 36_500;
/// In the order in which they may be combined.
const UNITS: [(char, Duration); 4] =
    [('d', Duration::DAY), ('h', Duration::HOUR), ('m', Duration::MINUTE), ('s', Duration::SECOND)];
/// A cron expression has five words. A text with at least this many was meant as one.
const CRON_WORDS_MIN: usize = 4;

/// Reads a length of time, which may be zero.
pub(super) fn duration(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Duration> {
    if let DeValue::Integer(number) = value.toml.get_ref() {
        let found = quoted(&number.to_string());
        bad_duration(value, &format!("the number {found} without its unit"), out);
        return None;
    }
    let text = string(value, out)?;
    parse_duration(text)
        .map_err(|why| bad_duration(value, &format!("{}: {why}", quoted(text)), out))
        .ok()
}

/// The short form of a duration in words, such as `48 hours`.
fn short_form(text: &str) -> Option<String> {
    const WORDS: [(&str, &str); 10] = [
        ("seconds", "s"),
        ("second", "s"),
        ("minutes", "m"),
        ("minute", "m"),
        ("mins", "m"),
        ("min", "m"),
        ("hours", "h"),
        ("hour", "h"),
        ("days", "d"),
        ("day", "d"),
    ];
    let bare = text.to_lowercase().replace(' ', "");
    let short = WORDS.iter().fold(bare, |text, (word, unit)| text.replace(word, unit));
    parse_duration(&short).ok().filter(|length| *length > Duration::ZERO).map(|_| short)
}

fn bad_duration(value: PlanValue<'_>, found: &str, out: &mut Diagnostics) {
    let message = format!("expected a duration for `{}`, found {found}", value.key);
    let help = match value.toml.get_ref().as_str().and_then(short_form) {
        Some(short) => value.written_as(&format!("\"{short}\"")),
        None => value.written(),
    };
    out.push("plan::bad-duration", value.span(), message)
        .label("not a duration")
        .help(format!("{help}: {DURATIONS}"));
}

/// A length of time above zero, as plans write it, for the command line.
pub fn parse_length(text: &str) -> Result<Duration, String> {
    match parse_duration(text) {
        Ok(length) if length > Duration::ZERO => Ok(length),
        Ok(_) => Err("expected a length above zero, such as `2h`".to_owned()),
        Err(why) => Err(format!("{why}; {DURATIONS}")),
    }
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    let (mut rest, mut total, mut units) = (text, Duration::ZERO, UNITS.as_slice());
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let Some(unit) = tail.chars().next() else {
            return Err(format!("{} has no unit", quoted(number)));
        };
        if number.is_empty() {
            return Err(format!("{} is not a number", named(unit)));
        }
        if UNITS.iter().all(|(letter, _)| *letter != unit) {
            return Err(format!("{} is not a unit", named(unit)));
        }
        let Some(position) = units.iter().position(|(letter, _)| *letter == unit) else {
            return Err("units go from days to seconds, each once".to_owned());
        };
        let of_unit = number.parse::<i64>().ok().and_then(|n| n.checked_mul(units[position].1.0));
        total = total + Duration(of_unit.unwrap_or(i64::MAX));
        (units, rest) = (&units[position + 1..], &tail[unit.len_utf8()..]);
    }
    if total > Duration::DAY.scaled(DAYS_MAX, 1) {
        return Err(format!("it is longer than {DAYS_MAX} days"));
    }
    Ok(total)
}

fn named(c: char) -> String {
    if c == ' ' { "a space".to_owned() } else { quoted(&c.to_string()) }
}

/// Reads the longest gap between two runs: a duration above 0, or a cron expression.
pub(super) fn cadence(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Duration> {
    let text = value.toml.get_ref().as_str().unwrap_or_default();
    let words = text.split_whitespace().count();
    if !text.trim_start().starts_with(['*', '@']) && words < CRON_WORDS_MIN {
        return duration(value, out).and_then(|every| above_zero(every, value, out));
    }
    cron::longest_gap(text)
        .map_err(|mistake| {
            let message =
                format!("expected a cron expression, found {}: {}", quoted(text), mistake.message);
            out.push("plan::bad-cron", value.span(), message)
                .label("minute, hour, day of month, month, weekday")
                .help(mistake.help);
        })
        .ok()
}

fn above_zero(every: Duration, value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Duration> {
    if every > Duration::ZERO {
        return Some(every);
    }
    bad_duration(value, "a duration of zero", out);
    None
}

/// Why a text is not an instant.
enum NotAnInstant {
    LacksOffset,
    Because(&'static str),
}

/// Reads an instant from a TOML time or from a string in RFC 3339.
pub(super) fn instant(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Timestamp> {
    let (text, instant) = match value.toml.get_ref() {
        DeValue::Datetime(time) => (time.to_string(), of_toml(*time)),
        DeValue::String(text) => (text.to_string(), of_text(text)),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => {
            value.expected("a date and time", out);
            return None;
        }
    };
    match instant {
        Ok(at) if at < Timestamp::YEAR_2000 => bad_time(value, &text, "it is before 2000", out),
        Ok(at) => return Some(at),
        Err(NotAnInstant::LacksOffset) => without_offset(value, &text, out),
        Err(NotAnInstant::Because(why)) => bad_time(value, &text, why, out),
    }
    None
}

fn of_toml(mut time: Datetime) -> Result<Timestamp, NotAnInstant> {
    if time.date.is_none() {
        return Err(NotAnInstant::Because("the day is missing"));
    }
    if let Some(of_day) = &mut time.time {
        of_day.second.get_or_insert(0);
    }
    of_text(&time.to_string())
}

fn of_text(text: &str) -> Result<Timestamp, NotAnInstant> {
    const LOCAL: [&str; 4] =
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(Timestamp(time.timestamp_micros()));
    }
    let is_local = LOCAL.iter().any(|form| NaiveDateTime::parse_from_str(text, form).is_ok());
    if is_local || NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok() {
        return Err(NotAnInstant::LacksOffset);
    }
    Err(NotAnInstant::Because("it is not an RFC 3339 time"))
}

fn without_offset(value: PlanValue<'_>, text: &str, out: &mut Diagnostics) {
    let message = format!("expected an offset for `{}`, found {}", value.key, quoted(text));
    out.push("plan::time-without-offset", value.span(), message).label("in which zone?").help(
        format!(
            "{} if it is UTC; otherwise write the offset, such as `+01:00`, instead of `Z`",
            value.written()
        ),
    );
}

fn bad_time(value: PlanValue<'_>, text: &str, why: &str, out: &mut Diagnostics) {
    let message = format!("expected a time for `{}`, found {}: {why}", value.key, quoted(text));
    out.push("plan::bad-time", value.span(), message)
        .label("not a usable time")
        .help(value.written());
}
