/*! `holdover discover`: list the credentials in exports and who uses them. */

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;

use crate::model::columns::Column;
use crate::pipeline::{
    self, Answer, Choice, CredentialUser, Declared, DiscoveredCredential, Discovery, DraftTest,
    Error, FirstPlan, Issuer, NoChoice, Request, Survey,
};
use crate::plan::templates::unfilled;
use crate::safe::{self, terminal};
use crate::wording::{self, count, length_up, list, list_all, number};

use super::args::{now, user_profiles};
use super::exit::Exit;
use super::failure::usage;
use super::grid;
use super::terminal::{Terminal, eprint, print};

/// At most this many users of each credential are listed.
const LISTED_MAX: usize = 20;
/// At most this many inputs that were not read are named.
const UNREAD_MAX: usize = 10;

#[derive(Debug, Args)]
pub(super) struct DiscoverArgs {
    /// Files, folders, globs, or `-` for stdin.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Show only this credential, and draft the plan for it.
    #[arg(long, value_name = "OLD")]
    credential: Option<String>,
    /// The credential that replaces it.
    #[arg(long, value_name = "NEW", requires = "credential")]
    new: Option<String>,
    /// Draft a first plan in this new file, and test it on the inputs; lines to check are marked.
    #[arg(long, value_name = "FILE")]
    write_plan: Option<PathBuf>,
    /// Add the profiles in this folder.
    #[arg(long, value_name = "DIR")]
    profiles: Option<PathBuf>,
}

pub(super) fn run(args: DiscoverArgs, terminal: Terminal) -> Result<Exit, Error> {
    let profiles = user_profiles(args.profiles.as_deref())?;
    let request = Request { profiles, ..Request::new(args.paths, now()) };
    if let Some(path) = &args.write_plan {
        pipeline::may_draft(path)?;
    }
    let survey = pipeline::survey(&request)?;
    let choice = Choice { old: args.credential, new: args.new };
    print(text(&survey, &choice, terminal.cell_max).as_bytes())?;
    let Some(path) = args.write_plan else { return Ok(Exit::Ready) };
    match pipeline::first_plan(&request, survey, &choice)? {
        Ok(FirstPlan { text, test }) => {
            pipeline::write_draft(&text, &path)?;
            let open = unfilled(&text).len();
            let written = format!(
                "\nwrote {}; check every line marked CONFIRM, and fill in {}\n{}",
                safe::terminal(&path.display().to_string()),
                count(open, "line"),
                tested(&test),
            );
            print(written.as_bytes())?;
            Ok(Exit::Ready)
        }
        Err(NoChoice::NothingFound) => {
            eprint("holdover: no credential was found that lasts, so there is no plan to draft");
            Ok(Exit::NoInput)
        }
        Err(NoChoice::Unseen(uid)) => {
            let uid = safe::terminal(&safe::mask(&uid)).into_owned();
            eprint(&format!(
                "holdover: no record holds `{uid}`, so there is no plan to draft\n  help: `holdover discover` without \
                 `--credential` lists what these records show"
            ));
            Ok(Exit::NoInput)
        }
        Err(NoChoice::Session(uid)) => {
            let uid = safe::terminal(&uid);
            Ok(usage(&format!(
                "`{uid}` was issued for a short time, and nobody rotates it\n  help: choose the key or role that \
                 issued it; `holdover discover` lists both"
            )))
        }
    }
}

fn text(survey: &Survey, choice: &Choice, cell_max: Option<usize>) -> String {
    let found = &survey.discovery;
    let mut text = format!(
        "{}{} in {}; {} without a credential\n",
        count(found.credentials.len() as u64, "credential"),
        match found.sessions.iter().map(|group| group.keys).sum::<usize>() {
            0 => String::new(),
            keys => format!(" and {} issued for a short time", number(keys)),
        },
        count(found.inputs.len(), "input"),
        count(found.without, "record"),
    );
    guessed(&mut text, survey);
    let asked: Vec<&str> =
        [&choice.old, &choice.new].into_iter().flatten().map(String::as_str).collect();
    handovers(&mut text, found, asked.is_empty());
    let is_asked = |seen: &&DiscoveredCredential| {
        asked.is_empty()
            || asked.iter().any(|name| [&*seen.uid, &*seen.marker].contains(name))
            || asked.iter().any(|name| safe::mask(name) == seen.uid)
    };
    let shown: Vec<&DiscoveredCredential> = found.credentials.iter().filter(is_asked).collect();
    for seen in shown.iter().filter(|seen| seen.records > 0) {
        text.push('\n');
        credential(&mut text, seen, cell_max);
    }
    unused(&mut text, &shown);
    if shown.is_empty() && !asked.is_empty() {
        text.push_str("\nno field that is read shows it: `--write-plan` drafts a plan for it by the fields that hold it, if any does\n");
    }
    sessions(&mut text, found);
    if found.beyond > 0 {
        let records = count(found.beyond, "record");
        let _infallible = writeln!(
            text,
            "\n{records} show more credentials and consumers than can be listed; give fewer inputs at a time"
        );
    }
    unread(&mut text, survey);
    text
}

/// The fields that are read as a credential by their name alone.
fn guessed(text: &mut String, survey: &Survey) {
    let fields: BTreeSet<&str> = survey
        .guessed
        .values()
        .flat_map(|source| &source.fields)
        .filter(|(column, _)| *column == Column::CredentialUid)
        .map(|(_, pointer)| pointer.as_str())
        .collect();
    if !fields.is_empty() {
        let fields: Vec<String> =
            fields.into_iter().map(|field| format!("`{}`", terminal(field))).collect();
        let _infallible = writeln!(
            text,
            "no field is known to show one; read as a guess by its name: {}",
            list_all(&fields, "and")
        );
    }
}

