/*! What the silence of a class means: how long it has lasted, how long it must last, and why. */

use std::collections::BTreeSet;

use super::activity::{self, ClockTime, keep};
use super::cadence;
use super::class_records::ClassRecords;
use super::holders;
use super::old_rhythm::OldRhythm;
use crate::model::facts::{Activity, Facet, Facts};
use crate::model::ledger::{Silence, SilenceState};
use crate::model::{At, ClassBasis, ClassId, Duration, Refresh, Span, Timestamp};

/// The error level of the bound on the share that still uses the old version.
const BOUND_LEVEL: f64 = 0.05;

/// A use with a constant rate is seen at 99 % in 4.6 times its mean gap: this number of tenths.
const RESIDUAL_TENTHS: i64 = 46;

/// What still holds the old version after this silence uses it less often than once in this time (99 %, at a constant
/// rate).
pub(crate) fn residual(elapsed: Duration) -> Duration {
    elapsed.scaled(10, RESIDUAL_TENTHS)
}

/// The silence that excludes, in the same way, whatever uses the old version once in this time.
pub(crate) fn excluding(slowest: Duration) -> Duration {
    slowest.scaled(RESIDUAL_TENTHS, 10)
}

/// Measures the silence of a class. `fresh` are its fresh successes.
pub fn measure(
    class: &ClassRecords,
    fresh: &[&Activity],
    old_rhythm: Option<&OldRhythm>,
    facts: &Facts,
) -> Silence {
    let is_fresh = !fresh.is_empty();
    let settled = is_settled(class, fresh);
    let cadence = class.cadence.length(is_fresh).filter(|_| !settled);
    let chances = chances(class, facts);
    let elapsed = elapsed(class);
    Silence {
        state: class.is_judged().then(|| state(class, is_fresh)),
        last_seen: activity::latest(&class.tries).map(|row| row.last.when.at),
        needed: needed(class, cadence)
            .max(few_runs(class, facts))
            .max(old_rhythm.map(|rhythm| rhythm.needed).unwrap_or_default()),
        elapsed,
        declared: class.cadence.declared,
        learned: class.cadence.learned_length(is_fresh),
        settled,
        chances,
        bound: bound(chances).filter(|_| are_independent(class)),
        residual: (class.is_judged() && elapsed > Duration::ZERO).then(|| residual(elapsed)),
    }
}

/// The last run that matches this class alone and did not use a fallback. The next run is expected from here on.
pub fn last_run(class: &ClassRecords) -> Option<Timestamp> {
    let is_own = |row: &Activity| {
        !row.degraded && row.basis == ClassBasis::Matched && activity::is_of_plan(row)
    };
    activity::latest(&keep(&class.tries, is_own)).map(|row| row.last.latest())
}

/// The instant at which the silence starts: the last old use or old read, or else the first logged time. In a
/// postmortem it does not start before the revocation.
pub fn silent_since(class: &ClassRecords) -> Option<Timestamp> {
    let first = || class.covered.first().map(|span| span.from);
    let last = class.last_old_use.map(At::latest).max(class.last_old_read().map(At::latest));
    let since = last.or_else(first)?;
    Some(class.times.revoked.map_or(since, |revoked| since.max(revoked)))
}

fn needed(class: &ClassRecords, cadence: Option<Duration>) -> Duration {
    let window = class.times.full_window;
    let session = class.consumer.session_max.unwrap_or_default();
    let slowest = class.consumer.slowest.or(class.times.slowest).map(excluding);
    window.max(session).max(cadence.unwrap_or_default()).max(slowest.unwrap_or_default())
}

/// The largest of the few gaps that the baseline shows, unless the plan says how rarely the class runs, or each member
/// that its old uses name has moved.
fn few_runs(class: &ClassRecords, facts: &Facts) -> Duration {
    let is_promised = class.consumer.every.is_some() || class.consumer.run_settles;
    if is_promised || all_named_have_moved(class, facts) {
        return Duration::ZERO;
    }
    class.cadence.few.unwrap_or_default()
}

/// Has each instance, host, principal and user agent that the old uses name used the new version since? There must be
/// one at least.
fn all_named_have_moved(class: &ClassRecords, facts: &Facts) -> bool {
    let names = |facet: Facet| match facet {
        Facet::Instance | Facet::Host | Facet::Principal | Facet::UserAgent => true,
        Facet::Environment | Facet::Service | Facet::Address | Facet::Action | Facet::Stream => {
            false
        }
    };
    let is_of_class = |of: ClassId, facet: Facet| of == class.id && names(facet);
    let mut members = facts
        .holders
        .iter()
        .filter(|one| is_of_class(one.class, one.facet) && one.last_old.is_some() && !one.is_marker)
        .peekable();
    let are_some_unknown =
        facts.holders_left_out.iter().any(|rest| is_of_class(rest.class, rest.facet));
    members.peek().is_some()
        && !are_some_unknown
        && members.all(|one| holders::has_moved(one, class.clocks))
}

fn elapsed(class: &ClassRecords) -> Duration {
    let end = class.times.as_of;
    silent_since(class).map_or(Duration(0), |from| class.covered_within(Span { from, to: end }))
}

/// Does one fresh run on the new version prove the move, so that there is no need to wait for the next run?
fn is_settled(class: &ClassRecords, fresh: &[&Activity]) -> bool {
    let cadence = &class.cadence;
    let is_promised = class.consumer.run_settles
        && cadence
            .declared
            .is_some_and(|every| cadence.gap().is_none_or(|gap| gap.scaled(2, 1) >= every));
    (cadence.is_unknown() || is_promised) && fresh.iter().any(|row| cannot_be_old(class, row))
}

