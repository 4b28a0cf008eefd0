/*! Old markers that records hold where no field is read as the credential. */

use super::coverage::StreamId;
use super::credential::VersionId;
use super::noticed::Noticed;

/// Why an old marker in a record is no use of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stray {
    /// No field that holds it is read as the credential.
    Unmapped,
    /// It is spelled otherwise than in the plan.
    Respelled,
    /// It names a series of a metric of which only parts are exported: they do not say how often it was used.
    PartOfSeries,
}

impl Stray {
    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unmapped => "unmapped",
            Self::Respelled => "respelled",
            Self::PartOfSeries => "part-of-series",
        }
    }
}

/// Records that hold an old marker which is no use of it.
#[derive(Clone, Debug)]
pub struct StrayMarker {
    /// The stream that holds them.
    pub stream: StreamId,
    /// The old version whose marker it is.
    pub version: VersionId,
    /// Why it is no use.
    pub why: Stray,
    /// The JSON Pointer of the field with the marker, empty if the format has no pointers; of a marker that is spelled
    /// otherwise, the marker as logged.
    pub place: String,
    /// The records.
    pub found: Noticed,
}
