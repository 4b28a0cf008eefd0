/*! Consumer classes for a first plan: each holder of the credential in one class, and no two classes that match one
 * holder.
 *
 * A consumer that names itself is one class. One that is known by its agent, its principal or nothing else is split by
 * what differs: principal, host, address. Where a match would take a holder of another class, it is narrowed; if it
 * cannot be, the two are one class.
 */

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::columns::Column;

use super::credential::{DiscoveredCredential, consumer};
use super::holder::{Holder, NAMED_BY, NamedConsumer};
use super::inputs::FoundInput;
use super::tally::Usage;

/// By more values than this no consumer is split: they are copies of one.
const SPLIT_MAX: usize = 8;
/// What a consumer that does not name itself is split by.
const SPLIT_BY: [Column; 3] = [Column::Principal, Column::HostName, Column::ClientAddress];
/// A shorter marker may be part of a name by chance.
const MARKER_MIN: usize = 4;

/// A match table: each of these columns has one of these values.
pub(super) type DraftMatch = BTreeMap<Column, BTreeSet<String>>;

/// A class of a first plan.
#[derive(Debug, Default)]
pub(super) struct DraftClass {
    /// What it is called in the exports.
    pub(super) name: String,
    /// Any of these.
    pub(super) matches: Vec<DraftMatch>,
    /// The inputs of which every record is of this class.
    pub(super) inputs: BTreeSet<usize>,
    pub(super) old: Usage,
    pub(super) new: Usage,
    holders: Vec<usize>,
}

impl DraftClass {
    pub(super) fn records(&self) -> u64 {
        self.old.records + self.new.records
    }

    fn fits(&self, held: &Held) -> bool {
        let in_input = self.inputs.contains(&held.holder.input);
        in_input || self.matches.iter().any(|entry| fits(entry, &held.holder))
    }

    fn absorb(&mut self, other: Self) {
        self.matches.extend(other.matches);
        self.inputs.extend(other.inputs);
        self.holders.extend(other.holders);
    }
}

fn fits(entry: &DraftMatch, holder: &Holder) -> bool {
    entry
        .iter()
        .all(|(column, values)| holder.name(*column).is_some_and(|name| values.contains(name)))
}

/// A holder of either version.
#[derive(Debug, Default)]
struct Held {
    holder: Holder,
    old: Usage,
    new: Usage,
}

/// The classes, the busiest first, and how many records are in none.
pub(super) fn classes(
    old: &DiscoveredCredential,
    new: Option<&DiscoveredCredential>,
    inputs: &[FoundInput],
) -> (Vec<DraftClass>, u64) {
    let held = holders(old, new);
    let named: BTreeSet<usize> = held
        .iter()
        .filter(|held| held.holder.first().is_some())
        .map(|held| held.holder.input)
        .collect();
    let mut groups: BTreeMap<NamedConsumer, Vec<usize>> = BTreeMap::new();
    let mut left = 0;
    for (position, held) in held.iter().enumerate() {
        // A file that somebody else is named in cannot be given to one class.
        if held.holder.first().is_none() && named.contains(&held.holder.input) {
            left += held.old.records + held.new.records;
            continue;
        }
        groups.entry(consumer(&held.holder, inputs)).or_default().push(position);
    }
    let mut classes = Vec::new();
    for (consumer, positions) in groups {
        let name = consumer.name;
        if let Some(column) = consumer.by {
            let entry = DraftMatch::from([(column, BTreeSet::from([name.clone()]))]);
            split(&held, (name, entry, positions), &mut classes);
        } else {
            let inputs = positions.iter().map(|at| held[*at].holder.input).collect();
            classes.push(DraftClass { name, inputs, holders: positions, ..Default::default() });
        }
    }
    make_disjoint(&mut classes, &held);
    for class in &mut classes {
        for at in &class.holders {
            class.old.join(held[*at].old.clone());
            class.new.join(held[*at].new.clone());
        }
    }
    classes.sort_by_key(|class| (Reverse(class.records()), class.name.clone()));
    (classes, left)
}

