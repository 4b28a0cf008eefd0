/*! One class, and all that rules ask about it. Its records come first; what its fresh successes and its silence mean
 * follows from these.
 */

use std::ops::Deref;

use super::activity::{self, keep};
use super::class_records::{ClassRecords, Logs};
use super::holders::{self, Holders};
use super::old_rhythm::{self, OldRhythm};
use super::silence;
use super::times::DecisionTimes;
use crate::model::facts::Activity;
use crate::model::ledger::{Silence, SilenceState};
use crate::model::{At, ClassId, Refresh, Timestamp};
use crate::plan::Consumer;

/// One class of the plan, and all that rules ask about it.
#[derive(Debug)]
pub struct ClassCase<'a> {
    records: ClassRecords<'a>,
    /// The groups of new successes that end with a fresh one.
    pub fresh_rows: Vec<&'a Activity>,
    /// The last fresh success.
    pub fresh: Option<At>,
    /// What used the old version after the class had moved.
    pub old_rhythm: Option<OldRhythm>,
    /// Who used the old version, and what became of each.
    pub holders: Holders<'a>,
    /// How long it has been silent, how long it must be, and what that means.
    pub silence: Silence,
}

impl<'a> Deref for ClassCase<'a> {
    type Target = ClassRecords<'a>;

    fn deref(&self) -> &ClassRecords<'a> {
        &self.records
    }
}

impl<'a> ClassCase<'a> {
    /// Derives what rules ask about the class.
    pub fn new(
        times: DecisionTimes,
        id: ClassId,
        consumer: &'a Consumer,
        logs: &Logs<'a, '_>,
    ) -> Self {
        let records = ClassRecords::new(times, id, consumer, logs);
        let fresh_rows = keep(&records.new_successes, |row| records.is_fresh(row));
        let old_rhythm = old_rhythm::measure(&records, logs.facts);
        Self {
            fresh: activity::latest(&fresh_rows).map(|row| row.last),
            silence: silence::measure(&records, &fresh_rows, old_rhythm.as_ref(), logs.facts),
            holders: holders::of_class(
                &records,
                logs.facts,
                records.cadence.length(!fresh_rows.is_empty()),
            ),
            old_rhythm,
            fresh_rows,
            records,
        }
    }

    /// What proves that the class works: its fresh successes. An indirect class shows no version, so its proofs are
    /// successes of the same age without a fallback that are not with the old version.
    pub fn proofs(&self) -> Vec<&'a Activity> {
        if self.is_direct {
            return self.fresh_rows.clone();
        }
        keep(&self.works_since(), |row| self.is_fresh(row))
    }

    /// When the class has to run next, if it reads the value again on each run and has no fresh success yet.
    pub fn awaited_run(&self) -> Option<Timestamp> {
        let reads_anew = self.consumer.refresh.is_some_and(Refresh::is_fresh_each_time);
        let is_due = self.silence.state == Some(SilenceState::NotDue);
        let cadence = self.cadence.length(false)?;
        let run = silence::last_run(self)?;
        // A run before the change took what there was. A run since then that took the old value will take it again.
        (self.fresh.is_none() && reads_anew && is_due && run < self.times.introduced)
            .then_some(run + cadence)
    }
}
