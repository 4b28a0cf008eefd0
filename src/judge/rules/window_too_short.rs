/*! `window-too-short`: too little logged time without old use, for how often the consumer runs and how long its sessions last. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::wording::{length, length_up};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("window-too-short"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::OfClass(settled_by),
    passes: Passes::If(passes),
    answers: &[],
    blinds: false,
    fire,
};

fn settled_by(class: &ClassCase) -> Action {
    if class.silence.elapsed >= class.silence.needed { Action::FillIn } else { Action::Wait }
}

fn passes(_: &Case, class: &ClassCase) -> bool {
    !class.cadence.is_unknown() || class.silence.settled
}

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.judged().filter_map(|class| {
        let claim = if class.silence.elapsed < class.silence.needed {
            too_short(case, class)
        } else if is_without_measure(class) {
            without_measure(case, class)
        } else {
            return None;
        };
        Some(rule.finding(Some(class.id), claim))
    });
    findings.collect()
}

/// There is a fresh success, but neither a cadence nor a run that proves the move says how long is long enough.
fn is_without_measure(class: &ClassCase) -> bool {
    class.fresh.is_some() && class.cadence.is_unknown() && !class.silence.settled
}

fn too_short(case: &Case, class: &ClassCase) -> Claim {
    let (silence, name) = (&class.silence, class.name());
    let since = match (class.last_old_use, case.revoked) {
        (Some(old), revoked) if revoked.is_none_or(|revoked| old.latest() >= revoked) => {
            format!("since its last old use at {}", old.latest())
        }
        (_, Some(revoked)) => format!("since the revocation at {revoked}"),
        (_, None) => "since its logs begin".to_owned(),
    };
    let missing = silence.needed - silence.elapsed;
    Claim {
        summary: format!(
            "`{name}` has been free of old use for {} of logged time {since}, and must be for {}",
            length(silence.elapsed),
            length_up(silence.needed)
        ),
        remedy: format!(
            "wait for {} more of logged time without old use of `{name}`",
            length_up(missing)
        ),
        cites: cites(case, class),
    }
}

fn without_measure(case: &Case, class: &ClassCase) -> Claim {
    let name = class.name();
    Claim {
        summary: format!(
            "how often `{name}` runs is neither declared nor known from its logs, and its success on the new version may \
             come from a process that still holds the old one"
        ),
        remedy: format!("declare `every` for `{name}`, or restart it and run it once"),
        cites: cites(case, class),
    }
}

fn cites(case: &Case, class: &ClassCase) -> Cites {
    Cites::silence(case.searched(class))
        .and_rows(class.last_old_use)
        .and_rows(class.fresh)
        .and_plan(case.plan.place(class.consumer.site))
}
