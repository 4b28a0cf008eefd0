/*! The plan, the profiles and written reports, read from the user's files and checked. */

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::diag::Diagnostics;
use crate::ingest::walk;
use crate::judge;
use crate::limits::REPORT_BYTES;
use crate::model::Duration;
use crate::plan::{self, KnownNames, KnownRule, Plan};
use crate::profile::{self, Profile, builtin};
use crate::wire;

use super::error::Error;

/// A plan and the text it was read from.
#[derive(Debug)]
pub struct LoadedPlan {
    /// The checked plan.
    pub plan: Plan,
    /// The file as given: bundles keep it byte for byte.
    pub text: String,
}

/// Reads the profiles of a folder, and appends the built-in ones that none of them replaces.
pub fn load_profiles(folder: &Path) -> Result<Vec<Profile>, Error> {
    let inputs = walk(&[folder.display().to_string()]);
    let mut profiles: Vec<Profile> = Vec::new();
    for input in inputs.iter().filter(|input| is_toml(&input.path) || input.trouble.is_some()) {
        let text = text_of(Path::new(&input.path))?;
        profiles.push(profile::load(&input.path, &text).map_err(Error::Plan)?);
    }
    let is_replaced =
        |builtin: &&Profile| profiles.iter().any(|profile| profile.name == builtin.name);
    let others: Vec<Profile> =
        builtin::profiles().iter().filter(|builtin| !is_replaced(builtin)).cloned().collect();
    profiles.extend(others);
    Ok(profiles)
}

fn is_toml(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
}

pub(super) fn text_of(path: &Path) -> Result<String, Error> {
    let shown = || path.display().to_string();
    let bytes = fs::read(path).map_err(|source| Error::FileUnread { path: shown(), source })?;
    String::from_utf8(bytes).map_err(|_| Error::FileNotText { path: shown() })
}

/// Reads a plan and checks it against the built-in profiles.
pub fn load_plan(path: &Path) -> Result<LoadedPlan, Error> {
    load_plan_for(path, builtin::profiles())
}

/// Reads a plan and checks it against these profiles.
pub fn load_plan_for(path: &Path, profiles: &[Profile]) -> Result<LoadedPlan, Error> {
    loaded(path, profiles, &|file, text, known| plan::load(file, text, known))
}

/// Reads a plan that need not have a window yet.
pub fn load_early_plan(
    path: &Path,
    profiles: &[Profile],
    window: Duration,
) -> Result<LoadedPlan, Error> {
    loaded(path, profiles, &|file, text, known| plan::load_early(file, text, known, window))
}

type ReadPlan<'r> = &'r dyn Fn(&str, &str, &KnownNames<'_>) -> Result<Plan, Diagnostics>;

fn loaded(path: &Path, profiles: &[Profile], read: ReadPlan<'_>) -> Result<LoadedPlan, Error> {
    let shown = path.display().to_string();
    let text = text_of(path).map_err(|error| match error {
        Error::FileUnread { path, source } => Error::PlanUnread { path, source },
        other => other,
    })?;
    let plan = read_plan(&shown, &text, profiles, read)?;
    Ok(LoadedPlan { plan, text })
}

fn read_plan(
    file: &str,
    text: &str,
    profiles: &[Profile],
    read: ReadPlan<'_>,
) -> Result<Plan, Error> {
    let rules: Vec<KnownRule<'_>> = judge::RULES
        .iter()
        .map(|rule| KnownRule { name: rule.code.word(), waivable: rule.waivable })
        .collect();
    let profiles: Vec<&str> = profiles.iter().map(|profile| profile.name.as_str()).collect();
    let known = KnownNames { rules: &rules, profiles: &profiles };
    read(file, text, &known).map_err(|mistakes: Diagnostics| Error::Plan(Box::new(mistakes)))
}

/// A plan that is not a file yet.
pub(super) fn plan_of_text(file: &str, text: &str, profiles: &[Profile]) -> Result<Plan, Error> {
    read_plan(file, text, profiles, &|file, text, known| plan::load(file, text, known))
}

/// Reads a written report of at most the size that the program writes.
pub(super) fn written_report(path: &Path) -> Result<wire::Report, Error> {
    let shown = || path.display().to_string();
    let unread = |source| Error::FileUnread { path: shown(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unread)?;
    file.take(REPORT_BYTES + 1).read_to_end(&mut bytes).map_err(unread)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > REPORT_BYTES) {
        return Err(Error::TooLarge { path: shown(), most: REPORT_BYTES >> 20 });
    }
    let text = String::from_utf8(bytes).map_err(|_| Error::FileNotText { path: shown() })?;
    wire::read(&text).map_err(|source| Error::NoReport { path: shown(), source })
}
