/*! The order of the steps, a command each: calls, and nothing decided here. */

mod collect;
mod diff;
mod earlier;
mod error;
mod fixpoint;
mod inspect;
mod replay;
mod reread;
mod run_inputs;
mod show;
mod survey;
mod verify;
mod write;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use crate::diag::Diagnostics;
use crate::ingest::walk;
use crate::judge;
use crate::model::Micros;
use crate::model::coverage::StreamId;
use crate::model::decision::{Decision, Quotes};
use crate::model::facts::{self, Source};
use crate::model::record::Records;
use crate::plan::{self, Known, KnownRule, Plan};
use crate::profile::{self, Profile, builtin};
use crate::query;
use crate::report::View;
use crate::table::bundle::{self, Bundle, Params};
use crate::table::parts::CachedScan;
use crate::table::{self, Engine, Grid, Names, Sealed};

pub use crate::discover::{Discovery, Seen, User};
pub use crate::quote::Extent;
pub use collect::{Collected, collect};
pub use diff::diff;
pub use error::Error;
pub use fixpoint::Counts;
pub use inspect::{Looked, Sample, blind_spots, look};
pub use replay::replay;
pub use reread::records;
pub use show::{Exhibit, Shown, show};
pub use survey::{Surveyed, survey, write_draft};
pub use verify::verify;
pub use write::{add, may_save, save};

/// What a report is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Files, folders, globs, `-`.
    pub paths: Vec<String>,
    /// The instant the report speaks of; none: the latest time of any record.
    pub as_of: Option<Micros>,
    /// The machine's time, against which stamps from the future are told.
    pub now: Micros,
    /// How many threads; none: as many as there are cores.
    pub threads: Option<usize>,
    /// Is the report to be drawn? Then the verdict of earlier instants is asked too, each of which costs all queries once
    /// more, and the cited records are read again.
    pub drawn: bool,
    /// Is a digest of each input wanted?
    pub digest: bool,
    /// Is what was read to be kept, so that a later run need not read it again? That takes digests.
    pub keep: bool,
    /// The profiles, the most specific first; none: those that come with the program.
    pub profiles: Option<Vec<Profile>>,
}

impl Request {
    fn known_profiles(&self) -> &[Profile] {
        self.profiles.as_deref().unwrap_or(builtin::profiles())
    }

    /// The bundles among the paths, and the other paths.
    fn bundles(&self) -> (Vec<&String>, Vec<String>) {
        let is_bundle = |path: &&String| *path != "-" && bundle::is_there(Path::new(path));
        let (bundles, paths): (Vec<&String>, Vec<&String>) = self.paths.iter().partition(is_bundle);
        (bundles, paths.into_iter().cloned().collect())
    }

    /// Can the inputs be looked at once more? Standard input is gone, and a bundle holds no inputs.
    pub fn can_be_repeated(&self) -> bool {
        self.bundles().0.is_empty() && !self.paths.iter().any(|path| path == "-")
    }

    /// The threads that read.
    fn pool(&self) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
        rayon::ThreadPoolBuilder::new().num_threads(self.threads.unwrap_or(0)).build()
    }
}

/// What is being done, for whoever watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The inputs are read.
    Reading,
    /// Inputs are read again, whose ids others have explained.
    Again,
    /// What was kept is sorted and settled.
    Sealing,
    /// The facts are asked for and judged.
    Deciding,
}

impl Stage {
    /// All, in their order.
    pub const ALL: [Self; 4] = [Self::Reading, Self::Again, Self::Sealing, Self::Deciding];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Again => "reading again",
            Self::Sealing => "sealing",
            Self::Deciding => "deciding",
        }
    }
}

/// How far a command has come, for whoever watches.
#[derive(Debug, Default)]
pub struct Progress {
    /// The stage, by its place among all.
    stage: AtomicU8,
    /// Stored bytes of all inputs.
    pub total: AtomicU64,
    /// Of these, read.
    pub read: AtomicU64,
    /// Inputs found.
    pub inputs: AtomicU64,
    /// Inputs read.
    pub done: AtomicU64,
    /// Rows kept.
    pub rows: AtomicU64,
}

impl Progress {
    /// The stage that it is in.
    pub fn stage(&self) -> Stage {
        Stage::ALL[usize::from(self.stage.load(Ordering::Relaxed))]
    }

    fn enter(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Relaxed);
    }
}

/// A plan and the text it was read from.
#[derive(Debug)]
pub struct LoadedPlan {
    /// The plan.
    pub plan: Plan,
    /// Its file, as given.
    pub text: String,
}

