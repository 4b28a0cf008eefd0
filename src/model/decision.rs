/*! The decision: everything a report says, before any wording by format. */

use std::borrow::Cow;

use super::course::Course;
use super::coverage::Tally;
use super::facts::Input;
use super::finding::{Cite, Finding, Waived};
use super::ledger::LedgerRow;
use super::next::{ChecklistItem, ContainmentStep, MissingProof};
use super::time::{Duration, Span, Timestamp};

pub use super::verdict::Verdict;

/// From which side of the revocation the report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Before the new version is introduced: never ready.
    Planned,
    /// Before revocation.
    PreRevocation,
    /// After it: `ready` then means that it held.
    Postmortem,
}

impl Mode {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::PreRevocation => "pre_revocation",
            Self::Postmortem => "postmortem",
        }
    }
}

/// What the plan says of the rotation, for printing.
#[derive(Clone, Debug, Default)]
pub struct RotationView {
    /// The credential's name.
    pub credential: String,
    /// What it opens.
    pub dependency: Option<String>,
    /// Names of old versions.
    pub old: Vec<String>,
    /// Names of new versions.
    pub new: Vec<String>,
    /// The cutover models.
    pub model: Vec<&'static str>,
    /// When the new version became valid.
    pub introduced: Timestamp,
    /// When the old one is to go.
    pub revoke_target: Option<Timestamp>,
    /// When it went.
    pub revoked: Option<Timestamp>,
    /// How to go back.
    pub rollback: Option<String>,
    /// Who decides.
    pub decision_owner: Option<String>,
    /// What becomes of work queued before the change.
    pub in_flight: Option<&'static str>,
    /// Texts printed beside the verdict; they decide nothing.
    pub required_evidence: Vec<String>,
    /// The plan's limits as name and value.
    pub limits: Vec<(&'static str, LimitValue)>,
}

/// A value of the plan's limits.
#[derive(Clone, Debug, PartialEq)]
pub enum LimitValue {
    /// A share or a level.
    Number(f64),
    /// A count.
    Count(u64),
    /// A length of time, as printed.
    Length(String),
    /// A switch.
    Flag(bool),
}

/// A waiver of the plan and what it did.
#[derive(Clone, Debug)]
pub struct WaiverView {
    /// The rule it names.
    pub rule: String,
    /// The class it is narrowed to.
    pub class: Option<String>,
    /// Owner, end and reason.
    pub by: Waived,
    /// Is `A` before its end?
    pub in_force: bool,
    /// Findings it took out, as positions in the decision's list.
    pub findings: Vec<usize>,
}

/// An undeclared consumer as the report shows it.
#[derive(Clone, Debug)]
pub struct UndeclaredView {
    /// Column and value of each hint.
    pub hints: Vec<(&'static str, String)>,
    /// Occurrences.
    pub events: u64,
    /// The first.
    pub first: Timestamp,
    /// The last.
    pub last: Timestamp,
    /// Different instances.
    pub instances: u64,
    /// Different hours.
    pub hours: u64,
    /// A guess at the longest gap between two runs.
    pub cadence: Option<Duration>,
    /// A match line to paste into the plan.
    pub match_line: String,
}

/// A stream as the report shows it.
#[derive(Clone, Debug)]
pub struct CoverageView {
    /// Its name.
    pub stream: String,
    /// From its first record to its last.
    pub span: Option<Span>,
    /// Where it did not record.
    pub holes: Vec<Span>,
    /// The classes it carries.
    pub classes: Vec<String>,
}

/// When the old version may go at the earliest, and which class decides that.
#[derive(Clone, Debug)]
pub struct Earliest {
    /// The instant; none where waiting alone does not help.
    pub time: Option<Timestamp>,
    /// The class that binds.
    pub binding_class: Option<String>,
    /// Why.
    pub because: String,
}

/// The whole report as a value.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The plan's words.
    pub rotation: RotationView,
    /// From which side it looks.
    pub mode: Mode,
    /// The instant it speaks of.
    pub as_of: Timestamp,
    /// No old use may appear in it.
    pub window: Span,
    /// May the old version be revoked?
    pub verdict: Verdict,
    /// One sentence.
    pub summary: String,
    /// When at the earliest, once that is worked out.
    pub earliest: Option<Earliest>,
    /// One row a class, in the plan's order.
    pub classes: Vec<LedgerRow>,
    /// The shortest list of actions after which nothing keeps the verdict from ready.
    pub missing: Vec<MissingProof>,
    /// What is to be done before a revocation, and is or is not.
    pub checklist: Vec<ChecklistItem>,
    /// What to hold still where classes stand on different truths.
    pub containment: Vec<ContainmentStep>,
    /// What happened when.
    pub course: Course,
    /// What fired, by severity, rule and class.
    pub findings: Vec<Finding>,
    /// The plan's waivers.
    pub waivers: Vec<WaiverView>,
    /// Consumers that no class matches.
    pub undeclared: Vec<UndeclaredView>,
    /// The streams.
    pub coverage: Vec<CoverageView>,
    /// The sums over all inputs.
    pub accounting: Tally,
    /// The inputs.
    pub inputs: Vec<Input>,
}

impl Decision {
    /// All that the report cites, in the order in which it is first mentioned: the ledger's instants, the findings'
    /// citations, the checklist, the course.
    pub fn cited(&self) -> impl Iterator<Item = Cow<'_, Cite>> {
        let of_classes = self.classes.iter().flat_map(|row| {
            let named = [row.last_old_use, row.first_new_success, row.last_new_success];
            named.into_iter().chain(row.layers.iter().map(|layer| layer.last)).flatten()
        });
        let of_findings = self.findings.iter().flat_map(|finding| finding.cites.cited());
        let of_checklist = self.checklist.iter().flat_map(|item| item.because.iter().copied());
        let course = &self.course;
        let of_broken = course.broken.iter().flat_map(|one| {
            [Some(one.sign), Some(one.first), Some(one.last), one.recovered].into_iter().flatten()
        });
        let of_course = (course.timeline.iter().filter_map(|one| one.at))
            .chain(course.watch.iter().filter_map(|one| one.at))
            .chain(of_broken);
        let row = |at| Cow::Owned(Cite::Row(at));
        (of_classes.map(row))
            .chain(of_findings.map(Cow::Borrowed))
            .chain(of_checklist.chain(of_course).map(row))
    }
}

/// What a cited row of evidence says.
#[derive(Clone, Debug, PartialEq)]
pub struct Quoted {
    /// Where its record stands.
    pub place: super::place::Place,
    /// When it happened.
    pub time: Timestamp,
    /// Class, version, outcome and action in words, not yet escaped for any sink.
    pub says: String,
}

/// The cited rows, by their number in the evidence table.
#[derive(Clone, Debug, Default)]
pub struct Quotes(pub std::collections::BTreeMap<u64, Quoted>);
