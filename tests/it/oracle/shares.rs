/*! The sentences that compare counts: with those before the change, or with the whole. */

use holdover::model::{Duration, Timestamp};
use holdover::wording;

use super::facts::{Evidence, Fact};
use super::planned;
use super::rhythms::{first_new, logged, us};
use super::silences::part;
use super::templates::Template;
use Fact::{Bound, Class, Count, Number, Of, Percent, Says, Word};

const SHOWS: &[&str] = &["shows", "show"];
const BELONGS: &[&str] = &["belongs", "belong"];

/// Attempts since the change of consumers that use the credential themselves.
const ALL_SINCE: &str = "latest_us >= $t0 AND earliest_us <= $a AND consumer_class IN ($direct) AND NOT degraded AND \
     (credential_uid IS NULL OR credential_binding IN ('direct', 'derived'))";
const UNKNOWN: &str =
    "(credential_binding NOT IN ('direct', 'derived') OR class_basis <> 'matched')";
const NOBODYS: &str = "consumer_class IS NULL AND credential_binding IN ('direct', 'derived') AND \
     (credential_state = 'new' OR credential_state = 'old' AND latest_us >= $t0)";

pub(super) const TEMPLATES: &[Template] = &[
    Template {
        rule: "activity-collapse",
        text: "`{class}` made {n} {span}; before the change, it never made fewer than {least} in a logged stretch of that length{tail}",
        slots: &[
            ("class", Class),
            ("n", Count(own!("latest_us >= $from"), "attempt")),
            ("span", Of(|e, _| whole_window(e))),
            ("least", Of(|e, class| wording::number(least(e, class, own!("earliest_us < $t0"))))),
            ("tail", Of(new_weekend)),
        ],
    },
    Template {
        rule: "activity-collapse",
        text: "`{class}` made {n} {span}; at the rate of the {time} that were logged before the change, {expected} were to be expected{tail}",
        slots: &[
            ("class", Class),
            ("n", Count(own!("latest_us >= $from"), "attempt")),
            ("span", Of(|e, _| whole_window(e))),
            ("time", Of(|e, class| wording::length_up(logged_before(e, class)))),
            (
                "expected",
                Of(|e, class| {
                    let (time, length) = (logged_before(e, class).0.max(1), planned::window(e).0);
                    let n =
                        i64::try_from(e.sum(own!("earliest_us < $t0"), class)).unwrap_or_default();
                    wording::number((n * length + time / 2) / time)
                }),
            ),
            ("tail", Of(new_weekend)),
        ],
    },
    Template {
        rule: "mapping-gap",
        text: "{stream} goes on with {records} in the window, and only {n} of `{class}` {are} read in it; no day before the change gave fewer than {least}",
        slots: &[
            ("stream", Bound),
            (
                "records",
                Of(|e, class| {
                    let sql = "SELECT CAST(SUM(records) AS BIGINT) AS v FROM logged WHERE stream = '$stream' AND from_us > \
                           $from AND to_us <= $a";
                    wording::count(e.ints(sql, class)[0], "record")
                }),
            ),
            ("n", Count(any!("earliest_us > $from AND stream = '$stream'"), "attempt")),
            ("class", Class),
            ("are", Word(&["is", "are"])),
            (
                "least",
                Of(|e, class| {
                    wording::number(least(
                        e,
                        class,
                        any!("earliest_us < $t0 AND stream = '$stream'"),
                    ))
                }),
            ),
        ],
    },
    Template {
        rule: "failure-rise",
        text: "{n} of {of} of `{class}` ({percent}) failed, {span}, for reasons that the logs do not give; {then}",
        slots: &[
            ("n", Of(|e, class| wording::number(later(e, class, "outcome = 'failure'")))),
            ("of", Of(|e, class| wording::count(later(e, class, "count > 0"), "attempt"))),
            ("class", Class),
            (
                "percent",
                Of(|e, class| {
                    let (n, of) =
                        (later(e, class, "outcome = 'failure'"), later(e, class, "count > 0"));
                    wording::percent(n, of)
                }),
            ),
            (
                "span",
                Of(|e, class| {
                    let rows = format!("{} AND outcome = 'failure'", later_rows(e, class));
                    let ends = ["MIN(earliest_us)", "MAX(latest_us)"];
                    let [first, last] =
                        ends.map(|end| Timestamp(e.number(end, &rows, class).unwrap_or_default()));
                    wording::span(first, last)
                }),
            ),
            ("then", Says(usual!(" failed", "outcome = 'failure'"))),
        ],
    },
    Template {
        rule: "quality-drop",
        text: "{when}, successes of `{class}` took {now} ms at the median, and took {then} ms before the change ({n} and {m} of them, without the fallback); chance does not explain that",
        slots: &[
            ("class", Class),
            ("when", Of(|e, class| measured_when(e, class, "duration_ms"))),
            ("now", Of(|e, class| median(e, class, "duration_ms", true).0)),
            ("then", Of(|e, class| median(e, class, "duration_ms", false).0)),
            ("n", Of(|e, class| median(e, class, "duration_ms", true).1)),
            ("m", Of(|e, class| median(e, class, "duration_ms", false).1)),
        ],
    },
    Template {
        rule: "quality-drop",
        text: "{when}, successes of `{class}` had a size of {now} at the median, and had {then} before the change ({n} and {m} of them, without the fallback); chance does not explain that",
        slots: &[
            ("class", Class),
            ("when", Of(|e, class| measured_when(e, class, "size"))),
            ("now", Of(|e, class| median(e, class, "size", true).0)),
            ("then", Of(|e, class| median(e, class, "size", false).0)),
            ("n", Of(|e, class| median(e, class, "size", true).1)),
            ("m", Of(|e, class| median(e, class, "size", false).1)),
        ],
    },
    Template {
        rule: "unversioned-evidence",
        text: "{n} of {of} of `{class}` in the window ({percent}) {show} no known version; before the change, {bad} of {all}{tail}",
        slots: &[
            (
                "n",
                Number(shown!(
                    "latest_us >= $from AND credential_binding NOT IN ('direct', 'derived')"
                )),
            ),
            ("of", Count(shown!("latest_us >= $from"), "success")),
            ("class", Class),
            (
                "percent",
                Percent(
                    shown!(
                        "latest_us >= $from AND credential_binding NOT IN ('direct', 'derived')"
                    ),
                    shown!("latest_us >= $from"),
                ),
            ),
            ("show", Word(SHOWS)),
            (
                "bad",
                Number(before!(
                    "outcome = 'success' AND NOT degraded AND credential_binding NOT IN ('direct', 'derived')"
                )),
            ),
            ("all", Number(before!("outcome = 'success' AND NOT degraded"))),
            ("tail", Of(dark)),
        ],
    },
    Template {
        rule: "unversioned-evidence",
        text: "{n} of `{class}` in {streams} {show} markers, but none of the plan",
        slots: &[
            (
                "n",
                Of(|e, class| {
                    let n: u64 = foreign_streams(e, class).iter().map(|(_, n)| n).sum();
                    wording::count(n, "attempt")
                }),
            ),
            ("class", Class),
            (
                "streams",
                Of(|e, class| {
                    let names: Vec<String> =
                        foreign_streams(e, class).into_iter().map(|(name, _)| name).collect();
                    wording::list(&names)
                }),
            ),
            ("show", Word(SHOWS)),
        ],
    },
    Template {
        rule: "unknown-truth-share",
        text: "{n} of {of} since the change ({percent}) {show} no known version, or {belong} to no consumer or to several",
        slots: &[
            ("n", Of(|e, _| wording::number(unknown(e).0))),
            ("of", Of(|e, _| wording::count(unknown(e).1, "attempt"))),
            (
                "percent",
                Of(|e, _| {
                    let (n, of) = unknown(e);
                    wording::percent(n, of)
                }),
            ),
            ("show", Word(SHOWS)),
            ("belong", Word(BELONGS)),
        ],
    },
];

