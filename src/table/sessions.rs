/*! The ends of sessions: a record that ends a session has the consumer of the record that opened it, and records that
 * name no consumer are evidence if a consumer had the session.
 */

use std::collections::{BTreeMap, BTreeSet};

use super::sealed::Sealed;
use crate::model::columns::{Column, TEXTS, text_slot};
use crate::model::coverage::Tally;
use crate::model::evidence::Settle;
use crate::model::{Binding, ClassBasis, ClassId, InputId, Kind, Layer, Outcome, State, short};
use crate::scan::{Part, Row, RowMeasured, SessionEnd, Sym};

/// A session: its log source, its host, its id.
type Session = (Sym, Sym, Sym);

/// Settles the ends of sessions.
pub(super) fn settle<'p>(
    sealed: &mut Sealed,
    parts: impl Iterator<Item = &'p Part>,
    tallies: &mut BTreeMap<InputId, Tally>,
) {
    let session = |row: &Row| {
        let text = |column| text_slot(column).map_or(Sym::NONE, |slot| row.texts[slot]);
        (row.stream, text(Column::HostName), text(Column::SessionId))
    };
    let mut openers: BTreeMap<Session, BTreeSet<Option<ClassId>>> = BTreeMap::new();
    let mut sources: BTreeSet<(Sym, Sym)> = BTreeSet::new();
    for row in &sealed.rows {
        let key = session(row);
        if key.2 != Sym::NONE && (row.kind.is_try() || row.kind == Kind::Open) {
            openers.entry(key).or_default().insert(row.class);
            sources.insert((key.0, key.1));
        }
    }
    if openers.is_empty() {
        return;
    }
    let class_of = |key: &Session| {
        let classes = openers.get(key)?;
        classes.first().copied().flatten().filter(|_| classes.len() == 1)
    };
    for row in &mut sealed.rows {
        if row.kind == Kind::Close && row.class.is_none() {
            row.class = class_of(&session(row));
            row.basis = basis(row.class);
        }
    }
    for end in parts.flat_map(|part| &part.continuity.ends) {
        let mut sym = |text: Option<&str>| sealed.texts.intern_some(text);
        let (host, session) = (end.host.as_deref(), end.session.as_deref());
        let key = (sym(Some(&end.stream)), sym(host), sym(session));
        let is_known = match end.session {
            Some(_) => openers.contains_key(&key),
            None => sources.contains(&(key.0, key.1)),
        };
        if !is_known {
            continue;
        }
        sealed.rows.push(row(end, key, class_of(&key)));
        let tally = tallies.get_mut(&end.place.input).expect("each part has its tally");
        tally.irrelevant -= 1;
        tally.evidence += 1;
    }
}

fn basis(class: Option<ClassId>) -> ClassBasis {
    if class.is_some() { ClassBasis::Matched } else { ClassBasis::None }
}

fn row(end: &SessionEnd, (stream, host, session): Session, class: Option<ClassId>) -> Row {
    let mut texts = [Sym::NONE; TEXTS.len()];
    for (column, sym) in [(Column::HostName, host), (Column::SessionId, session)] {
        if let Some(slot) = text_slot(column) {
            texts[slot] = sym;
        }
    }
    Row {
        key: key(end),
        has_id: false,
        when: end.when,
        place: end.place,
        stream,
        action_key: Sym::NONE,
        settle: Settle::Sure,
        layer: Layer::Runtime,
        kind: end.kind,
        class,
        basis: basis(class),
        texts,
        measured: RowMeasured::default(),
        uid: Sym::NONE,
        uid_digest: Sym::NONE,
        version: None,
        state: State::Unknown,
        binding: Binding::None,
        link: None,
        outcome: Outcome::None,
        degraded: false,
        count: 1,
        sample: None,
    }
}

/// Equal for records of two files that tell the same end.
fn key(end: &SessionEnd) -> [u8; 16] {
    let SessionEnd { stream: _, host, session, kind, when: _, place: _ } = end;
    let mut hash = blake3::Hasher::new();
    for text in [host.as_deref(), session.as_deref(), Some(kind.word())] {
        hash.update(&[u8::from(text.is_some())]);
        hash.update(text.unwrap_or_default().as_bytes());
        hash.update(&[0]);
    }
    short(hash.finalize().as_bytes())
}
