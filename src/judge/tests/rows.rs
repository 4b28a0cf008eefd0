/*! The parts of a world: hours around the change, rows, and a plan in which nothing is missing. */

use std::sync::Arc;

use crate::model::coverage::StreamId;
use crate::model::facts::{Activity, Facet};
use crate::model::{
    At, Binding, ClassBasis, ClassId, Duration, Kind, MarkerShown, Outcome, PathKind, Refresh,
    State, TimeBasis, Timestamp, Use, VersionId, VersionState, When,
};
use crate::plan::{
    Consumer, Credential, CutoverModel, JudgementLimits, Marker, Plan, RotationPlan, Site, Version,
};

/// The change: 2026-03-02T09:00:00Z.
pub(crate) const T0: Timestamp = Timestamp(1_772_442_000_000_000);

/// The instant that many hours after the change, or before it if negative.
pub(crate) fn h(hours: i64) -> Timestamp {
    Timestamp(T0.0 + hours * Duration::HOUR.0)
}

pub(crate) fn hours(n: i64) -> Duration {
    Duration(n * Duration::HOUR.0)
}

pub(crate) fn minutes(n: i64) -> Duration {
    Duration(n * Duration::MINUTE.0)
}

/// A row of a class: a single success with the new version, at the change. Its methods change the rest.
pub(crate) fn row(class: &str) -> RowBuilder {
    let at = At { when: When::exact(h(0)), row: 0 };
    RowBuilder {
        class: class.to_owned(),
        stream: class.to_owned(),
        hints: Vec::new(),
        cells: Activity {
            class: ClassId(0),
            basis: ClassBasis::Matched,
            stream: StreamId(0),
            instance: None,
            environment: None,
            version: Some(VersionId(1)),
            state: State::New,
            binding: Binding::Direct,
            shown: MarkerShown::Plan,
            kind: Kind::Auth,
            outcome: Outcome::Success,
            degraded: false,
            single: true,
            count: 1,
            first: at,
            last: at,
        },
    }
}

/// A group of rows, to be added to a world.
pub(crate) struct RowBuilder {
    pub(crate) class: String,
    pub(crate) stream: String,
    pub(crate) hints: Vec<(Facet, Arc<str>)>,
    /// Everything else, for tests that need what no method sets.
    pub(crate) cells: Activity,
}

impl RowBuilder {
    pub(crate) fn at(self, at: Timestamp) -> Self {
        self.between(at, at)
    }
    /// The first and the last of a group.
    pub(crate) fn between(mut self, first: Timestamp, last: Timestamp) -> Self {
        self.cells.first.when = When::exact(first);
        self.cells.last.when = When::exact(last);
        self
    }
    /// One interval.
    pub(crate) fn coarse(mut self, from: Timestamp, to: Timestamp) -> Self {
        let when = When { at: from, end: Some(to), basis: TimeBasis::Coarse };
        (self.cells.first.when, self.cells.last.when, self.cells.single) = (when, when, false);
        self
    }
    pub(crate) fn count(mut self, count: u64) -> Self {
        self.cells.count = count;
        self
    }
    pub(crate) fn on(mut self, instance: &str) -> Self {
        self.cells.instance = (!instance.is_empty()).then(|| instance.into());
        self
    }
    pub(crate) fn env(mut self, environment: &str) -> Self {
        self.cells.environment = Some(environment.into());
        self
    }
    pub(crate) fn hint(mut self, facet: Facet, value: &str) -> Self {
        self.hints.push((facet, Arc::from(value)));
        self
    }
    pub(crate) fn stream(mut self, stream: &str) -> Self {
        stream.clone_into(&mut self.stream);
        self
    }
    fn shows(
        mut self,
        version: Option<u16>,
        state: State,
        binding: Binding,
        shown: MarkerShown,
    ) -> Self {
        self.cells.version = version.map(VersionId);
        (self.cells.state, self.cells.binding, self.cells.shown) = (state, binding, shown);
        self
    }
    pub(crate) fn old(self) -> Self {
        self.shows(Some(0), State::Old, Binding::Direct, MarkerShown::Plan)
    }
    pub(crate) fn inferred(mut self) -> Self {
        (self.cells.binding, self.cells.shown) = (Binding::Inferred, MarkerShown::None);
        self
    }
    pub(crate) fn derived(mut self) -> Self {
        self.cells.binding = Binding::Derived;
        self
    }
    pub(crate) fn unversioned(self) -> Self {
        self.shows(None, State::Unknown, Binding::None, MarkerShown::None)
    }
    pub(crate) fn foreign(self) -> Self {
        self.shows(None, State::Unknown, Binding::None, MarkerShown::Foreign)
    }
    pub(crate) fn novel(self) -> Self {
        self.shows(None, State::Unknown, Binding::None, MarkerShown::Novel)
    }
    pub(crate) fn ambiguous(mut self) -> Self {
        self.cells.basis = ClassBasis::Ambiguous;
        self
    }
    pub(crate) fn degraded(mut self) -> Self {
        self.cells.degraded = true;
        self
    }
    pub(crate) fn aggregated(mut self) -> Self {
        self.cells.single = false;
        self
    }
    pub(crate) fn kind(mut self, kind: Kind) -> Self {
        self.cells.kind = kind;
        self
    }
    pub(crate) fn outcome(mut self, outcome: Outcome) -> Self {
        self.cells.outcome = outcome;
        self
    }
    pub(crate) fn refused(self) -> Self {
        self.outcome(Outcome::AuthFailure)
    }
    pub(crate) fn denied(self) -> Self {
        self.outcome(Outcome::Denied)
    }
}

/// A plan without classes in which nothing is missing.
pub(crate) fn plan() -> Plan {
    let version = |name: &str, state| Version {
        name: name.to_owned(),
        state,
        markers: vec![Marker::Literal(format!("key-{name}"))],
        site: Site { line: 5, column: 1 },
    };
    Plan {
        sha256: None,
        file: "holdover.toml".to_owned(),
        credential: Credential { name: "token".to_owned(), dependency: None },
        versions: vec![version("v1", VersionState::Old), version("v2", VersionState::New)],
        rotation: RotationPlan {
            models: vec![CutoverModel::DualValid],
            introduced: T0,
            revoke_target: None,
            revoked: None,
            window: hours(48),
            slowest: None,
            rollback: Some("re-enable v1".to_owned()),
            decision_owner: Some("security".to_owned()),
            in_flight: None,
            required_evidence: Vec::new(),
            site: Site { line: 10, column: 1 },
        },
        consumers: Vec::new(),
        sources: Vec::new(),
        waivers: Vec::new(),
        limits: JudgementLimits::default(),
    }
}

/// A direct primary class of which nothing is missing.
pub(crate) fn consumer(name: &str) -> Consumer {
    Consumer {
        class: name.to_owned(),
        path: PathKind::Primary,
        usage: Use::Direct,
        owner: Some("team".to_owned()),
        refresh: Some(Refresh::PerRequest),
        session_max: None,
        slowest: None,
        every: None,
        lag: minutes(15),
        effects: Vec::new(),
        derived: Vec::new(),
        environments: Vec::new(),
        is_fallback: false,
        run_settles: false,
        matches: Vec::new(),
        fallback: Vec::new(),
        disabled: false,
        disabled_reason: None,
        limits: JudgementLimits::default(),
        site: Site { line: 20, column: 1 },
    }
}
