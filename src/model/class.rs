/*! Consumer classes: who uses the credential, how, and when they take a new value. */

/// The number of a class in the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub u16);

/// How often and when a class runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathKind {
    /// The main application and high-volume workers.
    #[default]
    Primary,
    /// Scheduled jobs, retries, asynchronous processors.
    Background,
    /// Replay tools, manual scripts, fallbacks: rarely run, urgently needed.
    Exception,
}

impl PathKind {
    /// The word in plans and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Background => "background",
            Self::Exception => "exception",
        }
    }
}

/// Does the class authenticate itself?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// It presents the credential itself.
    #[default]
    Direct,
    /// It depends on a class that does.
    Indirect,
}

impl Use {
    /// The word in plans and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Indirect => "indirect",
        }
    }
}

/// When a class takes a new value of the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refresh {
    /// On every request.
    PerRequest,
    /// On every run of a job.
    PerRun,
    /// When the process starts.
    OnStart,
    /// When the container is launched.
    AtLaunch,
    /// From a cache that outlives requests.
    Cached,
}

impl Refresh {
    /// The word in plans and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::PerRequest => "per-request",
            Self::PerRun => "per-run",
            Self::OnStart => "on-start",
            Self::AtLaunch => "at-launch",
            Self::Cached => "cached",
        }
    }

    /// Does every request or run read the value again, so that none can keep the old one?
    pub fn is_fresh_each_time(self) -> bool {
        match self {
            Self::PerRequest | Self::PerRun => true,
            Self::OnStart | Self::AtLaunch | Self::Cached => false,
        }
    }
}

/// How many classes of the plan match a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClassBasis {
    /// One class matches.
    Matched,
    /// Two or more classes match. The row counts against each of them, and in favour of none.
    Ambiguous,
    /// No class matches.
    #[default]
    None,
}

impl ClassBasis {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Matched, Self::Ambiguous, Self::None];

    /// The word in columns.
    pub fn word(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Ambiguous => "ambiguous",
            Self::None => "none",
        }
    }
}
