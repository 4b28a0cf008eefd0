/*! The keys of the plan: the one list from which unknown keys are found, examples are taken and the schema is made. */

use self::Kind::{
    AboveZero, Cadence, Count, Duration, Fields, Flag, Match, Number, Outcomes, Table, Tables,
    Text, Texts, Time, WordOrWords, Words,
};
use super::{consumer, credential, rotation};

/// What kind of value a key takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A string that is not empty.
    Text,
    /// A list of such strings.
    Texts,
    /// One of a few words.
    Words(fn() -> Vec<&'static str>),
    /// One of them, or a list.
    WordOrWords(fn() -> Vec<&'static str>),
    /// `true` or `false`.
    Flag,
    /// A date and time with its offset.
    Time,
    /// A length of time.
    Duration,
    /// A length of time that is not zero.
    AboveZero,
    /// The same, or a cron expression.
    Cadence,
    /// A number from or above 0 up to a most.
    Number {
        /// Is 0 itself out?
        above: bool,
        /// The largest.
        most: u32,
    },
    /// A whole number from 1.
    Count,
    /// A match table, or a list of them.
    Match,
    /// Lists of words by outcome.
    Outcomes,
    /// Pointers or names by column.
    Fields,
    /// A table.
    Table(&'static Section),
    /// A list of tables.
    Tables(&'static Section),
}

/// One key, with a value as somebody would write it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// Its name.
    pub(super) name: &'static str,
    /// A value of the right kind, in TOML.
    pub(super) example: &'static str,
    /// What it takes.
    pub(super) kind: Kind,
    /// What it means, for editors.
    pub(super) meaning: &'static str,
}

/// One table of the plan.
#[derive(Debug)]
pub(super) struct Section {
    /// As its head is written.
    pub(super) head: &'static str,
    /// The keys that must stand in it.
    pub(super) needs: &'static [&'static str],
    /// Its keys, in the order of the documentation.
    pub(super) keys: &'static [Key],
}

impl Section {
    /// How messages name it.
    pub(super) fn place(&self) -> String {
        if self.head.starts_with('[') { format!("`{}`", self.head) } else { self.head.to_owned() }
    }

    /// The key of that name.
    pub(super) fn key(&self, name: &str) -> Option<Key> {
        self.keys.iter().find(|key| key.name == name).copied()
    }
}

macro_rules! sections {
    ($($section:ident $head:literal needs $needs:tt {
        $($name:literal = $example:literal, $kind:expr, $meaning:literal;)*
    })*) => {
        $(pub(super) static $section: Section = Section {
            head: $head,
            needs: &$needs,
            keys: &[$(Key { name: $name, example: $example, kind: $kind, meaning: $meaning },)*],
        };)*

        /// All tables, in the order of the documentation.
        pub(super) static SECTIONS: &[&Section] = &[$(&$section,)*];
    };
}

sections! {
    ROOT "the plan" needs ["credential", "rotation", "consumer"] {
        "credential" = "[credential]", Table(&CREDENTIAL),
            "What is rotated, and its versions.";
        "rotation" = "[rotation]", Table(&ROTATION),
            "How the credential moves, and what is promised.";
        "consumer" = "[[consumer]]", Tables(&CONSUMER),
            "One runtime surface that uses the credential.";
        "source" = "[[source]]", Tables(&SOURCE),
            "How some of the inputs are to be read; without it every input is recognised.";
        "waiver" = "[[waiver]]", Tables(&WAIVER),
            "A finding that somebody answers for.";
        "limits" = "[limits]", Table(&LIMITS),
            "Measures of the rules, where the defaults do not fit.";
    }
    CREDENTIAL "[credential]" needs ["name", "version"] {
        "name" = "\"document_provider_api_token\"", Text,
            "The name of the credential.";
        "dependency" = "\"document analysis provider\"", Text,
            "What it opens.";
        "version" = "[[credential.version]]", Tables(&VERSION),
            "A version of the credential.";
    }
    VERSION "[[credential.version]]" needs ["name", "state"] {
        "name" = "\"v1\"", Text,
            "The name of the version.";
        "state" = "\"old\"", Words(credential::states),
            "Is it the one that goes, or the one that comes?";
        "markers" = "[\"doc-key-2024\"]", Texts,
            "Strings by which records show it: literals, or `sha256:`, `prefix:`, `suffix:`, `/regular expression/`.";
    }
    ROTATION "[rotation]" needs ["introduced", "window"] {
        "model" = "\"dual-valid\"", WordOrWords(rotation::models),
            "How truth moves from one version to the other.";
        "introduced" = "2026-03-02T09:00:00Z", Time,
            "When the new version became valid.";
        "revoke_target" = "2026-03-06T09:00:00Z", Time,
            "When the old version is to go.";
        "revoked" = "2026-03-06T09:02:00Z", Time,
            "When it went: the report becomes a postmortem.";
        "window" = "\"48h\"", AboveZero,
            "No old use may appear in it.";
        "rollback" = "\"re-enable v1 at the provider\"", Text,
            "How to go back.";
        "decision_owner" = "\"platform-security\"", Text,
            "Who decides.";
        "in_flight" = "\"requeue\"", Words(rotation::in_flight),
            "What becomes of work that was queued before the change.";
        "required_evidence" = "[\"one replay from a fresh container\"]", Texts,
            "Text that is printed beside the verdict; it decides nothing.";
    }
    CONSUMER "[[consumer]]" needs ["class"] {
        "class" = "\"retry-worker\"", Text,
            "The name of the class.";
        "path" = "\"background\"", Words(consumer::paths),
            "How often and when it runs; `primary` if not given.";
        "use" = "\"direct\"", Words(consumer::uses),
            "Does it authenticate itself? `direct` if not given.";
        "owner" = "\"documents-team\"", Text,
            "Who owns it.";
        "refresh" = "\"on-start\"", Words(consumer::refreshes),
            "When it takes a new value.";
        "session_max" = "\"12h\"", Duration,
            "How long a pool, session or cached credential can outlive a change.";
        "every" = "\"6h\"", Cadence,
            "The longest gap expected between two runs, or a cron expression of five fields in UTC.";
        "lag" = "\"15m\"", Duration,
            "How late its records may arrive; 15m if not given.";
        "effects" = "[\"failed-job recovery\"]", Texts,
            "Business effects at risk.";
        "derived" = "[\"HTTP client pool\"]", Texts,
            "State made from the credential that outlives a change.";
        "environments" = "[\"prod\"]", Texts,
            "Where its successes count; where its baseline worked, if not given.";
        "is_fallback" = "true", Flag,
            "Is it somebody's fallback path?";
        "run_settles" = "true", Flag,
            "Does one fresh run on the new version stand for a whole `every`?";
        "match" = "[{ service_name = \"retry-worker\" }]", Match,
            "Which records are its: any of these tables.";
        "fallback" = "[{ route = \"local\" }]", Match,
            "Which of its records count as degraded: any of these tables.";
        "disabled" = "true", Flag,
            "Is the path switched off?";
        "disabled_reason" = "\"switched off in January\"", Text,
            "Why.";
        "limits" = "[consumer.limits]", Table(&LIMITS),
            "Measures for this class alone.";
    }
    SOURCE "[[source]]" needs ["paths"] {
        "paths" = "[\"logs/retry/**/*.jsonl.gz\"]", Texts,
            "Patterns of files.";
        "profile" = "\"json\"", Text,
            "How its records are read: `holdover sources list` names all profiles.";
        "timezone" = "\"Europe/Berlin\"", Text,
            "The IANA zone of stamps without an offset.";
        "class" = "\"retry-worker\"", Text,
            "The class to which every record of these files belongs.";
        "uses" = "[{ action = \"doc.call\" }]", Match,
            "Which records are tries, where no marker says so: any of these tables.";
        "stream" = "\"/cluster\"", Text,
            "A JSON Pointer: one stream for each of its values.";
        "max_gap" = "\"15m\"", Duration,
            "A longer silence of a stream is a hole; learned, if not given.";
        "outcomes" = "{ success = [\"done\"] }", Outcomes,
            "Words of its outcome field.";
        "fields" = "{ credential_uid = \"/auth/key_id\" }", Fields,
            "Which field of a record fills a column of the evidence table.";
    }
    WAIVER "[[waiver]]" needs ["rule", "owner", "until", "reason"] {
        "rule" = "\"exception-path-untested\"", Text,
            "The rule whose finding is waived.";
        "class" = "\"support-replay\"", Text,
            "The class it is narrowed to.";
        "match" = "[{ user_agent = \"curl/8.5.0\" }]", Match,
            "The undeclared consumer it is narrowed to.";
        "owner" = "\"platform-security\"", Text,
            "Who answers for it.";
        "until" = "2026-03-10T00:00:00Z", Time,
            "When it ends.";
        "reason" = "\"replay is frozen until the new image ships\"", Text,
            "Why.";
    }
    LIMITS "[limits]" needs [] {
        "alpha" = "0.01", Number { above: true, most: 1 },
            "The level of all tests of a run together; 0.01 if not given.";
        "share_points" = "5", Number { above: false, most: 100 },
            "By how many percentage points a share must have grown; 5 if not given.";
        "min_tries" = "30", Count,
            "Fewer tries than this are compared without a test; 30 if not given.";
        "rejected_share" = "0.001", Number { above: false, most: 1 },
            "How large a share of records may be rejected; 0.001 if not given.";
        "unversioned_share" = "0.05", Number { above: false, most: 1 },
            "How large a share of successes may show no version; 0.05 if not given.";
        "skew" = "\"60s\"", Duration,
            "Times of two streams that are closer have no order; 60s if not given.";
        "gone_after" = "\"24h\"", AboveZero,
            "An instance that left no record for so long is gone; 24h if not given.";
        "aggregates_prove" = "false", Flag,
            "May counters stand for a fresh success? Not, if not given.";
    }
}