fn credential(text: &mut String, seen: &DiscoveredCredential, cell_max: Option<usize>) {
    let uid = terminal(&seen.uid);
    let _infallible = writeln!(text, "{uid}  {}", count(seen.records, "record"));
    if let Some(declared) = &seen.declared {
        let _infallible = writeln!(text, "  made, changed or listed{}", made(declared));
    }
    if seen.users.is_empty() {
        return;
    }
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

fn made(declared: &Declared) -> String {
    let at = declared.at.map_or_else(String::new, |at| format!(" at {}", at.rfc3339()));
    let by = declared.by.as_deref();
    let by = by.map_or_else(String::new, |by| format!(" with `{}`", terminal(by)));
    format!("{at}{by}")
}

/// The credentials that records name and nobody uses.
fn unused(text: &mut String, shown: &[&DiscoveredCredential]) {
    let unused: Vec<&&DiscoveredCredential> =
        shown.iter().filter(|seen| seen.records == 0).collect();
    if !unused.is_empty() {
        text.push_str("\nmade, changed or listed, and not used in any record:\n");
    }
    for seen in unused {
        let made = seen.declared.as_ref().map_or_else(String::new, made);
        let _infallible = writeln!(text, "  {}{made}", terminal(&seen.uid));
    }
}

fn row(user: &CredentialUser) -> Vec<Option<String>> {
    vec![
        Some(user.consumer.name.clone()),
        Some(user.consumer.by.map_or("file", Column::name).to_owned()),
        Some(number(user.records)),
        Some(number(user.refused)),
        user.span.map(|span| span.from.rfc3339()),
        user.span.map(|span| span.to.rfc3339()),
        user.gaps.map(|(usual, _)| length_up(usual)),
        Some(user.sources.iter().cloned().collect::<Vec<_>>().join(", ")),
    ]
}

fn handovers(text: &mut String, found: &Discovery, is_first_drafted: bool) {
    let name = |position: usize| terminal(&found.credentials[position].uid).into_owned();
    for (position, handover) in found.handovers.iter().enumerate() {
        let made = if handover.is_declared { ", and it was made with it" } else { "" };
        let _infallible = writeln!(
            text,
            "{}`{}` seems to follow `{}`: {} used the one and then the other{made}",
            if position == 0 { "\n" } else { "" },
            name(handover.new),
            name(handover.old),
            count(handover.consumers as u64, "consumer"),
        );
    }
    if found.handovers.len() > 1 && is_first_drafted {
        text.push_str("a plan is drafted for the first; `--credential OLD` chooses another\n");
    }
}

fn sessions(text: &mut String, found: &Discovery) {
    if !found.sessions.is_empty() {
        text.push_str("\nissued for a short time, by whom:\n");
    }
    for group in &found.sessions {
        let issuer = match &group.issuer {
            Issuer::Key(uid) => format!("of `{}`", terminal(uid)),
            Issuer::Named(name) => format!("of {}", terminal(name)),
            Issuer::Unknown => "of nobody who is named".to_owned(),
        };
        let span = group.span.map_or_else(String::new, |span| {
            format!(", {} to {}", span.from.rfc3339(), span.to.rfc3339())
        });
        let keys = count(group.keys, group.noun);
        let _infallible =
            writeln!(text, "  {keys} {issuer}: {}{span}", count(group.records, "record"));
    }
}

/// What the test of the draft found.
fn tested(result: &DraftTest) -> String {
    let mut text = String::from("tested on the same inputs:\n");
    let mut line = |what: &str, found: String| {
        let _infallible = writeln!(text, "  {what:<15} {found}");
    };
    let uses = result.in_class + result.ambiguous + result.outside;
    line("in one class", format!("{} of {}", number(result.in_class), count(uses, "use")));
    if result.ambiguous > 0 {
        line("in two classes", format!("{}: narrow their `match`", count(result.ambiguous, "use")));
    }
    if result.outside > 0 {
        line("in no class", format!("{}: add a consumer for them", count(result.outside, "use")));
    }
    for stray in &result.strays {
        let field = if stray.pointer.is_empty() { "their text" } else { &stray.pointer };
        let paths: Vec<&str> = stray.paths.iter().map(String::as_str).collect();
        line(
            "marker unread",
            format!(
                "in {} of {}, {}: `fields = {{ credential_uid = … }}` of a `[[source]]` reads it, `ignore` leaves it out",
                terminal(field),
                terminal(&list(&paths)),
                count(stray.records, "record"),
            ),
        );
    }
    for (reasons, records) in &result.not_understood {
        line(
            "not understood",
            format!("{} with the marker ({})", count(*records, "record"), terminal(reasons)),
        );
    }
    if result.is_clean() {
        line("left over", "nothing".to_owned());
    }
    line("verdict so far", wording::verdict(result.verdict).to_lowercase());
    text
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
    let groups = wording::alike(&survey.unread, |(_, what)| what);
    for ((path, what), of) in groups.iter().take(UNREAD_MAX) {
        let others = wording::first_of(*of, "input");
        let _infallible = writeln!(text, "  {others}{}: {}", terminal(path), terminal(what));
    }
    if let Some(more @ 1..) = groups.len().checked_sub(UNREAD_MAX) {
        let _infallible = writeln!(text, "  and {more} more");
    }
}
