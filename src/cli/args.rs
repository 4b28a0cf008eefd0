/*! The command line, as it is typed. */

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::exit::Exit;

/// May the old credential be revoked, and if not, who still holds on to it?
///
/// Reads exported logs offline, attributes every authentication event to a consumer class and a credential
/// version, and says what stands against revocation, each claim with the records behind it.
#[derive(Debug, Parser)]
#[command(name = "holdover", version, after_help = Exit::help())]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    /// No progress and no notes on standard error; what went wrong is told all the same.
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Read exports and decide whether the old version may be revoked.
    Report(Box<ReportArgs>),
    /// Read exports and keep their evidence in a bundle, which later runs add to and reports are made of.
    Collect(CollectArgs),
    /// Tell what would have failed, had the old version been revoked at another time.
    Replay(Box<ReplayArgs>),
    /// Show which credentials stand in exports and who uses them, before there is a plan.
    Discover(DiscoverArgs),
    /// Ask a bundle that a report has left.
    Query(QueryArgs),
    /// Show the raw record behind an evidence id, masked, with its neighbours.
    Show(ShowArgs),
    /// Does a report still hold: inputs unchanged, not expired, no newer old use?
    Verify(VerifyArgs),
    /// What changed between two reports, and what that means.
    Diff(DiffArgs),
    /// What a rule, a column, an exit status or a word means.
    Explain(ExplainArgs),
    /// Look at a plan without reading any log.
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Which formats are known, and what they make of a file.
    #[command(subcommand)]
    Sources(SourcesCommand),
    /// Print what a shell completes this command line by.
    Completions {
        /// The shell.
        #[arg(value_enum, value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man(ManArgs),
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The rule (`split-brain`), column (`credential_uid`), exit status (`11`) or word (`coverage`); `rules`, `columns`,
    /// `exit-codes` or `words` for all of them.
    #[arg(value_name = "NAME")]
    pub(super) name: Option<String>,
    /// The JSON Schema of what the program reads or writes.
    #[arg(long, value_enum, value_name = "OF", conflicts_with = "name")]
    pub(super) schema: Option<SchemaArg>,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write a page for each command into this folder.
    #[arg(long, value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
    /// Write the reference of the documentation into this folder, as Markdown.
    #[arg(long, value_name = "DIR")]
    pub(super) markdown: Option<PathBuf>,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaArg {
    /// The plan.
    Plan,
    /// The report.
    Report,
}

#[derive(Debug, Subcommand)]
pub(super) enum SourcesCommand {
    /// List the profiles, the most specific first.
    List {
        /// A folder of profiles of your own.
        #[arg(long, value_name = "DIR")]
        profiles: Option<PathBuf>,
    },
    /// Print a built-in profile: the start of one of your own.
    Show {
        /// Its name.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Show how files are read: which profile, the first records, and what was not understood.
    Test {
        /// Files, folders, globs, or `-` for standard input.
        #[arg(required = true, value_name = "FILE")]
        paths: Vec<String>,
        /// A folder of profiles of your own.
        #[arg(long, value_name = "DIR")]
        profiles: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// The plan of the rotation.
    #[arg(short, long, value_name = "PLAN")]
    pub(super) plan: PathBuf,
    /// Files, folders, globs, `-` for standard input, or bundles that `collect` or `report -o` left.
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<String>,
    /// Leave a bundle here: evidence as Parquet, inputs with digests, and the report.
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// The format on standard output.
    #[arg(short, long, default_value = "text", value_parser = format_names())]
    pub(super) format: String,
    /// The instant to speak of (RFC 3339); the latest time of any record, if not given.
    #[arg(long, value_name = "TIME")]
    pub(super) as_of: Option<String>,
    /// End with 0 also when not ready or inconclusive.
    #[arg(long)]
    pub(super) exit_zero: bool,
    /// Show all evidence of each finding.
    #[arg(short, long)]
    pub(super) verbose: bool,
    /// Letters and symbols of ASCII only.
    #[arg(long)]
    pub(super) ascii: bool,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

fn format_names() -> Vec<&'static str> {
    crate::report::FORMATS.iter().map(|format| format.name()).collect()
}

#[derive(Debug, Args)]
pub(super) struct ReadingArgs {
    /// The digest of each input; without one a report cannot be verified later.
    #[arg(long, value_enum, default_value_t = DigestArg::Sha256)]
    pub(super) digest: DigestArg,
    /// A folder of profiles of your own; one of the same name replaces a built-in one.
    #[arg(long, value_name = "DIR")]
    pub(super) profiles: Option<PathBuf>,
    /// How many threads read; as many as there are cores, if not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Decode every record. This version always does; the flag says so in scripts.
    #[arg(long)]
    pub(super) strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DigestArg {
    /// SHA-256 of the stored bytes.
    Sha256,
    /// None.
    None,
}

#[derive(Debug, Args)]
pub(super) struct CollectArgs {
    /// The plan of the rotation.
    #[arg(short, long, value_name = "PLAN")]
    pub(super) plan: PathBuf,
    /// Files, folders, globs, or `-` for standard input; bundles of other runs, too.
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<String>,
    /// The bundle: a new folder, or what an earlier run left.
    #[arg(short, long, value_name = "BUNDLE")]
    pub(super) output: PathBuf,
    /// A folder of profiles of your own; one of the same name replaces a built-in one.
    #[arg(long, value_name = "DIR")]
    pub(super) profiles: Option<PathBuf>,
    /// How many threads read; as many as there are cores, if not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
}

#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// The plan of the rotation.
    #[arg(short, long, value_name = "PLAN")]
    pub(super) plan: PathBuf,
    /// Files, folders, globs, or `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<String>,
    /// The instant of the revocation (RFC 3339).
    #[arg(long, value_name = "TIME", required_unless_present_any = ["curve", "readiness"])]
    pub(super) revoke_at: Option<String>,
    /// For each hour since the change, how many uses came after it.
    #[arg(long)]
    pub(super) curve: bool,
    /// What the verdict was at up to twelve instants since the change, as far as records up to each tell.
    #[arg(long)]
    pub(super) readiness: bool,
    /// The format on standard output.
    #[arg(short, long, default_value = "text", value_parser = ["text", "json"])]
    pub(super) format: String,
    /// Letters and symbols of ASCII only.
    #[arg(long)]
    pub(super) ascii: bool,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

#[derive(Debug, Args)]
pub(super) struct DiscoverArgs {
    /// Files, folders, globs, or `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<String>,
    /// Draft a first plan here; every guess in it is marked.
    #[arg(long, value_name = "FILE")]
    pub(super) write_plan: Option<PathBuf>,
    /// A folder of profiles of your own.
    #[arg(long, value_name = "DIR")]
    pub(super) profiles: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct QueryArgs {
    /// The folder that `report -o` wrote.
    #[arg(value_name = "BUNDLE", required_unless_present = "list")]
    pub(super) bundle: Option<PathBuf>,
    /// A named query; without one, all of them are listed.
    #[arg(value_name = "NAME", conflicts_with = "sql")]
    pub(super) name: Option<String>,
    /// A query of your own over evidence, inputs, coverage, presence, rejects, links and the named queries.
    #[arg(long, value_name = "TEXT")]
    pub(super) sql: Option<String>,
    /// List the named queries, with what they answer and their columns.
    #[arg(long)]
    pub(super) list: bool,
    /// The format of the answer.
    #[arg(short, long, default_value = "table", value_parser = ["table", "csv", "json", "parquet"])]
    pub(super) format: String,
    /// Write the answer into this new file.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The folder that `report -o` wrote.
    #[arg(value_name = "BUNDLE")]
    pub(super) bundle: PathBuf,
    /// Evidence ids, such as `E12`; then files or folders where the inputs lie now, if they were moved.
    #[arg(required = true, value_name = "ID|PATH")]
    pub(super) what: Vec<String>,
    /// So many records before it, and after it.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(..=1000))]
    pub(super) context: u16,
    /// At most so many characters of each record.
    #[arg(long, value_name = "N", default_value_t = crate::limits::RECORD_CHARS)]
    pub(super) chars: usize,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The report as JSON, or the bundle that holds it.
    #[arg(value_name = "REPORT")]
    pub(super) report: PathBuf,
    /// The exports as they are now: files, folders, globs.
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<String>,
    /// The plan of the rotation; that of the bundle, if not given.
    #[arg(short, long, value_name = "PLAN")]
    pub(super) plan: Option<PathBuf>,
    /// The instant to ask for (RFC 3339); now, if not given.
    #[arg(long, value_name = "TIME")]
    pub(super) as_of: Option<String>,
    /// The format on standard output.
    #[arg(short, long, default_value = "text", value_parser = ["text", "json"])]
    pub(super) format: String,
    /// A folder of profiles of your own.
    #[arg(long, value_name = "DIR")]
    pub(super) profiles: Option<PathBuf>,
    /// How many threads read; as many as there are cores, if not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
}

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The older report, as JSON.
    #[arg(value_name = "OLD.json")]
    pub(super) before: PathBuf,
    /// The newer one.
    #[arg(value_name = "NEW.json")]
    pub(super) after: PathBuf,
    /// The format on standard output.
    #[arg(short, long, default_value = "text", value_parser = ["text", "json", "md"])]
    pub(super) format: String,
    /// Show all changes of each topic.
    #[arg(short, long)]
    pub(super) verbose: bool,
    /// Letters and symbols of ASCII only.
    #[arg(long)]
    pub(super) ascii: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum PlanCommand {
    /// Report every mistake in a plan, with its place.
    Check {
        /// The plan.
        #[arg(value_name = "PLAN", required_unless_present = "plan")]
        file: Option<PathBuf>,
        /// The plan, as other commands take it.
        #[arg(short, long, value_name = "PLAN", conflicts_with = "file")]
        plan: Option<PathBuf>,
    },
    /// Print the JSON Schema of plans, for editors.
    Schema,
}
