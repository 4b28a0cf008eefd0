/*! The sentences on members of a consumer, its processes, sessions and jobs. */

use holdover::model::{Duration, Timestamp};
use holdover::wording;

use super::facts::{Evidence, Fact};
use super::held::{declared_old, holders_of_old, last_declared_old};
use super::rhythms::{cadence, logged_since, of_member, runs_before, us};
use super::sessions::{earlier_sessions, session_source, sessions, since_session};
use super::silences::part;
use super::templates::Template;
use Fact::{Class, Of, Says, Word};

const ARE: &[&str] = &["is", "are"];

const USED: &[Template] = &[
    part(
        "used the old version {times}, last at {at},",
        &[
            (
                "times",
                Of(|e, class| {
                    let rows = member(e, "old");
                    wording::times(e.sum(&rows, class))
                }),
            ),
            ("at", Of(|e, class| last_of(e, class, "old"))),
        ],
    ),
    part(
        "worked before the change, last at {at},",
        &[("at", Of(|e, class| last_of(e, class, "any")))],
    ),
];

const WHY: &[Template] = &[
    part(
        "{is} not seen any more, and no record shows its end",
        &[(
            "is",
            Of(|e, class| {
                let rows = member(e, "any");
                let last = e.number("MAX(latest_us)", &rows, class).unwrap_or_default();
                let is_gone = us(e, "/as_of") - last > Duration::DAY.0;
                if is_gone { "is".to_owned() } else { "was".to_owned() }
            }),
        )],
    ),
    part(
        "shows {no} rhythm by which to judge its silence, and neither does the consumer",
        &[(
            "no",
            Of(|e, class| {
                let is_unknown =
                    rhythm(e, class).is_none() && cadence(e, class, false) == Duration::ZERO;
                if is_unknown { "no".to_owned() } else { "a".to_owned() }
            }),
        )],
    ),
    part(
        "has been silent for {silent} of logged time; with pauses of up to {longest} between its runs it must be for {needed}",
        &[
            ("silent", Of(silent)),
            (
                "longest",
                Of(|e, class| {
                    rhythm(e, class).map(|(pause, _)| wording::length(pause)).unwrap_or_default()
                }),
            ),
            (
                "needed",
                Of(|e, class| {
                    rhythm(e, class)
                        .map(|(_, needed)| wording::length_up(needed))
                        .unwrap_or_default()
                }),
            ),
        ],
    ),
    part(
        "has been silent for {silent} of logged time; it ran once, so by the cadence of the consumer it must be for {needed}",
        &[
            ("silent", Of(silent)),
            ("needed", Of(|e, class| wording::length_up(cadence(e, class, false)))),
        ],
    ),
    part(
        "has been silent for {silent} of logged time; it ran once, so by the longest known pause of the consumer it must be for {needed}",
        &[
            ("silent", Of(silent)),
            ("needed", Of(|e, class| wording::length_up(longest_pause(e, class)))),
        ],
    ),
];

const REASON: &[Template] = &[
    part(
        "{stream} still shows {them} open in the window",
        &[
            (
                "stream",
                Of(|e, class| e.strings(&sessions("MIN(stream)", "'open'"), class).concat()),
            ),
            ("them", Word(&["it", "them"])),
        ],
    ),
    part(
        "{names} holds no end of {them}, and it holds the ends of {ended} of the {of} that were opened before",
        &[
            ("names", Of(session_source)),
            ("them", Word(&["it", "them"])),
            ("ended", Of(|e, class| wording::number(earlier_sessions(e, class).1))),
            ("of", Of(|e, class| wording::count(earlier_sessions(e, class).0, "session"))),
        ],
    ),
    part(
        "{names} holds no end of {them}",
        &[("names", Of(session_source)), ("them", Word(&["it", "them"]))],
    ),
];

