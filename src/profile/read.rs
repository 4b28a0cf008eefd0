/*! From a profile's TOML to its meaning: all mistakes at once, each with its place. */

use std::collections::BTreeMap;
use std::ops::Range;

use super::wire::{CounterToml, OutcomesToml, ProfileToml};
use super::{Counter, Expression, Fold, OutcomeWords, PATH, Part, Profile, Test, Unit, When};
use crate::diag::{Diagnostics, nearest, quoted};
use crate::model::columns::{COLUMNS, Column, Role};
use crate::model::{Duration, Kind, Layer, Outcome};

/// Reads the profile in the file of that name and text.
pub fn load(file: &str, text: &str) -> Result<Profile, Box<Diagnostics>> {
    read(file, text, Expression::new)
}

/// Reads a built-in profile, whose expressions are compiled when they are needed.
pub(super) fn load_built_in(file: &str, text: &str) -> Result<Profile, Box<Diagnostics>> {
    read(file, text, |text| Ok(Expression::of_built_in(text)))
}

fn read(file: &str, text: &str, expression: Compile) -> Result<Profile, Box<Diagnostics>> {
    let mut check = Check { text, expression, out: Diagnostics::new(file, text) };
    match toml::from_str::<ProfileToml>(text) {
        Ok(wire) => {
            let profile = check.profile(wire);
            check.out.finish(profile).map_err(Box::new)
        }
        Err(error) => {
            check.not_toml(&error);
            check.out.finish(Profile::default()).map_err(Box::new)
        }
    }
}

type Compile = fn(&str) -> Result<Expression, regex::Error>;

pub(super) struct Check<'t> {
    text: &'t str,
    expression: Compile,
    out: Diagnostics,
}

