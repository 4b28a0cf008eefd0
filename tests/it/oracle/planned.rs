/*! What the plan says, read from its TOML, and the sentences that rest on it alone. */

use holdover::model::Duration;
use holdover::wording;
use toml::Value;

use super::facts::{Evidence, Fact};
use super::templates::Template;
use Fact::{Bound, Class, Count, Number, Of, Span, Versions, Word};

const HAVE: &[&str] = &["has", "have"];

pub(super) const TEMPLATES: &[Template] = &[
    Template {
        rule: "incomplete-plan",
        text: "the plan calls `{class}` disabled, and it made {n} in the window, {span}",
        slots: &[
            ("class", Of(|e, class| named_if(e, class, |one| flag(one, "disabled")))),
            ("n", Count(any!("latest_us >= $from"), "attempt")),
            ("span", Span(any!("latest_us >= $from"))),
        ],
    },
    Template {
        rule: "incomplete-plan",
        text: "the plan calls `{class}` indirect, and {n} of it {show} {versions}, {span}",
        slots: &[
            ("class", Of(|e, class| named_if(e, class, |one| !is_direct(one)))),
            ("n", Count(any!("credential_binding IN ('direct', 'derived')"), "attempt")),
            ("show", Word(&["shows", "show"])),
            ("versions", Versions(any!("credential_binding IN ('direct', 'derived')"))),
            ("span", Span(any!("credential_binding IN ('direct', 'derived')"))),
        ],
    },
    Template {
        rule: "incomplete-plan",
        text: "the plan does not set {keys} of the rotation",
        slots: &[("keys", Of(|e, _| missing_of_rotation(e)))],
    },
    Template {
        rule: "incomplete-plan",
        text: "the plan does not set {keys} of `{class}`",
        slots: &[("keys", Of(missing_of_class)), ("class", Class)],
    },
    Template {
        rule: "unowned-boundary",
        text: "{n} that {depend} on this credential {have} no owner: {names}",
        slots: &[
            ("n", Of(|e, _| wording::count(names(e, is_unowned).len(), "consumer"))),
            ("depend", Word(&["depends", "depend"])),
            ("have", Word(HAVE)),
            ("names", Of(|e, _| wording::list(&names(e, is_unowned)))),
        ],
    },
    Template {
        rule: "overloaded-credential",
        text: "one credential serves {n} on {m} ({paths}): {names}",
        slots: &[
            ("n", Of(|e, _| wording::count(names(e, is_judged).len(), "direct consumer"))),
            ("m", Of(|e, _| wording::count(paths(e).len(), "path group"))),
            ("paths", Of(|e, _| wording::list(&paths(e)))),
            ("names", Of(|e, _| wording::list(&names(e, is_judged)))),
        ],
    },
    Template {
        rule: "no-evidence",
        text: "{no} consumer of the plan uses the credential itself: all are indirect or disabled, so nothing can be proven",
        slots: &[("no", Of(|e, _| none_if(names(e, is_judged).is_empty())))],
    },
    Template {
        rule: "fallback-unconfirmed",
        text: "`{class}` {role}, and no {success} since {change} shows that {part} works",
        slots: &[
            ("class", Class),
            ("role", Of(|e, class| by_role(e, class, ["is a fallback", "has a fallback"]))),
            (
                "success",
                Of(|e, class| by_role(e, class, ["recent success", "recent success without it"])),
            ),
            ("change", Fact::Report("/rotation/introduced")),
            ("part", Of(|e, class| by_role(e, class, ["it", "its primary path"]))),
        ],
    },
    Template {
        rule: "coverage-hole",
        text: "{no} log source holds records of `{class}`, so a use of it while disabled would not be seen",
        slots: &[
            (
                "no",
                Of(|e, class| {
                    let rows = e.ints(
                        "SELECT COUNT(*) AS v FROM evidence WHERE consumer_class = $class",
                        class,
                    );
                    none_if(rows == [0])
                }),
            ),
            ("class", Of(|e, class| named_if(e, class, |one| flag(one, "disabled")))),
        ],
    },
    Template {
        rule: "blind-source",
        text: "`{profile}` does not record: {blind}",
        slots: &[("profile", Bound), ("blind", Of(|e, _| blind_spots(e)))],
    },
    Template {
        rule: "critical-rare-path",
        text: "`{class}` runs every {every}, less often than once in the window of {window}, and what it does matters: {effects}",
        slots: &[
            ("class", Class),
            ("every", Of(|e, class| wording::length(super::rhythms::cadence(e, class, true)))),
            ("window", Of(|e, _| wording::length(window(e)))),
            ("effects", Of(|e, class| wording::list(&effects(e, class)))),
        ],
    },
    Template {
        rule: "fallback-hides",
        text: "{n} of `{class}` went through its fallback, {span}: it can keep succeeding while its credential is refused",
        slots: &[
            ("n", Count(any!("degraded AND outcome = 'success'"), "success")),
            ("class", Class),
            ("span", Span(any!("degraded AND outcome = 'success'"))),
        ],
    },
    Template {
        rule: "new-before-introduction",
        text: "`{class}` used {versions} {times} before its introduction at {change}: {span}{on}",
        slots: &[
            ("class", Class),
            ("versions", Versions(new_use!("latest_us < $t0"))),
            ("times", Fact::Times(new_use!("latest_us < $t0"))),
            ("change", Fact::Report("/rotation/introduced")),
            ("span", Span(new_use!("latest_us < $t0"))),
            ("on", Fact::On(new_use!("latest_us < $t0"))),
        ],
    },
    Template {
        rule: "ambiguous-attribution",
        text: "{n} of {of} of `{class}` in the window ({percent}) also {match} another consumer{tail}",
        slots: &[
            ("n", Number(any!("latest_us >= $from AND class_basis = 'ambiguous'"))),
            ("of", Count(any!("latest_us >= $from"), "attempt")),
            ("class", Class),
            (
                "percent",
                Fact::Percent(
                    any!("latest_us >= $from AND class_basis = 'ambiguous'"),
                    any!("latest_us >= $from"),
                ),
            ),
            ("match", Word(&["matches", "match"])),
            (
                "tail",
                Of(|e, class| {
                    let is_unproven = e.consumer(class).is_some_and(is_judged)
                        && !super::rhythms::is_fresh(e, class);
                    let tail = ", and no success that matches it alone proves the move";
                    if is_unproven { tail.to_owned() } else { String::new() }
                }),
            ),
        ],
    },
];

