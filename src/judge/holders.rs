/*! The holders of a class: each member that used the old version, told apart by any facet, and what became of it. */

use super::activity::Clocks;
use super::class_records::ClassRecords;
use super::generated_names::holds_address;
use super::instance::InstanceCase;
use super::rhythm::{self, Gap, Rhythm};
use super::spans;
use crate::model::facts::{Facet, Facts, Holder, LeftOut};
use crate::model::ledger::HolderState;
use crate::model::{At, Duration, Refresh, Span, Timestamp};

/// Two old uses that are this far apart make a value a holder.
const APART: Duration = Duration(20 * Duration::HOUR.0);

/// Values of a facet recur if they have this many baseline runs on average.
const RUNS_RECUR: u64 = 3;

/// The fewest baseline runs of an action that is a holder.
const RUNS_OF_ACTION: u64 = 6;

/// One holder, and what became of it.
#[derive(Clone, Debug)]
pub struct HolderCase<'a> {
    /// What was read.
    pub fact: &'a Holder,
    /// What became of it.
    pub state: HolderState,
    /// Its last use that is to be followed by a new one.
    pub last: At,
    /// Its rhythm, by its own attempts.
    pub rhythm: Option<Rhythm>,
    /// How long it must be silent, if that is known.
    pub needed: Option<Duration>,
    /// How long it has been.
    pub silent: Duration,
    /// Until when silence will do, if it will.
    pub until: Option<Timestamp>,
}

/// The holders of a class.
#[derive(Clone, Debug, Default)]
pub struct Holders<'a> {
    /// In the order of facets and values.
    pub followed: Vec<HolderCase<'a>>,
    /// What was left out.
    pub left_out: Vec<&'a LeftOut>,
}

/// Follows the holders of a class. `cadence` is that of the class, for holders that show no rhythm of their own.
pub fn of_class<'a>(
    class: &ClassRecords,
    facts: &'a Facts,
    cadence: Option<Duration>,
) -> Holders<'a> {
    let left_out: Vec<&LeftOut> =
        facts.holders_left_out.iter().filter(|rest| rest.class == class.id).collect();
    let mut followed = Vec::new();
    for facet in Facet::ALL {
        // A value that is the marker itself names the credential, not who holds it.
        let of_facet = |holder: &&Holder| {
            holder.class == class.id && holder.facet == facet && !holder.is_marker
        };
        let values: Vec<&Holder> = facts.holders.iter().filter(of_facet).collect();
        let is_moved_left_out = left_out.iter().any(|rest| rest.facet == facet && rest.has_both);
        let terms = FacetTerms {
            is_telling: is_telling(class, facet, &values),
            is_replaced: !is_moved_left_out && !values.iter().any(|value| value.shows_both()),
            cadence,
        };
        followed.extend(values.into_iter().filter_map(|value| case(class, value, &terms)));
    }
    Holders { followed, left_out }
}

/// Did this value surely use the new version after its last old use?
pub fn has_moved(holder: &Holder, clocks: Clocks<'_>) -> bool {
    let Some(new) = holder.last_new else { return false };
    let apart = if holder.stream.is_some() { Duration::ZERO } else { clocks.widest() };
    holder
        .last_old
        .is_none_or(|old| new.earliest() > old.latest() && new.earliest() - old.latest() >= apart)
}

/// What holds for all values of a facet.
struct FacetTerms {
    /// Does the facet tell members apart?
    is_telling: bool,
    /// Does none of its values show both versions, as if all were replaced?
    is_replaced: bool,
    cadence: Option<Duration>,
}

fn is_telling(class: &ClassRecords, facet: Facet, values: &[&Holder]) -> bool {
    if facet == Facet::Stream {
        // All that one log source shows may be of anybody.
        return values.iter().filter(|value| value.last_old.is_some()).count() > 1;
    }
    let runs: Vec<u64> =
        values.iter().map(|value| baseline_runs(class, value)).filter(|runs| *runs > 0).collect();
    facet.is_running_copy()
        || facet == Facet::Environment
        || runs.is_empty()
        || runs.iter().sum::<u64>() >= RUNS_RECUR * runs.len() as u64
}

