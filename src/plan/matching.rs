/*! What records are compared with: regular expressions, columns, JSON Pointers, match tables. */

use std::ops::Range;

use regex::{Regex, RegexBuilder};
use toml::Spanned;
use toml::de::DeValue;

use super::read::{Name, Node, in_order, list, listed, string};
use super::types::{MatchKey, MatchTable, Pattern};
use crate::diag::{Diagnostics, nearest, quoted};
use crate::model::columns::{COLUMNS, Column, Role};

/// A larger expression would take more memory than all else in the plan.
const REGEX_BYTES_MAX: usize = 1 << 20;

/// A match table, with its place.
pub(super) type Placed = Spanned<MatchTable>;

/// The inside of `/expression/`; nothing if the text is a literal.
pub(super) fn expression(text: &str) -> Option<&str> {
    text.strip_prefix('/')?.strip_suffix('/')
}

/// The expression, compiled as given.
pub(super) fn regex(node: Node<'_>, inside: &str, out: &mut Diagnostics) -> Option<Regex> {
    let (why, help) = match RegexBuilder::new(inside).size_limit(REGEX_BYTES_MAX).build() {
        Ok(_) if inside.is_empty() => ("an empty one holds for everything".to_owned(), WILDCARD),
        Ok(regex) => return Some(regex),
        Err(regex::Error::Syntax(text)) => {
            let last = text.lines().last().unwrap_or_default();
            (last.trim_start_matches("error: ").to_owned(), BACKSLASH)
        }
        Err(_) => (format!("it takes over {} KiB", REGEX_BYTES_MAX >> 10), REPETITIONS),
    };
    let found = quoted(&format!("/{inside}/"));
    let message = format!("expected a regular expression between `/`, found {found}: {why}");
    out.push("plan::bad-regex", node.span(), message).label("does not compile").help(help);
    None
}

const WILDCARD: &str = "write `/.+/` if any value will do";
const BACKSLASH: &str = "`\\(` or `\\.` is the character itself; \
     in 'single quotes' write one backslash, in \"double quotes\" two";
const REPETITIONS: &str = "lower the counts in braces: each repetition is compiled anew";

/// A JSON Pointer, or CSV column where it does not begin with `/`.
pub(super) fn pointer_or_name(node: Node<'_>, out: &mut Diagnostics) -> Option<String> {
    let text = string(node, out)?;
    if text.starts_with('/') { pointer(text, node.span(), out) } else { Some(text.to_owned()) }
}

/// A JSON Pointer.
pub(super) fn pointer(text: &str, span: Range<usize>, out: &mut Diagnostics) -> Option<String> {
    if is_pointer(text) {
        return Some(text.to_owned());
    }
    let help = if text.starts_with('/') {
        "a `~` of a name is written `~0`, a `/` of a name `~1`".to_owned()
    } else {
        format!("write {}", quoted(&format!("/{}", text.replace('.', "/"))))
    };
    out.push("plan::bad-pointer", span, format!("expected a JSON Pointer, found {}", quoted(text)))
        .label("not a JSON Pointer")
        .help(help);
    None
}

fn is_pointer(text: &str) -> bool {
    let escapes_hold = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    text.starts_with('/') && escapes_hold
}

/// Match tables over columns and pointers: a list of them, or one.
pub(super) fn any_of(node: Node<'_>, out: &mut Diagnostics) -> Option<Vec<Placed>> {
    match_tables(node, out, match_key)
}

/// Match tables over columns alone.
pub(super) fn any_of_columns(node: Node<'_>, out: &mut Diagnostics) -> Option<Vec<Placed>> {
    match_tables(node, out, |key, out| match_column(key, out).map(MatchKey::Column))
}

