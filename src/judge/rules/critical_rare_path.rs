/*! `critical-rare-path`: a path that matters runs less often than the window is long. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::PathKind;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::wording::{length, list};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("critical-rare-path"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings =
        case.judged().filter_map(|class| Some(rule.finding(Some(class.id), claim(case, class)?)));
    findings.collect()
}

fn claim(case: &Case, class: &ClassCase) -> Option<Claim> {
    let consumer = class.consumer;
    let cadence = class.cadence.declared.max(class.cadence.gap())?;
    let window = case.plan.rotation.window;
    if consumer.path == PathKind::Primary || consumer.effects.is_empty() || cadence <= window {
        return None;
    }
    let name = class.name();
    let effects: Vec<&str> = consumer.effects.iter().map(String::as_str).collect();
    Some(Claim {
        summary: format!(
            "`{name}` runs every {}, less often than once in the window of {}, and what it does matters: {}",
            length(cadence),
            length(window),
            list(&effects),
        ),
        remedy: format!(
            "run `{name}` on purpose during each rotation, or give it a credential of its own"
        ),
        cites: Cites::plan(case.plan.place(consumer.site))
            .and_rows(class.baseline.iter().flat_map(|row| [row.first, row.last])),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, hours};
    use crate::model::decision::Verdict;
    use crate::model::{Duration, PathKind};

    fn rare(every: Duration) -> World {
        World::ready().consumer("w", |c| {
            (c.path, c.every, c.run_settles) = (PathKind::Background, Some(every), true);
            c.effects = vec!["invoices".to_owned(), "refunds".to_owned()];
        })
    }

    #[test]
    fn a_cadence_longer_than_the_window_advises() {
        let finding = rare(hours(50)).fires(&RULE);
        assert_eq!(
            finding.summary,
            "`w` runs every 50 h, less often than once in the window of 48 h, and what it does matters: invoices and refunds"
        );
        assert_eq!(finding.cites.plan_site(), Some("holdover.toml:20:1"));
        // Boundary: a microsecond longer than the window, and as long.
        rare(hours(48) + Duration(1)).fires(&RULE);
        rare(hours(48)).silent(&RULE);
        assert_eq!(World::ready().verdict(), Verdict::Ready);
    }

    #[test]
    fn only_paths_beside_the_primary_one_that_have_effects_count() {
        rare(hours(50)).consumer("w", |c| c.path = PathKind::Exception).fires(&RULE);
        rare(hours(50)).consumer("w", |c| c.path = PathKind::Primary).silent(&RULE);
        rare(hours(50)).consumer("w", |c| c.effects.clear()).silent(&RULE);
        rare(hours(50)).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
