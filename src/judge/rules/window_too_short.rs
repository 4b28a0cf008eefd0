/*! `window-too-short`: too little covered time without old use, for the class's cadence and sessions. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::finding::{Cites, Finding, Severity};

/// The rule.
pub(super) struct WindowTooShort;

impl Rule for WindowTooShort {
    fn code(&self) -> &'static str {
        "window-too-short"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let findings = case.judged().filter_map(|class| {
            let claim = if class.silence.elapsed < class.silence.needed {
                too_short(case, class)
            } else if is_without_measure(class) {
                without_measure(case, class)
            } else {
                return None;
            };
            Some(finding(self, Some(class.id), claim))
        });
        findings.collect()
    }
}

/// A fresh success, but neither a cadence nor a settling run says how long is long enough.
fn is_without_measure(class: &ClassCase) -> bool {
    class.fresh.is_some() && class.cadence.is_unknown() && !class.silence.settled
}

fn too_short(case: &Case, class: &ClassCase) -> Claim {
    let (silence, name) = (&class.silence, class.name());
    let since = class.last_old_use.map_or_else(
        || "since it could first be seen".to_owned(),
        |at| format!("since its last old use at {}", at.latest()),
    );
    let missing = silence.needed - silence.elapsed;
    Claim {
        summary: format!(
            "`{name}` has {} of covered time {since}, and needs {}",
            silence.elapsed.hours_minutes(),
            silence.needed.hours_minutes_up()
        ),
        remedy: format!(
            "wait for {} more of covered time without old use of `{name}`",
            missing.hours_minutes_up()
        ),
        cites: cites(case, class),
    }
}

fn without_measure(case: &Case, class: &ClassCase) -> Claim {
    let name = class.name();
    Claim {
        summary: format!(
            "how long `{name}` may be silent between two runs is neither declared nor learned, and its \
             fresh success may come from a process that still holds the old version"
        ),
        remedy: format!("declare `every` for `{name}`, or start it anew and run it once"),
        cites: cites(case, class),
    }
}

fn cites(case: &Case, class: &ClassCase) -> Cites {
    Cites::silence(case.searched(class))
        .and_rows(class.last_old_use)
        .and_rows(class.fresh)
        .and_plan(case.plan.place(class.consumer.site))
}