/// A report as values.
#[derive(Debug)]
pub struct Report {
    /// The decision.
    pub decision: Decision,
    /// What its citations say.
    pub quotes: Quotes,
    /// The cited records, read again, of a report that is drawn.
    pub records: Option<Records>,
    /// What it stands on.
    pub sealed: Sealed,
    /// The plan's names.
    pub names: Names,
    /// The instants of its queries.
    pub params: Params,
    /// What each input gave, for a later run.
    pub kept: Vec<CachedScan>,
}

impl Report {
    /// What formats render.
    pub fn view(&self) -> View<'_> {
        let view = View::new(&self.decision, &self.quotes);
        match &self.records {
            Some(records) => view.with_records(records),
            None => view,
        }
    }
}

/// Reads the profiles of a folder, which are more specific than those that come with the program, and these.
pub fn load_profiles(folder: &Path) -> Result<Vec<Profile>, Error> {
    let inputs = walk(&[folder.display().to_string()]);
    let mut own: Vec<Profile> = Vec::new();
    for input in inputs.iter().filter(|input| is_toml(&input.path) || input.trouble.is_some()) {
        let text = text_of(Path::new(&input.path))?;
        own.push(profile::load(&input.path, &text).map_err(Error::Plan)?);
    }
    let is_replaced = |profile: &&Profile| own.iter().any(|one| one.name == profile.name);
    let rest: Vec<Profile> =
        builtin::profiles().iter().filter(|profile| !is_replaced(profile)).cloned().collect();
    own.extend(rest);
    Ok(own)
}

fn is_toml(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
}

fn text_of(path: &Path) -> Result<String, Error> {
    let shown = || path.display().to_string();
    let bytes = fs::read(path).map_err(|source| Error::PlanUnread { path: shown(), source })?;
    String::from_utf8(bytes).map_err(|_| Error::PlanNotText { path: shown() })
}

/// Reads and checks a plan against the profiles that come with the program.
pub fn load_plan(path: &Path) -> Result<LoadedPlan, Error> {
    load_plan_for(path, builtin::profiles())
}

/// Reads and checks a plan.
pub fn load_plan_for(path: &Path, profiles: &[Profile]) -> Result<LoadedPlan, Error> {
    let shown = path.display().to_string();
    let text = text_of(path)?;
    let rules: Vec<KnownRule<'_>> = judge::RULES
        .iter()
        .map(|rule| KnownRule { name: rule.code(), waivable: rule.waivable() })
        .collect();
    let profiles: Vec<&str> = profiles.iter().map(|profile| profile.name.as_str()).collect();
    let known = Known { rules: &rules, profiles: &profiles };
    let plan = plan::load(&shown, &text, &known)
        .map_err(|found: Diagnostics| Error::Plan(Box::new(found)))?;
    Ok(LoadedPlan { plan, text })
}

/// The names that tables carry.
fn names(plan: &Plan) -> Names {
    Names {
        classes: plan.consumers.iter().map(|consumer| consumer.class.clone()).collect(),
        versions: plan.versions.iter().map(|version| version.name.clone()).collect(),
    }
}

/// What queries of a run ask for.
fn asked_for(collected: &Collected, request: &Request, revoked: Option<Micros>) -> Params {
    let plan = &collected.plan;
    let as_of = request.as_of.or(collected.latest).unwrap_or(plan.rotation.introduced);
    params(plan, as_of, revoked)
}

/// An engine that holds the evidence, asked as of an instant; `revoked` is when the old version went or would have gone.
fn asked(
    collected: &Collected,
    names: &Names,
    request: &Request,
    revoked: Option<Micros>,
) -> Result<(Engine, Params), Error> {
    let params = asked_for(collected, request, revoked);
    let mut engine = Engine::default();
    engine.register("evidence", &table::evidence(&collected.sealed, names))?;
    engine.register("params", &query::params(params))?;
    Ok((engine, params))
}

/// The instants that queries ask for.
fn params(plan: &Plan, as_of: Micros, revoked: Option<Micros>) -> Params {
    Params {
        t0_us: plan.rotation.introduced.0,
        as_of_us: as_of.0,
        window_from_us: judge::window(plan, as_of).from.0,
        revoked_us: revoked.map_or(i64::MAX, |revoked| revoked.0),
    }
}

