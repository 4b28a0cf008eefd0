/*! The kinds of consumers: those with a member that stays on the old version, and those that move, in order or not. */

use super::story::{DAY, END, HOUR, MINUTE, NEVER, Outcome, START, Shown, Story, Use};

/// What tells the members of a consumer apart in its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Facet {
    Nothing,
    Instance,
    /// An instance whose name the platform makes up.
    Generated,
    Address,
    Action,
    Environment,
}

/// A kind of consumer.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) facet: Facet,
    /// Does a member stay on the old version for ever?
    pub(super) is_dependent: bool,
    /// Is it told by records of the application alone? Only these know fallbacks, ends and missing markers.
    pub(super) is_of_application: bool,
    pub(super) path: &'static str,
    /// How its processes may take a new value.
    pub(super) refresh: &'static [&'static str],
    pub(super) tell: fn(&mut Story),
}

const fn dependent(name: &'static str, facet: Facet, tell: fn(&mut Story)) -> Kind {
    Kind {
        name,
        facet,
        is_dependent: true,
        is_of_application: false,
        path: "primary",
        refresh: &["on-start", "per-request", "cached"],
        tell,
    }
}

const fn moved(name: &'static str, facet: Facet, tell: fn(&mut Story)) -> Kind {
    Kind { is_dependent: false, ..dependent(name, facet, tell) }
}

pub(super) const KINDS: &[Kind] = &[
    dependent("a weekly host in a busy consumer", Facet::Instance, weekly_member),
    dependent("a weekly caller in a busy consumer", Facet::Address, weekly_member),
    dependent("a weekly job next to a daily one, as another action", Facet::Action, two_crontabs),
    dependent(
        "a weekly job next to a daily one, told apart by nothing",
        Facet::Nothing,
        two_crontabs,
    ),
    dependent("a slow caller of many", Facet::Address, slow_member),
    dependent("a code path that stays on old", Facet::Action, code_path),
    dependent("trials by hand next to a process on old", Facet::Nothing, trials),
    dependent("the last of many, told apart by nothing", Facet::Nothing, last_of_many),
    dependent("half as often each week, told apart by nothing", Facet::Nothing, declining),
    dependent("a host that went away and comes back", Facet::Instance, gone_host),
    dependent("nobody moved", Facet::Nothing, nobody),
    Kind {
        is_of_application: true,
        ..dependent("the old key is refused now and then", Facet::Address, refused)
    },
    Kind {
        is_of_application: true,
        ..dependent("works through the fallback alone", Facet::Nothing, fallback)
    },
    Kind {
        is_of_application: true,
        ..dependent("a member that shows no version any more", Facet::Address, unmarked)
    },
    Kind {
        is_of_application: true,
        ..dependent("a region that nobody looked at", Facet::Environment, weekly_member)
    },
    Kind {
        path: "exception",
        ..dependent("an exception path that nobody tried", Facet::Nothing, untried)
    },
    Kind {
        is_of_application: true,
        ..dependent("a job that waits with the old version in it", Facet::Nothing, waiting_job)
    },
    moved("all at once", Facet::Instance, at_once),
    moved("all at once, told apart by nothing", Facet::Nothing, at_once),
    moved("restarted one after the other in two hours", Facet::Instance, rolling),
    moved("each four hours", Facet::Nothing, hourly),
    moved("each day", Facet::Address, daily),
    moved("each week, declared", Facet::Nothing, weekly),
    moved("on workdays", Facet::Address, workdays),
    moved("at weekends", Facet::Nothing, weekends),
    moved("in sessions", Facet::Address, sessions),
    moved("one process of many a day late", Facet::Instance, late_restart),
    moved("a straggler minutes later", Facet::Nothing, straggler),
    Kind {
        refresh: &["at-launch"],
        ..moved("scaled by load, names made up", Facet::Generated, autoscaled)
    },
    Kind {
        is_of_application: true,
        refresh: &["on-start"],
        ..moved("a host that was retired", Facet::Instance, retired)
    },
    Kind { path: "exception", ..moved("an exception path, tested once", Facet::Nothing, tested) },
    Kind {
        is_of_application: true,
        ..moved("jobs, one given up before the change", Facet::Nothing, dead_letter)
    },
];

fn weekly_member(s: &mut Story) {
    let moves = s.move_at();
    s.busy(3, 5 * HOUR, moves);
    let times = s.each(7 * DAY, HOUR);
    s.uses(&times, NEVER);
}

