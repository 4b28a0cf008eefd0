/*! The tables of a bundle: the evidence, its companions, and the scans that a later run may reuse. */

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use crate::model::DigestKind;
use crate::model::coverage::{RejectRow, StreamId};
use crate::model::facts::Input;
use crate::model::hex;
use crate::safe;

use super::engine;
use super::engine_error::EngineError;
use super::evidence::{self, EVIDENCE_SCHEMA, PlanNames};
use super::parts::{self, CachedScan};
use super::plain_table::{PlainTable, Values};
use super::sealed::Sealed;

/// One table of a bundle, ready to be written.
#[derive(Debug)]
pub struct BundleTable<'a> {
    /// The name in SQL; the file is called `<name>.parquet`.
    pub name: &'static str,
    /// The schema and its version, which the file carries as metadata.
    schema: &'static str,
    content: TableContent<'a>,
}

/// Where the rows of a table come from. Those of large tables are made when they are written.
#[derive(Debug)]
enum TableContent<'a> {
    Evidence(&'a Sealed, &'a PlanNames),
    Companion(PlainTable),
    Scans(&'a [CachedScan]),
}

impl BundleTable<'_> {
    /// Writes the table as Parquet.
    pub(super) fn write(&self, out: impl Write) -> Result<(), EngineError> {
        match &self.content {
            TableContent::Evidence(sealed, names) => write_evidence(sealed, names, out),
            TableContent::Companion(table) => engine::write_parquet(table, self.schema, out),
            TableContent::Scans(scans) => {
                engine::write_groups(parts::columns(), parts::row_groups(scans), self.schema, out)
            }
        }
    }
}

/// A table that accompanies the evidence: one line of `COMPANIONS`.
struct Companion {
    name: &'static str,
    schema: &'static str,
    table: fn(&Sealed, &PlanNames) -> PlainTable,
}

const COMPANIONS: &[Companion] = &[
    Companion { name: "inputs", schema: "holdover.inputs/1", table: inputs },
    Companion { name: "coverage", schema: "holdover.coverage/1", table: coverage },
    Companion { name: "presence", schema: "holdover.presence/1", table: presence },
    Companion { name: "rejects", schema: "holdover.rejects/1", table: rejects },
    Companion { name: "links", schema: "holdover.links/1", table: links },
];

/// All tables of a bundle. Without cached scans there is no table of them.
pub fn bundle_tables<'a>(
    sealed: &'a Sealed,
    names: &'a PlanNames,
    cached: &'a [CachedScan],
) -> Vec<BundleTable<'a>> {
    let content = TableContent::Evidence(sealed, names);
    let evidence = BundleTable { name: "evidence", schema: EVIDENCE_SCHEMA, content };
    let companions = COMPANIONS.iter().map(|companion| BundleTable {
        name: companion.name,
        schema: companion.schema,
        content: TableContent::Companion((companion.table)(sealed, names)),
    });
    let parts = (!cached.is_empty()).then_some(BundleTable {
        name: parts::PARTS,
        schema: parts::PARTS_SCHEMA,
        content: TableContent::Scans(cached),
    });
    std::iter::once(evidence).chain(companions).chain(parts).collect()
}

fn write_evidence(sealed: &Sealed, names: &PlanNames, out: impl Write) -> Result<(), EngineError> {
    let groups = evidence::row_groups(sealed, names);
    engine::write_groups(evidence::columns(sealed, names), groups, EVIDENCE_SCHEMA, out)
}

/// The digest of `evidence.parquet` in a bundle of this evidence.
pub fn evidence_sha256(sealed: &Sealed, names: &PlanNames) -> Result<String, EngineError> {
    let mut digest = Digesting(Sha256::new());
    write_evidence(sealed, names, &mut digest)?;
    Ok(hex(&digest.0.finalize()))
}

/// Computes a digest of what is written to it.
struct Digesting(Sha256);

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn numbers(of: impl Iterator<Item = u64>) -> Values {
    Values::U64(of.map(Some).collect())
}

fn inputs(sealed: &Sealed, _names: &PlanNames) -> PlainTable {
    let inputs = &sealed.inputs;
    let text =
        |of: &dyn Fn(&Input) -> Option<String>| Values::Text(inputs.iter().map(of).collect());
    let time = |of: &dyn Fn(&Input) -> Option<i64>| Values::Time(inputs.iter().map(of).collect());
    let mut table = PlainTable::default();
    table.push("input", Values::U32((0..).take(inputs.len()).map(Some).collect()));
    table.push("path", text(&|input| Some(input.path.clone())));
    table.push("bytes", numbers(inputs.iter().map(|input| input.bytes)));
    for kind in DigestKind::ALL {
        let digits = |input: &Input| {
            let (of_input, digits) = DigestKind::of(input.digest.as_deref()?);
            (of_input == kind).then(|| digits.to_owned())
        };
        table.push(kind.name(), text(&digits));
    }
    table.push("format", text(&|input| Some(input.format.clone())));
    table.push("profile", text(&|input| Some(input.profile.clone())));
    table.push("records", numbers(inputs.iter().map(|input| input.tally.records)));
    table.push("evidence", numbers(inputs.iter().map(|input| input.tally.evidence)));
    table.push("irrelevant", numbers(inputs.iter().map(|input| input.tally.irrelevant)));
    table.push("rejected", numbers(inputs.iter().map(|input| input.tally.rejected)));
    table.push("duplicate", numbers(inputs.iter().map(|input| input.tally.duplicate)));
    table.push("first_time", time(&|input| input.first_time.map(|time| time.0)));
    table.push("last_time", time(&|input| input.last_time.map(|time| time.0)));
    table.push("damage", text(&damage));
    table
}

