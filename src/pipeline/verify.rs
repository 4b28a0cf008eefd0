/*! Gathers what there is today for a report: its plan, its inputs, and a report that is made again over them. `verify`
 * decides.
 */

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::ingest::{self, Input, is_address, walk};
use crate::model::verified::{Compared, OldUse, Remade, Search, Verified};
use crate::model::{ClassBasis, DigestKind, State, Timestamp, hex};
use crate::profile::builtin;
use crate::safe::{mask_file, mask_text, with_names};
use crate::table::Engine;
use crate::table::bundle::{self, Bundle};
use crate::table::parts::PARTS;
use crate::verify::{self, DigestedFile, Stated, Statement, Today};
use crate::wire;
use crate::wording::count;

use super::load::{text_of, written_report};
use super::{Error, LoadedPlan, Progress, Report, Request, load_plan_for, report};

/// At most this many newer uses are listed.
const USES_MAX: usize = 10;

/// Compares a report with the exports under the request's paths; without any, under those that its bundle names; if
/// nothing is there, with the scans that the bundle keeps.
/// `request.as_of` is the time at which it is asked. A statement must vouch for this report, its plan and its inputs.
pub fn verify(
    path: &Path,
    (plan, statement): (Option<&Path>, Option<&Path>),
    request: &Request,
    progress: &Progress,
) -> Result<Verified, Error> {
    let given = GivenReport::read(path)?;
    let Exports { request, named, unchecked } = &given.exports(request);
    let now = request.as_of.unwrap_or(request.now);
    let inputs = if request.paths.is_empty() {
        Compared::default()
    } else {
        let files = walk(&request.paths);
        let files = request.pool()?.install(|| digested(&files, &given.digest_kinds()));
        verify::compare(&given.report, &files)
    };
    let profiles = request.profiles.as_deref().unwrap_or(builtin::profiles());
    let plan = plan.map(Path::to_owned).map_or_else(|| given.plan(), |plan| Ok(Some(plan)))?;
    let plan = plan.map(|plan| load_plan_for(&plan, profiles)).transpose()?;
    let plan_changed = match (&plan, given.plan_sha256()) {
        (Some(loaded), Some(known)) => {
            let is_another = hex(&Sha256::digest(loaded.text.as_bytes())) != known;
            let is_known = verify::plan_sha256(&given.report).is_some();
            (is_another || is_known).then_some(is_another)
        }
        (Some(_), None) => None,
        (None, _) => Some(false),
    };
    let mut against: Vec<String> = given.against_bundle().into_iter().collect();
    if let Some(path) = statement {
        against.extend(given.against(path)?);
    }
    let search = match plan {
        None => Search::NoPlan,
        Some(plan) => search(plan, &given, &inputs, request, progress)?,
    };
    Ok(verify::verify(
        &given.report,
        Today {
            now,
            inputs,
            plan_changed,
            against,
            named: named.clone(),
            unchecked: unchecked.clone(),
            search,
        },
    ))
}

/// A report, and the bundle that holds it if there is one.
struct GivenReport {
    report: wire::Report,
    file: PathBuf,
    folder: PathBuf,
    bundle: Option<Bundle>,
}

impl GivenReport {
    /// A bundle vouches for the report that its manifest lists; a broken one for none.
    fn read(path: &Path) -> Result<Self, Error> {
        let is_folder = path.is_dir();
        let folder = if is_folder { path } else { path.parent().unwrap_or(Path::new(".")) };
        let is_named = path.file_name().is_some_and(|name| name == "report.json");
        let is_bundled = is_folder || is_named && bundle::is_there(folder);
        let bundle = is_bundled.then(|| Bundle::open(folder)).transpose()?;
        let file = match &bundle {
            Some(bundle) => bundle.file("report.json")?,
            None => path.to_owned(),
        };
        Ok(Self { report: written_report(&file)?, file, folder: folder.to_owned(), bundle })
    }

    /// The kinds of the digests of its inputs. Those from a bundle may be of another kind than those that were read.
    fn digest_kinds(&self) -> BTreeSet<DigestKind> {
        let digests = self.report.inputs.iter().filter_map(wire::Input::digest);
        digests.map(|digest| DigestKind::of(&digest).0).collect()
    }

    /// What speaks against the statement in this file.
    fn against(&self, path: &Path) -> Result<Vec<String>, Error> {
        let refuse = |why| Error::NoStatement { path: path.display().to_string(), why };
        let statement = Statement::read(&text_of(path)?).map_err(refuse)?;
        let report = text_of(&self.file)?;
        Ok(statement.against(&Stated {
            report: &self.report,
            report_sha256: &hex(&Sha256::digest(report.as_bytes())),
            plan_sha256: self.plan_sha256(),
        }))
    }

