/*! The answers to all questions of a report, and the facts that they become together with what was sealed besides. */

use std::collections::BTreeMap;
use std::sync::Arc;

use super::evidence::Beginning;
use super::holder_hours::{self, HolderHour};
use super::instances::{self, StatedInstance};
use super::undeclared_reads::{self, ReaderHour};
use super::{
    activity, attempts, backlog, boundary_jobs, crossing, durations, handoffs, holders, old_hours,
    old_minutes, open_sessions, skews, statements, ticks, undeclared, undeclared_new, zoneless,
};
use crate::model::continuity::{OpenSessions, missing_since};
use crate::model::coverage::StreamId;
use crate::model::facts::{
    Activity, Amount, Attempts, Backlog, Boundary, Crossing, Facet, Facts, Handoff, Instance,
    OldMinute, Skew, Source, Statement, Tick, Undeclared, Zoneless,
};
use crate::model::reads::UndeclaredNew;
use crate::model::replay::OldHour;
use crate::model::{At, ClassId, Span, Timestamp};
use crate::table::Sealed;

/// What the rows of evidence show, question by question: a value for each row of the answer to the text of that name.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// `activity`
    pub activity: Vec<Activity>,
    /// `ticks`
    pub ticks: Vec<Tick>,
    /// `skews`
    pub skews: Vec<Skew>,
    /// `instances`
    pub instances: Vec<StatedInstance>,
    /// `statements`
    pub statements: Vec<Statement>,
    /// `zoneless`
    pub zoneless: Vec<Zoneless>,
    /// `crossing`
    pub crossing: Vec<Crossing>,
    /// `boundary_jobs`
    pub boundary_jobs: Vec<Boundary>,
    /// `backlog`
    pub backlog: Vec<Backlog>,
    /// `handoffs`
    pub handoffs: Vec<Handoff>,
    /// `attempts`
    pub attempts: Vec<Attempts>,
    /// `durations`
    pub durations: Vec<Amount>,
    /// `open_sessions`
    pub open_sessions: Vec<OpenSessions>,
    /// `undeclared`
    pub undeclared: Vec<Undeclared>,
    /// `undeclared_reads`
    pub undeclared_reads: Vec<ReaderHour>,
    /// `undeclared_new`
    pub undeclared_new: Vec<UndeclaredNew>,
    /// `holder_hours`
    pub holder_hours: Vec<HolderHour>,
    /// `old_minutes`
    pub old_minutes: Vec<OldMinute>,
    /// `old_hours`
    pub old_hours: Vec<OldHour>,
}

/// What facts take from elsewhere than rows.
#[derive(Clone, Copy, Debug)]
pub struct FactInputs<'a> {
    /// The sealed tables.
    pub sealed: &'a Sealed,
    /// The instant of which the report judges.
    pub as_of: Timestamp,
    /// The sources that were read.
    pub sources: &'a [Source],
}

impl Answers {
    /// Answers by one fold over the rows for each question.
    pub fn of(asked: Beginning<'_>) -> Self {
        Self {
            activity: activity::fold(asked),
            ticks: ticks::fold(asked),
            skews: skews::fold(asked),
            instances: instances::fold(asked),
            statements: statements::fold(asked),
            zoneless: zoneless::fold(asked),
            crossing: crossing::fold(asked),
            boundary_jobs: boundary_jobs::fold(asked),
            backlog: backlog::fold(asked),
            handoffs: handoffs::fold(asked),
            attempts: attempts::fold(asked),
            durations: durations::fold(asked),
            open_sessions: open_sessions::fold(asked),
            undeclared: undeclared::fold(asked),
            undeclared_reads: undeclared_reads::fold(asked),
            undeclared_new: undeclared_new::fold(asked),
            holder_hours: holder_hours::fold(asked),
            old_minutes: old_minutes::fold(asked),
            old_hours: old_hours::fold(asked),
        }
    }