fn holders(old: &DiscoveredCredential, new: Option<&DiscoveredCredential>) -> Vec<Held> {
    let markers: Vec<&str> = [Some(old), new]
        .into_iter()
        .flatten()
        .flat_map(|credential| [credential.uid.as_str(), credential.marker.as_str()])
        .collect();
    let is_credential = |name: &str| {
        markers
            .iter()
            .any(|marker| name == *marker || marker.len() >= MARKER_MIN && name.contains(marker))
    };
    let mut held: BTreeMap<Holder, Held> = BTreeMap::new();
    let versions = [(true, Some(old)), (false, new)];
    for (is_old, credential) in versions.into_iter().filter_map(|(is, of)| Some((is, of?))) {
        for (holder, usage) in &credential.uses {
            let holder = holder.clone().without(&is_credential);
            let of = held.entry(holder.clone()).or_default();
            of.holder = holder;
            (if is_old { &mut of.old } else { &mut of.new }).join(usage.clone());
        }
    }
    held.into_values().collect()
}

type Group = (String, DraftMatch, Vec<usize>);

/// One class for the group, or one for each value of a column that tells its holders apart.
fn split(held: &[Held], (name, entry, positions): Group, out: &mut Vec<DraftClass>) {
    let is_named = entry.contains_key(&Column::ServiceName);
    let column = SPLIT_BY.iter().find(|column| {
        !is_named && !entry.contains_key(column) && tells_apart(held, &positions, **column)
    });
    let Some(column) = column else {
        let (matches, holders) = (vec![entry], positions);
        out.push(DraftClass { name, matches, holders, ..Default::default() });
        return;
    };
    let mut parts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in positions {
        parts.entry(held[at].holder.name(*column).unwrap_or_default()).or_default().push(at);
    }
    for (value, positions) in parts {
        let mut entry = entry.clone();
        entry.insert(*column, BTreeSet::from([value.to_owned()]));
        let short = value.rsplit(['/', ':']).find(|part| !part.is_empty()).unwrap_or(value);
        split(held, (format!("{name}-{short}"), entry, positions), out);
    }
}

/// Does every holder have a value, with few of them, and none that came with the new version? Hosts and addresses that
/// came with it may run what ran elsewhere before.
fn tells_apart(held: &[Held], positions: &[usize], column: Column) -> bool {
    let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
    for at in positions {
        let Held { holder, old, new } = &held[*at];
        let Some(value) = holder.name(column) else { return false };
        if old.records > 0 {
            before.insert(value);
        }
        if new.records > 0 {
            after.insert(value);
        }
    }
    let is_same = before.is_empty() || after.is_subset(&before);
    let values = before.union(&after).count();
    is_same && (2..=SPLIT_MAX).contains(&values)
}

/// Narrows or joins classes until each holder fits one.
fn make_disjoint(classes: &mut Vec<DraftClass>, held: &[Held]) {
    while let Some((home, other)) = conflict(classes, held) {
        if narrow(classes, other, held) {
            continue;
        }
        let (first, second) = (home.min(other), home.max(other));
        // The one that names itself keeps its name.
        let name = classes[home].name.clone();
        let absorbed = classes.remove(second);
        classes[first].absorb(absorbed);
        classes[first].name = name;
    }
}

/// A class that fits a holder of another one: the class of the holder, and the one that fits it, too.
fn conflict(classes: &[DraftClass], held: &[Held]) -> Option<(usize, usize)> {
    for (home, class) in classes.iter().enumerate() {
        for at in &class.holders {
            let fits = |(position, other): &(usize, &DraftClass)| {
                *position != home && other.fits(&held[*at])
            };
            if let Some((other, _)) = classes.iter().enumerate().find(fits) {
                return Some((home, other));
            }
        }
    }
    None
}

