/*! The sentences on what was exported (holes, damage, rejects, copies, clocks), and on uses that no plan knows. */

use holdover::model::{Duration, Timestamp};
use holdover::wording;

use super::facts::{Evidence, Fact};
use super::rhythms::{needed, recorded, streams, us};
use super::templates::Template;
use Fact::{Bound, Class, Count, Of, On, Span, Times, Word};

const ARE: &[&str] = &["is", "are"];
const HAVE: &[&str] = &["has", "have"];
const HOLD: &[&str] = &["holds", "hold"];

pub(super) const TEMPLATES: &[Template] = &[
    Template {
        rule: "coverage-hole",
        text: "{n} of `{class}` ({names}) {have} {gaps} in the window, {the_longest}from {from} to {to}",
        slots: &[
            ("n", Of(|e, class| wording::count(broken(e, class).len(), "log source"))),
            ("class", Class),
            (
                "names",
                Of(|e, class| {
                    let names: Vec<String> =
                        broken(e, class).into_iter().map(|(name, _)| name).collect();
                    wording::list(&names)
                }),
            ),
            ("have", Word(HAVE)),
            ("gaps", Of(|e, class| wording::count(holes(e, class).len(), "gap"))),
            (
                "the_longest",
                Of(|e, class| {
                    if holes(e, class).len() > 1 {
                        "the longest ".to_owned()
                    } else {
                        String::new()
                    }
                }),
            ),
            ("from", Of(|e, class| Timestamp(longest(e, class).0).to_string())),
            ("to", Of(|e, class| Timestamp(longest(e, class).1).to_string())),
        ],
    },
    Template {
        rule: "damaged-input",
        text: "{n} with records of `{class}` {are} damaged{the_first}: {path}, {what}; {hole}{tail}",
        slots: &[
            ("n", Of(|e, _| damaged(e, "CAST(COUNT(*) AS BIGINT)"))),
            ("class", Class),
            ("are", Word(ARE)),
            ("the_first", Word(&["", ", the first"])),
            ("path", Bound),
            ("what", Of(|e, _| at_path(e, "damage"))),
            ("hole", Of(lost_after)),
            ("tail", Of(unread_marker)),
        ],
    },
    Template {
        rule: "damaged-input",
        text: "{n} without records of any consumer {are} damaged{the_first}: {path}, {what}; {hole}{tail}",
        slots: &[
            ("n", Of(|e, _| damaged(e, "CAST(COUNT(*) AS BIGINT)"))),
            ("are", Word(ARE)),
            ("the_first", Word(&["", ", the first"])),
            ("path", Bound),
            ("what", Of(|e, _| at_path(e, "damage"))),
            ("hole", Of(lost_after)),
            ("tail", Of(unread_marker)),
        ],
    },
    Template {
        rule: "rejected-records",
        text: "{n} of {of} of {streams}, where `{class}` is logged, could not be understood: {causes}",
        slots: &[
            ("n", Of(|e, _| wording::number(rejects(e, "count")))),
            ("of", Of(|e, class| wording::count(rejects(e, "count") + dated(e, class), "record"))),
            ("streams", Of(|e, class| wording::list(&streams(e, class)))),
            ("class", Class),
            ("causes", Of(|e, _| causes(e))),
        ],
    },
    Template {
        rule: "rejected-records",
        text: "{n} of {of} of inputs and log sources without a known consumer could not be understood: {causes}",
        slots: &[
            ("n", Of(|e, _| wording::number(rejects(e, "count")))),
            ("of", Of(|e, _| wording::count(rejects(e, "count") + dated_of_nobody(e), "record"))),
            ("causes", Of(|e, _| causes(e))),
        ],
    },
    Template {
        rule: "rejected-records",
        text: "{n} without a known consumer could not be understood and {hold} a marker of the old version: {causes}",
        slots: &[
            ("n", Of(|e, _| wording::count(rejects(e, "old"), "record"))),
            ("hold", Word(HOLD)),
            ("causes", Of(|e, _| causes(e))),
        ],
    },
    Template {
        rule: "rejected-records",
        text: "{n} of log sources of `{class}` could not be understood and {hold} a marker of the old version: {causes}",
        slots: &[
            ("n", Of(|e, _| wording::count(rejects(e, "old"), "record"))),
            ("class", Class),
            ("hold", Word(HOLD)),
            ("causes", Of(|e, _| causes(e))),
        ],
    },
    Template {
        rule: "duplicate-records",
        text: "{n} of {paths} {are} also in another export, and {counted} counted once",
        slots: &[
            (
                "n",
                Of(|e, _| {
                    let sql = "SELECT CAST(SUM(duplicate) AS BIGINT) AS v FROM inputs";
                    wording::count(e.ints(sql, None)[0], "record")
                }),
            ),
            (
                "paths",
                Of(|e, _| {
                    let sql = "SELECT path AS v FROM inputs WHERE duplicate > 0 ORDER BY path";
                    wording::list(&e.strings(sql, None))
                }),
            ),
            ("are", Word(ARE)),
            ("counted", Word(ARE)),
        ],
    },
    Template {
        rule: "clock-skew",
        text: "the clocks of {one} and {other} differ by at least {offset}, by {n} that both logged",
        slots: &[
            ("one", Of(|e, _| pairs(e).0)),
            ("other", Of(|e, _| pairs(e).1)),
            ("offset", Of(|e, _| wording::length(Duration(pairs(e).2)))),
            ("n", Of(|e, _| wording::count(pairs(e).3, "request"))),
        ],
    },
    Template {
        rule: "zone-assumed",
        text: "{n} of `{stream}` {name} no time zone and {are} read as UTC",
        slots: &[
            (
                "n",
                Of(|e, _| {
                    let sql = "SELECT COUNT(*) AS v FROM evidence WHERE event_time_basis = 'zone_assumed' AND stream = '$stream'";
                    wording::count(e.ints(sql, None)[0], "record")
                }),
            ),
            ("stream", Bound),
            ("name", Word(&["names", "name"])),
            ("are", Word(ARE)),
        ],
    },
    Template {
        rule: "slot-hazard",
        text: "{n} of `{class}` in the window {show} a credential that is not in the plan and was not seen before the change, {span}{on}",
        slots: &[
            (
                "n",
                Count(
                    any!("latest_us >= $from AND credential_binding = 'none' AND uid_us >= $t0"),
                    "record",
                ),
            ),
            ("class", Class),
            ("show", Word(&["shows", "show"])),
            (
                "span",
                Span(any!("latest_us >= $from AND credential_binding = 'none' AND uid_us >= $t0")),
            ),
            (
                "on",
                On(any!("latest_us >= $from AND credential_binding = 'none' AND uid_us >= $t0")),
            ),
        ],
    },
    Template {
        rule: "undeclared-baseline",
        text: "a consumer that is not in the plan used the old version {times} before the change, {span}, and {not} since: {line}",
        slots: &[
            ("times", Times(undeclared!("latest_us < $t0"))),
            ("span", Span(undeclared!("latest_us < $t0"))),
            (
                "not",
                Of(|e, _| {
                    if e.sum(undeclared!("latest_us >= $t0"), None) == 0 {
                        "not".to_owned()
                    } else {
                        "also".to_owned()
                    }
                }),
            ),
            ("line", Bound),
        ],
    },
    Template {
        rule: "undeclared-new",
        text: "a consumer that is not in the plan used the new version {times}, {span}: {line}",
        slots: &[
            ("times", Times(undeclared_new!("count > 0"))),
            ("span", Span(undeclared_new!("count > 0"))),
            ("line", Bound),
        ],
    },
];

