/*! From the uses of a credential, minute by minute, to those who hold it. Nothing is judged: a name that is guessed
 * here is a start for a plan.
 */

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::columns::Column;
use crate::model::who::{Does, MarkerHolder, MarkerUse};
use crate::model::{At, Duration, Span, Timestamp, VersionId};

use super::generated_names::generated;

/// The columns by which a consumer may be named, the best first.
const NAMED_BY: [Column; 5] = [
    Column::ServiceName,
    Column::UserAgent,
    Column::Principal,
    Column::ClientAddress,
    Column::HostName,
];

/// More values of a column than this, and those who differ in them alone are one holder, unless all are asked for.
const VALUES_MAX: usize = 8;

type Facets = BTreeMap<Column, Arc<str>>;

/// What is asked of the uses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Only what happened since then.
    pub since: Option<Timestamp>,
    /// Tell apart whatever differs.
    pub every: bool,
}

/// Those who hold it: those who use it first, of each sort the latest first.
pub fn holders(uses: &[MarkerUse], streams: &[String], asked: Asked) -> Vec<MarkerHolder<At>> {
    let mut named: BTreeMap<_, Vec<&MarkerUse>> = BTreeMap::new();
    for one in uses {
        let key = (Does::of(one.kind), one.version, guess(one, streams));
        named.entry(key).or_default().push(one);
    }
    let mut holders = Vec::new();
    for ((does, version, guess), uses) in named {
        let folded = if asked.every { BTreeSet::new() } else { folded(&uses) };
        let mut apart: BTreeMap<Facets, Vec<&MarkerUse>> = BTreeMap::new();
        for one in uses {
            let kept = one.facets.iter().filter(|(column, _)| !folded.contains(column));
            let kept = kept.map(|(column, value)| (*column, value.clone())).collect();
            apart.entry(kept).or_default().push(one);
        }
        let of_facets = apart.into_iter().filter_map(|(facets, uses)| {
            let recent: Vec<&MarkerUse> = recent(&uses, asked.since).collect();
            let many = folded.iter().map(|column| (*column, distinct(&recent, *column)));
            let many = many.filter(|(_, values)| *values > 0).collect();
            let seen = counted(&uses, asked.since)?;
            Some(MarkerHolder { version, does, guess: guess.clone(), facets, many, ..seen })
        });
        holders.extend(of_facets);
    }
    holders.sort_by(|one, other| {
        let order = |holder: &MarkerHolder<At>| (holder.does, Reverse(holder.span.to));
        order(one).cmp(&order(other)).then_with(|| one.guess.cmp(&other.guess))
    });
    holders
}

/// The columns in which those of one name differ too much to be told apart: each pod has an address of its own.
fn folded(uses: &[&MarkerUse]) -> BTreeSet<Column> {
    let columns: BTreeSet<Column> =
        uses.iter().flat_map(|one| one.facets.keys().copied()).collect();
    let instances = uses.iter().filter_map(|one| one.facets.get(&Column::ServiceInstanceId));
    let instances: BTreeSet<&str> = instances.map(AsRef::as_ref).collect();
    let has_generated = generated(instances.into_iter()).len() > 1;
    let is_folded = |column: &Column| {
        (has_generated && *column == Column::ServiceInstanceId)
            || distinct(uses, *column) > VALUES_MAX as u64
    };
    columns.into_iter().filter(is_folded).collect()
}

fn distinct(uses: &[&MarkerUse], column: Column) -> u64 {
    let values = uses.iter().filter_map(|one| one.facets.get(&column));
    values.collect::<BTreeSet<_>>().len() as u64
}

/// The name by which a plan would call the consumer, and the column that gives it.
fn guess(uses: &MarkerUse, streams: &[String]) -> (String, Option<Column>) {
    let named = NAMED_BY.iter().find_map(|by| Some((uses.facets.get(by)?.to_string(), Some(*by))));
    named.unwrap_or_else(|| {
        let stream = usize::try_from(uses.stream).ok().and_then(|number| streams.get(number));
        (stream.cloned().unwrap_or_default(), None)
    })
}

fn recent<'u>(
    uses: &[&'u MarkerUse],
    since: Option<Timestamp>,
) -> impl Iterator<Item = &'u MarkerUse> {
    let uses = uses.iter().copied();
    uses.filter(move |uses| since.is_none_or(|since| uses.last.latest() >= since))
}

fn counted(uses: &[&MarkerUse], since: Option<Timestamp>) -> Option<MarkerHolder<At>> {
    let minutes: BTreeSet<Timestamp> =
        uses.iter().map(|uses| uses.last.latest().minute()).collect();
    let counted: Vec<&MarkerUse> = recent(uses, since).collect();
    let first = counted.iter().map(|uses| uses.first).min_by_key(|at| (at.earliest(), at.row))?;
    let last = counted.iter().map(|uses| uses.last).max_by_key(|at| (at.latest(), at.row))?;
    Some(MarkerHolder {
        version: VersionId::default(),
        does: Does::Uses,
        guess: (String::new(), None),
        facets: BTreeMap::new(),
        many: BTreeMap::new(),
        events: counted.iter().map(|uses| uses.events).sum(),
        refused: counted.iter().map(|uses| uses.refused).sum(),
        linked: counted.iter().map(|uses| uses.linked).sum(),
        span: Span { from: first.earliest(), to: last.latest() },
        first,
        last,
        gaps: gaps(&minutes),
    })
}

