/*! The case: the plan, the facts, and what rules need of both, derived once. */

use super::activity::{self, Clocks};
use super::class::ClassCase;
use super::class_records::Logs;
use super::coverage::{self, StreamCase};
use super::levels;
use super::spans;
use super::times::DecisionTimes;
use crate::model::coverage::StreamId;
use crate::model::decision::Mode;
use crate::model::facts::Facts;
use crate::model::finding::Severity;
use crate::model::{ClassId, Duration, Span, Timestamp};
use crate::plan::{InFlight, Plan};

/// Everything a rule sees.
#[derive(Debug)]
pub struct Case<'a> {
    /// What the team promised.
    pub plan: &'a Plan,
    /// What the records say.
    pub facts: &'a Facts,
    /// When the new version became valid: `T0` in the rule book.
    pub introduced: Timestamp,
    /// The instant as of which the report judges: `A` in the rule book.
    pub as_of: Timestamp,
    /// The time that must be free of old use, including both ends: `W` in the rule book.
    pub window: Span,
    /// Whether the report is made before or after the revocation.
    pub mode: Mode,
    /// When the old version was revoked, in a postmortem.
    pub revoked: Option<Timestamp>,
    /// The log sources, in the order of `StreamId`.
    pub streams: Vec<StreamCase<'a>>,
    /// In the plan's order.
    pub classes: Vec<ClassCase<'a>>,
    /// The level of the tests of each class, in the plan's order.
    pub levels: Vec<f64>,
}

impl<'a> Case<'a> {
    /// Derives what rules need.
    pub fn new(plan: &'a Plan, facts: &'a Facts) -> Self {
        let times = DecisionTimes::new(plan, facts.as_of);
        let streams: Vec<StreamCase> = facts
            .streams
            .iter()
            .map(|stream| {
                let declared = coverage::declared_silence(stream, plan);
                coverage::cover(stream, declared, times.introduced, times.window)
            })
            .collect();
        let logs = Logs { facts, streams: &streams };
        let classes: Vec<ClassCase> = plan
            .classes()
            .map(|(id, consumer)| ClassCase::new(times, id, consumer, &logs))
            .collect();
        Self {
            plan,
            facts,
            introduced: times.introduced,
            as_of: times.as_of,
            window: times.window,
            mode: times.mode,
            revoked: times.revoked,
            levels: classes.iter().map(|class| levels::of_class(class, facts)).collect(),
            streams,
            classes,
        }
    }

    /// # Panics
    /// If the plan has no such class.
    pub fn class(&self, id: ClassId) -> &ClassCase<'a> {
        &self.classes[usize::from(id.0)]
    }

    /// The level of each test of the class.
    pub fn level(&self, class: &ClassCase) -> f64 {
        self.levels[usize::from(class.id.0)]
    }

    /// Classes that authenticate themselves and are not switched off.
    pub fn judged(&self) -> impl Iterator<Item = &ClassCase<'a>> {
        self.classes.iter().filter(|class| class.is_judged())
    }

    /// How much use of the old version counts if this was the last of it. What ended before the revocation cannot show
    /// that it did not hold; nor does it show that it held.
    pub fn severity_of(&self, severity: Severity, last: Timestamp) -> Severity {
        if self.revoked.is_some_and(|revoked| last < revoked) {
            return severity.max(Severity::Withholds);
        }
        severity
    }

    /// Does the plan accept that work queued before the change fails?
    pub fn accepts_failed_backlog(&self) -> bool {
        self.plan.rotation.in_flight == Some(InFlight::Fail)
    }

    /// Was the old version used up to the report's instant, by a declared consumer or by another?
    pub fn has_old_use(&self) -> bool {
        let is_in_time = |first: Timestamp| first <= self.as_of;
        self.classes.iter().any(|class| class.last_old_use.is_some())
            || self
                .facts
                .undeclared
                .iter()
                .filter_map(|consumer| consumer.first)
                .any(|at| is_in_time(at.earliest()))
    }

    /// Where records of the class were searched for: in its log sources, or else in all of them, or else in all inputs.
    pub fn searched(&self, class: &ClassCase) -> Vec<String> {
        let names = self.stream_names(&class.streams);
        if names.is_empty() { self.searched_all() } else { names }
    }

    /// Where records of the rotation were searched for: in all log sources, or else in all inputs.
    pub fn searched_all(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.facts.streams.iter().map(|stream| stream.name.clone()).collect();
        if names.is_empty() {
            names = self.facts.inputs.iter().map(|input| input.path.clone()).collect();
        }
        if names.is_empty() {
            names.push("no input".to_owned());
        }
        names
    }

    /// The names of these log sources, each once, in the order of their ids.
    pub fn stream_names(&self, streams: &[StreamId]) -> Vec<String> {
        let name =
            |id: &StreamId| self.facts.streams.get(id.0 as usize).map(|stream| stream.name.clone());
        let mut streams = streams.to_vec();
        streams.sort_unstable();
        streams.dedup();
        streams.iter().filter_map(name).collect()
    }

    /// When the last hole in the window ended, in the log sources of the class. `None` if the last one has not ended.
    pub fn last_hole(&self, class: &ClassCase) -> Option<Timestamp> {
        let end = self.as_of - class.consumer.lag;
        let streams = class.streams.iter().filter_map(|id| self.streams.get(id.0 as usize));
        let holes =
            streams.flat_map(|stream| spans::subtract(&stream.holes, &self.excused(class, stream)));
        let within = holes.filter(|hole| hole.intersect(self.window).is_some());
        let last = within.map(|hole| hole.to).max()?;
        (last < end).then_some(last)
    }

    /// The time for which somebody must be silent, up to the report's instant.
    pub fn silent_span(&self, needed: Duration) -> Span {
        Span { from: self.as_of - needed, to: self.as_of }
    }

    /// How well clocks agree, as the rotation promises or as measured.
    pub fn clocks(&self) -> Clocks<'a> {
        Clocks { skew: self.plan.limits.skew, measured: &self.facts.skews }
    }

    /// When a log source need not record for the class.
    pub fn excused(&self, class: &ClassCase, stream: &StreamCase) -> Vec<Span> {
        coverage::excused(stream.fact, (class.id, class.consumer), self.facts)
    }

    /// How many attempts of the class lie in the window.
    pub fn tries_in_window(&self, class: &ClassCase) -> u64 {
        activity::count(&class.in_window())
    }
}
