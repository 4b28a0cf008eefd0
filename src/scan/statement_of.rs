/*! What a record without rows says besides its time, and what it asks of the links. */

use super::digested::{DigestedIds, Lookup};
use super::interpret::{FieldPointers, InterpretedRecord};
use super::rows::MaskedInstances;
use super::statements::{NamedInstance, Statement};
use super::testimony::Testimony;
use super::wanted::Wanted;
use crate::map::{self, Mapped, RecordTime};
use crate::model::Kind;

impl Wanted {
    /// The ids of a record that would mean something else under other links.
    pub(super) fn lookups_of<'m>(
        &self,
        mapped: &'m Mapped<'_>,
        testimony: &Testimony<'_>,
    ) -> impl Iterator<Item = (Lookup, &'m str)> {
        let named = mapped.named.iter().map(|named| named.uid.as_ref());
        let uids = mapped.uids.iter().map(AsRef::as_ref).chain(named);
        let unexplained = uids.filter(|uid: &&str| self.rotation.markers.version(uid).is_none());
        let matches_none = testimony.attributed.classes.is_empty();
        let is_stranger = |name: &&str| matches_none || self.learned.owner(name).is_some();
        let stranger = mapped.instance().filter(is_stranger);
        let ids = unexplained.map(|uid| (Lookup::Id, uid));
        ids.chain(stranger.map(|name| (Lookup::Stranger, name)))
    }
}

/// The names of the instance of a record, as logged and as it is known by.
pub(super) fn names_of<'m>(record: &'m InterpretedRecord<'_, 'm>) -> impl Iterator<Item = &'m str> {
    record.logged_names.iter().flatten().copied().chain(record.mapped.names())
}

/// What a record says, if the next one with the same words says the same and nothing else. `reading`: the position of
/// its reading.
pub(super) fn statement_of(
    wanted: &Wanted,
    reading: usize,
    (record, testimony): (&InterpretedRecord<'_, '_>, &Testimony<'_>),
    (ids, instances): (&mut DigestedIds, &mut MaskedInstances),
) -> Option<Statement> {
    let mapped = &record.mapped;
    if !testimony.is_without_rows() || !only_tells_its_time(mapped) {
        return None;
    }
    let FieldPointers { reading: mapped_by, fields, .. } = &record.pointers;
    let names = names_of(record).map(|name| (Lookup::Name, name));
    let lookups = names.chain(wanted.lookups_of(mapped, testimony));
    let instance = mapped
        .instance()
        .map(|logged| NamedInstance { logged: logged.into(), masked: instances.masked(logged) });
    Some(Statement {
        reading,
        instance,
        stream: mapped.stream.as_deref().map(Into::into),
        classes: testimony.attributed.classes.clone(),
        beyond: map::other_times_beyond(mapped_by, fields, wanted.bounds),
        lookups: lookups.map(|(lookup, id)| (lookup, ids.of(id))).collect(),
    })
}

/// Does a record without rows tell nothing of others: no link, no number in a row, no end of a session, no share?
fn only_tells_its_time(mapped: &Mapped<'_>) -> bool {
    let Mapped { time, kind, named, links, previous, aliases, owns, measured, listed, .. } = mapped;
    let tells_of_others =
        matches!(kind, Some(Kind::Start | Kind::Stop | Kind::Close | Kind::Refresh))
            || *owns
            || measured.sequence.is_some()
            || measured.sample_rate.is_some_and(|rate| rate > 1.0)
            || listed.is_some();
    let ids = named.len() + links.len() + previous.len() + aliases.len();
    matches!(time, RecordTime::At(_))
        && mapped.late_arrival().is_none()
        && ids == 0
        && !tells_of_others
}
