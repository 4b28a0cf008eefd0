/*! The rhythm of old use: what still used the old version after the class had moved, and how long it must be silent.
 *
 * A class is a mixture. One of its members may come once a week while the others come each minute, so the silence is
 * measured against those who used the old version, not against the class.
 */

use std::collections::BTreeSet;

use super::class_records::ClassRecords;
use super::rhythm::{self, Rhythm, run_gap, stretched};
use crate::model::facts::Facts;
use crate::model::{At, Duration, Refresh, Span, Timestamp};

/// What used the old version after the first new success of its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldRhythm {
    /// How long the class must be free of old use for it.
    pub needed: Duration,
    /// The number of gaps from the first new success on; 0 if the class had just not moved yet.
    pub gaps: u64,
    /// The largest of these gaps.
    pub largest: Duration,
    /// The last such use or read.
    pub last: At,
    /// The instances that made these uses, if the records name any.
    pub instances: Vec<String>,
}

/// Measures the old use since the first new success. `None` if there is none, or if something else says that it ended.
pub fn measure(class: &ClassRecords, facts: &Facts) -> Option<OldRhythm> {
    let moved = class.first_new_success?.earliest();
    let late = late(class, facts, moved);
    let last = late.iter().map(|one| one.last).max_by_key(|at| (at.latest(), at.row))?;
    if class.consumer.run_settles || late.iter().all(|one| has_ended(class, one, last)) {
        return None;
    }
    let within = class.cadence.gap().map(run_gap).unwrap_or_default();
    let before = last_before(class, facts, moved);
    let spans = late.iter().flat_map(|one| [one.first, one.last]);
    let spans = spans.map(|at| Span { from: at.earliest(), to: at.latest() }).collect();
    let terms = Terms { moved, before, within, schedule: class.cadence.schedule() };
    let (rhythm, needed) = need(spans, &terms);
    let names: BTreeSet<&str> = late.iter().filter_map(|one| one.instance).collect();
    Some(OldRhythm {
        needed,
        gaps: rhythm.map_or(0, |rhythm| rhythm.gaps),
        largest: rhythm.map(|rhythm| rhythm.largest).unwrap_or_default(),
        last,
        instances: names.into_iter().map(str::to_owned).collect(),
    })
}

/// Old uses or old reads of an instance that are close to each other.
struct Late<'f> {
    instance: Option<&'f str>,
    first: At,
    last: At,
}

/// The old uses and old reads since the first new success.
fn late<'f>(class: &ClassRecords<'f>, facts: &'f Facts, moved: Timestamp) -> Vec<Late<'f>> {
    let uses = facts.old_minutes.iter().filter(|minute| minute.class == class.id);
    let uses = uses.map(|minute| Late {
        instance: minute.instance.as_deref(),
        first: minute.first,
        last: minute.last,
    });
    let reads = class.old_reads.iter().map(|row| Late {
        instance: row.instance.as_deref(),
        first: row.first,
        last: row.last,
    });
    uses.chain(reads).filter(|one| one.last.latest() >= moved).collect()
}

/// Did the process that made these uses end after the last of them, or start anew and read the value again?
fn has_ended(class: &ClassRecords, late: &Late<'_>, last: At) -> bool {
    let Some(name) = late.instance else { return false };
    let Some(instance) = class.instance(name) else { return false };
    let reads_at_start =
        matches!(class.consumer.refresh, Some(Refresh::OnStart | Refresh::AtLaunch));
    let its_last = instance.last_old_use().unwrap_or(last).latest().max(late.last.latest());
    class.has_ended(instance)
        || reads_at_start && instance.started_after(its_last, &instance.old_uses, class.clocks)
}

/// What the rhythm of old use is measured against.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The first new success.
    pub moved: Timestamp,
    /// The last old use before it.
    pub before: Option<Timestamp>,
    /// Uses that are closer are one run.
    pub within: Duration,
    /// The schedule of the class, if it has one.
    pub schedule: Option<Duration>,
}