/// How many runs the value has before the change.
fn baseline_runs(class: &ClassRecords, holder: &Holder) -> u64 {
    let before: Vec<Span> =
        holder.tries.iter().filter(|span| span.from < class.times.introduced).copied().collect();
    let gaps = rhythm::gaps_between(&before);
    let own = || gaps.iter().copied().max().unwrap_or_default();
    let within = rhythm::run_gap(class.cadence.gap().unwrap_or_else(own));
    let breaks = gaps.iter().filter(|gap| **gap >= within).count() as u64;
    if before.is_empty() { 0 } else { breaks + 1 }
}

fn case<'a>(
    class: &ClassRecords,
    holder: &'a Holder,
    terms: &FacetTerms,
) -> Option<HolderCase<'a>> {
    let instance = class.instance(&holder.value).filter(|_| holder.facet.is_running_copy());
    let is_generated = instance.is_some_and(|instance| instance.is_generated)
        || holder.facet.is_running_copy() && holds_address(&holder.value);
    let last = holder.last_old.or(holder.baseline_success)?;
    if !terms.is_telling || !is_holder(class, holder) {
        return None;
    }
    if is_generated && !is_followed(class, instance) {
        return None;
    }
    let since = last.latest().max(class.times.revoked.unwrap_or(last.latest()));
    let rhythm = rhythm::of_member(&gaps(class, holder));
    let fallback = || terms.cadence.or(class.cadence.few);
    let needed = rhythm.map(|rhythm| rhythm.needed).or_else(fallback);
    let silent = class.covered_within(Span { from: since, to: class.times.as_of });
    let is_gone = is_gone(class, holder, instance);
    let is_lost = is_gone && asks_after_end(class, holder) && {
        is_generated || holder.facet == Facet::Environment || !terms.is_replaced
    };
    let state = if has_moved(holder, class.clocks) {
        HolderState::Moved
    } else if has_ended(class, holder, instance) {
        HolderState::Stopped
    } else if is_lost {
        HolderState::Lost
    } else if is_generated {
        return None;
    } else {
        match needed {
            None => HolderState::Unknown,
            Some(needed) if silent < needed => HolderState::Waiting,
            Some(_) => HolderState::Silent,
        }
    };
    let until = needed.filter(|_| matches!(state, HolderState::Waiting | HolderState::Silent));
    let until = until.map(|needed| class.logged_for(since, needed));
    Some(HolderCase { fact: holder, state, last, rhythm, needed, silent, until })
}

/// Did it use the old version often enough, or late enough, to be one?
fn is_holder(class: &ClassRecords, holder: &Holder) -> bool {
    let first = holder.first_old.map(At::earliest);
    // Later than the class's first new success one use is enough, so these two lie before it.
    let last = holder.last_old.map(At::latest);
    let is_twice = first.zip(last).is_some_and(|(first, last)| last - first >= APART);
    let is_since = holder.last_old.is_some_and(|old| {
        let at = old.latest();
        at >= class.times.introduced
            && class.first_new_success.is_none_or(|moved| at >= moved.earliest())
    });
    is_since
        || match holder.facet {
            Facet::Instance | Facet::Host => holder.last_old.is_some(),
            Facet::Environment => is_twice || holder.baseline_success.is_some(),
            Facet::Action => is_twice && baseline_runs(class, holder) >= RUNS_OF_ACTION,
            Facet::Service
            | Facet::Principal
            | Facet::Address
            | Facet::UserAgent
            | Facet::Stream => is_twice,
        }
}

/// Is a generated name followed: was it seen since the change, and do the ends of such instances stand in the logs?
fn is_followed(class: &ClassRecords, instance: Option<&InstanceCase>) -> bool {
    // What ends within the skew of the change may as well have ended before it.
    let change = class.times.introduced + class.clocks.skew;
    let is_since = |one: &InstanceCase| one.last_seen.is_some_and(|seen| seen >= change);
    let went: Vec<&InstanceCase> =
        class.instances.iter().filter(|one| one.is_gone() && is_since(one)).collect();
    let ended = went.iter().filter(|one| class.has_ended(one)).count();
    instance.is_some_and(is_since) && 2 * ended >= went.len() && ended > 0
}