fn whole_window(e: &mut Evidence) -> String {
    wording::span(Timestamp(us(e, "/window/from")), Timestamp(us(e, "/window/to")))
}

/// When the class was logged before the change.
fn spans_before(e: &mut Evidence, class: Option<&str>) -> Vec<(i64, i64)> {
    let end = us(e, "/rotation/introduced") - 1;
    logged(e, class)
        .into_iter()
        .map(|(from, to)| (from, to.min(end)))
        .filter(|(from, to)| from < to)
        .collect()
}

fn logged_before(e: &mut Evidence, class: Option<&str>) -> Duration {
    Duration(spans_before(e, class).iter().map(|(from, to)| to - from).sum())
}

/// The fewest of these rows in a logged stretch of the baseline as long as the window, in steps of an hour. A window of
/// more than a day is compared with days.
fn least(e: &mut Evidence, class: Option<&str>, rows: &str) -> i64 {
    let sql = format!("SELECT earliest_us AS v FROM tries WHERE {rows}");
    let (at, window) = (e.ints(&sql, class), planned::window(e).0);
    let stretches = spans_before(e, class).into_iter().flat_map(|(from, to)| {
        let ends = (0..).map(move |n| to - n * Duration::HOUR.0);
        ends.take_while(move |end| end - window >= from)
    });
    let counts =
        stretches.map(|end| at.iter().filter(|at| end - window < **at && **at <= end).count());
    i64::try_from(counts.min().unwrap_or_default()).unwrap_or_default()
}

