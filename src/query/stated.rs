/*! Records that state a version without using it, and records without a time zone, as facts. */

use super::error::QueryError;
use super::rows::QueryAnswer;
use crate::model::facts::{Statement, Zoneless};
use crate::model::{ClassBasis, Kind, Layer, State};

pub(super) fn statements(answer: &QueryAnswer) -> Result<Vec<Statement>, QueryError> {
    let states = State::ALL.map(|state| (state.word(), state));
    let bases = ClassBasis::ALL.map(|basis| (basis.word(), basis));
    let kinds = Kind::ALL.map(|kind| (kind.word(), kind));
    let layers = Layer::ALL.map(|layer| (layer.word(), layer));
    answer.facts(|row| {
        Ok(Statement {
            class: row.some_class()?,
            basis: row.word("class_basis", &bases)?,
            kind: row.word("kind", &kinds)?,
            instance: row.shared("instance"),
            stream: row.stream("stream")?,
            layer: row.word("evidence_layer", &layers)?,
            state: row.word("credential_state", &states)?,
            records: row.count("records")?,
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })
}

pub(super) fn zoneless(answer: &QueryAnswer) -> Result<Vec<Zoneless>, QueryError> {
    answer.facts(|row| {
        Ok(Zoneless {
            stream: row.stream("stream")?,
            records: row.count("records")?,
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })
}
