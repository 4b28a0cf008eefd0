/*! Remarks that say the same of many things. */

use std::collections::BTreeMap;

use super::count;

/// The first of those things of which the same is said, and how many they are. What differs in its numbers alone is the
/// same.
pub fn alike<T>(things: impl IntoIterator<Item = T>, said: impl Fn(&T) -> &str) -> Vec<(T, usize)> {
    let mut groups: Vec<(T, usize)> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for thing in things {
        let next = groups.len();
        let group = *known.entry(without_numbers(said(&thing))).or_insert(next);
        if group == next {
            groups.push((thing, 0));
        }
        groups[group].1 += 1;
    }
    groups
}

/// `18 inputs, the first `, before the name of the first of them; nothing before that of one alone.
pub fn first_of(n: usize, noun: &str) -> String {
    match n {
        1 => String::new(),
        _ => format!("{}, the first ", count(n, noun)),
    }
}

fn without_numbers(text: &str) -> String {
    text.split(|sign: char| sign.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("#")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_in_numbers_alone_is_said_once() {
        let said =
            ["none of its 204 records", "cut at 17", "none of its 9 records", "cut at the end"];
        let groups = alike(said, |said| *said);
        assert_eq!(
            groups,
            [("none of its 204 records", 2), ("cut at 17", 1), ("cut at the end", 1)]
        );
    }
}
