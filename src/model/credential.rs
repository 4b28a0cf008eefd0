/*! What a record says about the version of the credential. */

/// The number of a version in the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionId(pub u16);

/// Whether a version is to be revoked. `Unknown` never counts as `New`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// To be revoked.
    Old,
    /// To be kept.
    New,
    /// No version is shown, or one outside the plan, or records contradict each other.
    #[default]
    Unknown,
}

impl State {
    /// All states, in the order of reports.
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

/// Whether a version of the plan is to be revoked or kept. A plan always says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VersionState {
    /// To be revoked.
    Old,
    /// To be kept.
    New,
}

impl VersionState {
    /// Both, in the order of reports.
    pub const ALL: [Self; 2] = [Self::Old, Self::New];

    /// The word in plans and reports.
    pub fn word(self) -> &'static str {
        State::from(self).word()
    }
}

impl From<VersionState> for State {
    fn from(state: VersionState) -> Self {
        match state {
            VersionState::Old => Self::Old,
            VersionState::New => Self::New,
        }
    }
}

/// How the version of a record is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Binding {
    /// The record shows the marker.
    Direct,
    /// Through a logged link: a session key issued from it, a secret version read.
    Derived,
    /// From times alone, which never counts for readiness.
    Inferred,
    /// It is not known.
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

    /// Does it prove a use of the version?
    pub fn proves(self) -> bool {
        match self {
            Self::Direct | Self::Derived => true,
            Self::Inferred | Self::None => false,
        }
    }
}

/// What kind of marker a row shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkerShown {
    /// One of the plan, or an id that is linked to one.
    Plan,
    /// One outside the plan that some consumer showed before the change.
    Foreign,
    /// One outside the plan that no consumer showed before the change.
    Novel,
    /// The row shows no marker.
    #[default]
    None,
}

impl MarkerShown {
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
