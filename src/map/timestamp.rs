/*! Timestamps of every shape in use, as an instant or an interval. A wrong time here would move evidence, so nothing is
 * guessed: a text that is not understood is not a time.
 *
 * Shapes: RFC 3339 (any number of fraction digits), ISO 8601 with a blank or `T` and with or without offset, a bare
 * day, epoch seconds, milliseconds, microseconds and nanoseconds told apart by their size, `dd/Mon/yyyy:HH:MM:SS`
 * with and without `+zzzz`, `yymmdd HH:MM:SS`, zones by name or by an unambiguous abbreviation, RFC 2822, and RFC
 * 3164 without a year: of the years that are possible, the one that brings the time nearest to the change in the
 * plan.
 */

use std::borrow::Cow;

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;

use super::usual_stamp;
use super::yearless::yearless;
use crate::model::bounds::TimeBounds;
use crate::model::{Duration, TimeBasis, Timestamp, When};

/// Reads a timestamp. `zone` is the zone of times without an offset, and the bounds give the year of times without one.
pub(super) fn parse(text: &str, zone: Option<Tz>, bounds: TimeBounds<'_>) -> Option<When> {
    let text = text.trim();
    let first = text.bytes().next()?;
    if !first.is_ascii() || text.len() < 4 || text.len() > 64 {
        return None;
    }
    if let Some(spread) = spread(text) {
        return iso(&spread, zone);
    }
    if let Some(at) = usual_stamp::read(text).or_else(|| epoch(text)) {
        return Some(When::exact(at));
    }
    if first.is_ascii_digit() {
        if let Some(when) = iso(text, zone).or_else(|| short_year(text, zone)) {
            return Some(when);
        }
        let bare = || NaiveDateTime::parse_from_str(text, "%d/%b/%Y:%H:%M:%S%.f").ok();
        return offset_format(text, "%d/%b/%Y:%H:%M:%S%.f %z")
            .map(When::exact)
            .or_else(|| local(bare()?, zone));
    }
    let mail = DateTime::parse_from_rfc2822(text).ok();
    mail.map(|time| When::exact(Timestamp(time.timestamp_micros())))
        .or_else(|| yearless(text, bounds, |time| local(time, zone)))
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970. The size of the number shows which, from 1973 to
/// 5138.
fn epoch(text: &str) -> Option<Timestamp> {
    if let Some(number) = scientific(text) {
        return epoch(&number);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || !(9..=19).contains(&whole.len()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let scale: i64 = match number {
        100_000_000..=99_999_999_999 => 1_000_000,
        100_000_000_000..=99_999_999_999_999 => 1_000,
        100_000_000_000_000..=99_999_999_999_999_999 => 1,
        _ => return Some(Timestamp(number / 1_000)).filter(|_| number > 0),
    };
    let mut padded = fraction.to_owned();
    padded.truncate(6);
    while padded.len() < 6 {
        padded.push('0');
    }
    let part: i64 = padded.parse().ok()?;
    let micros = number.checked_mul(scale)?.checked_add(part * scale / 1_000_000)?;
    Some(Timestamp(micros))
}

/// `1.7727057305e+09`, as Go prints large numbers, with all its digits.
fn scientific(text: &str) -> Option<String> {
    let (digits, power) = text.split_once(['e', 'E'])?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let power: usize = power.strip_prefix('+').unwrap_or(power).parse().ok()?;
    let is_number =
        whole.len() == 1 && fraction.bytes().chain(whole.bytes()).all(|byte| byte.is_ascii_digit());
    let moved: String = fraction.chars().chain(std::iter::repeat('0')).take(power).collect();
    let rest = fraction.get(power..).unwrap_or_default();
    (is_number && power < 19).then(|| match rest {
        "" => format!("{whole}{moved}"),
        rest => format!("{whole}{moved}.{rest}"),
    })
}

/// `20260302T090000Z`, `20260302090000` and the like with separators put in. 14 digits that start with a year from 1900
/// to 2099 are a date, not an epoch.
fn spread(text: &str) -> Option<String> {
    let (day, rest) = text.split_at_checked(8)?;
    let rest = rest.strip_prefix(['T', 't']).unwrap_or(rest);
    let (clock, suffix) = rest.split_at_checked(6)?;
    let all_digits = [day, clock].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !all_digits || !(day.starts_with("19") || day.starts_with("20")) {
        return None;
    }
    if suffix.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let (year, month, date) = (&day[..4], &day[4..6], &day[6..]);
    let (hour, minute, second) = (&clock[..2], &clock[2..4], &clock[4..]);
    Some(format!("{year}-{month}-{date}T{hour}:{minute}:{second}{suffix}"))
}

fn iso(text: &str, zone: Option<Tz>) -> Option<When> {
    let bytes = text.as_bytes();
    if bytes.len() >= 10 && (bytes[4] == b'-' || bytes[4] == b'/') && bytes[7] == bytes[4] {
        let date = date(text.get(..10)?)?;
        return match text.get(10..)? {
            "" => day(date, zone),
            rest => clock(date, &padded(rest.strip_prefix(['T', 't', ' ', '_', '\t'])?), zone),
        };
    }
    None
}

/// `260302  9:13:12`, as `MySQL` wrote until 5.6, with a year of this century.
fn short_year(text: &str, zone: Option<Tz>) -> Option<When> {
    let (day, rest) = text.split_at_checked(6)?;
    if !day.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let date = date(&format!("20{}-{}-{}", &day[..2], &day[2..4], &day[4..]))?;
    let rest = padded(rest.strip_prefix(' ')?);
    let is_clock = rest.len() == 8 && rest.as_bytes()[5] == b':';
    is_clock.then(|| clock(date, &rest, zone)).flatten()
}

/// `MySQL` and `MariaDB` pad an hour of one digit with a blank.
fn padded(clock: &str) -> Cow<'_, str> {
    match clock.strip_prefix(' ') {
        Some(rest) if rest.as_bytes().get(1) == Some(&b':') => Cow::Owned(format!("0{rest}")),
        Some(_) | None => Cow::Borrowed(clock),
    }
}

fn date(text: &str) -> Option<NaiveDate> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    let year = i32::try_from(number(0..4)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(5..7)?, number(8..10)?)
}

/// A day as an interval.
fn day(date: NaiveDate, zone: Option<Tz>) -> Option<When> {
    let start = local(date.and_hms_opt(0, 0, 0)?, zone)?;
    let next = local(date.succ_opt()?.and_hms_opt(0, 0, 0)?, zone)?;
    Some(When {
        at: start.earliest(),
        end: Some(next.latest() - Duration(1)),
        basis: TimeBasis::Coarse,
    })
}

/// `HH:MM[:SS[.fraction]]` and an offset, the name of a zone, or nothing.
fn clock(date: NaiveDate, text: &str, zone: Option<Tz>) -> Option<When> {
    let end = text
        .find(|character: char| {
            !(character.is_ascii_digit() || matches!(character, ':' | '.' | ','))
        })
        .unwrap_or(text.len());
    let (clock, suffix) = text.split_at(end);
    let (time, leap) = time_of_day(date, clock)?;
    let when = match suffix.trim() {
        "" => local(time, zone)?,
        "Z" | "z" | "UTC" | "GMT" | "Etc/UTC" => {
            When::exact(Timestamp(time.and_utc().timestamp_micros()))
        }
        offset => match offset_seconds(offset) {
            Some(seconds) => When::exact(
                Timestamp(time.and_utc().timestamp_micros()) - Duration(seconds * 1_000_000),
            ),
            None => match abbreviated(offset) {
                Some(hours) => When::exact(
                    Timestamp(time.and_utc().timestamp_micros())
                        - Duration(hours * Duration::HOUR.0),
                ),
                None => local(time, Some(offset.parse::<Tz>().ok()?))?,
            },
        },
    };
    Some(When { at: when.at + leap, ..when })
}

/// Hours ahead of UTC, for the abbreviations that the time zone database uses for a single offset. Others (`CST`,
/// `IST`, `BST`, `PST`) stand for several offsets, hours apart, and are not guessed.
fn abbreviated(zone: &str) -> Option<i64> {
    Some(match zone {
        "WET" => 0,
        "CET" | "WEST" => 1,
        "CEST" | "EET" | "SAST" => 2,
        "EEST" | "MSK" => 3,
        "HKT" => 8,
        "JST" | "KST" => 9,
        "AEST" => 10,
        "AEDT" => 11,
        "NZST" => 12,
        "NZDT" => 13,
        "EDT" => -4,
        "MDT" => -6,
        "PDT" => -7,
        "AKDT" => -8,
        "AKST" => -9,
        _ => return None,
    })
}

/// The time of day. A leap second is read as the second after 59.
fn time_of_day(date: NaiveDate, clock: &str) -> Option<(NaiveDateTime, Duration)> {
    let mut parts = clock.splitn(3, ':');
    let two_digits = |part: Option<&str>| part.filter(|part| part.len() == 2)?.parse::<u32>().ok();
    let hour = two_digits(parts.next())?;
    let minute = two_digits(parts.next())?;
    let (second, micros) = match parts.next() {
        None => (0, 0),
        Some(part) => seconds(part)?,
    };
    let leap = if second == 60 { Duration::SECOND } else { Duration::ZERO };
    let time = date.and_hms_micro_opt(hour, minute, second.min(59), micros)?;
    Some((time, leap))
}

fn seconds(part: &str) -> Option<(u32, u32)> {
    let (whole, fraction) = part.split_once(['.', ',']).unwrap_or((part, ""));
    let second = whole.parse::<u32>().ok().filter(|second| whole.len() == 2 && *second <= 60)?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit())
        || (part.len() > 2 && fraction.is_empty())
    {
        return None;
    }
    let micros = fraction.bytes().chain(std::iter::repeat(b'0')).take(6);
    Some((second, micros.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))))
}

