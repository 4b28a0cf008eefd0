/*! The records of one input or member, each through the stages: cut, interpret, attribute, build. */

use std::rc::Rc;
use std::sync::Arc;

use crate::ingest::{
    DockerLine, DockerLines, Frame, Framing, JoinedLine, ReadReport, Visit, whole_lines,
};
use crate::map::{ProfileReading, RecordTime};
use crate::model::Timestamp;
use crate::model::bounds::TimeBounds;
use crate::model::coverage::Reject;
use crate::model::facts::Stray;

use super::batch::SinkError;
use super::builder::PartBuilder;
use super::clock_resets::ClockWatch;
use super::interpret::{DecodedRecord, Envelope, Interpreter, Payload, UndecodedRecords};
use super::layout_pool::KnownLayouts;
use super::loss_notice;
use super::origin::Origin;
use super::outputs::{ObservedRecord, ScanOutputs};
use super::part::Part;
use super::rejects::{RecordFate, RejectContext};
use super::repeats::Repeats;
use super::stream::Folder;
use super::testimony::Attributor;
use super::unread_markers::Surroundings;
use super::wanted::{SourceReading, Wanted};

/// Reads one input or member.
pub(super) struct Reader<'a> {
    pub(super) origin: Origin,
    outputs: &'a ScanOutputs<'a>,
    sources: &'a SourceReading,
    /// Each record is a line of a container runtime, perhaps with lines of its other stream in between.
    has_container_lines: bool,
    /// Records are texts that may span lines.
    has_texts: bool,
    docker_lines: DockerLines,
    interpreter: Interpreter<'a>,
    pub(super) attributor: Attributor<'a>,
    pub(super) builder: PartBuilder<'a>,
    clocks: ClockWatch,
    repeats: Repeats<'a>,
    pub(super) surroundings: Surroundings,
}

impl<'a> Reader<'a> {
    pub(super) fn new(origin: Origin, wanted: &'a Wanted, outputs: &'a ScanOutputs<'a>) -> Self {
        let bounds = TimeBounds { beyond: Some(&outputs.beyond), ..wanted.bounds };
        let folder = Rc::new(Folder::of(&origin.chain));
        let sources = wanted.reading(&origin.as_path());
        let KnownLayouts { earlier, records } = sources.layouts.take(&folder.name(None));
        let strict = outputs.options.strict;
        let earlier = earlier.map(|earlier| earlier.of_next_input(strict));
        Self {
            outputs,
            sources,
            has_container_lines: false,
            has_texts: false,
            docker_lines: DockerLines::default(),
            interpreter: Interpreter::new(&origin, &wanted.learned, sources, bounds, earlier),
            attributor: Attributor::new(wanted, sources.source, Rc::clone(&folder)),
            builder: PartBuilder::new(&origin, wanted, sources, outputs, folder),
            clocks: ClockWatch::default(),
            repeats: Repeats::new(wanted, sources, (origin.shown(), bounds), records),
            surroundings: Surroundings::default(),
            origin,
        }
    }

    /// The part, once the input has ended. `read`: what reading its bytes reported.
    pub(super) fn finish(mut self, read: ReadReport) -> Result<Part, SinkError> {
        self.end_docker_lines();
        self.builder.add_rest(&mut self.repeats);
        self.outputs.take_resets(self.origin.member, self.clocks.finish());
        let earlier = self.interpreter.earlier;
        let layouts = KnownLayouts { earlier, records: self.repeats.into_known() };
        self.sources.layouts.give(self.builder.folder(), layouts);
        self.builder.finish(read)
    }

    /// The fate of a line of a Docker container; none yet of a piece whose line goes on.
    fn line(&mut self, frame: &Frame<'_>, text: &str) -> Option<RecordFate> {
        match self.docker_lines.take(frame, text) {
            DockerLine::Whole => Some(self.read(frame, text)),
            DockerLine::GoesOn(torn) => {
                for line in &torn {
                    self.unfinished(line);
                }
                None
            }
            DockerLine::Last(line) => Some(self.joined(&line, frame, text)),
            DockerLine::Torn(line) => {
                self.unfinished(&line);
                Some(self.read(frame, text))
            }
        }
    }

    /// The last piece gets the fate of the whole line.
    fn joined(&mut self, line: &JoinedLine, last: &Frame<'_>, text: &str) -> RecordFate {
        self.builder.add_earlier_pieces(line.pieces);
        let frame = line.frame(true);
        match self.read(&frame, &line.text) {
            RecordFate::Evidence => RecordFate::Evidence,
            fate => {
                // A container that was restarted may have written a line of its own instead of the last piece. A piece
                // that is no record was read as part of the line, so it is no flaw of its own.
                let Ok(records) = self.interpreter.recognise(text, last.closed) else {
                    return fate;
                };
                let separate = self.records(last, records, None);
                self.builder.join(&frame, fate, separate)
            }
        }
    }

