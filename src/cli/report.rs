/*! `holdover report`: decide whether the old version may be revoked. */

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::model::Timestamp;
use crate::pipeline::{self, Error, Progress, Request};
use crate::report::{FORMATS, Format, Needs, format_named};

use super::args::{DigestArg, PlanArgs, ReadingArgs, time};
use super::exit::Exit;
use super::mistakes::mistakes;
use super::progress::ProgressDisplay;
use super::terminal::{Terminal, eprint, print};

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    #[command(flatten)]
    plan: PlanArgs,
    /// Write a bundle into this folder: evidence as Parquet, inputs with digests, and the report in each format.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Print the report in this format.
    #[arg(short, long, default_value = "text", value_parser = format_parser())]
    format: ReportFormat,
    /// Judge as of this time (RFC 3339); without it, as of the latest time of any record.
    #[arg(long, value_name = "TIME", value_parser = time)]
    as_of: Option<Timestamp>,
    /// End with 0 also when not ready or inconclusive.
    #[arg(long)]
    exit_zero: bool,
    /// Show all evidence of each finding.
    #[arg(short, long)]
    verbose: bool,
    /// Use ASCII letters and symbols only.
    #[arg(long)]
    ascii: bool,
    #[command(flatten)]
    reading: ReadingArgs,
}

/// A format of the table of formats, chosen by its name.
#[derive(Clone, Copy)]
struct ReportFormat(&'static dyn Format);

impl fmt::Debug for ReportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

fn format_parser() -> impl TypedValueParser<Value = ReportFormat> {
    let names = PossibleValuesParser::new(FORMATS.iter().map(|format| format.name()));
    names.try_map(|name| format_named(&name).map(ReportFormat).ok_or("not a format"))
}

pub(super) fn run(args: &ReportArgs, terminal: Terminal) -> Result<Exit, Error> {
    let (loaded, request) = args.plan.load(&args.reading.sources)?;
    let ReportFormat(format) = args.format;
    let keep = args.output.is_some();
    let request = Request {
        output: args.output.clone(),
        as_of: args.as_of,
        // A bundle holds the report in every format.
        needs: if keep { Needs::of(FORMATS) } else { Needs::of(&[format]) },
        digest: args.reading.digest == DigestArg::Sha256,
        keep,
        ..request
    };
    if let Some(folder) = &args.output {
        pipeline::may_save(folder, &request.paths)?;
    }
    let progress = Arc::new(Progress::default());
    let display = ProgressDisplay::start(&progress, terminal);
    let plan = loaded.plan.clone();
    let report = pipeline::report(loaded.plan, &request, &progress);
    drop(display);
    let report = report?;
    if !terminal.quiet {
        for mistake in mistakes(&plan, &report.decision, &request) {
            eprint(&mistake);
        }
    }
    if let Some(folder) = &args.output {
        pipeline::save(&report, &loaded.text, folder)?;
    }
    let mut bytes = Vec::new();
    format.render(&report.view(), terminal.options(args.verbose, args.ascii), &mut bytes)?;
    if !print(&bytes)? {
        // The reader closed the pipe before the whole report was written, so this must not be 0.
        return Ok(Exit::Failed);
    }
    Ok(if args.exit_zero { Exit::Ready } else { Exit::of(report.decision.verdict) })
}