pub(super) const TEMPLATES: &[Template] = &[
    Template {
        rule: "unmoved-holder",
        text: "{who} of `{class}` {uses} and not the new one since: it {why}",
        slots: &[("who", Of(who)), ("class", Class), ("uses", Says(USED)), ("why", Says(WHY))],
    },
    Template {
        rule: "unmoved-holder",
        text: "{rest} of `{class}` used the old version, and not the new one since",
        slots: &[("rest", Of(unnamed_members)), ("class", Class)],
    },
    Template {
        rule: "unmoved-holder",
        text: "`{class}` shows too many values of `{facet}` to follow all: {n} left out, one of which used the old version at {at}",
        slots: &[
            ("class", Class),
            ("facet", Of(|e, class| crowded(e, class).map(|(facet, _)| facet).unwrap_or_default())),
            (
                "n",
                Of(|e, class| {
                    wording::count(crowded(e, class).map_or(0, |(_, n)| n - FOLLOWED_MAX), "value")
                }),
            ),
            ("at", Of(|e, class| Timestamp(left_out_at(e, class)).to_string())),
        ],
    },
    Template {
        rule: "stale-runtime",
        text: "{n} of `{class}`, alive in the window, {were} last known to hold a value from before the change: {names}",
        slots: &[
            ("n", Of(|e, class| wording::count(stale(e, class).len(), "instance"))),
            ("class", Class),
            ("were", Word(&["was", "were"])),
            ("names", Of(|e, class| wording::list(&stale(e, class)))),
        ],
    },
    Template {
        rule: "stale-runtime",
        text: "the old version is held by {whom}, as {sources} last showed at {at}",
        slots: &[
            ("whom", Of(holders_of_old)),
            ("sources", Of(|e, class| wording::list(&declared_old(e, "stream", class)))),
            ("at", Of(last_declared_old)),
        ],
    },
    Template {
        rule: "open-backlog",
        text: "{n} of `{class}`, queued in the 7 days before the change, {have} not succeeded since; the oldest was queued at {oldest}, {ago} ago",
        slots: &[
            ("n", Of(|e, class| wording::count(open_jobs(e, class).len(), "job"))),
            ("class", Class),
            ("have", Word(&["has", "have"])),
            ("oldest", Of(|e, class| Timestamp(oldest_job(e, class)).to_string())),
            (
                "ago",
                Of(|e, class| wording::length(Duration(us(e, "/as_of") - oldest_job(e, class)))),
            ),
        ],
    },
    Template {
        rule: "open-session",
        text: "{n} of `{class}` with the old version {are} not known to have ended, last used {since} ago: {reason}",
        slots: &[
            (
                "n",
                Of(|e, class| {
                    wording::count(e.ints(&sessions("COUNT(*)", "'open'"), class).len(), "session")
                }),
            ),
            ("class", Class),
            ("are", Word(ARE)),
            ("since", Of(since_session)),
            ("reason", Says(REASON)),
        ],
    },
    Template {
        rule: "open-session",
        text: "{n} of consumers that no record names with the old version {are} not known to have ended, last used {since} ago: {reason}",
        slots: &[
            (
                "n",
                Of(|e, class| {
                    wording::count(e.ints(&sessions("COUNT(*)", "'open'"), class).len(), "session")
                }),
            ),
            ("are", Word(ARE)),
            ("since", Of(since_session)),
            ("reason", Says(REASON)),
        ],
    },
];

const FOLLOWED_MAX: i64 = 1_000;

const FACETS: [(&str, &str); 8] = [
    ("instance", "service_instance_id"),
    ("host", "host_name"),
    ("environment", "environment"),
    ("service", "service_name"),
    ("principal", "principal"),
    ("address", "client_address"),
    ("user agent", "SPLIT_PART(SPLIT_PART(user_agent, '/', 1), ' ', 1)"),
    ("action", "action"),
];

/// The values that a sentence names a member by: `host a (principal b and action c)`.
fn values(who: &str) -> Vec<(&'static str, String)> {
    let who = who.replace(" and ", ", ").replace(" (", ", ").replace(')', "");
    let value = |part: &str| {
        FACETS.iter().find_map(|(noun, column)| {
            let value = part.strip_prefix(noun)?.strip_prefix(' ')?;
            Some((*column, value.to_owned()))
        })
    };
    who.split(", ").filter_map(value).collect()
}

fn member_by(column: &str, value: &str, version: &str) -> String {
    let column = if column == "service_instance_id" { "instance" } else { column };
    match version {
        "old" => format!("{} AND {column} = '{value}'", old!("earliest_us <= $a")),
        "new" => format!("{} AND {column} = '{value}'", new!("earliest_us >= $t0")),
        _ => format!(
            "{} AND {column} = '{value}'",
            any!("(class_basis = 'matched' OR credential_state = 'old')")
        ),
    }
}

