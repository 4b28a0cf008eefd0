/*! What records state without using it, as facts. */

use super::QueryError;
use super::fill::Answer;
use crate::model::facts::{Statement, Zoneless};
use crate::model::{Layer, State};

pub(super) fn statements(answer: &Answer<'_>) -> Result<Vec<Statement>, QueryError> {
    let states = State::ALL.map(|state| (state.word(), state));
    let layers = Layer::ALL.map(|layer| (layer.word(), layer));
    let one = |row: usize| -> Result<Statement, QueryError> {
        Ok(Statement {
            class: answer.class(row)?,
            instance: answer.shared("instance", row),
            stream: answer.stream("stream", row)?,
            layer: answer.word("evidence_layer", row, &layers)?,
            state: answer.word("credential_state", row, &states)?,
            records: answer.count("records", row)?,
            first: answer.at("first", row)?,
            last: answer.at("last", row)?,
        })
    };
    let mut all: Vec<Statement> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by_key(|one| (one.class, one.first.row, one.last.row, one.instance.clone()));
    Ok(all)
}

pub(super) fn zoneless(answer: &Answer<'_>) -> Result<Vec<Zoneless>, QueryError> {
    let one = |row: usize| -> Result<Zoneless, QueryError> {
        Ok(Zoneless {
            stream: answer.stream("stream", row)?,
            records: answer.count("records", row)?,
            first: answer.at("first", row)?,
            last: answer.at("last", row)?,
        })
    };
    let mut all: Vec<Zoneless> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by_key(|one| one.stream);
    Ok(all)
}
