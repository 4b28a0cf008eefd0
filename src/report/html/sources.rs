/*! What the report rests on: log sources, inputs, undeclared consumers, and each cited record. */

use super::texts::{or_dash, text, time};
use crate::model::decision::{CoverageView, LimitValue, UndeclaredView};
use crate::model::facts;
use crate::model::{Span, Timestamp};
use crate::report::{self, View, evidence_id};
use crate::safe::{clip, mask, mask_file, terminal};
use crate::wording::{self, Zone, count, number};

/// At most this many holes of a log source, and inputs, are listed; the JSON has all of them.
const HOLES_MAX: usize = 12;
const INPUTS_MAX: usize = 500;
/// The longest value of a hint that is shown.
const HINT_MAX: usize = 120;

pub(super) struct UndeclaredRow {
    pub who: String,
    pub events: String,
    pub first: String,
    pub last: String,
    pub instances: String,
    pub hours: String,
    pub cadence: String,
    pub paste: String,
}

pub(super) struct CoverageRow {
    pub stream: String,
    pub from: String,
    pub to: String,
    pub holes: String,
    pub classes: String,
}

pub(super) struct InputRow {
    pub path: String,
    pub format: String,
    pub bytes: String,
    pub records: String,
    pub evidence: String,
    pub irrelevant: String,
    pub rejected: String,
    pub duplicate: String,
    pub times: String,
    pub digest: String,
    pub damage: String,
}

pub(super) struct EvidenceRow {
    pub id: String,
    pub time: String,
    pub says: String,
    pub place: String,
    pub header: Option<String>,
    pub record: Option<String>,
    pub is_cut: bool,
    pub lost: Option<String>,
}

pub(super) fn undeclared(view: &View<'_>, consumer: &UndeclaredView) -> UndeclaredRow {
    let hints = consumer
        .hints
        .iter()
        .map(|(name, value)| format!("{name} {}", clip(&text(&mask(value)), HINT_MAX)));
    UndeclaredRow {
        who: hints.collect::<Vec<_>>().join(", "),
        events: number(consumer.events),
        first: time(view.zone, consumer.first),
        last: time(view.zone, consumer.last),
        instances: number(consumer.instances),
        hours: number(consumer.hours),
        cadence: consumer.cadence.map_or_else(|| "–".to_owned(), wording::length),
        paste: text(&consumer.match_line),
    }
}

fn holes_text(zone: Zone, holes: &[Span]) -> String {
    if holes.is_empty() {
        return "none".to_owned();
    }
    let listed = holes.iter().take(HOLES_MAX);
    let mut listed: Vec<String> = listed
        .map(|hole| format!("{} to {}", time(zone, hole.from), time(zone, hole.to)))
        .collect();
    let more = holes.len().saturating_sub(HOLES_MAX) as u64;
    listed.extend((more > 0).then(|| format!("and {}", count(more, "more hole"))));
    listed.join("; ")
}

pub(super) fn coverage(view: &View<'_>, stream: &CoverageView) -> CoverageRow {
    let end = |at: Option<Timestamp>| at.map_or_else(|| "–".to_owned(), |at| time(view.zone, at));
    CoverageRow {
        stream: text(&stream.stream),
        from: end(stream.span.map(|span| span.from)),
        to: end(stream.span.map(|span| span.to)),
        holes: holes_text(view.zone, &stream.holes),
        classes: or_dash(&stream.classes),
    }
}

pub(super) fn accounting(view: &View<'_>) -> String {
    let tally = view.decision.accounting;
    let inputs = count(view.decision.inputs.len(), "input");
    format!(
        "{} of {inputs}: {} evidence, {} irrelevant, {} rejected, {} duplicate. Every record is counted once: the sums balance for each input.",
        count(tally.records, "record"),
        number(tally.evidence),
        number(tally.irrelevant),
        number(tally.rejected),
        number(tally.duplicate)
    )
}

/// The listed inputs, and how many more there are.
pub(super) fn inputs(view: &View<'_>) -> (Vec<InputRow>, Option<String>) {
    let inputs = &view.decision.inputs;
    let more = inputs.len().saturating_sub(INPUTS_MAX) as u64;
    let more = (more > 0).then(|| format!("and {}, listed in the JSON", count(more, "more input")));
    (inputs.iter().take(INPUTS_MAX).map(|one| input(view.zone, one)).collect(), more)
}

fn path(raw: &str) -> String {
    terminal(&mask_file(raw)).into_owned()
}

fn input(zone: Zone, input: &facts::Input) -> InputRow {
    let times = input.first_time.zip(input.last_time);
    let damage: Vec<String> = input.damage.iter().map(|damage| text(&damage.what)).collect();
    let profile = text(&input.profile);
    InputRow {
        path: path(&input.path),
        format: if profile.is_empty() {
            text(&input.format)
        } else {
            format!("{profile}: {}", text(&input.format))
        },
        bytes: number(input.bytes),
        records: number(input.tally.records),
        evidence: number(input.tally.evidence),
        irrelevant: number(input.tally.irrelevant),
        rejected: number(input.tally.rejected),
        duplicate: number(input.tally.duplicate),
        times: times.map_or_else(
            || "–".to_owned(),
            |(first, last)| format!("{} to {}", time(zone, first), time(zone, last)),
        ),
        digest: input
            .digest
            .clone()
            .unwrap_or_else(|| "none, so it cannot be verified later".to_owned()),
        damage: if damage.is_empty() { "–".to_owned() } else { damage.join("; ") },
    }
}

pub(super) fn limits(view: &View<'_>) -> Vec<(&'static str, String)> {
    let limits = view.decision.rotation.limits.iter().map(|(name, value)| {
        let value = match value {
            LimitValue::Number(number) => number.to_string(),
            LimitValue::Count(count) => number(*count),
            LimitValue::Length(text) => text.clone(),
            LimitValue::Flag(flag) => flag.to_string(),
        };
        (*name, value)
    });
    limits.collect()
}

pub(super) fn evidence(view: &View<'_>) -> Vec<EvidenceRow> {
    let evidence = view.evidence.iter().enumerate();
    evidence.map(|(position, cited)| evidence_row(view, position, cited)).collect()
}

fn evidence_row(
    view: &View<'_>,
    position: usize,
    cited: &report::CitedEvidence<'_>,
) -> EvidenceRow {
    let place = cited.place.and_then(|place| {
        let file = path(view.path(place)?);
        Some(format!("{file}, record {}, byte {}", place.record, place.offset))
    });
    let read = cited.place.and_then(|place| view.record(place));
    let record = read.and_then(|read| read.as_ref().ok());
    let lost = match read {
        Some(read) => read.as_ref().err().map(|lost| text(&wording::lost(lost))),
        None => Some("the records were not read again for this report".to_owned()),
    };
    EvidenceRow {
        id: evidence_id(position),
        time: cited.time.map(|at| time(view.zone, at)).unwrap_or_default(),
        says: text(cited.says),
        place: place.unwrap_or_else(|| "no place".to_owned()),
        header: record.and_then(|record| record.header.as_deref()).map(text),
        record: record.map(|record| text(&record.text)),
        is_cut: record.is_some_and(|record| record.is_cut),
        lost,
    }
}
