/*! Reads what records are compared with: regular expressions, columns, JSON Pointers, match tables. */

use std::ops::Range;

use regex::{Regex, RegexBuilder};
use toml::Spanned;
use toml::de::DeValue;

use super::checked_plan::{MatchKey, MatchTable, OF_PATH, Pattern};
use super::document::{PlanValue, WrittenKey, in_order, listed};
use super::values::{list, string};
use crate::diag::{Diagnostics, nearest, quoted};
use crate::model::NonEmpty;
use crate::model::columns::{COLUMNS, Column, Role};

/// A larger expression would take more memory than everything else in the plan.
const REGEX_BYTES_MAX: usize = 1 << 20;

/// A match table with its bytes in the plan.
pub(super) type LocatedMatch = Spanned<MatchTable>;

pub(super) fn without_places(located: Vec<LocatedMatch>) -> Vec<MatchTable> {
    located.into_iter().map(LocatedMatch::into_inner).collect()
}

/// The inside of `/expression/`. `None` if the text is a literal.
pub(super) fn expression(text: &str) -> Option<&str> {
    text.strip_prefix('/')?.strip_suffix('/')
}

/// Compiles an expression as it is written, without anchors.
pub(super) fn regex(value: PlanValue<'_>, inside: &str, out: &mut Diagnostics) -> Option<Regex> {
    let (why, help) = match RegexBuilder::new(inside).size_limit(REGEX_BYTES_MAX).build() {
        Ok(_) if inside.is_empty() => {
            ("an empty expression matches everything".to_owned(), WILDCARD)
        }
        Ok(regex) => return Some(regex),
        Err(regex::Error::Syntax(text)) => {
            let last = text.lines().last().unwrap_or_default();
            (last.trim_start_matches("error: ").to_owned(), BACKSLASH)
        }
        Err(_) => (format!("it takes over {} KiB", REGEX_BYTES_MAX >> 10), REPETITIONS),
    };
    let found = quoted(&format!("/{inside}/"));
    let message = format!("expected a regular expression between `/`, found {found}: {why}");
    out.push("plan::bad-regex", value.span(), message).label("does not compile").help(help);
    None
}

const WILDCARD: &str = "write `/.+/` if any value will do";
const BACKSLASH: &str = "`\\(` or `\\.` is the character itself; \
     in 'single quotes' write one backslash, in \"double quotes\" two";
const REPETITIONS: &str = "lower the counts in braces: each repetition is compiled on its own";

