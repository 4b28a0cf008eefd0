/*! The raw records behind evidence ids of a bundle, read again. */

use std::path::Path;

use crate::ingest::walk;
use crate::model::facts::Input;
use crate::model::record::{Lost, Record};
use crate::model::{InputId, Place};
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

/// What can be shown of the ids that were given.
#[derive(Debug)]
pub enum ShowAnswer {
    /// All of it, in the order of the ids.
    Records(Vec<EvidenceRecord>),
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
    ids: &[String],
    paths: &[String],
    extent: Extent,
) -> Result<ShowAnswer, Error> {
    let bundle = Bundle::open(folder)?;
    let report = written_report(folder, &bundle.bytes("report.json")?)?;
    let mut cited = Vec::new();
    for id in ids {
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
    Ok(ShowAnswer::Records(records.collect()))
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
    let grid = engine.run("SELECT path, bytes, sha256, format FROM inputs ORDER BY input")?;
    let text = |name: &str, row: usize| grid.column(name).and_then(|values| values.text(row));
    let owned = |name: &str, row: usize| text(name, row).unwrap_or_default().to_owned();
    let input = |row: usize| Input {
        path: owned("path", row),
        bytes: number(&grid, "bytes", row),
        sha256: text("sha256", row).map(str::to_owned),
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
