/*! `holdover sources`: list the known formats, and show how a file is read. */

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use clap::Subcommand;

use crate::diag;
use crate::pipeline::{self, Error, Inspection, Request};
use crate::profile::{Profile, builtin};
use crate::safe::terminal;
use crate::wording::{count, number};

use super::args::{now, user_profiles};
use super::exit::Exit;
use super::failure::usage;
use super::terminal::print;

/// At most this many fields that are not taken are listed.
const UNREAD_MAX: usize = 20;

#[derive(Debug, Subcommand)]
pub(super) enum SourcesCommand {
    /// List the profiles, the most specific first.
    List {
        /// Add the profiles in this folder.
        #[arg(long, value_name = "DIR")]
        profiles: Option<PathBuf>,
    },
    /// Print a built-in profile, to start your own from.
    Show {
        /// The name of the profile.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Show how files are read: the profile, the first records, and what was not understood.
    Test {
        /// Files, folders, globs, or `-` for stdin.
        #[arg(required = true, value_name = "FILE")]
        paths: Vec<String>,
        /// Add the profiles in this folder.
        #[arg(long, value_name = "DIR")]
        profiles: Option<PathBuf>,
    },
}

pub(super) fn run(command: SourcesCommand) -> Result<Exit, Error> {
    let text = match command {
        SourcesCommand::List { profiles } => {
            let profiles = user_profiles(profiles.as_deref())?;
            list(profiles.as_deref().unwrap_or(builtin::profiles()))
        }
        SourcesCommand::Show { name } => match show(&name) {
            Some(text) => text.to_owned(),
            None => return Ok(unknown(&name)),
        },
        SourcesCommand::Test { paths, profiles } => {
            let profiles = user_profiles(profiles.as_deref())?;
            let request = Request { profiles, ..Request::new(paths, now()) };
            inspected(&pipeline::inspect(&request)?, &request)
        }
    };
    print(text.as_bytes())?;
    Ok(Exit::Ready)
}

fn unknown(name: &str) -> Exit {
    let near = diag::nearest(name, builtin::PROFILES.iter().map(|(name, _)| *name));
    let near = near.map_or_else(String::new, |near| format!("the nearest is `{near}`; "));
    let name = terminal(name);
    usage(&format!("no profile named `{name}`\n  help: {near}`holdover sources list` lists all"))
}

fn list(profiles: &[Profile]) -> String {
    let width = profiles.iter().map(|profile| profile.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for profile in profiles {
        let (name, title) = (terminal(&profile.name), terminal(&profile.title));
        let wraps = if profile.payload.is_some() { ", wraps others" } else { "" };
        let _infallible =
            writeln!(text, "{name:width$}  {title} ({}{wraps})", profile.layer.word());
    }
    text
}

fn show(name: &str) -> Option<&'static str> {
    builtin::PROFILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

fn inspected(inspections: &[Inspection], request: &Request) -> String {
    let mut text = String::new();
    for inspection in inspections {
        write_inspection(&mut text, inspection);
        text.push('\n');
    }
    let profiles = inspections.iter().flat_map(|inspection| inspection.profiles.keys());
    let names: BTreeSet<&str> = profiles.map(String::as_str).collect();
    for (profile, spots) in pipeline::blind_spots(request, &names) {
        for spot in spots {
            let _infallible =
                writeln!(text, "{} never records: {}", terminal(&profile.name), terminal(spot));
        }
    }
    text
}

fn write_inspection(text: &mut String, inspection: &Inspection) {
    let mut line = |text_line: String| {
        text.push_str(terminal(&text_line).trim_end());
        text.push('\n');
    };
    line(format!(
        "{}: {}, {}",
        inspection.path,
        inspection.format,
        count(inspection.records, "record")
    ));
    for damage in &inspection.damage {
        line(format!("  damaged     {damage}"));
    }
    let listed = |counts: &mut dyn Iterator<Item = (String, u64)>| {
        counts.map(|(name, n)| format!("{name} ({})", number(n))).collect::<Vec<_>>().join(", ")
    };
    if !inspection.profiles.is_empty() {
        let names = listed(&mut inspection.profiles.iter().map(|(name, n)| (name.clone(), *n)));
        line(format!("  read as     {names}"));
        let span =
            inspection.span.map_or_else(String::new, |(from, to)| format!(", {from} to {to}"));
        let of = number(inspection.records);
        line(format!("  time        {} of {of}{span}", number(inspection.dated)));
        line(format!("  credential  {} of {of}", number(inspection.credentials)));
        let outcomes =
            listed(&mut inspection.outcomes.iter().map(|(word, n)| ((*word).to_owned(), *n)));
        line(format!("  outcome     {outcomes}"));
    }
    if !inspection.unknown_words.is_empty() {
        let words =
            listed(&mut inspection.unknown_words.iter().map(|(word, n)| (word.clone(), *n)));
        line(format!("  not known   outcome words {words}: map them with `outcomes`"));
    }
    if !inspection.rejected.is_empty() {
        let reasons =
            listed(&mut inspection.rejected.iter().map(|(reason, n)| (reason.clone(), *n)));
        line(format!("  not read    {reasons}"));
        for reject in &inspection.rejects {
            line(format!("    {}: {}: {}", reject.record, reject.reason, reject.excerpt));
        }
    }
    for text_line in not_taken(inspection) {
        line(text_line);
    }
    for record in &inspection.first {
        line(format!("  record {}, {}", record.record, record.profile));
        for (column, value) in &record.columns {
            line(format!("    {column:20} {value}"));
        }
    }
}

/// The fields that no profile takes, and a source of a plan that would.
fn not_taken(inspection: &Inspection) -> Vec<String> {
    let fields = inspection.unread.iter().take(UNREAD_MAX).map(|field| {
        let (pointer, column) = (&field.pointer, field.column.name());
        let records = count(field.records, "record");
        format!("  not taken   {pointer} in {records}, may be {column}: {}", field.example)
    });
    let mut lines: Vec<String> = fields.collect();
    if let Some(draft) = &inspection.draft {
        lines.push("  a source that would read more of it, for the plan:".to_owned());
        lines.extend(draft.text.lines().map(|drafted| format!("    {drafted}")));
        let of = number(inspection.records);
        lines.push(format!(
            "  with it     time {} of {of}, credential {} of {of}, outcome {} of {of}",
            number(draft.dated),
            number(draft.credentials),
            number(draft.outcomes)
        ));
    }
    lines
}
