/*! A profile compiled against the slots of a decoder: which slot means what. */

use std::collections::BTreeMap;

use crate::ingest::decode::pattern::PatternDecoder;
use crate::ingest::{Fields, Picks};
use crate::model::columns::Column;
use crate::model::{Kind, Layer, Outcome};
use crate::profile::{
    CaseFold, Conditions, CounterRule, Expression, LinkRule, PATH, Profile, TimeUnit,
};

use super::column_slots::{ColumnSlots, Extract};
use super::joins::{self, JoinSlots};
use super::slot_condition::{SlotCondition, holds, slot_condition};

/// A profile, ready to read records.
#[derive(Debug)]
pub struct ProfileReading {
    /// The profile that was compiled.
    pub profile: Profile,
    /// The fields to pick from each record.
    pub picks: Picks,
    /// The fields to pick from the values around a record, by the number of levels up.
    pub around: Vec<(usize, Picks)>,
    /// The steps to the records within a record, for each path of the profile.
    pub each: Vec<Vec<String>>,
    /// The expressions that text records fit.
    pub pattern: Option<PatternDecoder>,
    /// If a record describes several things, the reading of each. Empty: it describes one.
    pub parts: Vec<ProfileReading>,
    joins: Vec<JoinSlots>,
    unless: SlotCondition,
    pub(super) slots: MeaningSlots,
    pointers: BTreeMap<String, usize>,
}

/// The slots of each meaning.
#[derive(Debug)]
pub(super) struct MeaningSlots {
    pub(super) columns: ColumnSlots,
    /// The unit of each field of a duration.
    pub(super) duration_units: Vec<Option<TimeUnit>>,
    /// The other spelling of each field of the marker.
    pub(super) uid_folds: Vec<Option<CaseFold>>,
    pub(super) weak_outcome: Vec<usize>,
    pub(super) status: Vec<usize>,
    pub(super) grpc_status: Vec<usize>,
    pub(super) received: Vec<usize>,
    pub(super) doubtful_times: Vec<usize>,
    pub(super) stream: Vec<usize>,
    pub(super) payload: Option<usize>,
    pub(super) outcomes_when: Vec<(SlotCondition, Outcome)>,
    pub(super) kinds_when: Vec<(SlotCondition, Kind, Option<Layer>)>,
    pub(super) links: Vec<LinkSlots>,
    pub(super) named_markers: Vec<NamedMarkerSlots>,
    pub(super) aliases: Vec<(usize, Option<Expression>)>,
    pub(super) owner_unless: Option<Vec<usize>>,
    pub(super) counter: Option<CounterSlots>,
    pub(super) snapshot: Option<SnapshotSlots>,
}

impl CounterSlots {
    fn of(
        counter: &CounterRule,
        slots: &dyn Fn(&Vec<String>) -> Vec<usize>,
        conditions: &dyn Fn(&[Conditions]) -> Vec<SlotCondition>,
    ) -> Self {
        let CounterRule { value, series, since, total, delta, began, part, used, idle, state } =
            counter;
        Self {
            value: slots(value),
            series: slots(series),
            since: slots(since),
            total: conditions(total),
            delta: conditions(delta),
            began: conditions(began),
            part: conditions(part),
            used: conditions(used),
            idle: conditions(idle),
            state: conditions(state),
        }
    }
}

/// The fields of a listing that tell when it was taken, and what of it runs.
#[derive(Debug)]
pub(super) struct SnapshotSlots {
    pub(super) taken: Vec<usize>,
    pub(super) running: SlotCondition,
}

#[derive(Debug)]
pub(super) struct CounterSlots {
    pub(super) value: Vec<usize>,
    pub(super) series: Vec<usize>,
    pub(super) since: Vec<usize>,
    pub(super) total: Vec<SlotCondition>,
    pub(super) delta: Vec<SlotCondition>,
    pub(super) began: Vec<SlotCondition>,
    pub(super) part: Vec<SlotCondition>,
    pub(super) used: Vec<SlotCondition>,
    pub(super) idle: Vec<SlotCondition>,
    pub(super) state: Vec<SlotCondition>,
}

