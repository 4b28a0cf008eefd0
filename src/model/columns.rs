/*! The evidence table's columns: the one list from which the Parquet schema, match keys and docs are made. */

/// The type of a column in Parquet and SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Microseconds since 1970 in UTC, as a timestamp.
    Time,
    /// UTF-8, dictionary encoded.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnDef {
    /// Which.
    pub column: Column,
    /// Its name in Parquet, SQL and plans.
    pub name: &'static str,
    /// Its type.
    pub ty: ColumnType,
    /// May it be null?
    pub nullable: bool,
    /// What it is to a plan.
    pub role: Role,
    /// What it means.
    pub meaning: &'static str,
}

macro_rules! columns {
    ($($variant:ident $name:literal $ty:ident $nullable:literal $role:ident $meaning:literal;)*) => {
        /// A column of the evidence table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Column { $(#[doc = $meaning] $variant,)* }

        /// All columns, in the order of the table.
        pub const COLUMNS: &[ColumnDef] = &[$(ColumnDef {
            column: Column::$variant, name: $name, ty: ColumnType::$ty, nullable: $nullable,
            role: Role::$role, meaning: $meaning,
        },)*];
    };
}

columns! {
    EventTime "event_time" Time false Mapped "When it happened, in UTC.";
    EventTimeBasis "event_time_basis" Text false Computed "How well the time is known: exact, `zone_assumed`, coarse.";
    EventTimeEnd "event_time_end" Time true Computed "The end of the interval, of a coarse time.";
    EventId "event_id" Text true Mapped "The source's own unique id.";
    Stream "stream" Text false Computed "The stream the record came from.";
    EarliestUs "earliest_us" I64 false Computed "The start of the time, in microseconds since 1970.";
    LatestUs "latest_us" I64 false Computed "The end of the time, in microseconds since 1970.";
    Input "input" U32 false Computed "The number of the input.";
    Record "record" U64 false Computed "The number of the record in its input, from 1.";
    Offset "offset" U64 false Computed "The first byte of the record in the uncompressed stream.";
    Length "length" U32 false Computed "The bytes of the record.";
    EvidenceLayer "evidence_layer" Text false Computed "configuration, runtime or behavior.";
    Kind "kind" Text false Mapped "auth, work, lookup, job, start, stop, refresh, declare.";
    ConsumerClass "consumer_class" Text true Computed "The consumer class; null is unattributed.";
    ClassBasis "class_basis" Text false Computed "matched, ambiguous or none.";
    ServiceName "service_name" Text true Hint "The service or workload.";
    ServiceInstanceId "service_instance_id" Text true Hint "The running copy: pod, container, process.";
    InstanceStartTime "instance_start_time" Time true Mapped "When that copy started.";
    HostName "host_name" Text true Hint "The host.";
    Environment "environment" Text true Hint "The deployment environment.";
    Principal "principal" Text true Hint "The user, role or account.";
    ClientAddress "client_address" Text true Hint "The address of the caller.";
    UserAgent "user_agent" Text true Hint "The caller's software.";
    Action "action" Text true Hint "What was called.";
    Route "route" Text true Hint "Which path the work took.";
    CredentialUid "credential_uid" Text true Hint "The marker as logged, masked where it is secret-like.";
    CredentialVersion "credential_version" Text true Computed "The version of the plan.";
    CredentialState "credential_state" Text false Computed "old, new or unknown.";
    CredentialBinding "credential_binding" Text false Computed "direct, derived, inferred or none.";
    Outcome "outcome" Text false Mapped "success, `auth_failure`, denied, failure or none.";
    Degraded "degraded" Bool false Mapped "Through a fallback or a weaker path.";
    ErrorType "error_type" Text true Hint "The error as the source names it.";
    JobId "job_id" Text true Hint "The job.";
    EnqueuedTime "enqueued_time" Time true Mapped "When the job was queued.";
    Attempt "attempt" U32 true Mapped "Which attempt of the job.";
    TraceId "trace_id" Text true Hint "The request.";
    DurationMs "duration_ms" F64 true Mapped "How long the work took, in milliseconds.";
    Size "size" F64 true Mapped "How much the work gave: bytes, tokens, rows.";
    Count "count" U64 false Mapped "How many occurrences the row stands for.";
    InstanceStartUs "instance_start_us" I64 true Computed "When that copy started, in microseconds since 1970.";
    EnqueuedUs "enqueued_us" I64 true Computed "When the job was queued, in microseconds since 1970.";
    EvidenceRow "evidence_row" I64 false Computed "The row's position in the table's order, from 0.";
}

impl Column {
    /// The column of that name.
    pub fn named(name: &str) -> Option<Self> {
        COLUMNS.iter().find(|def| def.name == name).map(|def| def.column)
    }

    /// Its definition.
    pub fn def(self) -> &'static ColumnDef {
        &COLUMNS[self as usize]
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.def().name
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
}
