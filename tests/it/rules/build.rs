/*! Worlds made by hand: a plan and facts, hour by hour around the change at `h(0)`; the report speaks of `h(96)`. */

#![allow(dead_code, reason = "each rule's test uses the words it needs")]

use std::fmt;
use std::sync::Arc;

use holdover::judge::decide;
use holdover::model::coverage::StreamId;
use holdover::model::decision::{Decision, Verdict};
use holdover::model::facts::{Facts, Input, Instance, Statement, Stream, Tick, Undeclared};
use holdover::model::finding::{Cite, Finding};
use holdover::model::{
    At, ClassBasis, ClassId, InputId, Layer, MarkerShown, Span, State, Timestamp, When,
};
use holdover::plan::{Consumer, Plan};

use super::parts::{Row, consumer, plan};
pub(crate) use super::parts::{T0, h, hours, minutes, row};

/// A plan and facts in the making.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) facts: Facts,
    rows: u64,
    beat_minutes: i64,
    silent: Vec<(StreamId, Span)>,
}

/// The rows since the change: what tells two worlds apart.
impl fmt::Debug for World {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = self.facts.activity.iter().filter(|row| row.first.when.at >= T0);
        let words = since.map(|row| {
            let at = row.first.when.at;
            format!(
                "{at} {:?} {:?} {} {}",
                row.instance,
                row.basis,
                row.state.word(),
                row.outcome.word()
            )
        });
        out.debug_list().entries(words).finish()
    }
}

impl World {
    /// A complete plan without classes: window 48 h, `h(96)`, one input.
    pub(crate) fn new() -> Self {
        let input = Input { path: "app.log".to_owned(), ..Input::default() };
        let facts = Facts { as_of: h(96), inputs: vec![input], ..Facts::default() };
        Self { plan: plan(), facts, rows: 0, beat_minutes: 10, silent: Vec::new() }
    }

    /// One class `w` on `i1` that used old each 6 h for two weeks and new each 6 h since: ready.
    pub(crate) fn ready() -> Self {
        Self::new().class("w").steady("w", "i1")
    }

    /// Old each 6 h from two weeks before the change, new each 6 h from `h(1)` on.
    pub(crate) fn steady(mut self, class: &str, instance: &str) -> Self {
        for n in -56..0 {
            self = self.old(class, instance, h(n * 6));
        }
        for n in 0..16 {
            self = self.new_ok(class, instance, h(n * 6 + 1));
        }
        self
    }

    /// A direct primary class that refreshes per request, with a stream of its own name that records
    /// every ten minutes for two weeks before the change and up to the end.
    pub(crate) fn class(mut self, name: &str) -> Self {
        let class = ClassId(self.plan.consumers.len().try_into().expect("few of them"));
        self.plan.consumers.push(consumer(name));
        let carries = vec![class];
        let inputs = vec![InputId(0)];
        self.facts.streams.push(Stream {
            name: name.to_owned(),
            carries,
            inputs,
            ..Stream::default()
        });
        self
    }

    /// Changes what the plan says of the class.
    pub(crate) fn consumer(mut self, class: &str, change: impl FnOnce(&mut Consumer)) -> Self {
        let id = self.id(class);
        change(&mut self.plan.consumers[usize::from(id.0)]);
        self
    }

    /// Changes the plan.
    pub(crate) fn plan(mut self, change: impl FnOnce(&mut Plan)) -> Self {
        change(&mut self.plan);
        self
    }

    /// Changes the facts.
    pub(crate) fn facts(mut self, change: impl FnOnce(&mut Facts)) -> Self {
        change(&mut self.facts);
        self
    }

    /// The report speaks of this instant.
    pub(crate) fn seen_at(mut self, at: Timestamp) -> Self {
        self.facts.as_of = at;
        self
    }

    /// One more stream that carries the class.
    pub(crate) fn stream(mut self, name: &str, class: &str) -> Self {
        let carries = vec![self.id(class)];
        self.facts.streams.push(Stream { name: name.to_owned(), carries, ..Stream::default() });
        self
    }

