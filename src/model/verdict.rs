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

/// The answer after a revocation: did it hold?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Held {
    /// Every consumer is proven to work since.
    Held,
    /// Nothing speaks against it, and proof is missing.
    TooEarly,
    /// A consumer used the old version, or failed.
    DidNotHold,
}

impl Held {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::TooEarly => "too_early_to_say",
            Self::DidNotHold => "did_not_hold",
        }
    }
}

impl From<Verdict> for Held {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Ready => Self::Held,
            Verdict::Inconclusive => Self::TooEarly,
            Verdict::NotReady => Self::DidNotHold,
        }
    }
}
