/*! `discover`: the tallies of all inputs joined into one survey, and the first plan drafted from it and tested on the
 * same inputs.
 */

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use crate::discover::{
    self, Choice, CredentialTally, Discovery, FieldTally, FoundInput, NoChoice, SourceDraft,
};
use crate::model::Timestamp;
use crate::model::bounds::TimeBounds;
use crate::model::columns::Column;
use crate::plan::PlanSource;
use crate::scan::{ObservedRecord, Observer};

use super::draft_test::{DraftTest, tested};
use super::error::Error;
use super::load::plan_of_text;
use super::observe::observe_each;
use super::progress::Progress;
use super::request::Request;

/// At most this many drafts are made: each test may find more to read.
const ROUNDS_MAX: usize = 4;

/// The credentials in a set of exports, and what of the exports could not be read.
#[derive(Debug)]
pub struct Survey {
    /// The credentials and their users.
    pub discovery: Discovery,
    /// Inputs with unread parts: path and cause.
    pub unread: Vec<(String, String)>,
    /// The inputs of which no record has a time that can be read.
    pub undated: BTreeSet<String>,
    /// The number of records that were not understood.
    pub rejected: u64,
    /// What was read as more than its profile says, by the position of the input.
    pub guessed: BTreeMap<usize, SourceDraft>,
    /// The fields of each input that no profile reads, with the profile that read most of it.
    fields: Vec<(FieldTally, Option<String>)>,
}

/// A first plan, and what its test on the same exports found.
#[derive(Debug)]
pub struct FirstPlan {
    /// The plan.
    pub text: String,
    /// What the test found.
    pub test: DraftTest,
}

/// What is counted of one input.
#[derive(Default)]
struct InputTally {
    credentials: CredentialTally,
    fields: FieldTally,
    profiles: BTreeMap<String, u64>,
}

impl Observer for InputTally {
    fn observe(&mut self, record: &ObservedRecord<'_>) {
        self.credentials.observe(record);
        if self.fields.wants_more() {
            self.fields.add(record.mapped, &record.fields, TimeBounds::around(Timestamp(0)));
        }
        *self.profiles.entry(record.profile.to_owned()).or_default() += 1;
    }

    fn wants_fields(&self, _member: u32) -> bool {
        self.fields.wants_more()
    }
}

/// Surveys all inputs. If no field of any is known to show a credential, fields that look like one are read.
pub fn survey(request: &Request) -> Result<Survey, Error> {
    let survey = look(request, &[])?;
    let found = &survey.discovery;
    if !found.credentials.is_empty() || !found.sessions.is_empty() {
        return Ok(survey);
    }
    let drafts = (0..found.inputs.len()).filter_map(|input| {
        let source = survey.read_more(input, request)?;
        source.reads(Column::CredentialUid).then_some((input, source))
    });
    let guessed: BTreeMap<usize, SourceDraft> = drafts.collect();
    if guessed.is_empty() { Ok(survey) } else { again(request, guessed, &survey) }
}

/// Reads the inputs once more, some of them by these sources.
fn again(
    request: &Request,
    guessed: BTreeMap<usize, SourceDraft>,
    before: &Survey,
) -> Result<Survey, Error> {
    let path = |input: &usize| before.discovery.inputs.get(*input).map(|input| &input.path);
    let sources: String = guessed
        .iter()
        .filter_map(|(input, source)| Some(source.text(&[globset::escape(path(input)?)])))
        .collect();
    let plan = plan_of_text("draft", &format!("{NO_PLAN}{sources}"), request.known_profiles())?;
    Ok(Survey { guessed, ..look(request, &plan.sources)? })
}

/// What a plan must have, around the sources that are tried.
const NO_PLAN: &str = r#"
[credential]
name = "draft"
[[credential.version]]
name = "old"
state = "old"
markers = ["<old>"]
[[credential.version]]
name = "new"
state = "new"
markers = ["<new>"]
[rotation]
introduced = 2000-01-01T00:00:00Z
window = "1h"
[[consumer]]
class = "draft"
match = [{ service_name = "<draft>" }]
"#;

fn look(request: &Request, sources: &[PlanSource]) -> Result<Survey, Error> {
    let (mut total, mut unread, mut rejected) = (CredentialTally::default(), Vec::new(), 0);
    let (mut inputs, mut fields, mut undated) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (position, (part, tally)) in
        observe_each::<InputTally>(request, sources)?.into_iter().enumerate()
    {
        total.join(tally.credentials, position);
        rejected += part.tally.rejected;
        if part.tally.records > 0 && part.span.is_none() {
            undated.insert(part.path.clone());
        }
        unread.extend(part.damage.into_iter().map(|damage| (part.path.clone(), damage.what)));
        inputs.push(FoundInput::new(part.path));
        let usual = tally.profiles.into_iter().max_by_key(|(_, records)| *records);
        fields.push((tally.fields, usual.map(|(profile, _)| profile)));
    }
    let discovery = discover::discover(total, inputs);
    Ok(Survey { discovery, unread, undated, rejected, guessed: BTreeMap::new(), fields })
}

