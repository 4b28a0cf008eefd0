/*! When each instance of a consumer last started, refreshed the credential and stopped, according to records. */

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evidence::{Beginning, Seen};
use super::groups::Groups;
use crate::model::{At, ClassId, Kind, Outcome, Timestamp, When};
use crate::scan::Sym;

/// What records state of an instance.
#[derive(Clone, Debug)]
pub struct StatedInstance {
    /// The class that it is a copy of.
    pub class: ClassId,
    /// What records call it.
    pub name: Arc<str>,
    /// The latest start.
    pub started: Option<At>,
    /// The number of different starts.
    pub starts: u64,
    /// The last time that it read the credential again.
    pub refreshed: Option<At>,
    /// The latest stop.
    pub stopped: Option<At>,
}

#[derive(Default)]
struct Stated {
    starts: BTreeSet<Timestamp>,
    started: Latest,
    refreshed: Latest,
    stopped: Latest,
}

/// The latest instant that rows state, and the first row that states it.
#[derive(Clone, Copy, Default)]
struct Latest(Option<(Timestamp, u64)>);

impl Latest {
    /// Rows are added in their order.
    fn add(&mut self, at: Option<Timestamp>, row: u64) {
        if let Some(at) = at.filter(|at| self.0.is_none_or(|(known, _)| known < *at)) {
            self.0 = Some((at, row));
        }
    }

    fn at(self) -> Option<At> {
        self.0.map(|(at, row)| At { when: When::exact(at), row })
    }
}

pub(super) fn fold(asked: Beginning<'_>) -> Vec<StatedInstance> {
    let mut groups: Groups<(ClassId, Sym), Stated> = Groups::default();
    for seen in asked.known() {
        let instance = seen.instance();
        let Some(class) = seen.class.filter(|_| instance != Sym::NONE) else { continue };
        let stated = groups.of((class, instance));
        let start = started(seen);
        stated.starts.extend(start);
        stated.started.add(start, seen.number);
        let is_refresh =
            seen.kind == Kind::Refresh && matches!(seen.outcome, Outcome::Success | Outcome::None);
        stated.refreshed.add(is_refresh.then(|| seen.earliest()), seen.number);
        let is_stop = seen.kind == Kind::Stop;
        stated.stopped.add(is_stop.then(|| seen.latest()), seen.number);
    }
    groups.facts(|((class, instance), stated)| StatedInstance {
        class,
        name: asked.shared(instance).unwrap_or_default(),
        started: stated.started.at(),
        starts: stated.starts.len() as u64,
        refreshed: stated.refreshed.at(),
        stopped: stated.stopped.at(),
    })
}

fn started(seen: Seen<'_>) -> Option<Timestamp> {
    let is_start = seen.kind == Kind::Start;
    seen.measured.instance_start.or_else(|| is_start.then(|| seen.earliest()))
}
