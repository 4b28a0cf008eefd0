/*! Walks the parsed document: each reader takes what it expects, or notes what it found instead. */

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{Key, SECTIONS, Section};
use super::types::Site;
use crate::diag::{Diagnostic, Diagnostics, nearest, quoted};

/// Versions and classes are numbered in 16 bits.
const TABLES_MAX: usize = 4096;

/// A key as the file writes it, with its place.
pub(super) type Name<'t> = Spanned<Cow<'t, str>>;

/// A value, and the key under which it stands.
#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    /// The key's name, for messages.
    pub(super) key: &'t str,
    /// A value of the right kind, for help.
    pub(super) example: &'static str,
    /// The value with its place.
    pub(super) value: &'t Spanned<DeValue<'t>>,
}

impl<'t> Node<'t> {
    /// Its bytes in the file.
    pub(super) fn span(self) -> Range<usize> {
        self.value.span()
    }

    /// Another value under the same key: an element of its list.
    pub(super) fn with(self, value: &'t Spanned<DeValue<'t>>) -> Self {
        Self { value, ..self }
    }

    /// Notes that another type was expected.
    pub(super) fn expected<'o>(self, what: &str, out: &'o mut Diagnostics) -> &'o mut Diagnostic {
        let (key, found) = (self.key, found(self.value.get_ref()));
        let message = format!("expected {what} for {}, found {found}", quoted(key));
        let is_head = self.example.starts_with('[') && self.example.contains(key);
        let help = if is_head { format!("write `{}`", self.example) } else { self.written() };
        out.push("plan::wrong-type", self.span(), message).label(format!("not {what}")).help(help)
    }

    /// The next step: the key with a value of the right kind.
    pub(super) fn written(self) -> String {
        self.written_as(self.example)
    }

    /// The next step: the key with that value.
    pub(super) fn written_as(self, value: &str) -> String {
        let is_bare =
            self.key.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '_' | '-'));
        let key = if is_bare { self.key.to_owned() } else { format!("{:?}", self.key) };
        format!("write {}", quoted(&format!("{key} = {value}")))
    }
}

/// A table of which the keys are known.
pub(super) struct Table<'t> {
    section: &'static Section,
    span: Range<usize>,
    entries: &'t DeTable<'t>,
}

impl<'t> Table<'t> {
    /// The table, after noting the keys nobody reads.
    pub(super) fn new(
        node: Node<'t>,
        section: &'static Section,
        out: &mut Diagnostics,
    ) -> Option<Self> {
        let DeValue::Table(entries) = node.value.get_ref() else {
            node.expected("one table", out);
            return None;
        };
        Some(Self::of(entries, node.span(), section, out))
    }

    /// The same, of a table that is at hand.
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

    /// Where its head stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Its head, as a place for findings.
    pub(super) fn site(&self, out: &Diagnostics) -> Site {
        let (line, column) = out.position(self.span.start);
        Site { line, column }
    }