    /// The exports of the request; if it has none, those that the bundle names, if some of them are there. What is not
    /// there is then a missing input.
    fn exports(&self, request: &Request) -> Exports {
        let mut exports =
            Exports { request: request.clone(), named: Vec::new(), unchecked: Vec::new() };
        let named = self.bundle.iter().flat_map(|bundle| &bundle.manifest.paths);
        let named: Vec<String> = named.filter(|path| path.as_str() != "-").cloned().collect();
        if !request.paths.is_empty() {
            return exports;
        }
        let distant = named.iter().filter(|path| is_distant(path)).count();
        if distant > 0 {
            let paths = count(distant, "path");
            exports.unchecked.push(format!(
                "what is at {paths} on another machine that the bundle names: a bundle may be a stranger's, so it is \
                 read only if the paths are on the command line"
            ));
        } else if walk(&named).iter().any(|input| input.trouble.is_none()) {
            let files = named.iter().filter(|path| !Path::new(path).is_dir()).count();
            if files > 0 {
                let files = count(files, "file");
                exports.unchecked.push(format!(
                    "whether there are newer exports next to {files} that the bundle names: give the folder as a path"
                ));
            }
            exports.request.paths.clone_from(&named);
            exports.named = named;
        }
        exports
    }

    /// What speaks against the bundle: its plan, its manifest and its report have to be of one plan.
    fn against_bundle(&self) -> Option<String> {
        let manifest = &self.bundle.as_ref()?.manifest;
        let file = manifest.files.iter().find(|file| file.name == "plan.toml");
        let is_file = file.is_some_and(|file| file.sha256 == manifest.plan_sha256);
        let of_report = verify::plan_sha256(&self.report);
        let is_one = is_file && of_report.is_none_or(|sha256| sha256 == manifest.plan_sha256);
        (!is_one).then(|| {
            "the plan, the manifest and the report in the bundle are not of one plan".to_owned()
        })
    }

    /// The plan in the bundle. A report alone does not say with which plan it was made.
    fn plan(&self) -> Result<Option<PathBuf>, Error> {
        let plan = self.bundle.as_ref().map(|bundle| bundle.file("plan.toml"));
        Ok(plan.transpose()?)
    }

    /// The digest of the plan that the report was made with.
    fn plan_sha256(&self) -> Option<&str> {
        match &self.bundle {
            Some(bundle) => Some(&bundle.manifest.plan_sha256),
            None => verify::plan_sha256(&self.report),
        }
    }

    /// Does the bundle keep scans of the inputs?
    fn keeps_scans(&self) -> bool {
        let mut tables = self.bundle.iter().flat_map(Bundle::tables);
        tables.any(|(name, _)| name == PARTS)
    }

    /// The old uses that the report knows: those in the bundle, else those that the report cites.
    fn known_uses(&self) -> Result<KnownUses, Error> {
        let Some(bundle) = &self.bundle else {
            let cited = verify::cited(&self.report);
            return Ok(KnownUses(
                cited.map(|(input, record, time)| (input.to_owned(), record, time)).collect(),
            ));
        };
        let mut engine = Engine::default();
        for (name, path) in
            bundle.tables().filter(|(name, _)| ["evidence", "inputs"].contains(name))
        {
            engine.register_file(name, &path)?;
        }
        let rows = engine.run(
            "SELECT inputs.path, evidence.record, evidence.latest_us FROM evidence JOIN inputs ON evidence.input = \
             inputs.input WHERE evidence.credential_state = 'old'",
        )?;
        let number = |name: &str, row: usize| rows.column(name).and_then(|values| values.int(row));
        let known = (0..rows.height()).filter_map(|row| {
            let path = rows.column("path")?.text(row)?;
            let record = u64::try_from(number("record", row)?).ok()?;
            Some((mask_file(path).into_owned(), record, Timestamp(number("latest_us", row)?)))
        });
        Ok(KnownUses(known.collect()))
    }
}

/// What is compared with the report.
struct Exports {
    /// The request with the paths that are read.
    request: Request,
    /// These paths, if the bundle names them.
    named: Vec<String>,
    /// What cannot be checked because the bundle names them.
    unchecked: Vec<String>,
}

/// Does reading the path make a request to another machine? Windows does so for a path with two separators in front.
fn is_distant(path: &str) -> bool {
    let is_separator = |byte: Option<&u8>| matches!(byte, Some(b'/' | b'\\'));
    let bytes = path.as_bytes();
    is_address(path) || is_separator(bytes.first()) && is_separator(bytes.get(1))
}

/// Input, record and time of old uses.
struct KnownUses(BTreeSet<(String, u64, Timestamp)>);

fn digested(files: &[Input], kinds: &BTreeSet<DigestKind>) -> Vec<DigestedFile> {
    let digest = |file: &Input, kind: DigestKind| Ok(ingest::digest(file, kind, &[])?.digest);
    let file = |file: &Input| DigestedFile {
        path: mask_file(&file.path).into_owned(),
        digests: match kinds.len() {
            0 => digest(file, DigestKind::default()).map(|digest| BTreeSet::from([digest])),
            _ => kinds.iter().map(|kind| digest(file, *kind)).collect(),
        },
    };
    files.par_iter().map(file).collect()
}

