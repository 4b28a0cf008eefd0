/*! Damage: what of an input could not be read or not be understood. The words for people are made here alone, except
 * what decoders and the system say. The kind decides what helps.
 */

use super::Timestamp;

/// Bytes that could not be read, or not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// What happened, by what helps against it.
    pub kind: DamageKind,
    /// What happened, for people: `gzip stream ends early after 4096 bytes`.
    pub what: String,
    /// How many bytes of the uncompressed stream were read before it.
    pub offset: u64,
    /// The last dated record before it, in its input.
    pub after: Option<Timestamp>,
    /// Bytes that are in no record hold an old marker.
    pub old_marker: bool,
}

/// Kinds of damage, by what helps against it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DamageKind {
    /// The input ends early, holds bytes that cannot be decoded, or has old markers outside of its records.
    #[default]
    Incomplete,
    /// The input cannot be opened, or this version does not read what it is packed in.
    Unreadable,
    /// The input has no records, no record of a known format, or no record with a time.
    NotUnderstood,
    /// The cached scan of the input no longer holds, and the input was not given.
    Stale,
    /// A source of the plan matches no input.
    SourceWithoutInput,
}

const CHANGED_MEANWHILE: &str = "changed while being read";
const CHANGED_SINCE_LISTED: &str = "changed between listing and reading";

impl Damage {
    fn new(kind: DamageKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), offset: 0, after: None, old_marker: false }
    }

    /// In the words of what decodes the input.
    pub fn incomplete(what: impl Into<String>, offset: u64) -> Self {
        Self { offset, ..Self::new(DamageKind::Incomplete, what) }
    }

    /// In the words of the system, or of what opens the input.
    pub fn unreadable(why: impl Into<String>) -> Self {
        Self::new(DamageKind::Unreadable, why)
    }

    /// More archives inside each other than the limit.
    pub fn nested_archives(limit: usize) -> Self {
        Self::unreadable(format!("more than {limit} archives in each other"))
    }

    /// Archives in the archive are damaged.
    pub fn archives_inside(count: usize, first: &str) -> Self {
        Self::incomplete(
            format!("archives in it that are damaged: {count}, the first is `{first}`"),
            0,
        )
    }

    /// The input was written to during the run.
    pub fn changed_meanwhile(offset: u64) -> Self {
        Self::incomplete(CHANGED_MEANWHILE, offset)
    }

    /// The input is not the one that a list names: it was written to or replaced before it was read.
    pub fn changed_since_listed(offset: u64) -> Self {
        Self::incomplete(CHANGED_SINCE_LISTED, offset)
    }

    /// Is it damaged only because somebody wrote to it at that time?
    pub fn is_of_writing(&self) -> bool {
        [CHANGED_MEANWHILE, CHANGED_SINCE_LISTED].contains(&self.what.as_str())
    }

    /// Reading gave no record, and no other damage.
    pub fn no_records(offset: u64) -> Self {
        Self { offset, ..Self::new(DamageKind::NotUnderstood, "no records") }
    }

    /// No record has a known format. `closest` says which profile comes closest, if any.
    pub fn unknown_format(text_profiles: usize, closest: &str) -> Self {
        let what = format!(
            "no record has a known format: no JSON, no `key=value` pairs, no rows under a known header, and \
             none of {text_profiles} text profiles fits{closest}"
        );
        Self::new(DamageKind::NotUnderstood, what)
    }

    /// No record has a time. `help` says how to give it one.
    pub fn no_times(records: u64, help: &str) -> Self {
        let what = match records {
            1 => format!("its one record has no time that can be read{help}"),
            n => format!("none of its {n} records has a time that can be read{help}"),
        };
        Self::new(DamageKind::NotUnderstood, what)
    }

    /// An old marker in bytes that were skipped between records.
    pub fn old_marker_in_skipped(after: Option<Timestamp>) -> Self {
        let what = "bytes in no record hold an old marker";
        Self { after, old_marker: true, ..Self::incomplete(what, 0) }
    }

    /// An old marker in the bytes around all records, such as the head of a JSON document.
    pub fn old_marker_around(after: Option<Timestamp>) -> Self {
        let what = "bytes around the records hold an old marker";
        Self { after, old_marker: true, ..Self::incomplete(what, 0) }
    }

    /// Scanning again always gave new links, up to the limit of rounds.
    pub fn endless_links(rounds: usize) -> Self {
        Self::incomplete(format!("links between ids did not settle in {rounds} rounds"), 0)
    }

    /// Links of other inputs change what the cached scan would give today.
    pub fn stale_by_links() -> Self {
        let what =
            "links found in other inputs since then change what its records mean: give it again";
        Self::new(DamageKind::Stale, what)
    }

    /// The cached scan was made under another plan, other profiles or by another version.
    pub fn stale_by_plan() -> Self {
        let what =
            "it was read under another plan, other profiles or by another version: give it again";
        Self::new(DamageKind::Stale, what)
    }

    /// The plan promises a source, by its number from 1, and no input is of it.
    pub fn source_without_input(number: usize) -> Self {
        let what = format!("no input matches source {number} of the plan");
        Self::new(DamageKind::SourceWithoutInput, what)
    }
}