    /// The stream records nothing between these instants, ends left out.
    pub(crate) fn hole(mut self, stream: &str, from: Timestamp, to: Timestamp) -> Self {
        let id = self.stream_id(stream);
        self.silent.push((id, Span { from, to }));
        self
    }

    /// Puts a group of rows in.
    pub(crate) fn put(mut self, row: Row) -> Self {
        let Row { class, stream, cells: mut activity } = row;
        activity.class = self.id(&class);
        activity.stream = self.stream_id(&stream);
        activity.first.row = self.rows;
        let is_one = activity.first.when == activity.last.when;
        activity.last.row = if is_one { self.rows } else { self.rows + 1 };
        self.rows += 2;
        if activity.kind.is_try() {
            let ends = [activity.first.earliest(), activity.last.earliest()];
            for at in &ends[usize::from(is_one)..] {
                let (class, degraded) = (activity.class, activity.degraded);
                let end = activity.last.latest().max(*at);
                let end = if activity.last.when.end.is_some() { end } else { *at };
                let own = activity.basis == ClassBasis::Matched
                    && !(activity.state == State::New && *at < T0)
                    && matches!(activity.shown, MarkerShown::Plan | MarkerShown::None);
                let tick = Tick { class, degraded, own, count: 1, first: *at, last: *at, end };
                self.facts.ticks.push(tick);
            }
        }
        if let Some(name) = activity.instance.clone() {
            let span = Span { from: activity.first.earliest(), to: activity.last.latest() };
            self.instance(activity.class, &name).presence.push(span);
        }
        self.facts.activity.push(activity);
        self
    }

    /// A success with the old version.
    pub(crate) fn old(self, class: &str, instance: &str, at: Timestamp) -> Self {
        self.put(row(class).old().on(instance).at(at))
    }

    /// A success with the new version.
    pub(crate) fn new_ok(self, class: &str, instance: &str, at: Timestamp) -> Self {
        self.put(row(class).on(instance).at(at))
    }

    /// A logged start of the instance.
    pub(crate) fn started(mut self, class: &str, instance: &str, at: Timestamp) -> Self {
        let stream = self.stream_id(class);
        let (class, at) = (self.id(class), self.cite(at));
        let instance = self.instance(class, instance);
        (instance.started, instance.starts) = (Some(at), instance.starts + 1);
        instance.started_in = Some(stream);
        instance.presence.push(Span { from: at.earliest(), to: at.earliest() });
        self
    }

    /// A logged stop of the instance.
    pub(crate) fn stopped(mut self, class: &str, instance: &str, at: Timestamp) -> Self {
        let (class, at) = (self.id(class), self.cite(at));
        self.instance(class, instance).stopped = Some(at);
        self
    }

    /// A logged refresh of the instance.
    pub(crate) fn refreshed(mut self, class: &str, instance: &str, at: Timestamp) -> Self {
        let (class, at) = (self.id(class), self.cite(at));
        self.instance(class, instance).refreshed = Some(at);
        self
    }

    /// A record of configuration or runtime that states a version, of the class or of an instance.
    pub(crate) fn states(
        mut self,
        (class, instance): (&str, Option<&str>),
        (layer, state): (Layer, State),
        at: Timestamp,
    ) -> Self {
        let (stream, class) = (self.stream_id(class), self.id(class));
        let (instance, at) = (instance.map(Arc::from), self.cite(at));
        let (records, first, last) = (1, at, at);
        let one = Statement { class, instance, stream, layer, state, records, first, last };
        self.facts.statements.push(one);
        self
    }

