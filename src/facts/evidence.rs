/*! The sealed rows as questions see them. What several questions or instants ask of a text is found out once. */

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use super::columns::{HINTS, HOST, INSTANCE, JOB_ID, TRACE_ID, USER_AGENT};
use crate::model::coverage::StreamId;
use crate::model::{ClassId, Timestamp};
use crate::scan::{Row, Sym};
use crate::table::bundle::Params;
use crate::table::{Sealed, is_made_unique};

/// The rows of a run.
#[derive(Debug)]
pub struct Evidence<'s> {
    sealed: &'s Sealed,
    /// By the number of a text: whether it is made to be unique, if it is the id of a job or a request.
    unique: Vec<Option<bool>>,
    /// The product of each user agent.
    products: HashMap<Sym, Sym>,
    /// Products that are no text of the rows. Their symbols follow those of the rows.
    others: Vec<Arc<str>>,
    /// The last symbol of the rows.
    last: u32,
    /// Texts that facts hold, each once.
    shared: Mutex<HashMap<Sym, Arc<str>>>,
    /// The text without letters, which some questions take for no text.
    blank: Option<Sym>,
}

impl<'s> Evidence<'s> {
    /// The evidence that was sealed.
    pub fn of(sealed: &'s Sealed) -> Self {
        let mut evidence = Self {
            sealed,
            unique: vec![None; sealed.texts.len() + 1],
            products: HashMap::new(),
            others: Vec::new(),
            shared: Mutex::default(),
            last: u32::try_from(sealed.texts.len()).unwrap_or(u32::MAX),
            blank: sealed.texts.known(""),
        };
        let mut others: HashMap<&str, Sym> = HashMap::new();
        for row in &sealed.rows {
            for id in [row.texts[JOB_ID], row.texts[TRACE_ID]] {
                let Some(text) = sealed.text(id) else { continue };
                evidence.unique[id.0 as usize].get_or_insert_with(|| is_made_unique(text));
            }
            let agent = row.texts[USER_AGENT];
            if let Some(text) =
                sealed.text(agent).filter(|_| !evidence.products.contains_key(&agent))
            {
                let product = product(text);
                let known = sealed.texts.known(product);
                let product = known.unwrap_or_else(|| {
                    *others.entry(product).or_insert_with(|| evidence.add(product))
                });
                evidence.products.insert(agent, product);
            }
        }
        evidence
    }

    fn add(&mut self, text: &str) -> Sym {
        self.others.push(Arc::from(text));
        Sym(self.last + u32::try_from(self.others.len()).unwrap_or(u32::MAX))
    }

    /// The first `rows` rows, asked for these instants.
    pub fn beginning(&self, rows: usize, params: Params) -> Beginning<'_> {
        Beginning { evidence: self, rows: &self.sealed.rows[..rows], params }
    }

    /// All rows, asked for these instants.
    pub fn all(&self, params: Params) -> Beginning<'_> {
        self.beginning(self.sealed.rows.len(), params)
    }
}

/// A user agent up to its first slash or blank: without its version.
fn product(agent: &str) -> &str {
    let product = agent.split('/').next().unwrap_or_default();
    product.split(' ').next().unwrap_or_default()
}

/// A beginning of the rows, and the instants of a question.
#[derive(Clone, Copy, Debug)]
pub struct Beginning<'e> {
    evidence: &'e Evidence<'e>,
    rows: &'e [Row],
    params: Params,
}

