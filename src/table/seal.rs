/*! Makes the parts of all inputs into tables: settles rows by links, removes duplicates, sorts, and checks the sums.
 *
 * Rows have one total order, so the same inputs give the same rows in the same places, however they were scanned.
 */

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::columns::{Column, text_slot};
use crate::model::coverage::{Pulse, StreamId, Tally};
use crate::model::evidence::Settle;
use crate::model::link::{Learned, Meaning, ProcessNames, process_key};
use crate::model::{Binding, InputId, State, TimeBasis, Timestamp, When};
use crate::scan::{Batch, Interner, Part, Row, StreamName, Sym};

use super::parts::SealBatch;
use super::sealed::{Sealed, StreamIds};
use super::stream_names::{self, StreamNames};
use super::streams::InputStreams;
use super::{continuity, copies, counters, order, partials, sessions, streams};

/// Seals the parts of a run.
///
/// # Panics
/// If the records of an input do not add up. That is a bug, and no report may hide it.
pub fn seal(mut parts: Vec<Part>, batches: Vec<SealBatch>, learned: &Learned) -> Sealed {
    parts.sort_by_key(|part| part.input);
    let mut sealed = Sealed::default();
    sealed.rows.reserve_exact(batches.iter().map(SealBatch::rows).sum());
    let mut by_input: BTreeMap<InputId, Vec<SealBatch>> = BTreeMap::new();
    for batch in batches {
        by_input.entry(batch.input()).or_default().push(batch);
    }
    let originals = copies::originals(&parts);
    let copies = copies::without_streams(&mut parts, &originals);
    let names = stream_names::resolve(&parts);
    for part in &mut parts {
        stream_names::rename(part, &names);
    }
    let ids = stream_ids(&parts);
    let is_repeated = |part: &Part| originals.contains_key(&part.input);
    let mut tallies: BTreeMap<InputId, Tally> = BTreeMap::new();
    for part in &mut parts {
        let mut tally = part.tally;
        if is_repeated(part) {
            tally = Tally { records: tally.records, duplicate: tally.records, ..Tally::default() };
        } else {
            for batch in by_input.remove(&part.input).unwrap_or_default() {
                let is_bulk_load = part.is_bulk_load;
                let settling = Settling { learned, names: &names, is_bulk_load };
                take_rows(&mut sealed, batch.batch(), settling, &mut tally);
            }
            sealed.links.append(&mut part.links);
        }
        tallies.insert(part.input, tally);
    }
    let is_left_over = |input: &InputId| !originals.contains_key(input);
    assert!(!by_input.keys().any(is_left_over), "rows belong to an input that has no part");
    let input_streams = InputStreams::of(&parts, &ids, &copies);
    streams::fill(&mut sealed, &parts, &ids, &input_streams);
    for (name, id) in &ids {
        sealed.stream_ids.insert(sealed.texts.intern(name), *id);
    }
    let unrepeated = || parts.iter().filter(|part| !is_repeated(part));
    sessions::settle(&mut sealed, unrepeated(), &mut tallies);
    continuity::fill(&mut sealed, unrepeated(), &ids);
    let pulses = pulses(&sealed);
    counters::increases(&mut sealed, &pulses, &mut tallies);
    order::one_attempt_a_request(&mut sealed.rows);
    order::sort(&mut sealed.rows);
    order::drop_duplicates(&mut sealed.rows, &mut tallies);
    for tally in tallies.values() {
        assert!(tally.balances(), "the records of an input do not add up: {tally:?}");
        sealed.accounting.add(*tally);
    }
    streams::presence(&mut sealed, &parts, &ids);
    streams::rejects(&mut sealed, unrepeated(), &ids, &input_streams);
    partials::fill(&mut sealed, &parts, &ids, &input_streams);
    streams::sort_links(&mut sealed.links);
    streams::inputs(&mut sealed, &mut parts, &input_streams, &tallies);
    sealed
}

/// When each stream recorded, by the symbol of its name.
fn pulses(sealed: &Sealed) -> BTreeMap<Sym, Pulse> {
    let pulse = |id: &StreamId| sealed.streams[id.0 as usize].pulse.clone();
    sealed.stream_ids.iter().map(|(name, id)| (*name, pulse(id))).collect()
}

fn stream_ids(parts: &[Part]) -> StreamIds {
    let pulses = parts.iter().flat_map(|part| part.pulses.keys().cloned());
    let claims = parts.iter().flat_map(|part| part.claims.iter().map(|(name, _)| name.clone()));
    let declared = parts.iter().flat_map(|part| part.max_gaps.keys().cloned());
    let rejects = parts
        .iter()
        .flat_map(|part| part.rejects.iter().flat_map(|run| run.streams.iter().cloned()));
    let listings = parts.iter().flat_map(|part| part.continuity.snapshots.iter().cloned());
    let names = pulses.chain(claims).chain(declared).chain(rejects).chain(listings);
    let names: BTreeSet<StreamName> = names.collect();
    names.into_iter().zip((0..).map(StreamId)).collect()
}

/// What decides how the rows of a part are settled.
#[derive(Clone, Copy)]
struct Settling<'l> {
    learned: &'l Learned,
    /// The names of streams by those of the scans.
    names: &'l StreamNames,
    is_bulk_load: bool,
}

