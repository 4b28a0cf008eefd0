/*! Walks the parsed document: each reader takes what it expects, or notes what it found instead. */

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{Key, SECTIONS, Section};
use super::types::Site;
use crate::diag::{Diagnostics, nearest, quoted};

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
    pub(super) fn expected(self, what: &str, out: &mut Diagnostics) {
        let (key, found) = (self.key, found(self.value.get_ref()));
        let message = format!("expected {what} for {}, found {found}", quoted(key));
        let is_head = self.example.starts_with('[') && self.example.contains(key);
        let help = if is_head { format!("write `{}`", self.example) } else { self.written() };
        out.push("plan::wrong-type", self.span(), message).label(format!("not {what}")).help(help);
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
        let Key { name, example } = self.section.key(key).expect("readers ask for listed keys");
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
        let example = self.section.key(key).expect("readers ask for listed keys").example;
        let message = format!("expected `{key}` in `{}`", self.section.head);
        out.push("plan::missing-key", self.span(), message)
            .label(format!("no `{key}` here"))
            .help(format!("write `{key} = {example}`"));
        None
    }
}

/// The tables of a list that may be missing, each with the same keys.
pub(super) fn tables<'t>(
    parent: &Table<'t>,
    key: &'static str,
    section: &'static Section,
    out: &mut Diagnostics,
) -> Vec<Table<'t>> {
    let Some(node) = parent.node(key) else { return Vec::new() };
    let DeValue::Array(elements) = node.value.get_ref() else {
        node.expected("a list of tables", out);
        return Vec::new();
    };
    if elements.len() > TABLES_MAX {
        let message =
            format!("expected at most {TABLES_MAX} `{}`, found {}", section.head, elements.len());
        out.push("plan::too-many", node.span(), message)
            .label("the first of them")
            .help("join consumers that run the same code into one class");
        return Vec::new();
    }
    elements.iter().filter_map(|one| Table::new(node.with(one), section, out)).collect()
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
            let message = error.message().trim().replace('\n', ", ");
            out.push("plan::toml-syntax", span, message)
                .label("the file is no TOML from here")
                .help("keys are bare words, strings stand in quotes: `owner = \"documents-team\"`");
        }
        last_line = line;
    }
    errors.is_empty().then(|| root.into_inner())
}

fn unknown_key(key: &Name<'_>, section: &Section, out: &mut Diagnostics) {
    let word: &str = key.get_ref();
    let known = || section.keys.iter().map(|key| key.name);
    let homes: Vec<&str> =
        SECTIONS.iter().filter(|one| one.key(word).is_some()).map(|one| one.head).collect();
    let help = match (nearest(word, known()), homes.as_slice()) {
        (Some(near), _) => format!("the nearest known key is `{near}`"),
        (None, [home]) => format!("`{word}` belongs in `{home}`"),
        (None, _) => format!("known keys are {}", listed(known())),
    };
    let place = if section.head.starts_with('[') {
        format!("`{}`", section.head)
    } else {
        section.head.to_owned()
    };
    out.push("plan::unknown-key", key.span(), format!("{place} has no key {}", quoted(word)))
        .label("not a known key")
        .help(help);
}

/// Words in backticks with commas between them.
pub(super) fn listed<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
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
        node.expected("a string", out);
        return None;
    };
    if text.trim().is_empty() {
        out.push("plan::empty-value", node.span(), format!("{} is empty", quoted(node.key)))
            .label("nothing but quotes")
            .help(format!("say what it is, or leave `{}` out", node.key));
        return None;
    }
    Some(text)
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
    node.expected("a list", out);
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
    let words = listed(known.iter().copied());
    let help = match nearest(word, known.iter().copied()) {
        Some(near) => format!("the nearest known word is `{near}`"),
        None => "write one of these words".to_owned(),
    };
    let message = format!("expected one of {words} for `{key}`, found {}", quoted(word));
    out.push("plan::unknown-word", span, message).label("not a known word").help(help);
}
