/*! Sealed rows as the tables of a bundle: the evidence, and what stands beside it. */

use crate::model::columns::{COLUMNS, Column};
use crate::model::coverage::RejectRow;
use crate::model::{ClassId, VersionId};
use crate::scan::{Row, Sym, shown_uid, text_slot};

use super::grid::{Grid, Values};
use super::seal::Sealed;

/// The schema of the evidence table.
pub const EVIDENCE_SCHEMA: &str = "holdover.evidence/1";

/// Names that stand for numbers of the plan.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Of the classes.
    pub classes: Vec<String>,
    /// Of the versions.
    pub versions: Vec<String>,
}

impl Names {
    fn class(&self, class: Option<ClassId>) -> Option<String> {
        class.map(|class| self.classes[usize::from(class.0)].clone())
    }

    fn version(&self, version: Option<VersionId>) -> Option<String> {
        version.map(|version| self.versions[usize::from(version.0)].clone())
    }
}

/// The evidence table, column by column as `COLUMNS` lists them.
pub fn evidence(sealed: &Sealed, names: &Names) -> Grid {
    let mut grid = Grid::default();
    for def in COLUMNS {
        grid.push(def.name, values(sealed, names, def.column));
    }
    grid
}

fn values(sealed: &Sealed, names: &Names, column: Column) -> Values {
    let rows = &sealed.rows;
    let text = |of: &dyn Fn(&Row) -> Option<String>| Values::Text(rows.iter().map(of).collect());
    let word = |of: &dyn Fn(&Row) -> &'static str| {
        Values::Text(rows.iter().map(|row| Some(of(row).to_owned())).collect())
    };
    let time = |of: &dyn Fn(&Row) -> Option<i64>| Values::Time(rows.iter().map(of).collect());
    let whole = |of: &dyn Fn(&Row) -> Option<i64>| Values::I64(rows.iter().map(of).collect());
    let big =
        |of: &dyn Fn(&Row) -> u64| Values::U64(rows.iter().map(|row| Some(of(row))).collect());
    let small = |of: &dyn Fn(&Row) -> Option<u32>| Values::U32(rows.iter().map(of).collect());
    let real = |of: &dyn Fn(&Row) -> Option<f64>| Values::F64(rows.iter().map(of).collect());
    let symbol = |sym: Sym| sealed.text(sym).map(str::to_owned);
    match column {
        Column::EventTime => time(&|row| Some(row.when.at.0)),
        Column::EventTimeBasis => word(&|row| row.when.basis.word()),
        Column::EventTimeEnd => time(&|row| row.when.end.map(|end| end.0)),
        Column::Stream => text(&|row| symbol(row.stream)),
        Column::EarliestUs => whole(&|row| Some(row.when.earliest().0)),
        Column::LatestUs => whole(&|row| Some(row.when.latest().0)),
        Column::Input => small(&|row| Some(row.place.input.0)),
        Column::Record => big(&|row| row.place.record),
        Column::Offset => big(&|row| row.place.offset),
        Column::Length => small(&|row| Some(row.place.length)),
        Column::EvidenceLayer => word(&|row| row.layer.word()),
        Column::Kind => word(&|row| row.kind.word()),
        Column::ConsumerClass => text(&|row| names.class(row.class)),
        Column::ClassBasis => word(&|row| row.basis.word()),
        Column::InstanceStartTime => time(&|row| row.instance_start.map(|start| start.0)),
        Column::InstanceStartUs => whole(&|row| row.instance_start.map(|start| start.0)),
        Column::CredentialUid => text(&|row| symbol(row.uid)),
        Column::CredentialVersion => text(&|row| names.version(row.version)),
        Column::CredentialState => word(&|row| row.state.word()),
        Column::CredentialBinding => word(&|row| row.binding.word()),
        Column::Outcome => word(&|row| row.outcome.word()),
        Column::Degraded => Values::Bool(rows.iter().map(|row| Some(row.degraded)).collect()),
        Column::EnqueuedTime => time(&|row| row.enqueued.map(|time| time.0)),
        Column::EnqueuedUs => whole(&|row| row.enqueued.map(|time| time.0)),
        Column::Attempt => small(&|row| row.attempt),
        Column::DurationMs => real(&|row| row.duration_ms),
        Column::Size => real(&|row| row.size),
        Column::Count => big(&|row| row.count),
        Column::EvidenceRow => Values::I64((0..).take(rows.len()).map(Some).collect()),
        column => {
            let slot = text_slot(column).expect("what is left are text columns");
            text(&|row| symbol(row.texts[slot]))
        }
    }
}

/// The tables beside the evidence, by name.
pub fn companions(sealed: &Sealed, names: &Names) -> Vec<(&'static str, Grid)> {
    vec![
        ("inputs", inputs(sealed)),
        ("coverage", coverage(sealed)),
        ("presence", presence(sealed, names)),
        ("rejects", rejects(sealed)),
        ("links", links(sealed)),
    ]
}

fn numbers(of: impl Iterator<Item = u64>) -> Values {
    Values::U64(of.map(Some).collect())
}

