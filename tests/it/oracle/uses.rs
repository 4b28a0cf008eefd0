/*! The sentences on use and reads of the old version. */

use super::facts::Fact;
use super::templates::Template;
use Fact::{
    Asked, At, Before, Between, Bound, Class, Distinct, MoreGroups, MoreTimes, Names, Number, On,
    OnInstances, Pause, Report, Session, SessionLength, Span, SwitchLength, SwitchSpan, Switches,
    Times, Versions, Window, Word,
};

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
            ("until", Word(&["it was seen reading once, so nobody knows when it reads again"])),
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
        rule: "layer-contradiction",
        text: "`{class}` used {versions} {span}{on}, although its process started after the change, at {started}",
        slots: &[
            ("class", Class),
            ("versions", Versions(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("span", Span(old!("latest_us >= $from AND earliest_us <= $a"))),
            ("on", On(old!("latest_us >= $from AND earliest_us <= $a"))),
            (
                "started",
                Asked(
                    "SELECT MIN(earliest_us) AS v FROM evidence WHERE consumer_class = $class AND kind = 'start' \
                     AND earliest_us >= $t0",
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
