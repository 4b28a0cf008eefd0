/*! `holdover list`: what there is to scan, as lines of JSON. */

use std::path::PathBuf;

use clap::Args;

use crate::pipeline::{self, Error};

use super::args::{SourceArgs, TaskArgs, nearest_plan};
use super::exit::Exit;
use super::failure::usage;
use super::terminal::print;

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// The plan of the rotation; without it, `holdover.toml` in this folder or in the nearest one above.
    #[arg(short, long, value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// Files, folders or globs.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Lines that `scan` printed earlier: an input with the same path, size and time keeps its part.
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    #[command(flatten)]
    tasks: TaskArgs,
    #[command(flatten)]
    sources: SourceArgs,
}

/// What standard input cannot be.
pub(super) const NO_STDIN: &str =
    "standard input cannot be scanned by another process\n  help: name a file";

pub(super) fn run(args: &ListArgs) -> Result<Exit, Error> {
    if args.paths.iter().any(|path| path == "-") {
        return Ok(usage(NO_STDIN));
    }
    let plan = args.plan.clone().map_or_else(nearest_plan, Ok)?;
    let (_, request) = args.sources.load(&plan, &args.paths)?;
    let lines = pipeline::list(&request, args.tasks.task_bytes, args.known.as_deref())?;
    Ok(if print(lines.as_bytes())? { Exit::Ready } else { Exit::Failed })
}
