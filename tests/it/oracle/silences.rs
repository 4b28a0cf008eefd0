/*! The sentences on silence: how long it lasts, and how long it must. */

use holdover::model::{Duration, Timestamp};
use holdover::wording;

use super::facts::{Evidence, Fact};
use super::planned::{self, duration, is_judged};
use super::rhythms::{
    cadence, few_runs, first_new, logged_since, needed, remainder, runs_before, silent_from,
    streams,
};
use super::templates::Template;
use Fact::{Class, Number, Of, Report, Says, Word};

pub(super) const NEW: Fact = Of(|e, _| wording::list_all(&planned::versions(e, "new"), "or"));
pub(super) const LAST_NEW: Fact =
    Fact::At("MAX(earliest_us)", new!("outcome = 'success' AND earliest_us >= $t0"));
pub(super) const LAST_OLD: Fact = Fact::At("MAX(latest_us)", old!("earliest_us <= $a"));

const SINCE: &[Template] = &[
    part(
        "it was last handed the old version at {at}",
        &[("at", Fact::At("MAX(latest_us)", read!("latest_us >= $t0 AND earliest_us <= $a")))],
    ),
    part("its last old use at {at}", &[("at", LAST_OLD)]),
    part("the revocation at {at}", &[("at", Report("/rotation/revoked"))]),
    part(
        "its logs {begin}",
        &[(
            "begin",
            Of(|e, class| {
                let old = e.number("MAX(latest_us)", old!("count > 0"), class);
                if old.is_none() { "begin".to_owned() } else { "end".to_owned() }
            }),
        )],
    ),
];

const BECAUSE: &[Template] = &[
    part("", &[]),
    part(
        ": it still ran on it by its schedule after its first success on the new version at {moved}",
        &[("moved", Of(moved))],
    ),
    part(
        ": it was used again on {who} after the first success on the new version at {moved}, with pauses of up to {longest}, and what did so may come back as late",
        &[
            ("who", Of(late_instances)),
            ("moved", Of(moved)),
            (
                "longest",
                Of(|e, class| {
                    remainder(e, class).map(|(pause, _)| wording::length(pause)).unwrap_or_default()
                }),
            ),
        ],
    ),
    part(
        ": it was used again after the first success on the new version at {moved}, with pauses of up to {longest}, and what did so may come back as late",
        &[
            ("moved", Of(moved)),
            (
                "longest",
                Of(|e, class| {
                    remainder(e, class).map(|(pause, _)| wording::length(pause)).unwrap_or_default()
                }),
            ),
        ],
    ),
    part(
        ", since its few runs before the change are up to {gap} apart",
        &[("gap", Of(|e, class| wording::length(few_runs(e, class))))],
    ),
    part(
        ", to exclude whatever uses it once in {slowest} (`slowest`)",
        &[(
            "slowest",
            Of(|e, class| {
                let own = e.consumer(class).and_then(|one| duration(one, "slowest"));
                let of_all =
                    duration(e.plan["rotation"].as_table().expect("a rotation"), "slowest");
                own.or(of_all).map(wording::length).unwrap_or_default()
            }),
        )],
    ),
];

