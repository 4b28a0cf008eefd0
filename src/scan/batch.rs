/*! Rows on their way to the evidence table: plain values, each text interned once a batch. */

use std::hash::{BuildHasher, RandomState};
use std::ops::{Deref, DerefMut};

use hashbrown::HashTable;

use crate::model::columns::{Measured, TEXTS};
use crate::model::evidence::{SampleRole, Settle};
use crate::model::{
    Binding, ClassBasis, ClassId, InputId, Kind, Layer, Outcome, Place, State, Timestamp,
    VersionId, When,
};

/// The number of a text in the interner of its batch; 0 stands for no text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(pub u32);

impl Sym {
    /// Stands for no text.
    pub const NONE: Self = Self(0);
}

/// A set of texts, numbered. Rows by the million have ids that no other row has, so a text takes little more than its
/// letters: they follow each other in one buffer, and a hash table of numbers finds them.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    letters: String,
    /// Where each text ends in `letters`, in the order of symbols.
    ends: Vec<usize>,
    by_text: HashTable<u32>,
    hasher: RandomState,
}

impl Interner {
    /// The symbol of a text.
    ///
    /// # Panics
    /// With more than four billion different texts in one run.
    pub fn intern(&mut self, text: &str) -> Sym {
        let hash = self.hasher.hash_one(text);
        let Self { letters, ends, by_text, hasher } = self;
        if let Some(number) = by_text.find(hash, |number| at(letters, ends, *number) == text) {
            return Sym(*number);
        }
        letters.push_str(text);
        ends.push(letters.len());
        let number = u32::try_from(ends.len()).expect("fewer than 2^32 different texts");
        by_text.insert_unique(hash, number, |number| hasher.hash_one(at(letters, ends, *number)));
        Sym(number)
    }

    /// The symbol of an optional text.
    pub fn intern_some(&mut self, text: Option<&str>) -> Sym {
        text.map_or(Sym::NONE, |text| self.intern(text))
    }

    /// The symbol of a text that is there.
    pub fn known(&self, text: &str) -> Option<Sym> {
        let is_text = |number: &u32| at(&self.letters, &self.ends, *number) == text;
        self.by_text.find(self.hasher.hash_one(text), is_text).copied().map(Sym)
    }

    /// How many texts there are; the symbol of the last.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Is there no text?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The texts in the order of their symbols.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        (1..).take(self.len()).map(|number| at(&self.letters, &self.ends, number))
    }

    /// The text of a symbol.
    pub fn text(&self, sym: Sym) -> Option<&str> {
        (sym.0 > 0).then(|| at(&self.letters, &self.ends, sym.0))
    }

    /// Gives back the memory that no text needs.
    pub fn shrink(&mut self) {
        self.letters.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// The text of this number, from 1.
fn at<'l>(letters: &'l str, ends: &[usize], number: u32) -> &'l str {
    let position = number as usize;
    let start = if position == 1 { 0 } else { ends[position - 2] };
    &letters[start..ends[position - 1]]
}

/// The numbers and times of a record. Most records have none of them, and then it takes no memory.
#[derive(Clone, Debug, Default)]
pub struct RowMeasured(Option<Box<Measured>>);

impl From<Measured> for RowMeasured {
    fn from(measured: Measured) -> Self {
        Self((measured != Measured::NOTHING).then(|| Box::new(measured)))
    }
}

impl Deref for RowMeasured {
    type Target = Measured;

    fn deref(&self) -> &Measured {
        self.0.as_deref().unwrap_or(&Measured::NOTHING)
    }
}

impl DerefMut for RowMeasured {
    fn deref_mut(&mut self) -> &mut Measured {
        self.0.get_or_insert_default()
    }
}

/// The value of a counter at the time of a row. Sealing replaces it by its growth since the sample before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Equal for samples of one series, across files.
    pub series: [u8; 16],
    /// What the value is.
    pub role: SampleRole,
    /// The value of the counter.
    pub value: f64,
    /// When the counter was last reset, if the source says so.
    pub since: Option<Timestamp>,
}

