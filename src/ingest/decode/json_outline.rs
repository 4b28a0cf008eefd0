/*! What counts in JSON records of known layouts, if others may have said the same at another time: one pass over their
 * values, and nothing is made of them. Layouts that begin alike share their beginning.
 */

use super::json_layout::{Accepts, JsonLayout, LayoutValue, PassedValue, RawScalar, ScalarText};
use super::json_scanner::JsonScanner;

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
    before: Box<str>,
    accepts: Accepts,
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
            piece.before.len() + ends
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
            *piece.before == *before && piece.accepts == accepts && piece.counts == counts
        };
        if let Some(known) = next.iter().find(|piece| is_it(&self.pieces[**piece])) {
            return *known;
        }
        let new = self.pieces.len();
        let (next, ends) = (Vec::new(), Vec::new());
        self.pieces.push(Piece { before: before.into(), accepts, counts, next, ends });
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
            let passed = piece.accepts.pass(&mut scanner)?;
            if let PassedValue::Scalar(scalar) = passed {
                piece.counts.write(scalar, tell, out)?;
                if piece.counts.has(SlotUse::Time) {
                    let raw = scalar.raw;
                    let plain = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                    time = plain.or(Some(raw)).filter(|_| !scalar.is_escaped && raw != "null");
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
    fn fitting(&self, next: &[usize], scanner: &mut JsonScanner<'_>) -> Option<&Piece> {
        let from = scanner.at;
        for piece in next {
            let piece = &self.pieces[*piece];
            if scanner.literal(&piece.before).is_some() {
                return Some(piece);
            }
            scanner.at = from;
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
        Some(counts)
    }

    fn has(&self, slot_use: SlotUse) -> bool {
        self.uses & (1 << slot_use as u8) != 0
    }

    /// Writes what counts of a value. `None`: it has a flaw.
    fn write(&self, scalar: RawScalar<'_>, tell: &impl TellApart, out: &mut Vec<u8>) -> Option<()> {
        if self.uses == 0 && !scalar.is_escaped {
            return Some(());
        }
        if self.has(SlotUse::Text) {
            out.extend_from_slice(scalar.raw.as_bytes());
            out.push(b',');
        }
        if self.has(SlotUse::Existence) {
            out.push(if scalar.raw == "null" { ABSENT } else { THERE });
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
