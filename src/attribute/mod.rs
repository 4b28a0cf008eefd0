/*! Which class, which version, does it matter: one mapped record against the plan.
 *
 * Sees one record, and of other records only what `Learned` carries. Nothing else drops a decoded record.
 */

mod class;
mod close;
mod markers;

use std::borrow::Cow;

use crate::map::{Occurrences, ReportedOutcome};
use crate::model::columns::Column;
use crate::model::evidence::Settle;
use crate::model::link::Learned;
use crate::model::{Binding, ClassId, Kind, Layer, Outcome, Refresh, State, Use, VersionId};
use crate::plan::{PlanSource, ReadingPlan};

pub use class::{Pointers, Seen, pointers_asked};
pub use close::close;
pub use markers::Markers;

/// The plan, ready to be asked about records.
#[derive(Debug)]
pub struct Rotation {
    /// As loaded.
    pub plan: ReadingPlan,
    /// Its markers.
    pub markers: Markers,
}

impl Rotation {
    /// Compiles a plan.
    pub fn new(plan: ReadingPlan) -> Self {
        Self { markers: Markers::new(&plan), plan }
    }
}

/// A row that a record gives.
#[derive(Clone, Debug)]
pub struct RowSpec<'b> {
    /// The marker as logged.
    pub uid: Option<Cow<'b, str>>,
    /// The version of the plan.
    pub version: Option<VersionId>,
    /// Its state.
    pub state: State,
    /// How the record is tied to it.
    pub binding: Binding,
    /// What the row states.
    pub kind: Kind,
    /// What kind of testimony it gives.
    pub layer: Layer,
    /// Is that decided?
    pub settle: Settle,
}

/// What a record means to the rotation.
#[derive(Clone, Debug)]
pub struct Attribution<'b> {
    /// Its classes: none is unattributed, two and more are ambiguous.
    pub classes: Vec<ClassId>,
    /// Its rows, the same for each class. Never empty.
    pub rows: Vec<RowSpec<'b>>,
    /// Did the work go through a fallback?
    pub degraded: bool,
}

/// What a record tells beside its rows, for all that are dated.
#[derive(Clone, Debug, Default)]
pub struct Attributed<'b> {
    /// The classes it matches.
    pub classes: Vec<ClassId>,
    /// What it testifies to; none: it cannot become evidence of this rotation.
    pub kept: Option<Attribution<'b>>,
}

/// Attributes one record.
pub fn attribute<'b>(
    rotation: &Rotation,
    learned: &Learned,
    source: Option<&PlanSource>,
    seen: Seen<'b>,
) -> Attributed<'b> {
    let claimed = source.and_then(|source| source.class);
    let mut classes = class::classes(&rotation.plan, claimed, seen);
    if classes.is_empty() {
        classes.extend(class::of_instance(&rotation.plan, learned, seen));
    }
    if seen.mapped.counted == Occurrences::Times(0) {
        return Attributed { classes, kept: None };
    }
    let one = One { rotation, learned, source, seen, classes: &classes };
    let mut rows = one.shown();
    // Of a number without a meaning only its marker says something.
    let says_more = seen.mapped.counted != Occurrences::Unknown;
    if rows.is_empty() && !classes.is_empty() && says_more {
        rows.extend(one.unshown());
    }
    rows.extend(one.named());
    let degraded = seen.mapped.degraded || one.is_fallback();
    let kept = (!rows.is_empty()).then(|| Attribution { classes: classes.clone(), rows, degraded });
    Attributed { classes, kept }
}

/// What kind of testimony it is, in a source that tells of work and of what stands behind it.
fn layer_of(source: Layer, kind: Kind) -> Layer {
    match (source, kind) {
        (Layer::Behavior, Kind::Declare) => Layer::Configuration,
        (Layer::Behavior, Kind::Start | Kind::Stop | Kind::Refresh) => Layer::Runtime,
        (layer, _) => layer,
    }
}

struct One<'a, 'b> {
    rotation: &'a Rotation,
    learned: &'a Learned,
    source: Option<&'a PlanSource>,
    seen: Seen<'b>,
    classes: &'a [ClassId],
}

