/*! `holdover discover`: list the credentials in exports and who uses them. */

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;

use crate::pipeline::{
    self, Answer, CredentialUser, DiscoveredCredential, Discovery, Error, Request, Survey,
};
use crate::safe::{self, terminal};
use crate::wording::{count, length_up, number};

use super::args::{now, user_profiles};
use super::exit::Exit;
use super::grid;
use super::terminal::{Terminal, eprint, print};

/// At most this many credentials, and this many users of each, are listed.
const LISTED_MAX: usize = 20;
/// At most this many inputs that were not read are named.
const UNREAD_MAX: usize = 10;

#[derive(Debug, Args)]
pub(super) struct DiscoverArgs {
    /// Files, folders, globs, or `-` for stdin.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Draft a first plan in this new file; lines to check are marked.
    #[arg(long, value_name = "FILE")]
    write_plan: Option<PathBuf>,
    /// Add the profiles in this folder.
    #[arg(long, value_name = "DIR")]
    profiles: Option<PathBuf>,
}

pub(super) fn run(args: DiscoverArgs, terminal: Terminal) -> Result<Exit, Error> {
    let profiles = user_profiles(args.profiles.as_deref())?;
    let request = Request { profiles, ..Request::new(args.paths, now()) };
    let survey = pipeline::survey(&request)?;
    print(text(&survey, terminal.cell_max).as_bytes())?;
    let Some(path) = args.write_plan else { return Ok(Exit::Ready) };
    let Some(draft) = survey.draft() else {
        eprint("holdover: no credential was found, so there is no plan to draft");
        return Ok(Exit::NoInput);
    };
    pipeline::write_draft(&draft, &path)?;
    let file = path.display().to_string();
    let written = format!("\nwrote {}; check every line marked CONFIRM\n", safe::terminal(&file));
    print(written.as_bytes())?;
    Ok(Exit::Ready)
}

fn text(survey: &Survey, cell_max: Option<usize>) -> String {
    let found = &survey.discovery;
    let mut text = format!(
        "{} in {}; {} without a credential\n",
        count(found.credentials.len() as u64, "credential"),
        count(found.inputs, "input"),
        count(found.without, "record"),
    );
    for seen in found.credentials.iter().take(LISTED_MAX) {
        text.push('\n');
        credential(&mut text, seen, cell_max);
    }
    if let Some(more @ 1..) = found.credentials.len().checked_sub(LISTED_MAX) {
        let _infallible = writeln!(text, "\nand {more} more that were seen less often");
    }
    if found.beyond > 0 {
        let records = count(found.beyond, "record");
        let _infallible = writeln!(
            text,
            "\n{records} show more credentials and consumers than can be listed; give fewer inputs at a time"
        );
    }
    handover(&mut text, found);
    unread(&mut text, survey);
    text
}

fn credential(text: &mut String, seen: &DiscoveredCredential, cell_max: Option<usize>) {
    let uid = terminal(&seen.uid);
    let _infallible = writeln!(text, "{uid}  {}", count(seen.records, "record"));
    let rows = seen.users.iter().take(LISTED_MAX).map(row).collect();
    let names =
        ["consumer", "named by", "records", "refused", "first", "last", "usual gap", "read as"];
    let columns = names.map(str::to_owned).to_vec();
    let answer = Answer { quoted: vec![true; columns.len()], columns, rows };
    for line in grid::aligned(&answer, cell_max).lines() {
        let _infallible = writeln!(text, "  {line}");
    }
    if let Some(more @ 1..) = seen.users.len().checked_sub(LISTED_MAX) {
        let _infallible = writeln!(text, "  and {more} more consumers");
    }
}

fn row(user: &CredentialUser) -> Vec<Option<String>> {
    let consumer = user.consumer.as_ref();
    vec![
        Some(consumer.map_or_else(|| "(not named)".to_owned(), |consumer| consumer.name.clone())),
        consumer.map(|consumer| consumer.by.name().to_owned()),
        Some(number(user.records)),
        Some(number(user.refused)),
        user.span.map(|span| span.from.rfc3339()),
        user.span.map(|span| span.to.rfc3339()),
        user.gaps.map(|(usual, _)| length_up(usual)),
        Some(user.sources.iter().cloned().collect::<Vec<_>>().join(", ")),
    ]
}

fn handover(text: &mut String, found: &Discovery) {
    let Some(handover) = &found.handover else { return };
    let name = |position: usize| terminal(&found.credentials[position].uid).into_owned();
    let _infallible = writeln!(
        text,
        "\n`{}` seems to follow `{}`: {} used the one and then the other",
        name(handover.new),
        name(handover.old),
        count(handover.consumers as u64, "consumer"),
    );
}

fn unread(text: &mut String, survey: &Survey) {
    if survey.rejected > 0 {
        let rejected = count(survey.rejected, "record");
        let _infallible =
            writeln!(text, "\n{rejected} not understood: `holdover sources test` shows which");
    }
    if survey.unread.is_empty() {
        return;
    }
    text.push_str("\nnot read, or read in part:\n");
    for (path, what) in survey.unread.iter().take(UNREAD_MAX) {
        let _infallible = writeln!(text, "  {}: {}", terminal(path), terminal(what));
    }
    if let Some(more @ 1..) = survey.unread.len().checked_sub(UNREAD_MAX) {
        let _infallible = writeln!(text, "  and {more} more");
    }
}