/// Makes the report anew, and looks for old use that the given one does not know.
fn search(
    plan: LoadedPlan,
    given: &GivenReport,
    inputs: &Compared,
    request: &Request,
    progress: &Progress,
) -> Result<Search, Error> {
    // If nothing is new, both verdicts are as of one time.
    let as_of = verify::is_unchanged(inputs).then_some(verify::as_of(&given.report));
    let mut request = Request { as_of, ..request.clone() };
    if request.paths.is_empty() {
        if !given.keeps_scans() {
            return Ok(Search::NoRecords);
        }
        request.paths = vec![given.folder.to_string_lossy().into_owned()];
        let fresh = report(plan.plan, &request, progress)?;
        return Ok(Search::Kept(remade(&fresh)));
    }
    let fresh = report(plan.plan, &request, progress)?;
    let unknown: BTreeSet<&str> =
        inputs.new.iter().chain(&inputs.changed).map(String::as_str).collect();
    let is_unknown = |path: &str| {
        unknown.contains(path) || unknown.iter().any(|archive| is_member(path, archive))
    };
    let mut uses = newer(&fresh, verify::window_start(&given.report), &is_unknown);
    if !uses.is_empty() {
        let KnownUses(known) = given.known_uses()?;
        uses.retain(|used| !known.contains(&(used.input.clone(), used.record, used.time)));
        if given.bundle.is_none() {
            let counted = counted(&fresh, verify::as_of(&given.report));
            let known = verify::counted(&given.report);
            uses.retain(|used| {
                let class = used.class.as_deref().map(|name| shown(&fresh, name));
                let is_later = used.time > verify::as_of(&given.report);
                is_later || known.get(&class.as_deref()) != counted.get(&class)
            });
        }
    }
    uses.sort_by(|one, other| (other.time, &other.input).cmp(&(one.time, &one.input)));
    let total = uses.len() as u64;
    uses.truncate(USES_MAX);
    Ok(Search::Done { total, uses, remade: remade(&fresh) })
}

/// How many old uses there were up to an instant, and when the last of them was, as a report counts them. If it counts
/// as many with the same last one, it knows them all.
fn counted(fresh: &Report, as_of: Timestamp) -> BTreeMap<Option<String>, (u64, Option<Timestamp>)> {
    let mut counted: BTreeMap<Option<String>, (u64, Option<Timestamp>)> = BTreeMap::new();
    let names: Vec<String> = fresh.names.classes.iter().map(|name| shown(fresh, name)).collect();
    for name in names.iter().cloned().map(Some).chain([None]) {
        counted.insert(name, (0, None));
    }
    let rows = fresh.sealed.rows.iter();
    let uses = rows.filter(|row| row.is_old_use() && row.when.earliest() <= as_of);
    for row in uses {
        let class = row.class.map(|class| names[usize::from(class.0)].clone());
        let entry = counted.entry(class).or_default();
        if row.class.is_none() || row.basis == ClassBasis::Matched {
            entry.0 += row.count;
        }
        entry.1 = entry.1.max(Some(row.when.latest()));
    }
    counted
}

/// The name of a class as a report shows it.
fn shown(fresh: &Report, name: &str) -> String {
    let own_words = &fresh.decision.rotation.own_words;
    with_names(own_words, || mask_text(name).into_owned())
}

fn remade(fresh: &Report) -> Remade {
    let classes = fresh.decision.classes.iter();
    let classes = classes.map(|row| (shown(fresh, &row.name), row.verdict));
    Remade { verdict: fresh.decision.verdict, classes: classes.collect() }
}

fn is_member(path: &str, archive: &str) -> bool {
    path.strip_prefix(archive).is_some_and(|rest| rest.starts_with('!'))
}

/// Attempts on an old version since the window of the report began, in inputs that are new or changed. How they are
/// tied to the version and what came of them does not matter.
fn newer(fresh: &Report, since: Timestamp, is_unknown: &dyn Fn(&str) -> bool) -> Vec<OldUse> {
    let of_old =
        fresh.sealed.rows.iter().filter(|row| {
            row.state == State::Old && row.kind.is_try() && row.when.latest() >= since
        });
    let uses = of_old.filter_map(|row| {
        let input = fresh.sealed.inputs.get(row.place.input.0 as usize)?;
        let path = mask_file(&input.path);
        is_unknown(&path).then(|| OldUse {
            time: row.when.latest(),
            class: row.class.map(|class| fresh.names.classes[usize::from(class.0)].clone()),
            input: path.into_owned(),
            record: row.place.record,
        })
    });
    uses.collect()
}
