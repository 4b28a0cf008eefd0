/*! Evidence in lines: its place and what it says. What was printed once is named by its id after that. */

use std::collections::BTreeSet;

use super::layout::{columns, pad};
use super::page::{TextPage, Tone};
use crate::report::{CitedEvidence, View, evidence_id};

/// The evidence that the report has already printed, by position.
#[derive(Default)]
pub(super) struct Printed(BTreeSet<usize>);

impl Printed {
    /// Splits positions into those to print now and those that were printed before.
    pub(super) fn split(&mut self, positions: &[usize]) -> (Vec<usize>, Vec<usize>) {
        positions.iter().partition(|position| self.0.insert(**position))
    }
}

/// One line for each piece of evidence if all of them fit; otherwise what it says is below its place.
pub(super) fn write(page: &mut TextPage, view: &View<'_>, indent: usize, positions: &[usize]) {
    let lines: Vec<_> = positions.iter().filter_map(|n| Line::new(page, view, *n)).collect();
    let id = lines.iter().map(|line| columns(&line.id)).max().unwrap_or(0) + 2;
    let time = lines.iter().map(|line| columns(&line.time)).max().unwrap_or(0) + 2;
    let room = page.width().saturating_sub(indent + id + time);
    let place = lines.iter().map(|line| columns(&line.place)).max().unwrap_or(0) + 2;
    let one_line = lines.iter().all(|line| place + columns(&line.says) <= room);
    for line in &lines {
        let (id, time) = (pad(&line.id, id), pad(&line.time, time));
        if one_line {
            let place = pad(&line.place, place);
            let parts = [(Tone::Strong, id.as_str()), (Tone::Plain, &time), (Tone::Quiet, &place)];
            page.line(indent, &[&parts[..], &[(Tone::Plain, &line.says)]].concat());
            continue;
        }
        let place = page.path(&line.raw_path, room.saturating_sub(columns(&line.number)));
        let place = format!("{place}{}", line.number);
        page.line(indent, &[(Tone::Strong, &id), (Tone::Plain, &time), (Tone::Quiet, &place)]);
        page.para(indent + columns(&id), Tone::Plain, &line.says);
    }
}

/// The evidence that the ledger names and no finding printed.
pub(super) fn write_rest(page: &mut TextPage, view: &View<'_>, printed: &mut Printed) {
    let named = view.decision.classes.iter().flat_map(|row| {
        [row.last_old_use, row.first_new_success, row.last_new_success].into_iter().flatten()
    });
    let mut positions: Vec<_> = named.filter_map(|at| view.row(at)).collect();
    if page.all_evidence() {
        positions = (0..view.evidence.len()).collect();
    }
    let (rest, _) = printed.split(&positions);
    if !rest.is_empty() {
        page.heading("Evidence", "named in the ledger, not printed above");
        write(page, view, 2, &rest);
    }
}

struct Line {
    id: String,
    time: String,
    raw_path: String,
    number: String,
    place: String,
    says: String,
}

impl Line {
    fn new(page: &TextPage, view: &View<'_>, position: usize) -> Option<Self> {
        let cited: &CitedEvidence<'_> = view.evidence.get(position)?;
        let time = cited.time.map_or_else(|| "no time".to_owned(), |time| page.time(time));
        let raw_path = match cited.place {
            Some(place) => view.path(place).unwrap_or("an input not listed").to_owned(),
            None => "cannot be quoted".to_owned(),
        };
        let number = cited.place.map(|place| format!(":{}", place.record)).unwrap_or_default();
        let place = format!("{}{number}", page.path(&raw_path, 200));
        let says = page.value(cited.says);
        Some(Self { id: evidence_id(position), time, raw_path, number, place, says })
    }
}
