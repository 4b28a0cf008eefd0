/*! What counts in JSON records of known layouts, if others may have said the same at another time: one pass over their
 * values, and nothing is made of them. Layouts that begin alike share their beginning.
 */

use std::ops::Range;

use super::json_layout::{Accepts, JsonLayout, LayoutValue, RawScalar, ScalarText};
use super::json_scanner::JsonScanner;
use super::known_text::KnownText;

/// What counts of the value in a slot, in a record that may repeat another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotUse {
    /// What it says.
    Text,
    /// Whether it says something.
    Presence,
    /// That it is there.
    Existence,
    /// What it is recognised by.
    Sign,
    /// When the record happened.
    Time,
}

/// Distinguishes texts where that matters. No byte that it gives is 254 or 255.
pub trait TellApart {
    /// Texts of which only one says nothing have different bytes.
    fn presence(&self, text: &str) -> u8;

    /// Texts in this slot by which different records are recognised have different bytes, as many for each text.
    fn write_sign(&self, slot: usize, text: &str, out: &mut Vec<u8>);
}

/// Layouts, and what counts of their values.
#[derive(Debug, Default)]
pub struct JsonOutlines {
    /// How records begin.
    first: Vec<usize>,
    pieces: Vec<Piece>,
    /// How many layouts there are.
    layouts: u32,
}

/// A value, and the text before it.
#[derive(Debug)]
struct Piece {
    before: KnownText,
    accepts: Accepts,
    may_be_text: bool,
    counts: Counts,
    /// What may follow.
    next: Vec<usize>,
    /// How a record may end here, and the number of its layout.
    ends: Vec<(Box<str>, u32)>,
}

/// What of a value counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counts {
    /// A bit for each `SlotUse`.
    uses: u8,
    /// The slots by which records are recognised.
    signs: Vec<usize>,
    most: Most,
}

/// What counts of most values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Most {
    #[default]
    Nothing,
    /// The text, and nothing else.
    Text,
    /// Whether it is there, and nothing else.
    Existence,
    /// Something else.
    Other,
}

impl JsonOutlines {
    /// The number of layouts.
    pub fn len(&self) -> usize {
        self.layouts as usize
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.layouts == 0
    }

    /// About how much memory they take.
    pub fn memory(&self) -> usize {
        let texts = self.pieces.iter().map(|piece| {
            let ends: usize = piece.ends.iter().map(|(end, _)| end.len()).sum();
            piece.before.text().len() + ends
        });
        size_of_val(self.pieces.as_slice()) + texts.sum::<usize>()
    }

    /// Adds a layout. `use_of` gives the use of each slot; a layout with a slot of no such use is left out, and so is
    /// one without exactly one time.
    pub fn add(&mut self, layout: &JsonLayout, use_of: &dyn Fn(usize) -> Option<SlotUse>) {
        // An object that is wanted as a whole is the same kind of value in each record of the layout.
        let mut of_objects = layout.objects.iter().flat_map(|object| object.slots.iter());
        if !of_objects.all(|slot| use_of(*slot) == Some(SlotUse::Existence)) {
            return;
        }
        let counts = layout.pieces().map(|(_, value)| Counts::of(value, use_of));
        let Some(counts) = counts.collect::<Option<Vec<Counts>>>() else { return };
        if counts.iter().filter(|counts| counts.has(SlotUse::Time)).count() != 1 {
            return;
        }
        let mut last = None;
        for ((before, value), counts) in layout.pieces().zip(counts) {
            last = Some(self.piece(last, before, value.accepts, counts));
        }
        if let Some(last) = last {
            self.pieces[last].ends.push((layout.tail().into(), self.layouts));
            self.layouts += 1;
        }
    }

    /// The piece that follows another, known or new.
    fn piece(
        &mut self,
        last: Option<usize>,
        before: &str,
        accepts: Accepts,
        counts: Counts,
    ) -> usize {
        let next = last.map_or(&self.first, |last| &self.pieces[last].next);
        let is_it = |piece: &Piece| {
            piece.before.text() == before && piece.accepts == accepts && piece.counts == counts
        };
        if let Some(known) = next.iter().find(|piece| is_it(&self.pieces[**piece])) {
            return *known;
        }
        let new = self.pieces.len();
        self.pieces.push(Piece {
            before: KnownText::new(before),
            accepts,
            may_be_text: !matches!(accepts, Accepts::Object(_)),
            counts,
            next: Vec::new(),
            ends: Vec::new(),
        });
        match last {
            Some(last) => self.pieces[last].next.push(new),
            None => self.first.push(new),
        }
        new
    }