impl Survey {
    /// The source that would read what a profile of guesses does not read of the input at this position.
    fn read_more(&self, input: usize, request: &Request) -> Option<SourceDraft> {
        let (fields, profile) = self.fields.get(input)?;
        let name = profile.as_deref()?;
        let profile = request.known_profiles().iter().find(|known| known.name == name)?;
        fields.draft(name).filter(|_| profile.guesses)
    }

    /// The sources by which inputs show a marker of the draft that no field shows yet.
    fn with_strays(&self, test: &DraftTest, request: &Request) -> BTreeMap<usize, SourceDraft> {
        let mut more = BTreeMap::new();
        for (input, known) in self.discovery.inputs.iter().enumerate() {
            // A field that takes the place of another would hide what that one shows.
            let before = self.guessed.get(&input);
            let is_read = before.is_some_and(|before| before.reads(Column::CredentialUid));
            if is_read || self.discovery.shows_credentials(input) {
                continue;
            }
            let stray = test
                .strays
                .iter()
                .find(|stray| stray.paths.contains(&known.path) && stray.pointer.starts_with('/'));
            let drafted = self.read_more(input, request);
            let source = match (stray, drafted) {
                // Where no record has a readable time, nothing shows whether it holds the marker.
                (None, drafted) => drafted.filter(|source| {
                    let is_dated =
                        self.undated.contains(&known.path) && source.reads(Column::EventTime);
                    let is_shown =
                        test.unread.contains(&known.path) && source.reads(Column::CredentialUid);
                    before.is_none() && (is_dated || is_shown)
                }),
                (Some(stray), drafted) => {
                    let profile = self.fields.get(input).and_then(|(_, profile)| profile.clone());
                    let otherwise = || SourceDraft { profile, ..SourceDraft::default() };
                    let mut source = drafted.unwrap_or_else(otherwise);
                    source
                        .fields
                        .extend(before.into_iter().flat_map(|before| before.fields.clone()));
                    source.fields.retain(|(column, _)| *column != Column::CredentialUid);
                    source.fields.push((Column::CredentialUid, stray.pointer.clone()));
                    Some(source)
                }
            };
            more.extend(source.map(|source| (input, source)));
        }
        more
    }
}

/// Drafts a plan and tests it. Where the test finds the marker in a field that is not read, the field is drafted, too.
pub fn first_plan(
    request: &Request,
    survey: Survey,
    choice: &Choice,
) -> Result<Result<FirstPlan, NoChoice>, Error> {
    let mut survey = survey;
    for round in 1.. {
        let chosen = match discover::choose(&survey.discovery, choice) {
            Ok(chosen) => chosen,
            Err(none) => return Ok(Err(none)),
        };
        let text = discover::draft(&survey.discovery, &chosen, &survey.guessed);
        let plan = plan_of_text("draft", &text, request.known_profiles())?;
        let result = tested(plan, request, &Progress::default())?;
        if let Some(old) = choice.old.as_ref().filter(|_| result.saw_nothing()) {
            return Ok(Err(NoChoice::Unseen(old.clone())));
        }
        let more = survey.with_strays(&result, request);
        if more.is_empty() || round == ROUNDS_MAX {
            return Ok(Ok(FirstPlan { text, test: result }));
        }
        let guessed = survey.guessed.clone().into_iter().chain(more).collect();
        survey = again(request, guessed, &survey)?;
    }
    unreachable!("the rounds are counted")
}

/// May a first plan be written there? Asked before anything is read, because that can take long.
pub fn may_draft(path: &Path) -> Result<(), Error> {
    let exists = path.symlink_metadata().is_ok();
    if exists { Err(unwritten(path, std::io::ErrorKind::AlreadyExists.into())) } else { Ok(()) }
}

/// Writes a first plan into a new file. An existing file is left as it is.
pub fn write_draft(text: &str, path: &Path) -> Result<(), Error> {
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| unwritten(path, error))
}

fn unwritten(path: &Path, error: std::io::Error) -> Error {
    let source = match error.kind() {
        kind @ std::io::ErrorKind::AlreadyExists => {
            std::io::Error::new(kind, "the file is there already; name a new one")
        }
        _ => error,
    };
    Error::FileUnwritten { path: path.display().to_string(), source }
}
