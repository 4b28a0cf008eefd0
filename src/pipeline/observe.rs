/*! The walk over all inputs before there is a plan, which `sources test` and `discover` share. */

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use crate::attribute::CompiledRotation;
use crate::ingest::walk;
use crate::model::Duration;
use crate::model::bounds::TimeBounds;
use crate::plan::{PlanSource, ReadingPlan};
use crate::profile::Overlay;
use crate::scan::{ObservedRecord, Observer, Part, ScanOptions, SinkError, Wanted, look};

use super::collect::why_nothing;
use super::error::Error;
use super::reading::overlay;
use super::request::Request;

/// What a scan needs to know of the sources, without the rest of a plan.
fn wanted(request: &Request, sources: &[PlanSource]) -> Wanted {
    let bounds =
        TimeBounds { latest: request.now + Duration::HOUR, near: request.now, beyond: None };
    let overlays: Vec<Overlay> = sources.iter().map(overlay).collect();
    let sources = sources.iter().map(|source| PlanSource { class: None, ..source.clone() });
    let plan = ReadingPlan { sources: sources.collect(), ..ReadingPlan::nothing() };
    Wanted::new(CompiledRotation::new(plan), request.known_profiles(), &overlays, bounds)
        .guessing_rows()
}

/// One observer for each member of an input.
struct MemberObservers<O>(BTreeMap<u32, O>);

impl<O: Observer + Default> Observer for MemberObservers<O> {
    fn observe(&mut self, record: &ObservedRecord<'_>) {
        self.0.entry(record.member).or_default().observe(record);
    }

    fn wants_fields(&self, member: u32) -> bool {
        self.0.get(&member).map_or_else(|| O::default().wants_fields(0), |of| of.wants_fields(0))
    }
}

/// Shows each input, and each member of one, to an observer of its own, read as these sources say. The result is in
/// the order of the inputs.
pub(super) fn observe_each<O: Observer + Default + Send>(
    request: &Request,
    sources: &[PlanSource],
) -> Result<Vec<(Part, O)>, Error> {
    let inputs = walk(&request.paths);
    if inputs.iter().all(|input| input.trouble.is_some()) {
        return Err(Error::NoInput(why_nothing(&inputs)));
    }
    let wanted = wanted(request, sources);
    let bytes = AtomicU64::new(0);
    let progress = |read: u64| bytes.store(read, Ordering::Relaxed);
    let observed = request.pool()?.install(|| {
        inputs
            .into_par_iter()
            .map(|input| {
                let watch =
                    ScanOptions { digest: None, strict: true, ahead: false, progress: &progress };
                let mut observers = MemberObservers::<O>(BTreeMap::new());
                let parts = look(&input, &wanted, &watch, &mut observers)?;
                let with_observer = |part: Part| {
                    let observer = observers.0.remove(&part.member).unwrap_or_default();
                    (part, observer)
                };
                Ok(parts.into_iter().map(with_observer).collect::<Vec<_>>())
            })
            .collect::<Result<Vec<_>, SinkError>>()
    });
    Ok(observed?.into_iter().flatten().collect())
}
