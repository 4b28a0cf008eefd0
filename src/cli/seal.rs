/*! `holdover seal`: the parts of all listed inputs to a bundle, or the inputs that have to be scanned again. */

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::pipeline::{self, Error, Progress, Request, SealAnswer, SealQuestion};
use crate::wording::count;

use super::args::{SourceArgs, TaskArgs, nearest_plan};
use super::collect;
use super::exit::Exit;
use super::progress::ProgressDisplay;
use super::terminal::{Terminal, eprint, print};

#[derive(Debug, Args)]
pub(super) struct SealArgs {
    /// The plan of the rotation; without it, `holdover.toml` in this folder or in the nearest one above.
    #[arg(short, long, value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// Folders of parts, and bundles whose scans are added.
    #[arg(required = true, value_name = "PARTS")]
    parts: Vec<String>,
    /// The lines that `list` or `scan` printed: each input in them must have its part.
    #[arg(long, value_name = "FILE")]
    list: PathBuf,
    /// Write the bundle into this folder; an earlier bundle there is replaced.
    #[arg(short, long, value_name = "BUNDLE")]
    output: PathBuf,
    /// Write here what links taught, for the inputs to scan again.
    #[arg(long, value_name = "FILE")]
    learned: Option<PathBuf>,
    /// Scan such inputs here, at most this many times over; without it, the caller does.
    #[arg(long, value_name = "N", default_value_t = 0)]
    rounds: u16,
    #[command(flatten)]
    tasks: TaskArgs,
    #[command(flatten)]
    sources: SourceArgs,
}

pub(super) fn run(args: &SealArgs, terminal: Terminal) -> Result<Exit, Error> {
    let plan = args.plan.clone().map_or_else(nearest_plan, Ok)?;
    let (loaded, request) = args.sources.load(&plan, &args.parts)?;
    let request = Request { list: Some(args.list.clone()), ..request };
    let question = SealQuestion {
        bundle: &args.output,
        rounds: usize::from(args.rounds),
        task_bytes: args.tasks.task_bytes,
    };
    let progress = Arc::new(Progress::default());
    let display = ProgressDisplay::start(&progress, terminal);
    let answer = pipeline::seal(&loaded, question, &request, &progress);
    drop(display);
    match answer? {
        SealAnswer::Sealed(counts) => {
            print(collect::text(&counts).as_bytes())?;
            Ok(Exit::Ready)
        }
        SealAnswer::Again { list, inputs, learned } => {
            if let Some(file) = &args.learned {
                pipeline::write_learned(file, &learned)?;
            }
            eprint(&format!(
                "holdover: {} to be scanned again with `scan --learned FILE`, since links were found that explain ids in \
                 them; the lines of these inputs are on stdout, and there is no bundle yet",
                count(inputs, "input")
            ));
            print(list.as_bytes())?;
            Ok(Exit::Inconclusive)
        }
    }
}
