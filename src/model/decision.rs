/*! The decision: everything that a report says, before a format words it. */

use std::borrow::Cow;

use super::class::PathKind;
use super::course::Course;
use super::coverage::Tally;
use super::cutover::ModelView;
use super::facts::Input;
use super::finding::{Cite, Finding, Waived};
use super::ledger::LedgerRow;
use super::next::{ChecklistItem, ContainmentStep, MissingProof};
use super::time::{Duration, Span, Timestamp};

pub use super::verdict::{Held, Verdict};

/// When the report is made, relative to the introduction and the revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Before the new version is introduced. The verdict is never ready.
    Planned,
    /// Before the old version is revoked.
    PreRevocation,
    /// After the revocation. `ready` means that nothing broke.
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

/// What the plan says about the rotation, for printing.
#[derive(Clone, Debug, Default)]
pub struct RotationView {
    /// The name of the credential.
    pub credential: String,
    /// What it opens.
    pub dependency: Option<String>,
    /// The names of the old versions.
    pub old: Vec<String>,
    /// The names of the new versions.
    pub new: Vec<String>,
    /// How consumers change over to the new version.
    pub model: Vec<&'static str>,
    /// When the new version became valid.
    pub introduced: Timestamp,
    /// When the old version is to be revoked.
    pub revoke_target: Option<Timestamp>,
    /// When the old version was revoked.
    pub revoked: Option<Timestamp>,
    /// How to roll back.
    pub rollback: Option<String>,
    /// Who decides on the revocation.
    pub decision_owner: Option<String>,
    /// What happens to work that was queued before the change.
    pub in_flight: Option<&'static str>,
    /// Further evidence that the plan asks for. It is printed next to the verdict and does not change it.
    pub required_evidence: Vec<String>,
    /// The plan's limits, by name.
    pub limits: Vec<(&'static str, LimitValue)>,
    /// SHA-256 of the plan's text, in hexadecimal.
    pub plan_sha256: Option<String>,
    /// Names of the plan that are shown as they are, whatever they look like.
    pub own_words: Vec<String>,
    /// The other terms of the plan on which the decision rests.
    pub terms: Vec<PlanTerm>,
}

/// A term of the plan on which decisions rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanTerm {
    /// What it is a term of: a consumer, `version v1`, `source logs/*`.
    pub of: String,
    /// Its key in the plan.
    pub term: String,
    /// Its value, or a digest that tells it from others.
    pub value: String,
}

/// The value of a limit.
#[derive(Clone, Debug, PartialEq)]
pub enum LimitValue {
    /// A share, or a level of significance.
    Number(f64),
    /// A number of things.
    Count(u64),
    /// A length of time, as printed.
    Length(String),
    /// Something that is on or off.
    Flag(bool),
}

/// A waiver of the plan and its effect.
#[derive(Clone, Debug)]
pub struct WaiverView {
    /// The rule it names.
    pub rule: String,
    /// The class that it is limited to.
    pub class: Option<String>,
    /// Its owner, end and reason.
    pub by: Waived,
    /// Does it end after the report's time?
    pub in_force: bool,
    /// The findings that it waives, as positions in the decision's list.
    pub findings: Vec<usize>,
}

/// An undeclared consumer as the report shows it.
#[derive(Clone, Debug)]
pub struct UndeclaredView {
    /// Column and value of each hint.
    pub hints: Vec<(&'static str, String)>,
    /// The number of uses.
    pub events: u64,
    /// The time of the first use.
    pub first: Timestamp,
    /// The time of the last use.
    pub last: Timestamp,
    /// The number of different instances.
    pub instances: u64,
    /// The number of different hours of the clock.
    pub hours: u64,
    /// An estimate of the longest gap between two runs.
    pub cadence: Option<Duration>,
    /// A `match` line to paste into the plan.
    pub match_line: String,
}

/// A stream as the report shows it.
#[derive(Clone, Debug)]
pub struct CoverageView {
    /// The name of the stream.
    pub stream: String,
    /// From its first record to its last.
    pub span: Option<Span>,
    /// The intervals in which it did not record.
    pub holes: Vec<Span>,
    /// The names of the classes that it carries.
    pub classes: Vec<String>,
}

/// When the old version may be revoked at the earliest, and which class decides that.
#[derive(Clone, Debug)]
pub struct Earliest {
    /// The time; `None` if waiting alone does not help.
    pub time: Option<Timestamp>,
    /// The class that needs to wait longest.
    pub binding_class: Option<String>,
    /// The reason, in a sentence.
    pub because: String,
}

/// Somebody who stands in the way of a revocation, for readers of one screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urgent {
    /// The consumer, or what stands for one.
    pub name: String,
    /// How often and when it runs; of a consumer that the plan declares.
    pub path: Option<PathKind>,
    /// Is there proof against it, and not only proof missing?
    pub blocks: bool,
    /// The one fact to know.
    pub fact: String,
    /// The one thing to do.
    pub step: String,
    /// A line of a plan to paste.
    pub paste: Option<String>,
    /// The finding that says so, as a position in the decision's list.
    pub finding: usize,
}