/// The rows of the member that the sentence names, by its first value.
fn member(e: &Evidence, version: &str) -> String {
    let values = values(&e.value("who"));
    let (column, value) = values.first().expect("a value");
    member_by(column, value, version)
}

/// All values show the same old uses, and no new use after the last of them.
fn who(e: &mut Evidence, class: Option<&str>) -> String {
    let said = e.value("who");
    let of_first = {
        let rows = member(e, "old");
        e.sum(&rows, class)
    };
    for (column, value) in values(&said) {
        let [old, new] = ["old", "new"].map(|version| member_by(column, &value, version));
        let last = e.number("MAX(latest_us)", &old, class).unwrap_or_default();
        let since = e.sum(&format!("{new} AND earliest_us > {last}"), class);
        if e.sum(&old, class) != of_first || since > 0 {
            return format!("another than {column} {value}");
        }
    }
    said
}

fn last_of(e: &mut Evidence, class: Option<&str>, version: &str) -> String {
    let rows = member(e, version);
    Timestamp(e.number("MAX(latest_us)", &rows, class).unwrap_or_default()).to_string()
}

/// The longest pause of the member and its need. Its attempts of an hour are one span for each version, and for each
/// instance that used the old one; of two attempts the pause between them is known.
fn rhythm(e: &mut Evidence, class: Option<&str>) -> Option<(Duration, Duration)> {
    let used = "CASE WHEN credential_binding NOT IN ('direct', 'derived') THEN 'none' ELSE credential_state END";
    let by = "CASE WHEN credential_state = 'old' THEN instance ELSE '' END";
    let rows = member(e, "any");
    let mut of = |what: &str| {
        let sql = format!(
            "SELECT {what} AS v, MIN(earliest_us) AS f, MAX(latest_us) AS t, {used} AS u, {by} AS i FROM tries WHERE \
             {rows} GROUP BY hour_us, {used}, {by} ORDER BY f, t, u, i"
        );
        e.ints(&sql, class)
    };
    let (first, last) = (of("MIN(earliest_us)"), of("MAX(latest_us)"));
    let counts = of("CAST(SUM(count) AS BIGINT)");
    let spans = first.into_iter().zip(last).zip(counts);
    let mut spans: Vec<(i64, i64)> = spans
        .flat_map(
            |((from, to), n)| if n == 2 { vec![(from, from), (to, to)] } else { vec![(from, to)] },
        )
        .collect();
    spans.sort_unstable();
    of_member(&spans, us(e, "/rotation/introduced"))
}

/// The longest pause between the few runs of the consumer before the change.
fn longest_pause(e: &mut Evidence, class: Option<&str>) -> Duration {
    let pauses = runs_before(e, class);
    let is_known = cadence(e, class, false) > Duration::ZERO;
    Duration(pauses.into_iter().max().filter(|_| !is_known).unwrap_or_default())
}

fn silent(e: &mut Evidence, class: Option<&str>) -> String {
    let [old, any] = ["old", "any"].map(|version| member(e, version));
    let last = e.number("MAX(latest_us)", &old, class);
    let last = last.or_else(|| e.number("MAX(latest_us)", &any, class)).unwrap_or_default();
    wording::length(logged_since(e, class, last))
}

/// The members past those that have a sentence of their own. At most a thousand values of a facet are followed.
fn unnamed_members(e: &mut Evidence, class: Option<&str>) -> String {
    let sides = "SELECT instance AS i, MAX(CASE WHEN credential_state = 'old' THEN latest_us ELSE CAST(0 AS BIGINT) END) \
                 AS o, MAX(CASE WHEN credential_state = 'new' THEN latest_us ELSE CAST(0 AS BIGINT) END) AS n FROM tries \
                 WHERE consumer_class = $class AND instance <> '' GROUP BY instance";
    let all = e.ints(&format!("SELECT COUNT(*) AS v FROM ({sides}) AS s WHERE o > n"), class)[0];
    wording::count(all.min(FOLLOWED_MAX) - 50, "more member")
}

