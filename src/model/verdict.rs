/*! The verdict: may the old version be revoked? */

/// May the old version be revoked?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Proven.
    Ready,
    /// Proof is missing.
    Inconclusive,
    /// Proof against.
    NotReady,
}

impl Verdict {
    /// All verdicts, for reading words back.
    pub const ALL: [Self; 3] = [Self::Ready, Self::Inconclusive, Self::NotReady];

    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Inconclusive => "inconclusive",
            Self::NotReady => "not_ready",
        }
    }
}
