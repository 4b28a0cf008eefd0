/*! The wanted fields, as a tree of JSON Pointers, and the slots that receive them. */

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::key_table::KeyTable;
use super::slot_set::SlotSet;

/// The fields that are wanted, compiled once for all records.
#[derive(Clone, Debug)]
pub struct Picks {
    slots: usize,
    nodes: Vec<PickNode>,
}

/// One step of the pointers: those that end here, and the next steps.
#[derive(Clone, Debug, Default)]
pub(super) struct PickNode {
    /// The slots of the pointers that end here.
    pub(super) slots: Vec<usize>,
    /// Object keys (or array indexes) and their nodes.
    pub(super) children: KeyTable,
    /// The node of `*`: every element of an array.
    pub(super) every: Option<usize>,
    /// The nodes of `{key=value}`: the elements of an array whose key is that value.
    pub(super) chosen: Vec<(String, String, usize)>,
}

impl PickNode {
    /// Whether a pointer continues below it.
    pub(super) fn goes_on(&self) -> bool {
        !self.children.is_empty() || self.every.is_some() || !self.chosen.is_empty()
    }
}

impl Picks {
    /// The root: the record itself.
    pub(super) const ROOT: usize = 0;

    /// Compiles JSON Pointers. The slot of each is its position. A pointer without a leading `/` never matches; the
    /// empty pointer is the whole record.
    pub fn new(pointers: &[String]) -> Self {
        Self::of(pointers.len(), pointers.iter().map(String::as_str).enumerate())
    }

    /// Compiles pointers for some of the slots. The others stay empty.
    pub fn of<'p>(slots: usize, pointers: impl IntoIterator<Item = (usize, &'p str)>) -> Self {
        let mut picks = Self { slots, nodes: vec![PickNode::default()] };
        for (slot, pointer) in pointers {
            picks.add(slot, pointer);
        }
        picks
    }

    fn add(&mut self, slot: usize, pointer: &str) {
        match pointer.strip_prefix('/') {
            Some(steps) => self.insert(slot, steps.split('/')),
            None if pointer.is_empty() => self.nodes[Self::ROOT].slots.push(slot),
            None => {}
        }
    }

    /// These fields and further ones, whose slots come after those of these.
    #[must_use]
    pub fn and(&self, further: &[String]) -> Self {
        let mut picks = Self { slots: self.slots + further.len(), nodes: self.nodes.clone() };
        for (slot, pointer) in (self.slots..).zip(further) {
            picks.add(slot, pointer);
        }
        picks
    }

    /// How many slots there are.
    pub fn len(&self) -> usize {
        self.slots
    }

    /// Whether no field is wanted.
    pub fn is_empty(&self) -> bool {
        self.nodes[Self::ROOT].slots.is_empty() && !self.nodes[Self::ROOT].goes_on()
    }

    pub(super) fn node(&self, node: usize) -> &PickNode {
        &self.nodes[node]
    }

    /// The node below `node` under a key or index.
    pub(super) fn child(&self, node: usize, step: &str) -> Option<usize> {
        self.nodes[node].children.get(step)
    }

    /// The slots of a field at the top of the record.
    pub fn slots_of(&self, name: &str) -> &[usize] {
        self.child(Self::ROOT, name).map_or(&[], |node| self.node(node).slots.as_slice())
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "the value is given away, to each slot that wants it"
    )]
    /// Puts the value under these names, from the top of the record, into its slots; `false` if the record has it
    /// twice.
    pub(super) fn put<'b>(
        &self,
        names: &[&str],
        value: Cow<'b, str>,
        fields: &mut Fields<'b>,
    ) -> bool {
        let node = names.iter().try_fold(Self::ROOT, |node, name| self.child(node, name));
        let Some(node) = node else { return true };
        if !fields.first_meeting(node, fields.record) {
            return false;
        }
        for slot in &self.nodes[node].slots {
            fields.set(*slot, value.clone());
        }
        true
    }

    fn insert<'p>(&mut self, slot: usize, steps: impl Iterator<Item = &'p str>) {
        let mut node = Self::ROOT;
        for step in steps {
            let step = step.replace("~1", "/").replace("~0", "~");
            node = self.below(node, step);
        }
        self.nodes[node].slots.push(slot);
    }

    fn below(&mut self, node: usize, step: String) -> usize {
        let next = self.nodes.len();
        let chosen =
            step.strip_prefix('{').and_then(|inside| inside.strip_suffix('}')?.split_once('='));
        let known = match (step.as_str(), chosen) {
            ("*", _) => self.nodes[node].every,
            (_, Some((key, value))) => {
                let mut chosen = self.nodes[node].chosen.iter();
                chosen.find(|known| known.0 == key && known.1 == value).map(|known| known.2)
            }
            (key, None) => self.child(node, key),
        };
        if let Some(known) = known {
            return known;
        }
        self.nodes.push(PickNode::default());
        let node = &mut self.nodes[node];
        match (step.as_str(), chosen) {
            ("*", _) => node.every = Some(next),
            (_, Some((key, value))) => node.chosen.push((key.to_owned(), value.to_owned(), next)),
            (_, None) => node.children.add(step, next),
        }
        next
    }
}