    /// Records of the instance that are no tries.
    pub(crate) fn present(
        mut self,
        class: &str,
        instance: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Self {
        let class = self.id(class);
        self.instance(class, instance).presence.push(Span { from, to });
        self
    }

    /// Old use that no class matches: one event at each of these instants.
    pub(crate) fn undeclared(mut self, service: &str, times: &[Timestamp]) -> Self {
        let cited: Vec<At> = times.iter().map(|at| self.cite(*at)).collect();
        let since: Vec<At> = cited.iter().copied().filter(|at| at.earliest() >= T0).collect();
        self.facts.undeclared.push(Undeclared {
            hints: vec![("service_name", Arc::from(service))],
            events: cited.len() as u64,
            first: cited.first().copied(),
            last: cited.last().copied(),
            since: since.len() as u64,
            since_first: since.first().copied(),
            instances: 1,
            hours: cited.len() as u64,
            cadence: None,
        });
        self
    }

    /// A citable instant of its own row.
    pub(crate) fn cite(&mut self, at: Timestamp) -> At {
        self.rows += 1;
        At { when: When::exact(at), row: self.rows - 1 }
    }

    /// The number of the class.
    pub(crate) fn id(&self, class: &str) -> ClassId {
        let at = self.plan.consumers.iter().position(|one| one.class == class);
        ClassId(at.expect("a class of the world").try_into().expect("few of them"))
    }

    /// The number of the stream.
    pub(crate) fn stream_id(&self, stream: &str) -> StreamId {
        let at = self.facts.streams.iter().position(|one| one.name == stream);
        StreamId(at.expect("a stream of the world").try_into().expect("few of them"))
    }

    fn instance(&mut self, class: ClassId, name: &str) -> &mut Instance {
        let all = &mut self.facts.instances;
        let at = all.iter().position(|one| one.class == class && &*one.name == name);
        let at = at.unwrap_or_else(|| {
            all.push(Instance { class, name: name.into(), ..Instance::default() });
            all.len() - 1
        });
        &mut all[at]
    }

    /// The facts with all pulses.
    pub(crate) fn finished(&self) -> Facts {
        let mut facts = self.facts.clone();
        let step = minutes(self.beat_minutes);
        for (id, stream) in (0..).map(StreamId).zip(&mut facts.streams) {
            let silent = |at: Timestamp| {
                self.silent.iter().any(|(of, span)| *of == id && span.from < at && at < span.to)
            };
            let mut at = h(-336);
            while at <= facts.as_of {
                if !silent(at) {
                    stream.pulse.beat(When::exact(at));
                }
                at = at + step;
            }
            for row in facts.activity.iter().filter(|row| row.stream == id) {
                stream.pulse.beat(row.first.when);
                if row.last.when != row.first.when {
                    stream.pulse.beat(row.last.when);
                }
            }
        }
        facts
    }

    /// The decision on it.
    pub(crate) fn decide(&self) -> Decision {
        decide(&self.plan, &self.finished())
    }

    /// The verdict on it.
    pub(crate) fn verdict(&self) -> Verdict {
        self.decide().verdict
    }

    /// All findings of the rule.
    pub(crate) fn all(&self, rule: &str) -> Vec<Finding> {
        self.decide().findings.into_iter().filter(|finding| finding.rule.word() == rule).collect()
    }

    /// The one finding of the rule.
    #[track_caller]
    pub(crate) fn fires(&self, rule: &str) -> Finding {
        let mut all = self.all(rule);
        assert_eq!(all.len(), 1, "{rule} fires once: {all:#?}");
        all.remove(0)
    }

    /// The rule finds nothing.
    #[track_caller]
    pub(crate) fn silent(&self, rule: &str) {
        let all = self.all(rule);
        assert!(all.is_empty(), "{rule} is silent: {all:#?}");
    }
}

/// The instants of the rows that a finding cites.
pub(crate) fn cited(finding: &Finding) -> Vec<Timestamp> {
    let times = finding.cites.cited().iter().filter_map(|cite| match cite {
        Cite::Row(at) => Some(at.when.at),
        Cite::Record { time, .. } => *time,
    });
    times.collect()
}
