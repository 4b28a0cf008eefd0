/*! The raw records behind evidence ids and members of a bundle, read again. */

use std::path::Path;

use crate::ingest::walk;
use crate::model::facts::{Facet, Input};
use crate::model::ledger::HolderState;
use crate::model::record::{Lost, Record};
use crate::model::{DigestKind, InputId, Place};
use crate::quote::{self, Extent, Files};
use crate::safe;
use crate::table::bundle::{Bundle, BundleError};
use crate::table::{Engine, PlainTable};
use crate::wire;

use super::Error;

/// A piece of evidence with its record.
#[derive(Debug)]
pub struct EvidenceRecord {
    /// Its id: `E12`.
    pub id: String,
    /// What it says.
    pub says: String,
    /// When it happened, as the report writes it.
    pub time: Option<String>,
    /// The path of its input, the number of its record and its offset.
    pub place: Option<(String, u64, u64)>,
    /// The record itself.
    pub record: Result<Record, Lost>,
}

/// What to show.
#[derive(Clone, Debug)]
pub enum Shown {
    /// A piece of evidence by its id.
    Id(String),
    /// A member of a consumer that used the old version, by what tells it apart.
    Member(Facet, String),
}

/// A member of a consumer as the report tells it.
#[derive(Debug)]
pub struct ShownMember {
    /// The consumer.
    pub class: String,
    /// What tells it apart, and the value.
    pub facet: Facet,
    /// As the report has it.
    pub value: String,
    /// What became of it.
    pub state: HolderState,
    /// When it last used the old version, as the report writes it.
    pub last_old_use: Option<String>,
    /// Its first success with the new version.
    pub first_new_success: Option<String>,
    /// How long it must be silent.
    pub needed: Option<String>,
    /// Until when silence will do.
    pub until: Option<String>,
    /// The evidence that shows it.
    pub ids: Vec<String>,
}

/// What can be shown of what was asked for.
#[derive(Debug)]
pub enum ShowAnswer {
    /// All of it, in the order in which it was asked for.
    Records(Vec<ShownMember>, Vec<EvidenceRecord>),
    /// The report names no such member. It names these by the same facet.
    UnknownMember(Facet, String, Vec<String>),
    /// The report does not give this id.
    UnknownId {
        /// As it was given.
        id: String,
        /// The report gives the ids up to this number.
        last: usize,
    },
}

/// Shows evidence of a bundle. Inputs that were moved are looked for under the paths.
pub fn show(
    folder: &Path,
    asked: &[Shown],
    paths: &[String],
    extent: Extent,
) -> Result<ShowAnswer, Error> {
    let bundle = Bundle::open(folder)?;
    let report = written_report(folder, &bundle.bytes("report.json")?)?;
    let (members, ids) = match named(&report, asked) {
        Ok(named) => named,
        Err(unknown) => return Ok(unknown),
    };
    let mut cited = Vec::new();
    for id in &ids {
        match report.evidence.iter().find(|evidence| evidence.id.eq_ignore_ascii_case(id)) {
            Some(evidence) => cited.push(evidence),
            None => {
                return Ok(ShowAnswer::UnknownId { id: id.clone(), last: report.evidence.len() });
            }
        }
    }
    let mut engine = Engine::default();
    for (name, path) in bundle.tables() {
        engine.register_file(name, &path)?;
    }
    let inputs = inputs(&mut engine)?;
    let mut places = Vec::new();
    for evidence in &cited {
        let written = written_place(evidence);
        let place = written.map(|written| place(&mut engine, &inputs, &written)).transpose()?;
        places.push(place.flatten());
    }
    let known = inputs.iter().map(|input| input.path.clone()).filter(|path| path != "-");
    let found = walk(&paths.iter().cloned().chain(known).collect::<Vec<_>>());
    let files = Files::find(&inputs, &found);
    let records = quote::reread(&files, places.iter().flatten().copied(), extent);
    let record = |place: &Option<Place>| {
        place.and_then(|place| records.0.get(&place).cloned()).unwrap_or(Err(Lost::NoRecord))
    };
    let records = cited.into_iter().zip(&places).map(|(evidence, place)| EvidenceRecord {
        id: evidence.id.clone(),
        says: evidence.says.clone(),
        time: evidence.time.map(|time| time.to_string()),
        place: written_place(evidence),
        record: record(place),
    });
    Ok(ShowAnswer::Records(members, records.collect()))
}

