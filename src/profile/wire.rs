/*! A profile as it stands in its TOML file. */

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileToml {
    pub(super) name: String,
    pub(super) family: String,
    pub(super) title: String,
    pub(super) layer: String,
    pub(super) lag: String,
    #[serde(default)]
    pub(super) record_keys: Vec<String>,
    #[serde(default)]
    pub(super) sniff: Vec<String>,
    #[serde(default)]
    pub(super) sniff_values: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) patterns: Vec<String>,
    pub(super) start: Option<String>,
    #[serde(default)]
    pub(super) each: OneOrMore,
    pub(super) payload: Option<String>,
    pub(super) blind_spots: Vec<String>,
    #[serde(default)]
    pub(super) fields: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) constants: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) extract: Vec<ExtractToml>,
    #[serde(default)]
    pub(super) join: Vec<JoinToml>,
    #[serde(default)]
    pub(super) part: Vec<PartToml>,
    pub(super) time_span: Option<String>,
    #[serde(default)]
    pub(super) outcome_hints: OutcomeHintsToml,
    #[serde(default)]
    pub(super) outcomes: OutcomesToml,
    #[serde(default)]
    pub(super) outcome: Vec<OutcomeToml>,
    #[serde(default)]
    pub(super) kinds: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) kind: Vec<KindToml>,
    #[serde(default)]
    pub(super) strip: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) units: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) fold: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) link: Vec<LinkToml>,
    #[serde(default)]
    pub(super) alias: Vec<AliasToml>,
    pub(super) owner: Option<OwnerToml>,
    #[serde(default)]
    pub(super) also: Vec<AlsoToml>,
    pub(super) stream: Option<String>,
    pub(super) counter: Option<CounterToml>,
    #[serde(default)]
    pub(super) dated_by_path: bool,
}

/// A text, or a list of them.
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
    fn from(wire: OneOrMore) -> Self {
        match wire {
            OneOrMore::One(one) => vec![one],
            OneOrMore::More(all) => all,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CounterToml {
    pub(super) value: Vec<String>,
    pub(super) series: Vec<String>,
    #[serde(default)]
    pub(super) since: Vec<String>,
    #[serde(default)]
    pub(super) total: Vec<BTreeMap<String, Vec<String>>>,
    #[serde(default)]
    pub(super) delta: Vec<BTreeMap<String, Vec<String>>>,
    #[serde(default)]
    pub(super) state: Vec<BTreeMap<String, Vec<String>>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeHintsToml {
    #[serde(default)]
    pub(super) weak: Vec<String>,
    #[serde(default)]
    pub(super) status: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomesToml {
    pub(super) absent: Option<String>,
    pub(super) otherwise: Option<String>,
    #[serde(default)]
    pub(super) success: Vec<String>,
    #[serde(default)]
    pub(super) auth_failure: Vec<String>,
    #[serde(default)]
    pub(super) denied: Vec<String>,
    #[serde(default)]
    pub(super) failure: Vec<String>,
    #[serde(default)]
    pub(super) none: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtractToml {
    pub(super) column: String,
    pub(super) from: String,
    pub(super) pattern: String,
    #[serde(default)]
    pub(super) when: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinToml {
    pub(super) column: String,
    pub(super) from: Vec<String>,
    #[serde(default)]
    pub(super) with: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartToml {
    #[serde(default)]
    pub(super) unless: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) fields: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) join: Vec<JoinToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeToml {
    pub(super) when: BTreeMap<String, Vec<String>>,
    pub(super) outcome: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindToml {
    pub(super) when: BTreeMap<String, Vec<String>>,
    pub(super) kind: String,
    pub(super) layer: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkToml {
    pub(super) child: String,
    pub(super) parent: String,
    #[serde(default)]
    pub(super) when: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnerToml {
    #[serde(default)]
    pub(super) unless: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AliasToml {
    pub(super) from: String,
    pub(super) pattern: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlsoToml {
    #[serde(default)]
    pub(super) when: BTreeMap<String, Vec<String>>,
    pub(super) uid: String,
    pub(super) pattern: Option<String>,
    pub(super) kind: String,
    pub(super) layer: String,
    pub(super) fold: Option<String>,
}
