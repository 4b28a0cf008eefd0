/*! What a source means: which export it is, and which of its fields say when, who, with what and how it went. */

pub mod builtin;
mod by_field;
mod counter;
mod expression;
mod parts;
mod read;
mod rules;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use crate::model::columns::Column;
use crate::model::{Duration, Kind, Layer, Outcome};

pub use by_field::{ByField, Fold, Unit};
pub use counter::Counter;
pub use expression::Expression;
pub use parts::{Join, Part, Piece};
pub use read::load;

/// The pointer of what stands in no record: the path of its file.
pub const PATH: &str = "@path";

/// What is known of one log source, as data.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Its name in plans and reports.
    pub name: String,
    /// Ids of events are unique within a family of profiles.
    pub family: String,
    /// Its name for people.
    pub title: String,
    /// What kind of testimony its records give.
    pub layer: Layer,
    /// How late its records may arrive.
    pub lag: Duration,
    /// Top-level keys that hold an array of records.
    pub record_keys: Vec<String>,
    /// JSON Pointers that every record of it has.
    pub sniff: Vec<String>,
    /// Pointers and what stands there in every record of it.
    pub sniff_values: Vec<(String, Vec<Test>)>,
    /// Text records: the expressions whose named groups are fields.
    pub patterns: Vec<Expression>,
    /// How the first line of a record begins, of text whose records span lines.
    pub start: Option<Expression>,
    /// The pointers of records within a record, `*` being every element.
    pub each: Vec<String>,
    /// The pointer of the record proper, of an envelope.
    pub payload: Option<String>,
    /// What it never records.
    pub blind_spots: Vec<String>,
    /// Column and the pointers of which the first that is present counts.
    pub fields: BTreeMap<Column, Vec<String>>,
    /// Column and its value in every record.
    pub constants: BTreeMap<Column, String>,
    /// Parts of fields.
    pub extracts: Vec<Extract>,
    /// Columns that several fields make together.
    pub joins: Vec<Join>,
    /// What a record tells of several things, each read as a record of its own.
    pub parts: Vec<Part>,
    /// Its times say when a span of so long began, and what they date happened within.
    pub time_span: Option<Duration>,
    /// Pointers that often hold an outcome: a word nobody maps is no outcome there.
    pub weak_outcome: Vec<String>,
    /// Pointers to an HTTP status, which may say more than the outcome.
    pub status: Vec<String>,
    /// Words of the outcome fields.
    pub outcomes: OutcomeWords,
    /// Outcomes by a condition, beside those of the fields: the worst of all holds.
    pub outcomes_when: Vec<OutcomeRule>,
    /// Words of the kind field, in lower case.
    pub kinds: Vec<(String, Kind)>,
    /// Kinds by a condition; the first that holds counts.
    pub kinds_when: Vec<KindRule>,
    /// Characters to strip from both ends of a column's value.
    pub strip: BTreeMap<Column, String>,
    /// In which spelling markers are read beside their own.
    pub folds: ByField<Fold>,
    /// In which unit durations are written, where that is not milliseconds.
    pub units: ByField<Unit>,
    /// Ties between ids that its records state.
    pub links: Vec<LinkRule>,
    /// Other names of the instance that a record speaks of.
    pub aliases: Vec<Alias>,
    /// Does it tell whose running copies there are: not where one of these pointers is present, which says that a copy
    /// holds more than one program.
    pub owner_unless: Option<Vec<String>>,
    /// Further rows that some of its records give.
    pub also: Vec<AlsoRule>,
    /// One stream per value of this pointer.
    pub stream: Option<String>,
    /// The zone of stamps without an offset.
    pub timezone: Option<chrono_tz::Tz>,
    /// Is its count a counter's, so that zero means that nothing happened?
    pub counts: bool,
    /// How its samples are read, of metrics.
    pub counter: Option<Counter>,
    /// Have its records no time of their own, so that they are of the time in the name of their file?
    pub dated_by_path: bool,
}

/// How words become outcomes.
#[derive(Clone, Debug, Default)]
pub struct OutcomeWords {
    /// What a record without the field means.
    pub absent: Option<Outcome>,
    /// What a word that is not listed means.
    pub otherwise: Option<Outcome>,
    /// Words as written, `*` standing for anything, and what they mean. The first that fits counts.
    pub words: Vec<(String, Outcome)>,
}

/// What a value is compared with.
#[derive(Clone, Debug)]
pub enum Test {
    /// This text, whole.
    Text(String),
    /// An expression that matches in it.
    Expression(Expression),
}

impl Test {
    /// Does the value pass?
    pub fn holds(&self, value: &str) -> bool {
        match self {
            Self::Text(text) => text == value,
            Self::Expression(regex) => regex.is_match(value),
        }
    }
}

