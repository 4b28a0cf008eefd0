/*! `holdover collect`: a bundle of cached scans gives the same report as the inputs, or names the inputs that it
 * lacks.
 */

mod bundle;
mod handed_on;
mod masked;
mod stale;

pub(crate) use stale::{issued, trail, used};

use std::fs;
use std::path::{Path, PathBuf};

use holdover::model::DigestKind;
use holdover::model::Timestamp;
use holdover::pipeline::{self, Error, InputCounts, LoadedPlan, Progress, Request};
use holdover::report::{self, TextOptions};
use holdover::table::parts;
use serde_json::Value;

use crate::harness::root;

/// A time long after all records of the fixtures.
const NOW: Timestamp = Timestamp(1_780_000_000_000_000);

/// A folder with exports, a plan and a bundle.
pub(crate) struct World {
    folder: tempfile::TempDir,
    now: Timestamp,
}

impl World {
    fn new(plan: &str) -> Self {
        let world = Self { folder: tempfile::tempdir().expect("a scratch folder"), now: NOW };
        fs::write(world.path("plan.toml"), plan).expect("a plan");
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("written");
        path.to_string_lossy().into_owned()
    }

    fn plan(&self) -> LoadedPlan {
        pipeline::load_plan(&self.path("plan.toml")).expect("a plan that holds")
    }

    fn request(&self, paths: &[&str]) -> Request {
        Request {
            digest: Some(DigestKind::Sha256),
            ..Request::new(paths.iter().map(|path| (*path).to_owned()).collect(), self.now)
        }
    }

    /// Adds inputs to the bundle.
    #[track_caller]
    fn add(&self, paths: &[&str]) -> InputCounts {
        self.try_add(paths).expect("added")
    }

    fn try_add(&self, paths: &[&str]) -> Result<InputCounts, Error> {
        let (request, progress) = (self.request(paths), Progress::default());
        pipeline::add(&self.plan(), &request, &self.path("bundle"), &progress)
    }

    /// The report over paths, as JSON.
    #[track_caller]
    fn report(&self, paths: &[&str]) -> Value {
        let request = self.request(paths);
        let report = pipeline::report(self.plan().plan, &request, &Progress::default());
        json(&report.expect("a report"))
    }

    /// The report over the bundle.
    #[track_caller]
    fn kept(&self) -> Value {
        self.report(&[&self.text("bundle")])
    }

    /// All files of the bundle.
    fn bytes(&self) -> Vec<(String, Vec<u8>)> {
        files(&self.path("bundle"))
    }
}

fn json(report: &pipeline::Report) -> Value {
    let mut bytes = Vec::new();
    let format = report::format_named("json").expect("a format");
    format.render(&report.view(), TextOptions::default(), &mut bytes).expect("rendered");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// Compares two reports; a failure names the keys that differ.
#[track_caller]
fn same(left: &Value, right: &Value, what: &str) {
    let keys = left.as_object().expect("a report").keys();
    let different: Vec<&String> = keys.filter(|key| left[*key] != right[*key]).collect();
    assert_eq!(left, right, "{what}: {different:?}");
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let walk = walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name().into_iter();
    walk.map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).expect("a file"))
        })
        .collect()
}

const READY: &str = "fixtures/scenarios/document-provider/ready";

/// The plan of a scenario, and the paths of its exports.
fn scenario(state: &str) -> (World, Vec<String>) {
    let folder = root().join("fixtures/scenarios/document-provider").join(state);
    let plan = fs::read_to_string(folder.join("plan.toml")).expect("a plan");
    let inputs = holdover::ingest::walk(&[folder.join("logs").to_string_lossy().into_owned()]);
    (World::new(&plan), inputs.into_iter().map(|input| input.path).collect())
}

/// The number of the run to which an input is given.
type Split = fn(usize) -> usize;

const SPLITS: [Split; 3] = [|_| 0, |n| n / 12, |n| 2 - n % 3];

