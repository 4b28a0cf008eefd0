/*! The parsed document: tables of which the keys are checked, and values that know the key under which they stand. */

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::checked_plan::Site;
use super::keys::{PlanKey, SECTIONS, Section};
use crate::diag::{Diagnostic, Diagnostics, nearest, quoted};

/// Versions and consumers are numbered in 16 bits.
const TABLES_MAX: usize = 4096;

/// A key as the file writes it, with its place.
pub(super) type WrittenKey<'t> = Spanned<Cow<'t, str>>;

/// A value with the key under which it stands.
#[derive(Clone, Copy)]
pub(super) struct PlanValue<'t> {
    pub(super) key: &'t str,
    /// A value of the right kind, which the help of a message shows.
    pub(super) example: &'static str,
    pub(super) toml: &'t Spanned<DeValue<'t>>,
}

impl<'t> PlanValue<'t> {
    pub(super) fn span(self) -> Range<usize> {
        self.toml.span()
    }

    /// An element of the list under the same key.
    pub(super) fn element(self, toml: &'t Spanned<DeValue<'t>>) -> Self {
        Self { toml, ..self }
    }

    /// Reports that another type was expected.
    pub(super) fn expected<'o>(self, what: &str, out: &'o mut Diagnostics) -> &'o mut Diagnostic {
        let (key, found) = (self.key, describe(self.toml.get_ref()));
        let message = format!("expected {what} for {}, found {found}", quoted(key));
        let is_head = self.example.starts_with('[') && self.example.contains(key);
        let help = if is_head { format!("write `{}`", self.example) } else { self.written() };
        out.push("plan::wrong-type", self.span(), message).label(format!("not {what}")).help(help)
    }

    /// The next step of the reader: write the key with a value of the right kind.
    pub(super) fn written(self) -> String {
        self.written_as(self.example)
    }

    /// The next step of the reader: write the key with this value.
    pub(super) fn written_as(self, value: &str) -> String {
        let is_bare = self.key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        let key = if is_bare { self.key.to_owned() } else { format!("{:?}", self.key) };
        format!("write {}", quoted(&format!("{key} = {value}")))
    }
}

/// A table, with the list of keys that it may have.
pub(super) struct PlanTable<'t> {
    section: &'static Section,
    span: Range<usize>,
    entries: &'t DeTable<'t>,
}

impl<'t> PlanTable<'t> {
    /// Takes a value as a table, and reports its unknown keys.
    pub(super) fn new(
        value: PlanValue<'t>,
        section: &'static Section,
        out: &mut Diagnostics,
    ) -> Option<Self> {
        let DeValue::Table(entries) = value.toml.get_ref() else {
            value.expected("one table", out);
            return None;
        };
        Some(Self::of(entries, value.span(), section, out))
    }

    /// Takes the entries of a table, and reports the unknown keys among them.
    pub(super) fn of(
        entries: &'t DeTable<'t>,
        span: Range<usize>,
        section: &'static Section,
        out: &mut Diagnostics,
    ) -> Self {
        for key in entries.keys().filter(|key| section.key(key.get_ref()).is_none()) {
            unknown_key(key, section, out);
        }
        Self { section, span, entries }
    }

    /// The bytes of the head of the table.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The head of the table, as a place that findings cite.
    pub(super) fn site(&self, out: &Diagnostics) -> Site {
        let (line, column) = out.position(self.span.start);
        Site { line, column }
    }