/// `+02:00`, `+0200`, `+02`.
fn offset_seconds(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    if !text[1..].bytes().all(|byte| byte.is_ascii_digit() || byte == b':') {
        return None;
    }
    let digits: String = text[1..].chars().filter(|character| *character != ':').collect();
    let (hours, minutes) = match digits.len() {
        2 => (digits.as_str(), "0"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let hours: i64 = hours.parse().ok().filter(|hours| *hours <= 18)?;
    let minutes: i64 = minutes.parse().ok().filter(|minutes| *minutes < 60)?;
    Some(sign * (hours * 3_600 + minutes * 60))
}

/// A time without an offset. If a clock change repeats or skips a local time, it is the interval of both possible
/// instants.
fn local(time: NaiveDateTime, zone: Option<Tz>) -> Option<When> {
    let Some(zone) = zone else {
        let at = Timestamp(time.and_utc().timestamp_micros());
        return Some(When { at, end: None, basis: TimeBasis::ZoneAssumed });
    };
    let micros = |time: DateTime<Tz>| Timestamp(time.timestamp_micros());
    match zone.from_local_datetime(&time) {
        LocalResult::Single(time) => Some(When::exact(micros(time))),
        LocalResult::Ambiguous(first, second) => Some(interval(micros(first), micros(second))),
        LocalResult::None => {
            let hour = chrono::Duration::hours(1);
            let before = zone.from_local_datetime(&(time - hour)).earliest()?;
            let after = zone.from_local_datetime(&(time + hour)).latest()?;
            Some(interval(micros(before), micros(after)))
        }
    }
}

fn interval(left: Timestamp, right: Timestamp) -> When {
    When { at: left.min(right), end: Some(left.max(right)), basis: TimeBasis::Coarse }
}

fn offset_format(text: &str, format: &str) -> Option<Timestamp> {
    DateTime::parse_from_str(text, format).ok().map(|time| Timestamp(time.timestamp_micros()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Near 2026-03-02T09:00:00Z.
    const NEAR: Timestamp = Timestamp(1_772_442_000_000_000);

    fn check(text: &str, expected: &str) {
        let when = parse(text, None, TimeBounds::around(NEAR))
            .unwrap_or_else(|| panic!("`{text}` is a time"));
        assert_eq!(when.at.rfc3339(), expected, "{text}");
    }

    #[test]
    fn shapes_in_use_are_read() {
        check("2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z");
        check("2026-03-02T11:00:00+02:00", "2026-03-02T09:00:00Z");
        check("2026-03-02T09:00:00.1234567Z", "2026-03-02T09:00:00.123456Z");
        check("2026-03-02 09:00:00,250", "2026-03-02T09:00:00.250Z");
        check("2026-03-02 09:00:00 UTC", "2026-03-02T09:00:00Z");
        check("2026-07-02 09:00:00.5 CEST", "2026-07-02T07:00:00.500Z");
        check("2026-07-02 09:00:00 PDT", "2026-07-02T16:00:00Z");
        check("2026-03-02T09:00Z", "2026-03-02T09:00:00Z");
        check("2026/03/02 09:00:00", "2026-03-02T09:00:00Z");
        check("02/Mar/2026:10:00:00 +0100", "2026-03-02T09:00:00Z");
        check("Mon, 02 Mar 2026 09:00:00 +0000", "2026-03-02T09:00:00Z");
        check("1772442000", "2026-03-02T09:00:00Z");
        check("1772442000.25", "2026-03-02T09:00:00.250Z");
        check("1.77244200025e+09", "2026-03-02T09:00:00.250Z");
        check("1.772442e+09", "2026-03-02T09:00:00Z");
        check("1772442000250", "2026-03-02T09:00:00.250Z");
        check("1772442000250000", "2026-03-02T09:00:00.250Z");
        check("1772442000250000000", "2026-03-02T09:00:00.250Z");
        check("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z");
        check("2026-03-02 10:00:00 Europe/Berlin", "2026-03-02T09:00:00Z");
        check("02/Mar/2026:09:00:00.004", "2026-03-02T09:00:00.004Z");
        check("Mar  2 09:00:00", "2026-03-02T09:00:00Z");
        check("Dec 31 23:59:59", "2025-12-31T23:59:59Z");
        check("Aug 30 09:00:00", "2026-08-30T09:00:00Z");
        check("2026-03-02  9:00:00", "2026-03-02T09:00:00Z");
        check("260302 09:00:00", "2026-03-02T09:00:00Z");
        check("260302  9:00:00", "2026-03-02T09:00:00Z");
        check("20260302T090000Z", "2026-03-02T09:00:00Z");
        check("20260302090000", "2026-03-02T09:00:00Z");
    }

    #[test]
    fn a_time_without_a_year_is_not_in_the_future() {
        let bounds = TimeBounds { latest: NEAR, ..TimeBounds::around(NEAR) };
        let at = |text: &str| parse(text, None, bounds).map(|when| when.at.rfc3339());
        assert_eq!(at("Mar  2 09:00:00").as_deref(), Some("2026-03-02T09:00:00Z"));
        assert_eq!(at("Mar  2 09:00:01").as_deref(), Some("2025-03-02T09:00:01Z"));
    }

    #[test]
    fn texts_that_are_not_times_are_refused() {
        for text in [
            "",
            "-",
            "yesterday",
            "2026-13-02T09:00:00Z",
            "2026-03-02T25:00:00Z",
            "12",
            "09:00:00",
            "2026-03-02T09:00:61Z",
            "2026-03-02T9:00:00Z",
            "99999999999999999999",
            "2026-03-02T09:00:00+a€",
            "20261302090000",
            "2026-03-02   9:00:00",
            "2026-03-02 9:00:00",
            "261302 09:00:00",
            "260302 9:00:00",
            "260302 090000",
            "260302 09:00",
            "202\u{2028} 9:13:12",
        ] {
            assert_eq!(parse(text, None, TimeBounds::around(NEAR)), None, "{text}");
        }
    }

    #[test]
    fn a_stamp_without_offset_says_so() {
        let bare = parse("2026-03-02 09:00:00", None, TimeBounds::around(NEAR)).expect("a time");
        assert_eq!(bare.basis, TimeBasis::ZoneAssumed);
        let zoned =
            parse("2026-03-02 10:00:00", Some(chrono_tz::Europe::Berlin), TimeBounds::around(NEAR))
                .expect("a time");
        assert_eq!(
            (zoned.basis, zoned.at.rfc3339().as_str()),
            (TimeBasis::Exact, "2026-03-02T09:00:00Z")
        );
    }

    #[test]
    fn an_hour_that_a_clock_change_repeats_or_skips_is_an_interval() {
        let fold =
            parse("2025-10-26 02:30:00", Some(chrono_tz::Europe::Berlin), TimeBounds::around(NEAR))
                .expect("a time");
        assert_eq!(fold.at.rfc3339(), "2025-10-26T00:30:00Z");
        assert_eq!(fold.latest().rfc3339(), "2025-10-26T01:30:00Z");
        let gap =
            parse("2025-03-30 02:30:00", Some(chrono_tz::Europe::Berlin), TimeBounds::around(NEAR))
                .expect("a time");
        assert_eq!(gap.basis, TimeBasis::Coarse);
    }

    #[test]
    fn a_day_is_an_interval() {
        let day = parse("2026-03-02", None, TimeBounds::around(NEAR)).expect("a time");
        assert_eq!(day.at.rfc3339(), "2026-03-02T00:00:00Z");
        assert_eq!(day.latest().rfc3339(), "2026-03-02T23:59:59.999999Z");
    }
}
