/*! A plan and facts made by hand, hour by hour around the change at `h(0)`. The report judges as of `h(96)`. */

use std::fmt;
use std::sync::Arc;

use crate::judge::{Rule, decide};
use crate::model::coverage::StreamId;
use crate::model::decision::{Decision, Verdict};
use crate::model::facts::{Facts, Input, Instance, Statement, Stream, Tick, Undeclared};
use crate::model::finding::{Cite, Finding};
use crate::model::{
    At, Binding, ClassBasis, ClassId, InputId, Kind, Layer, MarkerShown, Span, State, Timestamp,
    Use, When,
};
use crate::plan::{Consumer, Plan};

use super::members::{self, Hints};
use super::rows::{RowBuilder, T0, consumer, h, minutes, plan, row};

/// A plan and facts, built step by step.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) facts: Facts,
    rows: u64,
    beat_minutes: i64,
    silent: Vec<(StreamId, Span)>,
    hints: Hints,
}

/// The rows since the change: in these the worlds of a test differ.
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
        Self {
            plan: plan(),
            facts,
            rows: 0,
            beat_minutes: 10,
            silent: Vec::new(),
            hints: Hints::new(),
        }
    }

    /// One class `w` on `i1` that used old every 6 h for two weeks and new every 6 h since. It is ready.
    pub(crate) fn ready() -> Self {
        Self::new().class("w").steady("w", "i1")
    }

    /// Uses old every 6 h from two weeks before the change, and new every 6 h from `h(1)` on.
    pub(crate) fn steady(mut self, class: &str, instance: &str) -> Self {
        for n in -56..0 {
            self = self.old(class, instance, h(n * 6));
        }
        for n in 0..16 {
            self = self.new_ok(class, instance, h(n * 6 + 1));
        }
        self
    }

    /// A direct primary class that refreshes per request, with a log source of the same name that records every ten
    /// minutes, from two weeks before the change to the end.
    pub(crate) fn class(mut self, name: &str) -> Self {
        let class = ClassId(self.plan.consumers.len().try_into().expect("few of them"));
        self.plan.consumers.push(consumer(name));
        let carries = vec![class];
        let inputs = vec![InputId(0)];
        self.facts.streams.push(Stream {
            name: name.to_owned(),
            carries,
            inputs,
            holds_others: true,
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

    /// Makes the class an indirect one, whose rows show no version.
    pub(crate) fn indirect(self, class: &str) -> Self {
        let id = self.id(class);
        let bare = |facts: &mut Facts| {
            for row in facts.activity.iter_mut().filter(|row| row.class == id) {
                (row.version, row.state) = (None, State::Unknown);
                (row.binding, row.shown) = (Binding::None, MarkerShown::None);
            }
        };
        self.consumer(class, |c| c.usage = Use::Indirect).facts(bare)
    }

    pub(crate) fn plan(mut self, change: impl FnOnce(&mut Plan)) -> Self {
        change(&mut self.plan);
        self
    }

    pub(crate) fn facts(mut self, change: impl FnOnce(&mut Facts)) -> Self {
        change(&mut self.facts);
        self
    }

    /// Sets the instant as of which the report judges.
    pub(crate) fn judged_at(mut self, at: Timestamp) -> Self {
        self.facts.as_of = at;
        self
    }

    /// Adds a log source in which the class appears.
    pub(crate) fn stream(mut self, name: &str, class: &str) -> Self {
        let carries = vec![self.id(class)];
        let name = name.to_owned();
        let stream = Stream { name, carries, holds_others: true, ..Stream::default() };
        self.facts.streams.push(stream);
        self
    }

    /// The log source records nothing between these two instants, which are not part of the hole.
    pub(crate) fn hole(mut self, stream: &str, from: Timestamp, to: Timestamp) -> Self {
        let id = self.stream_id(stream);
        self.silent.push((id, Span { from, to }));
        self
    }

    /// Adds a group of rows.
    pub(crate) fn put(mut self, row: RowBuilder) -> Self {
        let RowBuilder { class, stream, hints, cells: mut activity } = row;
        activity.class = self.id(&class);
        activity.stream = self.stream_id(&stream);
        activity.first.row = self.rows;
        self.hints.insert(self.rows, hints);
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
        let stream = self.stream_id(class);
        let (class, at) = (self.id(class), self.cite(at));
        let instance = self.instance(class, instance);
        (instance.stopped, instance.stopped_in) = (Some(at), Some(stream));
        self
    }

    /// A logged refresh of the instance.
    pub(crate) fn refreshed(mut self, class: &str, instance: &str, at: Timestamp) -> Self {
        let (class, at) = (self.id(class), self.cite(at));
        self.instance(class, instance).refreshed = Some(at);
        self
    }

    /// The configuration states a version, for the class or for an instance of it.
    pub(crate) fn configured(
        self,
        class: &str,
        instance: Option<&str>,
        state: State,
        at: Timestamp,
    ) -> Self {
        self.stated(Layer::Configuration, (class, instance), state, at)
    }

    /// A process states which version it has loaded.
    pub(crate) fn loaded(
        self,
        class: &str,
        instance: Option<&str>,
        state: State,
        at: Timestamp,
    ) -> Self {
        self.stated(Layer::Runtime, (class, instance), state, at)
    }

    fn stated(
        mut self,
        layer: Layer,
        consumer: (&str, Option<&str>),
        state: State,
        at: Timestamp,
    ) -> Self {
        let (stream, class) = (self.stream_id(consumer.0), self.id(consumer.0));
        let (instance, at) = (consumer.1.map(Arc::from), self.cite(at));
        let (records, first, last) = (1, at, at);
        let (class, basis, kind) = (Some(class), ClassBasis::Matched, Kind::Declare);
        self.facts.statements.push(Statement {
            class,
            basis,
            kind,
            instance,
            stream,
            layer,
            state,
            records,
            first,
            last,
        });
        self
    }

    /// Records of the instance that are not attempts.
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

    /// Adds old use that no class matches: one event at each of these instants.
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

    /// An instant with a new row, so that it can be cited.
    pub(crate) fn cite(&mut self, at: Timestamp) -> At {
        self.rows += 1;
        At { when: When::exact(at), row: self.rows - 1 }
    }

    pub(crate) fn id(&self, class: &str) -> ClassId {
        let at = self.plan.consumers.iter().position(|consumer| consumer.class == class);
        ClassId(at.expect("a class of the world").try_into().expect("few of them"))
    }

    pub(crate) fn stream_id(&self, stream: &str) -> StreamId {
        let at = self.facts.streams.iter().position(|known| known.name == stream);
        StreamId(at.expect("a stream of the world").try_into().expect("few of them"))
    }

    fn instance(&mut self, class: ClassId, name: &str) -> &mut Instance {
        let instances = &mut self.facts.instances;
        let is_it = |instance: &Instance| instance.class == class && &*instance.name == name;
        let at = instances.iter().position(is_it).unwrap_or_else(|| {
            instances.push(Instance { class, name: name.into(), ..Instance::default() });
            instances.len() - 1
        });
        &mut instances[at]
    }

    /// The facts, with the pulses of all log sources filled in.
    pub(crate) fn finished(&self) -> Facts {
        let mut facts = self.facts.clone();
        members::fill(&mut facts, &self.hints);
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

    pub(crate) fn decide(&self) -> Decision {
        decide(&self.plan, &self.finished())
    }

    pub(crate) fn verdict(&self) -> Verdict {
        self.decide().verdict
    }

    pub(crate) fn findings_of(&self, rule: &Rule) -> Vec<Finding> {
        self.decide().findings.into_iter().filter(|finding| finding.rule == rule.code).collect()
    }

    /// The only finding of the rule.
    #[track_caller]
    pub(crate) fn fires(&self, rule: &Rule) -> Finding {
        let mut findings = self.findings_of(rule);
        assert_eq!(findings.len(), 1, "{} fires once: {findings:#?}", rule.code);
        findings.remove(0)
    }

    /// Checks that the rule finds nothing.
    #[track_caller]
    pub(crate) fn silent(&self, rule: &Rule) {
        let findings = self.findings_of(rule);
        assert!(findings.is_empty(), "{} is silent: {findings:#?}", rule.code);
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