    /// The pieces of a line that never ended.
    fn unfinished(&mut self, line: &JoinedLine) {
        self.builder.add_earlier_pieces(line.pieces);
        let at = self.interpreter.time_of(&line.time).instant();
        let detail = format!("pieces without an end: {}", line.pieces);
        let context = RejectContext { at, ..RejectContext::default() };
        let reject = Reject::with("unfinished-line", detail);
        self.builder.add_reject(&line.frame(false), context, reject);
    }

    fn end_docker_lines(&mut self) {
        for line in self.docker_lines.end() {
            self.unfinished(&line);
        }
    }

    /// The lines of a container runtime in one record.
    fn container_lines(&mut self, frame: &Frame<'_>, text: &str) -> RecordFate {
        let lines = whole_lines(text);
        if let [line] = lines.as_slice() {
            return self.read(frame, line);
        }
        let mut whole = RecordFate::Irrelevant;
        for line in lines {
            let fate = self.read(frame, &line);
            whole = self.builder.join(frame, whole, fate);
        }
        whole
    }

    /// A record, or a text of several lines that holds others: these have the place of the whole.
    fn read(&mut self, frame: &Frame<'_>, text: &str) -> RecordFate {
        if !self.has_texts || !text.contains('\n') {
            return self.read_one(frame, text);
        }
        let mut whole = RecordFate::Irrelevant;
        for record in self.interpreter.records_of_lines(text) {
            let fate = self.read_one(frame, record);
            whole = self.builder.join(frame, whole, fate);
        }
        whole
    }

    fn read_one(&mut self, frame: &Frame<'_>, text: &str) -> RecordFate {
        if let Some(fate) = self.at_sight(frame, text) {
            return fate;
        }
        match self.interpreter.recognise(text, frame.closed) {
            Ok(records) => {
                if records.are_several() {
                    self.builder.add_page(frame, text);
                }
                self.records(frame, records, None)
            }
            Err(reject) => RecordFate::not_understood(reject),
        }
    }

    /// The records of one text, which counts once.
    pub(super) fn records(
        &mut self,
        frame: &Frame<'_>,
        records: UndecodedRecords<'a, '_>,
        envelope: Option<Envelope<'_>>,
    ) -> RecordFate {
        if records.are_several() {
            return self.document(frame, records, envelope);
        }
        self.each_record(frame, records, envelope, &mut |_| {})
    }

    /// The records of one text, one by one. `was_read`: told when one was read.
    pub(super) fn each_record(
        &mut self,
        frame: &Frame<'_>,
        mut records: UndecodedRecords<'a, '_>,
        envelope: Option<Envelope<'_>>,
        was_read: &mut dyn FnMut(&Surroundings),
    ) -> RecordFate {
        // That records were lost may be said around the others.
        let is_apart = records.are_several() && !loss_notice::is_in(frame.bytes);
        let mut whole = RecordFate::Irrelevant;
        while let Some(decoded) = self.interpreter.decode_next(&mut records) {
            let fate = match decoded {
                Ok(record) => {
                    let bytes = if is_apart { record.text.as_bytes() } else { frame.bytes };
                    let own = Frame { bytes, ..*frame };
                    let fate = self.record(&own, &record, envelope);
                    let fate = if is_apart {
                        fate.of_several(|| self.builder.holds_old(bytes))
                    } else {
                        fate
                    };
                    self.interpreter.reuse(record);
                    fate
                }
                Err(reject) => RecordFate::not_understood(reject),
            };
            was_read(&self.surroundings);
            whole = self.builder.join(frame, whole, fate);
        }
        whole
    }

    /// One record, by each reading that applies to it.
    fn record(
        &mut self,
        frame: &Frame<'_>,
        record: &DecodedRecord<'a, '_>,
        envelope: Option<Envelope<'_>>,
    ) -> RecordFate {
        self.builder.add_profile(record.profile());
        let is_whole = envelope.is_none() && self.outputs.takes_repeats();
        if is_whole && let Some(fate) = self.repeated(frame, record) {
            return fate;
        }
        let mut whole = RecordFate::Irrelevant;
        for reading in record.readings() {
            let fate = self.statement(frame, record, reading, envelope);
            whole = self.builder.join(frame, whole, fate);
        }
        whole
    }

    /// The fate of a record that says what one before said, at another time.
    fn repeated(
        &mut self,
        frame: &Frame<'_>,
        record: &DecodedRecord<'a, '_>,
    ) -> Option<RecordFate> {
        let number = self.repeats.find(record)?;
        if self.interpreter.heading.is_none() && record.reading.each.is_empty() {
            self.repeats.make_familiar(record.text, number);
        }
        let at = self.interpreter.punctual_time(record)?.earliest();
        self.repetition(frame, record.text, (number, at))
    }

    /// The fate of a record that is known at sight.
    fn at_sight(&mut self, frame: &Frame<'_>, text: &str) -> Option<RecordFate> {
        // The end of the last value of a text may be missing.
        let is_whole = frame.closed || text.starts_with('{');
        if !is_whole || self.interpreter.heading.is_some() || !self.outputs.takes_repeats() {
            return None;
        }
        let repeated = self.repeats.at_sight(text)?;
        self.repetition(frame, text, repeated)
    }

