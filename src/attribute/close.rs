/*! What links teach: a set of links in, a set of meanings out, in any order the same. */

use std::collections::{BTreeMap, BTreeSet};

use super::Markers;
use crate::model::link::{Learned, Link, LinkKind, Meaning};
use crate::model::place::Place;
use crate::model::{State, Timestamp, VersionId, When};

/// Follows all links to their ends. A key or token that is tied to both states is `old`; a process that read
/// both is `unknown`; an id without a way to a marker is not learned.
pub fn close(markers: &Markers, links: &[Link]) -> Learned {
    let sessions = sessions(markers, links);
    Learned {
        processes: processes(markers, &sessions, links),
        aliases: told_once(links, LinkKind::Alias),
        owners: told_once(links, LinkKind::Owner),
        carries: of_kind(links, LinkKind::Carries).map(|link| link.child.clone()).collect(),
        sessions,
    }
}

fn of_kind(links: &[Link], kind: LinkKind) -> impl Iterator<Item = &Link> {
    links.iter().filter(move |link| link.kind == kind)
}

/// Each child with its parent, where all links agree on one.
fn told_once(links: &[Link], kind: LinkKind) -> BTreeMap<String, String> {
    let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for link in of_kind(links, kind) {
        told.entry(&link.child).or_default().insert(&link.parent);
    }
    let one = |(child, parents): (&str, BTreeSet<&str>)| match parents.first() {
        Some(parent) if parents.len() == 1 => Some((child.to_owned(), (*parent).to_owned())),
        Some(_) | None => None,
    };
    told.into_iter().filter_map(one).collect()
}

/// The versions that each child can stand for, and the earliest place that says so.
type Reached = BTreeMap<String, (BTreeSet<VersionId>, Place)>;

fn sessions(markers: &Markers, links: &[Link]) -> BTreeMap<String, Meaning> {
    let mut reached = Reached::new();
    let mut pending: Vec<&Link> = of_kind(links, LinkKind::Session).collect();
    pending.sort_by(|one, two| {
        (&one.child, &one.parent, one.place).cmp(&(&two.child, &two.parent, two.place))
    });
    loop {
        let mut grew = false;
        for link in &pending {
            let versions: BTreeSet<VersionId> = match markers.version(&link.parent) {
                Some(version) => BTreeSet::from([version]),
                None => reached
                    .get(&link.parent)
                    .map(|(versions, _)| versions.clone())
                    .unwrap_or_default(),
            };
            if !versions.is_empty() {
                grew |= reach(&mut reached, link, versions);
            }
        }
        if !grew {
            break;
        }
    }
    let oldest = |versions: &BTreeSet<VersionId>| {
        versions.iter().copied().min_by_key(|version| (markers.state(*version), *version))
    };
    let meaning = |(versions, link): &(BTreeSet<VersionId>, Place)| {
        let version = oldest(versions);
        let state = version.map_or(State::Unknown, |version| markers.state(version));
        Meaning { version, state, link: *link, since: None }
    };
    reached.iter().map(|(child, found)| (child.clone(), meaning(found))).collect()
}

fn reach(reached: &mut Reached, link: &Link, versions: BTreeSet<VersionId>) -> bool {
    let entry = reached.entry(link.child.clone()).or_insert_with(|| (BTreeSet::new(), link.place));
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
    let mut read: Reached = Reached::new();
    let mut since: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for link in of_kind(links, LinkKind::Process) {
        let version = markers
            .version(&link.parent)
            .or_else(|| sessions.get(&link.parent).and_then(|meaning| meaning.version));
        if let Some(version) = version {
            reach(&mut read, link, BTreeSet::from([version]));
            if let Some(at) = link.when.map(When::latest) {
                let first = since.entry(&link.child).or_insert(at);
                *first = (*first).min(at);
            }
        }
    }
    let one = |versions: &BTreeSet<VersionId>| match versions.len() {
        1 => versions.first().copied(),
        _ => None,
    };
    read.into_iter()
        .map(|(child, (versions, link))| {
            let since = since.get(child.as_str()).copied();
            // A read without a time says of no later work that it came after it.
            let version = one(&versions).filter(|_| since.is_some());
            let state = version.map_or(State::Unknown, |version| markers.state(version));
            (child, Meaning { version, state, link, since })
        })
        .collect()
}