#[derive(Debug)]
pub(super) struct LinkSlots {
    pub(super) child: usize,
    pub(super) parent: usize,
    pub(super) parent_pattern: Option<Expression>,
    pub(super) previous: Option<String>,
    pub(super) condition: SlotCondition,
}

impl LinkSlots {
    fn of(link: &LinkRule, pointers: &BTreeMap<String, usize>) -> Self {
        Self {
            child: pointers[&link.child],
            parent: pointers[&link.parent],
            parent_pattern: link.parent_pattern.clone(),
            previous: link.previous.clone(),
            condition: slot_condition(&link.when, pointers),
        }
    }
}

#[derive(Debug)]
pub(super) struct NamedMarkerSlots {
    pub(super) condition: SlotCondition,
    pub(super) uid: usize,
    pub(super) pattern: Option<Expression>,
    pub(super) kind: Kind,
    pub(super) layer: Layer,
    pub(super) fold_lower: bool,
}

impl ProfileReading {
    /// Compiles a profile; `asked` are the pointers that the plan's match tables name.
    pub fn new(profile: Profile, asked: impl IntoIterator<Item = String>) -> Self {
        let mut pointers: Vec<String> =
            profile.pointers().map(str::to_owned).chain(asked).collect();
        pointers.extend(joins::names(&profile));
        pointers.sort();
        pointers.dedup();
        Self::over(&pointers, profile, &Conditions::new())
    }

    /// Compiles a profile, or a part of it, over the pointers of its records.
    fn over(sorted: &[String], profile: Profile, unless: &Conditions) -> Self {
        let pointers: BTreeMap<String, usize> =
            sorted.iter().enumerate().map(|(slot, pointer)| (pointer.clone(), slot)).collect();
        let slots = slots(&profile, &pointers);
        let (picks, around) = trees(sorted);
        let pattern =
            (!profile.patterns.is_empty()).then(|| PatternDecoder::new(profile.patterns.clone()));
        let steps = |pointer: &String| {
            pointer
                .split('/')
                .skip(1)
                .map(|step| step.replace("~1", "/").replace("~0", "~"))
                .collect()
        };
        let each = profile.each.iter().map(steps).collect();
        let parts = profile.parts.iter();
        let parts = parts.map(|part| Self::over(sorted, profile.of_part(part), &part.unless));
        let parts = parts.collect();
        let joins = joins::of_profile(&profile, &pointers);
        let unless = slot_condition(unless, &pointers);
        Self { profile, picks, around, each, pattern, parts, joins, unless, slots, pointers }
    }

    /// Fills in the columns that are made of several fields.
    pub fn join(&self, fields: &mut Fields<'_>) {
        joins::fill(&self.joins, fields);
    }

    /// Does the record hold this part?
    pub fn is_in(&self, fields: &Fields<'_>) -> bool {
        self.unless.is_empty() || !holds(&self.unless, fields)
    }

    /// Whether its records may tell which session they belong to.
    pub fn has_sessions(&self) -> bool {
        self.slots.columns.has(Column::SessionId)
    }

    /// The slot for the path of a record's file, if the profile or the plan names it.
    pub fn path_slot(&self) -> Option<usize> {
        self.slot(PATH)
    }

    /// The pointers that the profile or the plan names, with their slots.
    pub(super) fn pointers(&self) -> impl Iterator<Item = (&str, usize)> {
        self.pointers.iter().map(|(pointer, slot)| (pointer.as_str(), *slot))
    }

    /// The slot of a pointer that the profile or the plan names.
    pub fn slot(&self, pointer: &str) -> Option<usize> {
        self.pointers.get(pointer).copied()
    }
}

