/*! The sentences on attempts that were refused, not allowed or degraded. */

use super::facts::Fact;
use super::templates::Template;
use Fact::{
    At, Between, Class, Count, Distinct, Endings, Number, On, Percent, Session, Span, Times,
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
        rule: "fallback-degradation",
        text: "{n} of {of} of `{class}` ({percent}) went through its fallback, {span}; before the change, {bad} of {all} did ({share})",
        slots: &[
            (
                "n",
                Number(since!("degraded AND earliest_us >= $from AND credential_state <> 'old'")),
            ),
            ("of", Count(since!("earliest_us >= $from AND credential_state <> 'old'"), "attempt")),
            ("class", Class),
            (
                "percent",
                Percent(
                    since!("degraded AND earliest_us >= $from AND credential_state <> 'old'"),
                    since!("earliest_us >= $from AND credential_state <> 'old'"),
                ),
            ),
            (
                "span",
                Span(since!("degraded AND earliest_us >= $from AND credential_state <> 'old'")),
            ),
            ("bad", Number(before!("degraded"))),
            ("all", Number(before!("count > 0"))),
            ("share", Percent(before!("degraded"), before!("count > 0"))),
        ],
    },
    Template {
        rule: "permission-loss",
        text: "{n} of {of} of `{class}` with {versions} ({percent}) were not permitted, {span}; before the change, {bad} of {all} ({share})",
        slots: &[
            ("n", Number(new!("outcome = 'denied' AND latest_us >= $t0"))),
            ("of", Count(new!("latest_us >= $t0"), "attempt")),
            ("class", Class),
            ("versions", Versions(new!("outcome = 'denied' AND latest_us >= $t0"))),
            (
                "percent",
                Percent(new!("outcome = 'denied' AND latest_us >= $t0"), new!("latest_us >= $t0")),
            ),
            ("span", Span(new!("outcome = 'denied' AND latest_us >= $t0"))),
            ("bad", Number(before!("outcome = 'denied'"))),
            ("all", Number(before!("count > 0"))),
            ("share", Percent(before!("outcome = 'denied'"), before!("count > 0"))),
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
        rule: "refusal-rise",
        text: "{n} of {of} of `{class}` ({percent}) were refused, {span}{on}; only {all} before the change: too few to compare",
        slots: &[
            ("n", Number(since!("outcome = 'auth_failure' AND credential_state <> 'old'"))),
            (
                "of",
                Count(
                    since!("earliest_us >= first_ok_us AND credential_state <> 'old'"),
                    "attempt",
                ),
            ),
            ("class", Class),
            (
                "percent",
                Percent(
                    since!("outcome = 'auth_failure' AND credential_state <> 'old'"),
                    since!("earliest_us >= first_ok_us AND credential_state <> 'old'"),
                ),
            ),
            ("span", Span(since!("outcome = 'auth_failure' AND credential_state <> 'old'"))),
            ("on", On(since!("outcome = 'auth_failure' AND credential_state <> 'old'"))),
            ("all", Count(before!("count > 0"), "attempt")),
        ],
    },
    Template {
        rule: "refusal-rise",
        text: "{n} of {of} of `{class}` ({percent}) were refused, {span}{on}; before the change, {bad} of {all} ({share})",
        slots: &[
            (
                "n",
                Number(since!(
                    "outcome = 'auth_failure' AND earliest_us >= $from AND credential_state <> 'old'"
                )),
            ),
            ("of", Count(since!("earliest_us >= $from AND credential_state <> 'old'"), "attempt")),
            ("class", Class),
            (
                "percent",
                Percent(
                    since!(
                        "outcome = 'auth_failure' AND earliest_us >= $from AND credential_state <> 'old'"
                    ),
                    since!("earliest_us >= $from AND credential_state <> 'old'"),
                ),
            ),
            (
                "span",
                Span(since!(
                    "outcome = 'auth_failure' AND earliest_us >= $from AND credential_state <> 'old'"
                )),
            ),
            (
                "on",
                On(since!(
                    "outcome = 'auth_failure' AND earliest_us >= $from AND credential_state <> 'old'"
                )),
            ),
            ("bad", Number(before!("outcome = 'auth_failure'"))),
            ("all", Number(before!("count > 0"))),
            ("share", Percent(before!("outcome = 'auth_failure'"), before!("count > 0"))),
        ],
    },
    Template {
        rule: "refusal-rise",
        text: "{n} of {of} of `{class}` ({percent}) were refused, {span}{on}; only {all} before the change: too few to compare",
        slots: &[
            ("n", Number(since!("outcome = 'auth_failure' AND credential_state <> 'old'"))),
            ("of", Count(since!("credential_state <> 'old'"), "attempt")),
            ("class", Class),
            (
                "percent",
                Percent(
                    since!("outcome = 'auth_failure' AND credential_state <> 'old'"),
                    since!("credential_state <> 'old'"),
                ),
            ),
            ("span", Span(since!("outcome = 'auth_failure' AND credential_state <> 'old'"))),
            ("on", On(since!("outcome = 'auth_failure' AND credential_state <> 'old'"))),
            ("all", Count(before!("count > 0"), "attempt")),
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
                Distinct("job_id", since!("job_id IS NOT NULL AND outcome = 'auth_failure'"), ""),
            ),
            ("endings", Endings(since!("job_id IS NOT NULL AND outcome = 'auth_failure'"))),
            ("span", Span(since!("job_id IS NOT NULL AND outcome = 'auth_failure'"))),
        ],
    },
];