/// Pointers and the values of which one must stand there: all must hold.
pub type When = Vec<(String, Vec<Test>)>;

/// A part of a field that is a column's value.
#[derive(Clone, Debug)]
pub struct Extract {
    /// The column.
    pub column: Column,
    /// The pointer of the field.
    pub from: String,
    /// Its first group is the part.
    pub pattern: Expression,
    /// In which records; none: in all.
    pub when: When,
}

/// What came of records of some kind.
#[derive(Clone, Debug)]
pub struct OutcomeRule {
    /// Of which records.
    pub when: When,
    /// What came of them.
    pub outcome: Outcome,
}

/// What records of some kind state.
#[derive(Clone, Debug)]
pub struct KindRule {
    /// In which records.
    pub when: When,
    /// What they state.
    pub kind: Kind,
    /// What kind of testimony they give, where it is not that of the source.
    pub layer: Option<Layer>,
}

/// A tie between two ids: the child was issued to the holder of the parent.
#[derive(Clone, Debug)]
pub struct LinkRule {
    /// The pointer of the id that was issued.
    pub child: String,
    /// The pointer of the id it stands for.
    pub parent: String,
    /// In which records; none: in all.
    pub when: When,
}

/// Another name of the instance that a record speaks of.
#[derive(Clone, Debug)]
pub struct Alias {
    /// The pointer of the name.
    pub from: String,
    /// Its first group is the name, where that is a part of the field.
    pub pattern: Option<Expression>,
}

/// A further row that a record gives.
#[derive(Clone, Debug)]
pub struct AlsoRule {
    /// In which records; none: in all.
    pub when: When,
    /// The pointer of the marker that the row shows.
    pub uid: String,
    /// Its first group is the marker, where that is a part of the field.
    pub pattern: Option<Expression>,
    /// What the row states.
    pub kind: Kind,
    /// What kind of testimony it gives.
    pub layer: Layer,
    /// Is the marker printed in upper case here and in lower case elsewhere?
    pub fold_lower: bool,
}

/// What a plan lays over a profile.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    /// Column and pointers that replace the profile's.
    pub fields: Vec<(Column, Vec<String>)>,
    /// Words of the outcome field, before the profile's.
    pub outcomes: Vec<(String, Outcome)>,
    /// The zone of stamps without an offset.
    pub timezone: Option<chrono_tz::Tz>,
    /// One stream per value of this pointer.
    pub stream: Option<String>,
}

impl Profile {
    /// The profile with what the plan says laid over it.
    #[must_use]
    pub fn under(&self, overlay: &Overlay) -> Self {
        let mut profile = self.clone();
        for (column, pointers) in &overlay.fields {
            profile.fields.insert(*column, pointers.clone());
            profile.counts |= *column == Column::Count;
            if *column == Column::DurationMs {
                profile.units = ByField::default();
            }
            if *column == Column::Outcome {
                profile.weak_outcome.clear();
                profile.status.clear();
                profile.outcomes_when.clear();
            }
        }
        profile.outcomes.words.splice(0..0, overlay.outcomes.iter().cloned());
        profile.timezone = overlay.timezone.or(profile.timezone);
        profile.stream = overlay.stream.clone().or(profile.stream);
        profile
    }

    /// Every JSON Pointer that it reads of a record, but for those by which it is recognised.
    pub fn pointers(&self) -> impl Iterator<Item = &str> {
        let fields = self.fields.values().flatten();
        let joined = self.joins.iter().flat_map(Join::pointers);
        let links = self.links.iter().flat_map(|link| [&link.child, &link.parent]);
        let whens = self.also.iter().map(|also| &also.when);
        let whens = whens.chain(self.links.iter().map(|link| &link.when));
        let whens = whens.chain(self.kinds_when.iter().map(|rule| &rule.when));
        let whens = whens.chain(self.outcomes_when.iter().map(|rule| &rule.when));
        let whens = whens.chain(self.extracts.iter().map(|extract| &extract.when));
        fields
            .chain(&self.weak_outcome)
            .chain(&self.status)
            .chain(links)
            .chain(self.also.iter().map(|also| &also.uid))
            .chain(self.aliases.iter().map(|alias| &alias.from))
            .chain(self.owner_unless.iter().flatten())
            .chain(whens.flatten().map(|(pointer, _)| pointer))
            .chain(self.extracts.iter().map(|extract| &extract.from))
            .chain(self.counter.iter().flat_map(Counter::pointers))
            .chain(&self.stream)
            .chain(&self.payload)
            .chain(joined)
            .chain(self.parts.iter().flat_map(Part::pointers))
            .map(String::as_str)
    }
}
