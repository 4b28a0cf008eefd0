/*! `plan advise`: what the exports say about a plan. */

use std::collections::BTreeMap;

use crate::facts::FactInputs;
use crate::judge;
use crate::judge::advise::MarkerFields;
use crate::model::Timestamp;
use crate::model::advice::Advice;
use crate::model::columns::Column;
use crate::model::facts::Source;
use crate::plan::Plan;
use crate::profile::Profile;

use super::collect::collect;
use super::error::Error;
use super::evidence::{self, Questions};
use super::progress::Progress;
use super::report::sources;
use super::request::Request;
use super::who::unread;

/// Reads the inputs and says how the plan could be better.
pub fn advise(plan: Plan, request: &Request, progress: &Progress) -> Result<Advice, Error> {
    let collected = collect(plan, request, progress)?;
    let params = evidence::run_params(&collected, request, None);
    let sealed = &collected.sealed;
    let sources = sources(sealed, request.known_profiles());
    let inputs = FactInputs { sealed, as_of: Timestamp(params.as_of_us), sources: &sources };
    let questions = Questions::of(sealed, request)?;
    let facts = questions.answers(sealed.rows.len(), params)?.facts(inputs);
    let fields = fields(&sources, request.known_profiles());
    let advice = judge::advise::advise(&collected.plan, &facts, &fields);
    Ok(Advice { unread: unread(sealed), ..advice })
}

/// Where the profile of each log source looks for a marker.
fn fields(sources: &[Source], profiles: &[Profile]) -> MarkerFields {
    let named: BTreeMap<&str, &Profile> =
        profiles.iter().map(|profile| (profile.name.as_str(), profile)).collect();
    let mut fields = MarkerFields::new();
    for source in sources {
        let profile = named.get(source.profile.as_str());
        let pointers = profile.and_then(|profile| profile.fields.get(&Column::CredentialUid));
        let pointers = pointers.cloned().unwrap_or_default();
        for stream in &source.streams {
            let known =
                fields.entry(*stream).or_insert_with(|| (source.profile.clone(), Vec::new()));
            known.1.extend(pointers.iter().cloned());
        }
    }
    fields
}