pub(super) const fn part(text: &'static str, slots: &'static [(&'static str, Fact)]) -> Template {
    Template { rule: "", text, slots }
}

pub(super) const TEMPLATES: &[Template] = &[
    Template {
        rule: "first-cycle-unseen",
        text: "no success since the revocation at {revoked} proves that `{class}` works on {new}: {then}",
        slots: &[
            ("revoked", Report("/rotation/revoked")),
            ("class", Class),
            ("new", NEW),
            (
                "then",
                Says(&[
                    part(
                        "it has no success of its own on {new}",
                        &[(
                            "new",
                            Of(|e, class| {
                                let is_none = first_new(e, class).is_none();
                                if is_none {
                                    wording::list_all(&planned::versions(e, "new"), "or")
                                } else {
                                    String::new()
                                }
                            }),
                        )],
                    ),
                    part(
                        "its last success on {new} was at {last}",
                        &[("new", NEW), ("last", LAST_NEW)],
                    ),
                ]),
            ),
        ],
    },
    Template {
        rule: "window-too-short",
        text: "`{class}` has been free of old use for {elapsed} of logged time since {since}, and must be for {needed}{tail}",
        slots: &[
            ("class", Class),
            ("elapsed", Of(elapsed)),
            ("since", Says(SINCE)),
            ("needed", Of(|e, class| wording::length_up(needed(e, class)))),
            ("tail", Says(BECAUSE)),
        ],
    },
    Template {
        rule: "window-too-short",
        text: "{no} log covers `{class}`, and it must be free of old use for {needed} of logged time{tail}",
        slots: &[
            (
                "no",
                Of(|e, class| {
                    let covered = e.strings("SELECT DISTINCT stream AS v FROM logged", None);
                    planned::none_if(!streams(e, class).iter().any(|one| covered.contains(one)))
                }),
            ),
            ("class", Class),
            ("needed", Of(|e, class| wording::length_up(needed(e, class)))),
            ("tail", Says(BECAUSE)),
        ],
    },
    Template {
        rule: "window-too-short",
        text: "how often `{class}` runs is {neither} declared nor known from its logs, and its success on the new version may come from a process that still holds the old one",
        slots: &[
            ("class", Class),
            (
                "neither",
                Of(|e, class| {
                    let is_unknown =
                        cadence(e, class, true) == Duration::ZERO && first_new(e, class).is_some();
                    if is_unknown { "neither".to_owned() } else { "both".to_owned() }
                }),
            ),
        ],
    },
    Template {
        rule: "cadence-mismatch",
        text: "the plan says that `{class}` runs every {every}; before the change, the longest of {gaps} between its runs was {longest}",
        slots: &[
            ("class", Class),
            (
                "every",
                Of(|e, class| {
                    let every = e.consumer(class).and_then(|one| duration(one, "every"));
                    every.map(wording::length).unwrap_or_default()
                }),
            ),
            ("gaps", Of(|e, class| wording::count(runs_before(e, class).len(), "gap"))),
            (
                "longest",
                Of(|e, class| {
                    wording::length(Duration(
                        runs_before(e, class).into_iter().max().unwrap_or_default(),
                    ))
                }),
            ),
        ],
    },
    Template {
        rule: "overlong-dual-validity",
        text: "every consumer has been free of {old} for more than {times} times as long as it must be, and {again} is still valid: `{named}` for {elapsed} of logged time, and it needs {needed}",
        slots: &[
            ("old", Of(|e, _| wording::list(&planned::versions(e, "old")))),
            (
                "times",
                Of(|e, _| {
                    if planned::names(e, is_judged).iter().all(|name| is_overlong(e, name)) {
                        "3".to_owned()
                    } else {
                        "fewer".to_owned()
                    }
                }),
            ),
            ("again", Of(|e, _| wording::list(&planned::versions(e, "old")))),
            ("named", Fact::Bound),
            (
                "elapsed",
                Of(|e, _| {
                    let name = e.value("named");
                    elapsed(e, Some(&name))
                }),
            ),
            (
                "needed",
                Of(|e, _| {
                    let name = e.value("named");
                    wording::length_up(needed(e, Some(&name)))
                }),
            ),
        ],
    },
    Template {
        rule: "no-evidence",
        text: "{no} record up to {as_of} belongs to any consumer or version of the plan",
        slots: &[
            (
                "no",
                Of(|e, _| {
                    planned::none_if(e.ints("SELECT COUNT(*) AS v FROM evidence", None) == [0])
                }),
            ),
            ("as_of", Report("/as_of")),
        ],
    },
    Template {
        rule: "old-never-seen",
        text: "{no} input shows a use of the old version, not even before the change, so its absence proves nothing",
        slots: &[(
            "no",
            Of(|e, _| {
                let rows =
                    "credential_state = 'old' AND credential_binding IN ('direct', 'derived')";
                planned::none_if(e.sum(rows, None) == 0)
            }),
        )],
    },
    Template {
        rule: "retry-untested",
        text: "{n} of {of} of `{class}` before the change ({percent}) {were}, but {tried}",
        slots: &[
            ("n", Number(before!("attempt > 1"))),
            ("of", Fact::Count(before!("count > 0"), "attempt")),
            ("class", Class),
            ("percent", Fact::Percent(before!("attempt > 1"), before!("count > 0"))),
            ("were", Word(&["was a retry", "were retries"])),
            (
                "tried",
                Says(&[
                    part(
                        "it has made {no} attempt with the new version yet",
                        &[(
                            "no",
                            Of(|e, class| {
                                planned::none_if(e.sum(new!("earliest_us >= $t0"), class) == 0)
                            }),
                        )],
                    ),
                    part(
                        "its {only} attempt with the new version was not a retry",
                        &[(
                            "only",
                            Of(|e, class| {
                                if e.sum(new!("earliest_us >= $t0"), class) == 1 {
                                    "only".to_owned()
                                } else {
                                    "own".to_owned()
                                }
                            }),
                        )],
                    ),
                    part(
                        "none of its {n} attempts with the new version was one",
                        &[(
                            "n",
                            Of(|e, class| {
                                assert_eq!(
                                    e.sum(new!("attempt > 1 AND earliest_us >= $t0"), class),
                                    0,
                                    "no retry"
                                );
                                wording::number(e.sum(new!("earliest_us >= $t0"), class))
                            }),
                        )],
                    ),
                ]),
            ),
        ],
    },
];

fn elapsed(e: &mut Evidence, class: Option<&str>) -> String {
    let from = silent_from(e, class);
    wording::length(from.map_or(Duration::ZERO, |from| logged_since(e, class, from)))
}

fn is_overlong(e: &mut Evidence, class: &str) -> bool {
    let from = silent_from(e, Some(class)).unwrap_or_default();
    logged_since(e, Some(class), from) > needed(e, Some(class)).scaled(3, 1)
}

fn moved(e: &mut Evidence, class: Option<&str>) -> String {
    first_new(e, class).map(|at| Timestamp(at).to_string()).unwrap_or_default()
}

/// The instances that used or read the old version after the first success on the new one.
fn late_instances(e: &mut Evidence, class: Option<&str>) -> String {
    let moved = first_new(e, class).unwrap_or_default();
    let rows = format!("{} AND instance <> '' AND latest_us >= {moved}", old!("earliest_us <= $a"));
    let mut names = e.texts("instance", &rows, class);
    let rows =
        format!("{} AND instance <> '' AND latest_us >= {moved}", read!("earliest_us <= $a"));
    names.extend(e.texts("instance", &rows, class));
    names.sort();
    names.dedup();
    wording::list(&names)
}
