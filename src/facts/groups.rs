/*! `GROUP BY`: a value for each key, in the order in which the keys were first seen. */

use std::collections::HashMap;
use std::hash::Hash;

/// Groups, in the order of their first rows.
pub(super) struct Groups<K, V> {
    places: HashMap<K, usize>,
    in_order: Vec<(K, V)>,
    /// The place of the group that was asked for last: rows that are alike often follow each other.
    latest: usize,
}

impl<K, V> Default for Groups<K, V> {
    fn default() -> Self {
        Self { places: HashMap::new(), in_order: Vec::new(), latest: 0 }
    }
}

impl<K: Copy + Eq + Hash, V: Default> Groups<K, V> {
    /// The group of a key, which is empty at first.
    pub(super) fn of(&mut self, key: K) -> &mut V {
        if self.in_order.get(self.latest).is_none_or(|(latest, _)| *latest != key) {
            self.latest = *self.places.entry(key).or_insert(self.in_order.len());
            if self.latest == self.in_order.len() {
                self.in_order.push((key, V::default()));
            }
        }
        &mut self.in_order[self.latest].1
    }

    /// The group of a key, if there is one.
    pub(super) fn get(&self, key: K) -> Option<&V> {
        self.places.get(&key).map(|place| &self.in_order[*place].1)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.in_order.iter()
    }

    /// Makes a fact of each group.
    pub(super) fn facts<T>(self, fact: impl FnMut((K, V)) -> T) -> Vec<T> {
        self.in_order.into_iter().map(fact).collect()
    }
}
