/*! The ids in a record: candidates for its marker, markers that it only names, links between ids, aliases of its
 * instance.
 */

use std::borrow::Cow;

use super::absent::{is_absent, is_nobody};
use super::distinct::Distinct;
use super::mapped::NamedMarker;
use super::mapper::RecordMapper;
use crate::limits;
use crate::model::columns::Column;
use crate::profile::{CaseFold, Expression};

impl<'f> RecordMapper<'f, '_> {
    /// The candidates for the marker: as printed, and in the spelling that other sources use.
    pub(super) fn uids(&self) -> Vec<Cow<'f, str>> {
        let mut uids = Distinct::default();
        let mut add = |text: Cow<'f, str>| {
            if !is_nobody(&text) {
                uids.add(text);
            }
        };
        let (slots, fields) = (&self.reading.slots, self.fields);
        let uid_slots = slots.columns.filled(Column::CredentialUid, fields).iter();
        // The marker as printed stays a candidate, so that no plan misses it.
        let both = |text: Cow<'f, str>, fold: Option<CaseFold>| {
            let folded = fold.map(|fold| Cow::Owned(fold.spelt(&text)));
            std::iter::once(text).chain(folded)
        };
        // A profile names many fields, and a record has few of them.
        let present = uid_slots.zip(&slots.uid_folds);
        let present = present.filter(|(slot, _)| fields.get(**slot).is_some());
        for (slot, fold) in present {
            fields.scalars(*slot).flat_map(|text| both(text, *fold)).for_each(&mut add);
        }
        let fold = self.reading.profile.folds.all;
        let extracted = self.extracted(Column::CredentialUid).map(Cow::Borrowed);
        extracted.flat_map(|text| both(text, fold)).for_each(&mut add);
        uids.into_texts()
    }

    /// Markers that the record names without using them.
    pub(super) fn named_markers(&self) -> Vec<NamedMarker<'f>> {
        let mut markers = Vec::new();
        for named in &self.reading.slots.named_markers {
            if !self.holds(&named.condition) {
                continue;
            }
            for text in self.fields.scalars(named.uid) {
                let uid = first_group(named.pattern.as_ref(), text).filter(|uid| !is_absent(uid));
                let Some(uid) = uid else { continue };
                let uid = if named.fold_lower { Cow::Owned(uid.to_ascii_lowercase()) } else { uid };
                markers.push(NamedMarker { uid, kind: named.kind, layer: named.layer });
            }
        }
        markers
    }

    /// Each id that was issued, with each that it was issued for: an answer may list several.
    pub(super) fn links(&self) -> Vec<(&'f str, &'f str)> {
        self.linked(false).map(|(_, pair)| pair).collect()
    }

    /// Each stage of a secret that stands for the version before one that the record names, with that version.
    pub(super) fn previous(&self) -> Vec<(String, &'f str)> {
        let stage = |(stage, (child, parent)): (Option<&str>, (&'f str, &'f str))| {
            Some((format!("{child}:{}", stage?), parent))
        };
        self.linked(true).filter_map(stage).collect()
    }

    /// Child and parent of the links, with the stage that the child and its name stand for.
    fn linked(&self, is_stage: bool) -> impl Iterator<Item = (Option<&str>, (&'f str, &'f str))> {
        let links = self.reading.slots.links.iter();
        let links = links.filter(move |link| link.previous.is_some() == is_stage);
        links.filter(|link| self.holds(&link.condition)).flat_map(move |link| {
            let ids = |slot| self.fields.values(slot).filter(|id| !is_absent(id));
            let parents = ids(link.parent).filter_map(|parent| match &link.parent_pattern {
                None => Some(parent),
                Some(pattern) => Some(pattern.captures(parent)?.get(1)?.as_str()),
            });
            let mut pairs = Vec::new();
            for parent in parents.take(limits::LINK_PARENTS) {
                pairs.extend(
                    ids(link.child).map(|child| (link.previous.as_deref(), (child, parent))),
                );
            }
            pairs
        })
    }

    pub(super) fn aliases(&self) -> Vec<String> {
        let of_slot = |(slot, pattern): &'f (usize, Option<Expression>)| {
            let texts = self.fields.scalars(*slot);
            texts.filter_map(|text| first_group(pattern.as_ref(), text).map(Cow::into_owned))
        };
        self.reading.slots.aliases.iter().flat_map(of_slot).collect()
    }

    /// Does the record say which consumer its instance belongs to?
    pub(super) fn states_owner(&self) -> bool {
        let unless = self.reading.slots.owner_unless.as_ref();
        unless.is_some_and(|slots| slots.iter().all(|slot| self.fields.get(*slot).is_none()))
    }
}

/// The first group of the expression in a text; without an expression, the whole text.
fn first_group<'t>(pattern: Option<&Expression>, text: Cow<'t, str>) -> Option<Cow<'t, str>> {
    match pattern {
        None => Some(text),
        Some(regex) => Some(Cow::Owned(regex.captures(&text)?.get(1)?.as_str().to_owned())),
    }
}
