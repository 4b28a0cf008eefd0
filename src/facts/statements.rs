/*! Which versions configuration and runtime records name for each consumer and instance, or for nobody of the plan, and
 * when.
 */

use super::ends::Ends;
use super::evidence::Beginning;
use super::groups::Groups;
use crate::model::facts::Statement;
use crate::model::{ClassBasis, ClassId, Kind, Layer, Outcome, State, VersionId};
use crate::scan::Sym;

/// Whom records name, and how sure that is.
type Named = (Option<ClassId>, ClassBasis, Sym);

/// Whom they name, the kind of record, stream, layer, version and state.
type Key = (Named, Kind, Sym, Layer, Option<VersionId>, State);

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Statement> {
    let mut groups: Groups<Key, (u64, Ends)> = Groups::default();
    let stated = asked.known().filter(|seen| {
        seen.layer != Layer::Behavior
            && matches!(seen.kind, Kind::Declare | Kind::Refresh | Kind::Start)
            && matches!(seen.outcome, Outcome::Success | Outcome::None)
            && seen.binding.proves()
    });
    for seen in stated {
        let named = (seen.class, seen.basis, seen.instance());
        let key = (named, seen.kind, seen.stream, seen.layer, seen.version, seen.state);
        let (records, ends) = groups.of(key);
        *records += 1;
        ends.add(seen);
    }
    groups.facts(|((named, kind, stream, layer, _, state), (records, ends))| Statement {
        class: named.0,
        basis: named.1,
        kind,
        instance: asked.shared(named.2),
        stream: asked.stream(stream),
        layer,
        state,
        records,
        first: ends.first(),
        last: ends.last(),
    })
}

pub(super) fn sort(statements: &mut [Statement]) {
    statements.sort_by_key(|statement| {
        let rows = (statement.first.row, statement.last.row);
        (statement.class, rows, statement.instance.clone(), statement.kind)
    });
}
