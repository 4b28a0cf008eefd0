/*! The ids of a report: which record is `E7`, which finding `F2`. Given once, so that all formats agree. */

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::model::decision::{Decision, Quotes};
use crate::model::facts::{self, Input};
use crate::model::finding::Cite;
use crate::model::ledger::LedgerRow;
use crate::model::record::{Lost, Record, Records};
use crate::model::{At, ClassId, Place, Timestamp};
use crate::safe::with_names;
use crate::wording::Zone;

use super::{Format, TextOptions};

/// A decision with its evidence numbered by first mention: the ledger's instants, then the findings' citations.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// The decision that the report words.
    pub decision: &'a Decision,
    /// The evidence; the first is `E1`.
    pub evidence: Vec<CitedEvidence<'a>>,
    /// The zone of its times.
    pub zone: Zone,
    read: Option<&'a Records>,
    rows: BTreeMap<u64, usize>,
    records: BTreeMap<Place, usize>,
}

/// One piece of evidence that the report cites.
#[derive(Clone, Debug, PartialEq)]
pub struct CitedEvidence<'a> {
    /// Its place; none if it cannot be quoted.
    pub place: Option<Place>,
    /// When it happened.
    pub time: Option<Timestamp>,
    /// What it says, as logged: not masked, not escaped.
    pub says: &'a str,
}

impl<'a> View<'a> {
    /// Numbers all that the decision cites.
    pub fn new(decision: &'a Decision, quotes: &'a Quotes) -> Self {
        let mut view = Self {
            decision,
            evidence: Vec::new(),
            zone: Zone::default(),
            read: None,
            rows: BTreeMap::new(),
            records: BTreeMap::new(),
        };
        for cite in decision.cited() {
            match cite {
                Cow::Borrowed(Cite::Record { place, time, says }) => {
                    view.add_record(*place, *time, says);
                }
                Cow::Borrowed(Cite::Row(at)) => view.add_row(*at, quotes),
                Cow::Owned(Cite::Row(at)) => view.add_row(at, quotes),
                Cow::Owned(Cite::Record { .. }) => {}
            }
        }
        view
    }

    /// The view with the records behind the evidence, which were read again.
    #[must_use]
    pub fn with_records(mut self, read: &'a Records) -> Self {
        self.read = Some(read);
        self
    }

    /// The view for readers in that zone.
    #[must_use]
    pub fn in_zone(&self, zone: Zone) -> Self {
        Self { zone, ..self.clone() }
    }

    /// Writes the report in a format. Names that the plan declares are not masked on it.
    pub fn write(
        &self,
        format: &dyn Format,
        options: TextOptions,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let names = &self.decision.rotation.own_words;
        with_names(names, || format.render(self, options, out))
    }

    /// The record at a place, or why it cannot be shown; none if the format does not need records.
    pub fn record(&self, place: Place) -> Option<&'a Result<Record, Lost>> {
        self.read?.0.get(&place)
    }

    /// The position of the evidence for a row.
    pub fn row(&self, at: At) -> Option<usize> {
        self.rows.get(&at.row).copied()
    }

    /// The position of the evidence for a citation.
    pub fn cited(&self, cite: &Cite) -> Option<usize> {
        match cite {
            Cite::Row(at) => self.row(*at),
            Cite::Record { place, .. } => self.records.get(place).copied(),
        }
    }

    /// The name of a class.
    pub fn class_name(&self, class: ClassId) -> Option<&'a str> {
        let rows: &'a [LedgerRow] = &self.decision.classes;
        rows.iter().find(|row| row.class == class).map(|row| row.name.as_str())
    }

    /// The folder of all inputs, with a slash at its end; empty if they share no folder or if there is only one input.
    pub fn root(&self) -> &'a str {
        facts::common_folder(&self.decision.inputs)
    }

    /// The path of the input that holds a record.
    pub fn path(&self, place: Place) -> Option<&'a str> {
        let inputs: &'a [Input] = &self.decision.inputs;
        let position = usize::try_from(place.input.0).ok()?;
        inputs.get(position).map(|input| input.path.as_str())
    }

    fn add_row(&mut self, at: At, quotes: &'a Quotes) {
        let next = self.evidence.len();
        if *self.rows.entry(at.row).or_insert(next) < next {
            return;
        }
        self.evidence.push(match quotes.0.get(&at.row) {
            Some(row) => {
                CitedEvidence { place: Some(row.place), time: Some(row.time), says: &row.says }
            }
            None => CitedEvidence { place: None, time: Some(at.earliest()), says: "" },
        });
    }

    fn add_record(&mut self, place: Place, time: Option<Timestamp>, says: &'a str) {
        let next = self.evidence.len();
        if *self.records.entry(place).or_insert(next) == next {
            self.evidence.push(CitedEvidence { place: Some(place), time, says });
        }
    }
}

/// The id of the evidence at a position: `E1` for 0.
pub fn evidence_id(position: usize) -> String {
    format!("E{}", position + 1)
}

/// The id of the finding at a position: `F1` for 0.
pub fn finding_id(position: usize) -> String {
    format!("F{}", position + 1)
}
