/*! How a line looks that begins a record. In a text whose records span lines, a line that starts with a time of its
 * own, or as the records of a known source start, never continues the record before it.
 */

use std::sync::OnceLock;

use regex::RegexSet;

use crate::map::ProfileReading;
use crate::profile::Expression;

/// The beginnings of records that carry no time in front.
const UNDATED: &[&str] = &[
    // A JSON object: at the margin, or whole on its line.
    r#"\{\s*""#,
    r#"\s*\{\s*".*\}\s*$"#,
    // `key=value` pairs; with white space in front only where the first is a time.
    r#"[A-Za-z_][\w.]*=(?:"[^"]*"|\S*) [A-Za-z_][\w.]*="#,
    r"\s+(?:time|ts|timestamp|date)=\S",
    // The priority of syslog, perhaps behind a count of octets.
    r"(?:\d+ )?<\d{1,3}>",
    // An access log: host, identity, user, then the time.
    r"\S+ \S+ \S.* \[\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d",
    // Python's default format, a level and the name of the logger.
    r"(?:DEBUG|INFO|WARNING|ERROR|CRITICAL):[\w.]+:",
    // `docker compose logs`.
    r"[\w.-]+-\d+ +\| ",
    // `kubectl logs --prefix`.
    r"\[pod/\S+/\S+\] ",
    // The Common Event Format and its kin.
    r"(?:CEF|LEEF):\d",
];

/// What may stand before the time of a record: brackets, a level, a process, an address.
const BEFORE_TIME: &str = r#"(?:[\[(<"]?[A-Za-z0-9_.:/#@%*-]{1,40}[\])>]?[,:]? ){0,2}[\[(<"]{0,2}"#;

/// The times with which records start. A date alone is no time: text is full of dates.
const TIMES: &[&str] = &[
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d",
    r"\d{4}/\d\d/\d\d[T ]\d\d:\d\d:\d\d",
    r"\d\d[./]\d\d[./]\d{4},?[T ]\d{1,2}:\d\d",
    r"\d{1,2}/\d{1,2}/\d{4},? \d{1,2}:\d\d",
    r"\d\d/[A-Z][a-z][a-z]/\d{4}[: ]\d\d:\d\d:\d\d",
    r"\d{1,2}[ -][A-Z][a-z][a-z][ -]\d{4} \d\d:\d\d:\d\d",
    r"(?:[A-Z][a-z][a-z],? )?[A-Z][a-z][a-z] {1,2}\d{1,2}(?: \d{4})?,? \d\d:\d\d:\d\d",
    r"(?:[A-Z][a-z][a-z], )\d\d [A-Z][a-z][a-z] \d{4} \d\d:\d\d:\d\d",
    r"\d{6} [ \d]\d:\d\d:\d\d",
    r"\d{8}T?\d{6}",
    r"[IWEF]\d{4} \d\d:\d\d:\d\d",
    r"\d{10}(?:\.\d{1,9}|\d{3})?[ \]]",
];

/// An expression for the first line of a record, in a source whose own records start with `of_source`. `readings`: all
/// that may be found in the same input.
pub(super) fn expression(of_source: &str, readings: &[ProfileReading]) -> String {
    let known = readings.iter().filter_map(|reading| reading.profile.start.as_ref());
    let known = known.map(|start| start.text().to_owned());
    let undated = UNDATED.iter().map(|start| format!("^{start}"));
    let dated = format!("^{BEFORE_TIME}(?:{})", TIMES.join("|"));
    let mut starts = vec![of_source.to_owned(), dated];
    starts.extend(undated.chain(known));
    starts.iter().map(|start| format!("(?:{start})")).collect::<Vec<_>>().join("|")
}

/// How the records of the sources start whose records may span lines: one search for all of them.
#[derive(Debug, Default)]
pub(super) struct RecordStarts(OnceLock<Option<RegexSet>>);

impl RecordStarts {
    /// The readings of which one of these lines may start a record, in their order.
    pub(super) fn seen_in<'r>(
        &self,
        lines: &[&str],
        readings: &'r [ProfileReading],
    ) -> Vec<&'r ProfileReading> {
        let with_start = readings.iter().filter(|reading| reading.profile.start.is_some());
        let with_start: Vec<&ProfileReading> = with_start.collect();
        // Without the set, which only a very large expression of a plan may prevent, each is tried.
        let Some(set) = self.0.get_or_init(|| set_of(&with_start)) else { return with_start };
        let found: Vec<_> = lines.iter().map(|line| set.matches(line)).collect();
        let is_seen = |number: &usize| found.iter().any(|matches| matches.matched(*number));
        (0..with_start.len()).filter(is_seen).map(|number| with_start[number]).collect()
    }
}

fn set_of(readings: &[&ProfileReading]) -> Option<RegexSet> {
    let starts = readings.iter().filter_map(|reading| reading.profile.start.as_ref());
    RegexSet::new(starts.map(Expression::with_ten_digits)).ok()
}
