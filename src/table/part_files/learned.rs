/*! What the links of all parts say, for those who scan again: what lookups of a scan can be answered with. */

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::parts::AnswersLine;
use super::error::LearnedError;
use crate::model::Place;
use crate::model::link::{Learned, LinkKey, Meaning};
use crate::scan::{LinkAnswers, LinkQueries};

/// The schema of the file.
const LEARNED_SCHEMA: &str = "holdover.learned/1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LearnedLine<'a> {
    #[serde(borrow)]
    schema: Cow<'a, str>,
    /// The digest of plan and profiles: under others the ids are others.
    #[serde(borrow)]
    wanted: Cow<'a, str>,
    answers: AnswersLine,
}

/// What was learned, as text.
///
/// # Panics
/// Never: it is strings and numbers, which JSON can hold.
pub fn write_learned(wanted: &str, learned: &Learned) -> String {
    let all = LinkQueries { full: true, ..LinkQueries::default() };
    let line = LearnedLine {
        schema: Cow::Borrowed(LEARNED_SCHEMA),
        wanted: Cow::Borrowed(wanted),
        answers: AnswersLine::of(&all.answers(learned)),
    };
    serde_json::to_string(&line).expect("strings and numbers") + "\n"
}

/// Reads what was learned. A scan looks up versions, names, classes and actions; what only sealing asks for (processes,
/// and the record of a link) is not in it.
pub fn read_learned(text: &str, wanted: &str, key: LinkKey) -> Result<Learned, LearnedError> {
    let shape = |error: serde_json::Error| LearnedError::Shape(error.to_string());
    let line: LearnedLine<'_> = serde_json::from_str(text).map_err(shape)?;
    if line.schema != LEARNED_SCHEMA {
        return Err(LearnedError::Shape(format!("its schema is `{}`", line.schema)));
    }
    if line.wanted != wanted {
        return Err(LearnedError::Elsewhere);
    }
    let LinkAnswers { sessions, aliases, owners, carries } = line.answers.back();
    let meaning = |(id, (version, state))| {
        (id, Meaning { version, state, link: Place::default(), since: None })
    };
    let sessions = sessions.into_iter().map(meaning).collect();
    Ok(Learned { key, sessions, processes: BTreeMap::new(), aliases, owners, carries })
}
