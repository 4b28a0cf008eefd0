/*! Which framing does a stream have? Decided by a first whole value, never by a first line alone. */

use memchr::memchr;

use crate::ingest::{Frame, Visit};
use crate::limits;
use crate::model::coverage::Reject;

use super::array::{Array, Counts};
use super::documents::is_gap;
use super::out::Out;
use super::scan::{Event, Scanner};
use super::{Frames, Framing};

/// How are the records of this stream told apart? `head` is its start, `record_keys` the arrays that may hold records,
/// `time_keys` what only a record has.
pub fn sniff(head: &[u8], record_keys: &[&str], time_keys: &[&str]) -> Framing {
    let gap = head.iter().take_while(|byte| is_gap(**byte)).count();
    let head = &head[gap..];
    match head.first() {
        Some(b'[') => sniff_array(head),
        Some(b'{') => sniff_objects(head, record_keys, time_keys),
        Some(_) | None => Framing::Lines,
    }
}

/// What opens with `[`: an array of records, or a line that looks like one.
fn sniff_array(head: &[u8]) -> Framing {
    let first = head[1..].iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') {
        return Framing::Array { key: None };
    }
    let is_array = match first_value(head) {
        Value::Whole { end } => head[..end].contains(&b'\n') || next_byte(&head[end..]).is_none(),
        Value::Open => !is_too_deep(head),
        Value::Fault => false,
    };
    if is_array { Framing::Array { key: None } } else { Framing::Lines }
}

/// What opens with `{`: a wrapper around an array of records, laid out documents, or lines.
fn sniff_objects(head: &[u8], record_keys: &[&str], time_keys: &[&str]) -> Framing {
    let mut wrapper = None;
    for key in record_keys {
        let name = key.rsplit('/').next().unwrap_or(key);
        if memchr::memmem::find(head, name.as_bytes()).is_none() && memchr(b'\\', head).is_none() {
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
        let array = Framing::Array { key: Some((*key).to_owned()) };
        match first {
            Some(b'{') => return array,
            Some(_) => {}
            // An empty page is a wrapper too, if nothing else is.
            None => wrapper = wrapper.or(Some(array)),
        }
    }
    wrapper.unwrap_or_else(|| sniff_values(head))
}

/// Lines, unless a value spans lines or shares its line with the next.
fn sniff_values(head: &[u8]) -> Framing {
    match first_value(head) {
        Value::Fault => Framing::Lines,
        Value::Open if memchr(b'\n', head).is_none() || has_whole_line(head) => Framing::Lines,
        Value::Open => Framing::Documents,
        Value::Whole { end } if head[..end].contains(&b'\n') => Framing::Documents,
        Value::Whole { end } => {
            let rest = &head[end..];
            let line = &rest[..memchr(b'\n', rest).unwrap_or(rest.len())];
            match next_byte(line) {
                Some(b'{' | b'[') => Framing::Documents,
                Some(_) | None => Framing::Lines,
            }
        }
    }
}

enum Value {
    Whole { end: usize },
    Open,
    Fault,
}

fn first_value(head: &[u8]) -> Value {
    let mut scanner = Scanner::new(0);
    let mut at = 0;
    loop {
        let (next, event) = scanner.next(head, at);
        at = next;
        match event {
            Event::End => return Value::Whole { end: at },
            Event::Error => return Value::Fault,
            Event::More => return Value::Open,
            Event::Open | Event::Leaf | Event::Key => {}
        }
    }
}

fn next_byte(bytes: &[u8]) -> Option<u8> {
    bytes.iter().copied().find(|byte| !is_gap(*byte))
}

/// Is one of the later lines an object of its own?
fn has_whole_line(head: &[u8]) -> bool {
    head.split(|byte| *byte == b'\n').skip(1).any(|line| {
        let line = line.trim_ascii_end();
        line.first() == Some(&b'{')
            && matches!(first_value(line), Value::Whole { end } if end == line.len())
    })
}

/// Does the first line nest deeper than any record may?
fn is_too_deep(head: &[u8]) -> bool {
    head.iter().take_while(|byte| **byte == b'[').count() > limits::JSON_DEPTH
}

/// What the head is if it is read as arrays under a key.
struct Probe {
    /// The first byte of the first element.
    first: Option<u8>,
    counts: Counts,
    /// What stands around the elements.
    envelope: Vec<u8>,
}

fn probe(head: &[u8], key: &str) -> Probe {
    let mut first = First::default();
    let mut array = Array::new(Some(key), head.len());
    let mut out = Out::new(&mut first);
    array.push(head, &mut out);
    let envelope = out.finish().envelope;
    let counts = array.counts();
    array.finish(&mut Out::new(&mut first));
    Probe { first: first.byte, counts, envelope }
}

/// Does the first object of the JSON, which may end early, have that key itself?
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

/// How long the string is that starts here, up to its quote.
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
struct First {
    byte: Option<u8>,
}

impl Visit for First {
    fn frame(&mut self, frame: Frame<'_>) {
        self.byte = self.byte.or(frame.bytes.first().copied());
    }

    fn reject(&mut self, frame: Frame<'_>, _reject: Reject) {
        self.frame(frame);
    }
}