    /// Writes what counts in a record, and gives the text of its time: records for which the same bytes are written
    /// fill their slots with the same, where that counts. `None`: the record has no known layout, a flaw, or no plain
    /// time.
    pub fn write<'t>(
        &self,
        text: &'t str,
        tell: &impl TellApart,
        out: &mut Vec<u8>,
    ) -> Option<&'t str> {
        let mut scanner = JsonScanner::new(text);
        let (mut next, mut time) = (self.first.as_slice(), None);
        loop {
            let piece = self.fitting(next, &mut scanner)?;
            let start = scanner.at;
            let is_escaped = if piece.may_be_text && scanner.byte() == Some(b'"') {
                scanner.string()?
            } else {
                piece.accepts.pass(&mut scanner)?;
                false
            };
            match piece.counts.most {
                Most::Nothing if !is_escaped => {}
                // The byte that follows a scalar is no part of any.
                Most::Text if !is_escaped => append(scanner.bytes, start..scanner.at + 1, out),
                Most::Existence if !is_escaped => out.push(existence(&text[start..scanner.at])),
                _ if piece.accepts != Accepts::Scalar => {}
                _ => {
                    let scalar = RawScalar { raw: &text[start..scanner.at], is_escaped };
                    piece.counts.write(scalar, tell, out)?;
                    if piece.counts.has(SlotUse::Time) {
                        time = plain(scalar);
                    }
                }
            }
            if !piece.ends.is_empty() {
                let rest = &text[scanner.at..];
                if let Some((_, layout)) = piece.ends.iter().find(|(end, _)| **end == *rest) {
                    out.extend_from_slice(&layout.to_le_bytes());
                    return time;
                }
            }
            next = &piece.next;
        }
    }

    /// The piece whose text comes next. Moves past that text.
    #[inline]
    fn fitting(&self, next: &[usize], scanner: &mut JsonScanner<'_>) -> Option<&Piece> {
        for piece in next {
            let piece = &self.pieces[*piece];
            if let Some(end) = piece.before.end_from(scanner.bytes, scanner.at) {
                scanner.at = end;
                return Some(piece);
            }
        }
        None
    }
}

/// Bytes that nothing else gives.
const ABSENT: u8 = u8::MAX;
const THERE: u8 = u8::MAX - 1;

impl Counts {
    fn of(value: &LayoutValue, use_of: &dyn Fn(usize) -> Option<SlotUse>) -> Option<Self> {
        let mut counts = Self::default();
        for slot in &value.slots {
            let slot_use = use_of(*slot)?;
            counts.uses |= 1 << slot_use as u8;
            if slot_use == SlotUse::Sign {
                counts.signs.push(*slot);
            }
        }
        counts.most = match counts.uses {
            0 => Most::Nothing,
            uses if uses == 1 << SlotUse::Text as u8 => Most::Text,
            uses if uses == 1 << SlotUse::Existence as u8 => Most::Existence,
            _ => Most::Other,
        };
        Some(counts)
    }

    fn has(&self, slot_use: SlotUse) -> bool {
        self.uses & (1 << slot_use as u8) != 0
    }

    /// Writes what counts of a value. `None`: it has a flaw.
    fn write(&self, scalar: RawScalar<'_>, tell: &impl TellApart, out: &mut Vec<u8>) -> Option<()> {
        if self.has(SlotUse::Text) {
            out.extend_from_slice(scalar.raw.as_bytes());
            out.push(b',');
        }
        if self.has(SlotUse::Existence) {
            out.push(existence(scalar.raw));
        }
        let is_read = self.has(SlotUse::Presence) || self.has(SlotUse::Sign);
        // An escape may give no character, which is a flaw of the record whatever counts of the value.
        if !scalar.is_escaped && !is_read {
            return Some(());
        }
        match scalar.text()? {
            _ if !is_read => {}
            ScalarText::Null => out.push(ABSENT),
            ScalarText::Text(text) => {
                out.push(tell.presence(&text));
                self.signs.iter().for_each(|slot| tell.write_sign(*slot, &text, out));
            }
        }
        Some(())
    }
}

/// A byte for whether a scalar that is written so is there.
fn existence(raw: &str) -> u8 {
    if raw == "null" { ABSENT } else { THERE }
}

/// The text of a time as it is written; `None` if there is no time, or it may be written otherwise.
fn plain(scalar: RawScalar<'_>) -> Option<&str> {
    let raw = scalar.raw;
    let quoted = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    quoted.or(Some(raw)).filter(|_| !scalar.is_escaped && raw != "null")
}

