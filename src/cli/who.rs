/*! `holdover who`: show who uses a credential, before there is a plan. */

use std::sync::Arc;

use clap::Args;

use crate::model::{Duration, Timestamp};
use crate::pipeline::{self, Error, Progress, WhoQuestion};
use crate::{plan, report};

use super::args::{SourceArgs, TextOrJson, ZoneArgs, now, time};
use super::exit::Exit;
use super::progress::ProgressDisplay;
use super::terminal::{Terminal, eprint, print};

#[derive(Debug, Args)]
pub(super) struct WhoArgs {
    /// Files, folders, globs, or `-` for stdin.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// What shows the credential in records, as a plan writes it: a key id, `sha256:`, `prefix:`, `suffix:`, `serial:`
    /// or `/regular expression/`. May be given several times.
    #[arg(short, long = "marker", required = true, value_name = "MARKER")]
    markers: Vec<String>,
    /// Count only what happened this long before the last record, such as `2h`.
    #[arg(long, value_name = "LENGTH", value_parser = plan::parse_length)]
    last: Option<Duration>,
    /// Answer as of this time (RFC 3339); without it, as of the latest time of any record.
    #[arg(long, value_name = "TIME", value_parser = time)]
    as_of: Option<Timestamp>,
    /// Print in this format.
    #[arg(short, long, visible_alias = "output-format", value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
    /// Tell apart whatever differs, and list all of it.
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

pub(super) fn run(args: &WhoArgs, terminal: Terminal) -> Result<Exit, Error> {
    let asked = match plan::asked(&args.markers, now()) {
        Ok(asked) => asked,
        Err(mistakes) => {
            eprint(mistakes.lines().trim_end());
            return Ok(Exit::Usage);
        }
    };
    let request = args.sources.request(args.paths.clone())?;
    let request = pipeline::Request { as_of: args.as_of, ..request };
    let progress = Arc::new(Progress::default());
    let display = ProgressDisplay::start(&progress, terminal);
    let question = WhoQuestion { last: args.last, every: args.verbose };
    let who = pipeline::who(asked, question, &request, &progress);
    drop(display);
    let who = who?;
    let options = terminal.options(args.verbose, args.ascii, args.zone.timezone);
    let text = match args.format {
        TextOrJson::Json => report::json::who(&who),
        TextOrJson::Text => report::text::who(&who, options),
    };
    Ok(if print(text.as_bytes())? { Exit::Ready } else { Exit::Failed })
}
