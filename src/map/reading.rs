/*! A profile compiled against the slots of a decoder: which slot means what. */

use std::collections::BTreeMap;

use crate::ingest::decode::pattern::PatternDecoder;
use crate::ingest::{Fields, Picks};
use crate::model::columns::Column;
use crate::model::{Kind, Layer, Outcome};
use crate::profile::{Counter, Expression, Fold, PATH, Profile, Test, Unit, When};

use super::joined::{self, Joined};

/// A profile, ready to read records.
#[derive(Debug)]
pub struct Reading {
    /// The profile.
    pub profile: Profile,
    /// What is picked from each record.
    pub picks: Picks,
    /// What is picked from what lies around it, by how many levels up.
    pub around: Vec<(usize, Picks)>,
    /// The steps to the records within a record, by each way there is.
    pub each: Vec<Vec<String>>,
    /// The expressions that text records fit.
    pub pattern: Option<PatternDecoder>,
    /// The things that a record tells of, each with a reading of its own; none: it tells of one.
    pub parts: Vec<Reading>,
    joins: Vec<Joined>,
    unless: Condition,
    pub(super) slots: Slots,
    pointers: BTreeMap<String, usize>,
}

/// The slots of each meaning.
#[derive(Debug, Default)]
pub(super) struct Slots {
    pub(super) columns: BTreeMap<Column, Vec<usize>>,
    pub(super) extracts: BTreeMap<Column, Vec<(usize, Expression, Condition)>>,
    /// The unit of each field of a duration.
    pub(super) duration_units: Vec<Option<Unit>>,
    /// The other spelling of each field of the marker.
    pub(super) uid_folds: Vec<Option<Fold>>,
    pub(super) weak_outcome: Vec<usize>,
    pub(super) status: Vec<usize>,
    pub(super) stream: Option<usize>,
    pub(super) payload: Option<usize>,
    pub(super) outcomes_when: Vec<(Condition, Outcome)>,
    pub(super) kinds_when: Vec<(Condition, Kind, Option<Layer>)>,
    pub(super) links: Vec<(usize, usize, Condition)>,
    pub(super) also: Vec<AlsoSlots>,
    pub(super) aliases: Vec<(usize, Option<Expression>)>,
    pub(super) owner_unless: Option<Vec<usize>>,
    pub(super) counter: Option<CounterSlots>,
}

/// Slots and the values of which one must stand there.
pub(super) type Condition = Vec<(usize, Vec<Test>)>;

#[derive(Debug)]
pub(super) struct CounterSlots {
    pub(super) value: Vec<usize>,
    pub(super) series: Vec<usize>,
    pub(super) since: Vec<usize>,
    pub(super) total: Vec<Condition>,
    pub(super) delta: Vec<Condition>,
    pub(super) state: Vec<Condition>,
}

#[derive(Debug)]
pub(super) struct AlsoSlots {
    pub(super) when: Condition,
    pub(super) uid: usize,
    pub(super) pattern: Option<Expression>,
    pub(super) kind: Kind,
    pub(super) layer: Layer,
    pub(super) fold_lower: bool,
}

impl Reading {
    /// Compiles a profile; `asked` are the pointers that the plan's match tables name.
    pub fn new(profile: Profile, asked: impl IntoIterator<Item = String>) -> Self {
        let mut all: Vec<String> = profile.pointers().map(str::to_owned).chain(asked).collect();
        all.extend(joined::names(&profile));
        all.sort();
        all.dedup();
        Self::over(&all, profile, &When::new())
    }

    /// Compiles a profile, or a part of one, over the pointers of its records.
    fn over(all: &[String], profile: Profile, unless: &When) -> Self {
        let pointers: BTreeMap<String, usize> =
            all.iter().enumerate().map(|(slot, pointer)| (pointer.clone(), slot)).collect();
        let slots = slots(&profile, &pointers);
        let (picks, around) = trees(all);
        let pattern =
            (!profile.patterns.is_empty()).then(|| PatternDecoder::new(profile.patterns.clone()));
        let steps = |pointer: &str| {
            pointer
                .split('/')
                .skip(1)
                .map(|step| step.replace("~1", "/").replace("~0", "~"))
                .collect()
        };
        let each = profile.each.iter().map(|one| steps(one)).collect();
        let parts = profile.parts.iter();
        let parts = parts.map(|part| Self::over(all, profile.of_part(part), &part.unless));
        let parts = parts.collect();
        let joins = joined::all(&profile, &pointers);
        let unless = condition(unless, &pointers);
        Self { profile, picks, around, each, pattern, parts, joins, unless, slots, pointers }
    }

    /// Puts what several fields make together beside the fields of a record.
    pub fn join(&self, fields: &mut Fields<'_>) {
        joined::put(&self.joins, fields);
    }

