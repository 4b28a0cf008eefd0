/*! The rows that one record gives: of its own marker, of work without a marker, of markers that it only names. */

use super::attribution::RowSpec;
use super::markers::Markers;
use super::matching::MatchableRecord;
use crate::map::{KindBasis, ReportedOutcome};
use crate::model::columns::Column;
use crate::model::evidence::Settle;
use crate::model::link::Learned;
use crate::model::{Binding, ClassId, Kind, Layer, Outcome, Refresh, State, Use, VersionId};
use crate::plan::{PlanSource, ReadingPlan};

/// A record of known classes, about to become rows.
pub(super) struct RowMaker<'a, 'b> {
    pub(super) plan: &'a ReadingPlan,
    pub(super) markers: &'a Markers,
    pub(super) learned: &'a Learned,
    pub(super) source: Option<&'a PlanSource>,
    pub(super) record: MatchableRecord<'b>,
    pub(super) classes: &'a [ClassId],
}

impl<'b> RowMaker<'_, 'b> {
    /// What a value stands for: a marker of the plan, or an id that links tie to a marker.
    fn meaning(&self, value: &str) -> Option<(Option<VersionId>, State, Binding)> {
        if let Some(version) = self.markers.version(value) {
            return Some((Some(version), self.markers.state(version), Binding::Direct));
        }
        let meaning = self.learned.session(value)?;
        Some((meaning.version, meaning.state, Binding::Derived))
    }

    /// The rows of a record that shows versions of the plan. If it shows several, it does not say which was accepted:
    /// only the one that speaks most against readiness counts as an attempt.
    pub(super) fn of_own_markers(&self) -> Vec<RowSpec<'b>> {
        let mapped = self.record.mapped;
        let mut rows: Vec<RowSpec<'b>> = Vec::new();
        for uid in &mapped.uids {
            let Some((version, state, binding)) = self.meaning(uid) else { continue };
            if rows.iter().any(|row| row.version == version) {
                continue;
            }
            let kind = self.kind_with_marker(state);
            let (layer, settle) = (layer_of(mapped.layer, kind), Settle::Sure);
            let uid = Some(uid.clone());
            rows.push(RowSpec { uid, version, state, binding, kind, layer, settle });
        }
        rows.sort_by_key(|row| row.state);
        for row in rows.iter_mut().skip(1).filter(|row| row.kind.is_try()) {
            row.kind = Kind::Lookup;
        }
        rows
    }

    /// What a record with a marker of the plan states. An application that calls its records `lookup` or `refresh`
    /// means its own work: with an outcome they are uses. A `start` or a `job` with an outcome may be a use of the old
    /// version, and does not prove one of the new version.
    fn kind_with_marker(&self, state: State) -> Kind {
        let mapped = self.record.mapped;
        if mapped.last_use().is_some_and(|used| used.latest() >= self.plan.introduced) {
            return Kind::Auth;
        }
        let is_guessed = mapped.kind_basis == KindBasis::Guessed;
        let Some(kind) = mapped.kind.filter(|_| !is_guessed || state == State::New) else {
            return Kind::Auth;
        };
        if mapped.kind_basis == KindBasis::Settled || !self.has_outcome() {
            return kind;
        }
        match kind {
            Kind::Lookup | Kind::Refresh => Kind::Auth,
            Kind::Job | Kind::Start | Kind::Stop | Kind::Open | Kind::Close | Kind::Declare
                if state == State::Old =>
            {
                Kind::Auth
            }
            kind => kind,
        }
    }

    /// The row of a record that belongs to a class and shows no version of the plan.
    pub(super) fn without_version(&self) -> Option<RowSpec<'b>> {
        let mapped = self.record.mapped;
        let uid = mapped.uids.first().cloned();
        let otherwise = if mapped.text(Column::JobId).is_some() {
            Some(Kind::Job)
        } else {
            uid.as_ref().map(|_| Kind::Lookup)
        };
        let as_attempt = if uid.is_some() { Kind::Auth } else { Kind::Work };
        let (kind, settle) = match mapped.kind {
            Some(
                kind @ (Kind::Start
                | Kind::Stop
                | Kind::Open
                | Kind::Close
                | Kind::Refresh
                | Kind::Declare
                | Kind::Job),
            ) => (kind, Settle::Sure),
            Some(Kind::Lookup) => (uid.as_ref().map(|_| Kind::Lookup)?, Settle::Sure),
            Some(kind @ (Kind::Auth | Kind::Work)) if self.has_outcome() => (kind, Settle::Sure),
            Some(Kind::Auth | Kind::Work) | None => match self.is_attempt() {
                Some(true) => (as_attempt, Settle::Sure),
                Some(false) if uid.is_some() => (as_attempt, Settle::IfDerived(otherwise)),
                Some(false) => (otherwise?, Settle::Sure),
                None => (as_attempt, Settle::IfCarried(otherwise)),
            },
        };
        let (state, binding) = self.inferred(uid.is_some());
        let layer = layer_of(mapped.layer, kind);
        Some(RowSpec { uid, version: None, state, binding, kind, layer, settle })
    }

    fn has_outcome(&self) -> bool {
        match self.record.mapped.outcome {
            ReportedOutcome::Known(Outcome::None)
            | ReportedOutcome::Nothing
            | ReportedOutcome::Doubtful(_) => false,
            ReportedOutcome::Known(_) | ReportedOutcome::Unknown(_) => true,
        }
    }

    /// Is a record without a marker of the plan an attempt? None: the rest of the inputs decides.
    fn is_attempt(&self) -> Option<bool> {
        if !self.has_outcome() {
            return Some(false);
        }
        let is_indirect = |class: &ClassId| self.plan.class(*class).usage == Use::Indirect;
        if self.classes.iter().any(is_indirect) || self.is_fallback() {
            return Some(true);
        }
        match self.source {
            Some(source) if !source.uses.is_empty() => Some(self.record.matches_any(&source.uses)),
            Some(_) | None => None,
        }
    }

    pub(super) fn is_fallback(&self) -> bool {
        let fallback = |class: &ClassId| &self.plan.class(*class).fallback;
        self.classes.iter().any(|class| self.record.matches_any(fallback(class)))
    }

    /// The state that follows from times alone: a process that reads its credential only at its start still has the
    /// one of that time.
    fn inferred(&self, shows_foreign: bool) -> (State, Binding) {
        let loads_at_start = self.classes.iter().all(|class| {
            matches!(self.plan.class(*class).refresh, Some(Refresh::OnStart | Refresh::AtLaunch))
        });
        match self.record.mapped.measured.instance_start {
            Some(start) if loads_at_start && !shows_foreign => {
                let state = if start < self.plan.introduced { State::Old } else { State::New };
                (state, Binding::Inferred)
            }
            Some(_) | None => (State::Unknown, Binding::None),
        }
    }

    /// The rows of markers that the record names without using them.
    pub(super) fn of_named_markers(&self) -> Vec<RowSpec<'b>> {
        let rows = self.record.mapped.named.iter().filter_map(|named| {
            let (version, state, binding) = self.meaning(&named.uid)?;
            let (kind, layer) = (named.kind, named.layer);
            let uid = Some(named.uid.clone());
            Some(RowSpec { uid, version, state, binding, kind, layer, settle: Settle::Sure })
        });
        rows.collect()
    }
}

/// What kind of testimony a row gives. Logs of work also hold records about the configuration and the processes
/// behind it.
fn layer_of(source: Layer, kind: Kind) -> Layer {
    match (source, kind) {
        (Layer::Behavior, Kind::Declare) => Layer::Configuration,
        (Layer::Behavior, Kind::Start | Kind::Stop | Kind::Refresh) => Layer::Runtime,
        (layer, _) => layer,
    }
}
