/*! What a list of inputs and the parts that are there say against each other. */

/// Why the parts are not those of the list.
#[derive(Debug, thiserror::Error)]
pub enum Incomplete {
    /// There are parts and no list.
    #[error("`{0}` holds parts, and no list says of which inputs: give it with `--list FILE`")]
    NoList(String),
    /// Facts are given, and not one bundle alone.
    #[error("facts are of one bundle: with `--facts`, name this bundle and nothing else")]
    NoBundle,
    /// A folder that should hold parts does not.
    #[error("`{0}` holds no parts and is no bundle")]
    NoParts(String),
    /// The list has no line.
    #[error("the list `{0}` is empty: what wrote it may have failed")]
    EmptyList(String),
    /// The list has fewer lines than it says.
    #[error(
        "the list `{path}` has {there} of its {inputs} inputs: it was cut, or the output of a task is missing"
    )]
    CutList {
        /// As given.
        path: String,
        /// How many inputs it names.
        there: u64,
        /// How many its lines say there are.
        inputs: u64,
    },
    /// A folder holds a bundle and parts.
    #[error("`{0}` holds a bundle and parts: keep them in folders of their own")]
    Mixed(String),
    /// Parts were to be written over the exports, or into a bundle.
    #[error("`{0}` holds what is scanned, or a bundle: name another folder for the parts")]
    NoPlace(String),
    /// An input has no part.
    #[error("no part of `{0}`: scan it")]
    Missing(String),
    /// A line names no part, and its input cannot be read to see which one it is.
    #[error(
        "`{0}` is listed without its part, and cannot be read to see which one it is: give the lines that `scan` prints as list"
    )]
    Unsure(String),
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
