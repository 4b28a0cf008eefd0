/*! What RULES demand of the records that are there: why a consumer must not be called ready, from the truth and not
 * from the program. Each demand is a lower bound: what it names is sure, and there may be more.
 */

use std::collections::BTreeMap;

use super::kinds::Facet;
use super::story::{DAY, HOUR, MINUTE, Outcome, Shown, Use};
use super::world::{Consumer, WINDOW, World};

/// A reason to withhold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owed {
    /// Old use stands in the window.
    OldInWindow,
    /// No success on the new version follows the last old use.
    NoNewSuccess,
    /// The silence is shorter than the rhythm of what used old since the move asks for.
    RhythmOfOldUse,
    /// The silence of a member is shorter than its own rhythm asks for.
    RhythmOfMember,
    /// A host is gone, and nothing shows that it ended.
    MemberGone,
    /// Nothing was recorded in a part of the window, or an end is missing.
    Hidden,
    /// A success shows no version, and none did so before the change.
    Unversioned,
    /// A job that was queued shortly before the change has not succeeded.
    OpenJob,
}

/// The skew of clocks that the plan leaves at its default.
const SKEW: i64 = MINUTE;

/// The reasons to withhold for a consumer, from the uses that stand in the exports.
pub(super) fn owed(world: &World, number: usize, as_of: i64, shown: &[Vec<Use>]) -> Vec<Owed> {
    let consumer = &world.consumers[number];
    let fault = world.sources[consumer.source].fault;
    let own = &shown[number];
    let against: Vec<Use> =
        own.iter().chain(consumer.also.iter().flat_map(|other| &shown[*other])).copied().collect();
    let is_proof = !world.consumers.iter().any(|other| other.also == Some(number));
    let mut owed = Vec::new();
    let last_old = against.iter().filter(|one| one.is_old()).map(|one| one.at).max();
    if last_old.is_some_and(|at| at >= as_of - WINDOW - SKEW) {
        owed.push(Owed::OldInWindow);
    }
    let mut proofs = own.iter().filter(|one| is_proof && one.is_new_success());
    if !proofs.any(|one| last_old.is_none_or(|last| one.at > last)) {
        owed.push(Owed::NoNewSuccess);
    }
    if fault.hides_window(WINDOW) {
        owed.push(Owed::Hidden);
    }
    let is_unversioned = |one: &Use| one.shown == Shown::Nothing && one.outcome == Outcome::Success;
    let in_window = own.iter().filter(|one| one.at >= as_of - WINDOW);
    if in_window.clone().any(is_unversioned)
        && !own.iter().any(|one| one.at < 0 && is_unversioned(one))
    {
        owed.push(Owed::Unversioned);
    }
    owed.extend(of_jobs(own));
    if fault.is_harmless() && !own.iter().any(|one| one.is_stop()) {
        owed.extend(of_old_use(consumer, own, as_of));
        owed.extend(of_members(consumer, own, as_of));
    }
    owed
}

/// Of few jobs before the change, one that was young at the change and has not succeeded.
fn of_jobs(own: &[Use]) -> Option<Owed> {
    let mut jobs: BTreeMap<u32, Vec<&Use>> = BTreeMap::new();
    for one in own {
        jobs.entry(one.job?).or_default().push(one);
    }
    let before = |uses: &&Vec<&Use>| uses.iter().any(|one| one.at < 0);
    let is_few = jobs.values().filter(before).count() < 30;
    let is_open = |uses: &Vec<&Use>| {
        let is_young = uses[0].at < 0 && uses[0].at >= -DAY;
        is_young && uses.iter().all(|one| one.outcome != Outcome::Success)
    };
    (is_few && jobs.values().any(is_open)).then_some(Owed::OpenJob)
}

/// The least `c` with `1·2·…·n / ((c+1)·(c+2)·…·(c+n)) <= 0.01`, at least 1.25: how often the largest of `n` gaps a
/// silence must last.
fn factor(gaps: usize) -> f64 {
    let chance = |c: f64| -> f64 {
        let gaps = u32::try_from(gaps).expect("a few gaps");
        (1..=gaps).map(|n| f64::from(n) / (c + f64::from(n))).product()
    };
    let mut c = 1.25;
    while chance(c) > 0.01 && c < 200.0 {
        c *= 1.001;
    }
    c / 1.001
}

fn is_shorter(silence: i64, factor: f64, gap: i64) -> bool {
    let seconds = |n: i64| f64::from(i32::try_from(n).expect("a few months"));
    seconds(silence) < factor * seconds(gap)
}

