/*! What records tie together: a session key and its issuer, a process and the version it read, an instance and its
 * class. Records of any class may hold such links, dated or not.
 */

use std::collections::BTreeSet;

use crate::map::{Mapped, RecordTime, ReportedOutcome};
use crate::model::columns::Column;
use crate::model::link::{Link, LinkKind, ProcessNames, process_key};
use crate::model::{Kind, Outcome, Place};

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

/// The classes that a record matches.
#[derive(Clone, Copy)]
pub(super) enum MatchedClasses<'p> {
    None,
    /// By its name.
    One(&'p str),
    Several,
}

impl FoundLinks {
    /// Adds the session keys that a record issues and the versions that its process read.
    pub(super) fn add_ids(
        &mut self,
        place: Place,
        mapped: &Mapped<'_>,
        instances: &mut MaskedInstances,
    ) {
        let when = match mapped.time {
            RecordTime::At(when) => Some(when),
            RecordTime::Missing | RecordTime::Unreadable | RecordTime::Implausible => None,
        };
        for (child, parent) in &mapped.links {
            let (child, parent) = ((*child).to_owned(), (*parent).to_owned());
            self.links.push(Link { kind: LinkKind::Session, child, parent, when, place });
        }
        let named =
            mapped.named.iter().filter(|named| named.kind == Kind::Refresh).map(|named| &named.uid);
        let shown = mapped.uids.iter().filter(|_| mapped.kind == Some(Kind::Refresh));
        if let Some(child) = process(mapped, instances) {
            for parent in named.chain(shown) {
                let (child, parent) = (child.clone(), parent.to_string());
                self.links.push(Link { kind: LinkKind::Process, child, parent, when, place });
            }
        }
    }

    /// Adds the instance of a record: its other names, and its class.
    pub(super) fn add_instance(
        &mut self,
        place: Place,
        mapped: &Mapped<'_>,
        classes: MatchedClasses<'_>,
    ) {
        let Some(name) = mapped.instance() else { return };
        for alias in mapped.aliases.iter().filter(|alias| *alias != name) {
            self.add_once(LinkKind::Alias, alias, name, place);
        }
        // A list of instances and their owners gives a class to records that name the instance alone.
        if let (MatchedClasses::One(class), true) = (classes, mapped.owns) {
            self.add_once(LinkKind::Owner, name, class, place);
        }
    }

    /// Records of this source and action carry markers of the plan.
    pub(super) fn add_carrying(&mut self, action: &str, place: Place) {
        if !self.carrying.contains(action) {
            self.carrying.insert(action.to_owned());
            let (kind, child) = (LinkKind::Carries, action.to_owned());
            self.links.push(Link { kind, child, parent: String::new(), when: None, place });
        }
    }

    fn add_once(&mut self, kind: LinkKind, child: &str, parent: &str, place: Place) {
        let (child, parent) = (child.to_owned(), parent.to_owned());
        if self.repeated.insert((kind, child.clone(), parent.clone())) {
            self.links.push(Link { kind, child, parent, when: None, place });
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
