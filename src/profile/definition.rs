/*! The definition of a log source: how its records are recognised, and what their fields mean. */

use std::collections::BTreeMap;

use super::by_field::{ByField, CaseFold, TimeUnit};
use super::condition::Conditions;
use super::counter::CounterRule;
use super::expression::Expression;
use super::record_parts::{JoinRule, RecordPart};
use super::record_rules::{
    AliasRule, AlsoRule, ExtractRule, KindRule, LinkRule, OutcomeRule, OutcomeWords, SnapshotRule,
};
use crate::model::columns::{Column, TEXTS};
use crate::model::{Duration, Kind, Layer, Outcome};

/// The pointer of the path of the file, which is not a field of any record.
pub const PATH: &str = "@path";

/// Everything that is known about one log source. A digest of it is part of each cached scan.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of the format, and they are independent"
)]
pub struct Profile {
    /// The name that plans and reports use.
    pub name: String,
    /// Ids of events are unique within a family of profiles.
    pub family: String,
    /// The name for people.
    pub title: String,
    /// The layer of evidence of its records.
    pub layer: Layer,
    /// How late records may arrive.
    pub lag: Duration,
    /// Top-level keys that hold an array of records.
    pub record_keys: Vec<String>,
    /// JSON Pointers that are present in every record.
    pub sniff: Vec<String>,
    /// Tests that every record passes.
    pub sniff_values: Conditions,
    /// For text records: expressions whose named groups are fields.
    pub patterns: Vec<Expression>,
    /// For text records that span lines: how the first line of a record begins.
    pub start: Option<Expression>,
    /// The pointers of records within a record. `*` stands for every element.
    pub each: Vec<String>,
    /// For an envelope: the pointer of the record inside it.
    pub payload: Option<String>,
    /// What the source never records.
    pub blind_spots: Vec<String>,
    /// Columns with the pointers that may fill them. The first that is present counts.
    pub fields: BTreeMap<Column, Vec<String>>,
    /// Columns that have the same value in every record.
    pub constants: BTreeMap<Column, String>,
    /// Columns whose values are parts of fields.
    pub extracts: Vec<ExtractRule>,
    /// Columns that several fields make together.
    pub joins: Vec<JoinRule>,
    /// The things that a record is about, if these are several. Each is read as a record of its own.
    pub parts: Vec<RecordPart>,
    /// If set, a time is the start of a span of this length, within which the event happened.
    pub time_span: Option<Duration>,
    /// Pointers that often hold an outcome. An unknown word there says nothing.
    pub weak_outcome: Vec<String>,
    /// Pointers of an HTTP status, which may say more than the outcome.
    pub status: Vec<String>,
    /// Pointers of a status of gRPC, whose answer has the HTTP status 200 whatever became of it.
    pub grpc_status: Vec<String>,
    /// What the words of the outcome fields mean.
    pub outcomes: OutcomeWords,
    /// Outcomes by a condition. Of these and those of the fields, the worst counts.
    pub outcomes_when: Vec<OutcomeRule>,
    /// What the words of the kind field mean, in lower case.
    pub kinds: Vec<(String, Kind)>,
    /// Kinds by a condition. The first that holds counts.
    pub kinds_when: Vec<KindRule>,
    /// Characters that are taken off both ends of a column's value.
    pub strip: BTreeMap<Column, String>,
    /// A second spelling under which markers are also found.
    pub folds: ByField<CaseFold>,
    /// The unit of durations that are not in milliseconds.
    pub units: ByField<TimeUnit>,
    /// Links between ids that records state.
    pub links: Vec<LinkRule>,
    /// Other names of the instance that a record is about.
    pub aliases: Vec<AliasRule>,
    /// If set, records say to which consumer an instance belongs, unless one of these pointers is present: then the
    /// instance holds more than one program.
    pub owner_unless: Option<Vec<String>>,
    /// Further rows that certain records give.
    pub also: Vec<AlsoRule>,
    /// Pointers. Each of their values, joined, is a log source of its own.
    pub stream: Vec<String>,
    /// The time zone of timestamps without an offset.
    pub timezone: Option<chrono_tz::Tz>,
    /// Whether its count is that of a counter, so that zero means that nothing happened.
    pub counts: bool,
    /// For metrics: how samples are read.
    pub counter: Option<CounterRule>,
    /// Whether records have no time of their own, so that the time in the name of the file is theirs.
    pub dated_by_path: bool,
    /// If it lists all that there is at one instant: pods, credentials, sessions. It is no log whose silence counts.
    pub snapshot: Option<SnapshotRule>,
    /// Pointers of the time at which a record was received, ingested or observed.
    pub received: Vec<String>,
    /// Pointers of times that may be those of what the record is about: the time of an envelope precedes them.
    pub doubtful_times: Vec<String>,
    /// Whether its field names are guesses that fit many applications. A word in a guessed `kind` is the application's.
    pub guesses: bool,
    /// Whether the plan says which field is the kind.
    pub kind_is_declared: bool,
    /// Pointers to text that only mentions markers.
    pub ignore: Vec<String>,
}

