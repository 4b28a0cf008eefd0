/*! A finding: one rule that fired, for one class or for the rotation. It cannot be built without a citation. */

use std::fmt;

use super::class::ClassId;
use super::noticed::{DatedPlace, Noticed};
use super::place::{At, Place};
use super::time::Timestamp;

/// The name of a rule in kebab-case. Only the file of a rule makes one: elsewhere it is read from the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// Makes the code of a rule; `name` is kebab-case.
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
    /// A consumer would fail or already does: `not_ready`.
    Blocks,
    /// Evidence is missing: `inconclusive`.
    Withholds,
    /// It changes no verdict.
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

/// Which findings of a rule a waiver may exclude from the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waivable {
    /// None.
    Never,
    /// All of them, or those of one class.
    ByClass,
    /// All of them, or those whose hints fit the `match` of the waiver.
    ByMatch,
    /// All of them, those of one class, or those whose hints fit the `match` of the waiver.
    ByClassOrMatch,
    /// Only those whose hints fit the `match` of the waiver.
    ByMatchOnly,
}

impl Waivable {
    /// May any waiver name the rule?
    pub fn is_waivable(self) -> bool {
        self != Self::Never
    }
}

/// A row or a record to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cite {
    /// A row of the evidence table.
    Row(At),
    /// A record that is not evidence: a reject, a damaged place, an unmapped marker.
    Record {
        /// Where it is in its input.
        place: Place,
        /// Its time, or the time of the nearest dated record.
        time: Option<Timestamp>,
        /// What the reader will see there.
        says: String,
    },
}

impl Cite {
    /// A record outside the evidence table, and what the reader will see there.
    pub fn dated((time, place): DatedPlace, says: &str) -> Self {
        Self::Record { place, time: Some(time), says: says.to_owned() }
    }
}

/// What to open to check a claim. The constructors leave no way to make an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cites {
    rows: Vec<Cite>,
    searched: Vec<String>,
    plan: Option<String>,
}

/// The most citations that a finding keeps: the first, the last, and the 8 that follow the first.
pub const CITES_MAX: usize = 10;

impl Cites {
    /// A claim that rests on rows of evidence, of which there is at least one.
    pub fn rows(first: At, rest: impl IntoIterator<Item = At>) -> Self {
        let mut rows: Vec<At> = std::iter::once(first).chain(rest).collect();
        rows.sort_by_key(|at| (at.earliest(), at.row));
        rows.dedup_by_key(|at| at.row);
        shorten(&mut rows);
        Self { rows: rows.into_iter().map(Cite::Row).collect(), ..Self::default() }
    }

    /// A claim that rests on records outside the evidence table.
    pub fn records(first: Cite, rest: impl IntoIterator<Item = Cite>) -> Self {
        let mut rows: Vec<Cite> = std::iter::once(first).chain(rest).collect();
        shorten(&mut rows);
        Self { rows, ..Self::default() }
    }

    /// A claim that rests on records outside the evidence table that say the same.
    pub fn noticed(first: Noticed, rest: impl Iterator<Item = Noticed>, says: &str) -> Self {
        let last = (first.last != first.first).then_some(first.last);
        let rest = last.into_iter().chain(rest.flat_map(|found| [found.first, found.last]));
        Self::records(Cite::dated(first.first, says), rest.map(|at| Cite::dated(at, says)))
    }

    /// A claim that something was not logged: names the streams or inputs that were read.
    ///
    /// # Panics
    /// If nothing was read. A run without inputs never gets this far.
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

    /// Adds a place in the plan: `file:line:column`.
    #[must_use]
    pub fn and_plan(mut self, site: String) -> Self {
        self.plan = Some(site);
        self
    }

    /// The rows and records, in order of time.
    pub fn cited(&self) -> &[Cite] {
        &self.rows
    }

    /// The streams or inputs that were read, if the claim is one of silence.
    pub fn searched(&self) -> &[String] {
        &self.searched
    }

    /// The place in the plan, if the claim is about the plan: `file:line:column`.
    pub fn plan_site(&self) -> Option<&str> {
        self.plan.as_deref()
    }
}

/// Keeps the last, and as many of the earliest as there is room for.
fn shorten<T>(cites: &mut Vec<T>) {
    if cites.len() > CITES_MAX {
        cites.drain(CITES_MAX - 1..cites.len() - 1);
    }
}

/// The counts that a finding rests on: `n` of `of`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Numbers {
    /// How many the finding is about.
    pub n: u64,
    /// How many of that kind there are.
    pub of: u64,
    /// The one-sided p value, if a test was made.
    pub p: Option<f64>,
}

/// Who waived a finding, until when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// The owner of the decision.
    pub owner: String,
    /// The waiver ends at this time.
    pub until: Timestamp,
    /// Why the risk is accepted.
    pub reason: String,
}

/// One rule that fired.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The code of the rule.
    pub rule: Code,
    /// What it does to the verdict.
    pub severity: Severity,
    /// The class; `None` for the rotation.
    pub class: Option<ClassId>,
    /// What was seen, in one sentence.
    pub summary: String,
    /// What to do about it, in one sentence.
    pub remedy: String,
    /// Does it ask for a move to the new version, and for nothing before it? That is done once the class works there.
    pub asks_to_move: bool,
    /// What to open to check it.
    pub cites: Cites,
    /// The number of rows or records that the claim rests on.
    pub total: u64,
    /// The counts behind it.
    pub numbers: Option<Numbers>,
    /// The hints of the undeclared consumer, or of the member of a class, that it is about.
    pub hints: Vec<(&'static str, std::sync::Arc<str>)>,
    /// When waiting alone resolves it, if the rule knows that of each finding.
    pub ends: Option<Timestamp>,
    /// Whether a waiver may exclude it: as its rule says, or never.
    pub waivable: Waivable,
    /// The waiver that excludes it from the verdict, if any.
    pub waived: Option<Waived>,
}

impl Finding {
    /// Does it keep the verdict from ready?
    pub fn is_open(&self) -> bool {
        self.waived.is_none() && self.severity != Severity::Advises
    }
}
