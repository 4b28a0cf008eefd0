/*! What a list of inputs and the parts that are there say against each other. */

/// Why the parts are not those of the list.
#[derive(Debug, thiserror::Error)]
pub enum Incomplete {
    /// There are parts and no list.
    #[error("`{0}` holds parts, and no list says of which inputs: give it with `--list FILE`")]
    NoList(String),
    /// A folder that should hold parts does not.
    #[error("`{0}` holds no parts and is no bundle")]
    NoParts(String),
    /// An input has no part.
    #[error("no part of `{0}`: scan it")]
    Missing(String),
    /// An input has parts, and none under this plan.
    #[error(
        "`{0}` was scanned under another plan, other profiles or by another version: scan it again"
    )]
    OtherPlan(String),
    /// An input was scanned when it had other bytes than the list says.
    #[error(
        "`{path}` has {listed} bytes in the list and had {scanned} when it was scanned: list and scan it again"
    )]
    OtherBytes {
        /// As the list has it, masked.
        path: String,
        /// The size in the list.
        listed: u64,
        /// The size of a part.
        scanned: u64,
    },
    /// The list means two contents of one input.
    #[error(
        "`{0}` changed between two scans: list and scan it again, and give the lines that `scan` prints as list"
    )]
    Changed(String),
}
