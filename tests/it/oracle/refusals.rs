/*! The sentences on attempts that were refused, not allowed or degraded. */

use holdover::model::Timestamp;
use holdover::wording;

use super::facts::{Evidence, Fact};
use super::planned;
use super::shares::rows_after;
use super::silences::part;
use super::templates::Template;
use Fact::{
    At, Between, Class, Count, Distinct, Number, Of, On, Percent, Says, Session, Span, Times,
    Versions, Word,
};

pub(super) const TEMPLATES: &[Template] = &[
    Template {
        rule: "immediate-failure",
        text: "`{class}` was refused {times} with {versions} {span}{on}, without an earlier success on the new version, and has not recovered",
        slots: &[
            ("class", Class),
            ("times", Times(refused!("ok_us = 0"))),
            ("versions", Versions(refused!("ok_us = 0"))),
            ("span", Span(refused!("ok_us = 0"))),
            ("on", On(refused!("ok_us = 0"))),
        ],
    },
    Template {
        rule: "delayed-failure",
        text: "`{class}` was refused {times} with {versions} {span}{on} and has not recovered; the first refusal came {delay} after its last success, at {worked}, and {after} after the change ({session})",
        slots: &[
            ("class", Class),
            ("times", Times(refused!("ok_us > 0"))),
            ("versions", Versions(refused!("ok_us > 0"))),
            ("span", Span(refused!("ok_us > 0"))),
            ("on", On(refused!("ok_us > 0"))),
            (
                "delay",
                Between(
                    ("MAX(ok_us)", refused!("ok_us > 0")),
                    ("MIN(earliest_us)", refused!("ok_us > 0")),
                ),
            ),
            ("worked", At("MAX(ok_us)", refused!("ok_us > 0"))),
            (
                "after",
                Between(("MAX($t0)", "count > 0"), ("MIN(earliest_us)", refused!("ok_us > 0"))),
            ),
            ("session", Session),
        ],
    },
    Template {
        rule: "fallback-degradation",
        text: "all {n} successes of `{class}` since the change (apart from {m} on the old version) went through its fallback, {span}; before the change, {bad} of {of} did",
        slots: &[
            ("n", Number(since!("degraded AND outcome = 'success'"))),
            ("class", Class),
            (
                "m",
                Number(since!("NOT degraded AND outcome = 'success' AND credential_state = 'old'")),
            ),
            ("span", Span(since!("degraded AND outcome = 'success'"))),
            ("bad", Number(before!("degraded"))),
            ("of", Count(before!("count > 0"), "attempt")),
        ],
    },
    Template {
        rule: "fallback-degradation",
        text: "all {n} successes of `{class}` since the change went through its fallback, {span}; before the change, {bad} of {of} did",
        slots: &[
            ("n", Number(since!("degraded AND outcome = 'success'"))),
            ("class", Class),
            ("span", Span(since!("degraded AND outcome = 'success'"))),
            ("bad", Number(before!("degraded"))),
            ("of", Count(before!("count > 0"), "attempt")),
        ],
    },
    Template {
        rule: "refusal-rise",
        text: "all {n} of `{class}` with {versions} since the change were refused, {span}{on}",
        slots: &[
            ("n", Count(new!("latest_us >= $t0"), "attempt")),
            ("class", Class),
            ("versions", Versions(new!("latest_us >= $t0"))),
            ("span", Span(new!("latest_us >= $t0"))),
            ("on", On(new!("latest_us >= $t0"))),
        ],
    },
    Template {
        rule: "fallback-degradation",
        text: "the {only} success of `{class}` since the change went through its fallback, {span}; before the change, {bad} of {of} did",
        slots: &[
            (
                "only",
                Of(|e, class| {
                    let n = e.sum(since!("outcome = 'success'"), class);
                    if n == 1 { "only".to_owned() } else { "last".to_owned() }
                }),
            ),
            ("class", Class),
            ("span", Span(since!("degraded AND outcome = 'success'"))),
            ("bad", Number(before!("degraded"))),
            ("of", Count(before!("count > 0"), "attempt")),
        ],
    },
    Template {
        rule: "fallback-degradation",
        text: "{n} of {of} of `{class}` ({percent}) went through its fallback, {span}; {then}",
        slots: &[
            ("n", Of(|e, class| bad(e, class, not_old, "degraded"))),
            ("of", Of(|e, class| all(e, class, not_old))),
            ("class", Class),
            ("percent", Of(|e, class| share(e, class, not_old, "degraded"))),
            ("span", Of(|e, class| span(e, class, not_old, "degraded"))),
            ("then", Says(usual!(" did", "degraded"))),
        ],
    },
    Template {
        rule: "permission-loss",
        text: "{n} of {of} of `{class}` with {versions} ({percent}) {were} not permitted, {span}; {then}",
        slots: &[
            ("n", Of(|e, class| bad(e, class, on_new, "outcome = 'denied'"))),
            ("of", Of(|e, class| all(e, class, on_new))),
            ("class", Class),
            ("versions", Versions(new!("outcome = 'denied' AND latest_us >= $t0"))),
            ("percent", Of(|e, class| share(e, class, on_new, "outcome = 'denied'"))),
            ("were", Word(&["was", "were"])),
            ("span", Of(|e, class| span(e, class, on_new, "outcome = 'denied'"))),
            ("then", Says(usual!("", "outcome = 'denied'"))),
        ],
    },
    Template {
        rule: "permission-loss",
        text: "{n} of {of} of `{class}` ({percent}) {were} not permitted, {span}; {then}",
        slots: &[
            ("n", Number(since!("outcome = 'denied'"))),
            ("of", Count(since!("count > 0"), "attempt")),
            ("class", Class),
            ("percent", Percent(since!("outcome = 'denied'"), since!("count > 0"))),
            ("were", Word(&["was", "were"])),
            ("span", Span(since!("outcome = 'denied'"))),
            ("then", Says(usual!("", "outcome = 'denied'"))),
        ],
    },
    Template {
        rule: "refusal-rise",
        text: "{n} of {of} of `{class}` ({percent}) were refused, {span}{on}; {then}",
        slots: &[
            ("n", Of(|e, class| bad(e, class, not_old, "outcome = 'auth_failure'"))),
            ("of", Of(|e, class| all(e, class, not_old))),
            ("class", Class),
            ("percent", Of(|e, class| share(e, class, not_old, "outcome = 'auth_failure'"))),
            ("span", Of(|e, class| span(e, class, not_old, "outcome = 'auth_failure'"))),
            ("on", On(since!("outcome = 'auth_failure' AND credential_state <> 'old'"))),
            ("then", Says(usual!("", "outcome = 'auth_failure'"))),
        ],
    },
    Template {
        rule: "ack-without-work",
        text: "{n} of {of} that `{class}` accepted ({percent}) were not completed by a later step, {span}; before the change, {bad} of {all} ({share}), and 99 % of the others within {usual}",
        slots: &[
            ("n", Distinct("job_id", accepted!("earliest_us >= $from"), "")),
            ("of", Distinct("job_id", accepted!("earliest_us >= $from"), "job")),
            ("class", Class),
            (
                "percent",
                Percent(accepted!("earliest_us >= $from"), accepted!("earliest_us >= $from")),
            ),
            ("span", Span(accepted!("earliest_us >= $from"))),
            ("bad", Number(before!("job_id IS NOT NULL AND outcome <> 'success'"))),
            ("all", Distinct("job_id", before!("job_id IS NOT NULL"), "")),
            (
                "share",
                Percent(
                    before!("job_id IS NOT NULL AND outcome <> 'success'"),
                    before!("job_id IS NOT NULL"),
                ),
            ),
            ("usual", Word(&["6 min"])),
        ],
    },
    Template {
        rule: "exception-path-failure",
        text: "exception path `{class}` was refused {times} with {versions} {span}{on}, and no later success proves that it works",
        slots: &[
            ("class", Class),
            ("times", Times(refused!("count > 0"))),
            ("versions", Versions(refused!("count > 0"))),
            ("span", Span(refused!("count > 0"))),
            ("on", On(refused!("count > 0"))),
        ],
    },
    Template {
        rule: "boundary-job-failure",
        text: "`{class}` tried {jobs} after the change that {verb} queued before it; the last attempt of {n} went wrong: {endings}, {span}",
        slots: &[
            ("class", Class),
            ("jobs", Distinct("job_id", since!("job_id IS NOT NULL"), "job")),
            ("verb", Word(&["was", "were"])),
            (
                "n",
                Distinct(
                    "job_id",
                    since!("job_id IS NOT NULL AND outcome IN ('auth_failure', 'denied')"),
                    "",
                ),
            ),
            ("endings", Of(endings)),
            ("span", Span(since!("job_id IS NOT NULL AND outcome IN ('auth_failure', 'denied')"))),
        ],
    },
];

