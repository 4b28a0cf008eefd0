/*! `holdover report`: decide whether the old version may be revoked. */

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args};

use crate::model::Timestamp;
use crate::model::decision::Verdict;
use crate::pipeline::{self, Error, Progress, Request};
use crate::report::{FORMATS, Format, Needs, PRINTED, TextOptions, format_named};

use super::args::{ReadingArgs, ZoneArgs, nearest_plan, time};
use super::exit::Exit;
use super::failure::usage;
use super::mistakes::mistakes;
use super::progress::ProgressDisplay;
use super::terminal::{Terminal, eprint, print};

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// The plan of the rotation; without it, `holdover.toml` in this folder or in the nearest one above. Given several
    /// times, each is judged, and the exit status is the worst.
    #[arg(short, long = "plan", value_name = "PLAN")]
    plans: Vec<PathBuf>,
    /// Files, folders, globs, `-` for stdin, bundles, or folders of parts with `--list`.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// A list of the inputs, where a path is a folder of parts: each listed input must have its part.
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Judge by the facts in this folder, which another engine computed with the queries over the evidence of the one
    /// bundle that is given. The report is the same.
    #[arg(long, value_name = "DIR", conflicts_with = "strict")]
    facts: Option<PathBuf>,
    /// Write a bundle into this folder: evidence as Parquet, inputs with digests, and the report in each format.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Print the report in this format.
    #[arg(short, long, visible_alias = "output-format", default_value = "text", value_parser = format_parser())]
    format: ReportFormat,
    /// Judge as of this time (RFC 3339); without it, as of the latest time of any record.
    #[arg(long, value_name = "TIME", value_parser = time)]
    as_of: Option<Timestamp>,
    /// End with 0 also when not ready or inconclusive.
    #[arg(long)]
    exit_zero: bool,
    /// Print the whole report and not only its first screen; given twice, with all evidence of each finding.
    #[arg(short, long, action = ArgAction::Count)]
    verbose: u8,
    /// Use ASCII letters and symbols only.
    #[arg(long)]
    ascii: bool,
    #[command(flatten)]
    zone: ZoneArgs,
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
    let formats = FORMATS.iter().chain(PRINTED);
    let names = PossibleValuesParser::new(formats.map(|format| format.name()));
    names.try_map(|name| format_named(&name).map(ReportFormat).ok_or("not a format"))
}

pub(super) fn run(args: &ReportArgs, terminal: Terminal) -> Result<Exit, Error> {
    let plans = match args.plans.as_slice() {
        [] => vec![nearest_plan()?],
        given => given.to_vec(),
    };
    if let Some(why) = cannot_judge_several(args).filter(|_| plans.len() > 1) {
        return Ok(usage(why));
    }
    let mut exit = Exit::Ready;
    let mut reports = Vec::new();
    for plan in &plans {
        let (verdict, bytes) = judge(args, plan, terminal)?;
        exit = worse(exit, Exit::of(verdict));
        reports.push(bytes);
    }
    let bytes = match (reports.len(), args.format.0.name()) {
        (1, _) => reports.concat(),
        (_, "json") => [b"[".as_slice(), &reports.join(b",".as_slice()), b"]\n"].concat(),
        _ => reports.join(b"\n".as_slice()),
    };
    if !print(&bytes)? {
        // The reader closed the pipe before the whole report was written, so this must not be 0.
        return Ok(Exit::Failed);
    }
    Ok(if args.exit_zero { Exit::Ready } else { exit })
}

/// What several plans do not go with.
fn cannot_judge_several(args: &ReportArgs) -> Option<&'static str> {
    if args.output.is_some() {
        return Some("several plans have no bundle in common\n  help: give `-o` with one plan");
    }
    let is_joined = ["text", "json", "md"].contains(&args.format.0.name());
    (!is_joined).then_some("reports of several plans are written as `text`, `json` or `md`")
}

/// Not ready is worse than inconclusive, and that than ready.
fn worse(one: Exit, other: Exit) -> Exit {
    match (one, other) {
        (Exit::NotReady, _) | (_, Exit::NotReady) => Exit::NotReady,
        (Exit::Ready, other) => other,
        (one, _) => one,
    }
}

/// The verdict of one plan, and its report.
fn judge(args: &ReportArgs, plan: &Path, terminal: Terminal) -> Result<(Verdict, Vec<u8>), Error> {
    let (loaded, request) = args.reading.sources.load(plan, &args.paths)?;
    let ReportFormat(format) = args.format;
    let keep = args.output.is_some();
    let request = Request {
        list: args.list.clone(),
        facts: args.facts.clone(),
        output: args.output.clone(),
        as_of: args.as_of,
        // A bundle holds the report in every format.
        needs: if keep { Needs::of(FORMATS) } else { Needs::of(&[format]) },
        digest: args.reading.digest.kind(),
        strict: args.reading.strict,
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
    let options = TextOptions {
        all_evidence: args.verbose > 1,
        ..terminal.options(args.verbose > 0, args.ascii, args.zone.timezone)
    };
    report.view().write(format, options, &mut bytes)?;
    Ok((report.decision.verdict, bytes))
}
