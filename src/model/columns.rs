/*! The columns of the evidence table: the list from which the Parquet schema, the values of a row, match keys and docs
 * are made.
 *
 * Each line says where the values of a column come from. A `text` column gets a place in the texts of a record and of
 * a row, a `measured` one a field of `Measured`. Both are then read, kept in bundles and written without another line
 * of code. A `computed` column is derived from a row in `table::evidence`, which does not compile until it says how.
 */

use super::Timestamp;

/// The type of a column in Parquet and SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Microseconds since 1970 in UTC, as a timestamp.
    Time,
    /// UTF-8, with a dictionary.
    Text,
    /// 64-bit signed.
    I64,
    /// 64-bit unsigned.
    U64,
    /// 32-bit unsigned.
    U32,
    /// Floating point.
    F64,
    /// True or false.
    Bool,
}

/// What a column is to a user's plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Computed by holdover.
    Computed,
    /// Filled from a field; `fields` may map it.
    Mapped,
    /// Filled from a field and matched on: `fields` may map it, `match` may name it.
    Hint,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct ColumnDef {
    /// The variant that code names the column by.
    pub column: Column,
    /// The name in Parquet, SQL and plans.
    pub name: &'static str,
    /// The type in Parquet and SQL.
    pub ty: ColumnType,
    /// May it be null?
    pub nullable: bool,
    /// What a user's plan may do with it.
    pub role: Role,
    /// Where its values come from.
    pub origin: Origin,
    /// What it means, in a sentence.
    pub meaning: &'static str,
}

/// Where the values of a column come from.
#[derive(Clone, Copy, Debug)]
pub enum Origin {
    /// From a row, by `table::evidence`.
    Computed(Computed),
    /// From a field, as text: the position in `TEXTS`.
    Text(usize),
    /// From a field, as a number or a time: a field of `Measured`.
    Measured(MeasuredField),
}

/// A field of `Measured`, by its type.
#[derive(Clone, Copy, Debug)]
pub enum MeasuredField {
    /// An instant.
    Time(Access<Timestamp>),
    /// A whole number.
    U32(Access<u32>),
    /// A larger whole number.
    U64(Access<u64>),
    /// A floating point number.
    F64(Access<f64>),
}

/// How one field of `Measured` is read and written.
#[derive(Clone, Copy, Debug)]
pub struct Access<T> {
    /// Reads the field.
    pub get: fn(&Measured) -> Option<T>,
    /// Writes the field.
    pub set: fn(&mut Measured, T),
}

impl MeasuredField {
    /// The value as 64 bits, which `set_bits` takes back unchanged.
    pub fn bits(self, measured: &Measured) -> Option<u64> {
        match self {
            Self::Time(field) => (field.get)(measured).map(|time| time.0.cast_unsigned()),
            Self::U32(field) => (field.get)(measured).map(u64::from),
            Self::U64(field) => (field.get)(measured),
            Self::F64(field) => (field.get)(measured).map(f64::to_bits),
        }
    }

    /// Writes what `bits` returned; false if the bits are not a value of this field.
    pub fn set_bits(self, measured: &mut Measured, bits: u64) -> bool {
        match self {
            Self::Time(field) => (field.set)(measured, Timestamp(bits.cast_signed())),
            Self::U32(field) => match u32::try_from(bits) {
                Ok(value) => (field.set)(measured, value),
                Err(_) => return false,
            },
            Self::U64(field) => (field.set)(measured, bits),
            Self::F64(field) => (field.set)(measured, f64::from_bits(bits)),
        }
        true
    }

    /// Is it a floating point number?
    pub fn is_float(self) -> bool {
        match self {
            Self::F64(_) => true,
            Self::Time(_) | Self::U32(_) | Self::U64(_) => false,
        }
    }
}

/// The type in memory of each `measured` column, by the name that the table below uses.
mod measured {
    pub(super) type Time = super::Timestamp;
    pub(super) type U32 = u32;
    pub(super) type U64 = u64;
    pub(super) type F64 = f64;
}