/// Adds a column to the match of a class that all its holders have and no holder of others that it fits.
fn narrow(classes: &mut [DraftClass], at: usize, held: &[Held]) -> bool {
    let class = &classes[at];
    let [entry] = class.matches.as_slice() else { return false };
    let foreign: Vec<&Held> = (0..held.len())
        .filter(|position| !class.holders.contains(position))
        .map(|position| &held[position])
        .filter(|held| fits(entry, &held.holder))
        .collect();
    for column in NAMED_BY.iter().filter(|column| !entry.contains_key(column)) {
        let own: Option<BTreeSet<String>> = class
            .holders
            .iter()
            .map(|position| held[*position].holder.name(*column).map(str::to_owned))
            .collect();
        let Some(own) = own.filter(|own| (1..=SPLIT_MAX).contains(&own.len())) else { continue };
        let is_apart =
            |held: &&Held| held.holder.name(*column).is_none_or(|name| !own.contains(name));
        if foreign.iter().all(is_apart) {
            classes[at].matches[0].insert(*column, own);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::tests::credential;

    fn service(name: &str) -> Holder {
        Holder::named(Column::ServiceName, name)
    }

    fn shown(classes: &[DraftClass]) -> Vec<(String, Vec<String>)> {
        let value = |(column, values): (&Column, &BTreeSet<String>)| {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            format!("{}={}", column.name(), values.join("|"))
        };
        let entry = |entry: &DraftMatch| entry.iter().map(value).collect::<Vec<_>>().join(" ");
        let class =
            |class: &DraftClass| (class.name.clone(), class.matches.iter().map(entry).collect());
        classes.iter().map(class).collect()
    }

    #[test]
    fn no_class_matches_the_credential_itself() {
        let holder = Holder::named(Column::Principal, "app_old").and(Column::HostName, "db-1");
        let old = credential("app_old", &[(holder, &[0, 1])]);
        let (classes, left) = classes(&old, None, &[]);
        assert_eq!(shown(&classes), [("db-1".to_owned(), vec!["host_name=db-1".to_owned()])]);
        assert_eq!(left, 0);
    }

    #[test]
    fn an_agent_is_split_by_the_addresses_it_had_before() {
        let agent = |address: &str| {
            Holder::named(Column::UserAgent, "curl").and(Column::ClientAddress, address)
        };
        let uses: &[(Holder, &[i64])] = &[(agent("10.0.0.1"), &[0]), (agent("10.0.0.2"), &[1])];
        let (split, _) = classes(&credential("k1", uses), None, &[]);
        let names: Vec<&str> = split.iter().map(|class| class.name.as_str()).collect();
        assert_eq!(names, ["curl-10.0.0.1", "curl-10.0.0.2"]);
        // The new version comes from another address: it may be the same consumer.
        let new = credential("k2", &[(agent("10.0.0.3"), &[5])]);
        let (joined, _) = classes(&credential("k1", uses), Some(&new), &[]);
        assert_eq!(shown(&joined), [("curl".to_owned(), vec!["user_agent=curl".to_owned()])]);
    }

    #[test]
    fn a_match_that_takes_a_foreign_holder_is_narrowed_or_the_two_are_one() {
        let agent = || Holder::named(Column::UserAgent, "curl");
        let web = || service("web").and(Column::UserAgent, "curl");
        let told_apart: &[(Holder, &[i64])] =
            &[(web().and(Column::HostName, "a"), &[0]), (agent().and(Column::HostName, "b"), &[1])];
        let (narrowed, _) = classes(&credential("k1", told_apart), None, &[]);
        let expected = vec!["host_name=b user_agent=curl".to_owned()];
        assert!(
            shown(&narrowed).contains(&("curl".to_owned(), expected)),
            "{:?}",
            shown(&narrowed)
        );
        let alike: &[(Holder, &[i64])] = &[(web(), &[0]), (agent(), &[1])];
        let (joined, _) = classes(&credential("k1", alike), None, &[]);
        assert_eq!(joined.len(), 1);
        assert_eq!(joined[0].records(), 2);
    }

    #[test]
    fn a_file_in_which_nobody_is_named_is_a_class() {
        let inputs = ["jobs/nightly.log", "web.log"].map(|path| FoundInput::new(path.to_owned()));
        let file = |input: usize| Holder::default().at(input);
        let named = service("web").at(1);
        let uses: &[(Holder, &[i64])] = &[(file(0), &[0, 1]), (named, &[0]), (file(1), &[3])];
        let (classes, left) = classes(&credential("k1", uses), None, &inputs);
        let nightly = classes.iter().find(|class| class.name == "nightly").expect("a class");
        assert_eq!((nightly.inputs.len(), classes.len(), left), (1, 2, 1));
    }
}