/// Reads the inputs and decides.
pub fn report(plan: Plan, request: &Request, progress: &Progress) -> Result<Report, Error> {
    let names = names(&plan);
    let collected = collect(plan, request, progress)?;
    let revoked = collected.plan.rotation.revoked;
    let (mut engine, params) = asked(&collected, &names, request, revoked)?;
    let Collected { plan, sealed, kept, .. } = collected;
    let as_of = Micros(params.as_of_us);
    let sources = sources(&sealed, request.known_profiles());
    let beside = query::Plain { sealed: &sealed, names: &names, as_of, sources: &sources };
    let facts = query::facts(&mut engine, beside)?;
    let mut decision = judge::decide(&plan, &facts);
    decision.course.known = earlier::known(&plan, &mut engine, beside)?;
    if request.drawn {
        decision.course.readiness = earlier::readiness(&plan, &mut engine, beside)?;
    }
    let quotes = crate::quote::quote(&decision, &sealed, &names);
    let mut report = Report { decision, quotes, records: None, sealed, names, params, kept };
    if request.drawn {
        report.records = Some(records(&report, request, Extent::default())?);
    }
    Ok(report)
}

/// The sources that were read, with what they never record.
fn sources(sealed: &Sealed, profiles: &[Profile]) -> Vec<Source> {
    let read = |profile: &Profile| {
        let by_it =
            |input: &&facts::Input| input.profile.split(", ").any(|name| name == profile.name);
        let streams =
            sealed.inputs.iter().filter(by_it).flat_map(|input| input.streams.iter().copied());
        let streams: BTreeSet<StreamId> = streams.collect();
        (!streams.is_empty()).then(|| Source {
            profile: profile.name.clone(),
            never: profile.blind_spots.clone(),
            streams: streams.into_iter().collect(),
        })
    };
    profiles.iter().filter_map(read).collect()
}

/// What is asked of a bundle.
#[derive(Debug, Clone, Copy)]
pub enum Question<'q> {
    /// A query of the catalog.
    Named(&'q str),
    /// A text of one's own.
    Sql(&'q str),
}

/// A query of the catalog, as far as whoever asks needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedQuery {
    /// Its name.
    pub name: &'static str,
    /// The question it answers.
    pub answers: &'static str,
    /// The columns of the answer.
    pub columns: Vec<&'static str>,
}

/// The catalog.
pub fn queries() -> Vec<NamedQuery> {
    let known = |(name, text): &(&'static str, &'static str)| {
        let header = query::catalog::header(text).ok()?;
        Some(NamedQuery { name, answers: header.answers, columns: header.columns })
    };
    query::catalog::QUERIES.iter().filter_map(known).collect()
}

/// An answer as people read it: column names, and rows of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The columns.
    pub columns: Vec<String>,
    /// Which columns hold text or times: what stands in quotes where numbers do not.
    pub quoted: Vec<bool>,
    /// The rows; none is no value.
    pub rows: Vec<Vec<Option<String>>>,
}

/// Opens a bundle, to see whether it is one.
pub fn open(folder: &Path) -> Result<(), Error> {
    Bundle::open(folder)?;
    Ok(())
}

/// Asks a bundle.
pub fn ask(folder: &Path, question: Question<'_>) -> Result<Answer, Error> {
    let grid = asked_grid(folder, question)?;
    let row = |row: usize| grid.columns.iter().map(|(_, values)| values.show(row)).collect();
    Ok(Answer {
        columns: grid.columns.iter().map(|(name, _)| name.clone()).collect(),
        quoted: grid.columns.iter().map(|(_, values)| values.is_quoted()).collect(),
        rows: (0..grid.height()).map(row).collect(),
    })
}

/// Asks a bundle, and writes the answer as Parquet into a new file.
pub fn ask_into(folder: &Path, question: Question<'_>, path: &Path) -> Result<(), Error> {
    let grid = asked_grid(folder, question)?;
    let unwritten = |source| Error::DraftUnwritten { path: path.display().to_string(), source };
    Ok(table::write_new(&grid, path).map_err(unwritten)??)
}

fn asked_grid(folder: &Path, question: Question<'_>) -> Result<Grid, Error> {
    let bundle = Bundle::open(folder)?;
    let mut engine = Engine::default();
    for (name, path) in bundle.tables() {
        engine.register_file(name, &path)?;
    }
    engine.register("params", &query::params(bundle.manifest.params))?;
    match question {
        Question::Named(name) => Ok(query::ordered(&mut engine, name)?),
        Question::Sql(text) => {
            for NamedQuery { name, .. } in
                queries().into_iter().filter(|known| text.contains(known.name))
            {
                let answer = query::ask(&mut engine, name)?;
                query::register(&mut engine, name, &answer)?;
            }
            Ok(engine.run(text)?)
        }
    }
}
