/*! What records tie together: a session key and its issuer, a process and the version it read, an instance and its
 * class. Records of any class may hold such links, dated or not.
 */

use std::collections::BTreeSet;

use crate::attribute::{CompiledRotation, Markers};
use crate::map::{Mapped, RecordTime, ReportedOutcome};
use crate::model::columns::Column;
use crate::model::link::{Link, LinkKind, ProcessNames, process_key};
use crate::model::{ClassId, Kind, Outcome, Place, VersionId};
use crate::safe;

use super::digested::DigestedIds;
use super::rows::MaskedInstances;

/// The ties that the records of one input state.
#[derive(Debug, Default)]
pub(super) struct FoundLinks {
    pub(super) links: Vec<Link>,
    /// Ties that many records repeat are kept once.
    repeated: BTreeSet<(LinkKind, String, String)>,
    /// The sources and actions of which a record showed a marker.
    carrying: BTreeSet<String>,
}

/// How names and ids are written into links.
pub(super) struct LinkNames<'a> {
    markers: &'a Markers,
    ids: &'a mut DigestedIds,
    instances: &'a mut MaskedInstances,
}

impl<'a> LinkNames<'a> {
    pub(super) fn new(
        markers: &'a Markers,
        ids: &'a mut DigestedIds,
        instances: &'a mut MaskedInstances,
    ) -> Self {
        Self { markers, ids, instances }
    }

    /// An id that may be a marker of the plan.
    fn parent(&mut self, id: &str) -> (String, Option<VersionId>) {
        match self.markers.version(id) {
            Some(version) => (safe::mask(id).into_owned(), Some(version)),
            None => (self.ids.of(id).to_string(), None),
        }
    }
}

/// The classes that a record matches.
#[derive(Clone, Copy)]
pub(super) enum MatchedClasses<'p> {
    None,
    /// By its name.
    One(&'p str),
    Several,
}

impl<'p> MatchedClasses<'p> {
    pub(super) fn of(classes: &[ClassId], rotation: &'p CompiledRotation) -> Self {
        match classes {
            [] => Self::None,
            [class] => Self::One(&rotation.plan.class(*class).name),
            _ => Self::Several,
        }
    }
}

impl FoundLinks {
    /// Adds the session keys that a record issues and the versions that its process read.
    pub(super) fn add_ids(&mut self, place: Place, mapped: &Mapped<'_>, ends: &mut LinkNames<'_>) {
        let when = match mapped.time {
            RecordTime::At(when) => Some(when),
            RecordTime::Missing | RecordTime::Unreadable | RecordTime::Implausible => None,
        };
        for (child, parent) in &mapped.links {
            let child = ends.ids.of(child).to_string();
            let (parent, version) = ends.parent(parent);
            self.links.push(Link { kind: LinkKind::Session, child, parent, version, when, place });
        }
        for (child, parent) in &mapped.previous {
            // Before a new version comes the old one; what came before the old one is not known.
            let (_, version) = ends.parent(parent);
            let Some(version) = version.and_then(|version| ends.markers.before(version)) else {
                continue;
            };
            let (child, parent) = (ends.ids.of(child).to_string(), safe::mask(parent).into_owned());
            let (kind, version) = (LinkKind::Session, Some(version));
            self.links.push(Link { kind, child, parent, version, when, place });
        }
        let named =
            mapped.named.iter().filter(|named| named.kind == Kind::Refresh).map(|named| &named.uid);
        let shown = mapped.uids.iter().filter(|_| mapped.kind == Some(Kind::Refresh));
        let mut read = named.chain(shown).peekable();
        if read.peek().is_some()
            && let Some(child) = process(mapped, ends.instances)
        {
            for parent in read {
                let child = child.clone();
                let (parent, version) = ends.parent(parent);
                let kind = LinkKind::Process;
                self.links.push(Link { kind, child, parent, version, when, place });
            }
        }
    }

    /// Adds the instance of a record: its other names, and its class.
    pub(super) fn add_instance(
        &mut self,
        place: Place,
        mapped: &Mapped<'_>,
        classes: MatchedClasses<'_>,
        ends: &mut LinkNames<'_>,
    ) {
        let Some(name) = mapped.instance() else { return };
        let shown = ends.instances.masked(name);
        for alias in mapped.aliases.iter().filter(|alias| *alias != name) {
            self.add_once(LinkKind::Alias, &ends.ids.of(alias), &shown, place);
        }
        // A list of instances and their owners gives a class to records that name the instance alone.
        if let (MatchedClasses::One(class), true) = (classes, mapped.owns) {
            self.add_once(LinkKind::Owner, &ends.ids.of(name), class, place);
            // A record that names it by an alias has its masked name.
            self.add_once(LinkKind::Owner, &ends.ids.of(&shown), class, place);
        }
    }

    /// Records of this source and action, by the digest of its key, carry markers of the plan.
    pub(super) fn add_carrying(&mut self, action: &str, place: Place) {
        if !self.carrying.contains(action) {
            self.carrying.insert(action.to_owned());
            let (kind, child) = (LinkKind::Carries, action.to_owned());
            let (parent, version, when) = (String::new(), None, None);
            self.links.push(Link { kind, child, parent, version, when, place });
        }
    }

    fn add_once(&mut self, kind: LinkKind, child: &str, parent: &str, place: Place) {
        let (child, parent) = (child.to_owned(), parent.to_owned());
        if self.repeated.insert((kind, child.clone(), parent.clone())) {
            let (version, when) = (None, None);
            self.links.push(Link { kind, child, parent, version, when, place });
        }
    }
}

/// The process of a record that reports a read, unless the read failed.
fn process(mapped: &Mapped<'_>, instances: &mut MaskedInstances) -> Option<String> {
    match mapped.outcome {
        ReportedOutcome::Known(Outcome::Success | Outcome::None) | ReportedOutcome::Nothing => {}
        ReportedOutcome::Known(_) | ReportedOutcome::Unknown(_) | ReportedOutcome::Doubtful(_) => {
            return None;
        }
    }
    let mut masked = |column| mapped.text(column).map(|raw| instances.masked(raw));
    let instance = masked(Column::ServiceInstanceId);
    let (host, service) = (masked(Column::HostName), masked(Column::ServiceName));
    let names = ProcessNames {
        instance: instance.as_deref(),
        host: host.as_deref(),
        service: service.as_deref(),
    };
    process_key(names, mapped.measured.instance_start.map(|start| start.0))
}
