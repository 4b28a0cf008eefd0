/*! A finding: one rule that fired, for one class or for the rotation. It cannot be built without a citation. */

use std::fmt;

use super::class::ClassId;
use super::place::{At, Place};
use super::time::Timestamp;

/// The name of a rule in kebab-case. Only the file of a rule makes one: elsewhere it is read from the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// The code of that name.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The word in reports.
    pub fn word(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

/// What a finding does to the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Proof against: `not_ready`.
    Blocks,
    /// Proof missing: `inconclusive`.
    Withholds,
    /// Good to know.
    Advises,
}

impl Severity {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Blocks => "blocks",
            Self::Withholds => "withholds",
            Self::Advises => "advises",
        }
    }
}

/// How a waiver may take findings out of the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waivable {
    /// Not at all.
    Never,
    /// All of them, or those of one class.
    ByClass,
    /// All of them, or those whose hints the `match` of the waiver fits: they have no class.
    ByMatch,
    /// Only those whose hints the `match` of the waiver fits.
    ByMatchOnly,
}

impl Waivable {
    /// May any waiver name the rule?
    pub fn is_waivable(self) -> bool {
        self != Self::Never
    }
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cite {
    /// A row of the evidence table.
    Row(At),
    /// A record that is not evidence: a reject, a damaged place, an unmapped marker.
    Record {
        /// Where it stands.
        place: Place,
        /// Its time, or that of its nearest dated neighbour.
        time: Option<Timestamp>,
        /// What is there to see.
        says: String,
    },
}

/// What to open to check a claim. Never empty by construction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cites {
    rows: Vec<Cite>,
    searched: Vec<String>,
    plan: Option<String>,
}

/// How many citations a finding keeps: the first, the last and the 8 earliest more.
pub const CITES_MAX: usize = 10;

impl Cites {
    /// A claim that stands on rows of evidence: the first, and more.
    pub fn rows(first: At, rest: impl IntoIterator<Item = At>) -> Self {
        let mut all: Vec<At> = std::iter::once(first).chain(rest).collect();
        all.sort_by_key(|at| (at.earliest(), at.row));
        all.dedup_by_key(|at| at.row);
        shorten(&mut all);
        Self { rows: all.into_iter().map(Cite::Row).collect(), ..Self::default() }
    }

    /// A claim that stands on records outside the evidence table.
    pub fn records(first: Cite, rest: impl IntoIterator<Item = Cite>) -> Self {
        let mut rows: Vec<Cite> = std::iter::once(first).chain(rest).collect();
        shorten(&mut rows);
        Self { rows, ..Self::default() }
    }

    /// A claim of silence: the streams, or inputs, that were read.
    ///
    /// # Panics
    /// If nothing was read: a run without inputs gives no report.
    pub fn silence(searched: Vec<String>) -> Self {
        assert!(!searched.is_empty(), "a claim of silence names what was read");
        Self { searched, ..Self::default() }
    }

    /// A claim about the plan: `file:line:column`.
    pub fn plan(site: String) -> Self {
        Self { plan: Some(site), ..Self::default() }
    }

    /// Adds rows of evidence to a claim that has another citation already.
    #[must_use]
    pub fn and_rows(mut self, rows: impl IntoIterator<Item = At>) -> Self {
        let mut rows = rows.into_iter();
        if let Some(first) = rows.next() {
            self.rows.extend(Self::rows(first, rows).rows);
        }
        self
    }

    /// Adds the place in the plan.
    #[must_use]
    pub fn and_plan(mut self, site: String) -> Self {
        self.plan = Some(site);
        self
    }

    /// Rows and records, in order of time.
    pub fn cited(&self) -> &[Cite] {
        &self.rows
    }

    /// The streams or inputs read, of a claim of silence.
    pub fn searched(&self) -> &[String] {
        &self.searched
    }

    /// The place in the plan.
    pub fn plan_site(&self) -> Option<&str> {
        self.plan.as_deref()
    }
}

/// Leaves the first, the last and the 8 earliest more.
fn shorten<T>(all: &mut Vec<T>) {
    if all.len() > CITES_MAX {
        all.drain(CITES_MAX - 1..all.len() - 1);
    }
}

/// What a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Uses of the credential, whatever came of them.
    Attempt,
    /// Attempts that worked.
    Success,
    /// Records, of which nobody knows whether they are attempts.
    Record,
    /// Jobs of a queue.
    Job,
}

/// The counts a finding rests on: `n` of `of`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Numbers {
    /// How many the finding is about.
    pub n: u64,
    /// How many there are of that kind.
    pub of: u64,
    /// What is counted.
    pub unit: Unit,
    /// The one-sided p value, if a test was made.
    pub p: Option<f64>,
}

/// Who waived a finding, until when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// The owner of the decision.
    pub owner: String,
    /// When it ends.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
}

/// One rule that fired.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The code of the rule.
    pub rule: Code,
    /// What it does to the verdict.
    pub severity: Severity,
    /// The class, or none for the rotation.
    pub class: Option<ClassId>,
    /// One sentence.
    pub summary: String,
    /// What to do.
    pub remedy: String,
    /// What to open to check it.
    pub cites: Cites,
    /// How many rows or records the claim stands on.
    pub total: u64,
    /// The counts behind it.
    pub numbers: Option<Numbers>,
    /// Hints of the undeclared consumer that it names.
    pub hints: Vec<(&'static str, std::sync::Arc<str>)>,
    /// How a waiver may take it out: as its rule says, or never.
    pub waivable: Waivable,
    /// Who did.
    pub waived: Option<Waived>,
}

impl Finding {
    /// Does it keep the verdict from ready?
    pub fn is_open(&self) -> bool {
        self.waived.is_none() && self.severity != Severity::Advises
    }
}
