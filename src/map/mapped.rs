/*! One record as the rest of the program sees it: what its fields say, whatever they are called. */

use std::borrow::Cow;

use super::Occurrences;
use crate::model::columns::{Column, Measured, TEXTS, text_slot};
use crate::model::link::Learned;
use crate::model::{Kind, Layer, Outcome, When};

/// What a record says when it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordTime {
    /// It has a time.
    At(When),
    /// It has none.
    Missing,
    /// It has one that cannot be read.
    Unreadable,
    /// It has one that cannot be true.
    Implausible,
}

/// What a record says came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportedOutcome {
    /// A word, or its absence, that means something here.
    Known(Outcome),
    /// Nothing.
    Nothing,
    /// A word nobody maps.
    Unknown(String),
    /// A word nobody maps, in a field that often holds something else.
    Doubtful(String),
}

/// A further row that a record gives: a marker that it names without using it.
#[derive(Clone, Debug)]
pub struct Also<'b> {
    /// The marker.
    pub uid: Cow<'b, str>,
    /// What is stated.
    pub kind: Kind,
    /// What kind of testimony it is.
    pub layer: Layer,
}

/// One record, mapped. Borrows from the record; nothing is built for what nobody asked.
#[derive(Debug)]
pub struct Mapped<'b> {
    /// When it happened.
    pub dated: RecordTime,
    /// What kind of testimony it gives.
    pub layer: Layer,
    /// What the profile or a field calls it.
    pub kind: Option<Kind>,
    /// What came of it.
    pub told: ReportedOutcome,
    /// Candidates for the marker, the profile's first choice first.
    pub uids: Vec<Cow<'b, str>>,
    /// Markers that it names without using them.
    pub also: Vec<Also<'b>>,
    /// Ids that it issues: child and parent.
    pub links: Vec<(&'b str, &'b str)>,
    /// Other names of the instance that it speaks of.
    pub aliases: Vec<String>,
    /// Does it say whose the instance is?
    pub owns: bool,
    /// The text columns, in the order of `TEXTS`.
    pub texts: [Option<&'b str>; TEXTS.len()],
    /// The numbers and times of its fields.
    pub measured: Measured,
    /// How many occurrences the row stands for.
    pub counted: Occurrences,
    /// Does a field call it degraded?
    pub degraded: bool,
    /// The value that names its stream.
    pub stream: Option<&'b str>,
}

impl<'b> Mapped<'b> {
    /// The value of a text column.
    pub fn text(&self, column: Column) -> Option<&str> {
        text_slot(column).and_then(|slot| self.texts[slot])
    }

    /// The record as its envelope completes it: what it does not say, the envelope may.
    #[must_use]
    pub fn within(mut self, envelope: &Mapped<'b>) -> Self {
        if self.dated == RecordTime::Missing {
            self.dated = envelope.dated;
        }
        for (own, around) in self.texts.iter_mut().zip(envelope.texts) {
            *own = own.or(around);
        }
        for uid in &envelope.uids {
            if !self.uids.contains(uid) {
                self.uids.push(uid.clone());
            }
        }
        let own = &mut self.measured.instance_start;
        *own = own.or(envelope.measured.instance_start);
        self.stream = self.stream.or(envelope.stream);
        self
    }

    /// The same under the names by which instances are known.
    #[must_use]
    pub fn renamed(mut self, known: &'b Learned) -> Self {
        for column in [Column::ServiceInstanceId, Column::HostName] {
            let text = text_slot(column).map(|slot| &mut self.texts[slot]);
            if let Some(Some(name)) = text {
                *name = known.instance(name);
            }
        }
        self
    }

    /// The names by which its running copy may be known.
    pub fn names(&self) -> impl Iterator<Item = &'b str> {
        let columns = [Column::ServiceInstanceId, Column::HostName];
        let texts = self.texts;
        columns.into_iter().filter_map(move |column| texts[text_slot(column)?])
    }

    /// The running copy it comes from: `service_instance_id`, else `host_name`.
    pub fn instance(&self) -> Option<&str> {
        self.text(Column::ServiceInstanceId).or_else(|| self.text(Column::HostName))
    }
}
