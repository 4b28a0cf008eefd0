/*! The plan as the rest of the program sees it: checked, compiled, with the place of each part in its file. */

use regex::Regex;

use crate::model::columns::Column;
use crate::model::{ClassId, Duration, PathKind, Refresh, Timestamp, Use, VersionState};

/// Where a part of the plan stands, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

/// A plan that holds.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The file, as given.
    pub file: String,
    /// What is rotated.
    pub credential: Credential,
    /// Its versions, in the plan's order; `VersionId` counts them.
    pub versions: Vec<Version>,
    /// How it moves.
    pub rotation: RotationPlan,
    /// Who uses it, in the plan's order; `ClassId` counts them.
    pub consumers: Vec<Consumer>,
    /// How inputs are to be read.
    pub sources: Vec<Source>,
    /// Findings somebody answers for.
    pub waivers: Vec<Waiver>,
    /// The limits of the whole rotation.
    pub limits: Limits,
}

impl Plan {
    /// A place in the plan as `file:line:column`.
    pub fn place(&self, site: Site) -> String {
        format!("{}:{}:{}", self.file, site.line, site.column)
    }

    /// The class of that number.
    pub fn consumer(&self, class: ClassId) -> &Consumer {
        &self.consumers[usize::from(class.0)]
    }

    /// All classes with their numbers.
    pub fn classes(&self) -> impl Iterator<Item = (ClassId, &Consumer)> {
        (0..).map(ClassId).zip(&self.consumers)
    }
}

/// What is rotated.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its name.
    pub name: String,
    /// What it opens.
    pub dependency: Option<String>,
}

/// One version of the credential.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its name.
    pub name: String,
    /// Is it to be revoked, or kept?
    pub state: VersionState,
    /// How records show it.
    pub markers: Vec<Marker>,
    /// Where it stands in the plan.
    pub site: Site,
}

/// A string by which a record shows a version. Compared whole and exactly, as text.
#[derive(Clone, Debug)]
pub enum Marker {
    /// The value itself.
    Literal(String),
    /// The SHA-256 of the value, 64 lower-case hexadecimal digits. A value that is this digest, with or
    /// without `sha256:` before it, matches too.
    Sha256(String),
    /// Values that begin so.
    Prefix(String),
    /// Values that end so.
    Suffix(String),
    /// Values that the expression matches as a whole.
    Regex(Regex),
}

/// How truth moves from one version to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutoverModel {
    /// All at once.
    Atomic,
    /// Both are accepted for a while.
    DualValid,
    /// A stable name whose target changes.
    VersionedAlias,
    /// One class after the other.
    ConsumerByConsumer,
}

impl CutoverModel {
    /// The word in plans and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Atomic => "atomic",
            Self::DualValid => "dual-valid",
            Self::VersionedAlias => "versioned-alias",
            Self::ConsumerByConsumer => "consumer-by-consumer",
        }
    }
}

/// What becomes of work that was queued before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InFlight {
    /// It is to finish.
    Finish,
    /// It may fail.
    Fail,
    /// It is queued again.
    Requeue,
}

impl InFlight {
    /// The word in plans and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Finish => "finish",
            Self::Fail => "fail",
            Self::Requeue => "requeue",
        }
    }
}

/// `[rotation]`.
#[derive(Clone, Debug)]
pub struct RotationPlan {
    /// The cutover models; empty where the plan is silent.
    pub models: Vec<CutoverModel>,
    /// `T0`: when the new version became valid.
    pub introduced: Timestamp,
    /// When the old one is to go.
    pub revoke_target: Option<Timestamp>,
    /// When it went.
    pub revoked: Option<Timestamp>,
    /// No old use may appear in it. Above 0.
    pub window: Duration,
    /// How to go back.
    pub rollback: Option<String>,
    /// Who decides.
    pub decision_owner: Option<String>,
    /// What becomes of work queued before the change.
    pub in_flight: Option<InFlight>,
    /// Texts printed beside the verdict.
    pub required_evidence: Vec<String>,
    /// Where it stands in the plan.
    pub site: Site,
}

