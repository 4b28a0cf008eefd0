/*! Answers to the published texts that another engine computed over the evidence of a bundle: each column is checked,
 * and the names of consumers, versions and log sources become their numbers, as the engine here gives them.
 */

use std::collections::{BTreeMap, HashMap};

use crate::facts::Answers;
use crate::table::{Engine, PlainTable, PlanNames, Sealed, Values};

use super::answers::{answer, header, register};
use super::catalog;
use super::error::QueryError;
use super::fill;
use super::rows::QueryAnswer;

/// The queries of tier 1 that no report reads.
const NOT_OF_REPORTS: [&str; 2] = ["marker_uses", "would_fail"];

/// Name and text of each query whose answer a report needs from an engine.
pub fn needed() -> impl Iterator<Item = (&'static str, &'static str)> {
    let tier = |text| catalog::header(text).map(|header| header.tier);
    let needed = catalog::QUERIES.iter().copied();
    needed.filter(move |(name, text)| tier(text) == Ok(1) && !NOT_OF_REPORTS.contains(name))
}

/// What the values of given answers may be.
#[derive(Debug)]
pub struct Known<'a> {
    classes: HashMap<&'a str, i64>,
    versions: HashMap<&'a str, i64>,
    streams: HashMap<&'a str, i64>,
    rows: i64,
}

impl<'a> Known<'a> {
    /// The names of a plan, and the log sources and rows of its evidence.
    pub fn of(sealed: &'a Sealed, names: &'a PlanNames) -> Self {
        Self {
            classes: numbered(names.classes.iter().map(String::as_str)),
            versions: numbered(names.versions.iter().map(String::as_str)),
            streams: numbered(sealed.streams.iter().map(|stream| stream.name.as_str())),
            rows: i64::try_from(sealed.rows.len()).unwrap_or(i64::MAX),
        }
    }
}

fn numbered<'a>(names: impl Iterator<Item = &'a str>) -> HashMap<&'a str, i64> {
    names.zip(0..).collect()
}

/// The answers of all queries of `needed`, from the tables of each; queries of tier 2 are asked over them here.
pub fn given_answers(
    given: BTreeMap<&'static str, Vec<PlainTable>>,
    known: &Known<'_>,
) -> Result<Answers, QueryError> {
    let mut engine = Engine::default();
    let mut tables: BTreeMap<&'static str, PlainTable> = BTreeMap::new();
    for (name, parts) in given {
        let table = checked(name, &parts, known)?;
        register(&mut engine, name, &table)?;
        tables.insert(name, table);
    }
    fill::answers_from(|name| {
        let table = tables.remove(name).map_or_else(|| answer(&mut engine, name), Ok)?;
        Ok(QueryAnswer::new(name, table))
    })
}

/// What a column of an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Text,
    Flag,
    Number,
    Row,
    Class,
    Version,
    Stream,
}

impl Holds {
    fn of(column: &str) -> Self {
        match column {
            "consumer_class" => Self::Class,
            "credential_version" => Self::Version,
            "stream" | "other_stream" | "stream_first" | "stream_last" => Self::Stream,
            "degraded" => Self::Flag,
            "class_basis" | "instance" | "environment" | "credential_state"
            | "credential_binding" | "shown" | "kind" | "outcome" | "evidence_layer" | "facet"
            | "facet_value" | "used" | "via" | "measure" | "ended" | "service_name"
            | "user_agent" | "principal" | "client_address" | "host_name" => Self::Text,
            _ if column.ends_with("_row") => Self::Row,
            _ => Self::Number,
        }
    }

    /// A value of the answer as the engine here gives it; an error says what is wrong with it.
    fn number(self, values: &Values, row: usize, known: &Known<'_>) -> Result<i64, &'static str> {
        let named = |names: &HashMap<&str, i64>, why| {
            let name = values.text(row).ok_or(TYPE)?;
            names.get(name).copied().ok_or(why)
        };
        match self {
            Self::Class => named(&known.classes, "names a consumer that the plan does not have"),
            Self::Version => named(&known.versions, "names a version that the plan does not have"),
            Self::Stream => {
                named(&known.streams, "names a log source that the bundle does not have")
            }
            Self::Number | Self::Row => {
                let is_number = !matches!(values, Values::Time(_));
                let number = values.int(row).filter(|_| is_number).ok_or(TYPE)?;
                let is_there = self == Self::Number || (0..known.rows).contains(&number);
                is_there.then_some(number).ok_or("cites a row that the evidence does not have")
            }
            Self::Text | Self::Flag => Err(TYPE),
        }
    }
}

const TYPE: &str = "has another type than the query gives";
const NULL: &str = "has no value in a row";

/// The parts of an answer as one table with the columns of its query, and with numbers for names.
fn checked(name: &str, parts: &[PlainTable], known: &Known<'_>) -> Result<PlainTable, QueryError> {
    let mut table = PlainTable::default();
    for column in header(name)?.columns {
        let wrong =
            |why| QueryError::Given { name: name.to_owned(), column: column.to_owned(), why };
        let values: Option<Vec<&Values>> = parts.iter().map(|part| part.column(column)).collect();
        let values = joined(column, &values.ok_or_else(|| wrong("is missing"))?, known);
        table.push(column, values.map_err(wrong)?);
    }
    Ok(table)
}

fn joined(column: &str, parts: &[&Values], known: &Known<'_>) -> Result<Values, &'static str> {
    let holds = Holds::of(column);
    let cells = || parts.iter().flat_map(|values| (0..values.len()).map(move |row| (*values, row)));
    match holds {
        Holds::Text => {
            let text = |(values, row): (&Values, usize)| {
                if values.is_null(row) {
                    return if column == "class_basis" { Err(NULL) } else { Ok(None) };
                }
                values.text(row).map(|text| Some(text.to_owned())).ok_or(TYPE)
            };
            Ok(Values::Text(cells().map(text).collect::<Result<_, _>>()?))
        }
        // Read as false, a lost value would count for readiness.
        Holds::Flag => {
            let flag = |(values, row): (&Values, usize)| {
                let why = if values.is_null(row) { NULL } else { TYPE };
                values.flag(row).map(Some).ok_or(why)
            };
            Ok(Values::Bool(cells().map(flag).collect::<Result<_, _>>()?))
        }
        Holds::Number | Holds::Row | Holds::Class | Holds::Version | Holds::Stream => {
            let number = |(values, row): (&Values, usize)| {
                let is_there = !values.is_null(row);
                is_there.then(|| holds.number(values, row, known)).transpose()
            };
            Ok(Values::I64(cells().map(number).collect::<Result<_, _>>()?))
        }
    }
}