/// The facet of the class with too many values, and how many these are.
fn crowded(e: &mut Evidence, class: Option<&str>) -> Option<(String, i64)> {
    let columns = ["service_instance_id", "host_name", "principal", "client_address", "action"];
    columns.into_iter().find_map(|column| {
        let sql = format!("SELECT COUNT(DISTINCT {column}) AS v FROM evidence WHERE consumer_class = $class AND credential_state = 'old'");
        let n = e.ints(&sql, class)[0];
        (n > FOLLOWED_MAX).then(|| (column.to_owned(), n))
    })
}

/// The last old use of the values past the first thousand, by their last old use.
fn left_out_at(e: &mut Evidence, class: Option<&str>) -> i64 {
    let Some((column, _)) = crowded(e, class) else { return 0 };
    let sql = format!(
        "SELECT MAX(latest_us) AS v FROM evidence WHERE consumer_class = $class AND credential_state = 'old' GROUP BY \
         {column} ORDER BY v DESC"
    );
    e.ints(&sql, class).get(1_000).copied().unwrap_or_default()
}

/// The instances that are seen in the window and not gone, and whose last version, start or first record is an old one.
fn stale(e: &mut Evidence, class: Option<&str>) -> Vec<String> {
    let seen = "SELECT instance AS v FROM present WHERE consumer_class = $class AND instance IS NOT NULL GROUP BY instance \
                HAVING MAX(to_us) >= $from AND MAX(to_us) >= $a - 86400000000 ORDER BY instance";
    let names = e.strings(seen, class);
    names.into_iter().filter(|name| is_stale(e, class, name)).collect()
}

fn is_stale(e: &mut Evidence, class: Option<&str>, name: &str) -> bool {
    let of = |e: &mut Evidence, what: &str, more: &str| {
        let sql = format!(
            "SELECT {what} AS v FROM evidence WHERE consumer_class = $class AND COALESCE(service_instance_id, host_name, \
             '') = '{name}' AND earliest_us <= $a AND {more}"
        );
        e.ints(&sql, class).first().copied()
    };
    let used = "kind IN ('auth', 'work') AND credential_state";
    let old = of(e, "MAX(latest_us)", &format!("{used} = 'old'"));
    let new = of(
        e,
        "MAX(earliest_us)",
        &format!("{used} = 'new' AND credential_binding IN ('direct', 'derived')"),
    );
    let introduced = us(e, "/rotation/introduced");
    let stopped = of(e, "MAX(latest_us)", "kind = 'stop'");
    let last = of(e, "MAX(latest_us)", "kind <> 'stop'");
    let renewed = of(e, "MAX(latest_us)", "kind IN ('start', 'refresh')");
    let first = of(e, "MIN(earliest_us)", "count > 0");
    let is_old = old.is_some_and(|old| new.is_none_or(|new| new <= old + Duration::MINUTE.0));
    let is_from_before = new.is_none() && renewed.or(first).is_some_and(|at| at < introduced);
    let is_gone = stopped.is_some_and(|stopped| last.is_none_or(|last| last <= stopped));
    !is_gone && (is_old || is_from_before)
}

/// When each job that is still open was queued: those of the week before the change, if they were seen since or are
/// younger than a day.
fn open_jobs(e: &mut Evidence, class: Option<&str>) -> Vec<i64> {
    let jobs = "SELECT MIN(COALESCE(enqueued_us, earliest_us)) AS queued, MAX(latest_us) AS seen, MAX(CASE WHEN outcome = \
                'success' AND kind IN ('auth', 'work') THEN latest_us END) AS done FROM evidence WHERE consumer_class = \
                $class AND job_key IS NOT NULL AND earliest_us <= $a GROUP BY job_key";
    let sql = format!(
        "SELECT queued AS v FROM ({jobs}) AS j WHERE done IS NULL AND queued < $t0 AND queued >= $t0 - 604800000000 AND \
         (seen >= $t0 OR queued >= $t0 - 86400000000) ORDER BY queued"
    );
    e.ints(&sql, class)
}

fn oldest_job(e: &mut Evidence, class: Option<&str>) -> i64 {
    open_jobs(e, class).first().copied().unwrap_or_default()
}