fn is_gone(class: &ClassRecords, holder: &Holder, instance: Option<&InstanceCase>) -> bool {
    instance.map_or_else(
        || {
            let seen = holder.tries.iter().map(|span| span.to).max();
            seen.is_none_or(|seen| seen < class.times.as_of - class.consumer.limits.gone_after)
        },
        InstanceCase::is_gone,
    )
}

/// Is it asked after although it has been silent for long enough?
fn asks_after_end(class: &ClassRecords, holder: &Holder) -> bool {
    match holder.facet {
        Facet::Instance | Facet::Host | Facet::Environment => true,
        Facet::Service | Facet::Principal | Facet::UserAgent => {
            baseline_runs(class, holder) >= RUNS_RECUR
        }
        Facet::Address | Facet::Action | Facet::Stream => false,
    }
}

/// Have all processes that made its old uses a recorded end?
fn has_ended(class: &ClassRecords, holder: &Holder, instance: Option<&InstanceCase>) -> bool {
    if let Some(instance) = instance {
        return class.has_ended(instance);
    }
    let ended = |name: &str| class.instance(name).is_some_and(|one| class.has_ended(one));
    !holder.old_by.is_empty()
        && holder.old_by.iter().all(|(name, _)| name.as_deref().is_some_and(ended))
}

/// The pauses between its attempts. Time in which no log source recorded is left out.
fn gaps(class: &ClassRecords, holder: &Holder) -> Vec<Gap> {
    let mut end: Option<Timestamp> = None;
    let mut gaps = Vec::new();
    for span in &holder.tries {
        if let Some(from) = end.filter(|end| *end < span.from) {
            let gap = Span { from, to: span.from };
            let lost = spans::length_within(&class.unrecorded, gap);
            let is_since = gap.to > class.times.introduced;
            gaps.push(Gap { length: gap.length() - lost, is_since });
        }
        end = end.max(Some(span.to));
    }
    gaps.retain(|gap| gap.length > Duration::ZERO);
    gaps
}

impl ClassRecords<'_> {
    /// Has this instance a recorded end? The end of a run does not count.
    pub fn has_ended(&self, instance: &InstanceCase) -> bool {
        !self.consumer.refresh.is_some_and(Refresh::is_fresh_each_time) && instance.has_stopped()
    }

    /// When this much time after an instant will be logged. All time in the future counts as logged.
    pub fn logged_for(&self, since: Timestamp, needed: Duration) -> Timestamp {
        let end = self.times.as_of.max(since);
        let mut missing = needed;
        for span in spans::intersect(&self.covered_with_tail(), &[Span { from: since, to: end }]) {
            if span.length() >= missing {
                return span.from + missing;
            }
            missing = missing - span.length();
        }
        end + missing
    }
}

#[cfg(test)]
mod tests {
    use crate::judge::tests::{World, h, row};
    use crate::model::facts::{Facet, Holder};
    use crate::model::ledger::HolderState;

    fn state(world: &World, value: &str) -> Option<HolderState> {
        let classes = world.decide().classes;
        let found = classes[0].holders.iter().find(|holder| holder.value == value);
        found.map(|holder| holder.state)
    }

    /// An address that used old at these hours, in a class that works from another one.
    fn address(hours: &[i64]) -> World {
        let from = |world: World, at: i64, address: &str| {
            world.put(row("w").old().hint(Facet::Address, address).at(h(at)))
        };
        let mut world = (1..56).fold(World::new().class("w"), |w, n| from(w, -n * 6, "10.0.0.1"));
        for n in 0..16 {
            world = world.put(row("w").hint(Facet::Address, "10.0.0.1").at(h(n * 6 + 1)));
        }
        hours.iter().fold(world, |world, n| from(world, *n, "203.0.113.77"))
    }

    #[test]
    fn an_address_is_a_holder_by_two_uses_twenty_hours_apart_and_its_silence_is_enough() {
        assert_eq!(state(&address(&[-30, -11]), "203.0.113.77"), None);
        assert_eq!(state(&address(&[-30, -10]), "203.0.113.77"), Some(HolderState::Silent));
        let weekly = address(&[-310, -142]);
        assert_eq!(state(&weekly, "203.0.113.77"), Some(HolderState::Waiting));
        // One use since the change is measured by the cadence of the class.
        assert_eq!(state(&address(&[92]), "203.0.113.77"), Some(HolderState::Waiting));
        assert_eq!(state(&address(&[90]), "203.0.113.77"), Some(HolderState::Silent));
    }

