/*! `holdover discover`: which credentials stand in exports, and who uses them. */

use std::fmt::Write;

use crate::model::Micros;
use crate::pipeline::{Answer, Discovery, Seen, Surveyed, User};
use crate::safe::terminal;
use crate::wording::{count, number};

use super::grid;

/// So many credentials, and so many users of each, are shown.
const SHOWN_MAX: usize = 20;
/// So many inputs that were not read are named.
const UNREAD_MAX: usize = 10;

/// What was found, for people.
pub(super) fn found(surveyed: &Surveyed, cell_max: Option<usize>) -> String {
    let found = &surveyed.discovery;
    let mut text = format!(
        "{} in {}; {} without one\n",
        count(found.credentials.len() as u64, "credential"),
        count(found.inputs, "input"),
        count(found.without, "record"),
    );
    for seen in found.credentials.iter().take(SHOWN_MAX) {
        text.push('\n');
        credential(&mut text, seen, cell_max);
    }
    if let Some(more @ 1..) = found.credentials.len().checked_sub(SHOWN_MAX) {
        let _infallible = writeln!(text, "\nand {more} more that were seen less often");
    }
    if found.beyond > 0 {
        let records = count(found.beyond, "record");
        let _infallible = writeln!(
            text,
            "\n{records} show more credentials and consumers than are kept: look at fewer inputs at a time"
        );
    }
    handover(&mut text, found);
    unread(&mut text, surveyed);
    text
}

fn credential(text: &mut String, seen: &Seen, cell_max: Option<usize>) {
    let uid = terminal(&seen.uid);
    let _infallible = writeln!(text, "{uid}  {}", count(seen.records, "record"));
    let rows = seen.users.iter().take(SHOWN_MAX).map(row).collect();
    let names =
        ["consumer", "named by", "records", "refused", "first", "last", "usual gap", "read as"];
    let columns = names.map(str::to_owned).to_vec();
    let answer = Answer { quoted: vec![true; columns.len()], columns, rows };
    for line in grid::aligned(&answer, cell_max).lines() {
        let _infallible = writeln!(text, "  {line}");
    }
    if let Some(more @ 1..) = seen.users.len().checked_sub(SHOWN_MAX) {
        let _infallible = writeln!(text, "  and {more} more consumers");
    }
}

fn row(user: &User) -> Vec<Option<String>> {
    let consumer = user.consumer.as_ref();
    vec![
        Some(consumer.map_or_else(|| "(not named)".to_owned(), |one| one.name.clone())),
        consumer.map(|one| one.by.name().to_owned()),
        Some(number(user.records)),
        Some(number(user.refused)),
        user.span.map(|(first, _)| first.rfc3339()),
        user.span.map(|(_, last)| last.rfc3339()),
        user.gaps.map(|(usual, _)| Micros::hours_minutes_up(usual)),
        Some(user.sources.iter().cloned().collect::<Vec<_>>().join(", ")),
    ]
}

fn handover(text: &mut String, found: &Discovery) {
    let Some(handover) = &found.handover else { return };
    let name = |position: usize| terminal(&found.credentials[position].uid).into_owned();
    let _infallible = writeln!(
        text,
        "\n`{}` seems to follow `{}`: {} used the one and later the other",
        name(handover.new),
        name(handover.old),
        count(handover.consumers as u64, "consumer"),
    );
}

fn unread(text: &mut String, surveyed: &Surveyed) {
    if surveyed.rejected > 0 {
        let rejected = count(surveyed.rejected, "record");
        let _infallible =
            writeln!(text, "\n{rejected} not understood: `holdover sources test` shows which");
    }
    if surveyed.unread.is_empty() {
        return;
    }
    text.push_str("\nnot read, or not whole:\n");
    for (path, what) in surveyed.unread.iter().take(UNREAD_MAX) {
        let _infallible = writeln!(text, "  {}: {}", terminal(path), terminal(what));
    }
    if let Some(more @ 1..) = surveyed.unread.len().checked_sub(UNREAD_MAX) {
        let _infallible = writeln!(text, "  and {more} more");
    }
}
