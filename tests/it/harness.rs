/*! Runs the program as a user does, and finds the data outside of the repository. */

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use holdover::model::DigestKind;
use holdover::model::Timestamp;
use holdover::pipeline::{self, Collected, Progress, Request};
use serde_json::Value;

/// The project's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of data that the project does not ship. A test that reads it carries
/// `#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]`.
pub(crate) fn shared(folder: &str) -> PathBuf {
    Path::new(env!("HOLDOVER_SHARED")).join(folder)
}

/// Says that a test cannot run since a tool is missing. Where `HOLDOVER_TOOLS` is `required`, as in CI, the test fails.
pub(crate) fn skip(missing: &str) {
    let is_required = std::env::var_os("HOLDOVER_TOOLS").is_some_and(|word| word == "required");
    assert!(!is_required, "HOLDOVER_TOOLS=required, and {missing}");
    eprintln!("SKIPPED: {missing}");
}

/// What the exports of a folder hold for a plan, without the program around it.
pub(crate) fn collect(plan: &str, folder: &Path, digest: bool) -> Collected {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let path = scratch.path().join("plan.toml");
    std::fs::write(&path, plan).expect("a plan");
    let loaded = pipeline::load_plan(&path).expect("a plan that holds");
    let request = Request {
        digest: digest.then_some(DigestKind::Sha256),
        ..Request::new(
            vec![folder.to_string_lossy().into_owned()],
            Timestamp(4_000_000_000_000_000),
        )
    };
    pipeline::collect(loaded.plan, &request, &Progress::default()).expect("exports that are read")
}

/// The program with a clean environment, in the project's root.
pub(crate) fn holdover(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdover"));
    command.args(args).current_dir(root()).env_clear().stdin(Stdio::null());
    command
}

/// Runs it.
pub(crate) fn run(args: &[&str]) -> Output {
    holdover(args).output().expect("the program starts")
}

/// Its exit status.
pub(crate) fn status(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

/// What it said on standard error.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What it printed.
pub(crate) fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The report of a plan over paths, as JSON.
pub(crate) fn report(plan: &Path, paths: &[&Path], more: &[&str]) -> Value {
    let plan = plan.to_string_lossy();
    let paths: Vec<String> = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let mut args = vec!["report", "-p", &plan, "-f", "json"];
    args.extend(paths.iter().map(String::as_str));
    args.extend(more);
    let output = run(&args);
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{args:?}: {error}\n{}", said(&output)));
    crate::schemas::is_a_report(&report);
    report
}

/// The rules that fired for a class, or for the rotation.
pub(crate) fn rules(report: &Value, class: Option<&str>) -> Vec<String> {
    let findings = report["findings"].as_array().expect("a list of findings");
    let mut rules: Vec<String> = findings
        .iter()
        .filter(|finding| finding["class"].as_str() == class)
        .map(|finding| finding["rule"].as_str().unwrap_or_default().to_owned())
        .collect();
    rules.sort();
    rules.dedup();
    rules
}
