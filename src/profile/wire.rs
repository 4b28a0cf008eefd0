/*! A profile as it stands in its TOML file, and its way into the model. */

use std::collections::BTreeMap;

use regex::Regex;
use serde::Deserialize;

use super::{AlsoRule, Extract, LinkRule, OutcomeWords, Profile, Test, When};
use crate::model::columns::{Column, Role};
use crate::model::{Kind, Layer, Micros, Outcome};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
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
    each: Option<String>,
    payload: Option<String>,
    blind_spots: Vec<String>,
    #[serde(default)]
    fields: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    constants: BTreeMap<String, String>,
    #[serde(default)]
    extract: Vec<ExtractToml>,
    #[serde(default)]
    outcome_hints: OutcomeHintsToml,
    #[serde(default)]
    outcomes: OutcomesToml,
    #[serde(default)]
    kinds: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    kind: Vec<KindToml>,
    #[serde(default)]
    strip: BTreeMap<String, String>,
    #[serde(default)]
    link: Vec<LinkToml>,
    #[serde(default)]
    also: Vec<AlsoToml>,
    stream: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeHintsToml {
    #[serde(default)]
    weak: Vec<String>,
    #[serde(default)]
    status: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtractToml {
    column: String,
    from: String,
    pattern: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindToml {
    when: BTreeMap<String, Vec<String>>,
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkToml {
    child: String,
    parent: String,
    #[serde(default)]
    when: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlsoToml {
    #[serde(default)]
    when: BTreeMap<String, Vec<String>>,
    uid: String,
    pattern: Option<String>,
    kind: String,
    layer: String,
    fold: Option<String>,
}

/// Reads a profile. The error says where it is wrong and what was expected.
pub fn load(text: &str) -> Result<Profile, String> {
    let wire: ProfileToml = toml::from_str(text).map_err(|error| error.to_string())?;
    Ok(Profile {
        layer: layer(&wire.layer)?,
        lag: minutes(&wire.lag)?,
        fields: fields(wire.fields)?,
        outcomes: outcomes(wire.outcomes)?,
        kinds: kinds(wire.kinds)?,
        strip: strip(wire.strip)?,
        links: wire.link.into_iter().map(link).collect::<Result<_, _>>()?,
        sniff_values: tests(wire.sniff_values)?,
        patterns: wire.patterns.into_iter().map(expression).collect::<Result<_, _>>()?,
        start: wire.start.map(expression).transpose()?,
        each: wire.each,
        payload: wire.payload,
        constants: constants(wire.constants)?,
        extracts: wire.extract.into_iter().map(extract).collect::<Result<_, _>>()?,
        kinds_when: wire.kind.into_iter().map(kind_when).collect::<Result<_, _>>()?,
        also: wire.also.into_iter().map(also).collect::<Result<_, _>>()?,
        name: wire.name,
        family: wire.family,
        title: wire.title,
        record_keys: wire.record_keys,
        sniff: wire.sniff,
        blind_spots: wire.blind_spots,
        weak_outcome: wire.outcome_hints.weak,
        status: wire.outcome_hints.status,
        stream: wire.stream,
        timezone: None,
        counts: false,
    })
}

fn fields(wire: BTreeMap<String, Vec<String>>) -> Result<BTreeMap<Column, Vec<String>>, String> {
    wire.into_iter().map(|(name, pointers)| Ok((mapped_column(&name)?, pointers))).collect()
}

fn constants(wire: BTreeMap<String, String>) -> Result<BTreeMap<Column, String>, String> {
    wire.into_iter().map(|(name, value)| Ok((mapped_column(&name)?, value))).collect()
}

fn extract(wire: ExtractToml) -> Result<Extract, String> {
    let pattern = with_group(&wire.pattern)?;
    Ok(Extract { column: mapped_column(&wire.column)?, from: wire.from, pattern })
}

fn kind_when(wire: KindToml) -> Result<(When, Kind), String> {
    Ok((tests(wire.when)?, kind(&wire.kind)?))
}

fn link(wire: LinkToml) -> Result<LinkRule, String> {
    Ok(LinkRule { child: wire.child, parent: wire.parent, when: tests(wire.when)? })
}

fn tests(wire: BTreeMap<String, Vec<String>>) -> Result<When, String> {
    let test = |value: String| match value.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'))
    {
        Some(inside) if !inside.is_empty() => compiled(inside).map(Test::Expression),
        Some(_) | None => Ok(Test::Text(value)),
    };
    let all = |(pointer, values): (String, Vec<String>)| {
        Ok((pointer, values.into_iter().map(test).collect::<Result<_, String>>()?))
    };
    wire.into_iter().map(all).collect()
}

fn compiled(text: &str) -> Result<Regex, String> {
    Regex::new(text).map_err(|error| error.to_string())
}

/// An expression that is compiled where it is used.
fn expression(text: String) -> Result<String, String> {
    compiled(&text).map(|_| text)
}

/// An expression whose first group is the part that is wanted.
fn with_group(text: &str) -> Result<Regex, String> {
    let regex = compiled(text)?;
    if regex.captures_len() > 1 {
        Ok(regex)
    } else {
        Err(format!("expected an expression with a group in `(` and `)`, found `{text}`"))
    }
}

fn strip(wire: BTreeMap<String, String>) -> Result<BTreeMap<Column, String>, String> {
    wire.into_iter().map(|(name, characters)| Ok((mapped_column(&name)?, characters))).collect()
}

fn mapped_column(name: &str) -> Result<Column, String> {
    match Column::named(name).map(|column| (column, column.def().role)) {
        Some((column, Role::Mapped | Role::Hint)) => Ok(column),
        Some((_, Role::Computed)) => {
            Err(format!("column `{name}` is computed and cannot be mapped"))
        }
        None => Err(format!("expected a column of the evidence table, found `{name}`")),
    }
}

fn outcomes(wire: OutcomesToml) -> Result<OutcomeWords, String> {
    let lists = [
        (Outcome::Success, wire.success),
        (Outcome::AuthFailure, wire.auth_failure),
        (Outcome::Denied, wire.denied),
        (Outcome::Failure, wire.failure),
        (Outcome::None, wire.none),
    ];
    let words = lists
        .into_iter()
        .flat_map(|(outcome, words)| words.into_iter().map(move |word| (word, outcome)));
    Ok(OutcomeWords {
        absent: wire.absent.as_deref().map(outcome).transpose()?,
        otherwise: wire.otherwise.as_deref().map(outcome).transpose()?,
        words: words.collect(),
    })
}

fn kinds(wire: BTreeMap<String, Vec<String>>) -> Result<Vec<(String, Kind)>, String> {
    let mut pairs = Vec::new();
    for (name, words) in wire {
        let kind = kind(&name)?;
        pairs.extend(words.into_iter().map(|word| (word, kind)));
    }
    Ok(pairs)
}

fn also(wire: AlsoToml) -> Result<AlsoRule, String> {
    let fold_lower = match wire.fold.as_deref() {
        None => false,
        Some("lower") => true,
        Some(other) => return Err(format!("expected `fold = \"lower\"`, found `{other}`")),
    };
    Ok(AlsoRule {
        when: tests(wire.when)?,
        uid: wire.uid,
        pattern: wire.pattern.as_deref().map(with_group).transpose()?,
        kind: kind(&wire.kind)?,
        layer: layer(&wire.layer)?,
        fold_lower,
    })
}

fn kind(word: &str) -> Result<Kind, String> {
    Kind::ALL
        .into_iter()
        .find(|kind| kind.word() == word)
        .ok_or_else(|| format!("expected a kind of evidence, found `{word}`"))
}

fn outcome(word: &str) -> Result<Outcome, String> {
    Outcome::ALL
        .into_iter()
        .find(|outcome| outcome.word() == word)
        .ok_or_else(|| format!("expected an outcome, found `{word}`"))
}

fn layer(word: &str) -> Result<Layer, String> {
    [Layer::Configuration, Layer::Runtime, Layer::Behavior]
        .into_iter()
        .find(|layer| layer.word() == word)
        .ok_or_else(|| format!("expected a layer of evidence, found `{word}`"))
}

fn minutes(text: &str) -> Result<Micros, String> {
    text.strip_suffix('m')
        .and_then(|number| number.parse::<i64>().ok())
        .map(|number| Micros(number * Micros::MINUTE.0))
        .ok_or_else(|| format!("expected minutes such as `15m`, found `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_named() {
        let good = include_str!("../../profiles/json.toml");
        let cases = [
            (good.replace("layer = \"behavior\"", "layer = \"behaviour\""), "layer of evidence"),
            (good.replace("lag = \"15m\"", "lag = \"soon\""), "expected minutes"),
            (good.replace("host_name =", "hostname ="), "found `hostname`"),
            (good.replace("host_name =", "stream ="), "is computed"),
            (good.replace("[kinds]", "[kinds]\nbogus = []"), "kind of evidence"),
            (good.replace("[kinds]", "[knds]"), "unknown field"),
        ];
        for (text, expected) in cases {
            let error = load(&text).expect_err(expected);
            assert!(error.contains(expected), "{error}");
        }
    }
}
