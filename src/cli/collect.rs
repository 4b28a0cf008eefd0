/*! `holdover collect`: add the evidence of exports to a bundle, run after run. */

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::pipeline::{self, Error, InputCounts, Progress};
use crate::safe::{mask_file, terminal};
use crate::wording::{count, number};

use super::args::{PlanArgs, SourceArgs};
use super::exit::Exit;
use super::progress::ProgressDisplay;
use super::terminal::{Terminal, print};

/// At most this many stale inputs are named.
const NAMED_MAX: usize = 20;

#[derive(Debug, Args)]
pub(super) struct CollectArgs {
    #[command(flatten)]
    plan: PlanArgs,
    /// Write the bundle into this folder: a new one, or the bundle of an earlier run.
    #[arg(short, long, value_name = "BUNDLE")]
    output: PathBuf,
    #[command(flatten)]
    sources: SourceArgs,
}

pub(super) fn run(args: &CollectArgs, terminal: Terminal) -> Result<Exit, Error> {
    let (loaded, request) = args.plan.load(&args.sources)?;
    let progress = Arc::new(Progress::default());
    let display = ProgressDisplay::start(&progress, terminal);
    let counts = pipeline::add(&loaded, &request, &args.output, &progress);
    drop(display);
    let counts = counts?;
    // What is stale is no progress.
    if !terminal.quiet || !counts.stale.is_empty() {
        print(text(&counts).as_bytes())?;
    }
    Ok(Exit::Ready)
}

pub(super) fn text(counts: &InputCounts) -> String {
    let mut text = format!(
        "{}: {} read, {} known from before\n",
        count(counts.read + counts.known, "input"),
        number(counts.read),
        number(counts.known),
    );
    if counts.stale.is_empty() {
        return text;
    }
    let stale = count(counts.stale.len(), "input");
    let _infallible = writeln!(text, "{stale} stale, so a report cannot decide until given again:");
    for path in counts.stale.iter().take(NAMED_MAX) {
        let _infallible = writeln!(text, "  {}", terminal(&mask_file(path)));
    }
    if let Some(more @ 1..) = counts.stale.len().checked_sub(NAMED_MAX) {
        let _infallible = writeln!(text, "  and {more} more");
    }
    text
}