/// The members that were asked for, and the ids of all that shows them or was asked for.
fn named(
    report: &wire::Report,
    asked: &[Shown],
) -> Result<(Vec<ShownMember>, Vec<String>), ShowAnswer> {
    let (mut members, mut ids) = (Vec::new(), Vec::new());
    for one in asked {
        match one {
            Shown::Id(id) => ids.push(id.clone()),
            Shown::Member(facet, value) => {
                let unknown = |known| ShowAnswer::UnknownMember(*facet, value.clone(), known);
                members.extend(of_member(report, *facet, value).map_err(unknown)?);
            }
        }
    }
    for id in members.iter().flat_map(|member: &ShownMember| &member.ids) {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    Ok((members, ids))
}

/// The members that the value tells apart, of any consumer; else the values that the report has for the facet.
fn of_member(
    report: &wire::Report,
    facet: Facet,
    value: &str,
) -> Result<Vec<ShownMember>, Vec<String>> {
    let masked = safe::mask_text(value);
    let of_facet = report.classes.iter().flat_map(|class| {
        let holders = class.holders.entries().iter().filter(|holder| holder.facet.0 == facet);
        holders.map(move |holder| (class, holder))
    });
    let (found, others): (Vec<_>, Vec<_>) =
        of_facet.partition(|(_, holder)| holder.value == value || holder.value == masked);
    if found.is_empty() {
        return Err(others.into_iter().map(|(_, holder)| holder.value.clone()).collect());
    }
    let members = found.into_iter().map(|(class, holder)| ShownMember {
        class: class.name.clone(),
        facet,
        value: holder.value.clone(),
        state: holder.state.0,
        last_old_use: holder.last_old_use.map(|time| time.to_string()),
        first_new_success: holder.first_new_success.map(|time| time.to_string()),
        needed: holder.needed.map(|length| length.to_string()),
        until: holder.until.map(|time| time.to_string()),
        ids: holder.evidence.clone(),
    });
    Ok(members.collect())
}

/// The report of a bundle.
fn written_report(folder: &Path, bytes: &[u8]) -> Result<wire::Report, BundleError> {
    let unusable = |why: String| BundleError::NotABundle { path: folder.to_owned(), why };
    let text = std::str::from_utf8(bytes);
    let text = text.map_err(|_| unusable("its report is not UTF-8 text".to_owned()))?;
    wire::read(text).map_err(|why| unusable(format!("its report cannot be used: {why}")))
}

/// Path, record and offset; evidence without a place has none of them.
fn written_place(evidence: &wire::Evidence) -> Option<(String, u64, u64)> {
    Some((evidence.input.clone()?, evidence.record?, evidence.offset?))
}

/// The inputs as the tables of the bundle list them.
fn inputs(engine: &mut Engine) -> Result<Vec<Input>, Error> {
    let grid = engine.run("SELECT * FROM inputs ORDER BY input")?;
    let text = |name: &str, row: usize| grid.column(name).and_then(|values| values.text(row));
    let owned = |name: &str, row: usize| text(name, row).unwrap_or_default().to_owned();
    let input = |row: usize| Input {
        path: owned("path", row),
        bytes: number(&grid, "bytes", row),
        digest: DigestKind::ALL
            .into_iter()
            .find_map(|kind| Some(kind.text(text(kind.name(), row)?))),
        format: owned("format", row),
        ..Input::default()
    };
    Ok((0..grid.height()).map(input).collect())
}

/// The place of a record. The report names the path of its input, which several inputs may share. The length of a
/// record that is neither evidence nor rejected is not known.
fn place(
    engine: &mut Engine,
    inputs: &[Input],
    (path, record, offset): &(String, u64, u64),
) -> Result<Option<Place>, Error> {
    let ids = (0..).map(InputId).zip(inputs);
    let same: Vec<InputId> =
        ids.filter(|(_, input)| safe::mask_file(&input.path) == *path).map(|(id, _)| id).collect();
    for table in ["evidence", "rejects"] {
        let found = engine.run(&format!(
            "SELECT input, length FROM {table} WHERE record = {record} AND \"offset\" = {offset} ORDER BY input"
        ))?;
        for row in 0..found.height() {
            let input = InputId(u32::try_from(number(&found, "input", row)).unwrap_or(u32::MAX));
            if same.contains(&input) {
                let length = u32::try_from(number(&found, "length", row)).unwrap_or(u32::MAX);
                return Ok(Some(Place { input, record: *record, offset: *offset, length }));
            }
        }
    }
    let first = same.first();
    Ok(first.map(|input| Place { input: *input, record: *record, offset: *offset, length: 0 }))
}

fn number(grid: &PlainTable, name: &str, row: usize) -> u64 {
    let value = grid.column(name).and_then(|values| values.int(row));
    value.and_then(|value| u64::try_from(value).ok()).unwrap_or_default()
}
