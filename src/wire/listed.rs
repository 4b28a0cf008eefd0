/*! Inputs as lines of JSON: what `list` prints, `scan` reads and prints again with the part of each, and `seal` checks.
 */

use serde::{Deserialize, Serialize};

use super::scalars::Time;

/// One input of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listed {
    /// The number of the task that scans it.
    pub(crate) task: u64,
    /// How many inputs the list has, on each of its lines: a list that was cut at the end of a line has fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) inputs: Option<u64>,
    /// Which list it is, by the paths of all of its lines: several lists may stand in one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) list: Option<String>,
    /// As it has to be opened, so it is not masked.
    pub(crate) path: String,
    /// The size as stored.
    pub(crate) bytes: u64,
    /// When its bytes last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) modified: Option<Time>,
    /// The tag of its bytes, for an object in a store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    /// Why it cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) trouble: Option<String>,
    /// What its scan gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scanned: Option<Scanned>,
}

/// What the scan of an input gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scanned {
    /// The key of its part.
    pub(crate) part: String,
    /// The digest of its stored bytes, if all of them could be read.
    pub(crate) sha256: Option<String>,
    /// Its records, those of members included.
    pub(crate) records: u64,
    /// Records that were not understood.
    pub(crate) rejected: u64,
    /// Rows that could be evidence.
    pub(crate) rows: u64,
    /// How often something of it could not be read.
    pub(crate) damage: u64,
}
