/*! The members of the classes of a world, gathered from its rows as the queries gather them from evidence. */

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rows::T0;
use crate::judge::activity;
use crate::model::facts::{Activity, Facet, Facts, Holder, OldMinute};
use crate::model::{At, ClassBasis, ClassId, Span, State};

/// What rows show besides instance and environment, by the number of their first row.
pub(crate) type Hints = BTreeMap<u64, Vec<(Facet, Arc<str>)>>;

/// Fills in who used the old version, and in which minutes.
pub(crate) fn fill(facts: &mut Facts, hints: &Hints) {
    let mut values: BTreeMap<(ClassId, Facet, Arc<str>), Vec<&Activity>> = BTreeMap::new();
    let tries: Vec<&Activity> = facts
        .activity
        .iter()
        .filter(|row| row.kind.is_try() && row.first.earliest() <= facts.as_of)
        .collect();
    for row in tries.iter().filter(|row| is_own(row)) {
        let named = row.instance.clone().map(|name| (Facet::Instance, name));
        let placed = row.environment.clone().map(|name| (Facet::Environment, name));
        let more = hints.get(&row.first.row).cloned().unwrap_or_default();
        for (facet, value) in named.into_iter().chain(placed).chain(more) {
            values.entry((row.class, facet, value)).or_default().push(row);
        }
    }
    let holders = values.into_iter().map(|(of, rows)| holder(of, &rows));
    facts.holders = holders
        .filter(|holder| holder.last_old.is_some() || holder.facet == Facet::Environment)
        .collect();
    let old = tries.iter().filter(|row| activity::is_old_use(row) && row.last.latest() >= T0);
    facts.old_minutes = old
        .map(|row| OldMinute {
            class: row.class,
            instance: row.instance.clone(),
            first: row.first,
            last: row.last,
        })
        .collect();
}

fn is_own(row: &Activity) -> bool {
    activity::is_old_use(row)
        || row.basis == ClassBasis::Matched
            && activity::is_of_plan(row)
            && (row.state != State::New || row.first.earliest() >= T0)
}

fn holder((class, facet, value): (ClassId, Facet, Arc<str>), rows: &[&Activity]) -> Holder {
    let old: Vec<&&Activity> = rows.iter().filter(|row| activity::is_old_use(row)).collect();
    let new: Vec<&&Activity> = rows.iter().filter(|row| activity::is_new_use(row)).collect();
    let last = |at: &At| (at.latest(), at.row);
    let before = |row: &&&Activity| row.last.latest() < T0;
    let mut tries: Vec<Span> = rows
        .iter()
        .flat_map(|row| [row.first, row.last])
        .map(|at| Span { from: at.earliest(), to: at.latest() })
        .collect();
    tries.sort_unstable();
    let mut old_by: BTreeMap<Option<Arc<str>>, At> = BTreeMap::new();
    for row in &old {
        let at = old_by.entry(row.instance.clone()).or_insert(row.last);
        *at = [*at, row.last].into_iter().max_by_key(last).unwrap_or(row.last);
    }
    let worked = rows.iter().filter(|row| {
        activity::is_success(row) && row.state != State::New && row.last.earliest() < T0
    });
    let succeeded = new.iter().filter(|row| activity::is_success(row));
    let is_one_stream = rows.iter().all(|row| row.stream == rows[0].stream);
    Holder {
        class,
        facet,
        value,
        tries,
        old_uses: old.iter().map(|row| row.count).sum(),
        first_old: old.iter().map(|row| row.first).min_by_key(|at| at.earliest()),
        last_old_before: old
            .iter()
            .copied()
            .filter(|row| before(row))
            .map(|row| row.last)
            .max_by_key(last),
        last_old: old.iter().map(|row| row.last).max_by_key(last),
        old_by: old_by.into_iter().collect(),
        last_new: new.iter().map(|row| row.last).max_by_key(last),
        first_new_success: succeeded.map(|row| row.first.earliest()).min(),
        baseline_success: worked.map(|row| row.last).max_by_key(last),
        stream: Some(rows[0].stream).filter(|_| is_one_stream),
        is_marker: false,
    }
}
