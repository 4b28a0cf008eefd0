/*! Lengths of time (`48h`) and instants (always with their offset). */

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use toml::de::DeValue;
use toml::value::Datetime;

use super::cron;
use super::read::{Node, string};
use crate::diag::{Diagnostics, quoted};
use crate::model::{Duration, Timestamp};

const DURATIONS: &str = "durations are `90s`, `15m`, `48h`, `7d`, or joined: `1h30m`";
/// A hundred years: a longer duration is a slip, and sums of such must not overflow.
const DAYS_MAX: i64 = 36_500;
/// In the order in which they may be joined.
const UNITS: [(char, Duration); 4] =
    [('d', Duration::DAY), ('h', Duration::HOUR), ('m', Duration::MINUTE), ('s', Duration::SECOND)];
/// A cron expression has five words; a line with this many was meant as one.
const CRON_WORDS_MIN: usize = 4;

/// A length of time; zero is one too.
pub(super) fn duration(node: Node<'_>, out: &mut Diagnostics) -> Option<Duration> {
    if let DeValue::Integer(number) = node.value.get_ref() {
        let found = quoted(&number.to_string());
        bad_duration(node, &format!("the number {found} without its unit"), out);
        return None;
    }
    let text = string(node, out)?;
    parse_duration(text)
        .map_err(|why| bad_duration(node, &format!("{}: {why}", quoted(text)), out))
        .ok()
}

/// `48 hours` as somebody meant it, if that is a duration.
fn meant(text: &str) -> Option<String> {
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

fn bad_duration(node: Node<'_>, found: &str, out: &mut Diagnostics) {
    let message = format!("expected a duration for `{}`, found {found}", node.key);
    let help = match node.value.get_ref().as_str().and_then(meant) {
        Some(short) => node.written_as(&format!("\"{short}\"")),
        None => node.written(),
    };
    out.push("plan::bad-duration", node.span(), message)
        .label("not a duration")
        .help(format!("{help}: {DURATIONS}"));
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
            return Err(format!("{} is no number", shown(unit)));
        }
        if UNITS.iter().all(|(letter, _)| *letter != unit) {
            return Err(format!("{} is no unit", shown(unit)));
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

fn shown(one: char) -> String {
    if one == ' ' { "a space".to_owned() } else { quoted(&one.to_string()) }
}

/// The longest gap between two runs: a duration above 0, or a cron expression.
pub(super) fn cadence(node: Node<'_>, out: &mut Diagnostics) -> Option<Duration> {
    let text = node.value.get_ref().as_str().unwrap_or_default();
    let words = text.split_whitespace().count();
    if !text.trim_start().starts_with(['*', '@']) && words < CRON_WORDS_MIN {
        return duration(node, out).and_then(|every| above_zero(every, node, out));
    }
    cron::longest_gap(text)
        .map_err(|wrong| {
            let message =
                format!("expected a cron expression, found {}: {}", quoted(text), wrong.message);
            out.push("plan::bad-cron", node.span(), message)
                .label("minute, hour, day of month, month, weekday")
                .help(wrong.help);
        })
        .ok()
}

fn above_zero(every: Duration, node: Node<'_>, out: &mut Diagnostics) -> Option<Duration> {
    if every > Duration::ZERO {
        return Some(every);
    }
    bad_duration(node, "a duration of zero", out);
    None
}

enum Reading {
    At(Timestamp),
    NoOffset,
    Bad(&'static str),
}

/// An instant, from a TOML time or a string in RFC 3339.
pub(super) fn instant(node: Node<'_>, out: &mut Diagnostics) -> Option<Timestamp> {
    let (text, reading) = match node.value.get_ref() {
        DeValue::Datetime(time) => (time.to_string(), read_toml(*time)),
        DeValue::String(text) => (text.to_string(), read_text(text)),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => {
            node.expected("a date and time", out);
            return None;
        }
    };
    match reading {
        Reading::At(at) if at < Timestamp::YEAR_2000 => {
            bad_time(node, &text, "it is before 2000", out);
        }
        Reading::At(at) => return Some(at),
        Reading::NoOffset => without_offset(node, &text, out),
        Reading::Bad(why) => bad_time(node, &text, why, out),
    }
    None
}

fn read_toml(mut time: Datetime) -> Reading {
    if time.date.is_none() {
        return Reading::Bad("the day is missing");
    }
    if let Some(of_day) = &mut time.time {
        of_day.second.get_or_insert(0);
    }
    read_text(&time.to_string())
}

fn read_text(text: &str) -> Reading {
    const LOCAL: [&str; 4] =
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Reading::At(Timestamp(time.timestamp_micros()));
    }
    let is_local = LOCAL.iter().any(|form| NaiveDateTime::parse_from_str(text, form).is_ok());
    if is_local || NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok() {
        return Reading::NoOffset;
    }
    Reading::Bad("it is no RFC 3339 time")
}

fn without_offset(node: Node<'_>, text: &str, out: &mut Diagnostics) {
    let message = format!("expected an offset for `{}`, found {}", node.key, quoted(text));
    out.push("plan::time-without-offset", node.span(), message).label("in which zone?").help(
        format!(
            "{} if it is UTC, else its offset, such as `+01:00`, in place of `Z`",
            node.written()
        ),
    );
}

fn bad_time(node: Node<'_>, text: &str, why: &str, out: &mut Diagnostics) {
    let message = format!("expected a time for `{}`, found {}: {why}", node.key, quoted(text));
    out.push("plan::bad-time", node.span(), message)
        .label("not a usable time")
        .help(node.written());
}