fn damage(input: &Input) -> Option<String> {
    let what: Vec<_> = input.damage.iter().map(|damage| safe::mask_text(&damage.what)).collect();
    (!what.is_empty()).then(|| what.join("; "))
}

fn coverage(sealed: &Sealed, _names: &PlanNames) -> PlainTable {
    let cells = || {
        sealed
            .streams
            .iter()
            .flat_map(|stream| stream.pulse.0.values().map(move |cell| (stream, cell)))
    };
    let mut table = PlainTable::default();
    table.push(
        "stream",
        Values::Text(cells().map(|(stream, _)| Some(stream.name.clone())).collect()),
    );
    table.push("from", Values::Time(cells().map(|(_, cell)| Some(cell.first.0)).collect()));
    table.push("to", Values::Time(cells().map(|(_, cell)| Some(cell.last.0)).collect()));
    table.push("records", numbers(cells().map(|(_, cell)| cell.records)));
    table
}

fn presence(sealed: &Sealed, names: &PlanNames) -> PlainTable {
    let spans = &sealed.presence;
    let stream = |id: StreamId| Some(sealed.streams[id.0 as usize].name.clone());
    let class = spans.iter().map(|span| Some(names.class(span.class).to_owned()));
    let mut table = PlainTable::default();
    table.push("stream", Values::Text(spans.iter().map(|span| stream(span.stream)).collect()));
    table.push("consumer_class", Values::Text(class.collect()));
    table.push("instance", Values::Text(spans.iter().map(|span| span.instance.clone()).collect()));
    table.push("from", Values::Time(spans.iter().map(|span| Some(span.from.0)).collect()));
    table.push("to", Values::Time(spans.iter().map(|span| Some(span.to.0)).collect()));
    table.push("records", numbers(spans.iter().map(|span| span.records)));
    table
}

fn rejects(sealed: &Sealed, _names: &PlanNames) -> PlainTable {
    let rejects = &sealed.reject_rows;
    let text =
        |of: &dyn Fn(&RejectRow) -> Option<String>| Values::Text(rejects.iter().map(of).collect());
    let time =
        |of: &dyn Fn(&RejectRow) -> Option<i64>| Values::Time(rejects.iter().map(of).collect());
    let small = |of: &dyn Fn(&RejectRow) -> u32| {
        Values::U32(rejects.iter().map(|reject| Some(of(reject))).collect())
    };
    let old_marker = rejects.iter().map(|reject| Some(reject.old_marker));
    let detail =
        |reject: &RejectRow| Some(reject.detail.clone()).filter(|detail| !detail.is_empty());
    let mut table = PlainTable::default();
    table.push("input", small(&|reject| reject.place.input.0));
    table.push("stream", text(&|reject| reject.stream.clone()));
    table.push("record", numbers(rejects.iter().map(|reject| reject.place.record)));
    table.push("offset", numbers(rejects.iter().map(|reject| reject.place.offset)));
    table.push("length", small(&|reject| reject.place.length));
    table.push("reason", text(&|reject| Some(reject.reason.clone())));
    table.push("detail", text(&detail));
    table.push("before", time(&|reject| reject.before.map(|time| time.0)));
    table.push("after", time(&|reject| reject.after.map(|time| time.0)));
    table.push("old_marker", Values::Bool(old_marker.collect()));
    table.push("excerpt", text(&|reject| Some(reject.excerpt.clone())));
    table
}

fn links(sealed: &Sealed, _names: &PlanNames) -> PlainTable {
    let links = &sealed.links;
    let kinds = links.iter().map(|link| Some(link.kind.word().to_owned()));
    // The key of a process holds its instance and its start, with a separator that nobody can read.
    let child = |child: &str| Some(child.replace('\u{1f}', "@"));
    let parent = |parent: &str| Some(parent.to_owned());
    let times = links.iter().map(|link| link.when.map(|when| when.at.0));
    let inputs = links.iter().map(|link| Some(link.place.input.0));
    let mut table = PlainTable::default();
    table.push("kind", Values::Text(kinds.collect()));
    table.push("child", Values::Text(links.iter().map(|link| child(&link.child)).collect()));
    table.push("parent", Values::Text(links.iter().map(|link| parent(&link.parent)).collect()));
    table.push("time", Values::Time(times.collect()));
    table.push("input", Values::U32(inputs.collect()));
    table.push("record", numbers(links.iter().map(|link| link.place.record)));
    table.push("offset", numbers(links.iter().map(|link| link.place.offset)));
    table
}
