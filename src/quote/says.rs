/*! Puts a cited row of evidence into words. */

use std::fmt::Write;

use crate::model::columns::{Column, text_slot};
use crate::model::decision::{Decision, Quoted, Quotes};
use crate::model::finding::Cite;
use crate::model::{Binding, ClassBasis, Kind, Outcome, State};
use crate::safe;
use crate::table::{PlanNames, Sealed};

/// Characters of a hint: a longer one would push the facts out of sight.
const HINT_MAX: usize = 40;

/// Quotes every row that a decision cites.
pub fn quote(decision: &Decision, sealed: &Sealed, names: &PlanNames) -> Quotes {
    let mut quotes = Quotes::default();
    for cite in decision.cited() {
        let Cite::Row(at) = *cite else { continue };
        let Ok(position) = usize::try_from(at.row) else { continue };
        if let Some(row) = sealed.rows.get(position) {
            let says = says(position, sealed, names);
            quotes.0.insert(at.row, Quoted { place: row.place, time: row.when.at, says });
        }
    }
    quotes
}

/// `retry-worker used v1 (old): success, doc.call`.
fn says(position: usize, sealed: &Sealed, names: &PlanNames) -> String {
    let row = &sealed.rows[position];
    let text = |column| text_slot(column).and_then(|slot| sealed.text(row.texts[slot]));
    let who = match row.class {
        Some(class) => names.classes[usize::from(class.0)].clone(),
        None => undeclared(&text),
    };
    let mut words = match row.basis {
        ClassBasis::Ambiguous => format!("{who} (one of several consumers that match)"),
        ClassBasis::Matched | ClassBasis::None => who,
    };
    words.push(' ');
    words.push_str(verb(row.kind));
    words.push(' ');
    words.push_str(&version(position, sealed, names));
    let mut details: Vec<String> = outcome(row.outcome, row.degraded).into_iter().collect();
    let fields = [text(Column::Action), text(Column::ErrorType)];
    details.extend(fields.into_iter().flatten().map(str::to_owned));
    let instance = text(Column::ServiceInstanceId).or_else(|| text(Column::HostName));
    details.extend(instance.map(|instance| format!("on {instance}")));
    if !details.is_empty() {
        let _infallible = write!(words, ": {}", details.join(", "));
    }
    if row.count != 1 {
        let _infallible = write!(words, " ({} times)", row.count);
    }
    words
}

/// A record that states a fact has no outcome to mention.
fn outcome(outcome: Outcome, is_degraded: bool) -> Option<String> {
    match (outcome, is_degraded) {
        (Outcome::None, false) => None,
        (Outcome::None, true) => Some("through a fallback".to_owned()),
        (outcome, false) => Some(outcome.word().to_owned()),
        (outcome, true) => Some(format!("{} through a fallback", outcome.word())),
    }
}

fn undeclared<'t>(text: &dyn Fn(Column) -> Option<&'t str>) -> String {
    let hints = [
        Column::ServiceName,
        Column::UserAgent,
        Column::Principal,
        Column::ClientAddress,
        Column::HostName,
    ];
    let known = hints.into_iter().find_map(text);
    known.map_or_else(
        || "an undeclared consumer".to_owned(),
        |hint| format!("undeclared {}", safe::clip(hint, HINT_MAX)),
    )
}

fn verb(kind: Kind) -> &'static str {
    match kind {
        Kind::Auth => "used",
        Kind::Work => "worked with",
        Kind::Lookup => "named",
        Kind::Job => "took a job, showing",
        Kind::Start => "started, showing",
        Kind::Stop => "stopped, showing",
        Kind::Open => "had a session open with",
        Kind::Close => "ended a session of",
        Kind::Refresh => "read",
        Kind::Declare => "declared",
    }
}

fn version(position: usize, sealed: &Sealed, names: &PlanNames) -> String {
    let row = &sealed.rows[position];
    let uid = sealed.text(row.uid);
    let Some(version) = row.version else {
        return match (uid, row.state) {
            (Some(uid), _) => format!("{uid}, which the plan does not name"),
            (None, State::Old | State::New) => {
                format!("no version (probably {}, judging by its start time)", row.state.word())
            }
            (None, State::Unknown) => "no version".to_owned(),
        };
    };
    let name = &names.versions[usize::from(version.0)];
    let state = row.state.word();
    match (row.binding, &row.link) {
        (Binding::Derived, Some(link)) => {
            let path =
                sealed.inputs.get(link.input.0 as usize).map_or("", |input| input.path.as_str());
            let through = uid.unwrap_or("what its process read");
            format!(
                "{name} ({state}) through {through}, linked to it by {path} record {}",
                link.record
            )
        }
        (Binding::Derived | Binding::Direct | Binding::Inferred | Binding::None, _) => {
            format!("{name} ({state})")
        }
    }
}