macro_rules! columns {
    ($(
        $(computed $computed:ident)? $(text $text:ident)? $(measured $measured:ident($field:ident))?
        $name:literal $ty:ident $nullable:literal $role:ident $meaning:literal;
    )*) => {
        /// A column of the evidence table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Column { $(#[doc = $meaning] $($computed)? $($text)? $($measured)?,)* }

        /// The columns that `table::evidence` derives from a row.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Computed { $($(#[doc = $meaning] $computed,)?)* }

        /// The position of each text column in `TEXTS`.
        enum Text { $($($text,)?)* }

        /// The position of each measured column in `MEASURED`.
        enum MeasuredIndex { $($($measured,)?)* }

        /// The text columns of a record, in the order of the table.
        pub const TEXTS: [Column; TEXT_COUNT] = [$($(Column::$text,)?)*];
        const TEXT_COUNT: usize = [$($(Text::$text,)?)*].len();

        /// What a record measures: numbers and times of its fields, carried as they are from the record to the table.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct Measured { $($(#[doc = $meaning] pub $field: Option<measured::$ty>,)?)* }

        impl Measured {
            /// None of it.
            pub const NOTHING: Self = Self { $($($field: None,)?)* };
        }

        /// The fields of `Measured` with their names, in the order of the table.
        pub const MEASURED: &[(&str, MeasuredField)] = &[$($(
            (stringify!($field), MeasuredField::$ty(Access {
                get: |measured| measured.$field,
                set: |measured, value| measured.$field = Some(value),
            })),
        )?)*];

        /// All columns, in the order of the table.
        pub const COLUMNS: &[ColumnDef] = &[$(ColumnDef {
            column: Column::$($computed)?$($text)?$($measured)?,
            name: $name,
            ty: ColumnType::$ty,
            nullable: $nullable,
            role: Role::$role,
            origin: $(Origin::Computed(Computed::$computed))? $(Origin::Text(Text::$text as usize))?
                $(Origin::Measured(MEASURED[MeasuredIndex::$measured as usize].1))?,
            meaning: $meaning,
        },)*];
    };
}

