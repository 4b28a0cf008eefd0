/*! The plan as the rest of the program sees it: checked and compiled, with the place of each part in its file. */

use regex::Regex;

use super::spelling::SerialNumber;
use crate::model::columns::Column;
use crate::model::{
    ClassId, Duration, NonEmpty, Outcome, PathKind, Refresh, Timestamp, Use, VersionState,
};

/// Where a part of the plan stands. Lines and columns count from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// The line of the file.
    pub line: u32,
    /// The column in characters, not bytes.
    pub column: u32,
}

/// A plan without mistakes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The file as the user gave it.
    pub file: String,
    /// SHA-256 of its text, in hexadecimal; `None` for a plan that was made without one.
    pub sha256: Option<String>,
    /// The credential that is rotated.
    pub credential: Credential,
    /// The versions in the plan's order; `VersionId` counts them.
    pub versions: Vec<Version>,
    /// How consumers move to the new version, and what was promised.
    pub rotation: RotationPlan,
    /// Who uses the credential, in the plan's order; `ClassId` counts them.
    pub consumers: Vec<Consumer>,
    /// How to read some of the inputs.
    pub sources: Vec<PlanSource>,
    /// Findings that somebody answers for.
    pub waivers: Vec<Waiver>,
    /// The thresholds of the whole rotation.
    pub limits: JudgementLimits,
}

impl Plan {
    /// Writes a place in the plan as `file:line:column`.
    pub fn place(&self, site: Site) -> String {
        format!("{}:{}:{}", self.file, site.line, site.column)
    }

    /// The consumer with this number.
    pub fn consumer(&self, class: ClassId) -> &Consumer {
        &self.consumers[usize::from(class.0)]
    }

    /// All consumers with their numbers.
    pub fn classes(&self) -> impl Iterator<Item = (ClassId, &Consumer)> {
        (0..).map(ClassId).zip(&self.consumers)
    }
}

/// The credential that is rotated.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The name that reports use.
    pub name: String,
    /// What it gives access to.
    pub dependency: Option<String>,
}

/// One version of the credential.
#[derive(Clone, Debug)]
pub struct Version {
    /// The name that reports use.
    pub name: String,
    /// Whether it is to be revoked or kept.
    pub state: VersionState,
    /// What shows the version in records.
    pub markers: Vec<Marker>,
    /// Where it stands in the plan.
    pub site: Site,
}

/// A string by which a record shows a version. Compared whole and exactly, as text, without what is no part of a value.
#[derive(Clone, Debug)]
pub enum Marker {
    /// The value itself.
    Literal(String),
    /// The SHA-256 of the value, in 64 lower-case hexadecimal digits. A value that is this digest itself, with or
    /// without `sha256:` before it, matches too.
    Sha256(String),
    /// Values that begin with this.
    Prefix(String),
    /// Values that end with this.
    Suffix(String),
    /// Serial numbers of certificates, compared as numbers.
    Serial(SerialNumber),
    /// Values that the expression matches as a whole.
    Regex(Regex),
}

/// How consumers move from one version to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutoverModel {
    /// All of them at once.
    Atomic,
    /// Both versions are accepted for a while.
    DualValid,
    /// A stable name whose target changes.
    VersionedAlias,
    /// One consumer after the other.
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

/// What happens to work that was queued before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InFlight {
    /// It must finish.
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
    /// The ways in which consumers move; empty if the plan does not say.
    pub models: Vec<CutoverModel>,
    /// `T0`: when the new version became valid.
    pub introduced: Timestamp,
    /// When the old version is planned to be revoked.
    pub revoke_target: Option<Timestamp>,
    /// When the old version was revoked.
    pub revoked: Option<Timestamp>,
    /// How long before the decision the old version must not have been used. Above 0.
    pub window: Duration,
    /// An unnamed consumer that uses the old version at least this often is to be excluded.
    pub slowest: Option<Duration>,
    /// How to return to the old version.
    pub rollback: Option<String>,
    /// Who decides about the revocation.
    pub decision_owner: Option<String>,
    /// What happens to work that was queued before the change.
    pub in_flight: Option<InFlight>,
    /// Texts that are printed with the verdict.
    pub required_evidence: Vec<String>,
    /// Where it stands in the plan.
    pub site: Site,
}

