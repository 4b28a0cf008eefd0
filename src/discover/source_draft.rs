/*! Fields of a source that no profile reads: which column each may fill, and the `[[source]]` that would read them. */

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::limits;
use crate::map::{Mapped, RecordTime, ReportedOutcome, record_time};
use crate::model::bounds::TimeBounds;
use crate::model::columns::{Column, TEXTS};
use crate::safe;
use crate::scan::SeenField;

use super::draft::quoted;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceDraft {
    /// Columns that few records fill, each with the field that may.
    pub fields: Vec<(Column, String)>,
    /// The profile that reads the rest.
    pub profile: String,
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

    /// The source that would fill the columns that most records leave empty, if some fields may do so.
    pub fn draft(&self, profile: &str) -> Option<SourceDraft> {
        let is_lacking = |column: &Column| {
            let filled = self.filled.get(column).copied().unwrap_or(0);
            !is_usual(filled, self.records)
        };
        let mut fields: Vec<(Column, String)> = Vec::new();
        for field in self.unread() {
            let is_taken = fields.iter().any(|(column, _)| *column == field.column);
            let is_usual = is_usual(field.records, self.records);
            if is_usual && !is_taken && is_lacking(&field.column) {
                fields.push((field.column, field.pointer.clone()));
            }
        }
        let profile = profile.to_owned();
        (!fields.is_empty()).then_some(SourceDraft { fields, profile })
    }
}

impl SourceDraft {
    /// The source in the words of a plan.
    pub fn text(&self, path: &str) -> String {
        let mut out = String::new();
        let pairs =
            self.fields.iter().map(|(column, at)| format!("{} = {}", column.name(), quoted(at)));
        let fields = pairs.collect::<Vec<_>>().join(", ");
        let (path, profile) = (quoted(path), quoted(&self.profile));
        let _infallible = writeln!(out, "[[source]]\npaths   = [{path}]");
        let _infallible = writeln!(out, "profile = {profile}\nfields  = {{ {fields} }}");
        out
    }
}

/// How many characters of a value are shown.
const EXAMPLE_CHARS: usize = 60;

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

/// The words in names of fields by the column that they speak of, the most telling first.
const WORDS: &[(Column, &[&str])] = &[
    (Column::UserAgent, &["agent", "useragent", "ua"]),
    (Column::ClientAddress, &["ip", "addr", "address", "ipaddr", "ipaddress", "remote", "peer"]),
    (
        Column::EventTime,
        &["time", "timestamp", "ts", "date", "datetime", "when", "stamp", "occurred", "logged"],
    ),
    (
        Column::Outcome,
        &[
            "status",
            "result",
            "outcome",
            "success",
            "ok",
            "decision",
            "verdict",
            "allowed",
            "authorized",
            "authenticated",
            "granted",
            "denied",
            "error",
            "err",
            "code",
            "rc",
        ],
    ),
    (
        Column::CredentialUid,
        &[
            "key",
            "kid",
            "token",
            "secret",
            "cred",
            "credential",
            "credentials",
            "cert",
            "certificate",
            "serial",
            "fingerprint",
            "thumbprint",
            "apikey",
            "accesskey",
            "keyid",
            "keyref",
            "secretref",
            "tokenid",
            "jti",
        ],
    ),
    (Column::ServiceInstanceId, &["pod", "instance", "container"]),
    (Column::HostName, &["host", "hostname", "node", "machine"]),
    (Column::Environment, &["env", "environment"]),
    (
        Column::Principal,
        &[
            "user",
            "username",
            "principal",
            "actor",
            "account",
            "login",
            "identity",
            "caller",
            "sub",
        ],
    ),
    (
        Column::ServiceName,
        &["service", "svc", "app", "application", "program", "client", "consumer", "worker"],
    ),
];

fn rank(column: Column) -> usize {
    let order = [Column::EventTime, Column::CredentialUid, Column::Outcome];
    let by_name = || WORDS.iter().position(|(named, _)| *named == column).unwrap_or(WORDS.len());
    order.iter().position(|first| *first == column).unwrap_or_else(|| order.len() + by_name())
}

