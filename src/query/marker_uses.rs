/*! Who used, read or named an old version, minute by minute. */

use std::collections::BTreeMap;

use crate::model::Kind;
use crate::model::columns::Column;
use crate::model::who::MarkerUse;
use crate::table::Engine;

use super::answers::answer;
use super::error::QueryError;
use super::rows::QueryAnswer;

/// The columns that say who it was, with the names that the query gives them.
const FACETS: [(Column, &str); 7] = [
    (Column::ServiceName, "service_name"),
    (Column::ServiceInstanceId, "service_instance_id"),
    (Column::HostName, "host_name"),
    (Column::ClientAddress, "client_address"),
    (Column::UserAgent, "product"),
    (Column::Principal, "principal"),
    (Column::Action, "action"),
];

/// All of them, in the order of time.
pub fn marker_uses(engine: &mut Engine) -> Result<Vec<MarkerUse>, QueryError> {
    let name = "marker_uses";
    let kinds = Kind::ALL.map(|kind| (kind.word(), kind));
    QueryAnswer::new(name, answer(engine, name)?).facts(|row| {
        let facets = FACETS.iter().filter_map(|(column, name)| {
            Some((*column, row.shared(name).filter(|value| !value.is_empty())?))
        });
        let shape =
            || QueryError::Shape { name: name.to_owned(), column: "credential_version".to_owned() };
        Ok(MarkerUse {
            version: row.version()?.ok_or_else(shape)?,
            kind: row.word("kind", &kinds)?,
            stream: row.stream("stream")?.0,
            facets: facets.collect::<BTreeMap<_, _>>(),
            events: row.count("events")?,
            refused: row.count("refused")?,
            linked: row.count("linked")?,
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })
}