/// How the last attempts of jobs ended. In these worlds, each job was tried once.
fn endings(e: &mut Evidence, class: Option<&str>) -> String {
    let ended = [("denied", "not permitted"), ("auth_failure", "refused")];
    let counted = ended.map(|(outcome, word)| {
        let rows = format!("{} AND outcome = '{outcome}'", since!("job_id IS NOT NULL"));
        (e.texts("job_id", &rows, class).len(), word)
    });
    let said = counted.iter().filter(|(n, _)| *n > 0);
    wording::list(
        &said.map(|(n, word)| format!("{} {word}", wording::number(*n))).collect::<Vec<_>>(),
    )
}

/// The rows of a comparison.
type Compared = fn(&mut Evidence, Option<&str>) -> String;

fn not_old(e: &mut Evidence, class: Option<&str>) -> String {
    rows_after(e, class, since!("credential_state <> 'old'"))
}

/// If all were denied, they count from the change on.
fn on_new(e: &mut Evidence, class: Option<&str>) -> String {
    let rows = new!("latest_us >= $t0");
    let others = e.sum(new!("outcome <> 'denied' AND latest_us >= $t0"), class);
    if others == 0 { rows.to_owned() } else { rows_after(e, class, rows) }
}

fn bad(e: &mut Evidence, class: Option<&str>, of: Compared, is_bad: &str) -> String {
    let rows = of(e, class);
    wording::number(e.sum(&format!("{rows} AND {is_bad}"), class))
}

fn all(e: &mut Evidence, class: Option<&str>, of: Compared) -> String {
    let rows = of(e, class);
    wording::count(e.sum(&rows, class), "attempt")
}

fn share(e: &mut Evidence, class: Option<&str>, of: Compared, is_bad: &str) -> String {
    let rows = of(e, class);
    let n = e.sum(&format!("{rows} AND {is_bad}"), class);
    wording::percent(n, e.sum(&rows, class))
}

fn span(e: &mut Evidence, class: Option<&str>, of: Compared, is_bad: &str) -> String {
    let rows = format!("{} AND {is_bad}", of(e, class));
    let ends = ["MIN(earliest_us)", "MAX(latest_us)"];
    let [from, to] = ends.map(|end| Timestamp(e.number(end, &rows, class).unwrap_or_default()));
    wording::span(from, to)
}
