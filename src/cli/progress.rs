/*! The progress bar on stderr: stage, evidence so far, bytes, rate, time left. Only on a terminal. */

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::pipeline::{Progress, Stage};
use crate::wording::{count, number};

use super::terminal::Terminal;

const TICK: Duration = Duration::from_millis(120);
const TEMPLATE: &str =
    "{spinner} {msg}  {bar:24} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";

/// A thread that draws the bar until this is dropped.
pub(super) struct ProgressDisplay {
    stop: Arc<AtomicBool>,
    drawing: Option<JoinHandle<()>>,
}

impl ProgressDisplay {
    pub(super) fn start(progress: &Arc<Progress>, terminal: Terminal) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let drawing = terminal.shows_progress().then(|| {
            let (progress, stop) = (Arc::clone(progress), Arc::clone(&stop));
            thread::spawn(move || draw(&progress, &stop))
        });
        Self { stop, drawing }
    }
}

impl Drop for ProgressDisplay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(drawing) = self.drawing.take() {
            drawing.thread().unpark();
            let _drawn = drawing.join();
        }
    }
}

/// The counters of one moment.
#[derive(Clone, Copy)]
struct Reached {
    done: u64,
    inputs: u64,
    rows: u64,
}

fn message(stage: Stage, reached: Reached) -> String {
    let Reached { done, inputs, rows } = reached;
    let evidence = format!("{} of evidence", count(rows, "row"));
    match stage {
        Stage::Reading | Stage::Again => {
            format!("{} {}/{}, {evidence}", stage.word(), number(done), count(inputs, "input"))
        }
        Stage::Sealing | Stage::Deciding => format!("{}, {evidence}", stage.word()),
    }
}

fn draw(progress: &Progress, stop: &AtomicBool) {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
        bar.set_style(style);
    }
    while !stop.load(Ordering::Relaxed) {
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        bar.set_length(load(&progress.total).max(load(&progress.read)));
        bar.set_position(load(&progress.read));
        let reached = Reached {
            done: load(&progress.done),
            inputs: load(&progress.inputs),
            rows: load(&progress.rows),
        };
        bar.set_message(message(progress.stage(), reached));
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
        let drawn = |stage| message(stage, Reached { done: 3, inputs: 12, rows: 4_567 });
        assert_eq!(drawn(Stage::Reading), "reading 3/12 inputs, 4,567 rows of evidence");
        assert_eq!(drawn(Stage::Again), "reading again 3/12 inputs, 4,567 rows of evidence");
        assert_eq!(drawn(Stage::Sealing), "sealing, 4,567 rows of evidence");
        assert_eq!(
            message(Stage::Deciding, Reached { done: 1, inputs: 1, rows: 1 }),
            "deciding, 1 row of evidence"
        );
    }
}