    /// Does the record tell of this part?
    pub fn is_told(&self, fields: &Fields<'_>) -> bool {
        self.unless.is_empty() || !holds(&self.unless, fields)
    }

    /// The slot of the path of a record's file, if anybody asks.
    pub fn path_slot(&self) -> Option<usize> {
        self.slot(PATH)
    }

    /// The slot of a pointer that the profile or the plan names.
    pub fn slot(&self, pointer: &str) -> Option<usize> {
        self.pointers.get(pointer).copied()
    }
}

/// The tree of the pointers that start at the record, and one for each number of levels up.
fn trees(all: &[String]) -> (Picks, Vec<(usize, Picks)>) {
    let mut ups: BTreeMap<usize, Vec<(usize, &str)>> = BTreeMap::new();
    let mut own = Vec::new();
    for (slot, pointer) in all.iter().enumerate() {
        let digits = pointer.bytes().take_while(u8::is_ascii_digit).count();
        match pointer[..digits].parse() {
            Ok(up) => ups.entry(up).or_default().push((slot, &pointer[digits..])),
            Err(_) => own.push((slot, pointer.as_str())),
        }
    }
    let around = ups.into_iter().map(|(up, pointers)| (up, Picks::of(all.len(), pointers)));
    (Picks::of(all.len(), own), around.collect())
}

fn condition(when: &When, pointers: &BTreeMap<String, usize>) -> Condition {
    when.iter().map(|(pointer, values)| (pointers[pointer], values.clone())).collect()
}

/// Does one of the values stand in each of the slots?
pub(super) fn holds(condition: &Condition, fields: &Fields<'_>) -> bool {
    condition.iter().all(|(slot, values)| {
        fields.scalars(*slot).any(|text| values.iter().any(|value| value.holds(&text)))
    })
}

fn slots(profile: &Profile, pointers: &BTreeMap<String, usize>) -> Slots {
    let slot = |pointer: &String| pointers[pointer];
    let all = |list: &Vec<String>| list.iter().map(slot).collect::<Vec<_>>();
    let when = |when: &When| condition(when, pointers);
    let mut columns: BTreeMap<Column, Vec<usize>> =
        profile.fields.iter().map(|(column, list)| (*column, all(list))).collect();
    let durations = profile.fields.get(&Column::DurationMs).into_iter().flatten();
    let duration_units = durations.map(|pointer| profile.units.of(pointer)).collect();
    let joins = joined::before(&mut columns, profile, pointers);
    let joins = joins.into_iter().filter(|column| *column == Column::CredentialUid);
    let uids = profile.fields.get(&Column::CredentialUid).into_iter().flatten();
    let uid_folds = uids.map(|pointer| profile.folds.of(pointer));
    let uid_folds = joins.map(|_| profile.folds.all).chain(uid_folds).collect();
    let mut extracts: BTreeMap<Column, Vec<(usize, Expression, Condition)>> = BTreeMap::new();
    for extract in &profile.extracts {
        let own = extracts.entry(extract.column).or_default();
        own.push((slot(&extract.from), extract.pattern.clone(), when(&extract.when)));
    }
    let also = profile.also.iter().map(|also| AlsoSlots {
        when: when(&also.when),
        uid: slot(&also.uid),
        pattern: also.pattern.clone(),
        kind: also.kind,
        layer: also.layer,
        fold_lower: also.fold_lower,
    });
    let any = |conditions: &[When]| conditions.iter().map(when).collect::<Vec<_>>();
    let counter = profile.counter.as_ref().map(|of: &Counter| CounterSlots {
        value: all(&of.value),
        series: all(&of.series),
        since: all(&of.since),
        total: any(&of.total),
        delta: any(&of.delta),
        state: any(&of.state),
    });
    let (links, kinds) = (profile.links.iter(), profile.kinds_when.iter());
    let (aliases, outcomes) = (profile.aliases.iter(), profile.outcomes_when.iter());
    Slots {
        duration_units,
        uid_folds,
        weak_outcome: all(&profile.weak_outcome),
        status: all(&profile.status),
        stream: profile.stream.as_ref().map(slot),
        payload: profile.payload.as_ref().map(slot),
        outcomes_when: outcomes.map(|rule| (when(&rule.when), rule.outcome)).collect(),
        kinds_when: kinds.map(|rule| (when(&rule.when), rule.kind, rule.layer)).collect(),
        links: links
            .map(|link| (slot(&link.child), slot(&link.parent), when(&link.when)))
            .collect(),
        also: also.collect(),
        owner_unless: profile.owner_unless.as_ref().map(all),
        aliases: aliases.map(|one| (slot(&one.from), one.pattern.clone())).collect(),
        counter,
        extracts,
        columns,
    }
}
