/*! Clocks that were reset. A machine that starts without its clock writes some records with the time of its factory,
 * then goes on with the right one. Such a stamp is valid and false: an old use of today would count as one from before
 * the change.
 *
 * Only the records after it show that a jump back was none of the log itself, so a scan finds these records first and
 * reads the input a second time if there are any.
 */

use std::collections::{BTreeMap, BTreeSet};

use super::stream::StreamName;
use crate::map::Mapped;
use crate::model::{Duration, Timestamp};

/// A jump back of more than this is no lateness of a record.
const JUMP: Duration = Duration(30 * Duration::DAY.0);

/// By how much lines of one log may be out of order: its writers are threads of one machine.
const DISORDER: Duration = Duration::MINUTE;

/// Of a log whose clock jumps, this many in a hundred of the other records are in order.
const IN_ORDER: u64 = 99;

/// Records of more than one that stay behind are at most one in this many of their log.
const SHARE_BEHIND: u64 = 10;

/// The statements of one input whose clock was reset: member and number of the statement.
pub(super) type ResetStamps = BTreeSet<(u32, u64)>;

/// Follows the clocks of one input or member.
#[derive(Debug, Default)]
pub(super) struct ClockWatch {
    /// The number of the statement that is being read.
    statement: u64,
    streams: BTreeMap<StreamName, StreamClock>,
}

/// The clock of one stream.
#[derive(Debug, Default)]
struct StreamClock {
    last: Option<Timestamp>,
    seen: u64,
    disordered: u64,
    /// The statements since a jump back that the clock has not made up for.
    behind: Vec<u64>,
    /// The statements that were behind before the clock returned.
    reset: Vec<u64>,
}

impl ClockWatch {
    /// Counts a statement, and answers with its number.
    pub(super) fn next_statement(&mut self) -> u64 {
        self.statement += 1;
        self.statement
    }

    /// The number that the next statement will have.
    pub(super) fn following(&self) -> u64 {
        self.statement + 1
    }

    /// Notes the time of the statement that is being read. One that was received late or lists what is, is in no order
    /// with those before it.
    pub(super) fn see(&mut self, stream: &str, record: &Mapped<'_>) {
        if record.late_arrival().is_none() && record.listed.is_none() {
            record.time.instant().into_iter().for_each(|at| self.see_stamp(stream, at));
        }
    }

    /// Notes the time of a statement that was not received late and lists nothing.
    pub(super) fn see_stamp(&mut self, stream: &str, at: Timestamp) {
        if let Some(clock) = self.streams.get_mut(stream) {
            return clock.see(at, self.statement);
        }
        self.streams.entry(stream.to_owned()).or_default().see(at, self.statement);
    }

    /// The statements whose stamps came from a clock that was reset.
    pub(super) fn finish(self) -> impl Iterator<Item = u64> {
        self.streams.into_values().flat_map(StreamClock::finish)
    }
}

impl StreamClock {
    fn see(&mut self, at: Timestamp, statement: u64) {
        self.seen += 1;
        let Some(last) = self.last else {
            self.last = Some(at);
            return;
        };
        if at < last - JUMP {
            if self.may_be_behind(self.behind.len() + 1) {
                return self.behind.push(statement);
            }
            // The records after the jump follow it: another log was appended.
            self.behind.clear();
            self.disordered += 1;
        } else {
            self.reset.append(&mut self.behind);
            if at < last - DISORDER {
                self.disordered += 1;
            }
        }
        self.last = Some(at);
    }

    /// May this many statements in a row come from a clock that was reset, as much as was read so far?
    fn may_be_behind(&self, records: usize) -> bool {
        records <= 1 || records as u64 * SHARE_BEHIND <= self.seen
    }

    fn finish(mut self) -> Vec<u64> {
        // Nothing follows the last record.
        if self.behind.len() == 1 {
            self.reset.append(&mut self.behind);
        }
        let others = self.seen - self.reset.len() as u64;
        let in_order = others - self.disordered.min(others);
        if in_order * 100 >= others * IN_ORDER { self.reset } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of the statements that were reset, in a stream with these times in minutes.
    fn reset(minutes: &[i64]) -> Vec<u64> {
        let mut watch = ClockWatch::default();
        for minute in minutes {
            watch.next_statement();
            watch.see_stamp("s", Timestamp(minute * Duration::MINUTE.0));
        }
        watch.finish().collect()
    }

    fn days(days: &[i64]) -> Vec<i64> {
        days.iter().map(|day| day * 1440).collect()
    }

    /// A log of this many minutes that begins on that day.
    fn log(day: i64, minutes: i64) -> Vec<i64> {
        (0..minutes).map(|minute| day * 1440 + minute).collect()
    }

    #[test]
    fn a_stamp_that_nothing_follows_is_of_a_reset_clock() {
        assert_eq!(reset(&days(&[100, 101, 10, 102])), [3]);
        assert_eq!(reset(&days(&[100, 101, 10])), [3], "it is the last one");
        assert_eq!(reset(&days(&[100, 70, 102])), [0_u64; 0], "thirty days back are no jump");
        assert_eq!(reset(&[100 * 1440, 70 * 1440 - 1, 102 * 1440]), [2]);
    }

    #[test]
    fn a_jump_that_the_log_follows_is_its_own() {
        assert_eq!(reset(&days(&[100, 101, 10, 11, 12])), [0_u64; 0], "an older log follows");
        let older_between = [log(100, 50), log(10, 50), log(101, 50)].concat();
        assert_eq!(reset(&older_between), [0_u64; 0]);
    }

    #[test]
    fn a_start_without_a_clock_is_a_tenth_of_its_log_at_most() {
        let start = |before| [log(100, before), log(10, 3), log(101, 50)].concat();
        assert_eq!(reset(&start(300)), [301, 302, 303]);
        assert_eq!(reset(&start(27)), [28, 29, 30]);
        assert_eq!(reset(&start(26)), [0_u64; 0], "the third is more than a tenth");
    }

    #[test]
    fn a_log_in_no_order_has_no_clock_to_follow() {
        let shuffled: Vec<i64> = (0..50).map(|at| at * 37 % 50).collect();
        assert_eq!(reset(&days(&shuffled)), [0_u64; 0]);
        let newest_first: Vec<i64> = (0..40).rev().map(|at| at * 40).collect();
        assert_eq!(reset(&days(&newest_first)), [0_u64; 0]);
    }
}
