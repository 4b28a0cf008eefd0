/*! Chooses the framing of a stream by its first whole value, never by its first line alone. */

use memchr::{memchr, memchr_iter, memmem};

use crate::ingest::visit::{Frame, Visit};
use crate::limits;
use crate::model::coverage::Reject;

use super::array::{ArrayCounts, ArrayCutter};
use super::documents::is_gap;
use super::framing::Framing;
use super::json_scanner::{JsonEvent, JsonScanner};
use super::out::{Cutter, Out};

/// The framing of a stream. `head`: its first bytes; `record_keys`: the arrays that may hold records; `time_keys`:
/// keys that only a record has.
pub fn sniff(head: &[u8], record_keys: &[String], time_keys: &[String]) -> Framing {
    let gap = head.iter().take_while(|byte| is_gap(**byte)).count();
    let head = &head[gap..];
    match head.first() {
        Some(b'[') => sniff_array(head),
        Some(b'{') => sniff_objects(head, record_keys, time_keys),
        Some(_) | None => Framing::Lines,
    }
}

/// A stream that begins with `[`: an array of records, or a line that looks like one.
fn sniff_array(head: &[u8]) -> Framing {
    let first = head[1..].iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') {
        return Framing::Array { key: None };
    }
    let is_array = match first_value(head) {
        FirstValue::Whole { end } => {
            head[..end].contains(&b'\n') || next_byte(&head[end..]).is_none()
        }
        FirstValue::Open => !is_too_deep(head),
        FirstValue::Fault => false,
    };
    if is_array { Framing::Array { key: None } } else { Framing::Lines }
}

/// A stream that begins with `{`: a wrapper around an array of records, documents, or lines.
fn sniff_objects(head: &[u8], record_keys: &[String], time_keys: &[String]) -> Framing {
    let mut wrapper = None;
    let has_escaped_letters = memmem::find_iter(head, br"\u00")
        .any(|at| head.get(at + 4).is_none_or(|digit| (b'4'..=b'7').contains(digit)));
    let arrays = before_arrays(head);
    for key in record_keys {
        let name = key.rsplit('/').next().unwrap_or(key).as_bytes();
        if !has_escaped_letters && !arrays.iter().any(|before| before.ends_with(name)) {
            continue;
        }
        let Probe { first, counts, envelope } = probe(head, key);
        if time_keys.iter().any(|key| has_key(&envelope, key)) {
            continue;
        }
        let is_other = counts.broken && (counts.documents > 1 || has_whole_line(head));
        if counts.arrays == 0 || counts.bare > 0 || is_other {
            continue;
        }
        let array = Framing::Array { key: Some(key.clone()) };
        match first {
            Some(b'{') => return array,
            Some(_) => {}
            // An empty page is a wrapper too, if no other key has one.
            None => wrapper = wrapper.or(Some(array)),
        }
    }
    wrapper.unwrap_or_else(|| sniff_values(head))
}

/// What stands before each array that a key may hold, up to the end of the key, by a look at the text that does not
/// read it as JSON.
fn before_arrays(head: &[u8]) -> Vec<&[u8]> {
    let before = |at: usize| {
        let key = head[..at].trim_ascii_end().strip_suffix(b":")?;
        key.trim_ascii_end().strip_suffix(b"\"")
    };
    memchr_iter(b'[', head).filter_map(before).collect()
}

/// Lines, unless a value spans several or shares one with the next value.
fn sniff_values(head: &[u8]) -> Framing {
    match first_value(head) {
        FirstValue::Fault => Framing::Lines,
        FirstValue::Open if memchr(b'\n', head).is_none() || has_whole_line(head) => Framing::Lines,
        FirstValue::Open => Framing::Documents,
        FirstValue::Whole { end } if head[..end].contains(&b'\n') => Framing::Documents,
        FirstValue::Whole { end } => {
            let rest = &head[end..];
            let line = &rest[..memchr(b'\n', rest).unwrap_or(rest.len())];
            match next_byte(line) {
                Some(b'{' | b'[') => Framing::Documents,
                Some(_) | None => Framing::Lines,
            }
        }
    }
}

/// What the first value of a stream is.
enum FirstValue {
    Whole { end: usize },
    Open,
    Fault,
}

fn first_value(head: &[u8]) -> FirstValue {
    let mut scanner = JsonScanner::new(0);
    let mut at = 0;
    loop {
        let (next, event) = scanner.next(head, at);
        at = next;
        match event {
            JsonEvent::End => return FirstValue::Whole { end: at },
            JsonEvent::Error => return FirstValue::Fault,
            JsonEvent::More => return FirstValue::Open,
            JsonEvent::Open | JsonEvent::Leaf | JsonEvent::Key => {}
        }
    }
}

fn next_byte(bytes: &[u8]) -> Option<u8> {
    bytes.iter().copied().find(|byte| !is_gap(*byte))
}

/// Whether one of the later lines is a whole object.
fn has_whole_line(head: &[u8]) -> bool {
    head.split(|byte| *byte == b'\n').skip(1).any(|line| {
        let line = line.trim_ascii_end();
        line.first() == Some(&b'{')
            && matches!(first_value(line), FirstValue::Whole { end } if end == line.len())
    })
}

/// Whether the first line nests deeper than a record may.
fn is_too_deep(head: &[u8]) -> bool {
    head.iter().take_while(|byte| **byte == b'[').count() > limits::JSON_DEPTH
}

/// The head, read as arrays under a key.
struct Probe {
    /// The first byte of the first element.
    first: Option<u8>,
    counts: ArrayCounts,
    /// The bytes around the elements.
    envelope: Vec<u8>,
}

fn probe(head: &[u8], key: &str) -> Probe {
    let mut first = FirstByte::default();
    let mut array = ArrayCutter::new(Some(key), head.len());
    let mut out = Out::new(&mut first);
    array.push(head, &mut out);
    let envelope = out.finish().envelope;
    let counts = array.counts();
    array.finish(&mut Out::new(&mut first));
    Probe { first: first.byte, counts, envelope }
}

/// Whether the first object of the JSON has that key at its top. The JSON may end early.
fn has_key(json: &[u8], key: &str) -> bool {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => {
                let length = text_length(&json[at + 1..]);
                let text = &json[at + 1..at + 1 + length];
                let rest = json.get(at + length + 2..).unwrap_or_default();
                if depth == 1 && text == key.as_bytes() && next_byte(rest) == Some(b':') {
                    return true;
                }
                at += length + 1;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return false,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    false
}

/// The length of the string that starts here, up to its closing quote.
fn text_length(json: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

/// The first byte of the first record.
#[derive(Default)]
struct FirstByte {
    byte: Option<u8>,
}

impl Visit for FirstByte {
    fn frame(&mut self, frame: Frame<'_>) {
        self.byte = self.byte.or(frame.bytes.first().copied());
    }

    fn reject(&mut self, frame: Frame<'_>, _reject: Reject) {
        self.frame(frame);
    }
}
