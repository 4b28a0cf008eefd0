/*! Rows on their way to the evidence table: plain values, text interned once a batch. */

use std::collections::HashMap;
use std::sync::Arc;

use crate::attribute::Settle;
use crate::model::columns::{Measured, TEXTS};
use crate::model::{
    Binding, ClassBasis, ClassId, InputId, Kind, Layer, Outcome, Place, State, Timestamp,
    VersionId, When,
};

/// A text in the interner of its batch; 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(pub u32);

impl Sym {
    /// No text.
    pub const NONE: Self = Self(0);
}

/// Texts, each once.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    by_text: HashMap<Arc<str>, Sym>,
    texts: Vec<Arc<str>>,
}

impl Interner {
    /// The symbol of a text.
    ///
    /// # Panics
    /// With more than four billion different texts in one run.
    pub fn intern(&mut self, text: &str) -> Sym {
        if let Some(sym) = self.by_text.get(text) {
            return *sym;
        }
        let shared: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&shared));
        let sym = Sym(u32::try_from(self.texts.len()).expect("fewer than 2^32 different texts"));
        self.by_text.insert(shared, sym);
        sym
    }

    /// The symbol of a text that may be missing.
    pub fn intern_some(&mut self, text: Option<&str>) -> Sym {
        text.map_or(Sym::NONE, |text| self.intern(text))
    }

    /// All texts, in the order of their symbols.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }

    /// The text of a symbol.
    pub fn text(&self, sym: Sym) -> Option<&Arc<str>> {
        (sym.0 > 0).then(|| &self.texts[sym.0 as usize - 1])
    }
}

/// A counter at the time of a row, which becomes what it grew by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Equal for samples of one series, in whatever file.
    pub series: [u8; 16],
    /// What it stands at.
    pub value: f64,
    /// Since when it counts, where it says so.
    pub since: Option<Timestamp>,
}

/// One row of evidence, before it is settled.
#[derive(Clone, Debug)]
pub struct Row {
    /// Equal for records that say the same: over the event space, the id and all mapped columns but place and stream.
    pub key: [u8; 16],
    /// Does the key hold the source's own unique id?
    pub has_id: bool,
    /// When it happened.
    pub when: When,
    /// Its record.
    pub place: Place,
    /// The stream.
    pub stream: Sym,
    /// The source and action whose markers settle it.
    pub action_key: Sym,
    /// How it is settled.
    pub settle: Settle,
    /// What kind of testimony.
    pub layer: Layer,
    /// What it states.
    pub kind: Kind,
    /// The class.
    pub class: Option<ClassId>,
    /// By what it belongs to it.
    pub basis: ClassBasis,
    /// The text columns, in the order of `TEXTS`.
    pub texts: [Sym; TEXTS.len()],
    /// The numbers and times of its record.
    pub measured: Measured,
    /// The marker as shown.
    pub uid: Sym,
    /// The marker as logged, for links; never written.
    pub raw_uid: Sym,
    /// The version of the plan.
    pub version: Option<VersionId>,
    /// Its state.
    pub state: State,
    /// How it is tied to it.
    pub binding: Binding,
    /// Where the link stands, of a derived row.
    pub link: Option<Place>,
    /// What came of it.
    pub outcome: Outcome,
    /// Through a fallback?
    pub degraded: bool,
    /// How many occurrences it stands for.
    pub count: u64,
    /// The counter that tells it, until the tables are sealed.
    pub sample: Option<Box<Sample>>,
}

/// Rows of one input, in the order of its records, with the texts they share. The rows of a record stand in one batch.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The input.
    pub input: InputId,
    /// The member of it.
    pub member: u32,
    /// The rows.
    pub rows: Vec<Row>,
    /// Their texts.
    pub texts: Interner,
}

impl Batch {
    /// Gives its input the number that it has among all that was read.
    pub fn renumber(&mut self, input: InputId) {
        self.member = 0;
        self.stand_in(input);
    }

    /// Gives it the number of its input in this run.
    pub fn stand_in(&mut self, input: InputId) {
        self.input = input;
        self.rows.iter_mut().for_each(|row| row.place.input = input);
    }
}

/// Why rows could not be taken.
#[derive(Debug, thiserror::Error)]
#[error("cannot keep the rows of an input")]
pub struct SinkError(#[from] std::io::Error);

/// Who takes the rows of a scan, a batch at a time.
pub trait Sink {
    /// Takes a batch.
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError>;
}

impl Sink for Vec<Batch> {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        self.push(batch);
        Ok(())
    }
}
