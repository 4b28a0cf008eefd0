/*! What the report stands on: streams, inputs, undeclared consumers, and each cited record. */

use super::shown::{or_dash, text, time};
use crate::model::decision::{CoverageView, LimitValue, UndeclaredView};
use crate::model::facts;
use crate::model::{Span, Timestamp};
use crate::report::{self, View, evidence_id};
use crate::safe::{clip, mask, mask_file, terminal};
use crate::wording::{self, count, number};

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

pub(super) fn undeclared(one: &UndeclaredView) -> UndeclaredRow {
    let hints = one
        .hints
        .iter()
        .map(|(name, value)| format!("{name} {}", clip(&text(&mask(value)), HINT_MAX)));
    UndeclaredRow {
        who: hints.collect::<Vec<_>>().join(", "),
        events: number(one.events),
        first: time(one.first),
        last: time(one.last),
        instances: number(one.instances),
        hours: number(one.hours),
        cadence: one.cadence.map_or_else(|| "–".to_owned(), wording::length),
        paste: text(&one.match_line),
    }
}

fn holes(all: &[Span]) -> String {
    if all.is_empty() {
        return "none".to_owned();
    }
    let shown = all.iter().take(HOLES_MAX);
    let mut shown: Vec<String> =
        shown.map(|hole| format!("{} to {}", time(hole.from), time(hole.to))).collect();
    let more = all.len().saturating_sub(HOLES_MAX) as u64;
    shown.extend((more > 0).then(|| format!("and {}", count(more, "more hole"))));
    shown.join("; ")
}

pub(super) fn coverage(one: &CoverageView) -> CoverageRow {
    let end = |at: Option<Timestamp>| at.map_or_else(|| "–".to_owned(), time);
    CoverageRow {
        stream: text(&one.stream),
        from: end(one.span.map(|span| span.from)),
        to: end(one.span.map(|span| span.to)),
        holes: holes(&one.holes),
        classes: or_dash(&one.classes),
    }
}

pub(super) fn accounting(view: &View<'_>) -> String {
    let of = view.decision.accounting;
    let inputs = count(view.decision.inputs.len(), "input");
    format!(
        "{} of {inputs}: {} evidence, {} irrelevant, {} rejected, {} duplicate. Every record is counted once: the sums balance for each input.",
        count(of.records, "record"),
        number(of.evidence),
        number(of.irrelevant),
        number(of.rejected),
        number(of.duplicate)
    )
}

/// The listed inputs, and how many more there are.
pub(super) fn inputs(view: &View<'_>) -> (Vec<InputRow>, Option<String>) {
    let all = &view.decision.inputs;
    let more = all.len().saturating_sub(INPUTS_MAX) as u64;
    let more = (more > 0).then(|| format!("and {}, listed in the JSON", count(more, "more input")));
    (all.iter().take(INPUTS_MAX).map(input).collect(), more)
}

fn path(raw: &str) -> String {
    terminal(&mask_file(raw)).into_owned()
}

fn input(one: &facts::Input) -> InputRow {
    let times = one.first_time.zip(one.last_time);
    let damage: Vec<String> = one.damage.iter().map(|damage| text(&damage.what)).collect();
    let profile = text(&one.profile);
    InputRow {
        path: path(&one.path),
        format: if profile.is_empty() {
            text(&one.format)
        } else {
            format!("{profile}: {}", text(&one.format))
        },
        bytes: number(one.bytes),
        records: number(one.tally.records),
        evidence: number(one.tally.evidence),
        irrelevant: number(one.tally.irrelevant),
        rejected: number(one.tally.rejected),
        duplicate: number(one.tally.duplicate),
        times: times.map_or_else(
            || "–".to_owned(),
            |(first, last)| format!("{} to {}", time(first), time(last)),
        ),
        digest: one
            .sha256
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
    let all = view.evidence.iter().enumerate();
    all.map(|(position, one)| cited(view, position, one)).collect()
}

fn cited(view: &View<'_>, position: usize, one: &report::CitedEvidence<'_>) -> EvidenceRow {
    let place = one.place.and_then(|place| {
        let file = path(view.path(place)?);
        Some(format!("{file}, record {}, byte {}", place.record, place.offset))
    });
    let read = one.place.and_then(|place| view.record(place));
    let record = read.and_then(|read| read.as_ref().ok());
    let lost = match read {
        Some(read) => read.as_ref().err().map(|lost| text(&wording::lost(lost))),
        None => Some("the records were not read again for this report".to_owned()),
    };
    EvidenceRow {
        id: evidence_id(position),
        time: one.time.map(time).unwrap_or_default(),
        says: text(one.says),
        place: place.unwrap_or_else(|| "no place".to_owned()),
        header: record.and_then(|record| record.header.as_deref()).map(text),
        record: record.map(|record| text(&record.text)),
        is_cut: record.is_some_and(|record| record.is_cut),
        lost,
    }
}