    /// The value under a key.
    pub(super) fn node(&self, key: &'static str) -> Option<Node<'t>> {
        let Key { name, example, .. } = self.section.key(key).expect("readers ask for listed keys");
        self.entries.get(name).map(|value| Node { key: name, example, value })
    }

    /// The value under a key, read; nothing if there is none or it is wrong.
    pub(super) fn get<T>(
        &self,
        key: &'static str,
        out: &mut Diagnostics,
        read: impl FnOnce(Node<'t>, &mut Diagnostics) -> Option<T>,
    ) -> Option<T> {
        read(self.node(key)?, out)
    }

    /// The same for a key that must be there.
    pub(super) fn need<T>(
        &self,
        key: &'static str,
        out: &mut Diagnostics,
        read: impl FnOnce(Node<'t>, &mut Diagnostics) -> Option<T>,
    ) -> Option<T> {
        if let Some(node) = self.node(key) {
            return read(node, out);
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

    /// Is the key there under a name that the reader was told to correct?
    pub(super) fn misspells(&self, key: &'static str) -> bool {
        let unknown = self.entries.keys().filter(|one| self.section.key(one.get_ref()).is_none());
        let names = || self.section.keys.iter().map(|one| one.name);
        unknown.into_iter().any(|one| nearest(one.get_ref(), names()) == Some(key))
    }

    /// Is the key neither there nor misspelt?
    pub(super) fn lacks(&self, key: &'static str) -> bool {
        self.node(key).is_none() && !self.misspells(key)
    }
}

/// The tables of a list, none if there is no such list; nothing if one of them is no table.
pub(super) fn tables<'t>(
    parent: &Table<'t>,
    key: &'static str,
    section: &'static Section,
    out: &mut Diagnostics,
) -> Option<Vec<Table<'t>>> {
    let Some(node) = parent.node(key) else { return Some(Vec::new()) };
    let DeValue::Array(elements) = node.value.get_ref() else {
        node.expected("a list of tables", out);
        return None;
    };
    if elements.len() > TABLES_MAX {
        let message =
            format!("expected at most {TABLES_MAX} `{}`, found {}", section.head, elements.len());
        out.push("plan::too-many", node.span(), message)
            .label("the first of them")
            .help("join what runs the same code, or what one marker can name");
        return None;
    }
    let read: Vec<_> =
        elements.iter().map(|one| Table::new(node.with(one), section, out)).collect();
    read.into_iter().collect()
}

/// The entries of a table in the order of the file.
pub(super) fn in_order<'t>(
    entries: &'t DeTable<'t>,
) -> Vec<(&'t Name<'t>, &'t Spanned<DeValue<'t>>)> {
    let mut ordered: Vec<_> = entries.iter().collect();
    ordered.sort_by_key(|(key, _)| key.span().start);
    ordered
}

/// The whole document, or its mistakes of syntax.
pub(super) fn document<'t>(text: &'t str, out: &mut Diagnostics) -> Option<DeTable<'t>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut last_line = 0;
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        // What follows on the same line is most often an echo of the first.
        let (line, _) = out.position(span.start);
        if line != last_line {
            let found = text.get(span.clone()).filter(|found| !found.trim().is_empty());
            let found = found.map(|found| format!(", found {}", quoted(found))).unwrap_or_default();
            let what = match error.message().trim() {
                // A bare word that begins with `t` or `f`: its writer meant no boolean.
                boolean if boolean.starts_with("invalid boolean") => "expected a value".to_owned(),
                other => other.replace('\n', ", "),
            };
            out.push("plan::toml-syntax", span, format!("{what}{found}"))
                .label("no TOML from here")
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
    "strings stand in quotes: `owner = \"documents-team\"`; a list in brackets: `[\"a\", \"b\"]`"
}

fn unknown_key(key: &Name<'_>, section: &Section, out: &mut Diagnostics) {
    let word: &str = key.get_ref();
    let known = || section.keys.iter().map(|key| key.name);
    let homes: Vec<&str> =
        SECTIONS.iter().filter(|one| one.key(word).is_some()).map(|one| one.head).collect();
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

fn found(value: &DeValue<'_>) -> String {
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

/// A string that is not empty.
pub(super) fn text(node: Node<'_>, out: &mut Diagnostics) -> Option<String> {
    string(node, out).map(str::to_owned)
}

/// The same, borrowed.
pub(super) fn string<'t>(node: Node<'t>, out: &mut Diagnostics) -> Option<&'t str> {
    let DeValue::String(text) = node.value.get_ref() else {
        let bare = bare(node.value.get_ref());
        let wrong = node.expected("a string", out);
        if let Some(bare) = bare {
            wrong.help(format!("write {}: text stands in quotes", quoted(&format!("\"{bare}\""))));
        }
        return None;
    };
    if text.trim().is_empty() {
        out.push("plan::empty-value", node.span(), format!("{} is empty", quoted(node.key)))
            .label("nothing but quotes")
            .help(node.written());
        return None;
    }
    Some(text)
}

/// A value that was meant as text, but for its quotes.
fn bare(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Datetime(time) => Some(time.to_string()),
        DeValue::String(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// A list, each element read; also one value that stands alone, where the plan allows it.
pub(super) fn list<'t, T>(
    node: Node<'t>,
    out: &mut Diagnostics,
    mut read: impl FnMut(Node<'t>, &mut Diagnostics) -> Option<T>,
) -> Option<Vec<T>> {
    let DeValue::Array(elements) = node.value.get_ref() else {
        return read(node, out).map(|one| vec![one]);
    };
    let read: Vec<_> = elements.iter().map(|element| read(node.with(element), out)).collect();
    read.into_iter().collect()
}

/// A list of strings that are not empty.
pub(super) fn texts(node: Node<'_>, out: &mut Diagnostics) -> Option<Vec<String>> {
    list_only(node, out)?;
    list(node, out, text)
}

/// Notes a value that stands alone where a list is expected.
pub(super) fn list_only(node: Node<'_>, out: &mut Diagnostics) -> Option<()> {
    if node.value.get_ref().is_array() {
        return Some(());
    }
    let wrong = node.expected("a list", out);
    if let Some(text) = node.value.get_ref().as_str() {
        wrong.help(node.written_as(&format!("[\"{text}\"]")));
    }
    None
}

/// `true` or `false`.
pub(super) fn flag(node: Node<'_>, out: &mut Diagnostics) -> Option<bool> {
    let flag = node.value.get_ref().as_bool();
    if flag.is_none() {
        node.expected("`true` or `false`", out);
    }
    flag
}

/// One of a few words.
pub(super) fn word<T: Copy>(
    node: Node<'_>,
    out: &mut Diagnostics,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Option<T> {
    let word = string(node, out)?;
    let known = all.iter().copied().find(|one| name(*one) == word);
    if known.is_none() {
        let words: Vec<_> = all.iter().map(|one| name(*one)).collect();
        unknown_word(node.key, (word, node.span()), &words, out);
    }
    known
}

/// Notes a word that is none of those known.
pub(super) fn unknown_word(
    key: &str,
    (word, span): (&str, Range<usize>),
    known: &[&str],
    out: &mut Diagnostics,
) {
    let words = listed(known.iter().copied(), "or");
    let help = match nearest(word, known.iter().copied()) {
        Some(near) => format!("the nearest known word is `{near}`"),
        None => "write one of these words".to_owned(),
    };
    let message = format!("expected one of {words} for `{key}`, found {}", quoted(word));
    out.push("plan::unknown-word", span, message).label("not a known word").help(help);
}
