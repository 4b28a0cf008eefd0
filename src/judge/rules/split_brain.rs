/*! `split-brain`: the same work is done under both versions: in one class, or by classes side by side. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::told;
use crate::judge::words::{list, plural};
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Finding, Severity};
use crate::model::{At, Duration, State, Timestamp};

/// So many changes between old and new are no handover any more.
const ALTERNATIONS_MIN: usize = 3;

/// The rule.
pub(super) struct SplitBrain;

impl Rule for SplitBrain {
    fn code(&self) -> &'static str {
        "split-brain"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let within = case.judged().flat_map(|class| {
            let claims = [by_instances(case, class), by_turns(case, class)];
            claims.into_iter().flatten().map(|claim| finding(self, Some(class.id), claim))
        });
        let across = across(case).map(|claim| finding(self, None, claim));
        across.into_iter().chain(within).collect()
    }
}

/// The tries of these rows that show a version in the window: with the old one, with the new one.
fn sides<'a>(case: &Case, rows: &[&'a Activity]) -> (Vec<&'a Activity>, Vec<&'a Activity>) {
    let within = keep(rows, |row| activity::lies_in(row, case.window));
    (keep(&within, activity::is_old_use), keep(&within, activity::is_new_use))
}

/// Instances whose last version in the window is old beside others whose last is new.
fn by_instances(case: &Case, class: &ClassCase) -> Option<Claim> {
    let (mut old, mut new) = (Side::default(), Side::default());
    for instance in &class.instances {
        let (olds, news) = sides(case, &instance.tries);
        let ends = activity::ends(&olds);
        let is_last =
            |new: &activity::Seen| ends.iter().all(|old| new.surely_after(*old, class.clocks));
        if activity::ends(&news).iter().any(is_last) {
            new.add(instance.name, activity::latest(&news));
        } else {
            old.add(instance.name, activity::latest(&olds));
        }
    }
    Some(Claim {
        summary: format!(
            "{} of `{}` last used {} in the window ({}) and {} used {} ({})",
            plural(old.names.len() as u64, "instance", "instances"),
            class.name(),
            told::versions(case, &old.rows),
            list(&old.names),
            new.names.len(),
            told::versions(case, &new.rows),
            list(&new.names),
        ),
        remedy: format!(
            "stop expanding and revoking; restart {} on the new version, or go back as planned",
            list(&old.names)
        ),
        cites: old.beside(&new)?,
    })
}

/// Old and new by turns where no instance is logged: at least three changes, over more than a session.
fn by_turns(case: &Case, class: &ClassCase) -> Option<Claim> {
    let (old, new) = sides(case, &keep(&class.tries, |row| row.instance.is_none()));
    let turns = turns(&old, &new);
    let (first, last) = (turns.first()?, turns.last()?);
    let length = last.first.at - first.last.at;
    let session = class.consumer.session_max.unwrap_or_default();
    let changes = turns.len() - 1;
    if changes < ALTERNATIONS_MIN || length <= session {
        return None;
    }
    Some(Claim {
        summary: format!(
            "`{}` changed {changes} times between {} and {} in the window, {}, which is over {} (session_max: {})",
            class.name(),
            told::versions(case, &old),
            told::versions(case, &new),
            told::span(first.last.at, last.first.at),
            length.hours_minutes(),
            class.consumer.session_max.map_or("unknown".to_owned(), Duration::hours_minutes),
        ),
        remedy: format!(
            "log the instances of `{}` to see which of them is on old, and restart these on the new version",
            class.name()
        ),
        cites: Cites::rows(first.last.cite, turns[1..].iter().map(|turn| turn.first.cite)),
    })
}

/// Classes wholly on old in the window beside others wholly on new.
fn across(case: &Case) -> Option<Claim> {
    let (mut old, mut new) = (Side::default(), Side::default());
    for class in case.judged() {
        let (olds, news) = sides(case, &class.tries);
        if news.is_empty() {
            old.add(class.name(), activity::latest(&olds));
        } else if olds.is_empty() {
            new.add(class.name(), activity::latest(&news));
        }
    }
    let rollback = case.plan.rotation.rollback.as_deref();
    Some(Claim {
        summary: format!(
            "in the window {} worked wholly on {} and {} wholly on {}",
            list(&old.names),
            told::versions(case, &old.rows),
            list(&new.names),
            told::versions(case, &new.rows),
        ),
        remedy: format!(
            "stop expanding and revoking; move {} to the new version, or roll back{}",
            list(&old.names),
            rollback.map_or_else(String::new, |how| format!(" ({how})")),
        ),
        cites: old.beside(&new)?,
    })
}

/// Who stands on one version, each with its last use of it.
#[derive(Default)]
struct Side<'a> {
    names: Vec<&'a str>,
    rows: Vec<&'a Activity>,
}

impl<'a> Side<'a> {
    fn add(&mut self, name: &'a str, last: Option<&'a Activity>) {
        self.names.extend(last.map(|_| name));
        self.rows.extend(last);
    }

    /// The proof that both sides are there; nothing where one is not.
    fn beside(&self, other: &Self) -> Option<Cites> {
        let (first, _) = (self.rows.first()?, other.rows.first()?);
        Some(Cites::rows(first.last, self.rows.iter().chain(&other.rows).map(|row| row.last)))
    }
}

/// A use at an end of a group of rows.
#[derive(Clone, Copy)]
struct Instant {
    at: Timestamp,
    state: State,
    cite: At,
}

/// Uses of one state that follow each other.
struct Turn {
    first: Instant,
    last: Instant,
}

/// How old and new take turns, by the ends of the groups. At equal times they take as many turns as they can.
fn turns(old: &[&Activity], new: &[&Activity]) -> Vec<Turn> {
    let ends =
        old.iter().chain(new).flat_map(|row| [(row.state, row.first), (row.state, row.last)]);
    let mut instants: Vec<Instant> = ends.map(|(state, cite)| instant(state, cite)).collect();
    instants.sort_by_key(|one| (one.at, one.state, one.cite.row));
    let mut turns: Vec<Turn> = Vec::new();
    for tied in instants.chunk_by(|one, two| one.at == two.at) {
        let now = turns.last().map(|turn| turn.last.state);
        let (same, other): (Vec<Instant>, Vec<Instant>) =
            tied.iter().partition(|one| Some(one.state) == now);
        for one in other.into_iter().chain(same) {
            match turns.last_mut() {
                Some(turn) if turn.last.state == one.state => turn.last = one,
                Some(_) | None => turns.push(Turn { first: one, last: one }),
            }
        }
    }
    turns
}

fn instant(state: State, cite: At) -> Instant {
    let at = if state == State::Old { cite.latest() } else { cite.earliest() };
    Instant { at, state, cite }
}
