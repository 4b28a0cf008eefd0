/*! The verdict: may the old version be revoked? */

/// The answer for the rotation or for one class. Greater is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Yes: every consumer is proven to work without it.
    Ready,
    /// The report cannot decide yet, because evidence is missing.
    Inconclusive,
    /// No: a consumer would fail, or already does.
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