/// The tree of the pointers that start at the record, and a tree for each number of levels up.
fn trees(sorted: &[String]) -> (Picks, Vec<(usize, Picks)>) {
    let mut ups: BTreeMap<usize, Vec<(usize, &str)>> = BTreeMap::new();
    let mut from_record = Vec::new();
    for (slot, pointer) in sorted.iter().enumerate() {
        let digits = pointer.bytes().take_while(u8::is_ascii_digit).count();
        match pointer[..digits].parse() {
            Ok(up) => ups.entry(up).or_default().push((slot, &pointer[digits..])),
            Err(_) => from_record.push((slot, pointer.as_str())),
        }
    }
    let around = ups.into_iter().map(|(up, pointers)| (up, Picks::of(sorted.len(), pointers)));
    (Picks::of(sorted.len(), from_record), around.collect())
}

fn slots(profile: &Profile, pointers: &BTreeMap<String, usize>) -> MeaningSlots {
    let slot = |pointer: &String| pointers[pointer];
    let slots = |pointers: &Vec<String>| pointers.iter().map(slot).collect::<Vec<_>>();
    let condition = |when: &Conditions| slot_condition(when, pointers);
    let mut columns: BTreeMap<Column, Vec<usize>> =
        profile.fields.iter().map(|(column, fields)| (*column, slots(fields))).collect();
    let durations = profile.fields.get(&Column::DurationMs).into_iter().flatten();
    let duration_units = durations.map(|pointer| profile.units.of(pointer)).collect();
    let joined = joins::put_first(&mut columns, profile, pointers);
    let joined_uids = joined.into_iter().filter(|column| *column == Column::CredentialUid);
    let uids = profile.fields.get(&Column::CredentialUid).into_iter().flatten();
    let uid_folds = uids.map(|pointer| profile.folds.of(pointer));
    let uid_folds = joined_uids.map(|_| profile.folds.all).chain(uid_folds).collect();
    let mut extracts: BTreeMap<Column, Vec<Extract>> = BTreeMap::new();
    for extract in &profile.extracts {
        let of_column = extracts.entry(extract.column).or_default();
        of_column.push((slot(&extract.from), extract.pattern.clone(), condition(&extract.when)));
    }
    let named_markers = profile.also.iter().map(|also| NamedMarkerSlots {
        condition: condition(&also.when),
        uid: slot(&also.uid),
        pattern: also.pattern.clone(),
        kind: also.kind,
        layer: also.layer,
        fold_lower: also.fold_lower,
    });
    let conditions = |whens: &[Conditions]| whens.iter().map(condition).collect::<Vec<_>>();
    let counter = profile.counter.as_ref();
    let counter = counter.map(|counter| CounterSlots::of(counter, &slots, &conditions));
    let (links, kinds) = (profile.links.iter(), profile.kinds_when.iter());
    let (aliases, outcomes) = (profile.aliases.iter(), profile.outcomes_when.iter());
    let snapshot = profile.snapshot.as_ref();
    MeaningSlots {
        snapshot: snapshot.map(|snapshot| SnapshotSlots {
            taken: slots(&snapshot.taken),
            running: condition(&snapshot.running),
        }),
        duration_units,
        uid_folds,
        weak_outcome: slots(&profile.weak_outcome),
        status: slots(&profile.status),
        grpc_status: slots(&profile.grpc_status),
        received: slots(&profile.received),
        doubtful_times: slots(&profile.doubtful_times),
        stream: slots(&profile.stream),
        payload: profile.payload.as_ref().map(slot),
        outcomes_when: outcomes.map(|rule| (condition(&rule.when), rule.outcome)).collect(),
        kinds_when: kinds.map(|rule| (condition(&rule.when), rule.kind, rule.layer)).collect(),
        links: links.map(|link| LinkSlots::of(link, pointers)).collect(),
        named_markers: named_markers.collect(),
        owner_unless: profile.owner_unless.as_ref().map(slots),
        aliases: aliases.map(|alias| (slot(&alias.from), alias.pattern.clone())).collect(),
        counter,
        columns: ColumnSlots::new(columns, extracts),
    }
}
