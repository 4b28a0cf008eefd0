/*! `holdover plan advise`: what the exports say about a plan, without a verdict. */

use std::sync::Arc;

use clap::Args;

use crate::model::Timestamp;
use crate::pipeline::{self, Error, Progress};
use crate::safe::with_names;
use crate::{plan, report};

use super::args::{PlanArgs, SourceArgs, TextOrJson, ZoneArgs, time};
use super::exit::Exit;
use super::progress::ProgressDisplay;
use super::terminal::{Terminal, print};

#[derive(Debug, Args)]
pub(super) struct AdviseArgs {
    #[command(flatten)]
    plan: PlanArgs,
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
    /// List every model, consumer, split and log source.
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

pub(super) fn run(args: &AdviseArgs, terminal: Terminal) -> Result<Exit, Error> {
    let (loaded, request) = args.plan.load_early(&args.sources, args.as_of)?;
    let names = plan::own_words(&loaded.plan);
    let progress = Arc::new(Progress::default());
    let display = ProgressDisplay::start(&progress, terminal);
    let advice = pipeline::advise(loaded.plan, &request, &progress);
    drop(display);
    let advice = advice?;
    let options = terminal.options(args.verbose, args.ascii, args.zone.timezone);
    let text = with_names(&names, || match args.format {
        TextOrJson::Json => report::json::advice(&advice),
        TextOrJson::Text => report::text::advice(&advice, options),
    });
    Ok(if print(text.as_bytes())? { Exit::Ready } else { Exit::Failed })
}
