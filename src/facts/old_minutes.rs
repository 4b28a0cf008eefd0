/*! In which minutes since the change each instance of a consumer used an old version. */

use super::ends::Ends;
use super::evidence::Beginning;
use super::groups::Groups;
use crate::model::facts::OldMinute;
use crate::model::{ClassId, Timestamp};
use crate::scan::Sym;

pub(super) fn fold(asked: Beginning<'_>) -> Vec<OldMinute> {
    let mut groups: Groups<(ClassId, Sym, Timestamp), Ends> = Groups::default();
    let uses = asked.known().filter(|seen| seen.is_old_use() && seen.latest() >= asked.t0());
    for seen in uses {
        let Some(class) = seen.class else { continue };
        groups.of((class, seen.instance(), seen.latest().minute())).add(seen);
    }
    groups.facts(|((class, instance, _), ends)| OldMinute {
        class,
        instance: asked.shared(instance),
        first: ends.first(),
        last: ends.last(),
    })
}

pub(super) fn sort(minutes: &mut [OldMinute]) {
    minutes.sort_by_key(|minute| (minute.class, minute.first.row, minute.instance.clone()));
}
