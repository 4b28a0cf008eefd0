/*! Who used, read or named an old version, minute by minute, told apart by all that records say of who it was. */

use std::collections::BTreeMap;

use super::columns::{ACTION, ADDRESS, HOST, INSTANCE, PRINCIPAL, SERVICE};
use super::ends::Uses;
use super::evidence::Beginning;
use super::groups::Groups;
use crate::model::columns::Column;
use crate::model::who::MarkerUse;
use crate::model::{Binding, Kind, Outcome, State, Timestamp, VersionId};
use crate::scan::Sym;

/// The columns that say who it was; of the user agent the product.
const FACETS: [Column; 7] = [
    Column::ServiceName,
    Column::ServiceInstanceId,
    Column::HostName,
    Column::ClientAddress,
    Column::Principal,
    Column::Action,
    Column::UserAgent,
];

/// All uses, and those that were refused, and those that a link shows.
#[derive(Default)]
struct Counted {
    all: Uses,
    refused: u64,
    linked: u64,
}

/// By a fold over the rows.
pub fn fold(asked: Beginning<'_>) -> Vec<MarkerUse> {
    let mut groups: Groups<(VersionId, Kind, Sym, [Sym; 7], Timestamp), Counted> =
        Groups::default();
    for seen in asked.known().filter(|seen| seen.state == State::Old) {
        let Some(version) = seen.version else { continue };
        let text = |slot: usize| seen.texts[slot];
        let facets = [
            text(SERVICE),
            text(INSTANCE),
            text(HOST),
            text(ADDRESS),
            text(PRINCIPAL),
            text(ACTION),
            asked.product(seen),
        ];
        let key = (version, seen.kind, seen.stream, facets, seen.latest().minute());
        let counted = groups.of(key);
        counted.all.add(seen);
        if matches!(seen.outcome, Outcome::AuthFailure | Outcome::Denied) {
            counted.refused += seen.count;
        }
        if seen.binding == Binding::Derived {
            counted.linked += seen.count;
        }
    }
    groups.facts(|((version, kind, stream, facets, _), counted)| {
        let facets = FACETS.into_iter().zip(facets).filter_map(|(column, sym)| {
            Some((column, asked.shared(sym).filter(|value| !value.is_empty())?))
        });
        MarkerUse {
            version,
            kind,
            stream: asked.stream(stream).0,
            facets: facets.collect::<BTreeMap<_, _>>(),
            events: counted.all.events,
            refused: counted.refused,
            linked: counted.linked,
            first: counted.all.first(),
            last: counted.all.last(),
        }
    })
}

/// In the order of time.
pub fn sorted(mut uses: Vec<MarkerUse>) -> Vec<MarkerUse> {
    uses.sort_by_key(|uses| (uses.first.row, uses.last.row));
    uses
}