/// Is it impossible that the process behind this fresh success still holds the old version?
fn cannot_be_old(class: &ClassRecords, fresh: &Activity) -> bool {
    if class.consumer.refresh.is_some_and(Refresh::is_fresh_each_time) {
        return true;
    }
    let Some(since) = old_until(class) else { return false };
    let Some(name) = fresh.instance.as_deref() else {
        let is_unlogged = class.tries.iter().all(|row| row.instance.is_none());
        let gap = fresh.last.earliest() - since;
        return is_unlogged && class.consumer.session_max.is_some_and(|session| gap >= session);
    };
    let is_younger = class.instance(name).is_some_and(|instance| {
        instance.started_after(since, &class.old_uses, class.clocks)
            && instance.started_before(fresh, class.clocks)
    });
    is_the_last_old_one(class, name) || is_younger
}

/// Did this instance surely use the old version later than all others did?
fn is_the_last_old_one(class: &ClassRecords, name: &str) -> bool {
    let (its, others): (Vec<&Activity>, Vec<&Activity>) =
        class.old_uses.iter().partition(|row| row.instance.as_deref() == Some(name));
    let others = activity::ends(&others);
    let is_last =
        |end: &ClockTime| others.iter().all(|other| end.surely_after(*other, class.clocks));
    activity::ends(&its).iter().any(is_last)
}

/// The instant after which a process that starts cannot hold the old version: the last old use, or else the later of
/// the introduction of the new version and the first logged time.
fn old_until(class: &ClassRecords) -> Option<Timestamp> {
    let first = class.covered.first().map(|span| span.from.max(class.times.introduced));
    class.last_old_use.map(At::latest).or(first)
}

fn state(class: &ClassRecords, is_fresh: bool) -> SilenceState {
    let tries = class.in_window();
    let shows_version = |row: &&Activity| row.binding.proves();
    let next = || {
        let run = last_run(class)?;
        class.cadence.length(is_fresh).map(|cadence| run + cadence)
    };
    if class.rows.is_empty() {
        SilenceState::NeverSeen
    } else if !class.is_covered_in_window()
        || !(tries.is_empty() || tries.iter().any(shows_version))
    {
        SilenceState::Unobservable
    } else if !tries.is_empty() {
        SilenceState::Active
    } else if next().is_some_and(|next| next > class.times.as_of) {
        SilenceState::NotDue
    } else if class.cadence.is_unknown() {
        SilenceState::Silent
    } else {
        SilenceState::Overdue
    }
}

/// How many independent occasions to use the old version there were since its last use, on all of which the new version
/// was used.
fn chances(class: &ClassRecords, facts: &Facts) -> u64 {
    let old = class.last_old_use.map(At::latest);
    let since = |at: Timestamp| old.is_none_or(|old| at > old) && at >= class.times.introduced;
    let new = keep(&class.tries, |row| activity::is_new_use(row) && since(row.last.earliest()));
    if !class.consumer.refresh.is_some_and(Refresh::is_fresh_each_time) {
        let names: BTreeSet<&str> = new.iter().filter_map(|row| row.instance.as_deref()).collect();
        let starts = |name: &&str| {
            let fact = class.instance(name).and_then(|instance| instance.fact);
            // Starts count one by one only if all of them surely came after the old use.
            fact.filter(|fact| fact.presence.iter().all(|span| since(span.from)))
                .map_or(1, |fact| fact.starts.max(1))
        };
        return names.iter().map(starts).sum();
    }
    let hours: BTreeSet<Timestamp> = new.iter().map(|row| row.last.earliest().hour()).collect();
    let Some(gap) = class.cadence.gap() else { return hours.len() as u64 };
    let doubtful: BTreeSet<Timestamp> = class
        .tries
        .iter()
        .filter(|row| !activity::is_new_use(row))
        .map(|row| row.first.earliest().hour())
        .collect();
    let ticks = facts.ticks.iter().filter(|tick| {
        let hour = tick.first.hour();
        tick.class == class.id
            && since(tick.first)
            && tick.last <= class.times.as_of
            && hours.contains(&hour)
            && !doubtful.contains(&hour)
    });
    cadence::runs(ticks.map(|tick| Span { from: tick.first, to: tick.last }).collect(), gap)
}

/// Hours of one process are one chance, so hours alone give no bound.
fn are_independent(class: &ClassRecords) -> bool {
    let counts_runs = class.consumer.refresh.is_some_and(Refresh::is_fresh_each_time);
    !counts_runs || class.cadence.gap().is_some()
}

/// The upper bound of the share that still uses the old version, with 95 % confidence.
#[expect(clippy::cast_precision_loss, reason = "a bound is printed to a few digits")]
fn bound(chances: u64) -> Option<f64> {
    (chances > 0).then(|| (-BOUND_LEVEL.ln() / chances as f64).min(1.0))
}

#[cfg(test)]
mod tests {
    use crate::judge::tests::{World, h};
    use crate::model::Refresh;

    #[test]
    fn each_run_is_a_chance_and_bounds_the_share_on_the_old_version() {
        let silence = World::ready().decide().classes[0].silence;
        assert_eq!(silence.chances, 16);
        assert!((silence.bound.unwrap_or_default() - 0.187_23).abs() < 1e-4);
        let started = World::ready().consumer("w", |c| c.refresh = Some(Refresh::OnStart));
        assert_eq!(started.decide().classes[0].silence.chances, 1);
    }

    #[test]
    fn hours_of_one_process_give_no_bound() {
        let world = World::new().class("w").old("w", "", h(-200));
        let world = (0..9).fold(world, |world, n| world.new_ok("w", "", h(n)));
        let silence = world.decide().classes[0].silence;
        assert_eq!((silence.chances, silence.bound), (9, None));
    }
}