/// The rhythm of these uses, all since the first new success, and how long the class must be silent for it.
pub fn need(uses: Vec<Span>, terms: &Terms) -> (Option<Rhythm>, Duration) {
    // No run spans the first new success: its earlier part would hide how late the later one came.
    let (earlier, since) = uses.into_iter().partition(|one: &Span| one.to < terms.moved);
    let [earlier, since]: [Vec<Span>; 2] = [earlier, since].map(|part| runs(part, terms.within));
    let (points, is_late) = points(&[earlier, since].concat(), terms);
    let rhythm = rhythm::of_old_use(&points, terms.within);
    let late = terms.schedule.filter(|_| is_late);
    let late = late.map(|gap| stretched(gap, rhythm::SCHEDULE_FACTOR));
    (rhythm, rhythm.map(|rhythm| rhythm.needed).max(late).unwrap_or_default())
}

/// The uses as runs, in order.
fn runs(mut spans: Vec<Span>, within: Duration) -> Vec<Span> {
    spans.sort_unstable();
    let mut runs: Vec<Span> = Vec::new();
    for span in spans {
        match runs.last_mut() {
            Some(run) if span.from - run.to < within || span.from <= run.to => {
                run.to = run.to.max(span.to);
            }
            Some(_) | None => runs.push(span),
        }
    }
    runs
}

/// The last old use before the class first worked with the new version.
fn last_before(class: &ClassRecords, facts: &Facts, moved: Timestamp) -> Option<Timestamp> {
    let baseline = class.old_uses.iter().map(|row| row.last.latest());
    let baseline = baseline.filter(|at| *at < class.times.introduced);
    let minutes = facts.old_minutes.iter().filter(|minute| minute.class == class.id);
    let since = minutes.map(|minute| minute.last.latest()).filter(|at| *at < moved);
    baseline.chain(since).max()
}

/// The first new success and the runs after it, save those that follow the old use before them within the schedule of
/// the class: then it had not moved yet. Says whether there were such.
fn points(runs: &[Span], terms: &Terms) -> (Vec<Span>, bool) {
    let mut points = vec![Span::at(terms.moved)];
    let (mut before, mut is_late) = (terms.before, false);
    for run in runs {
        let is_since = run.to >= terms.moved;
        let is_usual = before.zip(terms.schedule).is_some_and(|(at, gap)| run.from - at <= gap);
        is_late |= is_usual;
        if is_since && !is_usual {
            points.push(*run);
        }
        before = before.max(Some(run.to));
    }
    (points, is_late)
}

#[cfg(test)]
mod tests {
    use super::{Terms, need};
    use crate::judge::rules::window_too_short::RULE;
    use crate::judge::tests::{World, h, hours, row};
    use crate::model::{Duration, Kind, Outcome, Refresh, Span};

    /// A class that runs at random times, moved at the change, with old use at these hours after it.
    fn straggling(at: &[i64]) -> World {
        let mut world = World::new().class("w");
        for n in 1..40 {
            world = world.old("w", "", h(-n * 7 - n % 5));
        }
        for n in 0..16 {
            world = world.new_ok("w", "", h(n * 6));
        }
        at.iter().fold(world, |world, n| world.old("w", "", h(*n)))
    }

    fn needed(world: &World) -> Duration {
        world.decide().classes[0].silence.needed
    }

    #[test]
    fn one_straggler_costs_ninety_nine_times_its_delay() {
        assert_eq!(needed(&straggling(&[])), hours(48));
        let early = needed(&straggling(&[1]));
        assert!(early > hours(98) && early <= hours(99), "{early:?}");
        straggling(&[40]).fires(&RULE);
    }

    #[test]
    fn no_gap_is_counted_from_uses_before_the_first_new_success() {
        let terms = Terms { moved: h(10), before: None, within: Duration(0), schedule: None };
        let of = |at: &[i64]| need(at.iter().map(|n| Span::at(h(*n))).collect(), &terms);
        assert_eq!(of(&[2, 5, 7, 10, 20]), of(&[10, 20]));
        assert_eq!(of(&[5, 14, 20]), of(&[14, 20]));
        let (rhythm, needed) = of(&[2, 5, 7, 10, 20]);
        assert_eq!((rhythm.map(|rhythm| rhythm.gaps), needed), (Some(1), hours(990)));
    }