impl<'b> One<'_, 'b> {
    /// What a value stands for: by its marker, or by a link.
    fn meaning(&self, value: &str) -> Option<(Option<VersionId>, State, Binding)> {
        if let Some(version) = self.rotation.markers.version(value) {
            return Some((Some(version), self.rotation.markers.state(version), Binding::Direct));
        }
        let meaning = self.learned.sessions.get(value)?;
        Some((meaning.version, meaning.state, Binding::Derived))
    }

    /// Rows of a record that shows a version of the plan. Several tried in one record: nobody can say
    /// which was accepted, so the try counts against readiness and the others were passed over.
    fn shown(&self) -> Vec<RowSpec<'b>> {
        let mapped = self.seen.mapped;
        let mut rows: Vec<RowSpec<'b>> = Vec::new();
        for uid in &mapped.uids {
            let Some((version, state, binding)) = self.meaning(uid) else { continue };
            if rows.iter().any(|row| row.version == version) {
                continue;
            }
            let kind = self.kind_of_shown();
            let (layer, settle) = (layer_of(mapped.layer, kind), Settle::Sure);
            rows.push(RowSpec {
                uid: Some(uid.clone()),
                version,
                state,
                binding,
                kind,
                layer,
                settle,
            });
        }
        rows.sort_by_key(|row| row.state);
        for row in rows.iter_mut().skip(1).filter(|row| row.kind.is_try()) {
            row.kind = Kind::Lookup;
        }
        rows
    }

    /// What a record with a marker of the plan states. A word such as `job` or `start` beside a real outcome does not
    /// make the use of a credential into none.
    fn kind_of_shown(&self) -> Kind {
        let kind = self.seen.mapped.kind.unwrap_or(Kind::Auth);
        match kind {
            Kind::Job | Kind::Start | Kind::Stop | Kind::Declare if self.has_outcome() => {
                Kind::Auth
            }
            kind => kind,
        }
    }

    /// The row of a record of a class that shows no version of the plan.
    fn unshown(&self) -> Option<RowSpec<'b>> {
        let mapped = self.seen.mapped;
        let uid = mapped.uids.first().cloned();
        let otherwise = if mapped.text(Column::JobId).is_some() {
            Some(Kind::Job)
        } else {
            uid.as_ref().map(|_| Kind::Lookup)
        };
        let as_try = if uid.is_some() { Kind::Auth } else { Kind::Work };
        let (kind, settle) = match mapped.kind {
            Some(kind @ (Kind::Start | Kind::Stop | Kind::Refresh | Kind::Declare | Kind::Job)) => {
                (kind, Settle::Sure)
            }
            Some(Kind::Lookup) => (uid.as_ref().map(|_| Kind::Lookup)?, Settle::Sure),
            Some(kind @ (Kind::Auth | Kind::Work)) if self.has_outcome() => (kind, Settle::Sure),
            Some(Kind::Auth | Kind::Work) | None => match self.is_try() {
                Some(true) => (as_try, Settle::Sure),
                Some(false) if uid.is_some() => (as_try, Settle::IfDerived(otherwise)),
                Some(false) => (otherwise?, Settle::Sure),
                None => (as_try, Settle::IfCarried(otherwise)),
            },
        };
        let (state, binding) = self.inferred(uid.is_some());
        let layer = layer_of(mapped.layer, kind);
        Some(RowSpec { uid, version: None, state, binding, kind, layer, settle })
    }

    fn has_outcome(&self) -> bool {
        match self.seen.mapped.told {
            ReportedOutcome::Known(Outcome::None)
            | ReportedOutcome::Nothing
            | ReportedOutcome::Doubtful(_) => false,
            ReportedOutcome::Known(_) | ReportedOutcome::Unknown(_) => true,
        }
    }

    /// Is a record without a marker of the plan a try? None: the rest of the inputs tells.
    fn is_try(&self) -> Option<bool> {
        if !self.has_outcome() {
            return Some(false);
        }
        let plan = &self.rotation.plan;
        let indirect = self.classes.iter().any(|class| plan.class(*class).usage == Use::Indirect);
        if indirect || self.is_fallback() {
            return Some(true);
        }
        match self.source {
            Some(source) if !source.uses.is_empty() => Some(self.seen.matches_any(&source.uses)),
            Some(_) | None => None,
        }
    }

    fn is_fallback(&self) -> bool {
        let plan = &self.rotation.plan;
        self.classes.iter().any(|class| self.seen.matches_any(&plan.class(*class).fallback))
    }

    /// What follows from times alone: a process holds what was there when it started.
    fn inferred(&self, shows_foreign: bool) -> (State, Binding) {
        let plan = &self.rotation.plan;
        let loads_at_start = self.classes.iter().all(|class| {
            matches!(plan.class(*class).refresh, Some(Refresh::OnStart | Refresh::AtLaunch))
        });
        match self.seen.mapped.measured.instance_start {
            Some(start) if loads_at_start && !shows_foreign => {
                let state = if start < plan.introduced { State::Old } else { State::New };
                (state, Binding::Inferred)
            }
            Some(_) | None => (State::Unknown, Binding::None),
        }
    }

    /// Rows of markers that the record names without using them.
    fn named(&self) -> Vec<RowSpec<'b>> {
        let named = self.seen.mapped.also.iter().filter_map(|also| {
            let (version, state, binding) = self.meaning(&also.uid)?;
            let (kind, layer) = (also.kind, also.layer);
            let uid = Some(also.uid.clone());
            Some(RowSpec { uid, version, state, binding, kind, layer, settle: Settle::Sure })
        });
        named.collect()
    }
}
