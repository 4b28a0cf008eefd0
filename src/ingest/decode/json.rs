/*! JSON records, read in place. The whole record is checked first; then only the picked values are read. */

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::limits;
use crate::model::coverage::Reject;

use super::cursor::{Cursor, depth};
use super::{Decode, Fields, Picks};

/// The decoder of JSON objects.
pub struct Json;

impl Decode for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn pick<'b>(
        &self,
        frame: &'b [u8],
        picks: &Picks,
        fields: &mut Fields<'b>,
    ) -> Result<(), Reject> {
        pick(frame, picks, fields)
    }
}

/// Checks the whole record and fills a slot for each pick: strings unescaped, numbers as written, arrays and objects
/// as raw JSON.
pub fn pick<'b>(frame: &'b [u8], picks: &Picks, fields: &mut Fields<'b>) -> Result<(), Reject> {
    fields.reset(picks);
    fill(&mut Cursor::new(object(frame)?), picks, Picks::ROOT, fields)
}

/// Like `pick`, for a record that `check` has accepted.
pub fn pick_checked<'b>(
    text: &'b str,
    picks: &Picks,
    fields: &mut Fields<'b>,
) -> Result<(), Reject> {
    fields.reset(picks);
    fill(&mut Cursor::new(text), picks, Picks::ROOT, fields)
}

/// Accepts a text that is one JSON object and nothing else.
pub fn check(text: &str) -> Result<(), Reject> {
    object_in(text).map(|_| ())
}

/// A record inside of another record.
pub struct InnerRecord<'b> {
    /// The inner record.
    pub text: &'b str,
    /// The arrays and objects around it, from the outermost to the innermost.
    pub around: Vec<&'b str>,
}

/// The records inside of a record that the steps lead to; `*` is every element. What stands where a step expects a list
/// or an object, and is neither, is a flaw: nobody knows how many records it holds. `check` has accepted `text`.
pub fn inner_records<'b>(text: &'b str, steps: &[String]) -> Vec<Result<InnerRecord<'b>, Reject>> {
    let mut found = Vec::new();
    collect(text, steps, &mut Vec::new(), &mut found);
    found
}

fn collect<'b>(
    text: &'b str,
    steps: &[String],
    around: &mut Vec<&'b str>,
    found: &mut Vec<Result<InnerRecord<'b>, Reject>>,
) {
    let Some((step, rest)) = steps.split_first() else {
        found.push(Ok(InnerRecord { text, around: around.clone() }));
        return;
    };
    around.push(text);
    let mut cursor = Cursor::new(text);
    match (cursor.peek(), step.as_str()) {
        (Some(b'['), "*") => {
            cursor.pass(b'[');
            while !cursor.pass(b']') {
                collect(cursor.value(), rest, around, found);
                cursor.pass(b',');
            }
        }
        (Some(b'{'), key) if key != "*" => {
            cursor.pass(b'{');
            while !cursor.pass(b'}') {
                let is_step = unescape(cursor.string()).is_ok_and(|name| name == key);
                cursor.pass(b':');
                let value = cursor.value();
                if is_step {
                    collect(value, rest, around, found);
                }
                cursor.pass(b',');
            }
        }
        (Some(b'n') | None, _) => {}
        (Some(_), step) => {
            found.push(Err(Reject::with("unexpected-shape", format!("before step `{step}`"))));
        }
    }
    around.pop();
}

/// Reads more fields from an object around an inner record; `text` is one of its `around`.
pub fn pick_around<'b>(
    text: &'b str,
    picks: &Picks,
    fields: &mut Fields<'b>,
) -> Result<(), Reject> {
    fields.go_on_with(picks);
    fill(&mut Cursor::new(text), picks, Picks::ROOT, fields)
}

/// The record as text, if it is one JSON object and nothing else.
fn object(frame: &[u8]) -> Result<&str, Reject> {
    let text = std::str::from_utf8(frame)
        .map_err(|error| Reject::with("not-utf8", format!("at byte {}", error.valid_up_to())))?;
    object_in(text)
}

fn object_in(text: &str) -> Result<&str, Reject> {
    check_any(text)?;
    match Cursor::new(text).peek() {
        Some(b'{') => Ok(text),
        Some(_) | None => Err(Reject::because("not-an-object")),
    }
}

