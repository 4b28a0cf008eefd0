/*! `holdover during`: which instance is on what while a rotation goes wrong, and what to restart first. */

use std::sync::Arc;

use clap::Args;

use crate::model::{Duration, Timestamp};
use crate::pipeline::{self, DuringQuestion, Error, Progress};
use crate::safe::with_names;
use crate::{plan, report};

use super::args::{PlanArgs, SourceArgs, TextOrJson, ZoneArgs, time};
use super::exit::Exit;
use super::progress::ProgressDisplay;
use super::terminal::{Terminal, print};

#[derive(Debug, Args)]
pub(super) struct DuringArgs {
    #[command(flatten)]
    plan: PlanArgs,
    /// Attempts up to this long before the last record are recent.
    #[arg(long, value_name = "LENGTH", default_value = "15m", value_parser = plan::parse_length)]
    last: Duration,
    /// The old version has leaked: show what breaks if it is revoked this minute, and what to move first.
    #[arg(long)]
    leaked: bool,
    /// Answer as of this time (RFC 3339); without it, as of the latest time of any record.
    #[arg(long, value_name = "TIME", value_parser = time)]
    as_of: Option<Timestamp>,
    /// Print in this format.
    #[arg(
        short,
        long,
        visible_alias = "output-format",
        value_enum,
        default_value_t = TextOrJson::Text
    )]
    format: TextOrJson,
    /// List every instance.
    #[arg(short, long)]
    verbose: bool,
    /// Use ASCII letters and symbols only.
    #[arg(long)]
    ascii: bool,
    #[command(flatten)]
    zone: ZoneArgs,
    #[command(flatten)]
    sources: SourceArgs,
}

pub(super) fn run(args: &DuringArgs, terminal: Terminal) -> Result<Exit, Error> {
    let (loaded, request) = args.plan.load_early(&args.sources, args.as_of)?;
    let names = plan::own_words(&loaded.plan);
    let question = DuringQuestion { last: args.last, leaked: args.leaked };
    let progress = Arc::new(Progress::default());
    let display = ProgressDisplay::start(&progress, terminal);
    let during = pipeline::during(loaded.plan, question, &request, &progress);
    drop(display);
    let during = during?;
    let options = terminal.options(args.verbose, args.ascii, args.zone.timezone);
    let text = with_names(&names, || match args.format {
        TextOrJson::Json => report::json::during(&during),
        TextOrJson::Text => report::text::during(&during, options),
    });
    Ok(if print(text.as_bytes())? { Exit::Ready } else { Exit::Failed })
}