fn inputs(sealed: &Sealed) -> Grid {
    let all = &sealed.inputs;
    let text = |of: &dyn Fn(&crate::model::facts::Input) -> Option<String>| {
        Values::Text(all.iter().map(of).collect())
    };
    let mut grid = Grid::default();
    grid.push("input", Values::U32((0..).take(all.len()).map(Some).collect()));
    grid.push("path", text(&|input| Some(input.path.clone())));
    grid.push("bytes", numbers(all.iter().map(|input| input.bytes)));
    grid.push("sha256", text(&|input| input.sha256.clone()));
    grid.push("format", text(&|input| Some(input.format.clone())));
    grid.push("profile", text(&|input| Some(input.profile.clone())));
    grid.push("records", numbers(all.iter().map(|input| input.tally.records)));
    grid.push("evidence", numbers(all.iter().map(|input| input.tally.evidence)));
    grid.push("irrelevant", numbers(all.iter().map(|input| input.tally.irrelevant)));
    grid.push("rejected", numbers(all.iter().map(|input| input.tally.rejected)));
    grid.push("duplicate", numbers(all.iter().map(|input| input.tally.duplicate)));
    grid.push(
        "first_time",
        Values::Time(all.iter().map(|input| input.first_time.map(|time| time.0)).collect()),
    );
    grid.push(
        "last_time",
        Values::Time(all.iter().map(|input| input.last_time.map(|time| time.0)).collect()),
    );
    grid.push(
        "damage",
        text(&|input| {
            let what: Vec<&str> = input.damage.iter().map(|damage| damage.what.as_str()).collect();
            (!what.is_empty()).then(|| what.join("; "))
        }),
    );
    grid
}

fn coverage(sealed: &Sealed) -> Grid {
    let cells = || {
        sealed
            .streams
            .iter()
            .flat_map(|stream| stream.pulse.0.values().map(move |cell| (stream, cell)))
    };
    let mut grid = Grid::default();
    grid.push(
        "stream",
        Values::Text(cells().map(|(stream, _)| Some(stream.name.clone())).collect()),
    );
    grid.push("from", Values::Time(cells().map(|(_, cell)| Some(cell.first.0)).collect()));
    grid.push("to", Values::Time(cells().map(|(_, cell)| Some(cell.last.0)).collect()));
    grid.push("records", numbers(cells().map(|(_, cell)| cell.records)));
    grid
}

fn presence(sealed: &Sealed, names: &Names) -> Grid {
    let all = &sealed.presence;
    let stream =
        |id: crate::model::coverage::StreamId| Some(sealed.streams[id.0 as usize].name.clone());
    let mut grid = Grid::default();
    grid.push("stream", Values::Text(all.iter().map(|seen| stream(seen.stream)).collect()));
    grid.push(
        "consumer_class",
        Values::Text(all.iter().map(|seen| names.class(Some(seen.class))).collect()),
    );
    grid.push("instance", Values::Text(all.iter().map(|seen| seen.instance.clone()).collect()));
    grid.push("from", Values::Time(all.iter().map(|seen| Some(seen.from.0)).collect()));
    grid.push("to", Values::Time(all.iter().map(|seen| Some(seen.to.0)).collect()));
    grid.push("records", numbers(all.iter().map(|seen| seen.records)));
    grid
}

fn rejects(sealed: &Sealed) -> Grid {
    let all = &sealed.reject_rows;
    let text =
        |of: &dyn Fn(&RejectRow) -> Option<String>| Values::Text(all.iter().map(of).collect());
    let time = |of: &dyn Fn(&RejectRow) -> Option<i64>| Values::Time(all.iter().map(of).collect());
    let mut grid = Grid::default();
    grid.push("input", Values::U32(all.iter().map(|row| Some(row.place.input.0)).collect()));
    grid.push("stream", text(&|row| row.stream.clone()));
    grid.push("record", numbers(all.iter().map(|row| row.place.record)));
    grid.push("offset", numbers(all.iter().map(|row| row.place.offset)));
    grid.push("length", Values::U32(all.iter().map(|row| Some(row.place.length)).collect()));
    grid.push("reason", text(&|row| Some(row.reason.clone())));
    grid.push("detail", text(&|row| Some(row.detail.clone()).filter(|detail| !detail.is_empty())));
    grid.push("before", time(&|row| row.before.map(|time| time.0)));
    grid.push("after", time(&|row| row.after.map(|time| time.0)));
    grid.push("old_marker", Values::Bool(all.iter().map(|row| Some(row.old_marker)).collect()));
    grid.push("excerpt", text(&|row| Some(row.excerpt.clone())));
    grid
}

fn links(sealed: &Sealed) -> Grid {
    let all = &sealed.links;
    let mut grid = Grid::default();
    grid.push(
        "kind",
        Values::Text(all.iter().map(|link| Some(link.kind.word().to_owned())).collect()),
    );
    grid.push(
        "child",
        Values::Text(
            all.iter()
                .map(|link| Some(shown_uid(&link.child.replace('\u{1f}', "@")).into_owned()))
                .collect(),
        ),
    );
    grid.push(
        "parent",
        Values::Text(all.iter().map(|link| Some(shown_uid(&link.parent).into_owned())).collect()),
    );
    grid.push(
        "time",
        Values::Time(all.iter().map(|link| link.when.map(|when| when.at.0)).collect()),
    );
    grid.push("input", Values::U32(all.iter().map(|link| Some(link.place.input.0)).collect()));
    grid.push("record", numbers(all.iter().map(|link| link.place.record)));
    grid.push("offset", numbers(all.iter().map(|link| link.place.offset)));
    grid
}
