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
    /// The node of `*`: every element of an array.
    pub(super) every: Option<usize>,
    /// The nodes of `{key=value}`: the elements of an array whose key is that value.
    pub(super) chosen: Vec<(String, String, usize)>,
}

impl Node {
    /// Is anything below it wanted?
    pub(super) fn goes_on(&self) -> bool {
        !self.children.is_empty() || self.every.is_some() || !self.chosen.is_empty()
    }
}

impl Picks {
    /// The root: the record itself.
    pub(super) const ROOT: usize = 0;

    /// Compiles JSON Pointers; the slot of each is its position. One that starts without `/` never matches; the empty one is the whole record.
    pub fn new(pointers: &[String]) -> Self {
        Self::of(pointers.len(), pointers.iter().map(String::as_str).enumerate())
    }

    /// Compiles some of a number of slots; the others stay empty.
    pub fn of<'p>(slots: usize, pointers: impl IntoIterator<Item = (usize, &'p str)>) -> Self {
        let mut picks = Self { slots, nodes: vec![Node::default()] };
        for (slot, pointer) in pointers {
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
        self.nodes[Self::ROOT].slots.is_empty() && !self.nodes[Self::ROOT].goes_on()
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

    #[expect(
        clippy::needless_pass_by_value,
        reason = "a value is given away, to as many slots as want it"
    )]
    /// Puts a value that stands under these names, from the top of the record, into its slots; false: it stands there twice.
    pub(super) fn put<'b>(
        &self,
        names: &[&str],
        value: Cow<'b, str>,
        fields: &mut Fields<'b>,
    ) -> bool {
        let node = names.iter().try_fold(Self::ROOT, |node, name| self.child(node, name));
        let Some(node) = node else { return true };
        if !fields.first_meeting(node, 0) {
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
                let mut all = self.nodes[node].chosen.iter();
                all.find(|one| one.0 == key && one.1 == value).map(|one| one.2)
            }
            (key, None) => self.child(node, key),
        };
        if let Some(known) = known {
            return known;
        }
        self.nodes.push(Node::default());
        let own = &mut self.nodes[node];
        match (step.as_str(), chosen) {
            ("*", _) => own.every = Some(next),
            (_, Some((key, value))) => own.chosen.push((key.to_owned(), value.to_owned(), next)),
            (_, None) => {
                let at = own.children.partition_point(|(key, _)| *key < step);
                own.children.insert(at, (step, next));
            }
        }
        next
    }
}

/// The values of one record's picked fields.
#[derive(Clone, Debug, Default)]
pub struct Fields<'b> {
    slots: Vec<Option<Cow<'b, str>>>,
    /// Is the value of the slot an array or object, as raw JSON?
    nested: Vec<bool>,
    /// Further values of slots that `*` fills more than once.
    more: Vec<(usize, Cow<'b, str>)>,
    /// For each node, the object in which it was met last.
    seen: Vec<u32>,
    /// The number of the object that is being read.
    object: u32,
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

    /// The values of a slot that are texts, numbers or truth values: of a pointer with `*`, all of them.
    pub fn values(&self, slot: usize) -> impl Iterator<Item = &str> {
        let more = self.more.iter().filter(move |(of, _)| *of == slot);
        self.scalar(slot).into_iter().chain(more.map(|(_, value)| value.as_ref()))
    }

    /// All values of a slot that are texts, numbers or truth values, also where it holds a list of them.
    pub fn scalars(&self, slot: usize) -> impl Iterator<Item = Cow<'_, str>> {
        let more = self.more.iter().filter(move |(of, _)| *of == slot);
        let own = self.scalar(slot).map(Cow::Borrowed).into_iter().chain(self.elements(slot));
        own.chain(more.map(|(_, value)| Cow::Borrowed(value.as_ref())))
    }

    /// The texts, numbers and truth values of the array in a slot.
    fn elements(&self, slot: usize) -> Vec<Cow<'_, str>> {
        let nested = self.get(slot).filter(|_| self.nested[slot]);
        let all: Vec<&RawValue> =
            nested.and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or_default();
        let scalar = |raw: &RawValue| match raw.get().as_bytes().first() {
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

    /// Puts a value into a slot; a further one of the same slot is kept beside it.
    pub fn set(&mut self, slot: usize, value: Cow<'b, str>) {
        if self.slots[slot].is_some() {
            self.more.push((slot, value));
        } else {
            self.slots[slot] = Some(value);
        }
    }

    /// Puts an array or object into a slot, as raw JSON.
    pub fn set_nested(&mut self, slot: usize, value: Cow<'b, str>) {
        if self.slots[slot].is_none() {
            self.slots[slot] = Some(value);
            self.nested[slot] = true;
        }
    }

    /// The same memory, empty, for the next record.
    #[must_use]
    pub fn recycle<'n>(self) -> Fields<'n> {
        let slots = self.slots.into_iter().map(|_| None).collect();
        let (nested, seen, object) = (self.nested, self.seen, self.object);
        Fields { slots, nested, more: Vec::new(), seen, object }
    }

    /// Empties the slots and makes one for each pick.
    pub fn reset(&mut self, picks: &Picks) {
        self.slots.clear();
        self.slots.resize(picks.slots, None);
        self.nested.clear();
        self.nested.resize(picks.slots, false);
        self.more.clear();
        self.seen.clear();
        self.seen.resize(picks.nodes.len(), 0);
        self.object = 0;
    }

    /// Before the keys of another tree are read into the same slots.
    pub(super) fn go_on_with(&mut self, picks: &Picks) {
        self.seen.clear();
        self.seen.resize(picks.nodes.len(), 0);
        self.object = 0;
    }

    /// The number of an object whose keys are about to be read.
    pub(super) fn next_object(&mut self) -> u32 {
        self.object += 1;
        self.object
    }

    /// Marks a node as met in that object; false if it was met in it before.
    pub(super) fn first_meeting(&mut self, node: usize, object: u32) -> bool {
        std::mem::replace(&mut self.seen[node], object + 1) != object + 1
    }
}