/// The end of the time at which a row happened. An old use counts as late as it may have been: as it was received, and
/// without a zone as in the westernmost one. Of everything else the stamp holds.
fn settled_end(row: &Row, is_bulk_load: bool) -> Option<Timestamp> {
    let When { at, end, basis } = row.when;
    let end = match basis {
        TimeBasis::Coarse => return end,
        TimeBasis::Exact | TimeBasis::ZoneAssumed if row.state != State::Old => return None,
        TimeBasis::Exact | TimeBasis::ZoneAssumed => end.filter(|_| !is_bulk_load),
    };
    let stamp = When { at, end: None, basis };
    let in_westernmost = (basis == TimeBasis::ZoneAssumed).then(|| stamp.latest_in_any_zone());
    end.max(in_westernmost)
}

/// Settles the rows of a batch and adds those that are evidence.
fn take_rows(sealed: &mut Sealed, batch: Batch, settling: Settling<'_>, tally: &mut Tally) {
    let Batch { rows, texts, .. } = batch;
    let mut moved = MovedTexts::of(&texts);
    let mut streams: HashMap<Sym, Sym> = HashMap::new();
    let (mut given, mut kept) = (Records::default(), Records::default());
    for mut row in rows {
        given.add(row.place.record);
        if !settle(&mut row, settling.learned, &mut |sym| texts.text(sym)) {
            continue;
        }
        row.when.end = settled_end(&row, settling.is_bulk_load);
        kept.add(row.place.record);
        let mut move_text = |sym: Sym| moved.text(sym, &mut sealed.texts);
        row.action_key = move_text(row.action_key);
        row.uid = move_text(row.uid);
        row.uid_digest = move_text(row.uid_digest);
        row.texts = row.texts.map(move_text);
        let name = texts
            .text(row.stream)
            .map(|name: &str| settling.names.get(name).and_then(Option::as_deref).unwrap_or(name));
        row.stream = *streams.entry(row.stream).or_insert_with(|| sealed.texts.intern_some(name));
        sealed.rows.push(row);
    }
    let settled_out = given.count() - kept.count();
    tally.evidence -= settled_out;
    tally.irrelevant += settled_out;
}

/// The symbols that the texts of a batch have in the table.
struct MovedTexts<'b> {
    texts: &'b Interner,
    /// By the symbol in the batch; none if the text was not moved yet.
    moved: Vec<Sym>,
}

impl<'b> MovedTexts<'b> {
    fn of(texts: &'b Interner) -> Self {
        Self { texts, moved: vec![Sym::NONE; texts.len() + 1] }
    }

    fn text(&mut self, sym: Sym, table: &mut Interner) -> Sym {
        let moved = &mut self.moved[sym.0 as usize];
        if *moved == Sym::NONE {
            *moved = table.intern_some(self.texts.text(sym));
        }
        *moved
    }
}

/// The numbers of records. The rows of a record follow each other.
#[derive(Default)]
struct Records(Vec<u64>);

impl Records {
    fn add(&mut self, record: u64) {
        if self.0.last() != Some(&record) {
            self.0.push(record);
        }
    }

    fn count(mut self) -> u64 {
        self.0.sort_unstable();
        self.0.dedup();
        self.0.len() as u64
    }
}

/// Gives a row its final version and kind; false if it turns out to be irrelevant.
fn settle<'t>(
    row: &mut Row,
    learned: &Learned,
    text: &mut dyn FnMut(Sym) -> Option<&'t str>,
) -> bool {
    if let Some(meaning) = text(row.uid_digest).and_then(|uid| learned.sessions.get(uid)) {
        if row.binding != Binding::Direct {
            (row.version, row.state, row.binding) =
                (meaning.version, meaning.state, Binding::Derived);
            row.link = Some(Box::new(meaning.link));
        }
    } else if row.uid == Sym::NONE {
        by_process(row, learned, text);
    }
    match row.settle {
        Settle::Sure => true,
        Settle::IfDerived(otherwise) => {
            if row.binding == Binding::Derived {
                return true;
            }
            row.kind = otherwise.unwrap_or(row.kind);
            otherwise.is_some()
        }
        Settle::IfCarried(otherwise) => {
            let carried = text(row.action_key).is_some_and(|key| learned.carries.contains(key));
            if row.binding == Binding::Derived || carried {
                return true;
            }
            row.kind = otherwise.unwrap_or(row.kind);
            otherwise.is_some()
        }
    }
}

/// A row without a marker has the version that its process read, if all reads since its start gave the same version.
fn by_process<'t>(row: &mut Row, learned: &Learned, text: &mut dyn FnMut(Sym) -> Option<&'t str>) {
    let column = |column| text_slot(column).map_or(Sym::NONE, |slot| row.texts[slot]);
    if !row.kind.is_try() || learned.processes.is_empty() {
        return;
    }
    let names = ProcessNames {
        instance: text(column(Column::ServiceInstanceId)),
        host: text(column(Column::HostName)),
        service: text(column(Column::ServiceName)),
    };
    let start = row.measured.instance_start.map(|start| start.0);
    let Some(key) = process_key(names, start) else { return };
    let holds = |meaning: &&Meaning| {
        meaning.version.is_some() && meaning.since.is_some_and(|since| since <= row.when.earliest())
    };
    if let Some(meaning) = learned.processes.get(&key).filter(holds) {
        (row.version, row.state, row.binding) = (meaning.version, meaning.state, Binding::Derived);
        row.link = Some(Box::new(meaning.link));
    }
}
