/*! What a record shows: its layer, its kind and the outcome. */

/// Whether a record shows what should be, what is loaded, or what happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The version that should be used.
    Configuration,
    /// The version that a process loaded.
    Runtime,
    /// The version that was used.
    #[default]
    Behavior,
}

impl Layer {
    /// All layers, in the order of reports.
    pub const ALL: [Self; 3] = [Self::Configuration, Self::Runtime, Self::Behavior];

    /// The word in columns and profiles.
    pub fn word(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Runtime => "runtime",
            Self::Behavior => "behavior",
        }
    }
}

/// What happened, according to the record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An attempt that presents a credential.
    #[default]
    Auth,
    /// An attempt at work, without a credential in the record.
    Work,
    /// The credential was listed, described, or passed over for another one: not a use.
    Lookup,
    /// A record of a job that attempted nothing.
    Job,
    /// A process started.
    Start,
    /// A process stopped.
    Stop,
    /// A session or connection is open.
    Open,
    /// A session or connection ended.
    Close,
    /// A process read the credential again, or somebody was handed it.
    Refresh,
    /// A configuration names the version that should be used.
    Declare,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::Auth,
        Self::Work,
        Self::Lookup,
        Self::Job,
        Self::Start,
        Self::Stop,
        Self::Open,
        Self::Close,
        Self::Refresh,
        Self::Declare,
    ];

    /// The word in columns and profiles.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Work => "work",
            Self::Lookup => "lookup",
            Self::Job => "job",
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Open => "open",
            Self::Close => "close",
            Self::Refresh => "refresh",
            Self::Declare => "declare",
        }
    }

    /// Does a row of this kind count as an attempt?
    pub fn is_try(self) -> bool {
        match self {
            Self::Auth | Self::Work => true,
            Self::Lookup
            | Self::Job
            | Self::Start
            | Self::Stop
            | Self::Open
            | Self::Close
            | Self::Refresh
            | Self::Declare => false,
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The work was done.
    Success,
    /// The credential was refused.
    AuthFailure,
    /// The credential was accepted but the action not permitted, which is still a use.
    Denied,
    /// It failed for another reason.
    Failure,
    /// The record states a fact, and nothing was attempted.
    #[default]
    None,
}

impl Outcome {
    /// All outcomes, in the order of reports.
    pub const ALL: [Self; 5] =
        [Self::Success, Self::AuthFailure, Self::Denied, Self::Failure, Self::None];

    /// The word in columns and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::AuthFailure => "auth_failure",
            Self::Denied => "denied",
            Self::Failure => "failure",
            Self::None => "none",
        }
    }
}

/// When a row of evidence gets its final kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settle {
    /// At once: its kind does not depend on other records.
    Sure,
    /// When all inputs are read: an attempt if other records of its source and action carry markers of the plan,
    /// otherwise of the given kind, or irrelevant.
    IfCarried(Option<Kind>),
    /// When all inputs are read: an attempt if a link ties its marker to a version of the plan, otherwise of the given
    /// kind, or irrelevant.
    IfDerived(Option<Kind>),
}

/// A source may write a number of occurrences as a fraction. It is rounded up, since part of an occurrence is one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive number; one beyond 2^64 becomes that"
)]
pub fn whole_count(value: f64) -> u64 {
    value.ceil() as u64
}

/// What the number of a sample says about its series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SampleRole {
    /// It is the total.
    #[default]
    Total,
    /// It grows with the total and is a part of it or of what it weighs: a bucket, a sum.
    Part,
    /// It is the time at which the count began, in seconds since 1970.
    Began,
}
