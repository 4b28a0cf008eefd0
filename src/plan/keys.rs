/*! The keys of the plan: the one list from which unknown keys are found and examples are taken. */

/// One key, with a value as somebody would write it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// Its name.
    pub(super) name: &'static str,
    /// A value of the right kind, in TOML.
    pub(super) example: &'static str,
}

/// One table of the plan.
#[derive(Debug)]
pub(super) struct Section {
    /// As its head is written.
    pub(super) head: &'static str,
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
    ($($section:ident $head:literal { $($name:literal = $example:literal;)* })*) => {
        $(pub(super) static $section: Section = Section {
            head: $head,
            keys: &[$(Key { name: $name, example: $example },)*],
        };)*

        /// All tables, in the order of the documentation.
        pub(super) static SECTIONS: &[&Section] = &[$(&$section,)*];
    };
}

sections! {
    ROOT "the plan" {
        "credential" = "[credential]";
        "rotation" = "[rotation]";
        "consumer" = "[[consumer]]";
        "source" = "[[source]]";
        "waiver" = "[[waiver]]";
        "limits" = "[limits]";
    }
    CREDENTIAL "[credential]" {
        "name" = "\"document_provider_api_token\"";
        "dependency" = "\"document analysis provider\"";
        "version" = "[[credential.version]]";
    }
    VERSION "[[credential.version]]" {
        "name" = "\"v1\"";
        "state" = "\"old\"";
        "markers" = "[\"doc-key-2024\"]";
    }
    ROTATION "[rotation]" {
        "model" = "\"dual-valid\"";
        "introduced" = "2026-03-02T09:00:00Z";
        "revoke_target" = "2026-03-06T09:00:00Z";
        "revoked" = "2026-03-06T09:02:00Z";
        "window" = "\"48h\"";
        "rollback" = "\"re-enable v1 at the provider\"";
        "decision_owner" = "\"platform-security\"";
        "in_flight" = "\"requeue\"";
        "required_evidence" = "[\"one replay from a fresh container\"]";
    }
    CONSUMER "[[consumer]]" {
        "class" = "\"retry-worker\"";
        "path" = "\"background\"";
        "use" = "\"direct\"";
        "owner" = "\"documents-team\"";
        "refresh" = "\"on-start\"";
        "session_max" = "\"12h\"";
        "every" = "\"6h\"";
        "lag" = "\"15m\"";
        "effects" = "[\"failed-job recovery\"]";
        "derived" = "[\"HTTP client pool\"]";
        "environments" = "[\"prod\"]";
        "is_fallback" = "true";
        "run_settles" = "true";
        "match" = "[{ service_name = \"retry-worker\" }]";
        "fallback" = "[{ route = \"local\" }]";
        "disabled" = "true";
        "disabled_reason" = "\"switched off in January\"";
        "limits" = "[consumer.limits]";
    }
    SOURCE "[[source]]" {
        "paths" = "[\"logs/retry/**/*.jsonl.gz\"]";
        "profile" = "\"json\"";
        "timezone" = "\"Europe/Berlin\"";
        "class" = "\"retry-worker\"";
        "uses" = "[{ action = \"doc.call\" }]";
        "stream" = "\"/cluster\"";
        "max_gap" = "\"15m\"";
        "outcomes" = "{ success = [\"done\"] }";
        "fields" = "{ credential_uid = \"/auth/key_id\" }";
    }
    WAIVER "[[waiver]]" {
        "rule" = "\"exception-path-untested\"";
        "class" = "\"support-replay\"";
        "match" = "[{ user_agent = \"curl/8.5.0\" }]";
        "owner" = "\"platform-security\"";
        "until" = "2026-03-10T00:00:00Z";
        "reason" = "\"replay is frozen until the new image ships\"";
    }
    LIMITS "[limits]" {
        "alpha" = "0.01";
        "share_points" = "5";
        "min_tries" = "30";
        "rejected_share" = "0.001";
        "unversioned_share" = "0.05";
        "skew" = "\"60s\"";
        "gone_after" = "\"24h\"";
        "aggregates_prove" = "false";
    }
}
