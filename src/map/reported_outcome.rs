/*! The outcome that a record reports: the worst that any of its fields says. */

use super::absent::is_absent;
use super::mapper::RecordMapper;
use super::outcome_words::{self as words, Answer};
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
        let weak = || self.texts_at(&self.reading.slots.weak_outcome);
        let mapped = strong().chain(weak()).filter_map(|word| words::meaning(word, source));
        let statuses = self.texts_at(&self.reading.slots.status).filter_map(words::last_status);
        let grpc = self.texts_at(&self.reading.slots.grpc_status).filter_map(words::grpc_status);
        let worst = mapped.chain(statuses).chain(grpc).chain(self.answers_by_condition()).max();
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

    fn answers_by_condition(&self) -> impl Iterator<Item = Answer> {
        let rules = self.reading.slots.outcomes_when.iter();
        rules
            .filter(|(condition, _)| self.holds(condition))
            .map(|(_, outcome)| Answer::of_condition(*outcome))
    }

    /// What a named error says: a refusal or a failure where its name means one in every source, and that a claimed
    /// success was none, whatever its name.
    fn error_answer(&self, claimed: Option<Answer>) -> Option<Answer> {
        let names = self.values(Column::ErrorType);
        let errors = names.filter(|name| !is_absent(name) && name.trim() != "0");
        let answers = errors.filter_map(|name| match words::common(name) {
            Some(answer) => (answer >= Answer::Failure).then_some(answer),
            // A profile of one source says itself what its errors are: many name a reason with a success, too.
            None if !self.reading.profile.guesses => None,
            None => (claimed == Some(Answer::Success)).then_some(Answer::Failure),
        });
        answers.max()
    }
}
