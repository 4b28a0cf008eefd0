/*! The sentences on the ways of cutting over. */

use holdover::model::{Duration, Timestamp};
use holdover::wording;

use super::facts::{Evidence, Fact};
use super::planned::{self, is_judged, window};
use super::rhythms::{first_new, us};
use super::silences::part;
use super::templates::Template;
use Fact::{Of, Says, Word};

const FIRST: Fact = Of(|e, _| Timestamp(ends(e).0).to_string());
const LAST: Fact = Of(|e, _| Timestamp(ends(e).1).to_string());
const BOTH: Fact = Of(|e, _| {
    let (first, last) = ends(e);
    wording::length(Duration(last - first))
});
const WAITING: Fact = Of(|e, _| {
    let waiting: Vec<String> =
        judged(e).into_iter().filter(|name| first_new(e, Some(name)).is_none()).collect();
    let waiting: Vec<String> = waiting.into_iter().map(|name| format!("`{name}`")).collect();
    wording::list(&waiting)
});
const HAVE: &[&str] = &["has", "have"];

/// Why the declared model is violated.
const VIOLATED: &[Template] = &[
    part(
        "`{named}` succeeded on both versions for {length}, from {from} to {to}: more than its session and the skew together, {narrow}",
        &[
            ("named", Of(|e, _| overlap(e).0)),
            (
                "length",
                Of(|e, _| {
                    let (_, from, to) = overlap(e);
                    wording::length(Duration(to - from))
                }),
            ),
            ("from", Of(|e, _| Timestamp(overlap(e).1).to_string())),
            ("to", Of(|e, _| Timestamp(overlap(e).2).to_string())),
            (
                "narrow",
                Of(|e, _| {
                    let name = overlap(e).0;
                    wording::length_up(
                        e.session(Some(&name)).unwrap_or_default() + Duration::MINUTE,
                    )
                }),
            ),
        ],
    ),
    part(
        "`{leader}` succeeded on the new version from {from} on, and `{last}` on the old one until {to}, {later} later: more than the longest session and the skew together, {narrow}",
        &[
            (
                "leader",
                Of(|e, _| by_start(e).into_iter().next().map(|(_, name)| name).unwrap_or_default()),
            ),
            ("from", FIRST),
            ("last", Of(|e, _| last_success(e).1)),
            ("to", Of(|e, _| Timestamp(last_success(e).0).to_string())),
            (
                "later",
                Of(|e, _| {
                    let (first, _) = ends(e);
                    wording::length(Duration(last_success(e).0 - first))
                }),
            ),
            ("narrow", Of(|e, _| wording::length_up(longest_session(e) + Duration::MINUTE))),
        ],
    ),
    part(
        "the old version is refused since {at}, and {no} success on it is logged after that: it is no longer valid",
        &[
            ("at", Of(|e, _| Timestamp(refused_since(e)).to_string())),
            (
                "no",
                Of(|e, _| {
                    let since = refused_since(e);
                    planned::none_if(
                        e.sum(
                            &format!("{OLD} AND outcome = 'success' AND latest_us >= {since}"),
                            None,
                        ) == 0,
                    )
                }),
            ),
        ],
    ),
    part(
        "the alias moved to the new version at {moved}, and the configuration says old again at {back}",
        &[
            ("moved", Of(|e, _| Timestamp(alias(e)).to_string())),
            (
                "back",
                Of(|e, _| {
                    let sql = "SELECT MAX(latest_us) AS v FROM evidence WHERE evidence_layer = 'configuration' AND credential_state = 'old'";
                    Timestamp(e.ints(sql, None).first().copied().unwrap_or_default()).to_string()
                }),
            ),
        ],
    ),
    part(
        "the alias moved at {moved}, and `{last}` still used the old version at {at}, {later} later: it had to follow within {allowed}",
        &[
            ("moved", Of(|e, _| Timestamp(alias(e)).to_string())),
            ("last", Of(|e, _| last_use(e).1)),
            ("at", Of(|e, _| Timestamp(last_use(e).0).to_string())),
            (
                "later",
                Of(|e, _| {
                    let moved = alias(e);
                    wording::length(Duration(last_use(e).0 - moved))
                }),
            ),
            (
                "allowed",
                Of(|e, _| {
                    let name = last_use(e).1;
                    wording::length_up(
                        e.session(Some(&name)).unwrap_or_default() + Duration::MINUTE,
                    )
                }),
            ),
        ],
    ),
    part(
        "`{later}` began to move at {began}, while `{earlier}`, which began before it, used the old version until {until}",
        &[
            ("later", Of(|e, _| overtaken(e).1)),
            (
                "began",
                Of(|e, _| {
                    let name = overtaken(e).1;
                    Timestamp(first_new(e, Some(&name)).unwrap_or_default()).to_string()
                }),
            ),
            ("earlier", Of(|e, _| overtaken(e).0)),
            (
                "until",
                Of(|e, _| {
                    let name = overtaken(e).0;
                    Timestamp(last_old(e, &name).unwrap_or_default()).to_string()
                }),
            ),
        ],
    ),
];

