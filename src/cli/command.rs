/*! The list of commands. To add one: its file, a variant, and an arm in `run`. */

use clap::{CommandFactory, Parser, Subcommand};

use crate::pipeline::Error;

use super::exit::Exit;
use super::terminal::Terminal;
use super::{
    collect, diff, discover, during, explain, failure, list, manual, plan, query, replay, report,
    scan, seal, show, sources, verify, who,
};

/// Decide whether an old credential may be revoked, and show who still uses it.
///
/// Reads exported logs offline, attributes each use of the credential to a consumer and a version, and lists what
/// stands against the revocation, with the records behind each claim.
#[derive(Debug, Parser)]
#[command(name = "holdover", version, after_help = Exit::help())]
pub(super) struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Suppress progress and hints on stderr; errors are still printed.
    #[arg(short, long, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read exports and decide whether the old version may be revoked.
    Report(Box<report::ReportArgs>),
    /// Read exports and add their evidence to a bundle, from which reports are made.
    Collect(collect::CollectArgs),
    /// List the inputs to scan, packed into tasks, for several processes or machines.
    List(list::ListArgs),
    /// Scan inputs into parts, each by itself, wherever this runs.
    Scan(scan::ScanArgs),
    /// Join the parts of all listed inputs into a bundle, or name the inputs to scan again.
    Seal(seal::SealArgs),
    /// Show what would have failed if the old version had been revoked at another time.
    Replay(Box<replay::ReplayArgs>),
    /// Show who uses a credential, by its marker, before there is a plan.
    Who(who::WhoArgs),
    /// List the credentials in exports and who uses them, before there is a plan.
    Discover(discover::DiscoverArgs),
    /// Show which instance is on what while a rotation goes wrong, and what to restart first.
    During(during::DuringArgs),
    /// Query the evidence in a bundle.
    Query(query::QueryArgs),
    /// Show the raw record behind an evidence id, masked, with its neighbours.
    Show(show::ShowArgs),
    /// Check whether a report still holds: inputs unchanged, not expired, no newer old use.
    Verify(verify::VerifyArgs),
    /// Compare two reports and say what each change means.
    Diff(diff::DiffArgs),
    /// Explain a rule, a column, an exit status or a word.
    Explain(explain::ExplainArgs),
    /// Begin a plan (`new`), check it (`check`), or ask exports for advice on it (`advise`).
    #[command(subcommand)]
    Plan(plan::PlanCommand),
    /// List the known formats, and show how a file is read.
    #[command(subcommand)]
    Sources(sources::SourcesCommand),
    /// Print shell completions.
    Completions(manual::CompletionsArgs),
    /// Print the manual page.
    Man(manual::ManArgs),
}

impl Cli {
    pub(super) fn run(self) -> Exit {
        let terminal = Terminal::look(self.quiet);
        self.command.run(terminal).unwrap_or_else(|error| failure::explain(&error, terminal))
    }
}

impl Command {
    fn run(self, terminal: Terminal) -> Result<Exit, Error> {
        match self {
            Self::Report(args) => report::run(&args, terminal),
            Self::Collect(args) => collect::run(&args, terminal),
            Self::List(args) => list::run(&args),
            Self::Scan(args) => scan::run(&args, terminal),
            Self::Seal(args) => seal::run(&args, terminal),
            Self::Replay(args) => replay::run(&args, terminal),
            Self::Who(args) => who::run(&args, terminal),
            Self::Discover(args) => discover::run(args, terminal),
            Self::During(args) => during::run(&args, terminal),
            Self::Query(args) => query::run(&args, terminal),
            Self::Show(args) => show::run(&args),
            Self::Verify(args) => verify::run(&args),
            Self::Diff(args) => diff::run(&args, terminal),
            Self::Explain(args) => explain::run(&args, terminal),
            Self::Plan(command) => plan::run(command, terminal),
            Self::Sources(command) => sources::run(command),
            Self::Completions(args) => manual::completions(&args, &mut Cli::command()),
            Self::Man(args) => manual::man(&args, Cli::command()),
        }
    }
}
