/*! The sentences on a success that is missing, and why none counts. */

use holdover::model::{Duration, Timestamp};
use holdover::wording;

use super::facts::{Evidence, Fact};
use super::planned;
use super::rhythms::{cadence, is_fresh, last_run, logged_since, us};
use super::silences::{LAST_NEW, LAST_OLD, NEW, part};
use super::templates::Template;
use Fact::{Class, Of, Says, Word};

const LAST_RUN: Fact =
    Of(|e, class| last_run(e, class).map(|at| at.to_string()).unwrap_or_default());
const DUE: Fact = Of(|e, class| due(e, class).map(|at| at.to_string()).unwrap_or_default());
const IN_WINDOW: &str = any!("latest_us >= $from");
const REJECTED: Fact = Of(|e, _| wording::count(rejects(e), "record"));
const REASON: Fact = Of(|e, _| commonest(e));

/// Why no success is fresh.
const WHY: &[Template] = &[
    part(
        "{no} input holds a record of it",
        &[("no", Of(|e, class| planned::none_if(rows(e, class) == 0)))],
    ),
    part(
        "{no} record of it is evidence, but {n} {were} rejected, most often for `{reason}`, and may be its",
        &[
            ("no", Of(|e, class| planned::none_if(rows(e, class) == 0))),
            ("n", REJECTED),
            ("were", Word(&["was", "were"])),
            ("reason", REASON),
        ],
    ),
    part(
        "records match it, but {none} shows a version or is an attempt; {n} of its logs {were} rejected, most often for `{reason}`",
        &[
            (
                "none",
                Of(
                    |e, class| {
                        if attempts(e, class) == 0 { "none".to_owned() } else { "some".to_owned() }
                    },
                ),
            ),
            ("n", REJECTED),
            ("were", Word(&["was", "were"])),
            ("reason", REASON),
        ],
    ),
    part(
        "records match it, but {none} up to {as_of} shows a version or is an attempt",
        &[
            (
                "none",
                Of(
                    |e, class| {
                        if attempts(e, class) == 0 { "none".to_owned() } else { "some".to_owned() }
                    },
                ),
            ),
            ("as_of", Fact::Report("/as_of")),
        ],
    ),
    part(
        "records match it, but {none} shows a version or is an attempt",
        &[(
            "none",
            Of(
                |e, class| {
                    if attempts(e, class) == 0 { "none".to_owned() } else { "some".to_owned() }
                },
            ),
        )],
    ),
    part(
        "its logs {do} not reach into the window, so its silence proves nothing",
        &[(
            "do",
            Of(|e, class| {
                let from = us(e, "/window/from");
                if logged_since(e, class, from) == Duration::ZERO {
                    "do".to_owned()
                } else {
                    "did".to_owned()
                }
            }),
        )],
    ),
    part(
        "{none} in the window shows a version of the plan",
        &[(
            "none",
            Of(|e, class| {
                let shown = e.sum(
                    any!("latest_us >= $from AND credential_binding IN ('direct', 'derived')"),
                    class,
                );
                no_attempt(e, class, shown)
            }),
        )],
    ),
    part(
        "{none} in the window succeeded on {new}",
        &[
            (
                "none",
                Of(|e, class| {
                    let worked = e.sum(new!("latest_us >= $from AND outcome = 'success'"), class);
                    no_attempt(e, class, worked)
                }),
            ),
            ("new", NEW),
        ],
    ),
    part(
        "its last success on {new}, at {at}, {why}",
        &[
            ("new", NEW),
            ("at", LAST_NEW),
            (
                "why",
                Says(&[
                    part(
                        "is not surely later than its last old use at {old}",
                        &[("old", LAST_OLD)],
                    ),
                    part(
                        "went through the {fallback}",
                        &[(
                            "fallback",
                            Of(|e, class| {
                                let last = e.number(
                                    "MAX(earliest_us)",
                                    new!("outcome = 'success' AND earliest_us >= $t0"),
                                    class,
                                );
                                let degraded = e.number(
                                    "MAX(earliest_us)",
                                    new!("outcome = 'success' AND degraded"),
                                    class,
                                );
                                if last == degraded {
                                    "fallback".to_owned()
                                } else {
                                    "main path".to_owned()
                                }
                            }),
                        )],
                    ),
                    part(
                        "is known from a {count} or an interval alone",
                        &[(
                            "count",
                            Of(|e, class| {
                                let rows = new!(
                                    "outcome = 'success' AND count = 1 AND earliest_us = latest_us AND earliest_us >= $t0"
                                );
                                let whole = new!("outcome = 'success' AND earliest_us >= $t0");
                                let is_single = e.number("MAX(earliest_us)", rows, class)
                                    == e.number("MAX(earliest_us)", whole, class);
                                if is_single { "record".to_owned() } else { "count".to_owned() }
                            }),
                        )],
                    ),
                    part(
                        "is {too} long ago",
                        &[(
                            "too",
                            Of(|e, class| {
                                let known = cadence(e, class, true).max(planned::window(e));
                                let last = e.number(
                                    "MAX(earliest_us)",
                                    new!("outcome = 'success' AND earliest_us >= $t0"),
                                    class,
                                );
                                let is_old =
                                    last.is_some_and(|last| us(e, "/as_of") - last > known.0);
                                if is_old { "too".to_owned() } else { "not".to_owned() }
                            }),
                        )],
                    ),
                ]),
            ),
        ],
    ),
    part(
        "it works on the new version in {elsewhere}, but its successes count in {places}",
        &[
            (
                "elsewhere",
                Fact::Names(
                    "environment",
                    new!("outcome = 'success' AND earliest_us >= $t0 AND environment IS NOT NULL"),
                ),
            ),
            (
                "places",
                Of(|e, class| {
                    let declared = e
                        .consumer(class)
                        .and_then(|one| one.get("environments")?.as_array().cloned());
                    let declared: Vec<String> = declared
                        .iter()
                        .flatten()
                        .filter_map(|one| Some(one.as_str()?.to_owned()))
                        .collect();
                    if !declared.is_empty() {
                        return wording::list(&declared);
                    }
                    let usual = e.texts(
                        "environment",
                        before!("outcome = 'success' AND environment IS NOT NULL"),
                        class,
                    );
                    wording::list(&usual)
                }),
            ),
        ],
    ),
    part(
        "its successes on {new} do not count: they also match {another} consumer",
        &[
            ("new", NEW),
            (
                "another",
                Of(|e, class| {
                    let rows = "consumer_class = $class AND credential_state = 'new' AND class_basis = 'ambiguous' AND \
                        outcome = 'success' AND latest_us >= $from";
                    if e.sum(rows, class) > 0 { "another".to_owned() } else { "no".to_owned() }
                }),
            ),
        ],
    ),
    part(
        "it last ran at {at}, and its next run is due by {due}",
        &[("at", LAST_RUN), ("due", DUE)],
    ),
    part(
        "it last ran at {at} and should have run again by {due}",
        &[("at", LAST_RUN), ("due", DUE)],
    ),
    part(
        "it last ran at {at}, and {how} often it runs is not known",
        &[
            ("at", LAST_RUN),
            (
                "how",
                Of(|e, class| {
                    if cadence(e, class, false) == Duration::ZERO {
                        "how".to_owned()
                    } else {
                        "that".to_owned()
                    }
                }),
            ),
        ],
    ),
    part(
        "it was never seen to run, and {how} often it runs is not known",
        &[(
            "how",
            Of(
                |e, class| {
                    if attempts(e, class) == 0 { "how".to_owned() } else { "that".to_owned() }
                },
            ),
        )],
    ),
];

