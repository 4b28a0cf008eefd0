/*! The members of each class as facts: a bounded number of values for each class and facet. */

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::ends::{earlier, later};
use super::holder_hours::HolderHour;
use crate::model::coverage::StreamId;
use crate::model::credential::VersionState;
use crate::model::facts::{Facet, Holder, LeftOut};
use crate::model::{At, ClassId, Span};

/// At most this many values of a class and facet are followed, those with the latest old use first.
const VALUES_MAX: usize = 1_000;

/// The values that are followed, and what was left out.
pub(super) type Followed = (Vec<Holder>, Vec<LeftOut>);

pub(super) fn holders(hours: Vec<HolderHour>) -> Followed {
    let mut groups: BTreeMap<(ClassId, Facet), BTreeMap<Arc<str>, Holder>> = BTreeMap::new();
    for hour in hours {
        let (class, facet, value) = (hour.class, hour.facet, Arc::clone(&hour.value));
        let only = Some(hour.streams.0).filter(|_| hour.streams.0 == hour.streams.1);
        let values = groups.entry((class, facet)).or_default();
        let holder =
            values.entry(Arc::clone(&value)).or_insert_with(|| empty(class, facet, value, only));
        holder.stream = holder.stream.filter(|_| holder.stream == only);
        add(holder, hour);
    }
    let (mut followed, mut left_out) = (Vec::new(), Vec::new());
    for ((class, facet), values) in groups {
        let mut values: Vec<Holder> = values.into_values().collect();
        values
            .sort_by_key(|holder| (Reverse(holder.last_old.map(At::latest)), holder.value.clone()));
        let rest = values.split_off(values.len().min(VALUES_MAX));
        left_out.extend(left_out_of(class, facet, &rest));
        values.sort_by(|left, right| left.value.cmp(&right.value));
        followed.extend(values.into_iter().map(in_order));
    }
    (followed, left_out)
}

fn empty(class: ClassId, facet: Facet, value: Arc<str>, stream: Option<StreamId>) -> Holder {
    Holder {
        class,
        facet,
        value,
        tries: Vec::new(),
        old_uses: 0,
        first_old: None,
        last_old_before: None,
        last_old: None,
        old_by: Vec::new(),
        last_new: None,
        first_new_success: None,
        baseline_success: None,
        stream,
        is_marker: false,
    }
}

fn add(holder: &mut Holder, hour: HolderHour) {
    let (first, last) = (hour.first, hour.last);
    holder.is_marker |= hour.is_marker;
    holder.tries.push(Span { from: first.earliest(), to: last.latest() });
    // Of two attempts in an hour the gap between them is known.
    if hour.events == 2 && first.latest() < last.earliest() {
        holder.tries.pop();
        holder.tries.extend([first, last].map(|at| Span { from: at.earliest(), to: at.latest() }));
    }
    if hour.used == Some(VersionState::Old) {
        holder.old_uses += hour.events;
        holder.first_old = earlier(holder.first_old, first);
        holder.last_old = later(holder.last_old, last);
        if !hour.is_since {
            holder.last_old_before = later(holder.last_old_before, last);
        }
        match holder.old_by.iter_mut().find(|(name, _)| *name == hour.via) {
            Some((_, at)) => *at = later(Some(*at), last).unwrap_or(last),
            None => holder.old_by.push((hour.via, last)),
        }
    } else if hour.used == Some(VersionState::New) {
        holder.last_new = later(holder.last_new, last);
        holder.first_new_success = holder.first_new_success.into_iter().chain(hour.success).min();
    }
    let is_baseline = !hour.is_since && hour.used != Some(VersionState::New);
    if let Some(success) = hour.success_last.filter(|_| is_baseline) {
        holder.baseline_success = later(holder.baseline_success, success);
    }
}

fn in_order(mut holder: Holder) -> Holder {
    holder.tries.sort_unstable();
    holder.old_by.sort_by(|left, right| left.0.cmp(&right.0));
    holder
}

fn left_out_of(class: ClassId, facet: Facet, rest: &[Holder]) -> Option<LeftOut> {
    let is_since = |holder: &&Holder| {
        holder.last_old_before.map(|at| at.row) != holder.last_old.map(|at| at.row)
    };
    let since = rest.iter().filter(is_since).filter_map(|holder| holder.last_old);
    (!rest.is_empty()).then(|| LeftOut {
        class,
        facet,
        values: rest.len() as u64,
        has_both: rest.iter().any(Holder::shows_both),
        old_since: since.max_by_key(|at| (at.latest(), at.row)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Timestamp, When};

    fn value(name: &str, old: i64) -> Holder {
        let at = At { when: When::exact(Timestamp(old)), row: old.unsigned_abs() };
        let holder = empty(ClassId(0), Facet::Address, Arc::from(name), None);
        Holder { last_old: Some(at), ..holder }
    }

    #[test]
    fn what_is_left_out_says_whether_it_moved_and_when_it_used_old_since_the_change() {
        assert_eq!(left_out_of(ClassId(0), Facet::Address, &[]), None);
        let before = value("a", 1);
        let before = Holder { last_old_before: before.last_old, ..before };
        let found = left_out_of(ClassId(0), Facet::Address, std::slice::from_ref(&before)).unwrap();
        assert_eq!((found.values, found.has_both, found.old_since), (1, false, None));
        let since = value("b", 2);
        let found = left_out_of(ClassId(0), Facet::Address, &[before, since.clone()]).unwrap();
        assert_eq!((found.values, found.old_since), (2, since.last_old));
    }
}
