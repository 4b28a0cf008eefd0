/*! The raw records behind citations, masked, or why one cannot be shown. */

use std::collections::BTreeMap;

use super::place::Place;

/// A record as it stands in its input, masked. Not escaped for any sink.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Its text. Masked whole, then cut.
    pub text: String,
    /// Was it cut?
    pub is_cut: bool,
    /// The header above it, of a row of separated values.
    pub header: Option<String>,
    /// The records before it, the nearest last.
    pub before: Vec<String>,
    /// The records after it, the nearest first.
    pub after: Vec<String>,
    /// Has the input the digest that the report names? If not, the report names none.
    pub is_checked: bool,
}

/// Why a record cannot be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// It came from standard input.
    Stdin,
    /// Its input is not there, or cannot be read: why.
    Gone(String),
    /// The input is not the one that was reported: what differs.
    Changed(String),
    /// No record stands at that place.
    NoRecord,
}

/// What became of each place that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records(pub BTreeMap<Place, Result<Record, Lost>>);
