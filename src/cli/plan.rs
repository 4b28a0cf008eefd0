/*! `holdover plan`: check a plan, begin one from a template, ask for advice, or print the schema. */

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use sha2::{Digest, Sha256};

use crate::model::{VersionState, hex};
use crate::pipeline::{self, Error, LoadedPlan};
use crate::plan::spelling::is_common;
use crate::plan::templates::{TEMPLATES, template, title, unfilled};
use crate::plan::{Marker, Version};
use crate::safe;
use crate::wording::{count, list_all, noun};

use super::advise::{self, AdviseArgs};
use super::exit::Exit;
use super::explain::{SchemaArg, schema};
use super::failure::usage;
use super::terminal::{Terminal, print};

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
    /// Say from exports which cutover model fits, who to move first, where to split the credential and what to log.
    Advise(Box<AdviseArgs>),
    /// Print a plan to begin with, for a kind of credential, with the exports to fetch and what they cannot show.
    New {
        /// The template; without one, list all.
        #[arg(value_name = "NAME")]
        name: Option<String>,
        /// Write into this new file.
        #[arg(short, long, value_name = "FILE", requires = "name")]
        output: Option<PathBuf>,
    },
    /// Print the JSON Schema of plans, for editors.
    Schema,
}

pub(super) fn run(command: PlanCommand, terminal: Terminal) -> Result<Exit, Error> {
    match command {
        PlanCommand::Check { file, plan } => check(&file.or(plan).unwrap_or_default())?,
        PlanCommand::Advise(args) => return advise::run(&args, terminal),
        PlanCommand::New { name, output } => return new(name.as_deref(), output.as_deref()),
        PlanCommand::Schema => {
            print(schema(SchemaArg::Plan).as_bytes())?;
        }
    }
    Ok(Exit::Ready)
}

fn new(name: Option<&str>, output: Option<&Path>) -> Result<Exit, Error> {
    let Some(name) = name else {
        let list = TEMPLATES.iter().map(|(name, text)| format!("{name:<24} {}\n", title(text)));
        print(list.collect::<String>().as_bytes())?;
        return Ok(Exit::Ready);
    };
    let text = match template(name) {
        Ok(text) => text,
        Err(near) => {
            let help = near.map_or_else(String::new, |near| format!("the nearest is `{near}`; "));
            let name = safe::terminal(name);
            return Ok(usage(&format!(
                "no template named `{name}`\n  help: {help}`holdover plan new` lists all"
            )));
        }
    };
    if let Some(path) = output {
        pipeline::write_draft(text, path)?;
        let file = path.display().to_string();
        let open = count(unfilled(text).len(), "line");
        let written = format!("wrote {}; fill in {open}\n", safe::terminal(&file));
        print(written.as_bytes())?;
    } else {
        print(text.as_bytes())?;
    }
    Ok(Exit::Ready)
}

fn check(path: &Path) -> Result<(), Error> {
    let LoadedPlan { plan, text: given } = pipeline::load_plan(path)?;
    let mut text = format!(
        "{}: {}, {}, {}: no mistakes\n",
        safe::terminal(&plan.file),
        count(plan.versions.len(), "version"),
        count(plan.consumers.len(), "consumer"),
        count(plan.sources.len(), "source"),
    );
    let unfilled: Vec<String> = unfilled(&given).iter().map(ToString::to_string).collect();
    if let Some(first) = unfilled.first() {
        let (lines, all) = (count(unfilled.len(), "line"), list_all(&unfilled, "and"));
        let _infallible = writeln!(
            text,
            "advice: {lines} still to fill in, the first is {}:{first}: what stands in angle brackets counts as missing\n  \
             help: see {} {all}",
            safe::terminal(&plan.file),
            noun(unfilled.len(), "line"),
        );
    }
    text.extend(plan.versions.iter().flat_map(common_markers));
    text.extend(plan.versions.iter().flat_map(secret_markers));
    print(text.as_bytes())?;
    Ok(())
}

/// Advice on the markers that are secrets themselves: a bundle keeps its plan as it is.
fn secret_markers(version: &Version) -> impl Iterator<Item = String> {
    let secrets = version.markers.iter().filter_map(|marker| match marker {
        Marker::Literal(text) if safe::mask(text) != text.as_str() => Some(text),
        _ => None,
    });
    secrets.map(|secret| {
        let (shown, name) = (safe::mask(secret), safe::terminal(&version.name));
        format!(
            "advice: the marker `{shown}` of `{name}` looks like the secret itself, and a bundle keeps the plan as it is\n  \
             help: write its digest, which fields that are read as the credential are compared with: `sha256:{}`\n",
            hex(&Sha256::digest(secret))
        )
    })
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
