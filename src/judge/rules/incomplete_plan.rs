/*! `incomplete-plan`: the plan does not say what a decision needs. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::words::list;
use crate::model::facts::Crossing;
use crate::model::finding::{Cites, Finding, Severity};
use crate::model::{Refresh, Use};
use crate::plan::Consumer;

/// The rule.
pub(super) struct IncompletePlan;

impl Rule for IncompletePlan {
    fn code(&self) -> &'static str {
        "incomplete-plan"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let rotation = rotation(case).map(|claim| finding(self, None, claim));
        let classes = case.classes.iter().filter_map(|class| {
            let lacks = lacks(class.consumer);
            let claim = (!lacks.is_empty()).then(|| Claim {
                summary: format!("the plan does not give {} of `{}`", list(&lacks), class.name()),
                remedy: format!("fill in {} of `{}`", list(&lacks), class.name()),
                cites: Cites::plan(case.plan.place(class.consumer.site)),
            })?;
            Some(finding(self, Some(class.id), claim))
        });
        rotation.into_iter().chain(classes).collect()
    }
}

fn lacks(consumer: &Consumer) -> Vec<&'static str> {
    if consumer.disabled {
        return missing(&[
            ("owner", is_blank(consumer.owner.as_deref())),
            ("disabled_reason", is_blank(consumer.disabled_reason.as_deref())),
        ]);
    }
    match consumer.usage {
        Use::Indirect => Vec::new(),
        Use::Direct => missing(&[
            ("owner", is_blank(consumer.owner.as_deref())),
            ("refresh", consumer.refresh.is_none()),
            ("session_max", can_hold(consumer.refresh) && consumer.session_max.is_none()),
        ]),
    }
}

fn can_hold(refresh: Option<Refresh>) -> bool {
    !refresh.is_some_and(Refresh::is_fresh_each_time)
}

fn rotation(case: &Case) -> Option<Claim> {
    let rotation = &case.plan.rotation;
    let crossing: Vec<&Crossing> = case
        .facts
        .crossing
        .iter()
        .filter(|one| one.jobs > 0 && one.example.earliest() <= case.as_of)
        .collect();
    let is_unsaid = rotation.in_flight.is_none() && !crossing.is_empty();
    let lacks = missing(&[
        ("rollback", is_blank(rotation.rollback.as_deref())),
        ("decision_owner", is_blank(rotation.decision_owner.as_deref())),
        ("in_flight (jobs cross the change)", is_unsaid),
    ]);
    let examples = crossing.iter().filter(|_| is_unsaid).map(|one| one.example);
    (!lacks.is_empty()).then(|| Claim {
        summary: format!("the plan does not give {} of the rotation", list(&lacks)),
        remedy: format!("fill in {} under `[rotation]`", list(&lacks)),
        cites: Cites::plan(case.plan.place(rotation.site)).and_rows(examples),
    })
}

fn missing(parts: &[(&'static str, bool)]) -> Vec<&'static str> {
    parts.iter().filter(|(_, is_missing)| *is_missing).map(|(name, _)| *name).collect()
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}
