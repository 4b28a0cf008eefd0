/*! `report`: read the inputs, ask for the facts, decide, and gather what the formats need. */

use std::collections::BTreeSet;

use crate::facts::FactInputs;
use crate::judge;
use crate::model::Timestamp;
use crate::model::coverage::StreamId;
use crate::model::decision::{Decision, Quotes};
use crate::model::facts::{Input, Source};
use crate::model::record::Records;
use crate::plan::Plan;
use crate::profile::Profile;
use crate::quote;
use crate::report::View;
use crate::table::bundle::Params;
use crate::table::parts::CachedScan;
use crate::table::{PlanNames, Sealed};

use super::collect::{Collected, collect};
use super::earlier::Past;
use super::error::Error;
use super::evidence::Questions;
use super::given_facts::GivenFacts;
use super::progress::Progress;
use super::request::Request;
use super::{evidence, reread};

/// A report as values, before any format renders it.
#[derive(Debug)]
pub struct Report {
    /// Ledger, findings, verdict and what follows from them.
    pub decision: Decision,
    /// The wording of each cited row.
    pub quotes: Quotes,
    /// The cited records, masked, if a format needs them.
    pub records: Option<Records>,
    /// The tables that the decision rests on.
    pub sealed: Sealed,
    /// The names of classes and versions.
    pub names: PlanNames,
    /// The instants of the queries.
    pub params: Params,
    /// The scan of each input, for a later run.
    pub kept: Vec<CachedScan>,
    /// The paths by which the inputs can be read again; empty if some cannot.
    pub paths: Vec<String>,
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

/// Reads the inputs and decides.
pub fn report(plan: Plan, request: &Request, progress: &Progress) -> Result<Report, Error> {
    let given = GivenFacts::of(request)?;
    let names = evidence::names(&plan);
    let collected = collect(plan, request, progress)?;
    let params = evidence::run_params(&collected, request, collected.plan.rotation.revoked);
    let Collected { plan, sealed, kept, .. } = collected;
    let questions = Questions::of(&sealed, request)?;
    let as_of = Timestamp(params.as_of_us);
    let sources = sources(&sealed, request.known_profiles());
    let inputs = FactInputs { sealed: &sealed, as_of, sources: &sources };
    let answers = match given {
        Some(given) => given.answers(&sealed, &names, params)?,
        None => questions.answers(sealed.rows.len(), params)?,
    };
    let mut decision = judge::decide(&plan, &answers.facts(inputs));
    let past = Past { plan: &plan, questions: &questions, inputs };
    decision.course.known = past.known_at_revocation()?;
    if request.needs.readiness {
        decision.course.readiness = request.pool()?.install(|| past.readiness())?;
    }
    let quotes = quote::quote(&decision, &sealed, &names);
    let paths = request.repeatable_paths();
    let mut report = Report { decision, quotes, records: None, sealed, names, params, kept, paths };
    if request.needs.records {
        let records = reread::records(&report.view(), &report.decision.inputs, request)?;
        report.records = Some(records);
    }
    Ok(report)
}

/// The profiles that read at least one input, with the events that their source never records.
pub(super) fn sources(sealed: &Sealed, profiles: &[Profile]) -> Vec<Source> {
    let read = |profile: &Profile| {
        let is_read_by_it =
            |input: &&Input| input.profile.split(", ").any(|name| name == profile.name);
        let inputs = sealed.inputs.iter().filter(is_read_by_it);
        let streams: BTreeSet<StreamId> =
            inputs.flat_map(|input| input.streams.iter().copied()).collect();
        (!streams.is_empty()).then(|| Source {
            profile: profile.name.clone(),
            never: profile.blind_spots.clone(),
            streams: streams.into_iter().collect(),
        })
    };
    profiles.iter().filter_map(read).collect()
}
