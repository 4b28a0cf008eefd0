/*! What the members of a consumer do, in seconds from the change: the truth, before anything is written down. */

use super::chance::Chance;

pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// The first instant of the exports.
pub(super) const START: i64 = -28 * DAY;
/// The end of the story. Nobody asks later.
pub(super) const END: i64 = 45 * DAY;
/// The move of a member that never moves.
pub(super) const NEVER: i64 = i64::MAX;

/// The version that a record shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Old,
    New,
    /// The record shows none.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Success,
    Refused,
    /// It did not work, and not because of the credential.
    Failed,
    /// It worked through a fallback.
    Degraded,
    /// The process ended. Nothing was tried.
    Stop,
}

/// One use by a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) at: i64,
    pub(super) member: usize,
    pub(super) shown: Shown,
    pub(super) outcome: Outcome,
    /// The job that it was made for, if its record names one.
    pub(super) job: Option<u32>,
}

impl Use {
    pub(super) fn is_old(self) -> bool {
        self.shown == Shown::Old && self.outcome != Outcome::Stop
    }

    pub(super) fn is_new_success(self) -> bool {
        self.shown == Shown::New && self.outcome == Outcome::Success
    }

    pub(super) fn is_stop(self) -> bool {
        self.outcome == Outcome::Stop
    }
}

/// The life of one consumer while it is written.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) chance: Chance,
    pub(super) members: usize,
    pub(super) uses: Vec<Use>,
    /// The longest pause between two runs that the plan declares, in hours.
    pub(super) every: Option<i64>,
}

impl Story {
    pub(super) fn new(chance: Chance) -> Self {
        Self { chance, members: 0, uses: Vec::new(), every: None }
    }

    pub(super) fn member(&mut self) -> usize {
        self.members += 1;
        self.members - 1
    }

    /// The instant at which most of the consumer moves.
    pub(super) fn move_at(&mut self) -> i64 {
        self.chance.between(10 * MINUTE, 4 * DAY)
    }

    /// Instants at a constant rate.
    pub(super) fn at_random(&mut self, mean: i64) -> Vec<i64> {
        let mut at = START;
        let mut times = Vec::new();
        while at < END {
            at += self.chance.pause(mean);
            times.push(at);
        }
        times
    }

    /// Instants of a schedule with jitter.
    pub(super) fn each(&mut self, every: i64, jitter: i64) -> Vec<i64> {
        let mut at = START + self.chance.between(HOUR, every);
        let mut times = Vec::new();
        while at < END {
            times.push(at + self.chance.between(-jitter, jitter));
            at += every;
        }
        times
    }

    /// A member that uses the old version until it moves, and the new one from then on.
    pub(super) fn uses(&mut self, times: &[i64], moves: i64) -> usize {
        let member = self.member();
        self.more(member, times, moves);
        member
    }

    /// More uses of a member.
    pub(super) fn more(&mut self, member: usize, times: &[i64], moves: i64) {
        self.uses.extend(times.iter().map(|at| Use {
            at: *at,
            member,
            shown: if *at < moves { Shown::Old } else { Shown::New },
            outcome: Outcome::Success,
            job: None,
        }));
    }

    /// A use for a job of one of the members.
    pub(super) fn tries(
        &mut self,
        member: usize,
        job: u32,
        (at, moves): (i64, i64),
        outcome: Outcome,
    ) {
        let shown = if at < moves { Shown::Old } else { Shown::New };
        self.uses.push(Use { at, member, shown, outcome, job: Some(job) });
    }

    /// Members that come at random and move at the same time.
    pub(super) fn busy(&mut self, members: i64, every: i64, moves: i64) {
        for _ in 0..members {
            let times = self.at_random(every * members);
            self.uses(&times, moves);
        }
    }

    /// The story in order.
    pub(super) fn told(mut self) -> (usize, Vec<Use>) {
        self.uses.sort_by_key(|one| (one.at, one.member));
        (self.members, self.uses)
    }
}