impl Check<'_> {
    fn not_toml(&mut self, error: &toml::de::Error) {
        let span = error.span().unwrap_or(0..0);
        let message = error.message().trim().to_owned();
        let key = self.text.get(span.clone()).unwrap_or_default().to_owned();
        let found = self.out.push("profile::not-a-profile", span, message).label("not as expected");
        if let Some(near) = nearest(&key, KEYS.iter().copied()).filter(|near| *near != key) {
            found.help(format!("the nearest known key is `{near}`"));
        }
    }

    /// Where a text of the profile stands: in quotes, else bare.
    fn place(&self, needle: &str) -> Range<usize> {
        let quotes = ["\"", "'''", "'", ""];
        let found = quotes.iter().find_map(|quote| {
            let at = self.text.find(&format!("{quote}{needle}{quote}"))?;
            Some(at + quote.len()..at + quote.len() + needle.len())
        });
        found.unwrap_or(0..0)
    }

    pub(super) fn wrong(
        &mut self,
        code: &'static str,
        needle: &str,
        message: String,
        help: String,
    ) {
        let span = self.place(needle);
        self.out.push(code, span, message).label("not as expected").help(help);
    }

    fn profile(&mut self, wire: ProfileToml) -> Profile {
        let fields = self.fields(wire.fields);
        let parts: Vec<Part> = wire.part.into_iter().map(|one| self.part(one)).collect();
        let is_dated = |fields: &BTreeMap<_, _>| fields.contains_key(&Column::EventTime);
        let are_dated = !parts.is_empty() && parts.iter().all(|part| is_dated(&part.fields));
        if !(is_dated(&fields) || are_dated) && wire.payload.is_none() {
            let help = "write `event_time = [\"/time\"]` under `[fields]`".to_owned();
            self.wrong("profile::no-time", "fields", "expected an `event_time`".to_owned(), help);
        }
        for pointer in &wire.sniff {
            self.pointer(pointer);
        }
        Profile {
            layer: self.layer(&wire.layer).unwrap_or_default(),
            lag: self.minutes(&wire.lag),
            folds: self.by_field(wire.fold, Column::CredentialUid, "a spelling", &Fold::ALL),
            units: self.by_field(wire.units, Column::DurationMs, "a unit of time", &Unit::ALL),
            fields,
            parts,
            joins: wire.join.into_iter().filter_map(|one| self.join(one)).collect(),
            time_span: wire.time_span.as_deref().map(|span| self.minutes(span)),
            outcomes: self.outcomes(wire.outcomes),
            outcomes_when: (wire.outcome.into_iter())
                .filter_map(|one| self.outcome_when(one))
                .collect(),
            kinds: self.kinds(wire.kinds),
            strip: self.by_column(wire.strip),
            links: wire.link.into_iter().map(|link| self.link(link)).collect(),
            sniff_values: self.tests(wire.sniff_values),
            patterns: wire.patterns.iter().filter_map(|one| self.regex(one)).collect(),
            start: wire.start.and_then(|one| self.regex(&one)),
            each: wire.each.into(),
            counter: wire.counter.map(|one| self.counter(one)),
            dated_by_path: wire.dated_by_path,
            payload: wire.payload,
            constants: self.by_column(wire.constants),
            extracts: wire.extract.into_iter().filter_map(|one| self.extract(one)).collect(),
            kinds_when: wire.kind.into_iter().filter_map(|one| self.kind_when(one)).collect(),
            aliases: wire.alias.into_iter().filter_map(|one| self.alias(one)).collect(),
            owner_unless: wire.owner.map(|one| {
                one.unless.iter().for_each(|pointer| self.pointer(pointer));
                one.unless
            }),
            also: wire.also.into_iter().filter_map(|one| self.also(one)).collect(),
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
        }
    }

    /// A JSON Pointer, with levels to go up before it where a record stands in another.
    pub(super) fn pointer(&mut self, pointer: &str) {
        if pointer == PATH {
            return;
        }
        let rest = pointer.trim_start_matches(|first: char| first.is_ascii_digit());
        if !rest.starts_with('/') {
            let message = format!("expected a JSON Pointer, found {}", quoted(pointer));
            let help = format!("write {}", quoted(&format!("/{}", pointer.replace('.', "/"))));
            self.wrong("profile::bad-pointer", pointer, message, help);
        }
    }

    pub(super) fn fields(
        &mut self,
        wire: BTreeMap<String, Vec<String>>,
    ) -> BTreeMap<Column, Vec<String>> {
        let fields = wire.into_iter().filter_map(|(name, pointers)| {
            for pointer in &pointers {
                self.pointer(pointer);
            }
            Some((self.column(&name)?, pointers))
        });
        fields.collect()
    }

    pub(super) fn by_column(&mut self, wire: BTreeMap<String, String>) -> BTreeMap<Column, String> {
        wire.into_iter().filter_map(|(name, value)| Some((self.column(&name)?, value))).collect()
    }

    fn counter(&mut self, wire: CounterToml) -> Counter {
        for pointer in wire.value.iter().chain(&wire.series).chain(&wire.since) {
            self.pointer(pointer);
        }
        let mut any = |all: Vec<BTreeMap<String, Vec<String>>>| -> Vec<When> {
            all.into_iter().map(|when| self.tests(when)).collect()
        };
        let (total, delta, state) = (any(wire.total), any(wire.delta), any(wire.state));
        let (value, series, since) = (wire.value, wire.series, wire.since);
        Counter { value, series, since, total, delta, state }
    }

    pub(super) fn tests(&mut self, wire: BTreeMap<String, Vec<String>>) -> When {
        let all = wire.into_iter().map(|(pointer, values)| {
            self.pointer(&pointer);
            let values = values.into_iter().filter_map(|value| self.test(value)).collect();
            (pointer, values)
        });
        all.collect()
    }

    fn test(&mut self, value: String) -> Option<Test> {
        match value.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some(inside) if !inside.is_empty() => self.regex(inside).map(Test::Expression),
            Some(_) | None => Some(Test::Text(value)),
        }
    }

    fn regex(&mut self, text: &str) -> Option<Expression> {
        match (self.expression)(text) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let error = error.to_string();
                let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
                let message = format!("expected a regular expression: {why}");
                let help =
                    "write it in '''three quotes''', so that no backslash is doubled".to_owned();
                self.wrong("profile::bad-regex", text, message, help);
                None
            }
        }
    }

    /// An expression whose first group is the part that is wanted.
    pub(super) fn group(&mut self, text: &str) -> Option<Expression> {
        let regex = self.regex(text)?;
        if regex.has_group() {
            return Some(regex);
        }
        let message = format!("expected an expression with a group, found {}", quoted(text));
        let help = "put `(` and `)` around the part that is the value".to_owned();
        self.wrong("profile::no-group", text, message, help);
        None
    }

    pub(super) fn column(&mut self, name: &str) -> Option<Column> {
        let mapped = |role: Role| role != Role::Computed;
        let known = || COLUMNS.iter().filter(|def| mapped(def.role)).map(|def| def.name);
        match Column::named(name) {
            Some(column) if mapped(column.def().role) => return Some(column),
            Some(_) => {
                let message = format!("the column `{name}` is computed and cannot be mapped");
                self.wrong("profile::computed-column", name, message, "leave it out".to_owned());
            }
            None => {
                let message =
                    format!("expected a column of the evidence table, found {}", quoted(name));
                let help = near(name, known());
                self.wrong("profile::unknown-column", name, message, help);
            }
        }
        None
    }

    pub(super) fn word<T: Copy>(
        &mut self,
        what: &str,
        word: &str,
        all: &[(&'static str, T)],
    ) -> Option<T> {
        let found = all.iter().find(|(known, _)| *known == word).map(|(_, value)| *value);
        if found.is_none() {
            let message = format!("expected {what}, found {}", quoted(word));
            let help = near(word, all.iter().map(|(known, _)| *known));
            self.wrong("profile::unknown-word", word, message, help);
        }
        found
    }

    pub(super) fn kind(&mut self, word: &str) -> Option<Kind> {
        self.word("a kind of evidence", word, &Kind::ALL.map(|kind| (kind.word(), kind)))
    }

    pub(super) fn outcome(&mut self, word: &str) -> Option<Outcome> {
        self.word("an outcome", word, &Outcome::ALL.map(|outcome| (outcome.word(), outcome)))
    }

    pub(super) fn layer(&mut self, word: &str) -> Option<Layer> {
        let all = [Layer::Configuration, Layer::Runtime, Layer::Behavior];
        self.word("a layer of evidence", word, &all.map(|layer| (layer.word(), layer)))
    }

    fn minutes(&mut self, text: &str) -> Duration {
        let number = text.strip_suffix('m').and_then(|number| number.parse::<i64>().ok());
        if number.is_none() {
            let message = format!("expected minutes, found {}", quoted(text));
            self.wrong("profile::bad-lag", text, message, "write `15m`".to_owned());
        }
        Duration(number.unwrap_or_default() * Duration::MINUTE.0)
    }

    fn outcomes(&mut self, wire: OutcomesToml) -> OutcomeWords {
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
        OutcomeWords {
            absent: wire.absent.as_deref().and_then(|word| self.outcome(word)),
            otherwise: wire.otherwise.as_deref().and_then(|word| self.outcome(word)),
            words: words.collect(),
        }
    }

    fn kinds(&mut self, wire: BTreeMap<String, Vec<String>>) -> Vec<(String, Kind)> {
        let mut pairs = Vec::new();
        for (name, words) in wire {
            if let Some(kind) = self.kind(&name) {
                pairs.extend(words.into_iter().map(|word| (word, kind)));
            }
        }
        pairs
    }
}

fn near(word: &str, known: impl Iterator<Item = &'static str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(near) => format!("the nearest is `{near}`"),
        None => format!("known are {}", known.collect::<Vec<_>>().join(", ")),
    }
}

/// The keys of a profile, for whoever misspells one.
const KEYS: &[&str] = &[
    "name",
    "family",
    "title",
    "layer",
    "lag",
    "blind_spots",
    "sniff",
    "sniff_values",
    "patterns",
    "start",
    "record_keys",
    "each",
    "counter",
    "value",
    "series",
    "since",
    "total",
    "delta",
    "state",
    "dated_by_path",
    "payload",
    "fields",
    "constants",
    "extract",
    "join",
    "with",
    "part",
    "unless",
    "time_span",
    "outcome",
    "outcomes",
    "outcome_hints",
    "kinds",
    "kind",
    "strip",
    "units",
    "link",
    "alias",
    "owner",
    "unless",
    "also",
    "stream",
    "when",
    "column",
    "from",
    "pattern",
    "uid",
    "child",
    "parent",
    "fold",
];
