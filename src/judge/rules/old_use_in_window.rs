/*! `old-use-in-window`: somebody used the old version in the time that was to be free of it. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::row;
use crate::judge::words::plural;
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Numbers, Severity};

/// The rule.
pub(super) struct OldUseInWindow;

impl Rule for OldUseInWindow {
    fn code(&self) -> &'static str {
        "old-use-in-window"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        case.classes.iter().filter_map(|class| self.of_class(case, class)).collect()
    }
}

impl OldUseInWindow {
    fn of_class(&self, case: &Case, class: &ClassCase) -> Option<Finding> {
        let used = uses(case, class);
        let last = row::latest(&used)?.last.latest();
        let (n, of) = (row::count(&used), case.tries_in_window(class) + late(class));
        let instances = instances(&used);
        let on = if instances == 0 {
            String::new()
        } else {
            format!(" on {}", plural(instances, "instance", "instances"))
        };
        let since = if class.consumer.disabled {
            "since the change, though disabled"
        } else {
            "in the window"
        };
        let claim = Claim {
            summary: format!(
                "`{}` used an old version {} {since}{on}, last at {last}",
                class.name(),
                plural(n, "time", "times"),
            ),
            remedy: format!(
                "move `{}` to the new version; the window starts anew with its last old use",
                class.name()
            ),
            cites: row::cites(&used)?,
        };
        let numbers = Some(Numbers { n, of: of.max(n), p: None });
        Some(Finding { total: n, numbers, ..finding(self, Some(class.id), claim) })
    }
}

/// Old use in `W` or after `A`; of a disabled class, at or after `T0`. The end of an interval decides.
fn uses<'a>(case: &Case, class: &ClassCase<'a>) -> Vec<&'a Activity> {
    let from = if class.consumer.disabled { case.t0 } else { case.window.from };
    let mut used = keep(&class.old_uses, |row| row.last.latest() >= from);
    used.extend(keep(&class.after, row::is_old_use));
    used
}

fn late(class: &ClassCase) -> u64 {
    row::count(&keep(&class.after, row::is_old_use))
}

fn instances(used: &[&Activity]) -> u64 {
    let names: std::collections::BTreeSet<&str> =
        used.iter().filter_map(|row| row.instance.as_deref()).collect();
    names.len() as u64
}
