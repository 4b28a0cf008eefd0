/*! Times in the zone of a reader. They keep their offset, so that nobody takes them for UTC. */

use std::borrow::Cow;

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

use crate::model::{Duration, Timestamp};

/// The zone in which people read times: UTC, unless they ask for another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Zone(Option<Tz>);

impl Zone {
    /// The zone with that name in the IANA database.
    pub fn named(name: &str) -> Option<Self> {
        let zone: Tz = name.parse().ok()?;
        Some(Self((zone != Tz::UTC && zone != Tz::Etc__UTC).then_some(zone)))
    }

    /// The names that resemble this one, at most three: those that hold it, in any case.
    pub fn resembling(name: &str) -> Vec<&'static str> {
        let wanted = name.to_ascii_lowercase().replace([' ', '-'], "_");
        let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let holds =
            |known: &&str| !wanted.is_empty() && known.to_ascii_lowercase().contains(&wanted);
        names.filter(holds).take(3).collect()
    }

    /// The name of the zone, if it is another than UTC.
    pub fn name(self) -> Option<&'static str> {
        self.0.map(Tz::name)
    }

    /// RFC 3339: with `Z`, or with the offset that the zone has at that time.
    pub fn time(self, at: Timestamp) -> String {
        let Some(offset) = self.offset(at) else { return at.rfc3339() };
        let local = (at + Duration::MINUTE.scaled(offset, 1)).rfc3339();
        let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
        let sign = if offset < 0 { '-' } else { '+' };
        format!("{}{sign}{hours:02}:{minutes:02}", local.trim_end_matches('Z'))
    }

    /// `at X`, `from X to Y`.
    pub fn span(self, first: Timestamp, last: Timestamp) -> String {
        self.sentence(&super::span(first, last)).into_owned()
    }

    /// A sentence of the report with its times in the zone. Between backticks or quotes stands a name or a value, which
    /// stays as it was logged.
    pub fn sentence(self, text: &str) -> Cow<'_, str> {
        if self.0.is_none() {
            return Cow::Borrowed(text);
        }
        let mut out = String::new();
        let (mut rest, mut before) = (text, ' ');
        while let Some(first) = rest.chars().next() {
            let mut piece = &rest[..first.len_utf8()];
            if let Some(quoted) =
                matches!(first, '`' | '"').then(|| rest[1..].find(first)).flatten()
            {
                piece = &rest[..quoted + 2];
                out.push_str(piece);
            } else if let Some((stamp, at)) = stamp(rest).filter(|_| !is_of_word(before)) {
                piece = stamp;
                out.push_str(&self.time(at));
            } else {
                out.push_str(piece);
            }
            before = piece.chars().next_back().unwrap_or(before);
            rest = &rest[piece.len()..];
        }
        Cow::Owned(out)
    }

    /// How many minutes the zone is ahead of UTC at that time. An offset of the time before standard time is cut to
    /// minutes, as RFC 3339 has no seconds there; the instant stays.
    fn offset(self, at: Timestamp) -> Option<i64> {
        let utc = DateTime::from_timestamp_micros(at.0)?.naive_utc();
        let offset = self.0?.offset_from_utc_datetime(&utc).fix().local_minus_utc();
        Some(i64::from(offset).div_euclid(60))
    }
}

/// Does the character belong to the word of a time next to it, so that both are a name?
fn is_of_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '-' | '_' | '/' | '.' | ':' | '@')
}

/// The time in UTC with which a text begins.
fn stamp(text: &str) -> Option<(&str, Timestamp)> {
    let end =
        text.bytes().position(|byte| !matches!(byte, b'0'..=b'9' | b'-' | b':' | b'.' | b'T'))?;
    let (stamp, rest) = text.split_at_checked(end + 1).filter(|(stamp, _)| stamp.ends_with('Z'))?;
    let mut next = rest.chars();
    let ends = match next.next() {
        // A full stop or a colon ends a part of a sentence where a blank follows.
        Some('.' | ':') => next.next().is_none_or(char::is_whitespace),
        after => after.is_none_or(|after| !is_of_word(after)),
    };
    let at = Timestamp::from_rfc3339(stamp).filter(|_| ends && stamp.len() >= 20)?;
    Some((stamp, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_rfc3339(text).expect("a time")
    }

    fn berlin() -> Zone {
        Zone::named("Europe/Berlin").expect("a zone")
    }

    #[test]
    fn the_offset_is_that_of_the_instant() {
        for (utc, local) in [
            ("2026-03-29T00:59:59Z", "2026-03-29T01:59:59+01:00"),
            ("2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"),
            ("2026-10-25T00:30:00Z", "2026-10-25T02:30:00+02:00"),
            ("2026-10-25T01:30:00Z", "2026-10-25T02:30:00+01:00"),
            ("2026-12-31T23:30:00.250Z", "2027-01-01T00:30:00.250+01:00"),
        ] {
            assert_eq!(berlin().time(at(utc)), local);
            assert_eq!(at(local), at(utc), "the same instant");
        }
        let zone = |name| Zone::named(name).expect("a zone");
        assert_eq!(
            zone("America/St_Johns").time(at("2026-01-01T00:00:00Z")),
            "2025-12-31T20:30:00-03:30"
        );
        assert_eq!(
            zone("Asia/Kathmandu").time(at("2026-01-01T00:00:00Z")),
            "2026-01-01T05:45:00+05:45"
        );
        let before_standard_time = berlin().time(at("1890-01-01T00:00:00Z"));
        assert_eq!(at(&before_standard_time), at("1890-01-01T00:00:00Z"));
    }

    #[test]
    fn utc_stays_as_it_is() {
        for name in ["UTC", "Etc/UTC"] {
            assert_eq!(Zone::named(name), Some(Zone::default()));
        }
        assert_eq!(Zone::default().time(at("2026-03-02T09:00:00Z")), "2026-03-02T09:00:00Z");
        assert_eq!(Zone::default().sentence("at 2026-03-02T09:00:00Z"), "at 2026-03-02T09:00:00Z");
        assert_eq!((Zone::named("Berlin"), Zone::named("")), (None, None));
        assert_eq!(Zone::resembling("berlin"), ["Europe/Berlin"]);
        assert_eq!(Zone::resembling("new york"), ["America/New_York"]);
    }

    #[test]
    fn the_times_of_a_sentence_are_told_and_names_are_kept() {
        let say = |text: &str| berlin().sentence(text).into_owned();
        assert_eq!(
            say("`w` used `v1` twice, from 2026-03-02T09:00:00Z to 2026-03-02T10:00:00.5Z."),
            "`w` used `v1` twice, from 2026-03-02T10:00:00+01:00 to 2026-03-02T11:00:00.500+01:00."
        );
        assert_eq!(say("2026-03-02T09:00:00Z: late"), "2026-03-02T10:00:00+01:00: late");
        for kept in [
            "`2026-03-02T09:00:00Z` of `w`",
            "{ action = \"2026-03-02T09:00:00Z\" }",
            "logs/2026-03-02T09:00:00Z.jsonl",
            "job-2026-03-02T09:00:00Z",
            "2026-03-02T09:00:00Z-7",
            "an open ` and no time",
            "2026-03-02 09:00:00",
            "2026-13-02T09:00:00Z",
        ] {
            assert_eq!(say(kept), kept);
        }
    }
}