const fn missing(rule: &'static str, text: &'static str) -> Template {
    Template {
        rule,
        text,
        slots: &[("class", Class), ("new", NEW), ("state", Of(state)), ("why", Says(WHY))],
    }
}

pub(super) const TEMPLATES: &[Template] = &[
    missing("silent-consumer", "no success proves that `{class}` works on {new} ({state}): {why}"),
    missing(
        "exception-path-untested",
        "no success proves that exception path `{class}` works on {new} ({state}): {why}",
    ),
];

fn rows(e: &mut Evidence, class: Option<&str>) -> i64 {
    e.ints("SELECT COUNT(*) AS v FROM evidence WHERE consumer_class = $class", class)[0]
}

fn attempts(e: &mut Evidence, class: Option<&str>) -> u64 {
    e.sum(any!("count > 0"), class)
}

fn rejects(e: &mut Evidence) -> i64 {
    e.ints("SELECT COUNT(*) AS v FROM refused", None)[0]
}

fn commonest(e: &mut Evidence) -> String {
    let sql =
        "SELECT reason AS v FROM refused GROUP BY reason ORDER BY COUNT(*) DESC, reason LIMIT 1";
    e.strings(sql, None).concat()
}

/// `none of its 7 attempts`, `not even its only attempt`, if it is so.
fn no_attempt(e: &mut Evidence, class: Option<&str>, of_these: u64) -> String {
    match e.sum(IN_WINDOW, class) {
        _ if of_these > 0 => format!("{of_these} of them"),
        1 => "not even its only attempt".to_owned(),
        n => format!("none of its {}", wording::count(n, "attempt")),
    }
}

fn due(e: &mut Evidence, class: Option<&str>) -> Option<Timestamp> {
    let is_fresh = is_fresh(e, class);
    let cadence = cadence(e, class, is_fresh);
    Some(last_run(e, class)? + cadence)
}

fn state(e: &mut Evidence, class: Option<&str>) -> String {
    let from = us(e, "/window/from");
    let tried = e.sum(IN_WINDOW, class);
    let versioned =
        e.sum(any!("latest_us >= $from AND credential_binding IN ('direct', 'derived')"), class);
    let as_of = us(e, "/as_of");
    let is_known = cadence(e, class, false) > Duration::ZERO;
    let seen =
        "SELECT COUNT(*) AS v FROM evidence WHERE consumer_class = $class AND earliest_us <= $a";
    let state = if e.ints(seen, class) == [0] {
        "never seen"
    } else if logged_since(e, class, from) == Duration::ZERO || tried > 0 && versioned == 0 {
        "not logged in the window"
    } else if tried > 0 {
        "active"
    } else if !is_known {
        "silent, schedule unknown"
    } else if due(e, class).is_some_and(|due| due.0 > as_of) {
        "not due yet"
    } else {
        "overdue"
    };
    state.to_owned()
}
