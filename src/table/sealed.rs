/*! What a run read, once it is settled and in order. */

use std::collections::BTreeMap;

use crate::model::continuity::{Listing, NumberSeries, Sampled};
use crate::model::coverage::{RejectRow, RejectRun, StreamId, Tally};
use crate::model::link::Link;
use crate::model::partial::Partial;
use crate::model::{ClassId, Timestamp, facts};
use crate::scan::{Interner, Row, StreamName, Sym};

/// The number of each stream, by its name.
pub(super) type StreamIds = BTreeMap<StreamName, StreamId>;

/// A span of time in which a stream has records of an instance, with less than an hour between any two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresenceSpan {
    /// The stream that has the records.
    pub stream: StreamId,
    /// The class of the instance.
    pub class: ClassId,
    /// The name of the instance, if logged.
    pub instance: Option<String>,
    /// The time of the first record.
    pub from: Timestamp,
    /// The time of the last record.
    pub to: Timestamp,
    /// The number of records.
    pub records: u64,
}

/// Everything that a run read, settled and in order.
#[derive(Debug, Default)]
pub struct Sealed {
    /// The rows of the evidence table, in its order.
    pub rows: Vec<Row>,
    /// The texts of the rows.
    pub texts: Interner,
    /// The streams, in the order of `StreamId`.
    pub streams: Vec<facts::Stream>,
    /// The number of each stream, by the symbol of its name.
    pub stream_ids: BTreeMap<Sym, StreamId>,
    /// When each instance has records.
    pub presence: Vec<PresenceSpan>,
    /// The inputs, in the order of `InputId`.
    pub inputs: Vec<facts::Input>,
    /// Rejected records that follow each other, counted.
    pub rejects: Vec<RejectRun>,
    /// Rejected records one by one.
    pub reject_rows: Vec<RejectRow>,
    /// Old markers in fields that the profile does not map.
    pub stray_markers: Vec<facts::StrayMarker>,
    /// What exports say themselves about records that they do not hold.
    pub partials: Vec<Partial>,
    /// Running numbers.
    pub numbers: Vec<NumberSeries>,
    /// Records that say that they are a sample.
    pub samples: Vec<Sampled>,
    /// The members of classes that whole listings show.
    pub listings: Vec<Listing>,
    /// Logged links between ids.
    pub links: Vec<Link>,
    /// The sums over all inputs.
    pub accounting: Tally,
}

impl Sealed {
    /// The number of the stream whose name is that symbol.
    pub fn stream_id(&self, name: Sym) -> Option<StreamId> {
        self.stream_ids.get(&name).copied()
    }

    /// The text of a symbol of its rows.
    pub fn text(&self, sym: Sym) -> Option<&str> {
        self.texts.text(sym)
    }
}