/// The log sources of the class that did not record in all of the window, and when.
fn broken(e: &mut Evidence, class: Option<&str>) -> Vec<(String, Vec<(i64, i64)>)> {
    let lag = (Duration::MINUTE.0 * 15).min(super::planned::window(e).0 / 4);
    let (from, end) = (us(e, "/window/from"), us(e, "/as_of") - lag);
    let mut broken = Vec::new();
    for stream in streams(e, class) {
        let (mut at, mut holes) = (from.min(end), Vec::new());
        for (begin, until) in recorded(e, &stream) {
            if begin > at && begin.min(end) > at {
                holes.push((at, begin.min(end)));
            }
            at = at.max(until);
        }
        if at < end {
            holes.push((at, end));
        }
        if !holes.is_empty() {
            broken.push((stream, holes));
        }
    }
    broken
}

fn holes(e: &mut Evidence, class: Option<&str>) -> Vec<(i64, i64)> {
    broken(e, class).into_iter().flat_map(|(_, holes)| holes).collect()
}

fn longest(e: &mut Evidence, class: Option<&str>) -> (i64, i64) {
    holes(e, class).into_iter().max_by_key(|(from, to)| (to - from, *from)).unwrap_or_default()
}

fn damaged(e: &mut Evidence, what: &str) -> String {
    let sql = format!("SELECT {what} AS v FROM inputs WHERE damage IS NOT NULL");
    wording::count(e.ints(&sql, None)[0], "input")
}

