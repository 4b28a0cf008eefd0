/*! The outcome that a record reports: the worst that any of its fields says. */

use super::mapper::RecordMapper;
use super::outcome_words as words;
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
        let strong = || self.values(Column::Outcome).filter(|word| !word.trim().is_empty());
        if let Some(unknown) = strong().find(|word| words::meaning(word, source).is_none()) {
            return ReportedOutcome::Unknown(unknown.to_owned());
        }
        let weak = || self.texts_at(&self.reading.slots.weak_outcome);
        let mapped = || {
            let meanings = strong().chain(weak());
            meanings.filter_map(|word| Some((word, words::meaning(word, source)?)))
        };
        let statuses = || {
            let words = self.texts_at(&self.reading.slots.status);
            words.filter_map(|word| Some((word, words::http_status(word)?)))
        };
        let outcomes = mapped().chain(statuses()).map(|(_, outcome)| outcome);
        let outcomes = outcomes.chain(self.error_outcome()).chain(self.outcomes_by_condition());
        let unchecked = |(word, outcome): (&str, Outcome)| {
            outcome == Outcome::None && words::is_unchecked(word)
        };
        // Nobody checked the credential: no success, whatever looks like one.
        let is_unchecked = mapped().chain(statuses()).any(unchecked)
            || self.outcomes_by_condition().any(|outcome| outcome == Outcome::None);
        let worst = outcomes.reduce(words::worse).map(|outcome| match outcome {
            Outcome::Success if is_unchecked => Outcome::None,
            outcome => outcome,
        });
        match worst.or_else(|| source.absent.filter(|_| weak().next().is_none())) {
            Some(outcome) => ReportedOutcome::Known(outcome),
            None => match weak().find(|word| !word.trim().is_empty()) {
                Some(word) => ReportedOutcome::Doubtful(word.to_owned()),
                None => ReportedOutcome::Nothing,
            },
        }
    }

    fn outcomes_by_condition(&self) -> impl Iterator<Item = Outcome> {
        let rules = self.reading.slots.outcomes_when.iter();
        rules.filter(|(condition, _)| self.holds(condition)).map(|(_, outcome)| *outcome)
    }

    /// The outcome of a named error that is a refusal or a failure in every source. Other names of errors are ignored.
    fn error_outcome(&self) -> Option<Outcome> {
        let outcomes = self.values(Column::ErrorType).filter_map(words::common);
        outcomes
            .filter(|outcome| !matches!(outcome, Outcome::Success | Outcome::None))
            .reduce(words::worse)
    }
}
