/*! Reads the tables of a profile, one function for each kind of table. Each function names all keys of its table, so
 * that a new key does not compile until it is read.
 */

use std::collections::BTreeMap;

use super::condition::Conditions;
use super::counter::CounterRule;
use super::reader::ProfileReader;
use super::record_parts::{JoinRule, JoinSource, RecordPart};
use super::record_rules::{
    AliasRule, AlsoRule, ExtractRule, KindRule, LinkRule, OutcomeRule, OutcomeWords, SnapshotRule,
};
use super::toml_form::{
    AliasToml, AlsoToml, CounterToml, ExtractToml, JoinToml, KindToml, LinkToml, OutcomeToml,
    OutcomesToml, OwnerToml, PartToml, SnapshotToml,
};
use crate::diag::quoted;
use crate::model::columns::{Column, ColumnType};
use crate::model::{Kind, Outcome};

impl ProfileReader<'_> {
    pub(super) fn extract(&mut self, toml: ExtractToml) -> Option<ExtractRule> {
        let ExtractToml { column, from, pattern, when } = toml;
        self.pointer(&from);
        let (column, pattern) = (self.column(&column), self.group(&pattern));
        let when = self.conditions(when);
        Some(ExtractRule { column: column?, from, pattern: pattern?, when })
    }

    pub(super) fn kind_when(&mut self, toml: KindToml) -> Option<KindRule> {
        let KindToml { when, kind, layer } = toml;
        let when = self.conditions(when);
        let layer = layer.and_then(|word| self.layer(&word));
        Some(KindRule { when, kind: self.kind(&kind)?, layer })
    }

    pub(super) fn outcome_when(&mut self, toml: OutcomeToml) -> Option<OutcomeRule> {
        let OutcomeToml { when, outcome } = toml;
        let when = self.conditions(when);
        if when.is_empty() {
            let message = "expected a condition of the outcome".to_owned();
            let help = "set `absent` under `[outcomes]` for records without an outcome".to_owned();
            self.wrong("profile::no-condition", &outcome, message, help);
        }
        Some(OutcomeRule { when, outcome: self.outcome(&outcome)? })
    }

    pub(super) fn link(&mut self, toml: LinkToml) -> LinkRule {
        let LinkToml { child, parent, parent_pattern, previous, when } = toml;
        self.pointers([&child, &parent]);
        let parent_pattern = parent_pattern.and_then(|pattern| self.group(&pattern));
        LinkRule { child, parent, parent_pattern, previous, when: self.conditions(when) }
    }

    pub(super) fn alias(&mut self, toml: AliasToml) -> Option<AliasRule> {
        let AliasToml { from, pattern } = toml;
        self.pointer(&from);
        let pattern = match pattern {
            Some(pattern) => Some(self.group(&pattern)?),
            None => None,
        };
        Some(AliasRule { from, pattern })
    }

    pub(super) fn owner_unless(&mut self, toml: OwnerToml) -> Vec<String> {
        let OwnerToml { unless } = toml;
        self.pointers(&unless);
        unless
    }

    pub(super) fn also(&mut self, toml: AlsoToml) -> Option<AlsoRule> {
        let AlsoToml { when, uid, with, pattern, kind, layer, fold } = toml;
        let fold_lower = match fold.as_deref() {
            None => false,
            Some("lower") => true,
            Some(other) => {
                let message = format!("expected `fold = \"lower\"`, found {}", quoted(other));
                let help = "leave it out if both spellings are the same".to_owned();
                self.wrong("profile::bad-fold", other, message, help);
                false
            }
        };
        let (uid, join) = self.named_marker(uid.into(), with)?;
        let when = self.conditions(when);
        let pattern = pattern.as_deref().map(|pattern| self.group(pattern));
        let (kind, layer) = (self.kind(&kind), self.layer(&layer));
        let pattern = match pattern {
            Some(pattern) => Some(pattern?),
            None => None,
        };
        Some(AlsoRule { when, uid, join, pattern, kind: kind?, layer: layer?, fold_lower })
    }

    /// The field with a marker, or the fields that make it together.
    fn named_marker(
        &mut self,
        mut from: Vec<String>,
        with: String,
    ) -> Option<(String, Option<JoinRule>)> {
        if from.len() == 1 {
            self.pointer(&from[0]);
            return Some((from.remove(0), None));
        }
        let column = Column::CredentialUid.name().to_owned();
        let join = self.join(JoinToml { column, from, with })?;
        Some((join.name(), Some(join)))
    }

    pub(super) fn join(&mut self, toml: JoinToml) -> Option<JoinRule> {
        let JoinToml { column: name, from, with } = toml;
        let column = self.column(&name);
        if from.len() < 2 {
            let message = "expected two fields or more to join".to_owned();
            let help = "name a single field under `[fields]`".to_owned();
            self.wrong("profile::bad-join", &name, message, help);
            return None;
        }
        let from = from.into_iter().map(|piece| self.join_source(piece)).collect();
        if column
            .is_some_and(|column| !matches!(column.def().ty, ColumnType::Text | ColumnType::Time))
        {
            let message = format!("expected a column of texts or times, found `{name}`");
            let help = "numbers cannot be joined".to_owned();
            self.wrong("profile::bad-join", &name, message, help);
        }
        Some(JoinRule { column: column?, from, with, or_first: false })
    }

    fn join_source(&mut self, piece: String) -> JoinSource {
        if let Some(text) = piece.strip_prefix('=') {
            return JoinSource::Text(text.to_owned());
        }
        self.pointer(&piece);
        JoinSource::Field(piece)
    }

    pub(super) fn part(&mut self, toml: PartToml) -> RecordPart {
        let PartToml { unless, fields, join } = toml;
        RecordPart {
            unless: self.conditions(unless),
            fields: self.fields(fields),
            joins: join.into_iter().filter_map(|join| self.join(join)).collect(),
        }
    }

    pub(super) fn snapshot(&mut self, toml: SnapshotToml) -> SnapshotRule {
        let SnapshotToml { taken, running } = toml;
        self.pointers(&taken);
        SnapshotRule { taken, running: self.conditions(running) }
    }

    pub(super) fn counter(&mut self, toml: CounterToml) -> CounterRule {
        let CounterToml { value, series, since, total, delta, began, part, used, idle, state } =
            toml;
        self.pointers(value.iter().chain(&series).chain(&since));
        let mut any_of = |tables: Vec<BTreeMap<String, Vec<String>>>| -> Vec<Conditions> {
            tables.into_iter().map(|tests| self.conditions(tests)).collect()
        };
        let (total, delta, state) = (any_of(total), any_of(delta), any_of(state));
        let (began, part) = (any_of(began), any_of(part));
        let (used, idle) = (any_of(used), any_of(idle));
        CounterRule { value, series, since, total, delta, began, part, used, idle, state }
    }

    pub(super) fn outcomes(&mut self, toml: OutcomesToml) -> OutcomeWords {
        let OutcomesToml { absent, otherwise, success, auth_failure, denied, failure, none } = toml;
        let lists = [
            (Outcome::Success, success),
            (Outcome::AuthFailure, auth_failure),
            (Outcome::Denied, denied),
            (Outcome::Failure, failure),
            (Outcome::None, none),
        ];
        let words = lists
            .into_iter()
            .flat_map(|(outcome, words)| words.into_iter().map(move |word| (word, outcome)));
        OutcomeWords {
            absent: absent.as_deref().and_then(|word| self.outcome(word)),
            otherwise: otherwise.as_deref().and_then(|word| self.outcome(word)),
            words: words.collect(),
        }
    }

    pub(super) fn kinds(&mut self, lists: BTreeMap<String, Vec<String>>) -> Vec<(String, Kind)> {
        let mut kinds = Vec::new();
        for (name, words) in lists {
            if let Some(kind) = self.kind(&name) {
                kinds.extend(words.into_iter().map(|word| (word, kind)));
            }
        }
        kinds
    }
}
