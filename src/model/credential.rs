/*! What a record says about the version of the credential. */

/// The number of a version in the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionId(pub u16);

/// On which truth a version stands. `Unknown` is never `New`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// To be revoked.
    Old,
    /// To stay.
    New,
    /// Not shown, foreign, or in contradiction.
    #[default]
    Unknown,
}

impl State {
    /// All states in the order of reports.
    pub const ALL: [Self; 3] = [Self::Old, Self::New, Self::Unknown];

    /// The word in columns and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
            Self::Unknown => "unknown",
        }
    }
}

/// How a record is tied to its version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Binding {
    /// The record shows the marker.
    Direct,
    /// Through a logged link: a session key issued from it, a secret version read.
    Derived,
    /// From times alone; never counts for readiness.
    Inferred,
    /// Not at all.
    #[default]
    None,
}

impl Binding {
    /// The word in columns and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Derived => "derived",
            Self::Inferred => "inferred",
            Self::None => "none",
        }
    }

    /// May a claim about old or new use stand on it?
    pub fn proves(self) -> bool {
        match self {
            Self::Direct | Self::Derived => true,
            Self::Inferred | Self::None => false,
        }
    }
}

/// Which kind of marker a row shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shown {
    /// One of the plan, or an id tied to one.
    Plan,
    /// One outside the plan that some class showed before the change.
    Foreign,
    /// One outside the plan that no class showed before the change.
    Novel,
    /// None.
    #[default]
    None,
}

impl Shown {
    /// The word in query results.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Foreign => "foreign",
            Self::Novel => "novel",
            Self::None => "none",
        }
    }
}