    /// Counts a record that says what a statement says, unless its bytes say more.
    fn repetition(
        &mut self,
        frame: &Frame<'_>,
        text: &str,
        (number, at): (usize, Timestamp),
    ) -> Option<RecordFate> {
        let is_mention = || self.attributor.is_mention(text.as_bytes());
        if self.outputs.is_reset(self.origin.member, self.clocks.following())
            || self.surroundings.mention.unwrap_or_else(is_mention)
            || loss_notice::is_in(frame.bytes)
        {
            return None;
        }
        self.clocks.next_statement();
        if let Some(statement) = self.repeats.first_time(number) {
            let profile = &self.sources.readings[statement.reading].profile.name;
            let instance = statement.instance.as_ref().map(|named| named.logged.as_ref());
            let stream = self.attributor.names.of(profile, instance, statement.stream.as_deref());
            statement.beyond.into_iter().for_each(|at| self.outputs.beyond.note(at));
            self.builder.add_statement(statement, &stream);
            self.repeats.make(number, stream);
        }
        Some(self.builder.add_repeated(&mut self.repeats, (number, at), &mut self.clocks))
    }

    /// What a record states by one reading: its payload, if a profile reads that, otherwise itself.
    fn statement(
        &mut self,
        frame: &Frame<'_>,
        record: &DecodedRecord<'a, '_>,
        reading: &'a ProfileReading,
        envelope: Option<Envelope<'_>>,
    ) -> RecordFate {
        let mut interpreted = self.interpreter.map(record, reading, envelope);
        if self.outputs.is_reset(self.origin.member, self.clocks.next_statement()) {
            interpreted.mapped.time = RecordTime::Implausible;
        }
        self.builder.add_interpreted(&interpreted);
        let payload = interpreted.payload().map(|text| self.interpreter.recognise_payload(text));
        let flaw = match payload {
            Some(Payload::Records(records)) => {
                return self.wrapped(frame, record.text, records, &interpreted);
            }
            Some(Payload::Broken(reject)) => {
                let at = interpreted.mapped.time.instant();
                RecordFate::Rejected(RejectContext { at, ..RejectContext::default() }, reject)
            }
            Some(Payload::Text) | None => RecordFate::Irrelevant,
        };
        let (place, member) = (frame.place(self.origin.input), self.origin.member);
        let (profile, mapped) = (reading.profile.name.as_str(), &interpreted.mapped);
        let fields = || self.interpreter.seen_fields(record, reading, envelope.is_some());
        let shown = ObservedRecord { place, member, profile, mapped, fields: Vec::new() };
        self.outputs.show(&shown, &fields);
        let mention = self.surroundings.in_record();
        let mut testimony = self.attributor.testimony(&interpreted, record.text, mention);
        if let Some(stray) = testimony.stray.as_mut().filter(|stray| stray.why == Stray::Unmapped) {
            stray.until = self.interpreter.latest_time(record, reading, envelope.is_some());
        }
        self.surroundings.note(|| testimony.read_use(&interpreted.mapped));
        self.clocks.see(&testimony.stream, &interpreted.mapped);
        let is_flawless = matches!(flaw, RecordFate::Irrelevant);
        if envelope.is_none() && is_flawless && self.repeats.can_learn() {
            let reading = self.repeats.reading();
            let said = self.builder.statement_of(reading, &interpreted, &testimony);
            if let Some(statement) = said {
                self.repeats.learn(statement, Arc::clone(&testimony.stream));
            }
        }
        let path_series = self.interpreter.path_series();
        let fate = self.builder.add_testimony(frame, &interpreted, path_series, testimony);
        self.builder.join(frame, fate, flaw)
    }
}

impl Visit for Reader<'_> {
    fn head(&mut self, head: &[u8], sniffed: &Framing) -> Option<Framing> {
        let framing = self.interpreter.framing(head, sniffed);
        self.has_container_lines = framing == Some(Framing::Partial);
        self.has_texts = matches!(framing, Some(Framing::Text { .. }));
        framing
    }

    fn frame(&mut self, frame: Frame<'_>) {
        self.builder.begin_record();
        let text = simdutf8::basic::from_utf8(frame.bytes).unwrap_or_default();
        if self.interpreter.take_note(text) {
            self.builder.add_note(frame.bytes);
            return;
        }
        let fate = if self.has_container_lines {
            Some(self.container_lines(&frame, text))
        } else {
            self.line(&frame, text)
        };
        if let Some(fate) = fate {
            self.builder.count(&frame, fate);
        }
    }

    fn reject(&mut self, frame: Frame<'_>, reject: Reject) {
        self.builder.begin_record();
        self.end_docker_lines();
        self.builder.add_reject(&frame, RejectContext::default(), reject);
    }

    fn skipped(&mut self, bytes: &[u8]) {
        self.builder.skip(bytes);
    }

    fn progress(&mut self, stored_bytes: u64) {
        (self.outputs.options.progress)(stored_bytes);
    }
}
