/*! The names of streams. A stream is the records of one source that share a clock and a cadence. */

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::safe;

use super::file_series;

/// The name of a stream. Sealing gives it a number.
pub type StreamName = String;

/// Separates the series of a file in the name of a stream. Sealing takes it away.
pub(crate) const SERIES: char = '\u{1f}';

/// No secret is known by its look alone that is shorter.
const SECRET_BYTES: usize = 16;

/// Parts of a path that vary within a stream: dates, UUIDs, also as `key=value`.
static VARIES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(?:[a-z_]+=)?(?:
            (?:19|20)\d{2}[-_.]?[01]\d[-_.]?[0-3]\d(?:[-_T.]?\d{2}(?:[-:_.]?\d{2}){0,2}Z?)?
          | (?:19|20)\d{2}[-_.][01]\d
          | [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}
        )$",
    )
    .expect("a valid expression")
});

/// A part that is a year, perhaps as `key=value`; what follows it may be a month, a day, an hour, a minute.
static YEAR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:[A-Za-z_]+=)?(?:19|20)\d\d$").expect("a valid expression"));

/// A part of a date or of a time of day.
static TWO_DIGITS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:[A-Za-z_]+=)?\d{1,2}$").expect("a valid expression"));

/// A part of a date or of a time that says so itself.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:year|month|day|hour|hr|minute|min|y|m|d|h)=\d{1,4}$")
        .expect("a valid expression")
});

/// The folder of an input without the parts that vary within a stream, and what names the series of its file.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    /// Each part as it is, and masked.
    parts: Vec<(String, String)>,
    rooted: bool,
    /// The name with all parts.
    whole: String,
    chain: Vec<String>,
    /// The series of the file, where its name does not hold the instance.
    series: String,
}

impl Folder {
    /// The folder of a path and of the members in it, each path inside the one before.
    pub(super) fn of(chain: &[String]) -> Self {
        let folders =
            chain.iter().map(|path| path.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder));
        let parts = folders.flat_map(|folder| folder.split(['/', '\\']));
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty() && *part != ".").collect();
        let rooted = chain.first().is_some_and(|path| path.starts_with('/'));
        let with_mask = |part: String| {
            let masked = safe::mask_file(&part).into_owned();
            (part, masked)
        };
        let parts: Vec<_> = undated(&parts).into_iter().map(with_mask).collect();
        Self {
            whole: joined(rooted, parts.iter().map(|(_, masked)| masked.as_str())),
            parts,
            rooted,
            series: masked_series(chain, None),
            chain: chain.to_vec(),
        }
    }

    /// The name without the part that is the instance.
    pub(super) fn name(&self, instance: Option<&str>) -> String {
        let is_instance = |part: &str| Some(part) == instance;
        if !self.parts.iter().any(|(part, _)| is_instance(part)) {
            return self.whole.clone();
        }
        let parts = self.parts.iter().filter(|(part, _)| !is_instance(part));
        joined(self.rooted, parts.map(|(_, masked)| masked.as_str()))
    }

    /// The series of the file, without the instance.
    pub(super) fn series(&self, instance: Option<&str>) -> String {
        let named = |name: &&str| self.chain.iter().any(|path| path.contains(name));
        match instance.filter(named) {
            Some(instance) => masked_series(&self.chain, Some(instance)),
            None => self.series.clone(),
        }
    }
}

fn joined<'p>(rooted: bool, parts: impl Iterator<Item = &'p str>) -> String {
    let joined = parts.collect::<Vec<_>>().join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

fn masked_series(chain: &[String], instance: Option<&str>) -> String {
    safe::mask_file(&file_series::of(chain, instance)).into_owned()
}

/// The parts that form no date. A number alone is no date: `logs/1` and `logs/2` are two nodes or two partitions.
fn undated(parts: &[&str]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        let of_date = parts[at + 1..].iter().take(4).take_while(|part| TWO_DIGITS.is_match(part));
        let of_date = of_date.count();
        if YEAR.is_match(parts[at]) && of_date > 0 {
            at += of_date;
        } else if !VARIES.is_match(parts[at]) && !NAMED.is_match(parts[at]) {
            // `2026-03-02/07`: the hour of a date.
            let of_day = at > 0 && VARIES.is_match(parts[at - 1]) && TWO_DIGITS.is_match(parts[at]);
            kept.extend((!of_day).then(|| parts[at].to_owned()));
        }
        at += 1;
    }
    kept
}

/// `json`; of the second source of the plan `json#2`.
pub(super) fn source_name(profile: &str, position: Option<usize>) -> String {
    match position {
        Some(position) => format!("{profile}#{}", position + 1),
        None => profile.to_owned(),
    }
}

/// `json:logs/retry`, then the series of the file; for a declared source `json#2:logs/retry`; with `·value` instead of
/// a series if a field names streams.
pub(super) fn name(
    source: &str,
    folder: &Folder,
    instance: Option<&str>,
    value: Option<&str>,
) -> String {
    let name = folder.name(instance);
    match value {
        Some(value) => format!("{source}:{name}·{}", masked(value)),
        None => format!("{source}:{name}{SERIES}{}", folder.series(instance)),
    }
}

/// A value that names a stream is masked as fields are. Most are names of regions and numbers of accounts, too short to
/// hold a secret.
fn masked(value: &str) -> Cow<'_, str> {
    let is_short = value.len() < SECRET_BYTES && !value.contains(['=', ':', ' ']);
    if is_short { Cow::Borrowed(value) } else { safe::mask_path(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_vary_are_not_in_the_name() {
        let check = |path: &str, expected: &str| {
            let chain: Vec<String> = path.split('!').map(str::to_owned).collect();
            assert_eq!(Folder::of(&chain).name(None), expected, "{path}");
        };
        check("logs/retry/2026-03-02/app.jsonl", "logs/retry");
        check(
            "/x/AWSLogs/123456789012/CloudTrail/eu-west-1/2026/03/02/a.json.gz",
            "/x/AWSLogs/123456789012/CloudTrail/eu-west-1",
        );
        check("logs/dt=20260302/hour=07/a.jsonl", "logs");
        check("logs/year=2026/month=3/day=2/a.jsonl", "logs");
        check("logs/6f9619ff-8b86-d011-b42d-00cf4fc964ff/a.jsonl", "logs");
        check("logs/2026/03/02/07/a.jsonl", "logs");
        check("logs/2026-03-02/07/a.jsonl", "logs");
        check("r/y=2026/m=03/d=02/h=07/m=00/PT1H.json", "r");
        check("logs/2026/a.jsonl", "logs/2026");
        check("logs/1/a.jsonl", "logs/1");
        check("logs/12/2/a.jsonl", "logs/12/2");
        check("a.jsonl", ".");
        check("-", ".");
        check("./logs/v2/a.jsonl", "logs/v2");
        check("logs/2026-03-02.tar.gz!app/retry/a.jsonl", "logs/app/retry");
        check("bundle.zip!logs.tar!a.jsonl", ".");
    }

    #[test]
    fn the_instance_is_not_in_the_name() {
        assert_eq!(
            Folder::of(&["logs/queue-7f9-abcde/app.jsonl".to_owned()])
                .name(Some("queue-7f9-abcde")),
            "logs"
        );
    }
}
