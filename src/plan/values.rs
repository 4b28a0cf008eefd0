/*! Reads single values: each reader returns what it expects, or reports what it found instead. */

use std::ops::Range;

use toml::de::DeValue;

use super::document::{PlanValue, listed};
use crate::diag::{Diagnostics, nearest, quoted};

/// Reads a string that is not empty.
pub(super) fn text(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<String> {
    string(value, out).map(str::to_owned)
}

/// Reads a string that is not empty, and borrows it from the document.
pub(super) fn string<'t>(value: PlanValue<'t>, out: &mut Diagnostics) -> Option<&'t str> {
    let DeValue::String(text) = value.toml.get_ref() else {
        let unquoted = unquoted(value.toml.get_ref());
        let wrong = value.expected("a string", out);
        if let Some(text) = unquoted {
            let quotes = quoted(&format!("\"{text}\""));
            wrong.help(format!("write {quotes}: strings are written in quotes"));
        }
        return None;
    };
    if text.trim().is_empty() {
        out.push("plan::empty-value", value.span(), format!("{} is empty", quoted(value.key)))
            .label("an empty string")
            .help(value.written());
        return None;
    }
    Some(text)
}

/// The text of a value that lacks only its quotes.
fn unquoted(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Datetime(time) => Some(time.to_string()),
        DeValue::String(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// Reads each element of a list. A single value counts as a list of one.
pub(super) fn list<'t, T>(
    value: PlanValue<'t>,
    out: &mut Diagnostics,
    mut read: impl FnMut(PlanValue<'t>, &mut Diagnostics) -> Option<T>,
) -> Option<Vec<T>> {
    let DeValue::Array(elements) = value.toml.get_ref() else {
        return read(value, out).map(|element| vec![element]);
    };
    // Every element is read, also after a wrong one, so that each mistake is reported.
    let read: Vec<_> = elements.iter().map(|toml| read(value.element(toml), out)).collect();
    read.into_iter().collect()
}

/// Reads a list of strings that are not empty.
pub(super) fn texts(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Vec<String>> {
    list_only(value, out)?;
    list(value, out, text)
}

/// Reports a single value where a list is required.
pub(super) fn list_only(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<()> {
    if value.toml.get_ref().is_array() {
        return Some(());
    }
    let wrong = value.expected("a list", out);
    if let Some(text) = value.toml.get_ref().as_str() {
        wrong.help(value.written_as(&format!("[\"{text}\"]")));
    }
    None
}

/// Reads `true` or `false`.
pub(super) fn flag(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<bool> {
    let flag = value.toml.get_ref().as_bool();
    if flag.is_none() {
        value.expected("`true` or `false`", out);
    }
    flag
}

/// Reads one of a few words.
pub(super) fn word<T: Copy>(
    value: PlanValue<'_>,
    out: &mut Diagnostics,
    choices: &[T],
    name: impl Fn(T) -> &'static str,
) -> Option<T> {
    let word = string(value, out)?;
    let known = choices.iter().copied().find(|choice| name(*choice) == word);
    if known.is_none() {
        let words: Vec<_> = choices.iter().map(|choice| name(*choice)).collect();
        unknown_word(value.key, word, value.span(), &words, out);
    }
    known
}

/// Reports a word that is not one of the known words.
pub(super) fn unknown_word(
    key: &str,
    word: &str,
    span: Range<usize>,
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
