/*! The time in the path of a file whose records have none. */

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A date, perhaps with a time of day; or seconds or milliseconds since 1970.
static STAMP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?<year>20\d\d)[-_./]?(?<month>[01]\d)[-_./]?(?<day>[0-3]\d)
        (?:[-_./\ Tt]*(?<hour>[0-2]\d)[-_.:h]?(?<minute>[0-5]\d)(?:[-_.:m]?(?<second>[0-5]\d))?)?
        (?<zone>Z|UTC)?
        | \b(?<epoch>1[5-9]\d{8}(?:\d{3})?)\b",
    )
    .expect("a valid expression")
});

/// The time in a path, and the path without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PathTime {
    /// The timestamp.
    pub(super) stamp: Option<String>,
    /// The path without times, equal for files of one series.
    pub(super) series: String,
}

impl PathTime {
    pub(super) fn of(path: &str) -> Self {
        let stamps: Vec<Captures<'_>> = STAMP.captures_iter(path).collect();
        let has_hour =
            |found: &&Captures<'_>| found.name("day").is_none() || found.name("hour").is_some();
        let best = stamps.iter().rev().find(has_hour).or_else(|| stamps.last());
        Self { stamp: best.map(stamp), series: STAMP.replace_all(path, "*").into_owned() }
    }
}

/// A text without its dates, with and without times of day.
pub(super) fn without_times(text: &str) -> std::borrow::Cow<'_, str> {
    STAMP.replace_all(text, "*")
}

fn stamp(found: &Captures<'_>) -> String {
    if let Some(epoch) = found.name("epoch") {
        return epoch.as_str().to_owned();
    }
    let part = |name| found.name(name).map(|part| part.as_str());
    let day = ["year", "month", "day"].map(|name| part(name).unwrap_or_default()).join("-");
    let zone = part("zone").unwrap_or_default();
    match (part("hour"), part("minute"), part("second")) {
        (Some(hour), Some(minute), Some(second)) => format!("{day}T{hour}:{minute}:{second}{zone}"),
        (Some(hour), Some(minute), None) => format!("{day}T{hour}:{minute}{zone}"),
        (_, _, _) => day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_gives_a_time_and_a_series() {
        let check = |path: &str, stamp: &str, series: &str| {
            let found = PathTime::of(path);
            assert_eq!((found.stamp.as_deref().unwrap_or(""), &*found.series), (stamp, series));
        };
        check("m/web-1-2026-03-05T10:15:30Z.prom", "2026-03-05T10:15:30Z", "m/web-1-*.prom");
        check("m/20260305T101530Z/web.prom", "2026-03-05T10:15:30Z", "m/*/web.prom");
        check("m/2026-03-05/web_10-15.prom", "2026-03-05", "m/*/web_10-15.prom");
        check("m/2026/03/05/1015-web.prom", "2026-03-05T10:15", "m/*-web.prom");
        check("web.1772705730.prom", "1772705730", "web.*.prom");
        check("2026-03-05/web-1772705730123.prom", "1772705730123", "*/web-*.prom");
        check("web-1.prom", "", "web-1.prom");
    }
}
