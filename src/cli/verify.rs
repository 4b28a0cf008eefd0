/*! `holdover verify`: check whether a report still holds. */

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::model::{DigestKind, Timestamp};
use crate::pipeline::{self, Error, Progress, Request};
use crate::report;

use super::args::{SourceArgs, TextOrJson, ZoneArgs, time};
use super::exit::Exit;
use super::terminal::print;

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The report as JSON, or the bundle that holds it.
    #[arg(value_name = "REPORT")]
    report: PathBuf,
    /// The exports as they are now: files, folders, globs; without any, those that the bundle was made of; if they are
    /// not here, only what the bundle keeps is checked.
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// The plan of the rotation; without it, the plan in the bundle.
    #[arg(short, long, value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// An in-toto statement (`report -f in-toto`) that must vouch for this report, its plan and its inputs. Check its
    /// signature with the tool that made it.
    #[arg(long, value_name = "FILE")]
    statement: Option<PathBuf>,
    /// Check as of this time (RFC 3339); without it, now.
    #[arg(long, value_name = "TIME", value_parser = time)]
    as_of: Option<Timestamp>,
    /// Print in this format.
    #[arg(short, long, visible_alias = "output-format", value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
    #[command(flatten)]
    zone: ZoneArgs,
    #[command(flatten)]
    sources: SourceArgs,
}

pub(super) fn run(args: &VerifyArgs) -> Result<Exit, Error> {
    let request = args.sources.request(args.paths.clone())?;
    let request = Request { as_of: args.as_of, digest: Some(DigestKind::Sha256), ..request };
    let progress = Arc::new(Progress::default());
    let given = (args.plan.as_deref(), args.statement.as_deref());
    let verified = pipeline::verify(&args.report, given, &request, &progress)?;
    let text = match args.format {
        TextOrJson::Json => format!("{:#}\n", report::verified::json(&verified)),
        TextOrJson::Text => report::verified::text(&verified, args.zone.timezone),
    };
    if !print(text.as_bytes())? {
        return Ok(Exit::Failed);
    }
    Ok(match (verified.newer_old_uses(), verified.holds()) {
        (1.., _) => Exit::NotReady,
        (0, false) => Exit::Inconclusive,
        // A report that holds permits a revocation only if it says ready.
        (0, true) => Exit::of(verified.verdict),
    })
}