/// Does the window hold a weekend, and the time before the change none?
fn new_weekend(e: &mut Evidence, class: Option<&str>) -> String {
    let is_weekend = |at: i64| matches!((at.div_euclid(Duration::DAY.0) + 4).rem_euclid(7), 0 | 6);
    let hours = |from: i64, to: i64| {
        (0..).map(move |n| from + n * Duration::HOUR.0).take_while(move |at| *at < to)
    };
    let before =
        spans_before(e, class).into_iter().any(|(from, to)| hours(from, to).any(is_weekend));
    let [from, to] = ["/window/from", "/window/to"].map(|end| us(e, end));
    let now = hours(from, to).filter(|at| is_weekend(*at)).count();
    let asked = usize::try_from((to - from) / Duration::HOUR.0 / 2).unwrap_or_default().min(24);
    let text = ", none of it on a weekend, as now";
    if !before && now >= asked.max(1) { text.to_owned() } else { String::new() }
}

/// Attempts in the window that are not with the old version; if there are fewer than 30, those since the first success
/// on the new one.
fn later_rows(e: &mut Evidence, class: Option<&str>) -> String {
    rows_after(e, class, &format!("{} AND credential_state <> 'old'", own!("latest_us >= $t0")))
}

/// Those of these rows that lie in the window; if there are fewer than 30, those since the first success on the new
/// version.
pub(super) fn rows_after(e: &mut Evidence, class: Option<&str>, of: &str) -> String {
    let rows = |from: i64| format!("{of} AND earliest_us >= {from}");
    let from = us(e, "/window/from");
    let first = first_new(e, class).map_or(from, |first| first.min(from));
    if e.sum(&rows(from), class) >= 30 { rows(from) } else { rows(first) }
}

fn later(e: &mut Evidence, class: Option<&str>, more: &str) -> u64 {
    let rows = later_rows(e, class);
    e.sum(&format!("{rows} AND {more}"), class)
}

/// The successes with a measure that are compared, as rows in the order of the measure.
fn measured(measure: &str, from: &str, side: &str) -> String {
    format!(
        "SELECT CAST(ROUND({measure} * 1000) AS BIGINT) AS v FROM tries WHERE consumer_class = $class AND outcome = \
         'success' AND NOT degraded AND {measure} IS NOT NULL AND earliest_us <= $a AND earliest_us {from} AND \
         credential_state <> '{side}' ORDER BY {measure}"
    )
}

/// Those of the window are compared, if they are 30 or more.
fn measured_when(e: &mut Evidence, class: Option<&str>, measure: &str) -> String {
    let within = e.ints(&measured(measure, ">= $from", "old"), class).len();
    if within >= 30 { "in the window".to_owned() } else { "since the change".to_owned() }
}

/// The median of a measure to three digits, and of how many successes it is.
fn median(
    e: &mut Evidence,
    class: Option<&str>,
    measure: &str,
    is_after: bool,
) -> (String, String) {
    let rows = match (is_after, measured_when(e, class, measure).as_str()) {
        (false, _) => measured(measure, "< $t0", "new"),
        (true, "in the window") => measured(measure, ">= $from", "old"),
        (true, _) => measured(measure, ">= $t0", "old"),
    };
    let values = e.ints(&rows, class);
    let middle = values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or_default();
    (format!("{}", middle / 1000), wording::number(values.len()))
}

/// The instances that show no version in the window.
fn dark(e: &mut Evidence, class: Option<&str>) -> String {
    let rows = shown!("latest_us >= $from AND instance <> ''");
    let all = e.texts("instance", rows, class);
    let known = format!("{rows} AND credential_binding IN ('direct', 'derived')");
    let known = e.texts("instance", &known, class);
    let dark: Vec<String> = all.into_iter().filter(|name| !known.contains(name)).collect();
    match dark.len() {
        0 => String::new(),
        1 => format!("; {} never shows one there", dark[0]),
        _ => format!("; {} never show one there", wording::list(&dark)),
    }
}

/// The log sources in which the class shows markers, but none of the plan, and how often.
fn foreign_streams(e: &mut Evidence, class: Option<&str>) -> Vec<(String, u64)> {
    let rows = any!("credential_uid IS NOT NULL");
    let all = e.texts("stream", rows, class);
    let known = e.texts(
        "stream",
        &format!("{rows} AND credential_binding IN ('direct', 'derived')"),
        class,
    );
    let foreign: Vec<String> = all.into_iter().filter(|name| !known.contains(name)).collect();
    foreign
        .into_iter()
        .map(|name| {
            let n = e.sum(&format!("{rows} AND stream = '{name}'"), class);
            (name, n)
        })
        .collect()
}

/// Attempts since the change whose version or consumer is not known, and all attempts.
fn unknown(e: &mut Evidence) -> (u64, u64) {
    let direct: Vec<String> =
        planned::names(e, planned::is_direct).into_iter().map(|name| format!("'{name}'")).collect();
    let all = ALL_SINCE.replace("$direct", &direct.join(", "));
    let nobodys = e.sum(NOBODYS, None);
    let n = e.sum(&format!("{all} AND {UNKNOWN}"), None);
    (n + nobodys, e.sum(&all, None) + nobodys)
}
