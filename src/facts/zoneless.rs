/*! Which log sources have times without a time zone, which were read as UTC. */

use super::ends::Ends;
use super::evidence::Beginning;
use super::groups::Groups;
use crate::model::TimeBasis;
use crate::model::facts::Zoneless;
use crate::scan::Sym;

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Zoneless> {
    let mut groups: Groups<Sym, (u64, Ends)> = Groups::default();
    for seen in asked.known().filter(|seen| seen.when.basis == TimeBasis::ZoneAssumed) {
        let (records, ends) = groups.of(seen.stream);
        *records += 1;
        ends.add(seen);
    }
    groups.facts(|(stream, (records, ends))| Zoneless {
        stream: asked.stream(stream),
        records,
        first: ends.first(),
        last: ends.last(),
    })
}

pub(super) fn sort(zoneless: &mut [Zoneless]) {
    zoneless.sort_by_key(|zoneless| zoneless.stream);
}