/// The whole report, as a value.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What the plan says about the rotation.
    pub rotation: RotationView,
    /// The declared ways of cutting over, and whether the records fit them.
    pub models: Vec<ModelView>,
    /// When the report is made, relative to the revocation.
    pub mode: Mode,
    /// The time for which the report is made.
    pub as_of: Timestamp,
    /// The time that must be free of old use.
    pub window: Span,
    /// May the old version be revoked?
    pub verdict: Verdict,
    /// The verdict with its main reason, in one sentence.
    pub summary: String,
    /// Who stands in the way, the most urgent first.
    pub urgent: Vec<Urgent>,
    /// The earliest revocation; `None` until it is derived.
    pub earliest: Option<Earliest>,
    /// One row for each class, in the plan's order.
    pub classes: Vec<LedgerRow>,
    /// The shortest list of actions after which the verdict is ready.
    pub missing: Vec<MissingProof>,
    /// The checklist before a revocation, with an answer to each item.
    pub checklist: Vec<ChecklistItem>,
    /// What to stop while consumers are on different versions.
    pub containment: Vec<ContainmentStep>,
    /// What happened, in order of time.
    pub course: Course,
    /// The rules that fired, by severity, rule and class.
    pub findings: Vec<Finding>,
    /// The waivers of the plan, in force or not.
    pub waivers: Vec<WaiverView>,
    /// Consumers that no class matches.
    pub undeclared: Vec<UndeclaredView>,
    /// When each stream recorded.
    pub coverage: Vec<CoverageView>,
    /// The fates of records, summed over all inputs.
    pub accounting: Tally,
    /// The inputs, in the order of `InputId`.
    pub inputs: Vec<Input>,
}

impl Decision {
    /// Everything that the report cites, in the order in which it is first mentioned: the ledger's instants, the
    /// findings' citations, the checklist, the course, the holders.
    pub fn cited(&self) -> impl Iterator<Item = Cow<'_, Cite>> {
        let of_classes = self.classes.iter().flat_map(|row| {
            let named = [row.last_old_use, row.first_new_success, row.last_new_success];
            named.into_iter().chain(row.layers.iter().map(|layer| layer.last)).flatten()
        });
        let of_findings = self.findings.iter().flat_map(|finding| finding.cites.cited());
        let of_checklist = self.checklist.iter().flat_map(|item| item.because.iter().copied());
        let course = &self.course;
        let of_broken = course.broken.iter().flat_map(|broken| {
            let last = broken.recovered;
            [Some(broken.sign), Some(broken.first), Some(broken.last), last].into_iter().flatten()
        });
        let of_course = (course.timeline.iter().filter_map(|milestone| milestone.at))
            .chain(course.watch.iter().filter_map(|watch| watch.at))
            .chain(of_broken);
        let of_proofs = self
            .classes
            .iter()
            .flat_map(|row| row.why_ready.iter().flat_map(|why| why.rows.iter().copied()));
        let of_holders = self.classes.iter().flat_map(|row| &row.holders);
        let of_holders = of_holders.flat_map(|holder| holder.cited.iter().copied());
        let row = |at| Cow::Owned(Cite::Row(at));
        (of_classes.map(row))
            .chain(of_findings.map(Cow::Borrowed))
            .chain(of_checklist.chain(of_course).chain(of_proofs).chain(of_holders).map(row))
    }
}

/// What a cited row of evidence says.
#[derive(Clone, Debug, PartialEq)]
pub struct Quoted {
    /// Where its record is.
    pub place: super::place::Place,
    /// When it happened.
    pub time: Timestamp,
    /// Class, version, outcome and action in words. Each sink must still escape it.
    pub says: String,
}

/// The cited rows, by their number in the evidence table.
#[derive(Clone, Debug, Default)]
pub struct Quotes(pub std::collections::BTreeMap<u64, Quoted>);
