/*! When counters began anew, as metrics say: by the time at which their series was made, or their process started. */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::columns::{Column, text_slot};
use crate::model::evidence::SampleRole;
use crate::model::{Kind, Timestamp, When};
use crate::scan::{Row, Sample, Sym};

/// A process: its stream, its name, its host.
type Process = (Sym, Sym, Sym);

/// All starts that rows state.
pub(super) struct Starts {
    of_series: BTreeMap<[u8; 16], BTreeSet<Timestamp>>,
    of_process: BTreeMap<Process, BTreeSet<Timestamp>>,
}

impl Starts {
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut starts = Self { of_series: BTreeMap::new(), of_process: BTreeMap::new() };
        for row in rows {
            if let Some(sample) = &row.sample
                && sample.role == SampleRole::Began
            {
                starts
                    .of_series
                    .entry(sample.series)
                    .or_default()
                    .insert(from_seconds(sample.value));
            }
            if let Some(start) = row.measured.instance_start.filter(|_| row.kind == Kind::Start) {
                starts.of_process.entry(process(row)).or_default().insert(start);
            }
        }
        starts
    }

    /// The last start of the counter after an earlier sample, up to this one.
    pub(super) fn between(&self, sample: &Sample, row: &Row, earlier: When) -> Option<Timestamp> {
        let (after, to) = (earlier.latest(), row.when.latest());
        let of = [self.of_series.get(&sample.series), self.of_process.get(&process(row))];
        let starts = of.into_iter().flatten().flatten().copied();
        starts.filter(|start| after < *start && *start <= to).max()
    }
}

fn process(row: &Row) -> Process {
    let text = |column| text_slot(column).map_or(Sym::NONE, |slot| row.texts[slot]);
    (row.stream, text(Column::ServiceInstanceId), text(Column::HostName))
}

#[expect(clippy::cast_possible_truncation, reason = "microseconds since 1970 fit")]
fn from_seconds(seconds: f64) -> Timestamp {
    Timestamp((seconds * 1e6) as i64)
}
