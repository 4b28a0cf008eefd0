/*! What a record ties together: a session key and its issuer, a process and the version it read. */

use std::collections::BTreeSet;

use crate::ingest::Frame;
use crate::limits;
use crate::map::{Mapped, RecordTime, ReportedOutcome};
use crate::model::columns::Column;
use crate::model::link::{Link, LinkKind, process_key};
use crate::model::{ClassId, Kind, Outcome};

use super::reader::Reader;

impl Reader<'_> {
    /// Ties between ids stand in records of any class, dated or not.
    pub(super) fn links(&mut self, frame: &Frame<'_>, mapped: &Mapped<'_>, kept: bool) {
        let when = match mapped.dated {
            RecordTime::At(when) => Some(when),
            RecordTime::Missing | RecordTime::Unreadable | RecordTime::Implausible => None,
        };
        let place = self.place(frame);
        for (child, parent) in &mapped.links {
            let (child, parent) = ((*child).to_owned(), (*parent).to_owned());
            self.part.links.push(Link { kind: LinkKind::Session, child, parent, when, place });
        }
        let reads =
            mapped.also.iter().filter(|also| also.kind == Kind::Refresh).map(|also| &also.uid);
        let own = mapped.uids.iter().filter(|_| mapped.kind == Some(Kind::Refresh));
        if let Some(child) = self.process(mapped) {
            for parent in reads.chain(own) {
                let (child, parent) = (child.clone(), parent.to_string());
                self.part.links.push(Link { kind: LinkKind::Process, child, parent, when, place });
            }
        }
        if !kept && self.part.ids.len() < limits::LINKABLE_IDS {
            let markers = &self.wanted.rotation.markers;
            let unknown = mapped.uids.iter().filter(|uid| markers.version(uid).is_none());
            self.part.ids.extend(unknown.map(ToString::to_string));
        } else if !kept && !mapped.uids.is_empty() {
            self.part.ids_full = true;
        }
    }

    /// Other names of the instance that a record speaks of, and whose running copy it is.
    pub(super) fn instances(
        &mut self,
        frame: &Frame<'_>,
        mapped: &Mapped<'_>,
        classes: &[ClassId],
    ) {
        let Some(name) = mapped.instance() else { return };
        for alias in mapped.aliases.iter().filter(|alias| *alias != name) {
            self.tie(frame, LinkKind::Alias, alias, name);
        }
        note(&mut self.part.names, name, &mut self.part.ids_full);
        let plan = &self.wanted.rotation.plan;
        match classes {
            // What lists running copies with their owners tells it of records that know the copy alone.
            [class] if mapped.owns => {
                self.tie(frame, LinkKind::Owner, name, &plan.consumer(*class).class);
            }
            [] => note(&mut self.part.strangers, name, &mut self.part.ids_full),
            _ => {}
        }
    }

    /// Once for each input: many records say the same.
    fn tie(&mut self, frame: &Frame<'_>, kind: LinkKind, child: &str, parent: &str) {
        let (child, parent) = (child.to_owned(), parent.to_owned());
        if self.tied.insert((kind, child.clone(), parent.clone())) {
            let place = self.place(frame);
            self.part.links.push(Link { kind, child, parent, when: None, place });
        }
    }

    /// The process that a record of a read speaks of, if it was given what it asked for.
    fn process(&mut self, mapped: &Mapped<'_>) -> Option<String> {
        match mapped.told {
            ReportedOutcome::Known(Outcome::Success | Outcome::None) | ReportedOutcome::Nothing => {
            }
            ReportedOutcome::Known(_)
            | ReportedOutcome::Unknown(_)
            | ReportedOutcome::Doubtful(_) => return None,
        }
        let mut shown = |column| mapped.text(column).map(|raw| self.shown.instance(raw));
        let id = shown(Column::ServiceInstanceId);
        let (host, service) = (shown(Column::HostName), shown(Column::ServiceName));
        let who = (id.as_deref(), host.as_deref(), service.as_deref());
        process_key(who, mapped.measured.instance_start.map(|start| start.0))
    }
}

fn note(names: &mut BTreeSet<String>, name: &str, full: &mut bool) {
    if names.contains(name) {
        return;
    }
    if names.len() < limits::LINKABLE_IDS {
        names.insert(name.to_owned());
    } else {
        *full = true;
    }
}
