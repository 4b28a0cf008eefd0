/*! The raw records behind citations, masked, or why one cannot be shown. */

use std::collections::BTreeMap;

use super::place::Place;

/// A record as it is in its input, masked. Each sink must still escape it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Its text: first masked as a whole, then cut.
    pub text: String,
    /// Was it cut?
    pub is_cut: bool,
    /// The header line of its input, if it is a row of separated values.
    pub header: Option<String>,
    /// The records before it, the nearest last.
    pub before: Vec<String>,
    /// The records after it, the nearest first.
    pub after: Vec<String>,
    /// Was the digest of the input checked? False if the report names none.
    pub is_checked: bool,
}

/// Why a record cannot be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// It came from standard input.
    Stdin,
    /// Its input is missing or cannot be read, for this reason.
    Gone(String),
    /// The input is not the one that was reported. The text says how it differs.
    Changed(String),
    /// There is no record at that place.
    NoRecord,
}

/// The record at each requested place, or why there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records(pub BTreeMap<Place, Result<Record, Lost>>);
