/*! The tables and keys of a profile, as its TOML file writes them. An unknown key is a mistake. */

use std::collections::BTreeMap;

use serde::Deserialize;

/// One text, or a list of texts.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        Self::More(Vec::new())
    }
}

impl From<OneOrMore> for Vec<String> {
    fn from(toml: OneOrMore) -> Self {
        match toml {
            OneOrMore::One(text) => vec![text],
            OneOrMore::More(texts) => texts,
        }
    }
}

/// Declares the tables, and lists their keys for hints about a misspelt one.
macro_rules! toml_tables {
    ($($(#[$of_table:meta])* struct $table:ident {
        $($(#[$of_key:meta])* $key:ident: $type:ty,)*
    })*) => {
        $($(#[$of_table])*
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $table {
            $($(#[$of_key])* pub(super) $key: $type,)*
        })*

        /// The keys of all tables.
        pub(super) const KEYS: &[&str] = &[$($(stringify!($key),)*)*];
    };
}

toml_tables! {
    struct ProfileToml {
        name: String,
        family: String,
        title: String,
        layer: String,
        lag: String,
        #[serde(default)]
        record_keys: Vec<String>,
        #[serde(default)]
        sniff: Vec<String>,
        #[serde(default)]
        sniff_values: BTreeMap<String, Vec<String>>,
        #[serde(default)]
        patterns: Vec<String>,
        start: Option<String>,
        #[serde(default)]
        each: OneOrMore,
        payload: Option<String>,
        blind_spots: Vec<String>,
        #[serde(default)]
        fields: BTreeMap<String, Vec<String>>,
        #[serde(default)]
        constants: BTreeMap<String, String>,
        #[serde(default)]
        extract: Vec<ExtractToml>,
        #[serde(default)]
        join: Vec<JoinToml>,
        #[serde(default)]
        part: Vec<PartToml>,
        time_span: Option<String>,
        #[serde(default)]
        outcome_hints: OutcomeHintsToml,
        #[serde(default)]
        outcomes: OutcomesToml,
        #[serde(default)]
        outcome: Vec<OutcomeToml>,
        #[serde(default)]
        kinds: BTreeMap<String, Vec<String>>,
        #[serde(default)]
        kind: Vec<KindToml>,
        #[serde(default)]
        strip: BTreeMap<String, String>,
        #[serde(default)]
        units: BTreeMap<String, String>,
        #[serde(default)]
        fold: BTreeMap<String, String>,
        #[serde(default)]
        link: Vec<LinkToml>,
        #[serde(default)]
        alias: Vec<AliasToml>,
        owner: Option<OwnerToml>,
        #[serde(default)]
        also: Vec<AlsoToml>,
        timezone: Option<String>,
        #[serde(default)]
        stream: OneOrMore,
        counter: Option<CounterToml>,
        #[serde(default)]
        dated_by_path: bool,
        snapshot: Option<SnapshotToml>,
        #[serde(default)]
        received: Vec<String>,
        #[serde(default)]
        doubtful_times: Vec<String>,
        #[serde(default)]
        guesses: bool,
        #[serde(default)]
        ignore: Vec<String>,
    }

    struct SnapshotToml {
        #[serde(default)]
        taken: Vec<String>,
        #[serde(default)]
        running: BTreeMap<String, Vec<String>>,
    }

    struct CounterToml {
        value: Vec<String>,
        series: Vec<String>,
        #[serde(default)]
        since: Vec<String>,
        #[serde(default)]
        total: Vec<BTreeMap<String, Vec<String>>>,
        #[serde(default)]
        delta: Vec<BTreeMap<String, Vec<String>>>,
        #[serde(default)]
        began: Vec<BTreeMap<String, Vec<String>>>,
        #[serde(default)]
        part: Vec<BTreeMap<String, Vec<String>>>,
        #[serde(default)]
        used: Vec<BTreeMap<String, Vec<String>>>,
        #[serde(default)]
        idle: Vec<BTreeMap<String, Vec<String>>>,
        #[serde(default)]
        state: Vec<BTreeMap<String, Vec<String>>>,
    }

    #[derive(Default)]
    struct OutcomeHintsToml {
        #[serde(default)]
        weak: Vec<String>,
        #[serde(default)]
        status: Vec<String>,
        #[serde(default)]
        grpc: Vec<String>,
    }

    #[derive(Default)]
    struct OutcomesToml {
        absent: Option<String>,
        otherwise: Option<String>,
        #[serde(default)]
        success: Vec<String>,
        #[serde(default)]
        auth_failure: Vec<String>,
        #[serde(default)]
        denied: Vec<String>,
        #[serde(default)]
        failure: Vec<String>,
        #[serde(default)]
        none: Vec<String>,
    }

    struct ExtractToml {
        column: String,
        from: String,
        pattern: String,
        #[serde(default)]
        when: BTreeMap<String, Vec<String>>,
    }

    struct JoinToml {
        column: String,
        from: Vec<String>,
        #[serde(default)]
        with: String,
    }

    struct PartToml {
        #[serde(default)]
        unless: BTreeMap<String, Vec<String>>,
        #[serde(default)]
        fields: BTreeMap<String, Vec<String>>,
        #[serde(default)]
        join: Vec<JoinToml>,
    }

    struct OutcomeToml {
        when: BTreeMap<String, Vec<String>>,
        outcome: String,
    }

    struct KindToml {
        when: BTreeMap<String, Vec<String>>,
        kind: String,
        layer: Option<String>,
    }

    struct LinkToml {
        child: String,
        parent: String,
        parent_pattern: Option<String>,
        previous: Option<String>,
        #[serde(default)]
        when: BTreeMap<String, Vec<String>>,
    }

    struct OwnerToml {
        #[serde(default)]
        unless: Vec<String>,
    }

    struct AliasToml {
        from: String,
        pattern: Option<String>,
    }

    struct AlsoToml {
        #[serde(default)]
        when: BTreeMap<String, Vec<String>>,
        uid: OneOrMore,
        #[serde(default)]
        with: String,
        pattern: Option<String>,
        kind: String,
        layer: String,
        fold: Option<String>,
    }
}
