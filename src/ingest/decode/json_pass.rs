/*! A JSON record, checked and read in one pass. Every mistake ends the pass: the callers then take the slower ways,
 * which name it. So a pass that ends well has found what they would find.
 */

use std::borrow::Cow;

use crate::limits;

use super::Picks;
use super::cursor::Cursor;
use super::json::{bytes_of, fill_array, unescape};
use super::json_scanner::JsonScanner;
use super::picks::Fields;

/// Checks that the text is one JSON object and fills a slot for each pick; `None` if another way has to say what it is.
pub fn pick_in_one_pass<'b>(text: &'b str, picks: &Picks, fields: &mut Fields<'b>) -> Option<()> {
    fields.reset(picks);
    let mut pass = Pass { scanner: JsonScanner::new(text), picks, fields };
    if pass.scanner.next_byte() != Some(b'{') {
        return None;
    }
    pass.value(Some(Picks::ROOT), limits::JSON_DEPTH)?;
    pass.scanner.next_byte().is_none().then_some(())
}

struct Pass<'p, 'b> {
    scanner: JsonScanner<'b>,
    picks: &'p Picks,
    fields: &'p mut Fields<'b>,
}

impl<'b> Pass<'_, 'b> {
    /// Reads a value, of which a node tells what is wanted of it. `levels`: how many more may be inside.
    fn value(&mut self, node: Option<usize>, levels: usize) -> Option<()> {
        let first = self.scanner.next_byte()?;
        let start = self.scanner.at;
        let is_escaped = match first {
            b'{' => self.object(node, levels.checked_sub(1)?).map(|()| false)?,
            b'[' => self.array(node, start, levels.checked_sub(1)?).map(|()| false)?,
            b'n' => return self.scanner.scalar().map(|_| ()),
            _ => self.scanner.scalar()?,
        };
        let Some(node) = node else { return Some(()) };
        let wanted = self.picks.node(node);
        if wanted.slots.is_empty() {
            return Some(());
        }
        let raw = &self.scanner.text[start..self.scanner.at];
        let value = match first {
            b'"' if is_escaped => unescape(raw).ok()?,
            b'"' => Cow::Borrowed(&raw[1..raw.len() - 1]),
            _ => Cow::Borrowed(raw),
        };
        let listed = if first == b'[' { bytes_of(raw) } else { None };
        let is_nested = matches!(first, b'{' | b'[') && listed.is_none();
        let value = listed.map_or(value, Cow::Owned);
        let (last, others) = wanted.slots.split_last()?;
        for slot in others {
            self.put(*slot, value.clone(), is_nested);
        }
        self.put(*last, value, is_nested);
        Some(())
    }

    fn put(&mut self, slot: usize, value: Cow<'b, str>, is_nested: bool) {
        if is_nested {
            self.fields.set_nested(slot, value);
        } else {
            self.fields.set(slot, value);
        }
    }

    fn object(&mut self, node: Option<usize>, levels: usize) -> Option<()> {
        self.scanner.at += 1;
        let node = node.filter(|node| !self.picks.node(*node).children.is_empty());
        let object = if node.is_some() { self.fields.next_object() } else { 0 };
        if self.scanner.pass(b'}') {
            return Some(());
        }
        loop {
            if self.scanner.next_byte()? != b'"' {
                return None;
            }
            let start = self.scanner.at;
            let is_escaped = self.scanner.string()?;
            let child = match node {
                Some(node) => {
                    self.child(node, &self.scanner.text[start..self.scanner.at], is_escaped)
                }
                None => None,
            };
            if !self.scanner.pass(b':')
                || child.is_some_and(|child| !self.fields.first_meeting(child, object))
            {
                return None;
            }
            self.value(child, levels)?;
            if !self.scanner.pass(b',') {
                return self.scanner.pass(b'}').then_some(());
            }
        }
    }

    /// The node below `node` under a key. A key that is not valid text equals no pointer.
    fn child(&self, node: usize, quoted: &str, is_escaped: bool) -> Option<usize> {
        if is_escaped {
            return self.picks.child(node, &unescape(quoted).ok()?);
        }
        self.picks.child(node, &quoted[1..quoted.len() - 1])
    }

    fn array(&mut self, node: Option<usize>, start: usize, levels: usize) -> Option<()> {
        self.scanner.any_array(levels)?;
        // Few lists are wanted, and their elements may be wanted by several names.
        let Some(node) = node.filter(|node| self.picks.node(*node).goes_on()) else {
            return Some(());
        };
        let text = self.scanner.text;
        let mut cursor = Cursor::new(&text[start..self.scanner.at]);
        fill_array(&mut cursor, self.picks, node, self.fields).ok()
    }
}
