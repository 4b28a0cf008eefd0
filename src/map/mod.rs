/*! Which field means what: the decoded fields of a record become its time, hints, markers and outcome.
 *
 * Knows formats, not plans: whether a marker or a consumer matters is decided by `attribute`.
 */

mod absent;
mod address;
mod column_slots;
mod distinct;
mod ids;
mod joins;
mod kind;
mod last_use;
mod listed;
mod mapped;
mod mapper;
mod nested;
mod occurrences;
mod outcome_words;
mod profile_reading;
mod record_time;
mod reported_outcome;
mod sampling;
mod slot_condition;
mod slot_roles;
#[cfg(test)]
mod tests;
mod timestamp;
mod usual_stamp;
mod yearless;

use crate::ingest::Fields;
use crate::model::Kind;
use crate::model::bounds::TimeBounds;
use crate::model::columns::{Column, Measured};

pub use listed::ListedEntry;
pub use mapped::{KindBasis, Mapped, NamedMarker};
pub use occurrences::{CounterTotal, Occurrences};
pub use profile_reading::ProfileReading;
pub use record_time::{RecordTime, record_time};
pub use reported_outcome::ReportedOutcome;
pub use slot_roles::{SlotRoles, other_times_beyond, presence, punctual_stamp, punctual_time};

use mapper::RecordMapper;

/// Maps the fields of one record.
pub fn apply<'f>(
    reading: &'f ProfileReading,
    fields: &'f Fields<'_>,
    bounds: TimeBounds<'f>,
) -> Mapped<'f> {
    let mapper = RecordMapper { reading, fields, bounds };
    let (condition, occurrences) = (mapper.kind_by_condition(), mapper.occurrences());
    // A state names a credential without using it.
    let is_gauge = matches!(occurrences, Occurrences::LastUse(_) | Occurrences::Idle(_));
    let is_state = is_gauge || occurrences == Occurrences::State;
    let kind_of_state = is_state.then_some(Kind::Lookup);
    let (time, received) = mapper.stamps();
    Mapped {
        time: mapper.as_interval(time, occurrences),
        has_doubtful_time: mapper.has_doubtful_time(),
        received,
        lag: reading.profile.lag,
        layer: condition.and_then(|(_, layer)| layer).unwrap_or(reading.profile.layer),
        kind: mapper.kind(condition).or(kind_of_state),
        kind_basis: mapper.kind_basis(condition),
        outcome: if is_gauge {
            last_use::unproved(mapper.reported_outcome())
        } else {
            mapper.reported_outcome()
        },
        uids: mapper.uids(),
        named: mapper.named_markers(),
        links: mapper.links(),
        previous: mapper.previous(),
        aliases: mapper.aliases(),
        owns: mapper.states_owner(),
        texts: mapper.texts(),
        measured: Measured {
            instance_start: mapper.time(Column::InstanceStartTime),
            enqueued: mapper.time(Column::EnqueuedTime),
            attempt: mapper.number(Column::Attempt),
            duration_ms: mapper.duration(),
            size: mapper.number(Column::Size),
            sequence: mapper.number(Column::Sequence),
            sample_rate: mapper.sample_rate(),
        },
        occurrences,
        degraded: mapper.is_degraded(),
        stream: mapper.stream(),
        listed: mapper.listed(),
    }
}

/// The text of the record inside an envelope.
pub fn payload<'f>(reading: &ProfileReading, fields: &'f Fields<'_>) -> Option<&'f str> {
    reading.slots.payload.and_then(|slot| fields.get(slot))
}