/// One consumer class. It has `matches`, or a source that names it, or both.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// Its name.
    pub class: String,
    /// How often and when it runs.
    pub path: PathKind,
    /// Does it authenticate itself?
    pub usage: Use,
    /// Who owns it.
    pub owner: Option<String>,
    /// When it takes a new value.
    pub refresh: Option<Refresh>,
    /// How long a pool, session or cached credential can outlive a change.
    pub session_max: Option<Duration>,
    /// The longest gap between two runs, of a cron expression its longest.
    pub every: Option<Duration>,
    /// How late its records may arrive.
    pub lag: Duration,
    /// Business effects at risk.
    pub effects: Vec<String>,
    /// State made from the credential that outlives a change.
    pub derived: Vec<String>,
    /// Where its successes count; empty: where its baseline worked.
    pub environments: Vec<String>,
    /// Is it somebody's fallback path?
    pub is_fallback: bool,
    /// Does one fresh run on new stand for a whole `every`?
    pub run_settles: bool,
    /// Which records are its: any of these tables.
    pub matches: Vec<MatchTable>,
    /// Which of these count as degraded: any of these tables.
    pub fallback: Vec<MatchTable>,
    /// Is the path switched off?
    pub disabled: bool,
    /// Why.
    pub disabled_reason: Option<String>,
    /// The limits in force for it.
    pub limits: Limits,
    /// Where it stands in the plan.
    pub site: Site,
}

/// One `match` entry: all its keys must hold.
#[derive(Clone, Debug)]
pub struct MatchTable {
    /// Key and the patterns of which any must hold. Never empty.
    pub entries: Vec<(MatchKey, Vec<Pattern>)>,
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchKey {
    /// A column of the evidence table (role `Hint`).
    Column(Column),
    /// A JSON Pointer into the record.
    Pointer(String),
}

/// What it is compared with.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Whole and exactly.
    Literal(String),
    /// Anywhere in the value, unless anchored.
    Regex(Regex),
}

impl Pattern {
    /// Does the value match?
    pub fn matches(&self, value: &str) -> bool {
        match self {
            Self::Literal(literal) => literal == value,
            Self::Regex(regex) => regex.is_match(value),
        }
    }
}

/// `[[source]]`: how the inputs of these paths are to be read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Globs; a relative one matches the end of a path.
    pub paths: Vec<String>,
    /// The profile's name; none: sniffed.
    pub profile: Option<String>,
    /// The zone of stamps without an offset, an IANA name.
    pub timezone: Option<String>,
    /// Every record is this class.
    pub class: Option<ClassId>,
    /// Which records are tries, where no marker says so.
    pub uses: Vec<MatchTable>,
    /// One stream per value of this JSON Pointer.
    pub stream: Option<String>,
    /// A longer silence of a stream is a hole. At least a minute.
    pub max_gap: Option<Duration>,
    /// Words of its outcome field, by the word of the outcome (`success`, `auth_failure`, `denied`,
    /// `failure`, `none`).
    pub outcomes: Vec<(String, crate::model::Outcome)>,
    /// Column (role `Mapped` or `Hint`) and the pointers or CSV columns of which the first present counts.
    pub fields: Vec<(Column, Vec<String>)>,
}

/// `[[waiver]]`.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The rule, a known one that may be waived.
    pub rule: String,
    /// The class it is narrowed to.
    pub class: Option<ClassId>,
    /// The undeclared consumers it is narrowed to: any of these tables, over hint columns.
    pub matches: Vec<MatchTable>,
    /// Who answers for it.
    pub owner: String,
    /// In force while `A` is before it.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
    /// Where it stands in the plan.
    pub site: Site,
}

/// `[limits]`, with RULES' defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// All tests of a run together.
    pub alpha: f64,
    /// How many percentage points more is more.
    pub share_points: f64,
    /// Under so many tries *after* reaches back to the first new success.
    pub min_tries: u64,
    /// Share of a stream's records that may be rejected.
    pub rejected_share: f64,
    /// Share of a class's successes that may show no version.
    pub unversioned_share: f64,
    /// Across streams, times closer than this have no order.
    pub skew: Duration,
    /// An instance without a record for so long is gone.
    pub gone_after: Duration,
    /// May counters stand for a fresh success?
    pub aggregates_prove: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            alpha: 0.01,
            share_points: 5.0,
            min_tries: 30,
            rejected_share: 0.001,
            unversioned_share: 0.05,
            skew: Duration(60_000_000),
            gone_after: Duration::DAY,
            aggregates_prove: false,
        }
    }
}