/// Reads a JSON Pointer, or a CSV column if it does not begin with `/`.
pub(super) fn pointer_or_name(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<String> {
    let text = string(value, out)?;
    if let Some(inside) = text.strip_prefix(OF_PATH).and_then(expression) {
        let regex = regex(value, inside, out)?;
        if regex.captures_len() == 2 {
            return Some(text.to_owned());
        }
        let message = format!("expected one group in {}", quoted(text));
        out.push("plan::bad-pointer", value.span(), message)
            .label("it does not say which part of the path is the value")
            .help("put the part between `(` and `)`, and write other groups as `(?:…)`");
        return None;
    }
    if text.starts_with('/') { pointer(text, value.span(), out) } else { Some(text.to_owned()) }
}

/// Checks a JSON Pointer.
pub(super) fn pointer(text: &str, span: Range<usize>, out: &mut Diagnostics) -> Option<String> {
    if is_pointer(text) {
        return Some(text.to_owned());
    }
    let help = if text.starts_with('/') {
        "write a `~` in a name as `~0`, and a `/` in a name as `~1`".to_owned()
    } else {
        format!("write {}", quoted(&format!("/{}", text.replace('.', "/"))))
    };
    out.push("plan::bad-pointer", span, format!("expected a JSON Pointer, found {}", quoted(text)))
        .label("not a JSON Pointer")
        .help(help);
    None
}

fn is_pointer(text: &str) -> bool {
    let escapes_are_valid = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    text.starts_with('/') && escapes_are_valid
}

/// Reads match tables over columns and pointers: one table or a list.
pub(super) fn any_of(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Vec<LocatedMatch>> {
    match_tables(value, out, match_key)
}

/// Reads match tables over columns alone.
pub(super) fn any_of_columns(
    value: PlanValue<'_>,
    out: &mut Diagnostics,
) -> Option<Vec<LocatedMatch>> {
    match_tables(value, out, |key, out| match_column(key, out).map(MatchKey::Column))
}

type MatchKeyReader = fn(&WrittenKey<'_>, &mut Diagnostics) -> Option<MatchKey>;

fn match_tables(
    value: PlanValue<'_>,
    out: &mut Diagnostics,
    read_key: MatchKeyReader,
) -> Option<Vec<LocatedMatch>> {
    if value.toml.get_ref().as_array().is_some_and(|tables| tables.is_empty()) {
        return unmatchable(value, "an empty list matches no record", out);
    }
    list(value, out, |element, out| match_table(element, out, read_key))
}

fn unmatchable<T>(value: PlanValue<'_>, why: &str, out: &mut Diagnostics) -> Option<T> {
    out.push(
        "plan::unmatchable",
        value.span(),
        format!("{} can never match: {why}", quoted(value.key)),
    )
    .label("nothing to compare")
    .help(format!("{}, or leave it out", value.written()));
    None
}

fn match_table(
    value: PlanValue<'_>,
    out: &mut Diagnostics,
    read_key: MatchKeyReader,
) -> Option<LocatedMatch> {
    let DeValue::Table(table) = value.toml.get_ref() else {
        value.expected("a list of tables", out);
        return None;
    };
    if table.is_empty() {
        return unmatchable(value, "an empty table names nothing to compare", out);
    }
    let mut entries = Vec::new();
    for (key, toml) in in_order(table) {
        let entry = PlanValue { key: key.get_ref(), example: "\"retry-worker\"", toml };
        let (key, patterns) = (read_key(key, out), patterns(entry, out));
        entries.push(key.zip(patterns));
    }
    let entries: Option<Vec<_>> = entries.into_iter().collect();
    Some(Spanned::new(value.span(), MatchTable { entries: NonEmpty::new(entries?)? }))
}

fn patterns(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Vec<Pattern>> {
    if value.toml.get_ref().as_array().is_some_and(|values| values.is_empty()) {
        return unmatchable(value, "an empty list matches no value", out);
    }
    list(value, out, |element, out| {
        let text = string(element, out)?;
        match expression(text) {
            Some(inside) => regex(element, inside, out).map(Pattern::Regex),
            None => Some(Pattern::Literal(text.to_owned())),
        }
    })
}

fn match_key(key: &WrittenKey<'_>, out: &mut Diagnostics) -> Option<MatchKey> {
    if key.get_ref().starts_with('/') {
        return pointer(key.get_ref(), key.span(), out).map(MatchKey::Pointer);
    }
    match_column(key, out).map(MatchKey::Column)
}

fn match_column(key: &WrittenKey<'_>, out: &mut Diagnostics) -> Option<Column> {
    column(key, out, "matched on", |role| role == Role::Hint)
}

/// Reads a column that a source may fill.
pub(super) fn mapped_column(key: &WrittenKey<'_>, out: &mut Diagnostics) -> Option<Column> {
    column(key, out, "mapped", |role| role != Role::Computed)
}

fn column(
    key: &WrittenKey<'_>,
    out: &mut Diagnostics,
    use_of_it: &str,
    allows: fn(Role) -> bool,
) -> Option<Column> {
    let word: &str = key.get_ref();
    if let Some(column) = Column::named(word).filter(|column| allows(column.def().role)) {
        return Some(column);
    }
    let names = || COLUMNS.iter().filter(|def| allows(def.role)).map(|def| def.name);
    let help = match nearest(word, names()) {
        Some(near) => format!("the nearest column that can be {use_of_it} is `{near}`"),
        None if word.contains(['/', '.']) => {
            format!(
                "write a field of the record as its JSON Pointer, such as {}",
                quoted(&format!("/{}", word.trim_start_matches('/').replace('.', "/")))
            )
        }
        None => format!("the columns that can be {use_of_it} are {}", listed(names(), "and")),
    };
    let message = match Column::named(word) {
        Some(_) => format!("the column `{word}` cannot be {use_of_it}"),
        None => format!("there is no column {}", quoted(word)),
    };
    out.push("plan::unknown-column", key.span(), message)
        .label(format!("cannot be {use_of_it}"))
        .help(help);
    None
}

/// A form of the table that is the same for tables that match the same records by the same keys and patterns.
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