fn two_crontabs(s: &mut Story) {
    let moves = s.move_at();
    let times = s.each(DAY, 10 * MINUTE);
    s.uses(&times, moves);
    let times = s.each(7 * DAY, 10 * MINUTE);
    s.uses(&times, NEVER);
}

fn slow_member(s: &mut Story) {
    let moves = s.move_at();
    s.busy(4, 4 * HOUR, moves);
    let mean = s.chance.between(12 * HOUR, 4 * DAY);
    let times = s.at_random(mean);
    s.uses(&times, NEVER);
}

fn code_path(s: &mut Story) {
    let moves = s.move_at();
    s.busy(2, 5 * HOUR, moves);
    let mean = s.chance.between(6 * HOUR, 3 * DAY);
    let times = s.at_random(mean);
    s.uses(&times, NEVER);
}

fn trials(s: &mut Story) {
    let mean = s.chance.between(2 * HOUR, 12 * HOUR);
    let times = s.at_random(mean);
    s.uses(&times, NEVER);
    let first = s.move_at();
    let trials: Vec<i64> = (0..9).map(|n| first + n * s.chance.between(HOUR, 2 * DAY)).collect();
    s.uses(&trials, 0);
}

fn last_of_many(s: &mut Story) {
    let moves = s.move_at();
    s.busy(4, 5 * HOUR, moves);
    let mean = s.chance.between(6 * HOUR, 3 * DAY);
    let times = s.at_random(mean);
    s.uses(&times, NEVER);
}

fn declining(s: &mut Story) {
    let moves = s.move_at();
    s.busy(3, 5 * HOUR, moves);
    let mut at = START;
    let mut times = Vec::new();
    while at < END {
        let weeks = u32::try_from(at.max(0) / (7 * DAY)).expect("weeks");
        at += s.chance.pause(6 * HOUR * 2_i64.pow(weeks));
        times.push(at);
    }
    s.uses(&times, NEVER);
}

fn gone_host(s: &mut Story) {
    let moves = s.move_at();
    s.busy(3, 5 * HOUR, moves);
    let left = s.chance.between(-3 * DAY, moves + DAY);
    let mut times = s.at_random(5 * HOUR);
    times.retain(|at| *at < left);
    times.push(END - HOUR);
    s.uses(&times, NEVER);
}

fn nobody(s: &mut Story) {
    let every = s.chance.between(2 * HOUR, 12 * HOUR);
    s.busy(2, every, NEVER);
}

fn refused(s: &mut Story) {
    let moves = s.move_at();
    s.busy(3, 5 * HOUR, moves);
    let times = s.at_random(36 * HOUR);
    let rare = s.uses(&times, NEVER);
    for one in s.uses.iter_mut().filter(|one| one.member == rare && one.at > moves) {
        one.outcome = Outcome::Refused;
    }
}

fn fallback(s: &mut Story) {
    let moves = s.move_at();
    s.busy(2, 5 * HOUR, moves);
    for one in s.uses.iter_mut().filter(|one| one.at >= moves) {
        one.outcome = Outcome::Degraded;
    }
    s.more(0, &[END - HOUR], NEVER);
}

fn unmarked(s: &mut Story) {
    let moves = s.move_at();
    s.busy(3, 5 * HOUR, moves);
    let times = s.at_random(8 * HOUR);
    let rare = s.uses(&times, NEVER);
    for one in s.uses.iter_mut().filter(|one| one.member == rare && one.at > moves) {
        one.shown = Shown::Nothing;
    }
    s.more(rare, &[END - HOUR], NEVER);
}

fn untried(s: &mut Story) {
    let times: Vec<i64> = (0..3).map(|_| s.chance.between(START, -DAY)).collect();
    let member = s.uses(&times, NEVER);
    s.more(member, &[END - HOUR], NEVER);
}

fn at_once(s: &mut Story) {
    let moves = s.move_at();
    let every = s.chance.between(2 * HOUR, 8 * HOUR);
    s.busy(3, every, moves);
}

fn rolling(s: &mut Story) {
    let moves = s.move_at();
    for n in 0..4 {
        let times = s.at_random(16 * HOUR);
        s.uses(&times, moves + n * 30 * MINUTE);
    }
}

fn hourly(s: &mut Story) {
    let moves = s.move_at();
    let times = s.each(4 * HOUR, 3 * MINUTE);
    s.uses(&times, moves);
}

fn daily(s: &mut Story) {
    let moves = s.move_at();
    let times = s.each(DAY, 20 * MINUTE);
    s.uses(&times, moves);
}

