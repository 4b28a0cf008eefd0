/*! Which fields are wanted, as a tree of JSON Pointers, and the slots they are put in. */

use std::borrow::Cow;

use serde_json::value::RawValue;

/// The fields that are wanted, compiled once for all records.
#[derive(Clone, Debug)]
pub struct Picks {
    slots: usize,
    nodes: Vec<Node>,
}

/// One step of the pointers: what stands here and what lies below.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// The slots of the pointers that end here.
    pub(super) slots: Vec<usize>,
    /// Object keys (or array indexes) and their nodes, sorted by key.
    pub(super) children: Vec<(String, usize)>,
}

impl Picks {
    /// The root: the record itself.
    pub(super) const ROOT: usize = 0;

    /// Compiles JSON Pointers; the slot of each is its position. One that starts without `/` never matches; the empty one is the whole record.
    pub fn new(pointers: &[String]) -> Self {
        let mut picks = Self { slots: pointers.len(), nodes: vec![Node::default()] };
        for (slot, pointer) in pointers.iter().enumerate() {
            match pointer.strip_prefix('/') {
                Some(steps) => picks.insert(slot, steps.split('/')),
                None if pointer.is_empty() => picks.nodes[Self::ROOT].slots.push(slot),
                None => {}
            }
        }
        picks
    }

    /// How many slots there are.
    pub fn len(&self) -> usize {
        self.slots
    }

    /// Is nothing wanted?
    pub fn is_empty(&self) -> bool {
        self.slots == 0
    }

    pub(super) fn node(&self, node: usize) -> &Node {
        &self.nodes[node]
    }

    /// The node below `node` that the key or index leads to.
    pub(super) fn child(&self, node: usize, step: &str) -> Option<usize> {
        let children = &self.nodes[node].children;
        let found = children.binary_search_by(|(key, _)| key.as_str().cmp(step)).ok()?;
        Some(children[found].1)
    }

    fn insert<'p>(&mut self, slot: usize, steps: impl Iterator<Item = &'p str>) {
        let mut node = Self::ROOT;
        for step in steps {
            let step = step.replace("~1", "/").replace("~0", "~");
            let found = self.nodes[node].children.binary_search_by(|(key, _)| key.cmp(&step));
            node = match found {
                Ok(position) => self.nodes[node].children[position].1,
                Err(position) => {
                    let next = self.nodes.len();
                    self.nodes.push(Node::default());
                    self.nodes[node].children.insert(position, (step, next));
                    next
                }
            };
        }
        self.nodes[node].slots.push(slot);
    }
}

/// The values of one record's picked fields.
#[derive(Clone, Debug, Default)]
pub struct Fields<'b> {
    slots: Vec<Option<Cow<'b, str>>>,
    /// Is the value of the slot an array or object, as raw JSON?
    nested: Vec<bool>,
    seen: Vec<bool>,
}

impl<'b> Fields<'b> {
    /// Empty slots.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a slot; none where the record has no such field, or null.
    pub fn get(&self, slot: usize) -> Option<&str> {
        self.slots.get(slot)?.as_deref()
    }

    /// The value of a slot, if it is a text, a number or a truth value.
    pub fn scalar(&self, slot: usize) -> Option<&str> {
        self.get(slot).filter(|_| !self.nested[slot])
    }

    /// The texts, numbers and truth values of the array in a slot.
    pub fn elements(&self, slot: usize) -> Vec<Cow<'_, str>> {
        let nested = self.get(slot).filter(|_| self.nested[slot]);
        let all: Vec<&RawValue> =
            nested.and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or_default();
        let scalar = |raw: &'_ RawValue| match raw.get().as_bytes().first() {
            Some(b'"') => serde_json::from_str(raw.get()).ok().map(Cow::Owned),
            Some(b'{' | b'[' | b'n') | None => None,
            Some(_) => Some(Cow::Owned(raw.get().to_owned())),
        };
        all.into_iter().filter_map(scalar).collect()
    }

    /// All slots.
    pub fn slots(&self) -> &[Option<Cow<'b, str>>] {
        &self.slots
    }

    /// Puts a value into a slot.
    pub fn set(&mut self, slot: usize, value: Cow<'b, str>) {
        self.slots[slot] = Some(value);
        self.nested[slot] = false;
    }

    /// Puts an array or object into a slot, as raw JSON.
    pub fn set_nested(&mut self, slot: usize, value: Cow<'b, str>) {
        self.slots[slot] = Some(value);
        self.nested[slot] = true;
    }

    /// The same memory, empty, for the next record.
    #[must_use]
    pub fn recycle<'n>(self) -> Fields<'n> {
        let slots = self.slots.into_iter().map(|_| None).collect();
        Fields { slots, nested: self.nested, seen: self.seen }
    }

    /// Empties the slots and makes one for each pick.
    pub fn reset(&mut self, picks: &Picks) {
        self.slots.clear();
        self.slots.resize(picks.slots, None);
        self.nested.clear();
        self.nested.resize(picks.slots, false);
        self.seen.clear();
        self.seen.resize(picks.nodes.len(), false);
    }

    /// Marks a node as met in this record; false if it was met before.
    pub(super) fn first_meeting(&mut self, node: usize) -> bool {
        !std::mem::replace(&mut self.seen[node], true)
    }
}