    pub(super) fn value(&self, key: &'static str) -> Option<PlanValue<'t>> {
        let PlanKey { name, example, .. } =
            self.section.key(key).expect("readers ask for listed keys");
        self.entries.get(name).map(|toml| PlanValue { key: name, example, toml })
    }

    /// Reads the value under a key: `None` if it is absent or wrong.
    pub(super) fn get<T>(
        &self,
        key: &'static str,
        out: &mut Diagnostics,
        read: impl FnOnce(PlanValue<'t>, &mut Diagnostics) -> Option<T>,
    ) -> Option<T> {
        read(self.value(key)?, out)
    }

    /// Reads the value under a required key, and reports its absence.
    pub(super) fn need<T>(
        &self,
        key: &'static str,
        out: &mut Diagnostics,
        read: impl FnOnce(PlanValue<'t>, &mut Diagnostics) -> Option<T>,
    ) -> Option<T> {
        if let Some(value) = self.value(key) {
            return read(value, out);
        }
        if self.misspells(key) {
            return None;
        }
        let example = self.section.key(key).expect("readers ask for listed keys").example;
        let section = SECTIONS.iter().find(|section| section.head == example);
        let (what, help) = match section {
            Some(below) => {
                let keys = listed(below.keys.iter().map(|key| key.name), "and");
                (example, format!("add `{example}`; its keys are {keys}"))
            }
            None => (key, format!("write `{key} = {example}`")),
        };
        let message = format!("expected `{what}` in {}", self.section.place());
        out.push("plan::missing-key", self.span(), message)
            .label(format!("no `{what}` here"))
            .help(help);
        None
    }

    /// Whether an unknown key is most likely this one misspelt. That was reported already.
    pub(super) fn misspells(&self, key: &'static str) -> bool {
        let unknown = self.entries.keys().filter(|key| self.section.key(key.get_ref()).is_none());
        let names = || self.section.keys.iter().map(|key| key.name);
        unknown.into_iter().any(|unknown| nearest(unknown.get_ref(), names()) == Some(key))
    }

    /// Whether the key is absent, and not just misspelt.
    pub(super) fn lacks(&self, key: &'static str) -> bool {
        self.value(key).is_none() && !self.misspells(key)
    }
}

/// The tables of a list, which is empty where the key is absent. `None` if an element is not a table.
pub(super) fn tables<'t>(
    parent: &PlanTable<'t>,
    key: &'static str,
    section: &'static Section,
    out: &mut Diagnostics,
) -> Option<Vec<PlanTable<'t>>> {
    let Some(value) = parent.value(key) else { return Some(Vec::new()) };
    let DeValue::Array(elements) = value.toml.get_ref() else {
        value.expected("a list of tables", out);
        return None;
    };
    if elements.len() > TABLES_MAX {
        let message =
            format!("expected at most {TABLES_MAX} `{}`, found {}", section.head, elements.len());
        out.push("plan::too-many", value.span(), message)
            .label("the list begins here")
            .help("merge consumers that run the same code, or versions that one marker can match");
        return None;
    }
    // Every element is read, also after a wrong one, so that each mistake is reported.
    let tables: Vec<_> =
        elements.iter().map(|toml| PlanTable::new(value.element(toml), section, out)).collect();
    tables.into_iter().collect()
}

/// The entries of a table in the order of the file: the parser sorts them by key.
pub(super) fn in_order<'t>(
    entries: &'t DeTable<'t>,
) -> Vec<(&'t WrittenKey<'t>, &'t Spanned<DeValue<'t>>)> {
    let mut ordered: Vec<_> = entries.iter().collect();
    ordered.sort_by_key(|(key, _)| key.span().start);
    ordered
}

/// Parses the whole document, or reports its mistakes of syntax.
pub(super) fn parse<'t>(text: &'t str, out: &mut Diagnostics) -> Option<DeTable<'t>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut last_line = 0;
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        // Further errors on the same line are most often consequences of the first.
        let (line, _) = out.position(span.start);
        if line != last_line {
            let found = text.get(span.clone()).filter(|found| !found.trim().is_empty());
            let found = found.map(|found| format!(", found {}", quoted(found))).unwrap_or_default();
            let what = match error.message().trim() {
                // A bare word that begins with `t` or `f`. Its writer did not mean a boolean.
                boolean if boolean.starts_with("invalid boolean") => "expected a value".to_owned(),
                other => other.replace('\n', ", "),
            };
            out.push("plan::toml-syntax", span, format!("{what}{found}"))
                .label("not valid TOML from here")
                .help(syntax_help(&what));
        }
        last_line = line;
    }
    errors.is_empty().then(|| root.into_inner())
}

fn syntax_help(what: &str) -> &'static str {
    if what.contains("duplicate key") {
        return "keep one of the two; a new consumer begins with its own `[[consumer]]`";
    }
    "write strings in quotes: `owner = \"documents-team\"`, and lists in brackets: `[\"a\", \"b\"]`"
}

fn unknown_key(key: &WrittenKey<'_>, section: &Section, out: &mut Diagnostics) {
    let word: &str = key.get_ref();
    let known = || section.keys.iter().map(|key| key.name);
    let homes: Vec<&str> =
        SECTIONS.iter().filter(|home| home.key(word).is_some()).map(|home| home.head).collect();
    let help = match (nearest(word, known()), homes.as_slice()) {
        (Some(near), _) => format!("the nearest known key is `{near}`"),
        (None, [home]) => format!("`{word}` belongs in `{home}`"),
        (None, _) => format!("known keys are {}", listed(known(), "and")),
    };
    let message = format!("{} has no key {}", section.place(), quoted(word));
    out.push("plan::unknown-key", key.span(), message).label("not a known key").help(help);
}

/// Words in backticks: `a`, `b` and `c`.
pub(super) fn listed<'w>(words: impl IntoIterator<Item = &'w str>, link: &str) -> String {
    let mut words: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.pop() {
        Some(last) if !words.is_empty() => format!("{} {link} {last}", words.join(", ")),
        last => last.unwrap_or_default(),
    }
}

fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the string {}", quoted(text)),
        DeValue::Integer(number) => format!("the integer {}", quoted(&number.to_string())),
        DeValue::Float(number) => format!("the number {}", quoted(number.as_str())),
        DeValue::Boolean(flag) => format!("`{flag}`"),
        DeValue::Datetime(time) => format!("the time {}", quoted(&time.to_string())),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
