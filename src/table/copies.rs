/*! Inputs that are copies of others: all their records are duplicates. */

use std::collections::BTreeMap;

use crate::model::{InputId, Timestamp};
use crate::scan::Part;

/// Bytes by their digest, the source that reads them, and the times that they tell.
type ReadBytes<'p> = (&'p str, Option<usize>, Option<(Timestamp, Timestamp)>);

/// For each input that has the same bytes as an earlier one and is read by the same source, that one. But not where the
/// same bytes tell of another time, since only the path of the file has the time.
pub(super) fn originals(parts: &[Part]) -> BTreeMap<InputId, InputId> {
    let mut earlier: BTreeMap<ReadBytes<'_>, InputId> = BTreeMap::new();
    let mut originals = BTreeMap::new();
    for part in parts.iter().filter(|part| part.bytes > 0) {
        let Some(digest) = part.digest.as_deref() else { continue };
        match earlier.get(&(digest, part.source, part.span)) {
            Some(original) => {
                originals.insert(part.input, *original);
            }
            None => {
                earlier.insert((digest, part.source, part.span), part.input);
            }
        }
    }
    originals
}

/// Takes the streams off each copy that lies next to its original under a name like it: its records are those of the
/// original, and it is no log of its own that ends where the original goes on. Returns these copies with their
/// originals.
///
/// Files of other names stay: two nodes may have written the same.
pub(super) fn without_streams(
    parts: &mut [Part],
    originals: &BTreeMap<InputId, InputId>,
) -> BTreeMap<InputId, InputId> {
    let paths: BTreeMap<InputId, String> =
        parts.iter().map(|part| (part.input, part.path.clone())).collect();
    let is_named_alike =
        |copy: &InputId, original: &InputId| are_alike(&paths[copy], &paths[original]);
    let copies: BTreeMap<InputId, InputId> = originals
        .iter()
        .filter(|(copy, original)| is_named_alike(copy, original))
        .map(|(copy, original)| (*copy, *original))
        .collect();
    for part in parts.iter_mut().filter(|part| copies.contains_key(&part.input)) {
        part.pulses.clear();
        part.claims.clear();
        part.max_gaps.clear();
        part.with_others.clear();
        part.within.clear();
        part.presence.0.clear();
    }
    copies
}

/// Are these files of one folder, and does the name of one hold that of the other as whole words?
fn are_alike(one: &str, other: &str) -> bool {
    fn split(path: &str) -> (&str, &str) {
        let at = path.rfind(['/', '\\', '!']).map_or(0, |at| at + 1);
        path.split_at(at)
    }
    let ((folder, name), (other_folder, other_name)) = (split(one), split(other));
    folder == other_folder && (holds(name, other_name) || holds(other_name, name))
}

fn holds(name: &str, other: &str) -> bool {
    let stem = other.split('.').next().unwrap_or_default();
    let is_end = |next: Option<char>| next.is_none_or(|next| !next.is_alphanumeric());
    !stem.is_empty()
        && name.match_indices(stem).any(|(at, _)| {
            is_end(name[..at].chars().next_back()) && is_end(name[at + stem.len()..].chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::are_alike;

    #[test]
    fn a_copy_has_the_name_of_its_original_in_its_own() {
        for (one, other) in [
            ("a/app-20260301.log", "a/copy-of-app-20260301.log"),
            ("a/app.log", "a/app (1).log"),
            ("a/app - Copy.log", "a/app.log"),
            ("app.jsonl.gz", "app_backup.jsonl.gz"),
        ] {
            assert!(are_alike(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("a/node-a.log", "a/node-b.log"),
            ("a/app.log", "b/app.log"),
            ("a/web1.log", "a/web10.log"),
            (".log", "app.log"),
        ] {
            assert!(!are_alike(one, other), "{one} {other}");
        }
    }
}
