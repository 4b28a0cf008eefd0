/*! `holdover plan`: check a plan, or print its schema. */

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::pipeline::{self, Error};
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
    let text = format!(
        "{}: {}, {}, {}: no mistakes\n",
        safe::terminal(&plan.file),
        count(plan.versions.len(), "version"),
        count(plan.consumers.len(), "consumer"),
        count(plan.sources.len(), "source"),
    );
    print(text.as_bytes())?;
    Ok(())
}