/// Why another model fits.
const FITTING: &[Template] = &[
    part(
        "{no} other model fits either",
        &[(
            "no",
            Of(|e, _| {
                planned::none_if(judged(e).iter().all(|name| first_new(e, Some(name)).is_none()))
            }),
        )],
    ),
    part(
        "`atomic` fits: no consumer succeeded on the old version later than {narrow} after the first success on the new one, at {first}",
        &[
            (
                "narrow",
                Of(|e, _| {
                    let narrow = longest_session(e) + Duration::MINUTE;
                    let (first, last) = (ends(e).0, last_success(e).0);
                    if last <= first + narrow.0 {
                        wording::length_up(narrow)
                    } else {
                        "less".to_owned()
                    }
                }),
            ),
            ("first", FIRST),
        ],
    ),
    part(
        "`versioned-alias` fits: the alias moved at {moved}, and {every} consumer was seen to follow",
        &[
            ("moved", Of(|e, _| Timestamp(alias(e)).to_string())),
            ("every", Of(|e, _| every_if_moved(e))),
        ],
    ),
    part(
        "`consumer-by-consumer` fits: {every} consumer has moved, and none began before the one before it was done",
        &[(
            "every",
            Of(|e, _| {
                let (earlier, _) = overtaken(e);
                if earlier.is_empty() { every_if_moved(e) } else { "not every".to_owned() }
            }),
        )],
    ),
    part(
        "`dual-valid` fits: both versions were in use for {length}, from {first} to {last}; {names} {have} not succeeded on the new version yet",
        &[
            ("length", BOTH),
            ("first", FIRST),
            ("last", LAST),
            ("names", WAITING),
            ("have", Word(HAVE)),
        ],
    ),
    part(
        "`dual-valid` fits: both versions were in use for {length}, from {first} to {last}, and {where} of it lies in the window",
        &[
            ("length", BOTH),
            ("first", FIRST),
            ("last", LAST),
            (
                "where",
                Of(|e, _| {
                    let from = us(e, "/as_of") - window(e).0;
                    if ends(e).1 >= from { "the last".to_owned() } else { "none".to_owned() }
                }),
            ),
        ],
    ),
    part(
        "`dual-valid` fits: {no} old use is logged after the first success on the new version, at {first}; {names} {have} not succeeded on the new version yet",
        &[
            ("no", Of(|e, _| no_old_after(e))),
            ("first", FIRST),
            ("names", WAITING),
            ("have", Word(HAVE)),
        ],
    ),
];

pub(super) const TEMPLATES: &[Template] = &[Template {
    rule: "model-mismatch",
    text: "the plan says `{model}`, and {why}; {fits}",
    slots: &[
        (
            "model",
            Of(|e, _| {
                let (said, declared) = (e.value("model"), &e.plan["rotation"]["model"]);
                let mut listed = declared.as_array().into_iter().flatten();
                let is_declared = declared.as_str() == Some(&said)
                    || listed.any(|one| one.as_str() == Some(&said));
                if is_declared { said } else { format!("{declared}") }
            }),
        ),
        ("why", Says(VIOLATED)),
        ("fits", Says(FITTING)),
    ],
}];

