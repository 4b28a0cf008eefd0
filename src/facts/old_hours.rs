/*! How often each consumer used an old version, hour by hour. */

use super::ends::Uses;
use super::evidence::Beginning;
use super::groups::Groups;
use crate::model::replay::OldHour;
use crate::model::{ClassBasis, ClassId, Span, Timestamp};

/// By a fold over the rows.
pub fn fold(asked: Beginning<'_>) -> Vec<OldHour> {
    let mut groups: Groups<(Option<ClassId>, ClassBasis, Timestamp), Uses> = Groups::default();
    let uses = asked.known().filter(|seen| seen.is_old_use());
    for seen in uses {
        groups.of((seen.class, seen.basis, seen.latest().hour())).add(seen);
    }
    groups.facts(|((class, basis, hour), uses)| OldHour {
        class,
        shared: basis == ClassBasis::Ambiguous,
        hour,
        uses: Span { from: uses.first().earliest(), to: uses.last().latest() },
        events: uses.events,
    })
}

/// In the order of time.
pub fn sorted(mut hours: Vec<OldHour>) -> Vec<OldHour> {
    hours.sort_by_key(|hour| (hour.hour, hour.class, hour.shared));
    hours
}
