/*! A table of keys that is asked for each key of each record, and mostly has not the one that is asked for. */

/// Keys and their nodes, by open addressing: places follow from the length and the outer bytes of a key.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyTable {
    keys: Vec<(u64, String, usize)>,
    /// For each place the number of the key there, counted from 1; 0: none. Their number is a power of two.
    places: Vec<u16>,
}

impl KeyTable {
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The node of a key.
    pub(super) fn get(&self, key: &str) -> Option<usize> {
        let brief = brief(key.as_bytes());
        let mut place = self.first_place(brief)?;
        loop {
            let number = self.places[place];
            let (known_brief, known, node) = &self.keys[usize::from(number).checked_sub(1)?];
            if *known_brief == brief && known == key {
                return Some(*node);
            }
            place = (place + 1) & (self.places.len() - 1);
        }
    }

    /// Adds a key that is not there yet.
    pub(super) fn add(&mut self, key: String, node: usize) {
        self.keys.push((brief(key.as_bytes()), key, node));
        if self.keys.len() * 4 > self.places.len() {
            self.places = vec![0; (self.keys.len() * 8).next_power_of_two()];
            (0..self.keys.len()).for_each(|position| self.take_place(position));
        } else {
            self.take_place(self.keys.len() - 1);
        }
    }

    fn take_place(&mut self, position: usize) {
        let Some(mut place) = self.first_place(self.keys[position].0) else { return };
        while self.places[place] > 0 {
            place = (place + 1) & (self.places.len() - 1);
        }
        self.places[place] = u16::try_from(position + 1).expect("fewer names than 2^16");
    }

    fn first_place(&self, brief: u64) -> Option<usize> {
        let bits = self.places.len().checked_ilog2()?;
        usize::try_from(brief.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - bits)).ok()
    }
}

/// A number that tells most keys apart, and is compared faster than they are.
fn brief(key: &[u8]) -> u64 {
    let length = u64::try_from(key.len()).unwrap_or(u64::MAX).rotate_right(8);
    let outer = match (key.first_chunk::<4>(), key.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        _ => key.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)),
    };
    outer ^ length
}

#[cfg(test)]
mod tests {
    use super::KeyTable;

    #[test]
    fn each_key_has_its_node_and_no_other_has_one() {
        let mut table = KeyTable::default();
        assert_eq!(table.get("ts"), None);
        let keys: Vec<String> = (0..500).map(|number| format!("key{number}")).collect();
        for (node, key) in keys.iter().enumerate() {
            table.add(key.clone(), node);
        }
        table.add(String::new(), 900);
        for (node, key) in keys.iter().enumerate() {
            assert_eq!(table.get(key), Some(node));
        }
        // Equal in length and in the outer bytes.
        table.add("abcdXefgh".to_owned(), 1000);
        assert_eq!((table.get("abcdXefgh"), table.get("abcdYefgh")), (Some(1000), None));
        assert_eq!((table.get(""), table.get("key500"), table.get("key")), (Some(900), None, None));
    }
}
