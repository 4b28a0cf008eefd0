/*! The sentences of findings that block, and for each slot the fact that it states. */

use regex::Regex;

use super::facts::{Evidence, Fact};
use Fact::{Asked, Before, Bound, Endings, OnInstances, Pause, Versions, Window, Word};
use Fact::{
    At, Between, Class, Count, Distinct, Names, Number, On, Percent, Report, Session, Span, Times,
};

/// One sentence of a rule.
pub(super) struct Template {
    pub(super) rule: &'static str,
    pub(super) text: &'static str,
    pub(super) slots: &'static [(&'static str, Fact)],
}

impl Template {
    /// The names of its slots, in order.
    pub(super) fn names(&self) -> Vec<&'static str> {
        let slots = self.text.split('{').skip(1);
        slots.filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
    }

    /// What its slots hold in a sentence, if the sentence is one of this template.
    pub(super) fn read(&self, sentence: &str) -> Option<Vec<String>> {
        let mut pattern = String::from("^");
        for (n, part) in self.text.split('{').enumerate() {
            let literal =
                if n == 0 { part } else { part.split_once('}').map_or(part, |(_, rest)| rest) };
            if n > 0 {
                pattern.push_str("(.*?)");
            }
            pattern.push_str(&regex::escape(literal));
        }
        let found = Regex::new(&(pattern + "$")).expect("a pattern").captures(sentence)?;
        Some((1..found.len()).map(|n| found[n].to_owned()).collect())
    }

    /// Which slots do not hold what the evidence does.
    pub(super) fn check(
        &self,
        evidence: &mut Evidence,
        class: Option<&str>,
        sentence: &str,
        values: &[String],
    ) -> Vec<String> {
        evidence.bound = Vec::new();
        for (name, value) in self.names().into_iter().zip(values) {
            match name {
                "line" => evidence.bound.push(("line", Evidence::group(value))),
                "instance" => evidence.bound.push(("instance", format!("'{value}'"))),
                _ => {}
            }
        }
        let mut wrong = Vec::new();
        for (name, value) in self.names().into_iter().zip(values) {
            let Some((_, fact)) = self.slots.iter().find(|(slot, _)| *slot == name) else {
                continue;
            };
            let is_right = match fact {
                Word(words) => words.contains(&value.as_str()),
                // The rows of the other slots are those that it names.
                Bound => true,
                fact => evidence.words(*fact, class) == *value,
            };
            if !is_right {
                let expected = evidence.words(*fact, class);
                wrong.push(format!(
                    "{{{name}}} is `{value}`, the evidence holds `{expected}`: {sentence}"
                ));
            }
        }
        wrong
    }
}

// Rows of `tries`, by what the design calls them.
macro_rules! old {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND credential_state = 'old' AND credential_binding IN ('direct', 'derived') AND ",
            $more
        )
    };
}
macro_rules! undeclared {
    ($more:literal) => {
        concat!(
            "consumer_class IS NULL AND credential_state = 'old' AND credential_binding IN ('direct', 'derived') AND \
             $line AND ",
            $more
        )
    };
}
/// Refusals since the change with the new version or with none shown, with no later success of their instance.
macro_rules! refused {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND outcome = 'auth_failure' AND credential_state <> 'old' AND \
             (credential_uid IS NULL OR credential_binding IN ('direct', 'derived')) AND latest_us >= $t0 AND \
             earliest_us <= $a AND earliest_us > ok_us AND ",
            $more
        )
    };
}
macro_rules! read {
    ($more:literal) => {
        concat!(
            "reads.consumer_class = $class AND credential_state = 'old' AND \
             credential_binding IN ('direct', 'derived') AND ",
            $more
        )
    };
}
macro_rules! new {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND credential_state = 'new' AND credential_binding IN ('direct', 'derived') AND \
             class_basis = 'matched' AND earliest_us <= $a AND ",
            $more
        )
    };
}
macro_rules! since {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND latest_us >= $t0 AND earliest_us <= $a AND \
             (credential_uid IS NULL OR credential_binding IN ('direct', 'derived') OR degraded) AND ",
            $more
        )
    };
}
macro_rules! before {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND earliest_us < $t0 AND credential_state <> 'new' AND class_basis = 'matched' AND \
             (credential_uid IS NULL OR credential_binding IN ('direct', 'derived') OR degraded) AND ",
            $more
        )
    };
}

const MATCHES: &[&str] = &["matches", "match"];

pub(super) const TEMPLATES: &[Template] = &[
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
        text: "`{class}` used {versions} {span}{on}, although its configuration names the new version since {since}",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("span", Span(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("on", On(old!("latest_us >= $from AND earliest_us <= $a"))),
            (
                "since",
                Asked(
                    "SELECT MIN(earliest_us) AS v FROM evidence WHERE consumer_class = $class AND credential_state = 'new' \
                     AND evidence_layer = 'configuration'",
                ),
            ),
        ],
    },
    Template {
        rule: "old-use-after-revocation",
        text: "`{class}` used {versions} {times} after its revocation at {revoked}: {span}{on}; no success is logged ({risk})",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("latest_us >= $revoked"))),
            ("times", Times(old!("latest_us >= $revoked"))),
            ("revoked", Report("/rotation/revoked")),
            ("span", Span(old!("latest_us >= $revoked"))),
            ("on", On(old!("latest_us >= $revoked"))),
            ("risk", Word(&["no effects declared"])),
        ],
    },
];

/// Templates that no fixture says.
pub(super) const UNMET: &[&str] = &[];
