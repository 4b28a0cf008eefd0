/*! `holdover diff`: compare two reports. */

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::pipeline::{self, Error};
use crate::report;
use crate::safe::with_names;

use super::args::ZoneArgs;
use super::exit::Exit;
use super::terminal::{Terminal, print};

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The older report, as JSON.
    #[arg(value_name = "OLD.json")]
    before: PathBuf,
    /// The newer report, as JSON.
    #[arg(value_name = "NEW.json")]
    after: PathBuf,
    /// Print in this format.
    #[arg(short, long, visible_alias = "output-format", value_enum, default_value_t = DiffFormat::Text)]
    format: DiffFormat,
    /// Show all changes of each topic.
    #[arg(short, long)]
    verbose: bool,
    /// Use ASCII letters and symbols only.
    #[arg(long)]
    ascii: bool,
    #[command(flatten)]
    zone: ZoneArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    Text,
    Json,
    Md,
}

pub(super) fn run(args: &DiffArgs, terminal: Terminal) -> Result<Exit, Error> {
    let changes = pipeline::diff(&args.before, &args.after)?;
    let options = terminal.options(args.verbose, args.ascii, args.zone.timezone);
    let text = with_names(&changes.own_words, || match args.format {
        DiffFormat::Json => format!("{:#}\n", report::changes::json(&changes)),
        DiffFormat::Md => report::changes::markdown_text(&changes, args.zone.timezone),
        DiffFormat::Text => report::text::changes(&changes, options),
    });
    print(text.as_bytes())?;
    Ok(Exit::Ready)
}
