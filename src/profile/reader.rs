/*! Checks single values of a profile: pointers, columns, words, expressions. Each mistake is reported at its place. */

use std::collections::BTreeMap;
use std::ops::Range;

use super::by_field::ByField;
use super::condition::{Conditions, ValueTest};
use super::definition::PATH;
use super::expression::Expression;
use super::toml_form::KEYS;
use crate::diag::{Diagnostics, nearest, quoted};
use crate::model::columns::{COLUMNS, Column, Role};
use crate::model::{Duration, Kind, Layer, Outcome};

/// How an expression of the profile becomes one that can be used.
pub(super) type CompileExpression = fn(&str) -> Result<Expression, regex::Error>;

/// The text of a profile, and the mistakes found in it so far.
pub(super) struct ProfileReader<'t> {
    pub(super) text: &'t str,
    pub(super) compile: CompileExpression,
    pub(super) out: Diagnostics,
}

impl ProfileReader<'_> {
    /// Reports what the TOML parser could not read.
    pub(super) fn unreadable(&mut self, error: &toml::de::Error) {
        let span = error.span().unwrap_or(0..0);
        let message = error.message().trim().to_owned();
        let key = self.text.get(span.clone()).unwrap_or_default().to_owned();
        let found = self.out.push("profile::not-a-profile", span, message).label("not as expected");
        if let Some(near) = nearest(&key, KEYS.iter().copied()).filter(|near| *near != key) {
            found.help(format!("the nearest known key is `{near}`"));
        }
    }

    /// Where a text of the profile stands: in quotes, or else without.
    fn place(&self, needle: &str) -> Range<usize> {
        let quotes = ["\"", "'''", "'", ""];
        let found = quotes.iter().find_map(|quote| {
            let at = self.text.find(&format!("{quote}{needle}{quote}"))?;
            Some(at + quote.len()..at + quote.len() + needle.len())
        });
        found.unwrap_or(0..0)
    }

    /// Reports a mistake at the place of `needle`.
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

    /// Checks a JSON Pointer. A number before it goes up that many levels, where a record stands inside another.
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

    pub(super) fn pointers<'p>(&mut self, pointers: impl IntoIterator<Item = &'p String>) {
        for pointer in pointers {
            self.pointer(pointer);
        }
    }

    pub(super) fn fields(
        &mut self,
        fields: BTreeMap<String, Vec<String>>,
    ) -> BTreeMap<Column, Vec<String>> {
        let fields = fields.into_iter().filter_map(|(name, pointers)| {
            self.pointers(&pointers);
            Some((self.column(&name)?, pointers))
        });
        fields.collect()
    }

    pub(super) fn by_column(
        &mut self,
        values: BTreeMap<String, String>,
    ) -> BTreeMap<Column, String> {
        values.into_iter().filter_map(|(name, value)| Some((self.column(&name)?, value))).collect()
    }

    /// Reads a property of the fields of one column: of all of them by its name, or of single ones by their pointers.
    pub(super) fn by_field<T: Copy>(
        &mut self,
        words: BTreeMap<String, String>,
        column: Column,
        what: &str,
        known: &[(&'static str, T)],
    ) -> ByField<T> {
        let mut property = ByField::default();
        for (key, word) in words {
            let Some(value) = self.word(what, &word, known) else { continue };
            if key == column.name() {
                property.all = Some(value);
            } else if key.starts_with(|first: char| first == '/' || first.is_ascii_digit()) {
                self.pointer(&key);
                property.fields.insert(key, value);
            } else {
                let name = column.name();
                let message = format!(
                    "expected `{name}` or the pointer of one of its fields, found {}",
                    quoted(&key)
                );
                let help = format!("only `{name}` can have it");
                self.wrong("profile::other-column", &key, message, help);
            }
        }
        property
    }

    pub(super) fn conditions(&mut self, tests: BTreeMap<String, Vec<String>>) -> Conditions {
        let conditions = tests.into_iter().map(|(pointer, values)| {
            self.pointer(&pointer);
            let values = values.into_iter().filter_map(|value| self.value_test(value)).collect();
            (pointer, values)
        });
        conditions.collect()
    }

    fn value_test(&mut self, value: String) -> Option<ValueTest> {
        match value.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some(inside) if !inside.is_empty() => self.regex(inside).map(ValueTest::Expression),
            Some(_) | None => Some(ValueTest::Text(value)),
        }
    }

    pub(super) fn regex(&mut self, text: &str) -> Option<Expression> {
        match (self.compile)(text) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let error = error.to_string();
                let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
                let message = format!("expected a regular expression: {why}");
                let help = "write it in '''three quotes''', in which a backslash is written once"
                    .to_owned();
                self.wrong("profile::bad-regex", text, message, help);
                None
            }
        }
    }

    /// Reads an expression whose first group is the wanted part of a field.
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
        known: &[(&'static str, T)],
    ) -> Option<T> {
        let found = known.iter().find(|(known, _)| *known == word).map(|(_, value)| *value);
        if found.is_none() {
            let message = format!("expected {what}, found {}", quoted(word));
            let help = near(word, known.iter().map(|(known, _)| *known));
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
        let layers = [Layer::Configuration, Layer::Runtime, Layer::Behavior];
        self.word("a layer of evidence", word, &layers.map(|layer| (layer.word(), layer)))
    }

    pub(super) fn timezone(&mut self, name: &str) -> Option<chrono_tz::Tz> {
        let zone = name.parse().ok();
        if zone.is_none() {
            let message = format!("there is no time zone {}", quoted(name));
            self.wrong("profile::unknown-timezone", name, message, "write `UTC`".to_owned());
        }
        zone
    }

    pub(super) fn minutes(&mut self, text: &str) -> Duration {
        let number = text.strip_suffix('m').and_then(|number| number.parse::<i64>().ok());
        if number.is_none() {
            let message = format!("expected minutes, found {}", quoted(text));
            self.wrong("profile::bad-lag", text, message, "write `15m`".to_owned());
        }
        Duration(number.unwrap_or_default() * Duration::MINUTE.0)
    }
}

fn near(word: &str, known: impl Iterator<Item = &'static str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(near) => format!("the nearest known one is `{near}`"),
        None => format!("the known ones are {}", known.collect::<Vec<_>>().join(", ")),
    }
}
