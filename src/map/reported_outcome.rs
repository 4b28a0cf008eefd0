/*! The outcome that a record reports: the worst that any of its fields says. */

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::absent::is_absent;
use super::mapper::RecordMapper;
use super::nested::{Nested, word};
use super::outcome_words::{self as words, Answer, StatusWord};
use crate::model::Outcome;
use crate::model::columns::Column;

/// The outcome that a record reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportedOutcome {
    /// A word that is mapped, or the absence of any word, if that means something in this source.
    Known(Outcome),
    /// The record reports no outcome.
    Nothing,
    /// A word that neither the profile nor the common list maps.
    Unknown(String),
    /// Such a word, in a field that often holds something other than an outcome.
    Doubtful(String),
}

impl RecordMapper<'_, '_> {
    pub(super) fn reported_outcome(&self) -> ReportedOutcome {
        let source = &self.reading.profile.outcomes;
        let strong = || self.values(Column::Outcome).filter(|word| !is_absent(word));
        if let Some(unknown) = strong().find(|word| words::meaning(word, source).is_none()) {
            return ReportedOutcome::Unknown(unknown.to_owned());
        }
        let listed = match self.listed_outcome() {
            Ok(answer) => answer,
            Err(shape) => return ReportedOutcome::Unknown(shape.to_owned()),
        };
        let statuses = match self.statuses() {
            Ok(answer) => answer,
            Err(word) => return ReportedOutcome::Unknown(word),
        };
        let weak = || self.texts_at(&self.reading.slots.weak_outcome);
        let mapped = strong().chain(weak()).filter_map(|word| words::meaning(word, source));
        let others = listed.into_iter().chain(statuses).chain(self.answers_by_condition());
        let worst = mapped.chain(others).max();
        let claimed = worst.or(source.absent.map(Answer::of_word));
        let worst = worst.max(self.error_answer(claimed));
        match worst
            .map(Answer::outcome)
            .or_else(|| source.absent.filter(|_| weak().next().is_none()))
        {
            Some(outcome) => ReportedOutcome::Known(outcome),
            None => match weak().find(|word| !is_absent(word)) {
                Some(word) => ReportedOutcome::Doubtful(word.to_owned()),
                None => ReportedOutcome::Nothing,
            },
        }
    }

    /// What an outcome says that is a list: its elements, where all of them say the same. `Err`: nobody knows what the
    /// value of the field says.
    fn listed_outcome(&self) -> Result<Option<Answer>, &'static str> {
        let source = &self.reading.profile.outcomes;
        let mut answers = Vec::new();
        for value in self.nested(Column::Outcome) {
            let Nested::Words(list) = value else { return Err("an object") };
            answers.extend(list.iter().map(|word| words::meaning(word, source)));
        }
        let first = answers.first().copied().flatten();
        if answers.iter().all(|answer| answer.is_some() && *answer == first) {
            Ok(first)
        } else {
            Err("a list")
        }
    }

    /// The worst that a field says which holds nothing but a status. `Err`: a word that nobody knows, which may be a
    /// refusal.
    fn statuses(&self) -> Result<Option<Answer>, String> {
        let (slots, source) = (&self.reading.slots, &self.reading.profile.outcomes);
        let http = slots.status.iter().filter_map(|slot| {
            let text = self.status_at(*slot)?;
            // A field that often holds something else may hold any other word.
            let is_weak = slots.weak_outcome.contains(slot);
            let name = || words::status_name(&text).filter(|_| !is_weak);
            let read = words::last_status(&text).or_else(name);
            let is_weak = read.is_none() && is_weak;
            (!is_weak).then(|| (StatusWord::of(&text, read, source), text))
        });
        let grpc = slots.grpc_status.iter().filter_map(|slot| {
            let text = self.status_at(*slot)?;
            Some((StatusWord::of(&text, words::grpc_status(&text), source), text))
        });
        let (mut worst, mut unknown) = (None, None);
        for (said, text) in http.chain(grpc) {
            match said {
                StatusWord::Known(answer) => worst = worst.max(Some(answer)),
                StatusWord::Nothing => {}
                StatusWord::Unknown => unknown = unknown.or(Some(text)),
            }
        }
        match unknown {
            Some(word) if worst < Some(Answer::AuthFailure) => Err(word.into_owned()),
            Some(_) | None => Ok(worst),
        }
    }

    /// The text of a status: of a list the last, which was answered, and of an object its code.
    fn status_at(&self, slot: usize) -> Option<Cow<'_, str>> {
        let is_scalar = self.text(slot).is_some();
        let code = || {
            let object: Map<String, Value> = serde_json::from_str(self.fields.get(slot)?).ok()?;
            let names = ["code", "status", "status_code", "statusCode"];
            let code = names.iter().find_map(|name| word(object.get(*name)?))?;
            Some(Cow::Owned(code))
        };
        let listed = self.fields.scalars(slot).last();
        listed.or_else(|| (!is_scalar).then(code).flatten())
    }

    fn answers_by_condition(&self) -> impl Iterator<Item = Answer> {
        let rules = self.reading.slots.outcomes_when.iter();
        rules
            .filter(|(condition, _)| self.holds(condition))
            .map(|(_, outcome)| Answer::of_condition(*outcome))
    }

    /// What a named error says: a refusal or a failure where its name means one in every source, and that a claimed
    /// success was none, whatever its name.
    fn error_answer(&self, claimed: Option<Answer>) -> Option<Answer> {
        let nested: Vec<Nested> = self.nested(Column::ErrorType).collect();
        let listed = nested.iter().flat_map(|value| match value {
            Nested::Words(list) => list.as_slice(),
            Nested::Object => &[],
        });
        let names = self.values(Column::ErrorType).chain(listed.map(String::as_str));
        let errors = names.filter(|name| !is_absent(name) && name.trim() != "0");
        // An object describes an error that has no name.
        let unnamed = nested.contains(&Nested::Object).then_some("an object");
        let answers = errors.chain(unnamed).filter_map(|name| match words::common(name) {
            Some(answer) => (answer >= Answer::Failure).then_some(answer),
            // A profile of one source says itself what its errors are: many name a reason with a success, too.
            None if !self.reading.profile.guesses => None,
            None => (claimed == Some(Answer::Success)).then_some(Answer::Failure),
        });
        answers.max()
    }
}