/// Appends a part of some bytes. Most are short, and to copy more than is wanted costs less than to call a function.
#[inline]
fn append(bytes: &[u8], part: Range<usize>, out: &mut Vec<u8>) {
    let end = out.len() + part.len();
    match bytes.get(part.start..).and_then(|rest| rest.first_chunk::<COPIED>()) {
        Some(chunk) if part.len() <= COPIED => {
            out.extend_from_slice(chunk);
            out.truncate(end);
        }
        _ => out.extend_from_slice(bytes.get(part).unwrap_or_default()),
    }
}

/// How many bytes are copied at once.
const COPIED: usize = 32;

#[cfg(test)]
mod tests {
    use super::super::{Fields, Picks, pick_in_one_pass};
    use super::*;
    use proptest::prelude::*;

    struct Plainly;

    impl TellApart for Plainly {
        fn presence(&self, text: &str) -> u8 {
            2 + u8::from(text == "-")
        }

        fn write_sign(&self, _: usize, text: &str, out: &mut Vec<u8>) {
            out.push(u8::from(text == "x"));
        }
    }

    const USES: [(&str, SlotUse); 6] = [
        ("/t", SlotUse::Time),
        ("/a", SlotUse::Text),
        ("/b", SlotUse::Text),
        ("/c", SlotUse::Existence),
        ("/d/e", SlotUse::Presence),
        ("/f", SlotUse::Sign),
    ];

    const VALUES: &[&str] = &[
        r#""x""#,
        r#""-""#,
        r#""x,y""#,
        r#""a value of more than thirty-two bytes, as there are""#,
        r#""\u0078""#,
        r#""\ud800""#,
        "1",
        "12345678901.5e3",
        "null",
        r#""null""#,
        r#"{"k":[1,"v"]}"#,
        "[1",
    ];

    /// A record of one of three layouts.
    fn record(layout: usize, values: [&str; 6]) -> String {
        let [one, two, three, four, five, six] = values;
        let time = r#""t":"2026-03-02T09:00:00Z""#;
        let inner = if layout < 2 { "e" } else { "z" };
        let object = format!(r#""d":{{"{inner}":{four}}}"#);
        let pairs = match layout {
            0 => format!(r#"{time},"a":{one},"b":{two},"c":{three},{object},"f":{five},"z":{six}"#),
            1 => {
                format!(r#""a":{one},"z":{six},{object},{time},"b": {two} ,"c":{three},"f":{five}"#)
            }
            _ => format!(r#""a":{one},"z":{six},{object},{time},"b": {two}"#),
        };
        format!("{{{pairs}}}")
    }

    /// Two records that differ in a value or in none.
    fn records() -> impl Strategy<Value = [String; 2]> {
        let value = || prop::sample::select(VALUES);
        let values = [value(), value(), value(), value(), value(), value()];
        let layouts =
            prop_oneof![4 => (0_usize..3).prop_map(|one| [one; 2]), 1 => [0_usize..3, 0..3]];
        (layouts, values, 0_usize..6, value()).prop_map(|(layouts, values, changed, to)| {
            let mut others = values;
            others[changed] = to;
            [record(layouts[0], values), record(layouts[1], others)]
        })
    }

    proptest! {
        #[test]
        fn equal_bytes_are_of_records_that_say_the_same([left, right] in records()) {
            let picks = Picks::new(&USES.map(|(pointer, _)| pointer.to_owned()));
            let mut outlines = JsonOutlines::default();
            for layout in 0..3 {
                let known = record(layout, ["1"; 6]);
                let layout = JsonLayout::of(&known, &picks).expect("a layout");
                outlines.add(&layout, &|slot| Some(USES[slot].1));
            }
            prop_assert_eq!(outlines.len(), 3);
            let read = |text: &str| {
                let mut key = Vec::new();
                let time = outlines.write(text, &Plainly, &mut key);
                let mut fields = Fields::new();
                let is_valid = pick_in_one_pass(text, &picks, &mut fields).is_some();
                assert!(is_valid || time.is_none(), "{text}");
                assert!(time.is_none_or(|time| time == "2026-03-02T09:00:00Z"), "{text}");
                let said = USES.iter().enumerate().map(|(slot, (_, slot_use))| {
                    let text = fields.get(slot)?;
                    Some(match slot_use {
                        SlotUse::Time | SlotUse::Existence => String::new(),
                        SlotUse::Text => text.to_owned(),
                        SlotUse::Presence => format!("{}", text == "-"),
                        SlotUse::Sign => format!("{} {}", text == "-", text == "x"),
                    })
                });
                time.map(|_| (key, said.collect::<Vec<_>>()))
            };
            if let (Some(left), Some(right)) = (read(&left), read(&right)) && left.0 == right.0 {
                prop_assert_eq!(left.1, right.1);
            }
        }
    }
}
