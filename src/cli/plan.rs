/*! `holdover plan`: check a plan, or print its schema. */

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::model::VersionState;
use crate::pipeline::{self, Error};
use crate::plan::spelling::is_common;
use crate::plan::{Marker, Version};
use crate::safe;
use crate::wording::count;

use super::exit::Exit;
use super::explain::{SchemaArg, schema};
use super::terminal::print;

#[derive(Debug, Subcommand)]
pub(super) enum PlanCommand {
    /// Check a plan and report every mistake with its place.
    Check {
        /// The plan.
        #[arg(value_name = "PLAN", required_unless_present = "plan")]
        file: Option<PathBuf>,
        /// The plan, given as in other commands.
        #[arg(short, long, value_name = "PLAN", conflicts_with = "file")]
        plan: Option<PathBuf>,
    },
    /// Print the JSON Schema of plans, for editors.
    Schema,
}

pub(super) fn run(command: PlanCommand) -> Result<Exit, Error> {
    match command {
        PlanCommand::Check { file, plan } => check(&file.or(plan).unwrap_or_default())?,
        PlanCommand::Schema => {
            print(schema(SchemaArg::Plan).as_bytes())?;
        }
    }
    Ok(Exit::Ready)
}

fn check(path: &Path) -> Result<(), Error> {
    let plan = pipeline::load_plan(path)?.plan;
    let mut text = format!(
        "{}: {}, {}, {}: no mistakes\n",
        safe::terminal(&plan.file),
        count(plan.versions.len(), "version"),
        count(plan.consumers.len(), "consumer"),
        count(plan.sources.len(), "source"),
    );
    text.extend(plan.versions.iter().flat_map(common_markers));
    print(text.as_bytes())?;
    Ok(())
}

/// Advice on the markers of an old version that cannot be searched for: a use in a field that no profile reads stays
/// unseen.
fn common_markers(version: &Version) -> impl Iterator<Item = String> {
    let is_old = version.state == VersionState::Old;
    let common = version.markers.iter().filter(move |_| is_old).filter_map(|marker| match marker {
        Marker::Literal(text) if is_common(text) => Some(text),
        _ => None,
    });
    common.map(|marker| {
        let (marker, name) = (safe::terminal(marker), safe::terminal(&version.name));
        format!(
            "advice: the marker `{marker}` of `{name}` is too common to be searched for: where no profile reads it as the \
             credential, only a field whose name speaks of one shows it\n  help: name the field in a `[[source]]`, joined \
             with what makes it unique: `fields = {{ credential_uid = [\"/path\", \"/version\"] }}`, and write the marker so: \
             `path:{marker}`\n"
        )
    })
}
