/*! Which versions configuration and runtime records name for each consumer and instance, and when. */

use super::ends::Ends;
use super::evidence::Beginning;
use super::groups::Groups;
use crate::model::facts::Statement;
use crate::model::{ClassBasis, ClassId, Kind, Layer, Outcome, State, VersionId};
use crate::scan::Sym;

/// Class, instance, stream, layer, version and state.
type Key = (ClassId, Sym, Sym, Layer, Option<VersionId>, State);

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Statement> {
    let mut groups: Groups<Key, (u64, Ends)> = Groups::default();
    let stated = asked.known().filter(|seen| {
        seen.basis == ClassBasis::Matched
            && seen.layer != Layer::Behavior
            && matches!(seen.kind, Kind::Declare | Kind::Refresh | Kind::Start)
            && matches!(seen.outcome, Outcome::Success | Outcome::None)
            && seen.binding.proves()
    });
    for seen in stated {
        let Some(class) = seen.class else { continue };
        let key = (class, seen.instance(), seen.stream, seen.layer, seen.version, seen.state);
        let (records, ends) = groups.of(key);
        *records += 1;
        ends.add(seen);
    }
    groups.facts(|((class, instance, stream, layer, _, state), (records, ends))| Statement {
        class,
        instance: asked.shared(instance),
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
        (statement.class, statement.first.row, statement.last.row, statement.instance.clone())
    });
}
