/*! One function a command: from arguments to exit status. */

use std::error::Error as _;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use crate::diag;
use crate::model::Micros;
use crate::pipeline::{self, Error, LoadedPlan, Progress, Request};
use crate::profile::{Profile, builtin};
use crate::report;
use crate::safe;
use crate::wording;

use super::args::{
    Command, DiffArgs, DigestArg, DiscoverArgs, ExplainArgs, PlanCommand, ReadingArgs, ReplayArgs,
    ReportArgs, SchemaArg, SourcesCommand,
};
use super::collect;
use super::discover as found;
use super::exit::Exit;
use super::explain;
use super::manual;
use super::mistakes;
use super::progress::Bar;
use super::query;
use super::show;
use super::sources;
use super::terminal::{Terminal, tell};
use super::verify;

pub(super) fn run(command: Command, quiet: bool) -> Exit {
    let look = Terminal::look();
    let terminal = Terminal { talks: look.talks && !quiet, ..look };
    let done = match command {
        Command::Report(args) => report(&args, terminal, quiet),
        Command::Collect(args) => collect::collect(&args, terminal),
        Command::Replay(args) => replay(&args, terminal),
        Command::Discover(args) => discover(args, terminal),
        Command::Query(args) => query::query(&args, terminal),
        Command::Show(args) => show::show(&args),
        Command::Verify(args) => verify::verify(&args),
        Command::Diff(args) => diff(&args, terminal),
        Command::Explain(args) => explain::explain(&args, terminal),
        Command::Plan(PlanCommand::Schema) => {
            let schema = ExplainArgs { name: None, schema: Some(SchemaArg::Plan) };
            explain::explain(&schema, terminal)
        }
        Command::Plan(PlanCommand::Check { file, plan }) => {
            check(&file.or(plan).unwrap_or_default())
        }
        Command::Sources(command) => sources(command),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man(args) => manual::man(&args),
    };
    done.unwrap_or_else(|error| failed(&error, look))
}

fn report(args: &ReportArgs, terminal: Terminal, quiet: bool) -> Result<Exit, Error> {
    let as_of = match asked_time("--as-of", args.as_of.as_deref()) {
        Ok(as_of) => as_of,
        Err(exit) => return Ok(exit),
    };
    let (loaded, request) = with_plan(&args.plan, (&args.paths, as_of), &args.reading)?;
    let keep = args.output.is_some();
    let request = Request { keep, drawn: keep || args.format == "html", ..request };
    let progress = Arc::new(Progress::default());
    let bar = Bar::start(&progress, terminal.talks);
    if let Some(folder) = &args.output {
        pipeline::may_save(folder, &args.paths)?;
    }
    let plan = loaded.plan.clone();
    let report = pipeline::report(loaded.plan, &request, &progress);
    drop(bar);
    let report = report?;
    if !quiet {
        for mistake in mistakes::told(&plan, &report.decision, &request) {
            tell(&mistake);
        }
    }
    if let Some(folder) = &args.output {
        pipeline::save(&report, &loaded.text, folder)?;
    }
    let options = terminal.options(args.verbose, args.ascii);
    let format = report::format_named(&args.format).unwrap_or(report::FORMATS[0]);
    let mut bytes = Vec::new();
    format.render(&report.view(), options, &mut bytes)?;
    if !print(&bytes)? {
        // Whoever closed the pipe has not seen the whole report, so this is no 0.
        return Ok(Exit::Failed);
    }
    let exit = Exit::of(report.decision.verdict);
    Ok(if args.exit_zero { Exit::Ready } else { exit })
}

/// What commands ask for that read exports under a plan.
pub(super) fn with_plan(
    plan: &Path,
    (paths, as_of): (&[String], Option<Micros>),
    reading: &ReadingArgs,
) -> Result<(LoadedPlan, Request), Error> {
    let profiles = own_profiles(reading.profiles.as_deref())?;
    let loaded = match &profiles {
        Some(profiles) => pipeline::load_plan_for(plan, profiles)?,
        None => pipeline::load_plan(plan)?,
    };
    let request = Request {
        paths: paths.to_vec(),
        as_of,
        now: now(),
        threads: reading.threads.map(usize::from),
        drawn: false,
        digest: reading.digest == DigestArg::Sha256,
        keep: false,
        profiles,
    };
    Ok((loaded, request))
}

fn replay(args: &ReplayArgs, terminal: Terminal) -> Result<Exit, Error> {
    let at = match asked_time("--revoke-at", args.revoke_at.as_deref()) {
        Ok(at) => at,
        Err(exit) => return Ok(exit),
    };
    let (loaded, request) = with_plan(&args.plan, (&args.paths, None), &args.reading)?;
    let request = Request { drawn: args.readiness, ..request };
    let progress = Arc::new(Progress::default());
    let bar = Bar::start(&progress, terminal.talks);
    let told = pipeline::replay(loaded.plan, &request, &progress, (at, args.curve));
    drop(bar);
    let told = told?;
    let text = if args.format == "json" {
        format!("{:#}\n", report::replay::json(&told))
    } else {
        report::replay::text(&told, terminal.unicode && !args.ascii)
    };
    print(text.as_bytes())?;
    Ok(Exit::Ready)
}

