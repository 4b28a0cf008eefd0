/*! The sentence under the verdict, for people who read nothing else. It says what was seen, for each kind of class. */

use super::case::Case;
use super::class::ClassCase;
use super::phrases;
use super::rules::{old_use_after_revocation, old_use_in_window, split_brain, undeclared_consumer};
use crate::model::decision::{Mode, Verdict, WaiverView};
use crate::model::finding::{Finding, Severity};
use crate::model::ledger::LedgerRow;
use crate::model::{Use, VersionState};
use crate::wording::{count, length, list, number};

/// What the sentence is made from.
pub(super) struct Results<'r> {
    pub(super) classes: &'r [LedgerRow],
    pub(super) findings: &'r [Finding],
    pub(super) waivers: &'r [WaiverView],
}

pub(super) fn sentence(case: &Case, verdict: Verdict, results: &Results<'_>) -> String {
    let old = format!(
        "{} of `{}`",
        phrases::of_state(case, VersionState::Old, "and"),
        case.plan.credential.name
    );
    match (case.mode, verdict) {
        (Mode::Planned, Verdict::Ready | Verdict::Inconclusive) => format!(
            "not yet: the new version is introduced at {}, and nothing can be proven before",
            case.introduced
        ),
        (Mode::Postmortem, Verdict::Ready) => {
            format!("the revocation of {old} held: {}", seen(case, results))
        }
        (Mode::Postmortem, Verdict::Inconclusive) => {
            let missing = results.undecided();
            format!(
                "cannot decide yet whether the revocation of {old} held: proof is missing for {missing}"
            )
        }
        (Mode::Postmortem, Verdict::NotReady) => {
            format!("the revocation of {old} did not hold: {}", results.against(case))
        }
        (Mode::PreRevocation, Verdict::Ready) => {
            format!("{old} may be revoked: {}", seen(case, results))
        }
        (Mode::PreRevocation, Verdict::Inconclusive) => {
            let missing = results.undecided();
            format!(
                "do not revoke {old} yet: nothing was found against it, but proof is missing for {missing}"
            )
        }
        (Mode::Planned | Mode::PreRevocation, Verdict::NotReady) => {
            format!("do not revoke {old}: {}", results.against(case))
        }
    }
}

impl Results<'_> {
    /// The classes with that verdict.
    fn classes_with(&self, verdict: Verdict) -> Vec<String> {
        let classes = self.classes.iter().filter(|row| row.verdict == verdict);
        classes.map(|row| row.name.clone()).collect()
    }

    /// The open findings of that severity that are about the rotation.
    fn of_rotation(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        let open = self.findings.iter().filter(|finding| finding.waived.is_none());
        open.filter(move |finding| finding.class.is_none() && finding.severity == severity)
    }

    /// For which classes proof is missing, or that it is missing for the rotation.
    fn undecided(&self) -> String {
        let mut names = self.classes_with(Verdict::Inconclusive);
        if names.is_empty() || self.of_rotation(Severity::Withholds).next().is_some() {
            names.push("the rotation as a whole".to_owned());
        }
        list(&names)
    }

    /// Which consumers still use the old version, which are blocked by other findings, and for which proof is missing.
    fn against(&self, case: &Case) -> String {
        let old_use = [old_use_in_window::RULE.code, old_use_after_revocation::RULE.code];
        let uses_old = |row: &&LedgerRow| {
            let mut findings = row.findings.iter().filter_map(|at| self.findings.get(*at));
            findings.any(|finding| old_use.contains(&finding.rule)) && !row.disabled
        };
        let blocked = self.classes.iter().filter(|row| row.verdict == Verdict::NotReady);
        let (using, others): (Vec<&LedgerRow>, Vec<&LedgerRow>) = blocked.partition(uses_old);
        let names = |rows: &[&LedgerRow]| rows.iter().map(|row| row.name.clone()).collect();
        let (mut using, mut others): (Vec<String>, Vec<String>) = (names(&using), names(&others));
        let (undeclared, rest): (Vec<&Finding>, Vec<&Finding>) = self
            .of_rotation(Severity::Blocks)
            // Classes on different versions have findings of their own.
            .filter(|finding| finding.rule != split_brain::RULE.code)
            .partition(|finding| finding.rule == undeclared_consumer::RULE.code);
        if !undeclared.is_empty() {
            using.push(count(undeclared.len(), "undeclared consumer"));
        }
        if !rest.is_empty() || (using.is_empty() && others.is_empty()) {
            others.push("the rotation as a whole".to_owned());
        }
        let is_one = using.len() == 1 && undeclared.len() < 2;
        let mut parts = Vec::new();
        if !using.is_empty() {
            let (verb, when) = match (case.revoked, is_one) {
                (Some(_), _) => ("used", " after it was revoked"),
                (None, true) => ("still uses", ""),
                (None, false) => ("still use", ""),
            };
            parts.push(format!("{} {verb} it{when}", list(&using)));
        }
        if !others.is_empty() {
            parts.push(format!("findings block {}", list(&others)));
        }
        let undecided = self.classes_with(Verdict::Inconclusive);
        if !undecided.is_empty() {
            parts.push(format!("proof is missing for {}", list(&undecided)));
        }
        parts.join("; ")
    }

    /// How many waivers cover a finding that would otherwise keep the verdict from being ready.
    fn waived(&self) -> String {
        let matters = |position: &usize| {
            self.findings
                .get(*position)
                .is_some_and(|finding| finding.severity != Severity::Advises)
        };
        let used = self
            .waivers
            .iter()
            .filter(|waiver| waiver.in_force && waiver.findings.iter().any(matters));
        match used.count() {
            0 => "no waivers".to_owned(),
            n => format!("ready with {}", count(n, "waiver")),
        }
    }
}

/// Why a verdict is ready: which consumers were seen working on the new version, and which do not have to.
fn seen(case: &Case, results: &Results<'_>) -> String {
    let counted = |holds: &dyn Fn(&ClassCase) -> bool| {
        case.classes.iter().filter(|class| holds(class)).count()
    };
    let proven = counted(&|class| class.is_judged() && class.fresh.is_some());
    let unproven = counted(&|class| class.is_judged() && class.fresh.is_none());
    let disabled = counted(&|class| class.consumer.disabled);
    let indirect =
        counted(&|class| class.consumer.usage == Use::Indirect && !class.consumer.disabled);
    let (new, old) =
        (phrases::new_versions(case), phrases::of_state(case, VersionState::Old, "or"));
    let mut parts = vec![format!(
        "{} {} seen working on {new}, and none was seen using {old} in the last {}",
        count(proven, "consumer"),
        if proven == 1 { "was" } else { "were" },
        length(case.window.length()),
    )];
    let others =
        [(unproven, "without that proof"), (disabled, "declared disabled"), (indirect, "indirect")];
    for (n, what) in others.into_iter().filter(|(n, _)| *n > 0) {
        let verb = if n == 1 { "is" } else { "are" };
        parts.push(format!("{} {verb} {what}", number(n)));
    }
    parts.push(results.waived());
    parts.join("; ")
}
