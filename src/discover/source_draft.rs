/*! Fields of a source that no profile reads: which column each may fill, and the `[[source]]` that would read them. */

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::limits;
use crate::map::{Mapped, RecordTime, ReportedOutcome};
use crate::model::Outcome;
use crate::model::bounds::TimeBounds;
use crate::model::columns::{Column, TEXTS};
use crate::safe;
use crate::scan::SeenField;

use super::field_words::{TimeName, column_of, outcome_of, rank, time_name};

/// A field that is not read and looks as if it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadField {
    /// The column that it may fill.
    pub column: Column,
    /// Where it is in a record.
    pub pointer: String,
    /// How many records have it.
    pub records: u64,
    /// One of its values, masked.
    pub example: String,
}

/// The fields of the records of one input.
#[derive(Debug, Default)]
pub struct FieldTally {
    records: u64,
    /// How many records have a value of a column.
    filled: BTreeMap<Column, u64>,
    unread: BTreeMap<String, UnreadField>,
}

/// The `[[source]]` that would read an input.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceDraft {
    /// Columns that few records fill, each with the field that may.
    pub fields: Vec<(Column, String)>,
    /// The profile that reads the rest; `None`: the content decides.
    pub profile: Option<String>,
    /// Words of outcomes that nobody maps.
    pub words: BTreeSet<String>,
    /// The consumer of all its records.
    pub class: Option<String>,
}

impl FieldTally {
    /// Whether it still needs to see the fields of records.
    pub fn wants_more(&self) -> bool {
        self.records < limits::FIELD_RECORDS
    }

    /// Takes the fields of a record.
    pub fn add(&mut self, mapped: &Mapped<'_>, fields: &[SeenField], bounds: TimeBounds<'_>) {
        self.records += 1;
        for column in filled(mapped) {
            *self.filled.entry(column).or_default() += 1;
        }
        for field in fields.iter().filter(|field| !field.is_read) {
            if let Some(known) = self.unread.get_mut(&field.pointer) {
                known.records += 1;
            } else if self.unread.len() < limits::SEEN_FIELDS
                && let Some(column) = column_of(&field.pointer, &field.value, bounds)
            {
                let (pointer, records) = (field.pointer.clone(), 1);
                let example = safe::mask_path(&field.value).chars().take(EXAMPLE_CHARS).collect();
                let unread = UnreadField { column, pointer: pointer.clone(), records, example };
                self.unread.insert(pointer, unread);
            }
        }
    }

    /// The fields that are not read and look like a time, a credential, an outcome or a consumer, by their column.
    pub fn unread(&self) -> Vec<&UnreadField> {
        let mut fields: Vec<&UnreadField> = self.unread.values().collect();
        fields.sort_by_key(|field| {
            (rank(field.column), std::cmp::Reverse(field.records), &field.pointer)
        });
        fields
    }

    /// The field that is the time of the records, if one alone can be: by another, a use would be misdated.
    fn time_field(&self) -> Option<&String> {
        let times = self.unread.values().filter(|field| {
            field.column == Column::EventTime && is_usual(field.records, self.records)
        });
        let named = |name: TimeName| {
            let mut of_name = times.clone().filter(move |field| time_name(&field.pointer) == name);
            of_name.next().map(|first| (first, of_name.next().is_none()))
        };
        let (field, is_alone) = named(TimeName::OfRecord).or_else(|| named(TimeName::Silent))?;
        is_alone.then_some(&field.pointer)
    }

    /// The source that would fill the columns that most records leave empty, if some fields may do so.
    pub fn draft(&self, profile: &str) -> Option<SourceDraft> {
        let is_lacking = |column: &Column| {
            let filled = self.filled.get(column).copied().unwrap_or(0);
            // A field that takes the place of another hides what that one shows.
            filled == 0 || *column != Column::CredentialUid && !is_usual(filled, self.records)
        };
        let mut fields: Vec<(Column, String)> = Vec::new();
        let time = self.time_field();
        for field in self.unread() {
            let is_taken = fields.iter().any(|(column, _)| *column == field.column);
            let may_fill = match field.column {
                Column::EventTime => time == Some(&field.pointer),
                // The records that show a credential, and what accompanies it, may be few.
                _ => FEW * field.records >= self.records,
            };
            if may_fill && !is_taken && is_lacking(&field.column) {
                fields.push((field.column, field.pointer.clone()));
            }
        }
        let profile = Some(profile.to_owned());
        (!fields.is_empty()).then(|| SourceDraft { fields, profile, ..SourceDraft::default() })
    }
}

impl SourceDraft {
    /// Does it name the field of that column?
    pub fn reads(&self, column: Column) -> bool {
        self.fields.iter().any(|(named, _)| *named == column)
    }

