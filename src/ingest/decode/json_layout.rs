/*! The layout of a JSON record: its keys, in their order, and where its values stand. Programs write most of their
 * records in a few layouts, and a record of a known layout needs no look at its keys.
 */

use std::borrow::Cow;
use std::ops::Range;

use crate::limits;

use super::json::unescape;
use super::json_scanner::JsonScanner;
use super::picks::{Fields, Picks};

/// A layout, with the slots of each of its values.
#[derive(Debug)]
pub struct JsonLayout {
    /// A record of this layout.
    text: Box<str>,
    /// Its first bytes: most layouts differ in their first key.
    head: [u8; HEAD_BYTES],
    values: Vec<LayoutValue>,
    /// The objects that are wanted as a whole, those within others first.
    pub(super) objects: Vec<LayoutObject>,
    /// What follows the last value.
    end: Range<usize>,
}

/// Before its first value a record has at least these bytes: `{"a":`.
const HEAD_BYTES: usize = 5;

/// An object of a layout, and its slots.
#[derive(Debug)]
pub(super) struct LayoutObject {
    pub(super) slots: Box<[usize]>,
    start: LayoutPlace,
    end: LayoutPlace,
}

/// A place in any record of a layout: this number of bytes behind the end of the value before. Values are counted from
/// 1; 0 is the start of the record.
#[derive(Clone, Copy, Debug)]
struct LayoutPlace {
    value: usize,
    bytes: usize,
}

/// A value of a layout, and what stands before it.
#[derive(Debug)]
pub(super) struct LayoutValue {
    before: Range<usize>,
    pub(super) slots: Box<[usize]>,
    pub(super) accepts: Accepts,
}

/// What may stand in the place of a value without making another layout of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accepts {
    /// Anything: nothing of it is wanted. The number of levels that may be inside.
    Any(usize),
    /// An object, of which no key is wanted. The number of levels that may be inside, with its own.
    Object(usize),
    /// Neither a list nor an object.
    Scalar,
}

impl JsonLayout {
    /// The layout of a record that was read in one pass, unless a list is wanted of it.
    pub fn of(text: &str, picks: &Picks) -> Option<Self> {
        let (values, objects) = (Vec::new(), Vec::new());
        let scanner = JsonScanner::new(text);
        let mut maker = LayoutMaker { scanner, picks, values, objects, from: 0 };
        if maker.scanner.next_byte() != Some(b'{') {
            return None;
        }
        maker.object(Picks::ROOT, limits::JSON_DEPTH.checked_sub(1)?)?;
        if maker.scanner.next_byte().is_some() {
            return None;
        }
        let end = maker.from..text.len();
        let head = *text.as_bytes().first_chunk()?;
        let first_value = maker.values.first().map_or(text.len(), |first| first.before.end);
        let LayoutMaker { values, objects, .. } = maker;
        (first_value >= HEAD_BYTES).then(|| Self { text: text.into(), head, values, objects, end })
    }

    /// Fills a slot for each pick, as one pass would. `None`: the record has another layout, or a flaw. `ends` is
    /// memory to work with.
    pub fn pick<'b>(
        &self,
        text: &'b str,
        picks: &Picks,
        fields: &mut Fields<'b>,
        ends: &mut Vec<usize>,
    ) -> Option<()> {
        if text.as_bytes().first_chunk() != Some(&self.head) {
            return None;
        }
        fields.reset(picks);
        ends.clear();
        ends.push(0);
        let mut scanner = JsonScanner::new(text);
        for (before, value) in self.pieces() {
            scanner.literal(before)?;
            let start = scanner.at;
            let passed = value.accepts.pass(&mut scanner)?;
            ends.push(scanner.at);
            let PassedValue::Scalar { is_escaped } = passed else { continue };
            let scalar = RawScalar { raw: &text[start..scanner.at], is_escaped };
            let ScalarText::Text(text) = scalar.text()? else { continue };
            value.slots.iter().for_each(|slot| fields.set(*slot, text.clone()));
        }
        if &text[scanner.at..] != self.tail() {
            return None;
        }
        let place = |place: LayoutPlace| ends[place.value] + place.bytes;
        for object in &self.objects {
            let raw = &text[place(object.start)..place(object.end)];
            object.slots.iter().for_each(|slot| fields.set_nested(*slot, Cow::Borrowed(raw)));
        }
        Some(())
    }

    /// What stands before each value, and the value.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (&str, &LayoutValue)> {
        self.values.iter().map(|value| (&self.text[value.before.clone()], value))
    }

    /// What follows the last value.
    pub(super) fn tail(&self) -> &str {
        &self.text[self.end.clone()]
    }
}

impl JsonLayout {
    /// About how much memory it takes.
    pub fn memory(&self) -> usize {
        self.text.len() + size_of_val(self.values.as_slice())
    }
}

