/*! The rules of a profile, one table each: parts of fields, fields joined, conditions, ties. */

use std::collections::BTreeMap;

use super::read::Check;
use super::wire::{
    AliasToml, AlsoToml, ExtractToml, JoinToml, KindToml, LinkToml, OutcomeToml, PartToml,
};
use super::{
    Alias, AlsoRule, ByField, Extract, Join, KindRule, LinkRule, OutcomeRule, Part, Piece,
};
use crate::diag::quoted;
use crate::model::columns::{Column, ColumnType};

impl Check<'_> {
    /// What is said of the fields of one column, by its name, or of single ones, by their pointers.
    pub(super) fn by_field<T: Copy>(
        &mut self,
        wire: BTreeMap<String, String>,
        column: Column,
        what: &str,
        known: &[(&'static str, T)],
    ) -> ByField<T> {
        let mut all = ByField::default();
        for (key, word) in wire {
            let Some(value) = self.word(what, &word, known) else { continue };
            if key == column.name() {
                all.all = Some(value);
            } else if key.starts_with(|first: char| first == '/' || first.is_ascii_digit()) {
                self.pointer(&key);
                all.fields.insert(key, value);
            } else {
                let name = column.name();
                let message = format!(
                    "expected `{name}` or the pointer of one of its fields, found {}",
                    quoted(&key)
                );
                let help = format!("only `{name}` has this");
                self.wrong("profile::other-column", &key, message, help);
            }
        }
        all
    }

    pub(super) fn extract(&mut self, wire: ExtractToml) -> Option<Extract> {
        self.pointer(&wire.from);
        let (column, pattern) = (self.column(&wire.column), self.group(&wire.pattern));
        let when = self.tests(wire.when);
        Some(Extract { column: column?, from: wire.from, pattern: pattern?, when })
    }

    pub(super) fn kind_when(&mut self, wire: KindToml) -> Option<KindRule> {
        let when = self.tests(wire.when);
        let layer = wire.layer.and_then(|word| self.layer(&word));
        Some(KindRule { when, kind: self.kind(&wire.kind)?, layer })
    }

    pub(super) fn outcome_when(&mut self, wire: OutcomeToml) -> Option<OutcomeRule> {
        let when = self.tests(wire.when);
        if when.is_empty() {
            let message = "expected a condition of the outcome".to_owned();
            let help = "say `absent` under `[outcomes]` for records that tell none".to_owned();
            self.wrong("profile::no-condition", &wire.outcome, message, help);
        }
        Some(OutcomeRule { when, outcome: self.outcome(&wire.outcome)? })
    }

    pub(super) fn link(&mut self, wire: LinkToml) -> LinkRule {
        self.pointer(&wire.child);
        self.pointer(&wire.parent);
        LinkRule { child: wire.child, parent: wire.parent, when: self.tests(wire.when) }
    }

    pub(super) fn alias(&mut self, wire: AliasToml) -> Option<Alias> {
        self.pointer(&wire.from);
        let pattern = match wire.pattern {
            Some(pattern) => Some(self.group(&pattern)?),
            None => None,
        };
        Some(Alias { from: wire.from, pattern })
    }

    pub(super) fn also(&mut self, wire: AlsoToml) -> Option<AlsoRule> {
        let fold_lower = match wire.fold.as_deref() {
            None => false,
            Some("lower") => true,
            Some(other) => {
                let message = format!("expected `fold = \"lower\"`, found {}", quoted(other));
                let help = "leave it out where both spellings are one".to_owned();
                self.wrong("profile::bad-fold", other, message, help);
                false
            }
        };
        self.pointer(&wire.uid);
        let when = self.tests(wire.when);
        let pattern = wire.pattern.as_deref().map(|pattern| self.group(pattern));
        let (kind, layer) = (self.kind(&wire.kind), self.layer(&wire.layer));
        let pattern = match pattern {
            Some(pattern) => Some(pattern?),
            None => None,
        };
        Some(AlsoRule { when, uid: wire.uid, pattern, kind: kind?, layer: layer?, fold_lower })
    }

    pub(super) fn join(&mut self, wire: JoinToml) -> Option<Join> {
        let column = self.column(&wire.column);
        if wire.from.len() < 2 {
            let message = "expected two fields or more to join".to_owned();
            let help = "name a single field under `[fields]`".to_owned();
            self.wrong("profile::bad-join", &wire.column, message, help);
            return None;
        }
        let from = wire.from.into_iter().map(|piece| self.piece(piece)).collect();
        if column.is_some_and(|column| column.def().ty != ColumnType::Text) {
            let message = format!("expected a column of texts, found `{}`", wire.column);
            let help = "numbers and times are not joined".to_owned();
            self.wrong("profile::bad-join", &wire.column, message, help);
        }
        Some(Join { column: column?, from, with: wire.with })
    }

    fn piece(&mut self, piece: String) -> Piece {
        if let Some(text) = piece.strip_prefix('=') {
            return Piece::Text(text.to_owned());
        }
        self.pointer(&piece);
        Piece::Field(piece)
    }

    pub(super) fn part(&mut self, wire: PartToml) -> Part {
        Part {
            unless: self.tests(wire.unless),
            fields: self.fields(wire.fields),
            joins: wire.join.into_iter().filter_map(|one| self.join(one)).collect(),
        }
    }
}
