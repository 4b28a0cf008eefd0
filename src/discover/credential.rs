/*! A credential in the exports, and who uses it. */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::columns::Column;
use crate::model::{Duration, Span};

use super::holder::{Holder, NamedConsumer};
use super::inputs::FoundInput;
use super::tally::{Declared, Usage, hull};

/// A credential in the exports that lasts until somebody rotates it.
#[derive(Clone, Debug)]
pub struct DiscoveredCredential {
    /// The id, masked where it looks secret.
    pub uid: String,
    /// The marker for a plan.
    pub marker: String,
    /// How many records show it.
    pub records: u64,
    /// When it was first and last used.
    pub span: Option<Span>,
    /// The first record that made, changed or listed it.
    pub declared: Option<Declared>,
    /// Its users, the busiest first.
    pub users: Vec<CredentialUser>,
    /// How each of its holders used it, itself or by what was issued to it.
    pub(super) uses: BTreeMap<Holder, Usage>,
}

/// A consumer that uses a credential.
#[derive(Clone, Debug)]
pub struct CredentialUser {
    /// By the first of its names.
    pub consumer: NamedConsumer,
    /// How many records.
    pub records: u64,
    /// How many of them were refused.
    pub refused: u64,
    /// When it first and last used the credential.
    pub span: Option<Span>,
    /// The usual and the longest time between two uses, in whole minutes.
    pub gaps: Option<(Duration, Duration)>,
    /// In how many different hours it was active.
    pub hours: usize,
    /// The profiles that read the records.
    pub sources: BTreeSet<String>,
}

impl DiscoveredCredential {
    /// Each consumer with the first and the last time that it used the credential.
    pub(super) fn spans(&self, inputs: &[FoundInput]) -> BTreeMap<NamedConsumer, Span> {
        let mut spans: BTreeMap<NamedConsumer, Option<Span>> = BTreeMap::new();
        for (holder, usage) in &self.uses {
            let span = spans.entry(consumer(holder, inputs)).or_default();
            *span = hull(*span, usage.span);
        }
        spans.into_iter().filter_map(|(consumer, span)| Some((consumer, span?))).collect()
    }

    /// The profiles that read its records.
    pub(super) fn sources(&self) -> BTreeSet<&str> {
        self.uses.values().flat_map(|usage| &usage.sources).map(String::as_str).collect()
    }

    /// The principals that used it.
    pub(super) fn principals(&self) -> BTreeSet<&str> {
        self.uses.keys().filter_map(|holder| holder.name(Column::Principal)).collect()
    }
}

/// The consumer by its first name, otherwise by its file.
pub(super) fn consumer(holder: &Holder, inputs: &[FoundInput]) -> NamedConsumer {
    let file = || inputs.get(holder.input).map_or("stdin", |input| &input.label);
    let (by, name) = match holder.first() {
        Some((by, name)) => (Some(by), name),
        None => (None, file()),
    };
    NamedConsumer { by, name: name.to_owned() }
}

pub(super) fn user(consumer: NamedConsumer, usage: &Usage) -> CredentialUser {
    let minutes: Vec<i64> = usage.minutes.iter().copied().collect();
    let mut gaps: Vec<i64> = minutes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    let in_micros = |minutes: i64| Duration(minutes * 60_000_000);
    let usual = gaps.get(gaps.len() / 2).copied();
    CredentialUser {
        consumer,
        records: usage.records,
        refused: usage.refused,
        span: usage.span,
        gaps: usual.zip(gaps.last()).map(|(usual, most)| (in_micros(usual), in_micros(*most))),
        hours: minutes.iter().map(|minute| minute.div_euclid(60)).collect::<BTreeSet<_>>().len(),
        sources: usage.sources.clone(),
    }
}