impl Accepts {
    /// Moves past a value in this place. `None`: a record with this value has another layout, or a flaw.
    #[inline]
    pub(super) fn pass(self, scanner: &mut JsonScanner<'_>) -> Option<PassedValue> {
        let first = scanner.byte()?;
        match self {
            Self::Scalar => {
                let is_escaped = match first {
                    b'"' => scanner.string()?,
                    // A blank before a value makes another layout.
                    b' ' | b'\t' | b'\r' | b'\n' => return None,
                    _ => scanner.scalar()?,
                };
                Some(PassedValue::Scalar { is_escaped })
            }
            Self::Object(_) if first != b'{' => None,
            Self::Any(_) if first == b'"' => scanner.string().map(|_| PassedValue::Unwanted),
            Self::Any(levels) | Self::Object(levels) => {
                scanner.any_value(levels)?;
                Some(PassedValue::Unwanted)
            }
        }
    }
}

/// A value that was passed.
pub(super) enum PassedValue {
    /// Nothing of it is wanted.
    Unwanted,
    Scalar {
        is_escaped: bool,
    },
}

/// A scalar as it is written.
#[derive(Clone, Copy)]
pub(super) struct RawScalar<'b> {
    pub(super) raw: &'b str,
    pub(super) is_escaped: bool,
}

/// What a scalar says.
pub(super) enum ScalarText<'b> {
    Null,
    Text(Cow<'b, str>),
}

impl<'b> RawScalar<'b> {
    /// What it says. `None`: an escape gives no character.
    pub(super) fn text(self) -> Option<ScalarText<'b>> {
        let raw = self.raw;
        Some(match raw.as_bytes() {
            b"null" => ScalarText::Null,
            [b'"', ..] if self.is_escaped => ScalarText::Text(unescape(raw).ok()?),
            [b'"', .., b'"'] => ScalarText::Text(Cow::Borrowed(&raw[1..raw.len() - 1])),
            _ => ScalarText::Text(Cow::Borrowed(raw)),
        })
    }
}

struct LayoutMaker<'p, 'b> {
    scanner: JsonScanner<'b>,
    picks: &'p Picks,
    values: Vec<LayoutValue>,
    objects: Vec<LayoutObject>,
    /// Where the last value ends.
    from: usize,
}

impl LayoutMaker<'_, '_> {
    /// Takes an object of which something is wanted.
    fn object(&mut self, node: usize, levels: usize) -> Option<()> {
        let start = self.place();
        let wanted = self.picks.node(node);
        if wanted.children.is_empty() {
            self.scanner.any_value(levels + 1)?;
            let at = self.from + start.bytes;
            self.add(at, Box::default(), Accepts::Object(levels + 1));
        } else {
            self.members(node, levels)?;
        }
        if !wanted.slots.is_empty() {
            let (slots, end) = (wanted.slots.as_slice().into(), self.place());
            self.objects.push(LayoutObject { slots, start, end });
        }
        Some(())
    }

    /// Takes the values of an object by their keys.
    fn members(&mut self, node: usize, levels: usize) -> Option<()> {
        self.scanner.at += 1;
        if self.scanner.pass(b'}') {
            return Some(());
        }
        loop {
            if self.scanner.next_byte()? != b'"' {
                return None;
            }
            let start = self.scanner.at;
            self.scanner.string()?;
            let key = unescape(&self.scanner.text[start..self.scanner.at]).ok()?;
            let child = self.picks.child(node, &key);
            if !self.scanner.pass(b':') {
                return None;
            }
            self.value(child, levels)?;
            if !self.scanner.pass(b',') {
                return self.scanner.pass(b'}').then_some(());
            }
        }
    }

    fn value(&mut self, node: Option<usize>, levels: usize) -> Option<()> {
        let first = self.scanner.next_byte()?;
        let start = self.scanner.at;
        let Some(node) = node else {
            self.scanner.any_value(levels)?;
            self.add(start, Box::default(), Accepts::Any(levels));
            return Some(());
        };
        let slots = self.picks.node(node).slots.as_slice();
        match first {
            b'{' => return self.object(node, levels.checked_sub(1)?),
            b'[' => return None,
            _ => {}
        }
        self.scanner.scalar()?;
        self.add(start, slots.into(), Accepts::Scalar);
        Some(())
    }

    /// Where the scanner stands.
    fn place(&self) -> LayoutPlace {
        LayoutPlace { value: self.values.len(), bytes: self.scanner.at - self.from }
    }

    fn add(&mut self, start: usize, slots: Box<[usize]>, accepts: Accepts) {
        self.values.push(LayoutValue { before: self.from..start, slots, accepts });
        self.from = self.scanner.at;
    }
}