/// One row of evidence, before it is settled.
#[derive(Clone, Debug)]
pub struct Row {
    /// A hash of the event space, the id and all mapped columns except place and stream: equal for equal records.
    pub key: [u8; 16],
    /// The key includes a unique id of the source.
    pub has_id: bool,
    /// When the record happened.
    pub when: When,
    /// Where the record is.
    pub place: Place,
    /// The name of its stream.
    pub stream: Sym,
    /// The digest of its source and action: `Settle::IfCarried` looks for markers under this key.
    pub action_key: Sym,
    /// When it gets its final kind.
    pub settle: Settle,
    /// Whether it is about configuration, a process or work.
    pub layer: Layer,
    /// What it states, before it is settled.
    pub kind: Kind,
    /// The class of the consumer.
    pub class: Option<ClassId>,
    /// How the class was found.
    pub basis: ClassBasis,
    /// The text columns, in the order of `TEXTS`.
    pub texts: [Sym; TEXTS.len()],
    /// The numbers and times of its record.
    pub measured: RowMeasured,
    /// The marker, masked.
    pub uid: Sym,
    /// The digest of the marker as logged, by which links find it.
    pub uid_digest: Sym,
    /// The version of the plan.
    pub version: Option<VersionId>,
    /// The state of that version.
    pub state: State,
    /// How the record is tied to the version.
    pub binding: Binding,
    /// The record of the link, for a derived row.
    pub link: Option<Box<Place>>,
    /// The result of the attempt.
    pub outcome: Outcome,
    /// The work went through a fallback.
    pub degraded: bool,
    /// How many occurrences the row stands for.
    pub count: u64,
    /// The counter that gives `count` when the tables are sealed.
    pub sample: Option<Box<Sample>>,
}

/// Rows of one input in the order of its records, with the texts they share. All rows of a record are in one batch.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The input that gave the rows.
    pub input: InputId,
    /// The member of that input; 0 is the input itself.
    pub member: u32,
    /// The rows in the order of their records.
    pub rows: Vec<Row>,
    /// The texts of the rows.
    pub texts: Interner,
}

impl Row {
    /// Is it an attempt that surely used an old version?
    pub fn is_old_use(&self) -> bool {
        self.state == State::Old && self.binding.proves() && self.kind.is_try()
    }
}

impl Batch {
    /// Gives the input its number among all inputs and members that were read.
    pub fn renumber(&mut self, input: InputId) {
        self.member = 0;
        self.stand_in(input);
    }

    /// Gives the input its number in this run.
    pub fn stand_in(&mut self, input: InputId) {
        self.input = input;
        self.rows.iter_mut().for_each(|row| row.place.input = input);
    }
}

/// The rows of an input could not be kept.
#[derive(Debug, thiserror::Error)]
#[error("cannot keep the rows of an input")]
pub struct SinkError(#[from] std::io::Error);

/// Receives the rows of a scan, one batch at a time.
pub trait Sink {
    /// Takes the next batch.
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError>;

    /// Forgets the batches of this scan: it begins again.
    fn restart(&mut self);
}

impl Sink for Vec<Batch> {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        self.push(batch);
        Ok(())
    }

    fn restart(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_one_number_in_the_order_of_first_use() {
        let mut texts = Interner::default();
        let given = ["", "a", "ab", "b", "", "a", "é", "ab"];
        let syms: Vec<u32> = given.iter().map(|text| texts.intern(text).0).collect();
        assert_eq!(syms, [1, 2, 3, 4, 1, 2, 5, 3]);
        assert_eq!(texts.all().collect::<Vec<_>>(), ["", "a", "ab", "b", "é"]);
        assert_eq!(texts.len(), 5);
        for (text, sym) in given.iter().zip(&syms) {
            assert_eq!(texts.text(Sym(*sym)), Some(*text));
            assert_eq!(texts.known(text), Some(Sym(*sym)));
        }
        assert_eq!(texts.text(Sym::NONE), None);
        assert_eq!(texts.intern_some(None), Sym::NONE);
        assert_eq!(texts.known("c"), None);
    }

    #[test]
    fn texts_keep_their_numbers_while_the_table_grows() {
        let mut texts = Interner::default();
        for number in 1..20_000_u32 {
            assert_eq!(texts.intern(&format!("id-{number}")), Sym(number));
        }
        texts.shrink();
        for number in 1..20_000_u32 {
            assert_eq!(texts.intern(&format!("id-{number}")), Sym(number));
            assert_eq!(texts.text(Sym(number)), Some(format!("id-{number}").as_str()));
        }
    }
}