columns! {
    computed EventTime "event_time" Time false Mapped "When it happened, in UTC.";
    computed EventTimeBasis "event_time_basis" Text false Computed "How well the time is known: exact, `zone_assumed`, coarse.";
    computed EventTimeEnd "event_time_end" Time true Computed "The end of the interval, of a coarse time.";
    text EventId "event_id" Text true Mapped "The source's own unique id.";
    computed Stream "stream" Text false Computed "The log source that the record came from.";
    computed EarliestUs "earliest_us" I64 false Computed "The start of the time, in microseconds since 1970.";
    computed LatestUs "latest_us" I64 false Computed "The end of the time, in microseconds since 1970.";
    computed Input "input" U32 false Computed "The number of the input.";
    computed Record "record" U64 false Computed "The number of the record in its input, from 1.";
    computed Offset "offset" U64 false Computed "The first byte of the record in the uncompressed stream.";
    computed Length "length" U32 false Computed "The bytes of the record.";
    computed EvidenceLayer "evidence_layer" Text false Computed "configuration, runtime or behavior.";
    computed Kind "kind" Text false Mapped "auth, work, lookup, job, start, stop, open, close, refresh, declare.";
    computed ConsumerClass "consumer_class" Text true Computed "The consumer; null if no consumer of the plan matches.";
    computed ClassBasis "class_basis" Text false Computed "matched, ambiguous or none.";
    text ServiceName "service_name" Text true Hint "The service or workload.";
    text ServiceInstanceId "service_instance_id" Text true Hint "The running copy: pod, container, process.";
    measured InstanceStartTime(instance_start) "instance_start_time" Time true Mapped "When that copy started.";
    text HostName "host_name" Text true Hint "The host.";
    text Environment "environment" Text true Hint "The deployment environment.";
    text Principal "principal" Text true Hint "The user, role or account.";
    text ClientAddress "client_address" Text true Hint "The address of the caller.";
    text UserAgent "user_agent" Text true Hint "The caller's software.";
    text Action "action" Text true Hint "What was called.";
    text Route "route" Text true Hint "Which path the work took.";
    computed CredentialUid "credential_uid" Text true Hint "The marker as logged, masked where it is secret-like.";
    computed CredentialVersion "credential_version" Text true Computed "The version of the plan.";
    computed CredentialState "credential_state" Text false Computed "old, new or unknown.";
    computed CredentialBinding "credential_binding" Text false Computed "direct, derived, inferred or none.";
    computed Outcome "outcome" Text false Mapped "success, `auth_failure`, denied, failure or none.";
    computed Degraded "degraded" Bool false Mapped "Through a fallback or a weaker path.";
    text ErrorType "error_type" Text true Hint "The error as the source names it.";
    text JobId "job_id" Text true Hint "The job.";
    measured EnqueuedTime(enqueued) "enqueued_time" Time true Mapped "When the job was queued.";
    measured Attempt(attempt) "attempt" U32 true Mapped "Which attempt of the job.";
    text TraceId "trace_id" Text true Hint "The request.";
    text SessionId "session_id" Text true Mapped "The session or connection: ties its end to its opening.";
    measured Sequence(sequence) "sequence" U64 true Mapped "The running number that the source gives its records.";
    measured SampleRate(sample_rate) "sample_rate" F64 true Mapped "Of how many records this one is the sample.";
    measured DurationMs(duration_ms) "duration_ms" F64 true Mapped "How long the work took, in milliseconds.";
    measured Size(size) "size" F64 true Mapped "How much the work gave: bytes, tokens, rows.";
    computed Count "count" U64 false Mapped "How many occurrences the row stands for.";
    computed JobKey "job_key" Text true Computed "One job: its id if that is made to be unique, otherwise the id within its consumer.";
    computed InstanceStartUs "instance_start_us" I64 true Computed "When that copy started, in microseconds since 1970.";
    computed EnqueuedUs "enqueued_us" I64 true Computed "When the job was queued, in microseconds since 1970.";
    computed EvidenceRow "evidence_row" I64 false Computed "The row's position in the table's order, from 0.";
}

impl Column {
    /// The column with this name.
    pub fn named(name: &str) -> Option<Self> {
        COLUMNS.iter().find(|def| def.name == name).map(|def| def.column)
    }

    /// Its line in the list.
    pub const fn def(self) -> &'static ColumnDef {
        &COLUMNS[self as usize]
    }

    /// Its name in Parquet, SQL and plans.
    pub fn name(self) -> &'static str {
        self.def().name
    }
}

/// The position of a text column in `TEXTS`; none: its values are no texts of the record.
pub const fn text_slot(column: Column) -> Option<usize> {
    match column.def().origin {
        Origin::Text(slot) => Some(slot),
        Origin::Computed(_) | Origin::Measured(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (position, def) in COLUMNS.iter().enumerate() {
            assert_eq!(def.column as usize, position, "{}", def.name);
            assert_eq!(Column::named(def.name), Some(def.column));
        }
    }

    #[test]
    fn texts_have_the_position_that_their_origin_gives() {
        for (position, column) in TEXTS.into_iter().enumerate() {
            assert_eq!(text_slot(column), Some(position), "{}", column.name());
        }
        assert_eq!(text_slot(Column::Count), None);
    }

    #[test]
    fn measured_values_survive_as_bits() {
        let measured = Measured {
            instance_start: Some(Timestamp(-7)),
            attempt: Some(u32::MAX),
            size: Some(-0.0),
            ..Measured::default()
        };
        let mut copy = Measured::default();
        for (name, field) in MEASURED {
            if let Some(bits) = field.bits(&measured) {
                assert!(field.set_bits(&mut copy, bits), "{name}");
            }
        }
        assert_eq!(copy, measured);
        let (_, attempt) = MEASURED[MeasuredIndex::Attempt as usize];
        assert!(!attempt.set_bits(&mut copy, u64::MAX), "no 32 bits");
    }
}
