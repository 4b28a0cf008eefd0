/*! What a record says came of it: of all its fields that tell, the worst. */

use super::{Read, ReportedOutcome, outcome};
use crate::model::Outcome;
use crate::model::columns::Column;

impl Read<'_, '_> {
    pub(super) fn told(&self) -> ReportedOutcome {
        let own = &self.reading.profile.outcomes;
        let strong = || self.values(Column::Outcome).filter(|word| !word.trim().is_empty());
        if let Some(unknown) = strong().find(|word| outcome::read(word, own).is_none()) {
            return ReportedOutcome::Unknown(unknown.to_owned());
        }
        let weak = || self.texts_at(&self.reading.slots.weak_outcome);
        let known = strong().chain(weak()).filter_map(|word| outcome::read(word, own));
        let statuses = self.texts_at(&self.reading.slots.status).filter_map(outcome::http_status);
        let said = known.chain(statuses).chain(self.error_outcome());
        let said = said.chain(self.outcomes_when()).reduce(outcome::worse);
        match said.or_else(|| own.absent.filter(|_| weak().next().is_none())) {
            Some(outcome) => ReportedOutcome::Known(outcome),
            None => match weak().find(|word| !word.trim().is_empty()) {
                Some(word) => ReportedOutcome::Doubtful(word.to_owned()),
                None => ReportedOutcome::Nothing,
            },
        }
    }

    /// What conditions say of the record.
    fn outcomes_when(&self) -> impl Iterator<Item = Outcome> {
        let rules = self.reading.slots.outcomes_when.iter();
        rules.filter(|(when, _)| self.holds(when)).map(|(_, outcome)| *outcome)
    }

    /// A named error that means a refusal or a failure everywhere; other words of it say nothing here.
    fn error_outcome(&self) -> Option<Outcome> {
        let words = self.values(Column::ErrorType).filter_map(outcome::common);
        words
            .filter(|outcome| !matches!(outcome, Outcome::Success | Outcome::None))
            .reduce(outcome::worse)
    }
}
