/*! Which consumer, which version, does it matter: one mapped record against the plan.
 *
 * Sees one record, and of other records only what `Learned` carries. Nothing else drops a decoded record.
 */

mod attribution;
mod escapes;
mod links;
pub mod marker_search;
mod markers;
mod matching;
mod needle;
mod rows;
#[cfg(test)]
mod tests;

use crate::map::Occurrences;
use crate::model::NonEmpty;
use crate::model::link::{Learned, LinkKey};
use crate::plan::{PlanSource, ReadingPlan};

pub use attribution::{Attribution, RecordRows, RowSpec};
pub use links::close;
pub use markers::Markers;
pub use matching::{MatchableRecord, Pointers, columns_asked, pointers_asked};

use rows::RowMaker;

/// What reading may see of the plan, ready to be compared with records.
#[derive(Debug)]
pub struct CompiledRotation {
    /// As loaded.
    pub plan: ReadingPlan,
    /// The markers of its versions, ready to look values up.
    pub markers: Markers,
    /// The key of the ids that links tie together. It follows from the plan, so that scans under one plan can be joined
    /// wherever they were made, and the same inputs give the same bytes.
    pub link_key: LinkKey,
}

impl CompiledRotation {
    /// Compiles a plan.
    pub fn new(plan: ReadingPlan) -> Self {
        let link_key = LinkKey::of(&format!("{plan:?}"));
        Self { markers: Markers::new(&plan), plan, link_key }
    }
}

/// Attributes one record. `source` is the plan's source of its input.
pub fn attribute<'b>(
    rotation: &CompiledRotation,
    learned: &Learned,
    source: Option<&PlanSource>,
    record: MatchableRecord<'b>,
) -> Attribution<'b> {
    let (plan, markers) = (&rotation.plan, &rotation.markers);
    let claimed = source.and_then(|source| source.class);
    let mut classes = matching::classes(plan, claimed, record);
    if classes.is_empty() {
        classes.extend(matching::class_of_instance(plan, learned, record));
    }
    let occurrences = record.mapped.occurrences;
    if occurrences == Occurrences::Times(0) {
        return Attribution { classes, kept: None };
    }
    let maker = RowMaker { plan, markers, learned, source, record, classes: &classes };
    let mut rows = maker.of_own_markers();
    // If nobody can say what its number counts, only the marker of a record is evidence.
    let is_counted = occurrences != Occurrences::Unknown;
    if rows.is_empty() && !classes.is_empty() && is_counted {
        rows.extend(maker.without_version());
    }
    rows.extend(maker.of_named_markers());
    let degraded = record.mapped.degraded || maker.is_fallback();
    let kept =
        NonEmpty::new(rows).map(|rows| RecordRows { classes: classes.clone(), rows, degraded });
    Attribution { classes, kept }
}