    #[test]
    fn a_log_source_is_a_holder_where_another_shows_old_use_too_and_no_record_names_a_host() {
        let on = |world: World, stream: &str, at: i64, is_new: bool| {
            let of = row("w").stream(stream).hint(Facet::Stream, stream).at(h(at));
            world.put(if is_new { of } else { of.old() })
        };
        let world = World::new().class("w").stream("logs/a", "w").stream("logs/b", "w");
        let world = (1..56).fold(world, |world, n| on(world, "logs/a", -n * 6, false));
        let world = (0..16).fold(world, |world, n| on(world, "logs/a", n * 6 + 1, true));
        let with = |hours: &[i64]| {
            hours.iter().fold(world.clone(), |world, at| on(world, "logs/b", *at, false))
        };
        assert_eq!(state(&world, "logs/a"), None, "one log source tells nobody apart");
        assert_eq!(state(&with(&[-239, -71]), "logs/b"), Some(HolderState::Waiting));
        assert_eq!(state(&with(&[-239, -71]), "logs/a"), Some(HolderState::Moved));
        // Boundary: twenty hours apart; and then silence by its own rhythm is enough.
        assert_eq!(state(&with(&[-90, -71]), "logs/b"), None);
        assert_eq!(state(&with(&[-91, -71]), "logs/b"), Some(HolderState::Silent));
    }

    #[test]
    fn addresses_that_do_not_recur_tell_nobody_apart() {
        let pool = (0..60).fold(address(&[]), |world, n| {
            let name = format!("10.9.0.{n}");
            world.put(row("w").old().hint(Facet::Address, &name).at(h(-300 + n)))
        });
        let pool = pool.put(row("w").old().hint(Facet::Address, "10.9.0.1").at(h(-9)));
        assert_eq!(state(&pool, "10.9.0.1"), None);
    }

    #[test]
    fn two_uses_before_the_class_moved_make_a_holder_on_either_side_of_the_change() {
        // The class first works with the new version 40 hours after the change.
        let moved_late = |hours: &[i64]| {
            let busy = |at: i64| row("w").hint(Facet::Address, "10.0.0.1").at(h(at));
            let rare = |at: i64| row("w").old().hint(Facet::Address, "203.0.113.77").at(h(at));
            let world = (-56..7).fold(World::new().class("w"), |w, n| w.put(busy(n * 6).old()));
            let world = (0..10).fold(world, |world, n| world.put(busy(40 + n * 6)));
            hours.iter().fold(world, |world, at| world.put(rare(*at)))
        };
        assert_eq!(state(&moved_late(&[-164, 28]), "203.0.113.77"), Some(HolderState::Waiting));
        assert_eq!(state(&moved_late(&[28]), "203.0.113.77"), None);
        // Boundary: twenty hours apart.
        assert_eq!(state(&moved_late(&[9, 28]), "203.0.113.77"), None);
        assert!(state(&moved_late(&[8, 28]), "203.0.113.77").is_some());
    }

    #[test]
    fn a_value_that_is_the_marker_tells_nobody_apart_and_others_do() {
        let world = address(&[-310, -142]);
        let state_if = |is_marker: bool| {
            let mut facts = world.finished();
            for holder in &mut facts.holders {
                holder.is_marker = is_marker && holder.value.starts_with("203.");
            }
            // Another log source writes the marker where this one writes the address.
            let of_address = facts.holders.iter().find(|holder| holder.facet == Facet::Address);
            let other = of_address.expect("an address").clone();
            facts.holders.push(Holder { value: "app_old".into(), is_marker: true, ..other });
            let decision = crate::judge::decide(&world.plan, &facts);
            let holders = &decision.classes[0].holders;
            let found = holders.iter().find(|holder| holder.value == "203.0.113.77");
            found.map(|holder| holder.state)
        };
        assert_eq!(state_if(true), None);
        assert_eq!(state_if(false), Some(HolderState::Waiting));
    }
}