/// What a plan changes in a profile for one of its sources.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    /// Columns with the pointers that replace those of the profile.
    pub fields: Vec<(Column, Vec<String>)>,
    /// Columns with the expression whose group is a part of the file's path.
    pub of_path: Vec<(Column, Expression)>,
    /// Words of the outcome field. They precede those of the profile.
    pub outcomes: Vec<(String, Outcome)>,
    /// The time zone of timestamps without an offset.
    pub timezone: Option<chrono_tz::Tz>,
    /// Pointers to text that only mentions markers.
    pub ignore: Vec<String>,
    /// Pointers. Each of their values, joined, is a log source of its own.
    pub stream: Vec<String>,
}

impl Profile {
    /// The profile with the changes that the plan makes to it.
    #[must_use]
    pub fn with_overlay(&self, overlay: &Overlay) -> Self {
        let Overlay { fields, of_path, outcomes, timezone, stream, ignore } = overlay;
        let mut profile = self.clone();
        for (column, pointers) in fields {
            if pointers.len() > 1 && is_joined(*column) {
                profile.fields.remove(column);
                profile.joins.push(JoinRule::of_source(*column, pointers));
            } else {
                profile.fields.insert(*column, pointers.clone());
            }
            profile.kind_is_declared |= *column == Column::Kind;
            profile.counts |= *column == Column::Count;
            if *column == Column::EventTime {
                profile.doubtful_times.clear();
            }
            if *column == Column::DurationMs {
                profile.units = ByField::default();
            }
            if *column == Column::Outcome {
                profile.weak_outcome.clear();
                profile.status.clear();
                profile.grpc_status.clear();
                profile.outcomes_when.clear();
            }
        }
        for (column, pattern) in of_path {
            let (from, pattern, when) = (PATH.to_owned(), pattern.clone(), Conditions::default());
            profile.fields.remove(column);
            profile.extracts.push(ExtractRule { column: *column, from, pattern, when });
        }
        profile.outcomes.words.splice(0..0, outcomes.iter().cloned());
        profile.timezone = timezone.or(profile.timezone);
        profile.ignore.extend(ignore.iter().cloned());
        if !stream.is_empty() {
            profile.stream.clone_from(stream);
        }
        profile
    }

    /// The profile by which one part of a record is read.
    #[must_use]
    pub fn of_part(&self, part: &RecordPart) -> Self {
        let RecordPart { unless: _, fields, joins } = part;
        let mut profile = Self { parts: Vec::new(), ..self.clone() };
        profile.fields.extend(fields.clone());
        profile.joins.extend(joins.iter().cloned());
        profile
    }

    /// Every JSON Pointer that is read from a record, except those by which it is recognised. It names all fields,
    /// so that a new one does not compile until somebody decides whether it holds pointers.
    pub fn pointers(&self) -> impl Iterator<Item = &str> {
        #[rustfmt::skip]
        let Self {
            name: _, family: _, title: _, layer: _, lag: _, record_keys: _, sniff: _, sniff_values: _, patterns: _,
            start: _, each: _, payload, blind_spots: _, fields, constants: _, extracts, joins, parts, time_span: _,
            weak_outcome, status, grpc_status, outcomes: _, outcomes_when, kinds: _, kinds_when, strip: _, folds: _, units: _,
            links, aliases, owner_unless, also, stream, timezone: _, counts: _, counter, dated_by_path: _,
            snapshot, received, doubtful_times, guesses: _, kind_is_declared: _, ignore: _,
        } = self;
        let conditions = also.iter().map(|rule| &rule.when);
        let conditions = conditions.chain(links.iter().map(|rule| &rule.when));
        let conditions = conditions.chain(kinds_when.iter().map(|rule| &rule.when));
        let conditions = conditions.chain(outcomes_when.iter().map(|rule| &rule.when));
        let conditions = conditions.chain(extracts.iter().map(|rule| &rule.when));
        let pointers =
            fields.values().flatten().chain(weak_outcome).chain(status).chain(grpc_status);
        let pointers = pointers
            .chain(links.iter().flat_map(|link| [&link.child, &link.parent]))
            .chain(also.iter().filter(|also| also.join.is_none()).map(|also| &also.uid))
            .chain(also.iter().filter_map(|also| also.join.as_ref()).flat_map(JoinRule::pointers))
            .chain(aliases.iter().map(|alias| &alias.from))
            .chain(owner_unless.iter().flatten())
            .chain(conditions.flatten().map(|(pointer, _)| pointer))
            .chain(extracts.iter().map(|extract| &extract.from))
            .chain(counter.iter().flat_map(CounterRule::pointers))
            .chain(stream)
            .chain(payload)
            .chain(received)
            .chain(doubtful_times)
            .chain(snapshot.iter().flat_map(SnapshotRule::pointers))
            .chain(joins.iter().flat_map(JoinRule::pointers))
            .chain(parts.iter().flat_map(RecordPart::pointers));
        pointers.map(String::as_str)
    }
}

/// Whether several fields that a plan names for the column make one value together. Numbers, outcomes and times come
/// from the first field that is present.
fn is_joined(column: Column) -> bool {
    column == Column::CredentialUid || TEXTS.contains(&column)
}
