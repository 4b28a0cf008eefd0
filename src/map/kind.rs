/*! What a record states: by a condition of the profile, or by the word in its field. */

use super::mapped::KindBasis;
use super::mapper::RecordMapper;
use crate::model::columns::Column;
use crate::model::{Kind, Layer};

impl RecordMapper<'_, '_> {
    /// What the first condition that holds says the record states, and as what testimony.
    pub(super) fn kind_by_condition(&self) -> Option<(Kind, Option<Layer>)> {
        // What the plan says of its source goes before what a name suggests.
        let is_overruled = self.reading.profile.guesses && self.reading.profile.kind_is_declared;
        let mut conditions = self.reading.slots.kinds_when.iter().filter(|_| !is_overruled);
        let (_, kind, layer) = conditions.find(|(condition, ..)| self.holds(condition))?;
        Some((*kind, *layer))
    }

    /// Whether the profile or the plan says what the record states. Otherwise it is a word that the application calls
    /// its kind, whatever it means by that.
    fn kind_is_settled(&self) -> bool {
        let profile = &self.reading.profile;
        profile.kind_is_declared || !profile.guesses
    }

    /// By what the record states its kind. `condition`: what a condition of the profile says.
    pub(super) fn kind_basis(&self, condition: Option<(Kind, Option<Layer>)>) -> KindBasis {
        match condition {
            _ if self.kind_is_settled() => KindBasis::Settled,
            Some(_) => KindBasis::Guessed,
            None => KindBasis::Logged,
        }
    }

    pub(super) fn kind(&self, condition: Option<(Kind, Option<Layer>)>) -> Option<Kind> {
        if let Some((kind, _)) = condition {
            return Some(kind);
        }
        let text = self.first(Column::Kind)?;
        let words = &self.reading.profile.kinds;
        let by_profile = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        // Much can be open or closed: only a profile or a plan says that it is a session.
        let is_known = |kind: &Kind| {
            let is_domain_word = matches!(kind, Kind::Open | Kind::Close);
            let is_meant = !is_domain_word || self.kind_is_settled();
            is_meant && kind.word().eq_ignore_ascii_case(text)
        };
        by_profile.map(|(_, kind)| *kind).or_else(|| Kind::ALL.into_iter().find(is_known))
    }
}
