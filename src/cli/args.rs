/*! Arguments that several commands share, and the request that they make. */

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::model::{DigestKind, Duration, Timestamp};
use crate::pipeline::{self, Error, LoadedPlan, Request};
use crate::profile::{Profile, builtin};
use crate::wording::{self, Zone};

/// The plan and the inputs of a command that reads exports under a plan.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// The plan of the rotation; without it, `holdover.toml` in this folder or in the nearest one above.
    #[arg(short, long, value_name = "PLAN")]
    pub(super) plan: Option<PathBuf>,
    /// Files, folders, globs, `-` for stdin, or bundles.
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<String>,
}

/// How inputs are read.
#[derive(Debug, Args)]
pub(super) struct SourceArgs {
    /// Add the profiles in this folder; one with the name of a built-in profile replaces it.
    #[arg(long, value_name = "DIR")]
    pub(super) profiles: Option<PathBuf>,
    /// Read with this many threads; without it, one for each core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
}

/// How inputs are read, where digests are a choice.
#[derive(Debug, Args)]
pub(super) struct ReadingArgs {
    /// Compute a digest of each input; without digests a report cannot be verified later.
    #[arg(long, value_enum, default_value_t = DigestArg::Sha256)]
    pub(super) digest: DigestArg,
    #[command(flatten)]
    pub(super) sources: SourceArgs,
    /// Decode every record, even one that only repeats at another time what one before said, and ask the queries for
    /// the facts. The report is the same.
    #[arg(long)]
    pub(super) strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DigestArg {
    /// SHA-256 of the stored bytes.
    Sha256,
    /// BLAKE3 of the stored bytes, which is faster. Scans are not kept for a later run.
    Blake3,
    /// No digest.
    None,
}

impl DigestArg {
    pub(super) fn kind(self) -> Option<DigestKind> {
        match self {
            Self::Sha256 => Some(DigestKind::Sha256),
            Self::Blake3 => Some(DigestKind::Blake3),
            Self::None => None,
        }
    }
}

/// The format of a command that writes for people or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TextOrJson {
    Text,
    Json,
}

/// How times are printed.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct ZoneArgs {
    /// Print times in this IANA time zone, with their offset. JSON, CSV and other formats for programs stay in UTC, and
    /// so do the files of a bundle.
    #[arg(long, value_name = "ZONE", default_value = "UTC", hide_default_value = true, value_parser = zone)]
    pub(super) timezone: Zone,
}

/// Reads the name of a time zone.
fn zone(name: &str) -> Result<Zone, String> {
    Zone::named(name).ok_or_else(|| {
        let known: Vec<String> =
            Zone::resembling(name).into_iter().map(|name| format!("`{name}`")).collect();
        let example = "expected a name of the IANA database, such as `Europe/Berlin`";
        if known.is_empty() {
            example.to_owned()
        } else {
            format!("{example}; similar: {}", wording::list(&known))
        }
    })
}

/// How inputs are packed into tasks.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct TaskArgs {
    /// Pack inputs into tasks of about this many stored bytes.
    #[arg(long, value_name = "SIZE", default_value = "256M", value_parser = size)]
    pub(super) task_bytes: u64,
}

/// Reads a time of the command line.
pub(super) fn time(text: &str) -> Result<Timestamp, &'static str> {
    Timestamp::from_rfc3339(text)
        .ok_or("expected RFC 3339 with an offset, such as `2026-03-06T09:00:00Z`")
}

/// Reads a size of the command line: bytes, or with `K`, `M`, `G` or `T` in powers of 1,024.
pub(super) fn size(text: &str) -> Result<u64, &'static str> {
    let wrong = "expected a size such as `256M`";
    let word = text.strip_suffix("iB").unwrap_or(text);
    let digits = word.trim_end_matches(['K', 'M', 'G', 'T']);
    let power = match &word[digits.len()..] {
        "" if word == text => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return Err(wrong),
    };
    let count: u64 = digits.parse().map_err(|_| wrong)?;
    count.checked_mul(1 << power).filter(|bytes| *bytes > 0).ok_or(wrong)
}

/// The machine's clock.
#[expect(clippy::disallowed_methods, reason = "the clock is read here and nowhere else")]
pub(super) fn now() -> Timestamp {
    Timestamp(chrono::Utc::now().timestamp_micros())
}

/// The profiles of the user's folder and the built-in ones, if a folder is given.
pub(super) fn user_profiles(folder: Option<&Path>) -> Result<Option<Vec<Profile>>, Error> {
    folder.map(pipeline::load_profiles).transpose()
}

impl PlanArgs {
    /// Reads the plan and makes the request for its inputs.
    pub(super) fn load(&self, sources: &SourceArgs) -> Result<(LoadedPlan, Request), Error> {
        let plan = self.plan.clone().map_or_else(nearest_plan, Ok)?;
        sources.load(&plan, &self.paths)
    }

    /// The same for a plan without what only a verdict needs.
    pub(super) fn load_early(
        &self,
        sources: &SourceArgs,
        as_of: Option<Timestamp>,
    ) -> Result<(LoadedPlan, Request), Error> {
        let plan = self.plan.clone().map_or_else(nearest_plan, Ok)?;
        let request = Request { as_of, ..sources.request(self.paths.clone())? };
        let profiles = request.profiles.as_deref().unwrap_or(builtin::profiles());
        let loaded = pipeline::load_early_plan(&plan, profiles, Duration::DAY)?;
        Ok((loaded, request))
    }
}

/// The name of a plan that needs not be given.
const PLAN_FILE: &str = "holdover.toml";
/// At most this many folders above the working folder are looked into.
const FOLDERS_ABOVE: usize = 32;

/// The plan of the working folder, or of the nearest folder above it that has one.
pub(super) fn nearest_plan() -> Result<PathBuf, Error> {
    let mut path = PathBuf::from(PLAN_FILE);
    for _ in 0..FOLDERS_ABOVE {
        if path.is_file() {
            return Ok(path);
        }
        path = Path::new("..").join(path);
    }
    Err(Error::NoPlan)
}

impl SourceArgs {
    /// Reads a plan and makes the request for its inputs.
    pub(super) fn load(
        &self,
        plan: &Path,
        paths: &[String],
    ) -> Result<(LoadedPlan, Request), Error> {
        let request = self.request(paths.to_vec())?;
        let loaded = match &request.profiles {
            Some(profiles) => pipeline::load_plan_for(plan, profiles)?,
            None => pipeline::load_plan(plan)?,
        };
        Ok((loaded, request))
    }

    pub(super) fn request(&self, paths: Vec<String>) -> Result<Request, Error> {
        Ok(Request {
            threads: self.threads.map(usize::from),
            profiles: user_profiles(self.profiles.as_deref())?,
            ..Request::new(paths, now())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_has_digits_and_a_power_of_1024() {
        for (text, bytes) in [("1", 1), ("4K", 4096), ("256M", 256 << 20), ("1GiB", 1 << 30)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "0", "M", "1m", "-1", "1.5G", "1KM", "1iB", "99999999999T", "1 G"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