fn diff(args: &DiffArgs, terminal: Terminal) -> Result<Exit, Error> {
    let told = pipeline::diff(&args.before, &args.after)?;
    let text = match args.format.as_str() {
        "json" => format!("{:#}\n", report::changes::json(&told)),
        "md" => report::changes::markdown_text(&told),
        _ => {
            let options = terminal.options(args.verbose, args.ascii);
            report::text::changes(&told, options)
        }
    };
    print(text.as_bytes())?;
    Ok(Exit::Ready)
}

/// A time of the command line, if one was given.
pub(super) fn asked_time(flag: &str, text: Option<&str>) -> Result<Option<Micros>, Exit> {
    let Some(text) = text else { return Ok(None) };
    Micros::from_rfc3339(text).map(Some).ok_or_else(|| {
        usage(&format!(
            "expected `{flag}` as RFC 3339 with an offset, such as `2026-03-06T09:00:00Z`"
        ))
    })
}

/// Prints to standard output; false: somebody closed the pipe.
pub(super) fn print(bytes: &[u8]) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}

#[expect(clippy::disallowed_methods, reason = "the clock is read here and nowhere else")]
pub(super) fn now() -> Micros {
    Micros(chrono::Utc::now().timestamp_micros())
}

pub(super) fn usage(message: &str) -> Exit {
    tell(&format!("holdover: {message}"));
    Exit::Usage
}

/// The profiles of a folder of the user's, if one is named.
pub(super) fn own_profiles(folder: Option<&Path>) -> Result<Option<Vec<Profile>>, Error> {
    folder.map(pipeline::load_profiles).transpose()
}

/// What commands ask for that look at exports without a plan.
fn without_plan(paths: Vec<String>, profiles: Option<&Path>) -> Result<Request, Error> {
    Ok(Request {
        paths,
        as_of: None,
        now: now(),
        threads: None,
        drawn: false,
        digest: false,
        keep: false,
        profiles: own_profiles(profiles)?,
    })
}

fn discover(args: DiscoverArgs, terminal: Terminal) -> Result<Exit, Error> {
    let request = without_plan(args.paths, args.profiles.as_deref())?;
    let surveyed = pipeline::survey(&request)?;
    print(found::found(&surveyed, terminal.cell_max).as_bytes())?;
    let Some(path) = args.write_plan else { return Ok(Exit::Ready) };
    let Some(draft) = surveyed.draft() else {
        tell("holdover: no credential was found, so there is no plan to draft");
        return Ok(Exit::NoInput);
    };
    pipeline::write_draft(&draft, &path)?;
    let shown = path.display().to_string();
    let said =
        format!("\na first plan stands in {}: confirm each guess in it\n", safe::terminal(&shown));
    print(said.as_bytes())?;
    Ok(Exit::Ready)
}

fn check(path: &Path) -> Result<Exit, Error> {
    let plan = pipeline::load_plan(path)?.plan;
    let said = format!(
        "{}: {}, {}, {}: no mistakes\n",
        safe::terminal(&plan.file),
        wording::count(plan.versions.len(), "version"),
        wording::count(plan.consumers.len(), "consumer class"),
        wording::count(plan.sources.len(), "source"),
    );
    print(said.as_bytes())?;
    Ok(Exit::Ready)
}

fn sources(command: SourcesCommand) -> Result<Exit, Error> {
    let text = match command {
        SourcesCommand::List { profiles } => {
            let own = own_profiles(profiles.as_deref())?;
            sources::list(own.as_deref().unwrap_or(builtin::profiles()))
        }
        SourcesCommand::Show { name } => {
            let Some(text) = sources::show(&name) else {
                let near = diag::nearest(&name, builtin::PROFILES.iter().map(|(name, _)| *name));
                let near =
                    near.map_or_else(String::new, |near| format!("the nearest is `{near}`; "));
                let name = safe::terminal(&name);
                return Ok(usage(&format!(
                    "no profile named `{name}`\n  help: {near}`holdover sources list` names all"
                )));
            };
            text.to_owned()
        }
        SourcesCommand::Test { paths, profiles } => {
            let request = without_plan(paths, profiles.as_deref())?;
            sources::tested(&pipeline::look(&request)?, &request)
        }
    };
    print(text.as_bytes())?;
    Ok(Exit::Ready)
}

/// Tells why a command could not be carried out.
fn failed(error: &Error, terminal: Terminal) -> Exit {
    if let Error::Plan(found) = error {
        let text = if terminal.talks {
            found.graphical(terminal.width, terminal.colour)
        } else {
            found.lines()
        };
        tell(text.trim_end());
        return Exit::Invalid;
    }
    let mut said = format!("holdover: {error}");
    let mut cause = error.source();
    while let Some(next) = cause {
        said.push_str(": ");
        said.push_str(&next.to_string());
        cause = next.source();
    }
    tell(&safe::terminal(&safe::mask_text(&said)));
    match error {
        Error::NoInput(_) => Exit::NoInput,
        Error::Unlike(_) => Exit::Usage,
        Error::Query(_)
        | Error::Engine(_)
        | Error::PlanNotText { .. }
        | Error::ReportInvalid { .. }
        | Error::NoReport { .. }
        | Error::TooLarge { .. } => Exit::Invalid,
        Error::PlanUnread { .. }
        | Error::Plan(_)
        | Error::Threads(_)
        | Error::Sink(_)
        | Error::Bundle(_)
        | Error::DraftUnwritten { .. }
        | Error::Write(_) => Exit::Failed,
    }
}