    /// The source in the words of a plan, for inputs that fit one of these patterns.
    pub fn text(&self, paths: &[String]) -> String {
        let mut out = String::new();
        let mut line = |key: &str, value: &str| {
            let _infallible = writeln!(out, "{key:<8} = {value}");
        };
        line("paths", &listed(paths));
        if let Some(profile) = &self.profile {
            line("profile", &quoted(profile));
        }
        if let Some(class) = &self.class {
            line("class", &quoted(class));
        }
        if !self.fields.is_empty() {
            let pairs = self
                .fields
                .iter()
                .map(|(column, at)| format!("{} = {}", column.name(), quoted(at)));
            let confirm = if self.reads(Column::EventTime) { CONFIRM_TIME } else { "" };
            let pairs = pairs.collect::<Vec<_>>().join(", ");
            line("fields", &format!("{{ {pairs} }}{confirm}"));
        }
        if !self.words.is_empty() {
            line(
                "outcomes",
                &format!("{{ {} }}   # CONFIRM: a guess by the words", self.outcomes()),
            );
        }
        format!("[[source]]\n{out}")
    }

    fn outcomes(&self) -> String {
        let mut words: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for word in self.words.iter().take(WORDS_MAX) {
            words.entry(outcome_of(word).word()).or_default().push(word.clone());
        }
        let order = [Outcome::Success, Outcome::Failure, Outcome::AuthFailure, Outcome::Denied];
        let listed = order.iter().filter_map(|outcome| {
            let words = words.get(outcome.word())?;
            Some(format!("{} = {}", outcome.word(), listed(words)))
        });
        listed.collect::<Vec<_>>().join(", ")
    }
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A list of texts as TOML writes it.
fn listed(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// At most this many words of an outcome are drafted: more are no words for outcomes.
const WORDS_MAX: usize = 20;
/// How many characters of a value are shown.
const EXAMPLE_CHARS: usize = 60;

/// A wrong time would move each use.
const CONFIRM_TIME: &str = "   # CONFIRM: event_time is when a record was written";

/// One in this many records may have a credential, and what accompanies it.
const FEW: u64 = 20;

/// At least half of the records.
fn is_usual(part: u64, of: u64) -> bool {
    2 * part >= of
}

/// The columns that a record fills.
fn filled(mapped: &Mapped<'_>) -> Vec<Column> {
    let mut columns: Vec<Column> =
        TEXTS.iter().copied().filter(|column| mapped.text(*column).is_some()).collect();
    if matches!(mapped.time, RecordTime::At(_)) {
        columns.push(Column::EventTime);
    }
    if !mapped.uids.is_empty() {
        columns.push(Column::CredentialUid);
    }
    if !matches!(mapped.outcome, ReportedOutcome::Nothing | ReportedOutcome::Doubtful(_)) {
        columns.push(Column::Outcome);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_drafted_only_if_one_field_alone_can_be_it() {
        let drafted = |pointers: &[&str]| {
            let mut tally = FieldTally { records: 4, ..FieldTally::default() };
            for pointer in pointers {
                let (pointer, example) = ((*pointer).to_owned(), String::new());
                let column = Column::EventTime;
                let field = UnreadField { column, pointer: pointer.clone(), records: 4, example };
                tally.unread.insert(pointer, field);
            }
            let draft = tally.draft("json")?;
            Some(draft.fields[0].1.clone())
        };
        assert_eq!(drafted(&["/moment"]).as_deref(), Some("/moment"));
        assert_eq!(drafted(&["/at", "/jobCreatedAt", "/when"]).as_deref(), Some("/when"));
        assert_eq!(drafted(&["/dueAt", "/moment"]).as_deref(), Some("/moment"));
        assert_eq!(drafted(&["/at", "/moment"]), None);
        assert_eq!(drafted(&["/time", "/when"]), None);
        assert_eq!(drafted(&["/jobCreatedAt"]), None);
    }

    #[test]
    fn a_draft_names_what_is_lacking_alone() {
        let field = |pointer: &str, column| UnreadField {
            column,
            pointer: pointer.to_owned(),
            records: 4,
            example: String::new(),
        };
        let mut tally = FieldTally { records: 4, ..FieldTally::default() };
        tally.filled.insert(Column::EventTime, 4);
        for unread in [
            field("/when", Column::EventTime),
            field("/ref", Column::CredentialUid),
            field("/word", Column::Outcome),
        ] {
            tally.unread.insert(unread.pointer.clone(), unread);
        }
        let draft = tally.draft("json").expect("a draft");
        let expected = "[[source]]\npaths    = [\"a.jsonl\"]\nprofile  = \"json\"\n\
                        fields   = { credential_uid = \"/ref\", outcome = \"/word\" }\n";
        assert_eq!(draft.text(&["a.jsonl".to_owned()]), expected);
        assert_eq!(FieldTally::default().draft("json"), None);
    }
}