type Table = toml::Table;

impl Evidence {
    /// The class, as the plan declares it.
    pub(super) fn consumer(&self, class: Option<&str>) -> Option<&Table> {
        consumers(self).into_iter().find(|one| one["class"].as_str() == class)
    }
}

fn consumers(e: &Evidence) -> Vec<&Table> {
    e.plan["consumer"].as_array().into_iter().flatten().filter_map(Value::as_table).collect()
}

/// `no`, if it is so.
pub(super) fn none_if(is_none: bool) -> String {
    if is_none { "no".to_owned() } else { "some".to_owned() }
}

pub(super) fn flag(one: &Table, key: &str) -> bool {
    one.get(key).and_then(Value::as_bool).unwrap_or(false)
}

pub(super) fn text<'t>(one: &'t Table, key: &str) -> Option<&'t str> {
    one.get(key).and_then(Value::as_str)
}

pub(super) fn is_direct(one: &Table) -> bool {
    text(one, "use") != Some("indirect")
}

pub(super) fn is_judged(one: &Table) -> bool {
    is_direct(one) && !flag(one, "disabled")
}

pub(super) fn is_fresh_each_time(one: &Table) -> bool {
    matches!(text(one, "refresh"), Some("per-request" | "per-run"))
}

fn is_unowned(one: &Table) -> bool {
    text(one, "owner").is_none()
}

/// The names of these classes, in the plan's order.
pub(super) fn names(e: &Evidence, counts: fn(&Table) -> bool) -> Vec<String> {
    let of = consumers(e).into_iter().filter(|one| counts(one));
    of.filter_map(|one| text(one, "class").map(str::to_owned)).collect()
}

