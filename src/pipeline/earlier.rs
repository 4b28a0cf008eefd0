/*! Judgements as of earlier instants, each from the records up to it: what was known at the revocation, and how the
 * verdict developed. Classes and versions of the earlier records are attributed with the links that are known now.
 */

use rayon::prelude::*;

use super::error::Error;
use super::evidence::{self, Questions};
use crate::facts::FactInputs;
use crate::judge::{self, course};
use crate::model::course::{KnownAtRevocation, Readiness};
use crate::model::decision::Decision;
use crate::model::facts::{Facts, Stream};
use crate::model::{ClassId, Duration, Span, Timestamp};
use crate::plan::Plan;

/// The most instants of a readiness curve. Each asks all questions once more.
const POINTS_MAX: i64 = 12;

/// What the decisions of earlier instants are made from.
#[derive(Clone, Copy)]
pub(super) struct Past<'a> {
    pub(super) plan: &'a Plan,
    /// The evidence of the report.
    pub(super) questions: &'a Questions<'a>,
    /// The inputs of the report's facts.
    pub(super) inputs: FactInputs<'a>,
}

impl Past<'_> {
    /// What a report at the revocation would have said, if the revocation is not later than the report.
    pub(super) fn known_at_revocation(&self) -> Result<Option<KnownAtRevocation>, Error> {
        let revoked = self.plan.rotation.revoked.filter(|revoked| *revoked <= self.inputs.as_of);
        revoked.map(|revoked| Ok(course::known(&self.decision_at(revoked)?))).transpose()
    }

    /// The verdict at full hours since the change, evenly spaced, and at the end.
    pub(super) fn readiness(&self) -> Result<Vec<Readiness>, Error> {
        let span = Span { from: self.plan.rotation.introduced.hour(), to: self.inputs.as_of };
        let hours = span.length().0 / Duration::HOUR.0 + 1;
        let step = Duration::HOUR.scaled((hours + POINTS_MAX - 1) / POINTS_MAX, 1);
        let mut instants = Vec::new();
        let mut next = span.from + step;
        while next < span.to {
            instants.push(next);
            next = next + step;
        }
        instants.push(span.to);
        let point = |instant| Ok(course::readiness(&self.decision_at(instant)?));
        instants.into_par_iter().map(point).collect()
    }

    /// The decision at an instant, from the rows up to it. The evidence is sorted by time, so these are its beginning.
    fn decision_at(&self, instant: Timestamp) -> Result<Decision, Error> {
        let mut plan = self.plan.clone();
        plan.rotation.revoked = plan.rotation.revoked.filter(|revoked| *revoked < instant);
        let rows = &self.inputs.sealed.rows;
        let count = rows.partition_point(|row| row.when.earliest() <= instant);
        let params = evidence::params(&plan, instant, plan.rotation.revoked);
        let inputs = FactInputs { as_of: instant, ..self.inputs };
        let facts = self.questions.answers(count, params)?.facts(inputs);
        Ok(judge::decide(&plan, &until(facts, instant)))
    }
}

/// Cuts the facts that do not come from the evidence table: log sources, presence, rejects, unmapped fields, damage.
fn until(mut facts: Facts, instant: Timestamp) -> Facts {
    for stream in &mut facts.streams {
        carried_until(stream, instant);
    }
    for input in &mut facts.inputs {
        let begins_later = input.first_time.is_some_and(|first| first > instant);
        input.damage.retain(|damage| damage.after.map_or(!begins_later, |at| at <= instant));
    }
    for instance in &mut facts.instances {
        instance.presence.retain(|span| span.from <= instant);
        for span in &mut instance.presence {
            span.to = span.to.min(instant);
        }
    }
    facts.rejects.retain(|run| {
        let neighbours = [run.before, run.after];
        neighbours == [None, None] || neighbours.into_iter().flatten().any(|time| time <= instant)
    });
    facts.stray_markers.retain(|marker| marker.found.first.0 <= instant);
    facts.partials.retain(|partial| partial.first.0.is_none_or(|first| first <= instant));
    facts
}

/// A log source that had no record yet carried nothing, and of the classes those that it had a record of.
fn carried_until(stream: &mut Stream, instant: Timestamp) {
    let has_begun = stream.pulse.0.values().next().is_some_and(|cell| cell.first <= instant);
    let present = &stream.present;
    let is_known = |class: &ClassId| {
        let mut seen = present.iter().filter(|present| present.class == *class).peekable();
        // A source may name the class of its records; then the first record is of that class.
        seen.peek().is_none() || seen.any(|present| present.span.from <= instant)
    };
    stream.carries.retain(|class| has_begun && is_known(class));
    stream.present.retain(|present| present.span.from <= instant);
    stream.breaks.retain(|at| *at <= instant);
    stream.missing.retain(|span| span.from <= instant);
}
