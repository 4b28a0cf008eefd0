/*! `holdover replay`: what would have failed if the old version had been revoked at another time. */

use std::sync::Arc;

use clap::Args;

use crate::model::Timestamp;
use crate::pipeline::{self, Error, Progress, ReplayQuestion, Request};
use crate::safe::with_names;
use crate::{plan, report};

use super::args::{PlanArgs, ReadingArgs, TextOrJson, ZoneArgs, time};
use super::exit::Exit;
use super::progress::ProgressDisplay;
use super::terminal::{Terminal, print};

#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    #[command(flatten)]
    plan: PlanArgs,
    /// Suppose that the old version was revoked at this time (RFC 3339).
    #[arg(long, value_name = "TIME", required_unless_present_any = ["curve", "readiness"], value_parser = time)]
    revoke_at: Option<Timestamp>,
    /// Count, for each hour since the change, the uses of the old version after it.
    #[arg(long)]
    curve: bool,
    /// Judge at up to twelve times since the change, each from the records up to it.
    #[arg(long)]
    readiness: bool,
    /// Print in this format.
    #[arg(short, long, visible_alias = "output-format", value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
    /// Use ASCII letters and symbols only.
    #[arg(long)]
    ascii: bool,
    #[command(flatten)]
    zone: ZoneArgs,
    #[command(flatten)]
    reading: ReadingArgs,
}

pub(super) fn run(args: &ReplayArgs, terminal: Terminal) -> Result<Exit, Error> {
    let (loaded, request) = args.plan.load(&args.reading.sources)?;
    let names = plan::own_words(&loaded.plan);
    let request =
        Request { digest: args.reading.digest.kind(), strict: args.reading.strict, ..request };
    let question =
        ReplayQuestion { revoke_at: args.revoke_at, curve: args.curve, readiness: args.readiness };
    let progress = Arc::new(Progress::default());
    let display = ProgressDisplay::start(&progress, terminal);
    let replay = pipeline::replay(loaded.plan, question, &request, &progress);
    drop(display);
    let replay = replay?;
    let text = with_names(&names, || match args.format {
        TextOrJson::Json => format!("{:#}\n", report::replay::json(&replay)),
        TextOrJson::Text => {
            report::replay::text(&replay, terminal.unicode && !args.ascii, args.zone.timezone)
        }
    });
    print(text.as_bytes())?;
    Ok(Exit::Ready)
}