/// A consumer. It has `matches`, or a source names it, or both.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// The name that reports and waivers use.
    pub class: String,
    /// How often and when it runs.
    pub path: PathKind,
    /// Whether it authenticates itself.
    pub usage: Use,
    /// The team that owns it.
    pub owner: Option<String>,
    /// When it picks up a new value of the credential.
    pub refresh: Option<Refresh>,
    /// How long a pool, session or cached credential can outlive a change.
    pub session_max: Option<Duration>,
    /// An unnamed member that uses the old version at least this often is to be excluded.
    pub slowest: Option<Duration>,
    /// The longest gap between two runs. Of a cron expression, this is its longest gap.
    pub every: Option<Duration>,
    /// How late its records may arrive.
    pub lag: Duration,
    /// Business effects that are at risk if it fails.
    pub effects: Vec<String>,
    /// State made from the credential that outlives a change.
    pub derived: Vec<String>,
    /// Where its successes count. If empty: where it worked before the new version.
    pub environments: Vec<String>,
    /// Whether it is the fallback of another consumer.
    pub is_fallback: bool,
    /// Whether one fresh run on the new version may stand for a whole `every`.
    pub run_settles: bool,
    /// Records that any of these tables matches belong to it.
    pub matches: Vec<MatchTable>,
    /// Those of its records that any of these tables matches went through a fallback.
    pub fallback: Vec<MatchTable>,
    /// Whether it is switched off.
    pub disabled: bool,
    /// Why it is switched off.
    pub disabled_reason: Option<String>,
    /// The thresholds in force for it: its own, or those of the rotation.
    pub limits: JudgementLimits,
    /// Where it stands in the plan.
    pub site: Site,
}

/// A table of `match`: a record must match all of its entries.
#[derive(Clone, Debug)]
pub struct MatchTable {
    /// A key, and the patterns of which at least one must match. A table without entries would match every record.
    pub entries: NonEmpty<(MatchKey, Vec<Pattern>)>,
}

/// The value of a record that is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchKey {
    /// A column of the evidence table (role `Hint`).
    Column(Column),
    /// A JSON Pointer into the record.
    Pointer(String),
}

/// What a value is compared with.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// The whole value, exactly.
    Literal(String),
    /// Matches anywhere in the value, unless it is anchored.
    Regex(Regex),
}

impl Pattern {
    /// Whether the value matches.
    pub fn matches(&self, value: &str) -> bool {
        match self {
            Self::Literal(literal) => literal == value,
            Self::Regex(regex) => regex.is_match(value),
        }
    }
}

/// What stands before the expression whose group is a part of the file's path: `@path:/hosts\/([^\/]+)\//`.
pub const OF_PATH: &str = "@path:";

/// `[[source]]`: how to read the inputs of some paths.
#[derive(Clone, Debug)]
pub struct PlanSource {
    /// Patterns of paths. A relative one matches the end of a path.
    pub paths: Vec<String>,
    /// The name of the profile. If `None`, the content decides.
    pub profile: Option<String>,
    /// The IANA name of the time zone of timestamps without an offset.
    pub timezone: Option<String>,
    /// The consumer to which all records belong.
    pub class: Option<ClassId>,
    /// Records without a marker that any of these tables matches are attempts.
    pub uses: Vec<MatchTable>,
    /// JSON Pointers. Each of their values, joined, is a log source of its own.
    pub stream: Vec<String>,
    /// A longer silence of a log source is a gap in the log. At least a minute.
    pub max_gap: Option<Duration>,
    /// Words of the outcome field with their meaning.
    pub outcomes: Vec<(String, Outcome)>,
    /// A column (of role `Mapped` or `Hint`), and the JSON Pointers or CSV columns of which the first that is present
    /// counts.
    pub fields: Vec<(Column, Vec<String>)>,
    /// JSON Pointers to text that only mentions markers.
    pub ignore: Vec<String>,
}

/// `[[waiver]]`: findings that somebody answers for.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The code of a rule that may be waived.
    pub rule: String,
    /// The only consumer for which it holds.
    pub class: Option<ClassId>,
    /// The only undeclared consumers for which it holds: those that any of these tables matches by hint columns.
    pub matches: Vec<MatchTable>,
    /// The person or team that answers for it.
    pub owner: String,
    /// It holds for reports as of a time before this.
    pub until: Timestamp,
    /// Why the finding may stand until then.
    pub reason: String,
    /// Where it stands in the plan.
    pub site: Site,
}

/// `[limits]`: the thresholds of the rules. The caps of the program are in `crate::limits`.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgementLimits {
    /// The significance level of all tests of a run together.
    pub alpha: f64,
    /// By how many percentage points a share must have grown.
    pub share_points: f64,
    /// With fewer attempts than this, *after* reaches back to the first success on the new version.
    pub min_tries: u64,
    /// The share of a log source's records that may be rejected.
    pub rejected_share: f64,
    /// The share of a consumer's successes that may show no version.
    pub unversioned_share: f64,
    /// Times of two log sources that are closer than this have no order.
    pub skew: Duration,
    /// An instance without a record for this long is gone.
    pub gone_after: Duration,
    /// Whether counters may stand for a fresh success.
    pub aggregates_prove: bool,
}

impl Default for JudgementLimits {
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