#[test]
fn a_report_over_a_bundle_equals_the_report_over_its_inputs_in_any_split() {
    for (state, splits) in
        [("morning-after", &SPLITS[..]), ("ready", &SPLITS[1..2]), ("split-brain", &SPLITS[2..3])]
    {
        let (world, inputs) = scenario(state);
        let paths: Vec<&str> = inputs.iter().map(String::as_str).collect();
        let whole = world.report(&paths);
        for (number, split) in splits.iter().enumerate() {
            let _removed = fs::remove_dir_all(world.path("bundle"));
            for run in 0..5 {
                let given = paths.iter().enumerate().filter(|(n, _)| split(*n) == run);
                let given: Vec<&str> = given.map(|(_, path)| *path).collect();
                if !given.is_empty() {
                    assert_eq!(
                        world.add(&given).read,
                        given.len() as u64,
                        "only new inputs are read"
                    );
                }
            }
            same(&world.kept(), &whole, &format!("{state}, split {number}"));
        }
    }
}

#[test]
fn adding_the_same_inputs_again_changes_no_byte() {
    let (world, inputs) = scenario("morning-after");
    let paths: Vec<&str> = inputs.iter().map(String::as_str).collect();
    world.add(&paths);
    let before = world.bytes();
    let counts = world.add(&paths);
    assert_eq!((counts.read, counts.known), (0, paths.len() as u64));
    assert_eq!(world.bytes(), before);
    world.add(&paths[..3]);
    assert_eq!(world.bytes(), before, "inputs that are not given again stay");
    let last = World { now: Timestamp(NOW.0 + 1_000_000), ..world };
    last.add(&paths);
    assert_eq!(last.bytes(), before, "the time of the run changes nothing");
}

#[test]
fn a_bundle_with_new_inputs_and_two_bundles_each_make_one_report() {
    let (world, inputs) = scenario("morning-after");
    let paths: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let (first, second) = paths.split_at(paths.len() / 2);
    let whole = world.report(&paths);
    world.add(first);
    let bundle = world.text("bundle");
    assert_eq!(world.report(&[&[bundle.as_str()], second].concat()), whole);
    fs::rename(world.path("bundle"), world.path("other")).expect("renamed");
    world.add(second);
    assert_eq!(world.report(&[&bundle, &world.text("other")]), whole);
    world.add(&[&world.text("other")]);
    assert_eq!(world.kept(), whole, "a bundle can be added to another");
}

#[test]
fn inputs_can_be_added_to_the_bundle_of_a_report() {
    let (world, inputs) = scenario("ready");
    let paths: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let whole = world.report(&paths);
    let request = Request { keep: true, ..world.request(&paths[1..]) };
    let loaded = world.plan();
    let report = pipeline::report(loaded.plan, &request, &Progress::default()).expect("a report");
    pipeline::save(&report, &loaded.text, &world.path("bundle")).expect("saved");
    assert_eq!(world.kept(), json(&report));
    assert_eq!(world.add(&paths).read, 1);
    assert_eq!(world.kept(), whole);
    assert!(!world.path("bundle/report.json").exists(), "the earlier report is out of date");
}

#[test]
fn cached_scans_of_all_formats_give_the_report_of_the_exports() {
    let plan = root().join(READY).join("plan.toml");
    let world = World::new(&fs::read_to_string(plan).expect("a plan"));
    let rules = ["unmapped-marker", "rejected-records", "damaged-input", "layer-contradiction"];
    let rules = rules.map(|rule| format!("fixtures/rules/{rule}"));
    for folder in ["fixtures/formats".to_owned()].iter().chain(&rules) {
        let _removed = fs::remove_dir_all(world.path("bundle"));
        let path = root().join(folder).to_string_lossy().into_owned();
        let request = Request { keep: true, ..world.request(&[&path]) };
        let collected = pipeline::collect(world.plan().plan, &request, &Progress::default());
        let kept = collected.expect("collected").kept;
        assert!(kept.len() > 1, "{folder} holds exports");
        let lines: Vec<String> = parts::lines(&kept).collect();
        let back = parts::read(lines.iter().cloned().map(Ok)).expect("read back");
        assert!(parts::lines(&back).eq(lines), "{folder}");
        world.add(&[&path]);
        same(&world.kept(), &world.report(&[&path]), folder);
    }
}
