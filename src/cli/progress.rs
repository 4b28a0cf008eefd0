/*! A bar on standard error: the stage, evidence so far, bytes, rate, time left. Only on a terminal. */

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::pipeline::{Progress, Stage};
use crate::wording::count;

const TICK: Duration = Duration::from_millis(120);
const LOOK: &str = "{spinner} {msg}  {bar:24} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";

/// A bar that draws itself until it is dropped.
pub(super) struct Bar {
    stop: Arc<AtomicBool>,
    drawing: Option<JoinHandle<()>>,
}

impl Bar {
    /// Starts drawing, if anybody watches.
    pub(super) fn start(progress: &Arc<Progress>, talks: bool) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let drawing = talks.then(|| {
            let (progress, stop) = (Arc::clone(progress), Arc::clone(&stop));
            thread::spawn(move || draw(&progress, &stop))
        });
        Self { stop, drawing }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(drawing) = self.drawing.take() {
            drawing.thread().unpark();
            let _drawn = drawing.join();
        }
    }
}

/// What is being done, and what was found so far.
fn message(stage: Stage, (done, inputs): (u64, u64), rows: u64) -> String {
    let found = format!("{} of evidence", count(rows, "row"));
    match stage {
        Stage::Reading | Stage::Again => {
            format!("{} {done}/{}, {found}", stage.word(), count(inputs, "input"))
        }
        Stage::Sealing | Stage::Deciding => format!("{}, {found}", stage.word()),
    }
}

fn draw(progress: &Progress, stop: &AtomicBool) {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template(LOOK) {
        bar.set_style(style);
    }
    while !stop.load(Ordering::Relaxed) {
        let of = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
        bar.set_length(of(&progress.total).max(of(&progress.read)));
        bar.set_position(of(&progress.read));
        let (done, inputs, rows) = (of(&progress.done), of(&progress.inputs), of(&progress.rows));
        bar.set_message(message(progress.stage(), (done, inputs), rows));
        bar.tick();
        thread::park_timeout(TICK);
    }
    bar.finish_and_clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_stage_inputs_and_evidence() {
        let said = |stage| message(stage, (3, 12), 4_567);
        assert_eq!(said(Stage::Reading), "reading 3/12 inputs, 4,567 rows of evidence");
        assert_eq!(said(Stage::Again), "reading again 3/12 inputs, 4,567 rows of evidence");
        assert_eq!(said(Stage::Sealing), "sealing, 4,567 rows of evidence");
        assert_eq!(message(Stage::Deciding, (1, 1), 1), "deciding, 1 row of evidence");
    }
}