type ReadKey = fn(&Name<'_>, &mut Diagnostics) -> Option<MatchKey>;

fn match_tables(node: Node<'_>, out: &mut Diagnostics, key: ReadKey) -> Option<Vec<Placed>> {
    if node.value.get_ref().as_array().is_some_and(|tables| tables.is_empty()) {
        return unmatchable(node, "an empty list holds for no record", out);
    }
    list(node, out, |one, out| match_table(one, out, key))
}

fn unmatchable<T>(node: Node<'_>, why: &str, out: &mut Diagnostics) -> Option<T> {
    out.push(
        "plan::unmatchable",
        node.span(),
        format!("{} can never hold: {why}", quoted(node.key)),
    )
    .label("nothing to compare")
    .help(format!("{}, or leave it out", node.written()));
    None
}

fn match_table(node: Node<'_>, out: &mut Diagnostics, read_key: ReadKey) -> Option<Placed> {
    let DeValue::Table(table) = node.value.get_ref() else {
        node.expected("a list of tables", out);
        return None;
    };
    if table.is_empty() {
        return unmatchable(node, "an empty table names nothing to compare", out);
    }
    let mut entries = Vec::new();
    for (key, value) in in_order(table) {
        let entry = Node { key: key.get_ref(), example: "\"retry-worker\"", value };
        let (key, patterns) = (read_key(key, out), patterns(entry, out));
        entries.push(key.zip(patterns));
    }
    let entries: Option<Vec<_>> = entries.into_iter().collect();
    Some(Spanned::new(node.span(), MatchTable { entries: entries? }))
}

fn patterns(node: Node<'_>, out: &mut Diagnostics) -> Option<Vec<Pattern>> {
    if node.value.get_ref().as_array().is_some_and(|values| values.is_empty()) {
        return unmatchable(node, "an empty list holds for no value", out);
    }
    list(node, out, |one, out| {
        let text = string(one, out)?;
        match expression(text) {
            Some(inside) => regex(one, inside, out).map(Pattern::Regex),
            None => Some(Pattern::Literal(text.to_owned())),
        }
    })
}

fn match_key(key: &Name<'_>, out: &mut Diagnostics) -> Option<MatchKey> {
    if key.get_ref().starts_with('/') {
        return pointer(key.get_ref(), key.span(), out).map(MatchKey::Pointer);
    }
    match_column(key, out).map(MatchKey::Column)
}

fn match_column(key: &Name<'_>, out: &mut Diagnostics) -> Option<Column> {
    column(key, out, "to match on", |role| role == Role::Hint)
}

/// A column that a source may fill.
pub(super) fn mapped_column(key: &Name<'_>, out: &mut Diagnostics) -> Option<Column> {
    column(key, out, "to map to", |role| role != Role::Computed)
}

fn column(
    key: &Name<'_>,
    out: &mut Diagnostics,
    purpose: &str,
    allows: fn(Role) -> bool,
) -> Option<Column> {
    let word: &str = key.get_ref();
    if let Some(column) = Column::named(word).filter(|column| allows(column.def().role)) {
        return Some(column);
    }
    let names = || COLUMNS.iter().filter(|def| allows(def.role)).map(|def| def.name);
    let help = match nearest(word, names()) {
        Some(near) => format!("the nearest such column is `{near}`"),
        None if word.contains(['/', '.']) => {
            format!(
                "a field of the record is named by its JSON Pointer, such as {}",
                quoted(&format!("/{}", word.trim_start_matches('/').replace('.', "/")))
            )
        }
        None => format!("such columns are {}", listed(names(), "and")),
    };
    let message = match Column::named(word) {
        Some(_) => format!("the column `{word}` is not one {purpose}"),
        None => format!("no column {} {purpose}", quoted(word)),
    };
    out.push("plan::unknown-column", key.span(), message).label("not such a column").help(help);
    None
}

/// The table in a form in which equal tables are equal.
pub(super) fn canonical(table: &MatchTable) -> Vec<(MatchKey, Vec<(bool, String)>)> {
    let text = |pattern: &Pattern| match pattern {
        Pattern::Literal(literal) => (false, literal.clone()),
        Pattern::Regex(regex) => (true, regex.as_str().to_owned()),
    };
    let mut entries: Vec<_> = table
        .entries
        .iter()
        .map(|(key, patterns)| {
            let mut texts: Vec<_> = patterns.iter().map(text).collect();
            texts.sort();
            texts.dedup();
            (key.clone(), texts)
        })
        .collect();
    entries.sort();
    entries
}