/// The usual and the longest time between two of these minutes. Half of all time lies in gaps of the usual length or
/// longer: a job that logs five lines a day comes once a day.
fn gaps(minutes: &BTreeSet<Timestamp>) -> Option<(Duration, Duration)> {
    let minutes: Vec<Timestamp> = minutes.iter().copied().collect();
    let mut gaps: Vec<Duration> = minutes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    let half = (*minutes.last()? - *minutes.first()?).0 / 2;
    let mut passed = 0;
    let usual = gaps.iter().find(|gap| {
        passed += gap.0;
        passed >= half
    });
    Some((*usual?, *gaps.last()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, When};

    fn at(minute: i64, row: u64) -> At {
        At { when: When::exact(Timestamp(minute * Duration::MINUTE.0)), row }
    }

    fn uses(minute: i64, instance: &str) -> MarkerUse {
        let facets = [(Column::ServiceName, "worker"), (Column::ServiceInstanceId, instance)];
        MarkerUse {
            version: VersionId(0),
            kind: Kind::Auth,
            stream: 0,
            facets: facets.map(|(column, value)| (column, Arc::from(value))).into(),
            events: 2,
            refused: 1,
            linked: 0,
            first: at(minute, 1),
            last: at(minute, 2),
        }
    }

    fn since(minute: i64) -> Asked {
        Asked { since: Some(Timestamp(minute * Duration::MINUTE.0)), every: false }
    }

    #[test]
    fn pods_of_one_deployment_are_one_holder_and_named_instances_are_several() {
        let of = |names: [&str; 3]| {
            let all: Vec<_> = (0..).zip(names).map(|(hour, name)| uses(60 * hour, name)).collect();
            holders(&all, &[], Asked::default())
        };
        let pods = of(["w-7d4b9c6f5d-x2k9p", "w-7d4b9c6f5d-b4c5d", "w-7d4b9c6f5d-zz9zz"]);
        assert_eq!(pods.len(), 1);
        assert_eq!((pods[0].events, pods[0].refused), (6, 3));
        assert_eq!(pods[0].gaps, Some((Duration::HOUR, Duration::HOUR)));
        assert_eq!(pods[0].next_expected(), Some(Timestamp(3 * Duration::HOUR.0)));
        assert_eq!(pods[0].many, BTreeMap::from([(Column::ServiceInstanceId, 3)]));
        assert_eq!(of(["eu-1", "eu-2", "eu-1"]).len(), 2);
    }

    #[test]
    fn of_a_stretch_of_time_the_uses_are_counted_and_the_rhythm_is_kept() {
        let all = [uses(0, "eu-1"), uses(60, "eu-1"), uses(120, "eu-1")];
        let recent = holders(&all, &[], since(60));
        assert_eq!((recent[0].events, recent[0].span.from), (4, Timestamp(Duration::HOUR.0)));
        assert_eq!(recent[0].gaps, Some((Duration::HOUR, Duration::HOUR)));
        assert!(holders(&all, &[], since(121)).is_empty());
    }

    #[test]
    fn values_are_told_apart_up_to_a_limit_or_all_if_asked() {
        let of = |values: usize, every| {
            let all: Vec<_> = (0..values).map(|n| uses(1, &format!("eu-{n}"))).collect();
            holders(&all, &[], Asked { every, ..Asked::default() }).len()
        };
        assert_eq!([of(VALUES_MAX, false), of(VALUES_MAX + 1, false)], [VALUES_MAX, 1]);
        assert_eq!(of(VALUES_MAX + 1, true), VALUES_MAX + 1);
    }

    #[test]
    fn records_that_name_nobody_are_told_apart_by_their_log_source() {
        let nameless = |stream| MarkerUse { facets: BTreeMap::new(), stream, ..uses(1, "") };
        let found = holders(
            &[nameless(0), nameless(1)],
            &["a".to_owned(), "b".to_owned()],
            Asked::default(),
        );
        let names: Vec<_> = found.iter().map(|holder| holder.guess.0.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn a_job_that_logs_several_lines_a_day_comes_once_a_day() {
        let days = (0..4).flat_map(|day| (0..5).map(move |line| uses(day * 1_440 + line, "eu-1")));
        let holder = holders(&days.collect::<Vec<_>>(), &[], Asked::default()).remove(0);
        assert_eq!(holder.gaps.map(|(usual, _)| usual), Some(Duration(1_436 * Duration::MINUTE.0)));
    }

    #[test]
    fn it_is_overdue_once_more_time_went_by_than_ever_before() {
        let all = [uses(0, "eu-1"), uses(30, "eu-1"), uses(120, "eu-1")];
        let holder = holders(&all, &[], Asked::default()).remove(0);
        let after = |minutes| Timestamp(minutes * Duration::MINUTE.0);
        assert!(!holder.is_overdue(after(210)));
        assert!(holder.is_overdue(after(211)));
    }
}