    #[test]
    fn a_use_shortly_before_the_first_new_success_hides_none_after_it() {
        let terms = Terms { moved: h(10), before: None, within: hours(17), schedule: None };
        let of = |at: &[i64]| need(at.iter().map(|n| Span::at(h(*n))).collect(), &terms);
        assert_eq!(of(&[9, 20]), of(&[20]));
        assert_eq!(of(&[9, 20]).1, hours(990));
        assert_eq!(of(&[9]).1, Duration(0), "nothing came late");
        // Boundary: a use at the first new success is one of the run after it.
        assert_eq!(of(&[10, 20]).1, Duration(0));
    }

    #[test]
    fn a_use_of_the_schedule_before_the_first_new_success_counts_as_late() {
        let schedule = Some(hours(3));
        let terms = Terms { moved: h(15), before: Some(h(8)), within: Duration(0), schedule };
        let uses = |first: i64| vec![Span::at(h(first)), Span::at(h(15) + Duration::MINUTE)];
        assert_eq!(need(uses(11), &terms).1, Duration(hours(9).0 / 2), "three hours after h(8)");
        assert!(need(uses(12), &terms).1 < hours(4), "four hours after it");
    }

    #[test]
    fn a_remainder_with_a_schedule_must_be_silent_for_one_and_a_half_gaps() {
        assert_eq!(needed(&straggling(&[40, 80, 120, 160]).judged_at(h(165))), hours(60));
        let world = |at| straggling(&[10, 20, 30, 40]).judged_at(at);
        assert_eq!(needed(&world(h(90))), hours(48), "the window is longer");
    }

    #[test]
    fn old_use_within_the_schedule_of_the_class_is_the_class_not_yet_moved() {
        let daily = |old: &[i64]| {
            let mut world = World::new().class("w").consumer("w", |c| c.every = Some(hours(24)));
            for n in 0..14 {
                world = world.old("w", "", h(-n * 24 - 4));
            }
            for n in 0..4 {
                world = world.new_ok("w", "", h(n * 24 + 1));
            }
            old.iter().fold(world, |world, n| world.old("w", "", h(*n)))
        };
        assert_eq!(
            needed(&daily(&[20])),
            hours(48),
            "36 h for a daily job, and the window is longer"
        );
        assert!(needed(&daily(&[21])) > hours(48), "a gap of 25 h is not in the schedule");
        let longer = daily(&[20]).consumer("w", |c| c.every = Some(hours(40)));
        assert_eq!(needed(&longer), hours(60));
    }

    #[test]
    fn an_old_read_starts_the_silence_again_and_is_a_point() {
        let read = |at| row("w").old().kind(Kind::Refresh).outcome(Outcome::None).at(at);
        let world = straggling(&[]).put(read(h(10)));
        let silence = world.decide().classes[0].silence;
        assert_eq!(silence.elapsed, hours(86));
        assert_eq!(silence.needed, hours(990));
        straggling(&[]).put(read(h(-9))).silent(&RULE);
    }

    #[test]
    fn a_promise_a_recorded_end_or_a_start_of_the_process_releases_it() {
        let world = |refresh| {
            let world = World::ready().put(row("w").old().on("i2").at(h(40)));
            world.consumer("w", |c| {
                (c.refresh, c.session_max) = (Some(refresh), Some(hours(1)));
            })
        };
        let start = || world(Refresh::OnStart);
        assert!(needed(&start()) > hours(48));
        assert_eq!(needed(&start().stopped("w", "i2", h(41))), hours(48));
        assert!(needed(&start().stopped("w", "i2", h(39))) > hours(48));
        assert_eq!(needed(&start().started("w", "i2", h(41))), hours(48));
        assert!(needed(&world(Refresh::Cached).started("w", "i2", h(41))) > hours(48));
        assert!(
            needed(&world(Refresh::PerRun).stopped("w", "i2", h(41))) > hours(48),
            "a run's end"
        );
        let promised = start().consumer("w", |c| {
            (c.run_settles, c.every) = (true, Some(hours(6)));
        });
        assert_eq!(needed(&promised), hours(48));
    }
}