impl<'e> Beginning<'e> {
    pub(super) fn rows(self) -> impl Iterator<Item = Seen<'e>> {
        (0..).zip(self.rows).map(|(number, row)| Seen { row, number })
    }

    /// The rows up to the instant of the judgement.
    pub(super) fn known(self) -> impl Iterator<Item = Seen<'e>> {
        self.rows().filter(move |seen| seen.earliest() <= self.as_of())
    }

    pub(super) fn row(self, number: u64) -> Option<Seen<'e>> {
        let row = self.rows.get(usize::try_from(number).ok()?)?;
        Some(Seen { row, number })
    }

    pub(super) fn t0(self) -> Timestamp {
        Timestamp(self.params.t0_us)
    }

    pub(super) fn as_of(self) -> Timestamp {
        Timestamp(self.params.as_of_us)
    }

    pub(super) fn window_from(self) -> Timestamp {
        Timestamp(self.params.window_from_us)
    }

    pub(super) fn revoked(self) -> Timestamp {
        Timestamp(self.params.revoked_us)
    }

    /// The text of a symbol.
    pub(super) fn shared(self, sym: Sym) -> Option<Arc<str>> {
        let Evidence { sealed, others, last, shared, .. } = self.evidence;
        if let Some(other @ 1..) = sym.0.checked_sub(*last) {
            return Some(Arc::clone(&others[other as usize - 1]));
        }
        let text = sealed.text(sym)?;
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(shared.entry(sym).or_insert_with(|| Arc::from(text))))
    }

    /// The number of a row's stream.
    ///
    /// # Panics
    /// If sealing did not number it.
    pub(super) fn stream(self, name: Sym) -> StreamId {
        self.evidence.sealed.stream_id(name).expect("the stream of each row has a number")
    }

    /// The user agent of a row without its version.
    pub(super) fn product(self, seen: Seen<'_>) -> Sym {
        let product = self.evidence.products.get(&seen.texts[USER_AGENT]);
        product.copied().unwrap_or_default()
    }

    /// No text instead of one without letters.
    pub(super) fn filled(self, sym: Sym) -> Sym {
        if self.evidence.blank == Some(sym) { Sym::NONE } else { sym }
    }

    /// A place for each text of the rows, by the number of its symbol.
    pub(super) fn of_each_text<T: Clone + Default>(self) -> Vec<T> {
        vec![T::default(); self.evidence.unique.len()]
    }

    pub(super) fn is_made_unique(self, id: Sym) -> bool {
        self.evidence.unique.get(id.0 as usize).copied().flatten().unwrap_or(false)
    }

    /// The job of a row. An id that is not made to be unique names a job within its consumer.
    pub(super) fn job(self, seen: Seen<'_>) -> Option<Job> {
        let id = seen.texts[JOB_ID];
        if id == Sym::NONE {
            return None;
        }
        if self.is_made_unique(id) {
            return Some(Job { id, class: None });
        }
        seen.class.map(|class| Job { id, class: Some(class) })
    }

    /// Column and value of each hint that there is.
    pub(super) fn hints(self, hints: [Sym; 5]) -> Vec<(&'static str, Arc<str>)> {
        let hints = HINTS.iter().zip(hints);
        hints.filter_map(|((name, _), hint)| Some((*name, self.shared(hint)?))).collect()
    }
}

/// One job.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Job {
    pub(super) id: Sym,
    /// The consumer within which the id names it; none if the id is made to be unique.
    class: Option<ClassId>,
}

/// A row, and its position in the order of the table.
#[derive(Clone, Copy)]
pub(super) struct Seen<'r> {
    row: &'r Row,
    pub(super) number: u64,
}

impl Deref for Seen<'_> {
    type Target = Row;

    fn deref(&self) -> &Row {
        self.row
    }
}

impl Seen<'_> {
    pub(super) fn earliest(&self) -> Timestamp {
        self.when.earliest()
    }

    pub(super) fn latest(&self) -> Timestamp {
        self.when.latest()
    }

    /// The running copy: its own name, or its host's.
    pub(super) fn instance(&self) -> Sym {
        let instance = self.texts[INSTANCE];
        if instance == Sym::NONE { self.texts[HOST] } else { instance }
    }

    pub(super) fn hints(&self) -> [Sym; 5] {
        HINTS.map(|(_, slot)| self.texts[slot])
    }

    /// Does it show no marker, or one that is tied to a version of the plan?
    pub(super) fn is_own(&self) -> bool {
        self.uid == Sym::NONE || self.binding.proves()
    }
}
