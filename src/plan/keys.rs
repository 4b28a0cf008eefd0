/*! The keys of the plan. This one list finds unknown keys, gives examples in messages, and makes the schema. */

use super::words;

/// The kind of value that a key takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum ValueKind {
    /// A string that is not empty.
    Text,
    /// A list of strings that are not empty.
    Texts,
    /// A string that is not empty, or a list of them.
    TextOrTexts,
    /// One of a few words.
    Words(fn() -> Vec<&'static str>),
    /// One of a few words, or a list of them.
    WordOrWords(fn() -> Vec<&'static str>),
    /// `true` or `false`.
    Flag,
    /// A date and time with its offset.
    Instant,
    /// A length of time.
    Length,
    /// A length of time that is not zero.
    LengthAboveZero,
    /// A length of time that is not zero, or a cron expression.
    Cadence,
    /// A number within a range.
    Number(NumberRange),
    /// A whole number of at least 1.
    Count,
    /// A match table, or a list of them.
    Match,
    /// Lists of words by outcome.
    OutcomeWords,
    /// JSON Pointers or CSV columns by column of the evidence table.
    ColumnFields,
    /// One table with these keys.
    Table(&'static Section),
    /// A list of tables with these keys.
    Tables(&'static Section),
}

/// The numbers that a key accepts: from 0, or above it, up to a largest one.
#[derive(Clone, Copy, Debug)]
pub(super) struct NumberRange {
    pub(super) excludes_zero: bool,
    pub(super) largest: u32,
}

impl NumberRange {
    /// A part of a whole, from 0 up to 1.
    pub(super) const SHARE: Self = Self { excludes_zero: false, largest: 1 };
    /// The level of a test: 0 would mean that the test never fires.
    pub(super) const LEVEL: Self = Self { excludes_zero: true, largest: 1 };
    /// Percentage points.
    pub(super) const POINTS: Self = Self { excludes_zero: false, largest: 100 };

    pub(super) fn contains(self, number: f64) -> bool {
        let is_above = if self.excludes_zero { number > 0.0 } else { number >= 0.0 };
        is_above && number <= f64::from(self.largest)
    }

    /// How messages describe the range.
    pub(super) fn described(self) -> String {
        let low = if self.excludes_zero { "above 0" } else { "from 0" };
        format!("a number {low} up to {}", self.largest)
    }
}

/// One key of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlanKey {
    pub(super) name: &'static str,
    /// A value of the right kind, in TOML.
    pub(super) example: &'static str,
    pub(super) kind: ValueKind,
    /// The description that editors show.
    pub(super) meaning: &'static str,
}

/// One table of the plan.
#[derive(Debug)]
pub(super) struct Section {
    /// The head as the plan writes it.
    pub(super) head: &'static str,
    /// The required keys.
    pub(super) needs: &'static [&'static str],
    /// All keys, in the order of the documentation.
    pub(super) keys: &'static [PlanKey],
}

impl Section {
    /// How messages name the table.
    pub(super) fn place(&self) -> String {
        if self.head.starts_with('[') { format!("`{}`", self.head) } else { self.head.to_owned() }
    }

    pub(super) fn key(&self, name: &str) -> Option<PlanKey> {
        self.keys.iter().find(|key| key.name == name).copied()
    }
}

macro_rules! sections {
    ($($section:ident $head:literal needs $needs:tt {
        $($name:literal = $example:literal, $kind:ident $(($of:expr))?, $meaning:literal;)*
    })*) => {
        $(pub(super) static $section: Section = Section {
            head: $head,
            needs: &$needs,
            keys: &[$(PlanKey {
                name: $name,
                example: $example,
                kind: ValueKind::$kind $(($of))?,
                meaning: $meaning,
            },)*],
        };)*

        /// All tables, in the order of the documentation.
        pub(super) static SECTIONS: &[&Section] = &[$(&$section,)*];
    };
}

sections! {
    ROOT "the plan" needs ["credential", "rotation", "consumer"] {
        "credential" = "[credential]", Table(&CREDENTIAL),
            "The credential that is rotated, and its versions.";
        "rotation" = "[rotation]", Table(&ROTATION),
            "How consumers move to the new version, and what the team promised.";
        "consumer" = "[[consumer]]", Tables(&CONSUMER),
            "One thing at runtime that uses the credential.";
        "source" = "[[source]]", Tables(&SOURCE),
            "How to read some of the inputs. Inputs without it are recognised by their content.";
        "waiver" = "[[waiver]]", Tables(&WAIVER),
            "Findings that somebody answers for.";
        "limits" = "[limits]", Table(&LIMITS),
            "Thresholds of the rules, where the defaults do not fit.";
    }
    CREDENTIAL "[credential]" needs ["name", "version"] {
        "name" = "\"document_provider_api_token\"", Text,
            "The name of the credential.";
        "dependency" = "\"document analysis provider\"", Text,
            "What the credential gives access to.";
        "version" = "[[credential.version]]", Tables(&VERSION),
            "One version of the credential.";
    }
    VERSION "[[credential.version]]" needs ["name", "state"] {
        "name" = "\"v1\"", Text,
            "The name of the version.";
        "state" = "\"old\"", Words(words::state_words),
            "Whether this version is to be revoked (`old`) or to stay (`new`).";
        "markers" = "[\"doc-key-2024\"]", Texts,
            "Strings that show this version in records: literals, or `sha256:`, `prefix:`, `suffix:`, `/regular expression/`.";
    }
    ROTATION "[rotation]" needs ["introduced", "window"] {
        "model" = "\"dual-valid\"", WordOrWords(words::cutover_words),
            "How consumers move from one version to the other.";
        "introduced" = "2026-03-02T09:00:00Z", Instant,
            "When the new version became valid.";
        "revoke_target" = "2026-03-06T09:00:00Z", Instant,
            "When the old version is planned to be revoked.";
        "revoked" = "2026-03-06T09:02:00Z", Instant,
            "When the old version was revoked. The report becomes a postmortem.";
        "window" = "\"48h\"", LengthAboveZero,
            "How long before the decision the old version must not have been used.";
        "slowest" = "\"12h\"", LengthAboveZero,
            "Exclude any unnamed consumer that uses the old version at least this often; the silence must be 4.6 times as long.";
        "rollback" = "\"re-enable v1 at the provider\"", Text,
            "How to return to the old version.";
        "decision_owner" = "\"platform-security\"", Text,
            "Who decides about the revocation.";
        "in_flight" = "\"requeue\"", Words(words::in_flight_words),
            "What happens to work that was queued before the change.";
        "required_evidence" = "[\"one replay from a fresh container\"]", Texts,
            "Texts that are printed with the verdict. They decide nothing.";
    }
    CONSUMER "[[consumer]]" needs ["class"] {
        "class" = "\"retry-worker\"", Text,
            "The name of the consumer.";
        "path" = "\"background\"", Words(words::path_words),
            "How often and when it runs. The default is `primary`.";
        "use" = "\"direct\"", Words(words::use_words),
            "Whether it authenticates itself. The default is `direct`.";
        "owner" = "\"documents-team\"", Text,
            "The team that owns this consumer.";
        "refresh" = "\"on-start\"", Words(words::refresh_words),
            "When it picks up a new value of the credential.";
        "session_max" = "\"12h\"", Length,
            "How long a pool, session or cached credential can outlive a change.";
        "slowest" = "\"12h\"", LengthAboveZero,
            "Exclude any unnamed member that uses the old version at least this often; the silence must be 4.6 times as long.";
        "every" = "\"6h\"", Cadence,
            "The longest gap expected between two runs, or a cron expression of five fields in UTC.";
        "lag" = "\"15m\"", Length,
            "How late its records may arrive. The default is 15m.";
        "effects" = "[\"failed-job recovery\"]", Texts,
            "Business effects that are at risk if it fails.";
        "derived" = "[\"HTTP client pool\"]", Texts,
            "State made from the credential that outlives a change.";
        "environments" = "[\"prod\"]", Texts,
            "The environments in which its successes count. The default is where it worked before the new version.";
        "is_fallback" = "true", Flag,
            "Whether it is the fallback of another consumer.";
        "run_settles" = "true", Flag,
            "Whether one fresh run on the new version may stand for a whole `every`.";
        "match" = "[{ service_name = \"retry-worker\" }]", Match,
            "Which records belong to it: those that any of these tables matches.";
        "fallback" = "[{ route = \"local\" }]", Match,
            "Which of its records went through a fallback: those that any of these tables matches.";
        "disabled" = "true", Flag,
            "Whether this consumer is switched off.";
        "disabled_reason" = "\"switched off in January\"", Text,
            "Why it is switched off.";
        "limits" = "[consumer.limits]", Table(&LIMITS),
            "Thresholds for this consumer alone.";
    }
    SOURCE "[[source]]" needs ["paths"] {
        "paths" = "[\"logs/retry/**/*.jsonl.gz\"]", Texts,
            "Patterns of file paths.";
        "profile" = "\"json\"", Text,
            "The profile that reads its records. `holdover sources list` names all.";
        "timezone" = "\"Europe/Berlin\"", Text,
            "The IANA time zone of timestamps without an offset.";
        "class" = "\"retry-worker\"", Text,
            "The consumer to which every record of these files belongs.";
        "uses" = "[{ action = \"doc.call\" }]", Match,
            "Which records without a marker are attempts: those that any of these tables matches.";
        "stream" = "\"/cluster\"", TextOrTexts,
            "A JSON Pointer, or a list of them. Each of their values is a log source of its own.";
        "max_gap" = "\"15m\"", Length,
            "A longer silence of a log source is a gap in the log. If not given, it is learned.";
        "outcomes" = "{ success = [\"done\"] }", OutcomeWords,
            "What the words of its outcome field mean.";
        "fields" = "{ credential_uid = \"/auth/key_id\" }", ColumnFields,
            "Which fields of a record fill a column of the evidence table.";
        "ignore" = "[\"/comment\"]", Texts,
            "JSON Pointers to text that only mentions markers. The report names them as a limit.";
    }
    WAIVER "[[waiver]]" needs ["rule", "owner", "until", "reason"] {
        "rule" = "\"exception-path-untested\"", Text,
            "The rule whose finding is waived.";
        "class" = "\"support-replay\"", Text,
            "The only consumer for which it holds.";
        "match" = "[{ user_agent = \"curl/8.5.0\" }]", Match,
            "The only undeclared consumer for which it holds.";
        "owner" = "\"platform-security\"", Text,
            "The person or team that answers for it.";
        "until" = "2026-03-10T00:00:00Z", Instant,
            "The time at which it ends.";
        "reason" = "\"replay is frozen until the new image ships\"", Text,
            "Why the finding may stand until then.";
    }
    LIMITS "[limits]" needs [] {
        "alpha" = "0.01", Number(NumberRange::LEVEL),
            "The significance level of all tests of a run together. The default is 0.01.";
        "share_points" = "5", Number(NumberRange::POINTS),
            "By how many percentage points a share must have grown. The default is 5.";
        "min_tries" = "30", Count,
            "Fewer attempts than this are compared without a test. The default is 30.";
        "rejected_share" = "0.001", Number(NumberRange::SHARE),
            "How large a share of records may be rejected. The default is 0.001.";
        "unversioned_share" = "0.05", Number(NumberRange::SHARE),
            "How large a share of successes may show no version. The default is 0.05.";
        "skew" = "\"60s\"", Length,
            "Times of two log sources that are closer than this have no order. The default is 60s.";
        "gone_after" = "\"24h\"", LengthAboveZero,
            "An instance that left no record for this long is gone. The default is 24h.";
        "aggregates_prove" = "false", Flag,
            "Whether counters may stand for a fresh success. The default is false.";
    }
}
