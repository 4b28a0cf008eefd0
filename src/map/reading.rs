/*! A profile compiled against the slots of a decoder: which slot means what. */

use std::collections::BTreeMap;

use crate::ingest::Picks;
use crate::model::columns::Column;
use crate::model::{Kind, Layer};
use crate::profile::Profile;

/// The text columns of a mapped record, in the order of its `texts`.
pub const TEXTS: [Column; 13] = [
    Column::EventId,
    Column::ServiceName,
    Column::ServiceInstanceId,
    Column::HostName,
    Column::Environment,
    Column::Principal,
    Column::ClientAddress,
    Column::UserAgent,
    Column::Action,
    Column::Route,
    Column::ErrorType,
    Column::JobId,
    Column::TraceId,
];

/// The position of a text column in `texts`.
pub fn text_slot(column: Column) -> Option<usize> {
    TEXTS.iter().position(|text| *text == column)
}

/// A profile, ready to read records.
#[derive(Debug)]
pub struct Reading {
    /// The profile.
    pub profile: Profile,
    /// What is picked from each record.
    pub picks: Picks,
    pub(super) slots: Slots,
    pointers: BTreeMap<String, usize>,
}

/// The slots of each meaning.
#[derive(Debug, Default)]
pub(super) struct Slots {
    pub(super) columns: BTreeMap<Column, Vec<usize>>,
    pub(super) weak_outcome: Vec<usize>,
    pub(super) status: Vec<usize>,
    pub(super) sniff: Vec<usize>,
    pub(super) stream: Option<usize>,
    pub(super) links: Vec<(usize, usize)>,
    pub(super) also: Vec<AlsoSlots>,
}

#[derive(Debug)]
pub(super) struct AlsoSlots {
    pub(super) when: Vec<(usize, Vec<String>)>,
    pub(super) uid: usize,
    pub(super) kind: Kind,
    pub(super) layer: Layer,
    pub(super) fold_lower: bool,
}

impl Reading {
    /// Compiles a profile; `asked` are the pointers that the plan's match tables name.
    pub fn new(profile: Profile, asked: impl IntoIterator<Item = String>) -> Self {
        let mut all: Vec<String> = profile.pointers().map(str::to_owned).chain(asked).collect();
        all.sort();
        all.dedup();
        let pointers: BTreeMap<String, usize> =
            all.iter().enumerate().map(|(slot, pointer)| (pointer.clone(), slot)).collect();
        let slots = slots(&profile, &pointers);
        Self { picks: Picks::new(&all), slots, pointers, profile }
    }

    /// The slot of a pointer that the profile or the plan names.
    pub fn slot(&self, pointer: &str) -> Option<usize> {
        self.pointers.get(pointer).copied()
    }
}

fn slots(profile: &Profile, pointers: &BTreeMap<String, usize>) -> Slots {
    let slot = |pointer: &String| pointers[pointer];
    let all = |list: &Vec<String>| list.iter().map(slot).collect::<Vec<_>>();
    let columns: BTreeMap<Column, Vec<usize>> =
        profile.fields.iter().map(|(column, list)| (*column, all(list))).collect();
    let also = profile.also.iter().map(|also| AlsoSlots {
        when: also.when.iter().map(|(pointer, values)| (slot(pointer), values.clone())).collect(),
        uid: slot(&also.uid),
        kind: also.kind,
        layer: also.layer,
        fold_lower: also.fold_lower,
    });
    Slots {
        weak_outcome: all(&profile.weak_outcome),
        status: all(&profile.status),
        sniff: all(&profile.sniff),
        stream: profile.stream.as_ref().map(slot),
        links: profile.links.iter().map(|link| (slot(&link.child), slot(&link.parent))).collect(),
        also: also.collect(),
        columns,
    }
}