fn at_path(e: &mut Evidence, column: &str) -> String {
    e.strings(&format!("SELECT {column} AS v FROM inputs WHERE path = '$path'"), None).concat()
}

fn lost_after(e: &mut Evidence, _class: Option<&str>) -> String {
    let sql = "SELECT CAST(last_time AS BIGINT) AS v FROM inputs WHERE path = '$path'";
    match e.ints(sql, None).first() {
        Some(at) => format!("records are missing after {}", Timestamp(*at)),
        None => "it is not known from when on records are missing".to_owned(),
    }
}

/// Do the bytes behind the last row of the input hold an old marker?
fn unread_marker(e: &mut Evidence, _class: Option<&str>) -> String {
    let sql = "SELECT MAX(CAST(offset + length AS BIGINT)) AS v FROM evidence AS e JOIN inputs AS i ON e.input = i.input \
               WHERE i.path = '$path'";
    let read =
        e.ints(sql, None).first().and_then(|at| usize::try_from(*at).ok()).unwrap_or_default();
    let bytes = std::fs::read(e.value("path")).unwrap_or_default();
    let rest = String::from_utf8_lossy(bytes.get(read..).unwrap_or_default()).into_owned();
    let is_held = super::strays::old_markers(e).iter().any(|(_, marker)| rest.contains(marker));
    let text = ", and the bytes that were not read hold a marker of the old version";
    if is_held { text.to_owned() } else { String::new() }
}

/// How many records were rejected: all (`count`), or those with an old marker (`old`).
fn rejects(e: &mut Evidence, which: &str) -> i64 {
    let rows = if which == "old" { "WHERE old_marker" } else { "" };
    e.ints(&format!("SELECT COUNT(*) AS v FROM refused {rows}"), None)[0]
}

/// The records in the time for which the class must be silent. A minute counts if it lies in it as a whole.
fn dated(e: &mut Evidence, class: Option<&str>) -> i64 {
    let from = us(e, "/as_of") - needed(e, class).0;
    let sql = format!(
        "SELECT CAST(SUM(records) AS BIGINT) AS v FROM logged WHERE from_us >= {from} AND to_us <= $a"
    );
    e.ints(&sql, class).first().copied().unwrap_or_default()
}

/// The same of the log sources in which no class appears, in the longest time for which one must be silent.
fn dated_of_nobody(e: &mut Evidence) -> i64 {
    let names = super::planned::names(e, |_| true);
    let need = names.iter().map(|name| needed(e, Some(name))).max().unwrap_or_default();
    let from = us(e, "/as_of") - need.0;
    let sql = format!(
        "SELECT CAST(SUM(records) AS BIGINT) AS v FROM logged WHERE from_us >= {from} AND to_us <= $a AND stream NOT IN \
         (SELECT stream FROM evidence WHERE consumer_class IS NOT NULL)"
    );
    e.ints(&sql, None).first().copied().unwrap_or_default()
}

fn causes(e: &mut Evidence) -> String {
    let sql =
        "SELECT reason AS v FROM refused GROUP BY reason ORDER BY COUNT(*) DESC, reason LIMIT 3";
    let reasons = e.strings(sql, None);
    let words: Vec<String> = reasons
        .into_iter()
        .map(|reason| {
            let n = e.ints(
                &format!("SELECT COUNT(*) AS v FROM refused WHERE reason = '{reason}'"),
                None,
            )[0];
            format!("{reason} ({})", wording::number(n))
        })
        .collect();
    wording::list(&words)
}

/// Two log sources that logged the same requests, by how much their times differ at least, and in how many requests.
fn pairs(e: &mut Evidence) -> (String, String, i64, i64) {
    let join = "FROM evidence AS a JOIN evidence AS b ON a.trace_id = b.trace_id WHERE a.stream < b.stream";
    let apart = e.ints(&format!("SELECT a.earliest_us - b.earliest_us AS v {join}"), None);
    let name = |e: &mut Evidence, of: &str| {
        e.strings(&format!("SELECT DISTINCT {of}.stream AS v {join}"), None).concat()
    };
    let least = apart.iter().map(|apart| apart.abs()).min().unwrap_or_default();
    (name(e, "a"), name(e, "b"), least, i64::try_from(apart.len()).unwrap_or_default())
}
