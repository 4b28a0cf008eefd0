/*! `holdover scan`: inputs to parts, for an engine or for several machines. */

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::pipeline::{self, Error, Progress, ScanQuestion};

use super::args::{SourceArgs, nearest_plan};
use super::exit::Exit;
use super::failure::usage;
use super::list::NO_STDIN;
use super::progress::ProgressDisplay;
use super::terminal::{Terminal, print};

#[derive(Debug, Args)]
pub(super) struct ScanArgs {
    /// The plan of the rotation; without it, `holdover.toml` in this folder or in the nearest one above.
    #[arg(short, long, value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// Files, folders or globs; without any, lines of a list are read from stdin.
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// Write the parts into this folder. It may hold parts already, and others may write to it.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// What `seal` learned of links, for inputs that it wants to be scanned again.
    #[arg(long, value_name = "FILE")]
    learned: Option<PathBuf>,
    #[command(flatten)]
    sources: SourceArgs,
}

pub(super) fn run(args: &ScanArgs, terminal: Terminal) -> Result<Exit, Error> {
    if args.paths.iter().any(|path| path == "-") {
        return Ok(usage(NO_STDIN));
    }
    let plan = args.plan.clone().map_or_else(nearest_plan, Ok)?;
    let (loaded, request) = args.sources.load(&plan, &args.paths)?;
    let list = if args.paths.is_empty() { Some(standard_input()?) } else { None };
    let question = ScanQuestion {
        list: list.as_deref(),
        learned: args.learned.as_deref(),
        folder: &args.output,
    };
    let progress = Arc::new(Progress::default());
    let display = ProgressDisplay::start(&progress, terminal);
    let lines = pipeline::scan(&loaded.plan, question, &request, &progress);
    drop(display);
    // Who counts these lines must not take a closed pipe for the end.
    Ok(if print(lines?.as_bytes())? { Exit::Ready } else { Exit::Failed })
}

fn standard_input() -> Result<String, Error> {
    let path = || "standard input".to_owned();
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|source| Error::FileUnread { path: path(), source })?;
    String::from_utf8(bytes).map_err(|_| Error::FileNotText { path: path() })
}
