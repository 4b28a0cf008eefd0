/*! What records without rows say besides their times. Inputs of a folder say the same things, so what one said is kept
 * for the next: nothing of a statement depends on the input that it is in.
 */

use std::collections::HashMap;
use std::sync::Arc;

use super::digested::Lookup;
use super::text_outlines::TextOutlines;
use crate::ingest::decode::JsonOutlines;
use crate::limits;
use crate::model::{ClassId, Timestamp};

/// Numbers by bytes of records. Those who write logs may choose these, so each map hashes with keys of its own, which
/// they cannot know.
type RecordMap = HashMap<Box<[u8]>, usize, ahash::RandomState>;

/// What inputs of a folder said, and which records said it.
#[derive(Debug, Default)]
pub(super) struct KnownRecords {
    pub(super) statements: KnownStatements,
    pub(super) familiar: FamiliarKeys,
}

/// The records that are known at sight.
#[derive(Debug, Default)]
pub(super) struct FamiliarKeys {
    /// The outlines of the records of each reading.
    pub(super) outlines: Vec<(usize, JsonOutlines)>,
    pub(super) texts: TextOutlines,
    /// The numbers of the statements, by what counts in their records.
    pub(super) known: RecordMap,
}

/// Statements that were made, and their numbers.
#[derive(Debug, Default)]
pub(super) struct KnownStatements {
    /// By the bytes of their records that count.
    numbers: RecordMap,
    statements: Vec<Statement>,
    /// How many bytes there are.
    bytes: usize,
}

/// What records say that give no row.
#[derive(Debug)]
pub(super) struct Statement {
    /// The position of the reading of its records.
    pub(super) reading: usize,
    pub(super) instance: Option<NamedInstance>,
    /// The value that names their stream, if a field does.
    pub(super) stream: Option<Box<str>>,
    pub(super) classes: Vec<ClassId>,
    /// A stamp that is not its time, and too late to be true.
    pub(super) beyond: Option<Timestamp>,
    /// What was looked up among the links, by digests.
    pub(super) lookups: Vec<(Lookup, Arc<str>)>,
}

/// An instance as it is logged and as it is written.
#[derive(Debug)]
pub(super) struct NamedInstance {
    pub(super) logged: Box<str>,
    pub(super) masked: Arc<str>,
}

impl KnownRecords {
    /// About how much memory the layouts take.
    pub(super) fn memory_of_layouts(&self) -> usize {
        self.familiar.outlines.iter().map(|(_, outlines)| outlines.memory()).sum()
    }

    /// Forgets what was said, and keeps the layouts.
    pub(super) fn forget_statements(&mut self) {
        self.statements = KnownStatements::default();
        self.familiar.known = RecordMap::default();
    }

    /// Whether there is room for more, and little memory is taken.
    pub(super) fn may_be_kept(&self) -> bool {
        let keys = self.familiar.known.keys();
        let keys: usize = keys.map(|key| key.len() + size_of::<(Box<[u8]>, usize)>()).sum();
        self.statements.memory() + keys <= limits::KEPT_STATEMENTS_BYTES
            && self.statements.len() < limits::REPEATED_STATEMENTS
            && self.familiar.known.len() < limits::FAMILIAR_RECORDS
    }
}

impl KnownStatements {
    pub(super) fn len(&self) -> usize {
        self.statements.len()
    }

    /// About how much memory they take.
    fn memory(&self) -> usize {
        self.bytes + size_of_val(self.statements.as_slice())
    }

    /// The number of the statement of a record with these bytes.
    pub(super) fn number(&self, bytes: &[u8]) -> Option<usize> {
        self.numbers.get(bytes).copied()
    }

    /// The statement of this number.
    pub(super) fn statement(&self, number: usize) -> &Statement {
        &self.statements[number]
    }

    /// Adds a statement. The answer is its number.
    pub(super) fn add(&mut self, bytes: &[u8], statement: Statement) -> usize {
        let number = self.statements.len();
        self.bytes += bytes.len() + statement.memory();
        self.numbers.insert(bytes.into(), number);
        self.statements.push(statement);
        number
    }
}

impl Statement {
    fn memory(&self) -> usize {
        let instance = self.instance.as_ref();
        let instance = instance.map_or(0, |named| named.logged.len() + named.masked.len());
        let lookups = self.lookups.iter().map(|(_, digest)| size_of_val(digest) + digest.len());
        let stream = self.stream.as_ref().map_or(0, |stream| stream.len());
        instance + stream + size_of_val(self.classes.as_slice()) + lookups.sum::<usize>()
    }
}
