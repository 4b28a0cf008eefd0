/*! The sentences on use and reads of the old version. */

use holdover::model::Duration;
use holdover::wording;

use super::facts::{Evidence, Fact};
use super::planned::{flag, window};
use super::rhythms::{of_member, us};
use super::silences::part;
use super::templates::Template;
use Fact::{
    Asked, At, Before, Between, Bound, Class, Distinct, MoreGroups, MoreTimes, Names, Number, Of,
    On, OnInstances, Pause, Report, Says, Session, SessionLength, Span, SwitchLength, SwitchSpan,
    Switches, Times, Versions, Window, Word,
};

const MATCHES: &[&str] = &["matches", "match"];

const CONFIGURED: Fact = Asked(
    "SELECT MIN(earliest_us) AS v FROM evidence WHERE consumer_class = $class AND credential_state = 'new' AND \
     evidence_layer = 'configuration'",
);
const STARTED: Fact = Asked(
    "SELECT MIN(earliest_us) AS v FROM evidence WHERE consumer_class = $class AND kind = 'start' AND earliest_us >= $t0",
);

/// When a reader is silent for long enough.
const UNTIL: &[Template] = &[
    part(
        "it was seen reading {once}, so nobody knows when it reads again",
        &[(
            "once",
            Of(|e, class| {
                wording::times(e.sum(read_by!("consumer_class IS NULL AND $line"), class))
            }),
        )],
    ),
    part(
        "it must be silent for {needed} of logged time",
        &[("needed", Of(|e, class| wording::length_up(need_of_reader(e, class))))],
    ),
];