fn named_if(e: &mut Evidence, class: Option<&str>, is_so: fn(&Table) -> bool) -> String {
    let is_so = e.consumer(class).is_some_and(is_so);
    if is_so {
        class.unwrap_or_default().to_owned()
    } else {
        "(the plan says otherwise)".to_owned()
    }
}

/// What of the class is at risk.
pub(super) fn effects(e: &Evidence, class: Option<&str>) -> Vec<String> {
    let declared = e.consumer(class).and_then(|one| one.get("effects")?.as_array().cloned());
    declared.iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn by_role(e: &mut Evidence, class: Option<&str>, [fallback, other]: [&str; 2]) -> String {
    let is_fallback = e.consumer(class).is_some_and(|one| flag(one, "is_fallback"));
    if is_fallback { fallback.to_owned() } else { other.to_owned() }
}

fn paths(e: &Evidence) -> Vec<&'static str> {
    let used: Vec<&str> = consumers(e)
        .into_iter()
        .filter(|one| is_judged(one))
        .filter_map(|one| text(one, "path"))
        .collect();
    ["primary", "background", "exception"].into_iter().filter(|path| used.contains(path)).collect()
}

fn missing_of_class(e: &mut Evidence, class: Option<&str>) -> String {
    let Some(one) = e.consumer(class) else { return String::new() };
    let may_hold = !is_fresh_each_time(one);
    let keys: &[&str] = match (flag(one, "disabled"), may_hold) {
        (true, _) => &["owner", "disabled_reason"],
        (false, true) => &["owner", "refresh", "session_max"],
        (false, false) => &["owner", "refresh"],
    };
    let missing: Vec<&str> = keys.iter().copied().filter(|key| text(one, key).is_none()).collect();
    wording::list(&missing)
}

fn missing_of_rotation(e: &mut Evidence) -> String {
    let crossing = e.ints(
        "SELECT COUNT(*) AS v FROM evidence WHERE job_id IS NOT NULL AND earliest_us >= $t0 AND enqueued_us < $t0",
        None,
    );
    let rotation = e.plan["rotation"].as_table().expect("a rotation");
    let mut missing: Vec<&str> = ["rollback", "decision_owner"]
        .into_iter()
        .filter(|key| text(rotation, key).is_none_or(|said| said == "TODO"))
        .collect();
    if text(rotation, "in_flight").is_none() && crossing != [0] {
        missing.push("in_flight (jobs cross the change)");
    }
    wording::list(&missing)
}

fn blind_spots(e: &mut Evidence) -> String {
    let profile = e.value("profile");
    let used = e.strings("SELECT DISTINCT profile AS v FROM inputs", None);
    assert!(used.contains(&profile), "no input was read as `{profile}`");
    let path = crate::harness::root().join("profiles").join(format!("{profile}.toml"));
    let text = std::fs::read_to_string(path).expect("a profile");
    let text = text.parse::<Table>().expect("TOML");
    let spots: Vec<&str> =
        text["blind_spots"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    spots.join("; ")
}

/// A length of time that a table of the plan declares.
pub(super) fn duration(table: &Table, key: &str) -> Option<Duration> {
    length(text(table, key)?)
}

pub(super) fn length(text: &str) -> Option<Duration> {
    if let Some(daily) = text.strip_suffix(" * * *") {
        assert!(!daily.contains('*'), "a schedule that is not daily: {text}");
        return Some(Duration::DAY);
    }
    let (n, unit) = text.split_at(text.len() - 1);
    let unit = match unit {
        "s" => Duration::SECOND,
        "m" => Duration::MINUTE,
        "h" => Duration::HOUR,
        _ => Duration::DAY,
    };
    Some(unit.scaled(n.parse().ok()?, 1))
}

pub(super) fn window(e: &Evidence) -> Duration {
    let rotation = e.plan["rotation"].as_table().expect("a rotation");
    duration(rotation, "window").expect("a window")
}

/// The versions of the plan in that state, each in backticks.
pub(super) fn versions(e: &Evidence, state: &str) -> Vec<String> {
    let all = e.plan["credential"]["version"].as_array().into_iter().flatten();
    let all = all.filter_map(Value::as_table).filter(|one| text(one, "state") == Some(state));
    all.filter_map(|one| text(one, "name").map(|name| format!("`{name}`"))).collect()
}
