/*! What every format shows first, in one order and with one choice of words: how many consumers are ready, who stops
 * the revocation, and what to do next.
 */

use std::cmp::Reverse;
use std::fmt::Write;

use crate::model::PathKind;
use crate::model::damage::Damage;
use crate::model::decision::{Decision, Mode, Urgent, Verdict};
use crate::model::facts::Input;
use crate::model::finding::{Finding, Severity};
use crate::model::ledger::LedgerRow;
use crate::safe::clip;
use crate::wording::{alike, count, list_all, number};

/// At most this many who stop it are named.
pub(super) const STOPPERS_MAX: usize = 8;
/// At most this many steps, and inputs that were not read.
pub(super) const STEPS_MAX: usize = 3;
/// The most columns of a fact.
const FACT_MAX: usize = 240;

/// `1 of 6 consumers ready, 3 not, 2 unknown`.
pub(super) fn counts(decision: &Decision) -> String {
    let of = |verdict| decision.classes.iter().filter(|row| row.verdict == verdict).count();
    let all = count(decision.classes.len(), "consumer");
    let is_over = decision.mode == Mode::Postmortem;
    let [works, fails, open] = if is_over {
        ["work without it", "did not", "too early to say"]
    } else {
        ["ready", "not", "unknown"]
    };
    let mut text = format!("{} of {all} {works}", number(of(Verdict::Ready)));
    for (verdict, word) in [(Verdict::NotReady, fails), (Verdict::Inconclusive, open)] {
        let n = of(verdict);
        if n > 0 {
            let _infallible = write!(text, ", {} {word}", number(n));
        }
    }
    let others = decision.undeclared.len();
    if others > 0 {
        let _infallible = write!(text, "; {} outside of the plan", number(others));
    }
    text
}

/// The heading above those who stop it.
pub(super) fn stoppers_title(mode: Mode) -> &'static str {
    match mode {
        Mode::Planned | Mode::PreRevocation => "Who stops it",
        Mode::Postmortem => "What speaks against it",
    }
}

/// Those who stop it and are named, and how many more there are.
pub(super) fn stoppers(decision: &Decision) -> (&[Urgent], usize) {
    let shown = decision.urgent.len().min(STOPPERS_MAX);
    let (first, rest) = decision.urgent.split_at(shown);
    (first, rest.len())
}

/// The next steps, each a single instruction.
pub(super) fn steps(decision: &Decision) -> &[Urgent] {
    let shown = decision.urgent.len().min(STEPS_MAX);
    &decision.urgent[..shown]
}

/// What to do once nothing stops the revocation.
pub(super) fn when_ready(decision: &Decision) -> Vec<String> {
    let is_ready = decision.verdict == Verdict::Ready && decision.mode == Mode::PreRevocation;
    if !is_ready || !decision.urgent.is_empty() {
        return Vec::new();
    }
    let old: Vec<String> = decision.rotation.old.iter().map(|name| format!("`{name}`")).collect();
    vec![
        "just before the revocation, check this report with the newest exports: `holdover verify BUNDLE PATH…`, of the \
         bundle that `report -o` writes; go on at 0 only"
            .to_owned(),
        format!("revoke {}, and write `revoked = TIME` into the plan", list_all(&old, "and")),
        "report again: it says whether the revocation held".to_owned(),
    ]
}

/// ` (background)`, or nothing for what is no declared consumer.
pub(super) fn path(of: &Urgent) -> String {
    of.path.map(PathKind::word).map(|word| format!(" ({word})")).unwrap_or_default()
}

/// A fact up to its first colon or semicolon behind a few words: what follows is detail.
pub(super) fn fact(text: &str) -> String {
    let end = text
        .match_indices([':', ';'])
        .map(|(at, _)| at)
        .find(|at| *at >= FACT_MAX / 6 && text[*at..].get(1..2) == Some(" "));
    clip(text.get(..end.unwrap_or(text.len())).unwrap_or(text), FACT_MAX).into_owned()
}

/// Inputs of which something was not read, with the first reason: of those with the same the first, and how many.
pub(super) fn not_read(decision: &Decision) -> Vec<(&Input, &Damage, usize)> {
    let inputs = decision.inputs.iter();
    let damaged = inputs.filter_map(|input| Some((input, input.damage.first()?)));
    let groups = alike(damaged, |(_, damage)| &damage.what).into_iter();
    groups.map(|((input, damage), of)| (input, damage, of)).collect()
}

/// The ledger's rows with their places in the plan, those that stop the revocation first.
pub(super) fn by_urgency(decision: &Decision) -> Vec<(usize, &LedgerRow)> {
    let mut rows: Vec<(usize, &LedgerRow)> = decision.classes.iter().enumerate().collect();
    rows.sort_by_cached_key(|(position, row)| {
        let is_of = |of: &Urgent| of.path.is_some() && of.name == row.name;
        let urgent = decision.urgent.iter().position(is_of).unwrap_or(usize::MAX);
        (Reverse(row.verdict), urgent, row.path, *position)
    });
    rows
}

/// The findings of a consumer, or of the rotation, as positions in the decision's list.
pub(super) struct Group<'d> {
    pub row: Option<&'d LedgerRow>,
    pub findings: Vec<usize>,
}

/// All findings by consumer: the consumer with the worst finding first.
pub(super) fn groups(decision: &Decision) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (position, finding) in decision.findings.iter().enumerate() {
        let is_of = |group: &&mut Group<'_>| group.row.map(|row| row.class) == finding.class;
        if let Some(group) = groups.iter_mut().find(is_of) {
            group.findings.push(position);
        } else {
            let row = decision.classes.iter().find(|row| Some(row.class) == finding.class);
            groups.push(Group { row, findings: vec![position] });
        }
    }
    groups
}

/// `2 block, 1 undecided, 3 advise`.
pub(super) fn standing<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> String {
    let findings: Vec<&Finding> = findings.into_iter().collect();
    let of = |severity, single: &str, many: &str| {
        let in_force =
            |finding: &&&Finding| finding.severity == severity && finding.waived.is_none();
        match findings.iter().filter(in_force).count() {
            0 => None,
            1 => Some(format!("1 {single}")),
            n => Some(format!("{n} {many}")),
        }
    };
    let waived = findings.iter().filter(|finding| finding.waived.is_some()).count();
    let counts = [
        of(Severity::Blocks, "blocks", "block"),
        of(Severity::Withholds, "undecided", "undecided"),
        of(Severity::Advises, "advises", "advise"),
        (waived > 0).then(|| format!("{waived} waived")),
    ];
    counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