pub(super) const TEMPLATES: &[Template] = &[
    Template {
        rule: "old-use-in-window",
        text: "`{class}` used {versions} {times} since the change at {change}, although the plan declares it {disabled}: {span}{on}",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("latest_us >= $t0"))),
            ("times", Times(old!("latest_us >= $t0 AND earliest_us <= $a"))),
            ("change", Report("/rotation/introduced")),
            ("disabled", Of(disabled)),
            ("span", Span(old!("latest_us >= $t0 AND earliest_us <= $a"))),
            ("on", On(old!("latest_us >= $t0 AND earliest_us <= $a"))),
        ],
    },
    Template {
        rule: "old-use-in-window",
        text: "`{class}` used {versions} {times} in the {window} up to {as_of}, or just before: clocks may differ by {skew}: {span}{on}",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("latest_us >= $from - 60000000"))),
            ("times", Times(old!("latest_us >= $from - 60000000 AND earliest_us <= $a"))),
            ("window", Window),
            ("as_of", Report("/as_of")),
            ("skew", Of(margin)),
            ("span", Span(old!("latest_us >= $from - 60000000 AND earliest_us <= $a"))),
            ("on", On(old!("latest_us >= $from - 60000000 AND earliest_us <= $a"))),
        ],
    },
    Template {
        rule: "old-use-in-window",
        text: "`{class}` used {versions} {times} in the {window} up to {as_of}: {span}{on}; and {more} after that, {late}",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("latest_us >= $from"))),
            ("times", Times(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("window", Window),
            ("as_of", Report("/as_of")),
            ("span", Span(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("on", On(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("more", Times(old!("earliest_us > $a"))),
            ("late", Span(old!("earliest_us > $a"))),
        ],
    },
    Template {
        rule: "old-use-in-window",
        text: "`{class}` used {versions} {times} in the {window} up to {as_of}: {span}{on}; {shared} also {match} another consumer",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("latest_us >= $from"))),
            ("times", Times(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("window", Window),
            ("as_of", Report("/as_of")),
            ("span", Span(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("on", On(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("shared", Number(old!("latest_us >= $from AND class_basis = 'ambiguous'"))),
            ("match", Word(MATCHES)),
        ],
    },
    Template {
        rule: "old-use-in-window",
        text: "`{class}` used {versions} {times} in the {window} up to {as_of}: {span}{on}",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("latest_us >= $from"))),
            ("times", Times(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("window", Window),
            ("as_of", Report("/as_of")),
            ("span", Span(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("on", On(old!("latest_us >= $from AND earliest_us <= $a"))),
        ],
    },
    Template {
        rule: "old-use-in-window",
        text: "`{class}` used {versions} {times} after {as_of}, the time of this report: {span}{on}",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("earliest_us > $a"))),
            ("times", Times(old!("earliest_us > $a"))),
            ("as_of", Report("/as_of")),
            ("span", Span(old!("earliest_us > $a"))),
            ("on", On(old!("earliest_us > $a"))),
        ],
    },
    Template {
        rule: "undeclared-consumer",
        text: "a consumer that is not in the plan used the old version {times} since the change at {change}, {span}: {line} (seen in {hours}{instances}{pause}{before})",
        slots: &[
            ("times", Times(undeclared!("latest_us >= $t0"))),
            ("change", Report("/rotation/introduced")),
            ("span", Span(undeclared!("latest_us >= $t0"))),
            ("line", Bound),
            ("hours", Distinct("hour_us", undeclared!("count > 0"), "hour")),
            ("instances", OnInstances(undeclared!("instance <> ''"))),
            ("pause", Pause(undeclared!("count > 0"))),
            ("before", Before(undeclared!("latest_us < $t0"))),
        ],
    },
    Template {
        rule: "undeclared-consumer",
        text: "{more} that are not in the plan used the old version since the change at {change}, {times} in all",
        slots: &[
            (
                "more",
                MoreGroups(
                    "a consumer that is not in the plan",
                    undeclared_all!("latest_us >= $t0"),
                    "more consumer",
                ),
            ),
            ("change", Report("/rotation/introduced")),
            (
                "times",
                MoreTimes(
                    "a consumer that is not in the plan",
                    undeclared_all!("latest_us >= $t0"),
                ),
            ),
        ],
    },
    Template {
        rule: "split-brain",
        text: "`{class}` switched {times} between {old} and {new} in the window, {span}, over {length} (session_max: {session})",
        slots: &[
            ("class", Class),
            ("times", Switches(turn!("latest_us >= $from AND earliest_us <= $a"))),
            ("old", Versions(old!("instance = '' AND latest_us >= $from AND earliest_us <= $a"))),
            ("new", Versions(new!("instance = '' AND earliest_us >= $from"))),
            ("span", SwitchSpan(turn!("latest_us >= $from AND earliest_us <= $a"))),
            ("length", SwitchLength(turn!("latest_us >= $from AND earliest_us <= $a"))),
            ("session", SessionLength),
        ],
    },
    Template {
        rule: "split-brain",
        text: "in the window, {n} of `{class}` last used {old} ({olds}) and {m} last used {new} ({news})",
        slots: &[
            (
                "n",
                Distinct(
                    "instance",
                    "sides.consumer_class = $class AND o > 0 AND o >= n",
                    "instance",
                ),
            ),
            ("class", Class),
            ("old", Versions(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("olds", Names("instance", "sides.consumer_class = $class AND o > 0 AND o >= n")),
            ("m", Distinct("instance", "sides.consumer_class = $class AND n > o", "")),
            ("new", Versions(new!("earliest_us >= $from"))),
            ("news", Names("instance", "sides.consumer_class = $class AND n > o")),
        ],
    },
    Template {
        rule: "split-brain",
        text: "in the window, {olds} used only {old} and {news} used only {new}",
        slots: &[
            ("olds", Names("consumer_class", "o > 0 AND n = 0")),
            (
                "old",
                Versions(
                    "credential_state = 'old' AND credential_binding IN ('direct', 'derived') AND latest_us >= $from AND \
                     earliest_us <= $a AND consumer_class IS NOT NULL",
                ),
            ),
            ("news", Names("consumer_class", "n > 0 AND o = 0")),
            (
                "new",
                Versions(
                    "credential_state = 'new' AND credential_binding IN ('direct', 'derived') AND earliest_us >= $from AND \
                     earliest_us <= $a AND consumer_class IS NOT NULL",
                ),
            ),
        ],
    },
    Template {
        rule: "version-flap",
        text: "{instance} of `{class}` used {versions} at {back}, {gap} after its first success on the new version at {moved} ({session})",
        slots: &[
            ("instance", Bound),
            ("class", Class),
            ("versions", Versions(old!("instance = $instance AND earliest_us <= $a"))),
            ("back", At("MAX(latest_us)", old!("instance = $instance AND earliest_us <= $a"))),
            (
                "gap",
                Between(
                    ("MIN(first_ok_us)", new!("instance = $instance AND first_ok_us > 0")),
                    ("MAX(latest_us)", old!("instance = $instance AND earliest_us <= $a")),
                ),
            ),
            ("moved", At("MIN(first_ok_us)", new!("instance = $instance AND first_ok_us > 0"))),
            ("session", Session),
        ],
    },
    Template {
        rule: "old-read-in-window",
        text: "somebody who is not in the plan was handed {versions} {times} since the change at {change}, {span}: {line} ({until})",
        slots: &[
            (
                "versions",
                Versions(read_by!("consumer_class IS NULL AND $line AND latest_us >= $t0")),
            ),
            ("times", Times(read_by!("consumer_class IS NULL AND $line AND latest_us >= $t0"))),
            ("change", Report("/rotation/introduced")),
            ("span", Span(read_by!("consumer_class IS NULL AND $line AND latest_us >= $t0"))),
            ("line", Bound),
            ("until", Says(UNTIL)),
        ],
    },
    Template {
        rule: "old-read-in-window",
        text: "{more} who are not in the plan were handed the old version since the change, {times} in all",
        slots: &[
            (
                "more",
                MoreGroups(
                    "somebody who is not in the plan",
                    read_by!("consumer_class IS NULL AND latest_us >= $t0"),
                    "more reader",
                ),
            ),
            (
                "times",
                MoreTimes(
                    "somebody who is not in the plan",
                    read_by!("consumer_class IS NULL AND latest_us >= $t0"),
                ),
            ),
        ],
    },
    Template {
        rule: "old-read-in-window",
        text: "`{class}` was handed {versions} {times}, {span}{on}: it fails when that version goes",
        slots: &[
            ("class", Class),
            ("versions", Versions(read!("latest_us >= $from"))),
            ("times", Times(read!("latest_us >= $from"))),
            ("span", Span(read!("latest_us >= $from"))),
            ("on", On(read!("latest_us >= $from"))),
        ],
    },
    Template {
        rule: "wrong-place",
        text: "`{class}` succeeded {times} with the new version, {span}, but only in {places}, not in {usual}",
        slots: &[
            ("class", Class),
            ("times", Times(new!("outcome = 'success' AND earliest_us >= $t0"))),
            ("span", Span(new!("outcome = 'success' AND earliest_us >= $t0"))),
            ("places", Names("environment", new!("outcome = 'success' AND earliest_us >= $t0"))),
            (
                "usual",
                Names("environment", before!("outcome = 'success' AND environment IS NOT NULL")),
            ),
        ],
    },
    Template {
        rule: "layer-contradiction",
        text: "`{class}` used {versions} {span}{on}, although its configuration names the new version since {since}, and its process started after the change, at {started}",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("span", Span(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("on", On(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("since", CONFIGURED),
            ("started", STARTED),
        ],
    },
    Template {
        rule: "layer-contradiction",
        text: "`{class}` used {versions} {span}{on}, although its configuration names the new version since {since}",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("span", Span(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("on", On(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("since", CONFIGURED),
        ],
    },
    Template {
        rule: "layer-contradiction",
        text: "`{class}` used {versions} {span}{on}, although its process started after the change, at {started}",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("span", Span(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("on", On(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("started", STARTED),
        ],
    },
    Template {
        rule: "old-use-after-revocation",
        text: "`{class}` used {versions} {times} after its revocation at {revoked}: {span}{on}; {success} ({risk})",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("latest_us >= $revoked"))),
            ("times", Times(old!("latest_us >= $revoked"))),
            ("revoked", Report("/rotation/revoked")),
            ("span", Span(old!("latest_us >= $revoked"))),
            ("on", On(old!("latest_us >= $revoked"))),
            ("success", Of(successes)),
            ("risk", Of(at_risk)),
        ],
    },
];

fn disabled(e: &mut Evidence, class: Option<&str>) -> String {
    let is_disabled = e.consumer(class).is_some_and(|one| flag(one, "disabled"));
    if is_disabled { "disabled".to_owned() } else { "running".to_owned() }
}

/// By how much the clock may be off, if a use lies that close before the window.
fn margin(e: &mut Evidence, class: Option<&str>) -> String {
    let rows = old!("latest_us >= $from - 60000000 AND latest_us < $from");
    let is_close = e.sum(rows, class) > 0;
    wording::length(if is_close { Duration::MINUTE } else { Duration::ZERO })
}

fn successes(e: &mut Evidence, class: Option<&str>) -> String {
    let all = e.sum(old!("latest_us >= $revoked"), class);
    match e.sum(old!("latest_us >= $revoked AND outcome = 'success'"), class) {
        0 => "no success is logged".to_owned(),
        n if n == all => "with success".to_owned(),
        n => format!("{} with success", wording::number(n)),
    }
}

fn at_risk(e: &mut Evidence, class: Option<&str>) -> String {
    match super::planned::effects(e, class) {
        effects if effects.is_empty() => "no effects declared".to_owned(),
        effects => format!("at risk: {}", wording::list(&effects)),
    }
}

/// How long the reader that the sentence names must be silent, by its own reads.
fn need_of_reader(e: &mut Evidence, class: Option<&str>) -> Duration {
    let rows = read_by!("consumer_class IS NULL AND $line");
    let sql = format!("SELECT latest_us AS v FROM reads WHERE {rows} ORDER BY latest_us");
    let reads: Vec<(i64, i64)> = e.ints(&sql, class).into_iter().map(|at| (at, at)).collect();
    let own = of_member(&reads, us(e, "/rotation/introduced")).map(|(_, needed)| needed);
    own.unwrap_or_default().max(window(e))
}