const OLD: &str = "credential_state = 'old' AND credential_binding IN ('direct', 'derived') AND consumer_class IS NOT NULL \
     AND earliest_us <= $a";

fn judged(e: &Evidence) -> Vec<String> {
    planned::names(e, is_judged)
}

fn last_old(e: &mut Evidence, class: &str) -> Option<i64> {
    e.number("MAX(latest_us)", old!("earliest_us <= $a"), Some(class))
}

/// The first success on the new version, and the last use of the old one.
fn ends(e: &mut Evidence) -> (i64, i64) {
    let first = by_start(e).first().map_or(0, |(at, _)| *at);
    (first, last_use(e).0)
}

/// The consumers in the order in which they began to move.
fn by_start(e: &mut Evidence) -> Vec<(i64, String)> {
    let names = judged(e);
    let mut began: Vec<(i64, String)> =
        names.into_iter().filter_map(|name| Some((first_new(e, Some(&name))?, name))).collect();
    began.sort();
    began
}

fn last_use(e: &mut Evidence) -> (i64, String) {
    let names = judged(e);
    let used = names.into_iter().filter_map(|name| Some((last_old(e, &name)?, name)));
    used.max().unwrap_or_default()
}

fn last_success(e: &mut Evidence) -> (i64, String) {
    let names = judged(e);
    let worked = names.into_iter().filter_map(|name| {
        let at = e.number(
            "MAX(latest_us)",
            old!("outcome = 'success' AND earliest_us <= $a"),
            Some(&name),
        )?;
        Some((at, name))
    });
    worked.max().unwrap_or_default()
}

/// The consumer that worked on both versions for longest, and from when to when.
fn overlap(e: &mut Evidence) -> (String, i64, i64) {
    let began = by_start(e);
    let overlaps = began.into_iter().filter_map(|(from, name)| {
        let to = e.number(
            "MAX(latest_us)",
            old!("outcome = 'success' AND earliest_us <= $a"),
            Some(&name),
        )?;
        Some((to - from, name, from, to))
    });
    overlaps.max().map(|(_, name, from, to)| (name, from, to)).unwrap_or_default()
}

fn longest_session(e: &Evidence) -> Duration {
    let sessions = judged(e).into_iter().filter_map(|name| e.session(Some(&name)));
    sessions.max().unwrap_or_default()
}

fn refused_since(e: &mut Evidence) -> i64 {
    let rows = format!("{OLD} AND outcome = 'auth_failure' AND earliest_us >= $t0");
    e.number("MIN(earliest_us)", &rows, None).unwrap_or_default()
}

fn alias(e: &mut Evidence) -> i64 {
    let sql = "SELECT MIN(earliest_us) AS v FROM evidence WHERE evidence_layer = 'configuration' AND credential_state = \
               'new' AND latest_us >= $t0";
    e.ints(sql, None).first().copied().unwrap_or_default()
}

/// The first consumer that was not done when another began after it, and the first such other.
fn overtaken(e: &mut Evidence) -> (String, String) {
    let began = by_start(e);
    for (n, (from, earlier)) in began.iter().enumerate() {
        let Some(ended) = last_old(e, earlier).filter(|ended| ended > from) else { continue };
        let later = began.iter().skip(n + 1).find(|(at, _)| at + Duration::MINUTE.0 < ended);
        if let Some((_, later)) = later {
            return (earlier.clone(), later.clone());
        }
    }
    Default::default()
}

fn every_if_moved(e: &mut Evidence) -> String {
    let have_moved = judged(e).iter().all(|name| {
        let last = e.number(
            "MAX(earliest_us)",
            new!("outcome = 'success' AND earliest_us >= $t0"),
            Some(name),
        );
        let old = last_old(e, name);
        last.is_some_and(|last| old.is_none_or(|old| old < last))
    });
    if have_moved { "every".to_owned() } else { "not every".to_owned() }
}

fn no_old_after(e: &mut Evidence) -> String {
    let (first, last) = ends(e);
    planned::none_if(last <= first)
}