fn weekly(s: &mut Story) {
    let moves = s.move_at();
    let times = s.each(7 * DAY, 20 * MINUTE);
    s.uses(&times, moves);
    s.every = Some(7 * 24 + 1);
}

/// Of times, those in a week's first five days.
fn in_days(s: &mut Story, mut times: Vec<i64>, days: std::ops::Range<i64>) -> Vec<i64> {
    let monday = s.chance.between(0, 7 * DAY);
    times.retain(|at| days.contains(&((at - monday).rem_euclid(7 * DAY) / DAY)));
    times
}

fn workdays(s: &mut Story) {
    let moves = s.move_at();
    let times = s.at_random(5 * HOUR);
    let times = in_days(s, times, 0..5);
    s.uses(&times, moves);
}

fn weekends(s: &mut Story) {
    let moves = s.move_at();
    let times = s.at_random(3 * HOUR);
    let times = in_days(s, times, 5..7);
    s.uses(&times, moves);
    s.every = Some(6 * 24);
}

fn sessions(s: &mut Story) {
    let moves = s.move_at();
    let starts = s.at_random(12 * HOUR);
    let mut times = Vec::new();
    for start in starts {
        let mut at = start;
        for _ in 0..4 {
            times.push(at);
            at += s.chance.pause(2 * MINUTE);
        }
    }
    s.uses(&times, moves);
}

fn late_restart(s: &mut Story) {
    let moves = s.move_at();
    s.busy(3, 5 * HOUR, moves);
    let times = s.at_random(3 * HOUR);
    s.uses(&times, moves + DAY);
}

fn straggler(s: &mut Story) {
    let moves = s.move_at();
    s.busy(3, 5 * HOUR, moves);
    let first = s.uses.iter().filter(|one| one.at >= moves).map(|one| one.at).min();
    let late = first.unwrap_or(moves) + s.chance.between(MINUTE, 20 * MINUTE);
    s.more(0, &[late], NEVER);
}

fn autoscaled(s: &mut Story) {
    let moves = s.move_at();
    let mut at = START;
    while at < END {
        let length = s.chance.between(6 * HOUR, 24 * HOUR);
        let mut times = Vec::new();
        let mut one = at;
        while one < at + length {
            times.push(one);
            one += s.chance.pause(5 * HOUR);
        }
        // A pod takes the version of its start.
        s.uses(&times, if at < moves { NEVER } else { 0 });
        at += s.chance.between(2 * HOUR, 16 * HOUR);
    }
}

fn retired(s: &mut Story) {
    let moves = s.move_at();
    s.busy(3, 5 * HOUR, moves);
    let left = s.chance.between(-3 * DAY, moves);
    let mut times = s.at_random(5 * HOUR);
    times.retain(|at| *at < left);
    let host = s.uses(&times, NEVER);
    let (shown, outcome) = (Shown::Nothing, Outcome::Stop);
    s.uses.push(Use { at: left, member: host, shown, outcome, job: None });
}

fn tested(s: &mut Story) {
    let times: Vec<i64> = (0..3).map(|_| s.chance.between(START, -DAY)).collect();
    let member = s.uses(&times, NEVER);
    let test = s.move_at();
    s.more(member, &[test], 0);
}

/// Jobs of one process. Of each five one works at its second attempt, which may lie behind the change.
fn jobs(s: &mut Story, mean: i64) -> usize {
    let (moves, times) = (s.move_at(), s.at_random(mean));
    let member = s.member();
    for (job, at) in (1..).zip(times) {
        let is_late = job % 5 == 0;
        if is_late {
            s.tries(member, job, (at, moves), Outcome::Failed);
        }
        let at = if is_late { at + 20 * MINUTE } else { at };
        s.tries(member, job, (at, moves), Outcome::Success);
    }
    member
}

/// Three attempts, and nobody tries a fourth time.
fn dead_letter(s: &mut Story) {
    let mean = s.chance.between(4 * HOUR, 2 * DAY);
    let member = jobs(s, mean);
    let queued = s.chance.between(START + DAY, -2 * DAY);
    for at in [queued, queued + 10 * MINUTE, queued + HOUR] {
        s.tries(member, 0, (at, NEVER), Outcome::Failed);
    }
}

fn waiting_job(s: &mut Story) {
    let member = jobs(s, 2 * DAY);
    let queued = s.chance.between(-20 * HOUR, -HOUR);
    s.tries(member, 0, (queued, NEVER), Outcome::Failed);
    s.tries(member, 0, (END - HOUR, NEVER), Outcome::Success);
}