/// The longest pause of the consumer before the change, or the declared one.
fn longest_pause(consumer: &Consumer, own: &[Use]) -> i64 {
    let before: Vec<i64> = own.iter().map(|one| one.at).filter(|at| *at < 0).collect();
    let learned = before.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
    learned.max(consumer.every.unwrap_or(0) * HOUR)
}

/// Old use since the first new success, measured against each other.
fn of_old_use(consumer: &Consumer, own: &[Use], as_of: i64) -> Option<Owed> {
    let moved = own.iter().find(|one| one.is_new_success() && one.at >= 0)?.at;
    let old: Vec<i64> = own.iter().filter(|one| one.is_old()).map(|one| one.at).collect();
    let late = old.iter().filter(|at| **at > moved).count();
    let silence = as_of - old.last()?;
    let schedule = longest_pause(consumer, own) * 3 / 2;
    // What follows within the schedule of the consumer may be the consumer that has not moved yet.
    let gaps = old.windows(2).filter(|pair| pair[1] > moved && pair[1] - pair[0] > schedule);
    let largest = gaps.map(|pair| pair[1] - pair[0].max(moved)).max()?;
    let factor = if late > 3 { factor(late).min(1.5) } else { factor(late) };
    is_shorter(silence, factor, largest).then_some(Owed::RhythmOfOldUse)
}

/// Each member that the records tell apart, measured against itself.
fn of_members(consumer: &Consumer, own: &[Use], as_of: i64) -> Vec<Owed> {
    let facet = consumer.kind.facet;
    let moved = own.iter().find(|one| one.is_new_success() && one.at >= 0).map(|one| one.at);
    if matches!(facet, Facet::Nothing | Facet::Generated) {
        return Vec::new();
    }
    let Some(moved) = moved else { return Vec::new() };
    let pause = longest_pause(consumer, own);
    let members: Vec<Vec<Use>> = (0..consumer.members)
        .map(|member| own.iter().filter(|one| one.member == member).copied().collect())
        .collect();
    let shows_both = |uses: &Vec<Use>| {
        uses.iter().any(|one| one.is_old()) && uses.iter().any(|one| one.shown == Shown::New)
    };
    let is_replaced = !members.iter().any(shows_both);
    let runs = members.iter().map(|uses| baseline_runs(uses, pause)).filter(|runs| *runs > 0);
    let (values, runs) = runs.fold((0, 0), |(values, sum), runs| (values + 1, sum + runs));
    let is_telling =
        matches!(facet, Facet::Instance | Facet::Environment) || values == 0 || runs >= 3 * values;
    let mut owed = Vec::new();
    for uses in members.iter().filter(|_| is_telling) {
        let old: Vec<i64> = uses.iter().filter(|one| one.is_old()).map(|one| one.at).collect();
        let (Some(first), Some(last)) = (old.first(), old.last()) else { continue };
        let before = old.iter().rfind(|at| **at < 0);
        let is_twice = before.is_some_and(|at| at - first >= 20 * HOUR);
        let is_holder = *last >= moved.max(0)
            || match facet {
                Facet::Instance => true,
                Facet::Action => is_twice && baseline_runs(uses, pause) >= 6,
                _ => is_twice,
            };
        if !is_holder || uses.iter().any(|one| one.shown == Shown::New && one.at > *last) {
            continue;
        }
        if is_silent_too_short(uses, as_of - last) {
            owed.push(Owed::RhythmOfMember);
        }
        let seen = uses.last().map_or(*last, |one| one.at);
        let is_gone = seen < as_of - DAY;
        if matches!(facet, Facet::Instance | Facet::Environment) && is_gone && !is_replaced {
            owed.push(Owed::MemberGone);
        }
    }
    owed
}

fn gaps(uses: &[Use]) -> Vec<i64> {
    uses.windows(2).map(|pair| pair[1].at - pair[0].at).filter(|gap| *gap > 0).collect()
}

fn baseline_runs(uses: &[Use], pause: i64) -> usize {
    let before: Vec<Use> = uses.iter().filter(|one| one.at < 0).copied().collect();
    let breaks = gaps(&before).into_iter().filter(|gap| *gap > pause / 10).count();
    if before.is_empty() { 0 } else { breaks + 1 }
}

fn is_silent_too_short(uses: &[Use], silence: i64) -> bool {
    let gaps = gaps(uses);
    let Some(largest) = gaps.iter().max() else { return false };
    let runs = gaps.iter().filter(|gap| *gap * 10 >= *largest).count();
    let factor = if runs < 3 { 1.5 } else { factor(runs).min(1.5) };
    is_shorter(silence, factor - 0.001, *largest)
}
