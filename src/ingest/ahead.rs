/*! Reading on a thread of its own: while records are worked on, the next ones are decompressed, hashed and cut. The
 * visitor sees what it would see otherwise, in the same order.
 */

use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use crate::limits;
use crate::model::coverage::Reject;

use super::frame::Framing;
use super::options::ReadOptions;
use super::source;
use super::visit::{Frame, ReadReport, Visit};
use super::walk::Input;

/// As `read`, but the records are read by another thread. The visitor is given no blocks.
///
/// # Panics
/// If reading does.
pub fn read_ahead(input: &Input, options: &ReadOptions<'_>, visit: &mut dyn Visit) -> ReadReport {
    thread::scope(|scope| {
        // They are dropped if the visitor panics, and so the reader does not wait for ever.
        let (sender, batches) = sync_channel(limits::BATCHES_AHEAD);
        let (framings, answers) = channel();
        let (used, spare) = channel();
        let batch = Batch::default();
        let mut ahead = Ahead { batch, sender, answers, spare, is_alone: false };
        let builder = thread::Builder::new().stack_size(limits::READER_STACK_BYTES);
        let reader = builder.spawn_scoped(scope, move || {
            let read = source::read(input, options, &mut ahead);
            ahead.hand_on();
            read
        });
        let Ok(reader) = reader else { return source::read(input, options, visit) };
        pass_on(&batches, &framings, &used, visit);
        reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// What reading came across, in its order. The steps share their bytes.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    steps: Vec<Step>,
}

/// One call of the visitor.
enum Step {
    Begin(String),
    End(Box<ReadReport>),
    /// The reader waits for the answer.
    Head(Range<usize>, Framing),
    Frame(FrameStep),
    Reject(FrameStep, Reject),
    Skipped(Range<usize>),
    Progress(u64),
}

/// A frame, with the place of its bytes.
struct FrameStep {
    bytes: Range<usize>,
    offset: u64,
    length: u64,
    record: u64,
    closed: bool,
}

impl FrameStep {
    fn frame<'b>(&self, bytes: &'b [u8]) -> Frame<'b> {
        let Self { offset, length, record, closed, .. } = *self;
        Frame { bytes: &bytes[self.bytes.clone()], offset, length, record, closed }
    }
}

/// The visitor of the reading thread.
struct Ahead {
    batch: Batch,
    sender: SyncSender<Batch>,
    answers: Receiver<Option<Framing>>,
    spare: Receiver<Batch>,
    /// Nobody takes its batches any more: the program is about to end.
    is_alone: bool,
}

impl Ahead {
    fn hand_on(&mut self) {
        let mut next = self.spare.try_recv().unwrap_or_default();
        next.bytes.clear();
        next.steps.clear();
        self.is_alone |= self.sender.send(std::mem::replace(&mut self.batch, next)).is_err();
    }

    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.batch.bytes.len();
        self.batch.bytes.extend_from_slice(if self.is_alone { &[] } else { bytes });
        start..self.batch.bytes.len()
    }

    fn keep_frame(&mut self, frame: Frame<'_>) -> FrameStep {
        let Frame { bytes, offset, length, record, closed } = frame;
        FrameStep { bytes: self.keep(bytes), offset, length, record, closed }
    }

    fn add(&mut self, step: Step) {
        self.batch.steps.push(step);
        let is_full = self.batch.bytes.len() >= limits::BLOCK_BYTES
            || self.batch.steps.len() >= limits::STEPS_AHEAD;
        if is_full {
            self.hand_on();
        }
    }
}

impl Visit for Ahead {
    fn begin(&mut self, member: &str) {
        self.add(Step::Begin(member.to_owned()));
    }

    fn end(&mut self, report: ReadReport) {
        self.add(Step::End(Box::new(report)));
    }

    fn head(&mut self, head: &[u8], sniffed: &Framing) -> Option<Framing> {
        let head = self.keep(head);
        self.batch.steps.push(Step::Head(head, sniffed.clone()));
        self.hand_on();
        self.answers.recv().ok().flatten()
    }

    fn frame(&mut self, frame: Frame<'_>) {
        let step = self.keep_frame(frame);
        self.add(Step::Frame(step));
    }

    fn reject(&mut self, frame: Frame<'_>, reject: Reject) {
        let step = self.keep_frame(frame);
        self.add(Step::Reject(step, reject));
    }

    fn skipped(&mut self, bytes: &[u8]) {
        let bytes = self.keep(bytes);
        self.add(Step::Skipped(bytes));
    }

    fn progress(&mut self, stored_bytes: u64) {
        self.add(Step::Progress(stored_bytes));
    }
}

/// Passes the steps on to the visitor, until the reader has ended.
fn pass_on(
    batches: &Receiver<Batch>,
    framings: &Sender<Option<Framing>>,
    used: &Sender<Batch>,
    visit: &mut dyn Visit,
) {
    for mut batch in batches {
        let Batch { bytes, steps } = &mut batch;
        for step in steps.drain(..) {
            match step {
                Step::Begin(member) => visit.begin(&member),
                Step::End(report) => visit.end(*report),
                Step::Head(head, sniffed) => {
                    let framing = visit.head(&bytes[head], &sniffed);
                    let _reader_ended = framings.send(framing);
                }
                Step::Frame(step) => visit.frame(step.frame(bytes)),
                Step::Reject(step, reject) => visit.reject(step.frame(bytes), reject),
                Step::Skipped(range) => visit.skipped(&bytes[range]),
                Step::Progress(stored_bytes) => visit.progress(stored_bytes),
            }
        }
        let _reader_ended = used.send(batch);
    }
}
