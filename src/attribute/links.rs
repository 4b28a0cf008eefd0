/*! What the links of all inputs say together: links in, meanings out, whatever the order of the links. */

use std::collections::{BTreeMap, BTreeSet};

use super::markers::Markers;
use crate::model::link::{Learned, Link, LinkKey, LinkKind, Meaning};
use crate::model::place::Place;
use crate::model::{State, Timestamp, VersionId, When};

/// Follows all links to their ends. A key or token that is tied to both states is `old`; a process that read both is
/// `unknown`; an id that leads to no marker is not learned.
pub fn close(markers: &Markers, key: LinkKey, links: &[Link]) -> Learned {
    let sessions = sessions(markers, links);
    Learned {
        key,
        processes: processes(markers, &sessions, links),
        aliases: single_parents(links, LinkKind::Alias),
        owners: single_parents(links, LinkKind::Owner),
        carries: of_kind(links, LinkKind::Carries).map(|link| link.child.clone()).collect(),
        sessions,
    }
}

fn of_kind(links: &[Link], kind: LinkKind) -> impl Iterator<Item = &Link> {
    links.iter().filter(move |link| link.kind == kind)
}

/// Each child with its parent, if all links agree on one parent.
fn single_parents(links: &[Link], kind: LinkKind) -> BTreeMap<String, String> {
    let mut parents_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for link in of_kind(links, kind) {
        parents_of.entry(&link.child).or_default().insert(&link.parent);
    }
    let single = |(child, parents): (&str, BTreeSet<&str>)| match parents.first() {
        Some(parent) if parents.len() == 1 => Some((child.to_owned(), (*parent).to_owned())),
        Some(_) | None => None,
    };
    parents_of.into_iter().filter_map(single).collect()
}

/// The versions that each child can stand for, and the earliest place that says so.
type VersionsOf = BTreeMap<String, (BTreeSet<VersionId>, Place)>;

fn sessions(markers: &Markers, links: &[Link]) -> BTreeMap<String, Meaning> {
    let mut versions_of = VersionsOf::new();
    let mut ordered: Vec<&Link> = of_kind(links, LinkKind::Session).collect();
    ordered.sort_by_key(|link| (&link.child, &link.parent, link.place));
    loop {
        let mut grew = false;
        for link in &ordered {
            let versions: BTreeSet<VersionId> = match link.version {
                Some(version) => BTreeSet::from([version]),
                None => versions_of
                    .get(&link.parent)
                    .map(|(versions, _)| versions.clone())
                    .unwrap_or_default(),
            };
            if !versions.is_empty() {
                grew |= add_versions(&mut versions_of, link, versions);
            }
        }
        if !grew {
            break;
        }
    }
    let oldest = |versions: &BTreeSet<VersionId>| {
        versions.iter().copied().min_by_key(|version| (markers.state(*version), *version))
    };
    let meaning = |(child, (versions, link)): (String, (BTreeSet<VersionId>, Place))| {
        let version = oldest(&versions);
        let state = version.map_or(State::Unknown, |version| markers.state(version));
        (child, Meaning { version, state, link, since: None })
    };
    versions_of.into_iter().map(meaning).collect()
}

/// True if the link said something new.
fn add_versions(versions_of: &mut VersionsOf, link: &Link, versions: BTreeSet<VersionId>) -> bool {
    let new = || (BTreeSet::new(), link.place);
    let entry = versions_of.entry(link.child.clone()).or_insert_with(new);
    let before = (entry.0.len(), entry.1);
    entry.0.extend(versions);
    entry.1 = entry.1.min(link.place);
    before != (entry.0.len(), entry.1)
}

fn processes(
    markers: &Markers,
    sessions: &BTreeMap<String, Meaning>,
    links: &[Link],
) -> BTreeMap<String, Meaning> {
    let mut versions_of = VersionsOf::new();
    let mut first_reads: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for link in of_kind(links, LinkKind::Process) {
        let version =
            link.version.or_else(|| sessions.get(&link.parent).and_then(|meaning| meaning.version));
        if let Some(version) = version {
            add_versions(&mut versions_of, link, BTreeSet::from([version]));
            if let Some(at) = link.when.map(When::latest) {
                let first = first_reads.entry(&link.child).or_insert(at);
                *first = (*first).min(at);
            }
        }
    }
    let single = |versions: &BTreeSet<VersionId>| match versions.len() {
        1 => versions.first().copied(),
        _ => None,
    };
    versions_of
        .into_iter()
        .map(|(child, (versions, link))| {
            let since = first_reads.get(child.as_str()).copied();
            // If the read has no time, nobody can say which work came after it.
            let version = single(&versions).filter(|_| since.is_some());
            let state = version.map_or(State::Unknown, |version| markers.state(version));
            (child, Meaning { version, state, link, since })
        })
        .collect()
}