/// Accepts a text that is one JSON value and nothing else.
pub(super) fn check_any(text: &str) -> Result<(), Reject> {
    let frame = text.as_bytes();
    let brackets = memchr::memchr2_iter(b'{', b'[', frame).count();
    if brackets > limits::JSON_DEPTH && depth(frame) > limits::JSON_DEPTH {
        let limit = limits::JSON_DEPTH;
        return Err(Reject::with("too-deep", format!("more than the limit of {limit} levels")));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    if let Err(error) = IgnoredAny::deserialize(&mut json) {
        let reason = match error.classify() {
            Category::Eof => "truncated-json",
            Category::Io | Category::Syntax | Category::Data => "bad-json",
        };
        return Err(Reject::with(reason, error.to_string()));
    }
    json.end().map_err(|error| Reject::with("trailing-data", error.to_string()))
}

/// Fills the slots of a node and of the nodes below it, and moves the cursor past the value.
fn fill<'b>(
    cursor: &mut Cursor<'b>,
    picks: &Picks,
    node: usize,
    fields: &mut Fields<'b>,
) -> Result<(), Reject> {
    let wanted = picks.node(node);
    let start = cursor.start();
    match cursor.peek() {
        Some(b'{') if !wanted.children.is_empty() => fill_object(cursor, picks, node, fields)?,
        Some(b'[') if wanted.goes_on() => fill_array(cursor, picks, node, fields)?,
        Some(_) | None => {
            cursor.value();
        }
    }
    if wanted.slots.is_empty() {
        return Ok(());
    }
    let raw = cursor.since(start);
    let first = raw.as_bytes().first();
    let value = match first {
        Some(b'"') => unescape(raw)?,
        Some(b'n') => return Ok(()),
        Some(_) | None => Cow::Borrowed(raw),
    };
    if let Some(text) = bytes_of(raw) {
        wanted.slots.iter().for_each(|slot| fields.set(*slot, Cow::Owned(text.clone())));
        return Ok(());
    }
    for slot in &wanted.slots {
        if matches!(first, Some(b'{' | b'[')) {
            fields.set_nested(*slot, value.clone());
        } else {
            fields.set(*slot, value.clone());
        }
    }
    Ok(())
}

/// The text that an array of its bytes stands for: journald writes so what is not printable, such as colours.
pub(super) fn bytes_of(raw: &str) -> Option<String> {
    const BYTES_MIN: usize = 8;
    let numbers = raw.strip_prefix('[')?.strip_suffix(']')?;
    let starts_with_digit = numbers.trim_start().starts_with(|sign: char| sign.is_ascii_digit());
    if !starts_with_digit {
        return None;
    }
    let bytes: Option<Vec<u8>> =
        numbers.split(',').map(|number| number.trim().parse().ok()).collect();
    let bytes = bytes?;
    let is_odd =
        |byte: &&u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1b);
    let is_text = bytes.len() >= BYTES_MIN && bytes.iter().filter(is_odd).count() * 8 < bytes.len();
    is_text.then(|| String::from_utf8_lossy(&bytes).into_owned())
}

fn fill_object<'b>(
    cursor: &mut Cursor<'b>,
    picks: &Picks,
    node: usize,
    fields: &mut Fields<'b>,
) -> Result<(), Reject> {
    cursor.pass(b'{');
    let object = fields.next_object();
    while !cursor.pass(b'}') {
        // A key that is not valid text equals no pointer.
        let key = unescape(cursor.string()).ok();
        cursor.pass(b':');
        match key.and_then(|key| picks.child(node, &key)) {
            Some(child) if fields.first_meeting(child, object) => {
                fill(cursor, picks, child, fields)?;
            }
            Some(_) => return Err(Reject::because("duplicate-key")),
            None => {
                cursor.value();
            }
        }
        cursor.pass(b',');
    }
    Ok(())
}

pub(super) fn fill_array<'b>(
    cursor: &mut Cursor<'b>,
    picks: &Picks,
    node: usize,
    fields: &mut Fields<'b>,
) -> Result<(), Reject> {
    cursor.pass(b'[');
    let wanted = picks.node(node);
    let mut index = 0_usize;
    while !cursor.pass(b']') {
        let element = cursor.value();
        let at =
            if wanted.children.is_empty() { None } else { picks.child(node, &index.to_string()) };
        let chosen = wanted.chosen.iter().filter(|(key, value, _)| has(element, key, value));
        for child in at.into_iter().chain(wanted.every).chain(chosen.map(|(.., child)| *child)) {
            fill(&mut Cursor::new(element), picks, child, fields)?;
        }
        index += 1;
        cursor.pass(b',');
    }
    Ok(())
}

/// Whether it is an object with that text or number under the key.
fn has(element: &str, key: &str, wanted: &str) -> bool {
    let mut cursor = Cursor::new(element);
    if !cursor.pass(b'{') {
        return false;
    }
    while !cursor.pass(b'}') {
        let is_key = unescape(cursor.string()).is_ok_and(|name| name == key);
        cursor.pass(b':');
        let value = cursor.value();
        if is_key {
            let text = if value.starts_with('"') {
                unescape(value).unwrap_or_default()
            } else {
                value.into()
            };
            return text == wanted;
        }
        cursor.pass(b',');
    }
    false
}

/// A string of valid JSON without its quotes and escapes.
pub(super) fn unescape(quoted: &str) -> Result<Cow<'_, str>, Reject> {
    let inside = &quoted[1..quoted.len() - 1];
    if memchr::memchr(b'\\', inside.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(inside));
    }
    serde_json::from_str(quoted).map(Cow::Owned).map_err(|_| Reject::because("bad-unicode"))
}
