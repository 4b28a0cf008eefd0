/*! Which credential a first plan is drafted for. */

use super::credential::DiscoveredCredential;
use super::discovery::Discovery;
use super::tally::marker;
use crate::safe;

/// What the user asks for.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The credential to rotate, as shown, as logged, or as its marker; without one, the old one of the most likely
    /// handover.
    pub old: Option<String>,
    /// The one that replaces it; without one, the one that seems to follow.
    pub new: Option<String>,
}

/// The credentials of a first plan.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The one to revoke.
    pub old: DiscoveredCredential,
    /// The one that replaces it.
    pub new: Option<DiscoveredCredential>,
}

/// Why no plan is drafted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoChoice {
    /// No credential that lasts was found.
    NothingFound,
    /// That one was issued for hours.
    Session(String),
    /// No record holds that one.
    Unseen(String),
}

/// The credentials to draft a plan for.
pub fn choose(found: &Discovery, choice: &Choice) -> Result<Chosen, NoChoice> {
    let at = |position: usize| &found.credentials[position];
    let Some(old) = &choice.old else {
        let first = found.handovers.first();
        let old = first.map(|handover| at(handover.old)).or(found.credentials.first());
        let old = old.ok_or(NoChoice::NothingFound)?.clone();
        return Ok(Chosen { old, new: first.map(|handover| at(handover.new).clone()) });
    };
    let old = named(found, old)?;
    if let Some(new) = &choice.new {
        return Ok(Chosen { new: Some(named(found, new)?), old });
    }
    let follows = found.handovers.iter().find(|handover| at(handover.old).uid == old.uid);
    Ok(Chosen { new: follows.map(|handover| at(handover.new).clone()), old })
}

/// The credential with this name; one that no field shows is looked for in all fields by its marker.
fn named(found: &Discovery, name: &str) -> Result<DiscoveredCredential, NoChoice> {
    let (shown, marker) = (safe::mask(name).into_owned(), marker(&safe::mask(name), name));
    if found.session_ids.contains(&shown) {
        return Err(NoChoice::Session(shown));
    }
    let is_it = |credential: &&DiscoveredCredential| {
        [&credential.uid, &credential.marker].into_iter().any(|known| known == name)
            || credential.marker == marker
    };
    let is_marker =
        ["sha256:", "prefix:", "suffix:", "serial:"].iter().any(|by| name.starts_with(by));
    Ok(found.credentials.iter().find(is_it).cloned().unwrap_or_else(|| DiscoveredCredential {
        uid: shown,
        marker: if is_marker { name.to_owned() } else { marker },
        records: 0,
        span: None,
        declared: None,
        users: Vec::new(),
        uses: std::collections::BTreeMap::new(),
    }))
}