    /// Puts the answers in the order of facts, since those of texts come in any, and joins them with what was sealed.
    pub fn facts(mut self, inputs: FactInputs<'_>) -> Facts {
        self.sort();
        let sealed = inputs.sealed;
        for hour in self.holder_hours.iter_mut().filter(|hour| hour.facet == Facet::Stream) {
            hour.value = Arc::from(sealed.streams[hour.streams.0.0 as usize].name.as_str());
        }
        let (holders, holders_left_out) = holders::holders(self.holder_hours);
        Facts {
            as_of: inputs.as_of,
            activity: self.activity,
            ticks: self.ticks,
            instances: instances_with_presence(self.instances, sealed, inputs.as_of),
            statements: self.statements,
            zoneless: self.zoneless,
            sources: inputs.sources.to_vec(),
            undeclared: self.undeclared,
            undeclared_reads: undeclared_reads::readers(self.undeclared_reads),
            undeclared_new: self.undeclared_new,
            crossing: self.crossing,
            boundary: self.boundary_jobs,
            backlog: self.backlog,
            handoffs: self.handoffs,
            amounts: self.durations,
            attempts: self.attempts,
            old_hours: old_hours::sorted(self.old_hours),
            old_minutes: self.old_minutes,
            holders,
            holders_left_out,
            streams: sealed.streams.clone(),
            skews: self.skews,
            rejects: sealed.rejects.clone(),
            stray_markers: sealed.stray_markers.clone(),
            partials: sealed.partials.clone(),
            numbers: sealed.numbers.clone(),
            samples: sealed.samples.clone(),
            open_sessions: self.open_sessions,
            inputs: sealed.inputs.clone(),
            accounting: sealed.accounting,
        }
    }

    fn sort(&mut self) {
        activity::sort(&mut self.activity);
        ticks::sort(&mut self.ticks);
        skews::sort(&mut self.skews);
        statements::sort(&mut self.statements);
        zoneless::sort(&mut self.zoneless);
        crossing::sort(&mut self.crossing);
        boundary_jobs::sort(&mut self.boundary_jobs);
        backlog::sort(&mut self.backlog);
        handoffs::sort(&mut self.handoffs);
        attempts::sort(&mut self.attempts);
        durations::sort(&mut self.durations);
        open_sessions::sort(&mut self.open_sessions);
        undeclared::sort(&mut self.undeclared);
        undeclared_new::sort(&mut self.undeclared_new);
        old_minutes::sort(&mut self.old_minutes);
    }
}

/// The stream of a cited row.
fn stream_of(sealed: &Sealed, at: At) -> Option<StreamId> {
    let row = sealed.rows.get(usize::try_from(at.row).ok()?)?;
    sealed.stream_id(row.stream)
}

/// What records state of an instance, joined with the spans in which it has any.
fn instances_with_presence(
    stated: Vec<StatedInstance>,
    sealed: &Sealed,
    as_of: Timestamp,
) -> Vec<Instance> {
    let mut instances: BTreeMap<(ClassId, Arc<str>), Instance> = BTreeMap::new();
    for span in &sealed.presence {
        let Some(name) = &span.instance else { continue };
        let instance = entry(&mut instances, span.class, Arc::from(name.as_str()));
        instance.presence.push(Span { from: span.from, to: span.to });
    }
    for stated in stated {
        let instance = entry(&mut instances, stated.class, stated.name);
        instance.started = stated.started;
        instance.started_in = instance.started.and_then(|at| stream_of(sealed, at));
        instance.starts = stated.starts;
        instance.refreshed = stated.refreshed;
        instance.stopped = stated.stopped;
        instance.stopped_in = instance.stopped.and_then(|at| stream_of(sealed, at));
    }
    let mut instances: Vec<Instance> = instances.into_values().collect();
    let taken = sealed.listings.iter().filter(|listing| listing.taken <= as_of);
    let missing = missing_since(taken);
    for instance in &mut instances {
        instance.presence.sort_unstable();
        let member = (instance.class, Arc::clone(&instance.name));
        instance.missing_since = missing.get(&member).copied();
    }
    instances
}

fn entry(
    instances: &mut BTreeMap<(ClassId, Arc<str>), Instance>,
    class: ClassId,
    name: Arc<str>,
) -> &mut Instance {
    let new = Instance { class, name: Arc::clone(&name), ..Instance::default() };
    instances.entry((class, name)).or_insert(new)
}
