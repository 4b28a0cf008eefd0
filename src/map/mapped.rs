/*! One record as the rest of the program sees it: what its fields mean, whatever they are called. */

use std::borrow::Cow;

use super::distinct::Distinct;
use super::listed::ListedEntry;
use super::occurrences::Occurrences;
use super::record_time::{RecordTime, late_arrival};
use super::reported_outcome::ReportedOutcome;
use crate::model::columns::{Column, Measured, TEXTS, text_slot};
use crate::model::link::Learned;
use crate::model::{Duration, Kind, Layer, TimeBasis, Timestamp, When};

/// A marker that a record names without using it; it gives a row of its own.
#[derive(Clone, Debug)]
pub struct NamedMarker<'b> {
    /// The marker as printed, or in lower case if the profile says so.
    pub uid: Cow<'b, str>,
    /// What the record states about it.
    pub kind: Kind,
    /// What kind of testimony that is.
    pub layer: Layer,
}

/// By what a record states its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KindBasis {
    /// The profile or the plan says so.
    Settled,
    /// A word of the application, whatever it means by that.
    Logged,
    /// A name that fits many applications: an old version was used all the same.
    Guessed,
}

/// One record, mapped. Borrows from the record where it can.
#[derive(Debug)]
pub struct Mapped<'b> {
    /// When it happened.
    pub time: RecordTime,
    /// Whether its time may be that of what it is about.
    pub has_doubtful_time: bool,
    /// The latest of its other times: when it was written, received or observed.
    pub received: Option<When>,
    /// How late records of its source may be.
    pub lag: Duration,
    /// What kind of testimony it gives.
    pub layer: Layer,
    /// What it states, by the profile or by a field; none: `attribute` decides.
    pub kind: Option<Kind>,
    /// By what it states that.
    pub kind_basis: KindBasis,
    /// The outcome that it reports.
    pub outcome: ReportedOutcome,
    /// Candidates for the marker, the profile's first choice first.
    pub uids: Vec<Cow<'b, str>>,
    /// Markers that it names without using them.
    pub named: Vec<NamedMarker<'b>>,
    /// Ids that it issues: child and parent.
    pub links: Vec<(&'b str, &'b str)>,
    /// Ids that stand for the version before another one, with the marker of that other one.
    pub previous: Vec<(String, &'b str)>,
    /// Other names of its instance.
    pub aliases: Vec<String>,
    /// Does it say which consumer the instance belongs to?
    pub owns: bool,
    /// The text columns, in the order of `TEXTS`.
    pub texts: [Option<&'b str>; TEXTS.len()],
    /// The numbers and times of its fields.
    pub measured: Measured,
    /// How often its event happened.
    pub occurrences: Occurrences,
    /// Does a field say that the work went through a fallback?
    pub degraded: bool,
    /// If its source lists all that there is at one instant: what it says of that.
    pub listed: Option<ListedEntry>,
    /// The value that names its stream.
    pub stream: Option<Cow<'b, str>>,
}

impl<'b> Mapped<'b> {
    /// The value of a text column.
    pub fn text(&self, column: Column) -> Option<&str> {
        text_slot(column).and_then(|slot| self.texts[slot])
    }

    /// The record, with what only its envelope says.
    #[must_use]
    pub fn within(mut self, envelope: &Mapped<'b>) -> Self {
        // What wraps a record was written after it.
        let times = [self.received, envelope.received, self.time.when(), envelope.time.when()];
        self.received = times.into_iter().flatten().max_by_key(|when| when.earliest_in_any_zone());
        self.lag = self.lag.max(envelope.lag);
        let outer = envelope.time.when();
        if let Some((inner, outer)) = self.time.when().zip(outer).filter(|_| self.has_doubtful_time)
        {
            // Of something else, or its own: an old use may be as late as the one, a success as early as the other.
            let (at, end) = (inner.at.min(outer.at), inner.latest().max(outer.latest()));
            self.time = RecordTime::At(When { at, end: Some(end), basis: TimeBasis::Coarse });
        } else if self.time == RecordTime::Missing {
            self.time = envelope.time;
        }
        for (text, outer) in self.texts.iter_mut().zip(envelope.texts) {
            *text = text.or(outer);
        }
        if !envelope.uids.is_empty() {
            let mut uids = Distinct::default();
            uids.extend(self.uids.into_iter().chain(envelope.uids.iter().cloned()));
            self.uids = uids.into_texts();
        }
        let start = &mut self.measured.instance_start;
        *start = start.or(envelope.measured.instance_start);
        let (inner, outer) = (&mut self.measured, &envelope.measured);
        inner.sequence = inner.sequence.or(outer.sequence);
        // A record may pass several samplers.
        let rates = inner.sample_rate.into_iter().chain(outer.sample_rate);
        inner.sample_rate = rates.max_by(f64::total_cmp);
        self.stream = self.stream.or_else(|| envelope.stream.clone());
        self
    }

    /// When it was received, if much later than it is dated. A listing is dated by what it lists.
    pub fn late_arrival(&self) -> Option<Timestamp> {
        late_arrival(self.time, self.received, self.lag).filter(|_| self.listed.is_none())
    }

    /// The record, with aliases of its instance replaced by the instance's own name.
    #[must_use]
    pub fn renamed(mut self, learned: &'b Learned) -> Self {
        for column in [Column::ServiceInstanceId, Column::HostName] {
            let text = text_slot(column).map(|slot| &mut self.texts[slot]);
            if let Some(Some(name)) = text {
                *name = learned.instance(name);
            }
        }
        self
    }

    /// The names that its instance may have.
    pub fn names(&self) -> impl Iterator<Item = &'b str> {
        let columns = [Column::ServiceInstanceId, Column::HostName];
        let texts = self.texts;
        columns.into_iter().filter_map(move |column| texts[text_slot(column)?])
    }

    /// The instance that it comes from: `service_instance_id`, otherwise `host_name`.
    pub fn instance(&self) -> Option<&str> {
        self.text(Column::ServiceInstanceId).or_else(|| self.text(Column::HostName))
    }
}
