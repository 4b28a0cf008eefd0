/*! The raw records behind evidence ids of a bundle, read again. */

use std::path::Path;

use serde_json::Value;

use crate::ingest::walk;
use crate::model::facts::Input;
use crate::model::record::{Lost, Record};
use crate::model::{InputId, Place};
use crate::quote::{self, Extent, Files};
use crate::safe;
use crate::table::bundle::{Bundle, BundleError};
use crate::table::{Engine, PlainTable};

use super::Error;

/// One piece of evidence and its record.
#[derive(Debug)]
pub struct Exhibit {
    /// Its id: `E12`.
    pub id: String,
    /// What it says.
    pub says: String,
    /// When it happened.
    pub time: Option<String>,
    /// Where it stands: the path of its input, its record and its offset.
    pub place: Option<(String, u64, u64)>,
    /// Its record.
    pub record: Result<Record, Lost>,
}

/// What was asked for.
#[derive(Debug)]
pub enum Shown {
    /// All of it, in the order of the ids.
    Exhibits(Vec<Exhibit>),
    /// An id that the report does not give; how many it gives.
    Unknown(String, usize),
}

/// What the report says of one piece of evidence.
#[derive(Debug)]
struct Cited {
    id: String,
    says: String,
    time: Option<String>,
    place: Option<(String, u64, u64)>,
}

/// Shows evidence of a bundle. Inputs that were moved are looked for under the paths.
pub fn show(
    folder: &Path,
    ids: &[String],
    paths: &[String],
    extent: Extent,
) -> Result<Shown, Error> {
    let bundle = Bundle::open(folder)?;
    let all = cited(folder, &bundle.bytes("report.json")?)?;
    let mut wanted = Vec::new();
    for id in ids {
        match all.iter().find(|one| one.id.eq_ignore_ascii_case(id)) {
            Some(one) => wanted.push(one),
            None => return Ok(Shown::Unknown(id.clone(), all.len())),
        }
    }
    let mut engine = Engine::default();
    for (name, path) in bundle.tables() {
        engine.register_file(name, &path)?;
    }
    let inputs = inputs(&mut engine)?;
    let mut places = Vec::new();
    for one in &wanted {
        places.push(
            one.place.as_ref().map(|at| place(&mut engine, &inputs, at)).transpose()?.flatten(),
        );
    }
    let known = inputs.iter().map(|input| input.path.clone()).filter(|path| path != "-");
    let found = walk(&paths.iter().cloned().chain(known).collect::<Vec<_>>());
    let files = Files::find(&inputs, &found);
    let records = quote::reread(&files, places.iter().flatten().copied(), extent);
    let record = |place: &Option<Place>| {
        place.and_then(|place| records.0.get(&place).cloned()).unwrap_or(Err(Lost::NoRecord))
    };
    let exhibit = |(one, at): (&&Cited, &Option<Place>)| Exhibit {
        id: one.id.clone(),
        says: one.says.clone(),
        time: one.time.clone(),
        place: one.place.clone(),
        record: record(at),
    };
    Ok(Shown::Exhibits(wanted.iter().zip(&places).map(exhibit).collect()))
}

/// The evidence of a report.
fn cited(folder: &Path, report: &[u8]) -> Result<Vec<Cited>, BundleError> {
    let none = |why: &str| BundleError::NotABundle { path: folder.to_owned(), why: why.to_owned() };
    let report: Value =
        serde_json::from_slice(report).map_err(|_| none("its report is no JSON"))?;
    let list = report["evidence"].as_array().ok_or_else(|| none("its report lists no evidence"))?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let one = |value: &Value| {
        let place = (text(&value["input"]), value["record"].as_u64(), value["offset"].as_u64());
        Cited {
            id: text(&value["id"]).unwrap_or_default(),
            says: text(&value["says"]).unwrap_or_default(),
            time: text(&value["time"]),
            place: match place {
                (Some(input), Some(record), Some(offset)) => Some((input, record, offset)),
                _ => None,
            },
        }
    };
    Ok(list.iter().map(one).collect())
}

/// The inputs as the bundle tells them.
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

/// The place of a record that the report names by the path of its input, which several inputs may share. The length of
/// one that is neither evidence nor rejected is not known.
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