/// The column that a field may fill, by its name and by what a value of it looks like.
fn column_of(pointer: &str, value: &str, bounds: TimeBounds<'_>) -> Option<Column> {
    let value = value.trim();
    if value.is_empty() || value.len() > VALUE_BYTES {
        return None;
    }
    let words = words_of(pointer);
    let is_time = || matches!(record_time(value, None, bounds), RecordTime::At(_));
    let fits = |column: Column| match column {
        Column::EventTime => is_time(),
        Column::CredentialUid => !is_flag(value) && !is_time(),
        Column::ClientAddress => {
            value.contains(['.', ':'])
                && value.starts_with(|c: char| c.is_ascii_hexdigit() || c == ':' || c == '[')
        }
        Column::Outcome => value.len() <= OUTCOME_BYTES && !value.contains('/'),
        _ => !is_flag(value),
    };
    let named = WORDS.iter().find(|(column, names)| {
        words.iter().any(|word| names.contains(&word.as_str())) && fits(*column)
    });
    // Of a full date and time the name does not matter.
    let is_stamp =
        || value.len() >= 16 && value.contains(':') && value.contains(['-', '/']) && is_time();
    // Seconds or milliseconds since 1970 that stand for themselves, about the time of all logs.
    let is_epoch = || {
        [10, 13].contains(&value.len())
            && value.bytes().all(|byte| byte.is_ascii_digit())
            && !words.iter().any(|word| word == "id")
            && is_time()
    };
    let is_dated = || is_stamp() || is_epoch();
    named.map(|(column, _)| *column).or_else(|| is_dated().then_some(Column::EventTime))
}

/// A longer value is text, and names nothing.
const VALUE_BYTES: usize = 200;
/// A longer value is a message, and no word for an outcome.
const OUTCOME_BYTES: usize = 40;

fn is_flag(value: &str) -> bool {
    ["true", "false"].iter().any(|flag| value.eq_ignore_ascii_case(flag))
}

/// The words of the last step of a pointer in small letters; of a step that says nothing alone, with those before it.
fn words_of(pointer: &str) -> Vec<String> {
    const SAYS_NOTHING: [&str; 7] = ["id", "name", "value", "uid", "ref", "version", "v"];
    let mut words = Vec::new();
    for step in pointer.rsplit('/').filter(|step| !step.is_empty()) {
        let of_step = words_in(step);
        let is_empty = of_step.iter().all(|word| SAYS_NOTHING.contains(&word.as_str()));
        words.extend(of_step);
        if !is_empty {
            break;
        }
    }
    words
}

fn words_in(step: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for sign in step.chars() {
        let begins = !sign.is_alphanumeric() || was_small && sign.is_uppercase();
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| sign.is_alphanumeric()) {
            word.extend(sign.to_lowercase());
        }
        was_small = sign.is_lowercase() || sign.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    #[test]
    fn a_field_is_known_by_its_name_and_its_value() {
        let bounds = TimeBounds::around(Timestamp(1_772_442_000_000_000));
        let check = |pointer: &str, value: &str, column: Option<Column>| {
            assert_eq!(column_of(pointer, value, bounds), column, "{pointer}: {value}");
        };
        check("/when", "2026-03-02T10:00:00Z", Some(Column::EventTime));
        check("/moment", "2026-03-02 10:00:00", Some(Column::EventTime));
        check("/moment", "1772445600", Some(Column::EventTime));
        check("/moment_id", "1772445600", None);
        check("/when", "soon", None);
        check("/sig/apiKeyRef", "k-17", Some(Column::CredentialUid));
        check("/token/id", "60411", Some(Column::CredentialUid));
        check("/token_valid", "true", None);
        check("/resultWord", "done", Some(Column::Outcome));
        check("/clientIp", "10.20.0.5", Some(Column::ClientAddress));
        check("/userAgentText", "curl/8.5", Some(Column::UserAgent));
        check("/callerSvc", "orders", Some(Column::Principal));
        check("/note", "hello", None);
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
        let expected = "[[source]]\npaths   = [\"a.jsonl\"]\nprofile = \"json\"\n\
                        fields  = { credential_uid = \"/ref\", outcome = \"/word\" }\n";
        assert_eq!(draft.text("a.jsonl"), expected);
        assert_eq!(FieldTally::default().draft("json"), None);
    }
}
