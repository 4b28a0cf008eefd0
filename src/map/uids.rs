/*! The candidates for the marker: what the fields of it hold, as printed, and in the spelling that other sources use. */

use std::borrow::Cow;

use super::{Read, is_nobody};
use crate::model::columns::Column;
use crate::profile::Fold;

impl<'f> Read<'f, '_> {
    pub(super) fn uids(&self) -> Vec<Cow<'f, str>> {
        let mut uids: Vec<Cow<'f, str>> = Vec::new();
        let mut add = |text: Cow<'f, str>| {
            if !is_nobody(&text) && !uids.contains(&text) {
                uids.push(text);
            }
        };
        let (slots, fields) = (&self.reading.slots, self.fields);
        let own = slots.columns.get(&Column::CredentialUid).into_iter().flatten();
        // The marker as printed stays a candidate, so that no plan misses it.
        let both = |text: Cow<'f, str>, fold: Option<Fold>| {
            let other = fold.map(|fold| Cow::Owned(fold.spelt(&text)));
            std::iter::once(text).chain(other)
        };
        // Most of the many names are in no record.
        let there = own.zip(&slots.uid_folds).filter(|(slot, _)| fields.get(**slot).is_some());
        for (slot, fold) in there {
            fields.scalars(*slot).flat_map(|text| both(text, *fold)).for_each(&mut add);
        }
        let all = self.reading.profile.folds.all;
        let parts = self.extracted(Column::CredentialUid).map(Cow::Borrowed);
        parts.flat_map(|text| both(text, all)).for_each(&mut add);
        uids
    }
}
