/*! The names of streams. A stream is the records of one source that share a clock and a cadence. */

use std::sync::LazyLock;

use regex::Regex;

/// Parts of a path that vary within a stream: dates, hours, short numbers, UUIDs, also as `key=value`.
static VARIES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(?:[a-z_]+=)?(?:
            \d{1,6}
          | (?:19|20)\d{2}[-_.]?[01]\d[-_.]?[0-3]\d(?:[-_T.]?\d{2}(?:[-:_.]?\d{2}){0,2}Z?)?
          | (?:19|20)\d{2}[-_.][01]\d
          | [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}
        )$",
    )
    .expect("a valid expression")
});

/// The folder of an input without the parts that vary within a stream.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    parts: Vec<String>,
    rooted: bool,
}

impl Folder {
    /// The folder of a path and of the members in it, each path inside the one before.
    pub(super) fn of(chain: &[String]) -> Self {
        let folders =
            chain.iter().map(|path| path.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder));
        let parts = folders.flat_map(|folder| folder.split(['/', '\\']));
        let parts = parts.filter(|part| !part.is_empty() && *part != "." && !VARIES.is_match(part));
        let rooted = chain.first().is_some_and(|path| path.starts_with('/'));
        Self { parts: parts.map(str::to_owned).collect(), rooted }
    }

    /// The name without the part that is the instance.
    pub(super) fn name(&self, instance: Option<&str>) -> String {
        let parts = self.parts.iter().map(String::as_str).filter(|part| Some(*part) != instance);
        let joined = parts.collect::<Vec<_>>().join("/");
        match (self.rooted, joined.is_empty()) {
            (true, _) => format!("/{joined}"),
            (false, true) => ".".to_owned(),
            (false, false) => joined,
        }
    }
}

/// `json`; of the second source of the plan `json#2`.
pub(super) fn source_name(profile: &str, position: Option<usize>) -> String {
    match position {
        Some(position) => format!("{profile}#{}", position + 1),
        None => profile.to_owned(),
    }
}

/// `json:logs/retry`; for a declared source `json#2:logs/retry`; with `·value` if a pointer names streams.
pub(super) fn name(source: &str, folder: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("{source}:{folder}·{value}"),
        None => format!("{source}:{folder}"),
    }
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
        check("logs/6f9619ff-8b86-d011-b42d-00cf4fc964ff/a.jsonl", "logs");
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