/// The values of one record's picked fields. A record fills few of the slots that all names together have, so only
/// the filled ones cost anything from record to record.
#[derive(Clone, Debug, Default)]
pub struct Fields<'b> {
    /// For each slot the number of its value, counted from 1; 0: it has none.
    slots: Vec<u32>,
    values: Vec<Value<'b>>,
    /// The slots that have one.
    filled: SlotSet,
    /// Further values of slots that `*` fills more than once.
    more: Vec<(usize, Cow<'b, str>)>,
    /// For each node, the object in which it was last found.
    seen: Vec<u32>,
    /// The number of the object that is being read.
    object: u32,
    /// The number of the record as an object.
    record: u32,
}

/// The first value of a slot.
#[derive(Clone, Debug)]
struct Value<'b> {
    slot: usize,
    text: Cow<'b, str>,
    /// An array or object, as raw JSON.
    is_nested: bool,
}

impl<'b> Fields<'b> {
    /// Empty slots.
    pub fn new() -> Self {
        Self::default()
    }

    fn value(&self, slot: usize) -> Option<&Value<'b>> {
        let number = self.slots.get(slot)?.checked_sub(1)?;
        self.values.get(number as usize)
    }

    /// The value of a slot; `None` if the record has no such field, or null.
    pub fn get(&self, slot: usize) -> Option<&str> {
        self.value(slot).map(|value| value.text.as_ref())
    }

    /// The value of a slot, if it is a text, a number or a boolean.
    pub fn scalar(&self, slot: usize) -> Option<&str> {
        self.value(slot).filter(|value| !value.is_nested).map(|value| value.text.as_ref())
    }

    /// The values of a slot that are texts, numbers or booleans. A pointer with `*` may have several.
    pub fn values(&self, slot: usize) -> impl Iterator<Item = &str> {
        let more = self.more.iter().filter(move |(of, _)| *of == slot);
        self.scalar(slot).into_iter().chain(more.map(|(_, value)| value.as_ref()))
    }

    /// Like `values`, with the elements of a list.
    pub fn scalars(&self, slot: usize) -> impl Iterator<Item = Cow<'_, str>> {
        let more = self.more.iter().filter(move |(of, _)| *of == slot);
        let first = self.scalar(slot).map(Cow::Borrowed).into_iter().chain(self.elements(slot));
        first.chain(more.map(|(_, value)| Cow::Borrowed(value.as_ref())))
    }

    /// The texts, numbers and booleans of the array in a slot.
    fn elements(&self, slot: usize) -> Vec<Cow<'_, str>> {
        let nested = self.value(slot).filter(|value| value.is_nested);
        let elements: Vec<&RawValue> =
            nested.and_then(|raw| serde_json::from_str(&raw.text).ok()).unwrap_or_default();
        let scalar = |raw: &RawValue| match raw.get().as_bytes().first() {
            Some(b'"') => serde_json::from_str(raw.get()).ok().map(Cow::Owned),
            Some(b'{' | b'[' | b'n') | None => None,
            Some(_) => Some(Cow::Owned(raw.get().to_owned())),
        };
        elements.into_iter().filter_map(scalar).collect()
    }

    /// The slots from `first` on that have a value, counted from there.
    pub fn filled_from(&self, first: usize) -> impl Iterator<Item = usize> {
        self.values.iter().filter_map(move |value| value.slot.checked_sub(first))
    }

    /// All values with their slots, in the order of these, and whether each is an array or object.
    pub fn all(&self) -> impl Iterator<Item = (usize, &str, bool)> {
        let first = self.filled.iter().filter_map(|slot| self.value(slot));
        let first = first.map(|value| (value.slot, value.text.as_ref(), value.is_nested));
        first.chain(self.more.iter().map(|(slot, text)| (*slot, text.as_ref(), false)))
    }

    /// Whether one of these slots has a value.
    pub fn has_any(&self, slots: &SlotSet) -> bool {
        slots.meets(&self.filled)
    }

    /// Whether a slot has a value.
    pub fn is_filled(&self, slot: usize) -> bool {
        self.slots.get(slot).is_some_and(|number| *number > 0)
    }

    /// How many slots have a value.
    pub fn filled(&self) -> usize {
        self.values.len()
    }

    /// Puts a value into a slot. Further values of the slot are kept too.
    pub fn set(&mut self, slot: usize, value: Cow<'b, str>) {
        if self.slots[slot] > 0 {
            self.more.push((slot, value));
        } else {
            self.fill(Value { slot, text: value, is_nested: false });
        }
    }

    /// Puts an array or object into a slot, as raw JSON.
    pub fn set_nested(&mut self, slot: usize, value: Cow<'b, str>) {
        if self.slots[slot] == 0 {
            self.fill(Value { slot, text: value, is_nested: true });
        }
    }

    fn fill(&mut self, value: Value<'b>) {
        let slot = value.slot;
        self.values.push(value);
        self.filled.add(slot);
        self.slots[slot] = u32::try_from(self.values.len()).expect("fewer slots than 2^32");
    }

    /// The same memory, emptied for the next record.
    #[must_use]
    pub fn recycle<'n>(mut self) -> Fields<'n> {
        self.empty();
        let Self { slots, values, filled, seen, object, record, .. } = self;
        // There is none left; this only forgets the record that they were borrowed from.
        let values = values.into_iter().map_while(|_| None).collect();
        Fields { slots, values, filled, more: Vec::new(), seen, object, record }
    }

    fn empty(&mut self) {
        for value in self.values.drain(..) {
            self.slots[value.slot] = 0;
        }
        self.filled.empty();
        self.more.clear();
    }

    /// Empties the slots and makes one for each pick.
    pub fn reset(&mut self, picks: &Picks) {
        self.empty();
        self.slots.resize(picks.slots, 0);
        self.go_on_with(picks);
        self.record = self.next_object();
    }

    /// Prepares for the keys of another tree, read into the same slots.
    pub(super) fn go_on_with(&mut self, picks: &Picks) {
        if self.seen.len() < picks.nodes.len() {
            self.seen.resize(picks.nodes.len(), 0);
        }
        // Numbers that were given away stay valid, unless there may soon be no more of them.
        if self.object > u32::MAX / 2 {
            self.seen.fill(0);
            self.object = 0;
        }
    }

    /// Numbers the object whose keys are read next.
    pub(super) fn next_object(&mut self) -> u32 {
        self.object += 1;
        self.object
    }

    /// Marks a node as found in that object; `false` if it was found there before.
    pub(super) fn first_meeting(&mut self, node: usize, object: u32) -> bool {
        std::mem::replace(&mut self.seen[node], object) != object
    }
}
