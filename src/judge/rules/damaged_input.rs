/*! `damaged-input`: an input ended early or failed its checksum, so records are missing. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::InputId;
use crate::model::coverage::StreamId;
use crate::model::damage::{Damage, DamageKind};
use crate::model::facts::Input;
use crate::model::finding::{Cite, Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::model::place::Place;
use crate::wording::count;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("damaged-input"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FetchLog),
    passes: Passes::Never,
    answers: &[],
    blinds: true,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let damaged: Vec<(InputId, &Input)> = (0..)
        .map(InputId)
        .zip(&case.facts.inputs)
        .filter(|(_, input)| !input.damage.is_empty())
        .collect();
    let part = |holds: &dyn Fn(&[StreamId]) -> bool| -> Vec<(InputId, &Input)> {
        damaged.iter().copied().filter(|(_, input)| holds(&input.streams)).collect()
    };
    let unowned = part(&|streams| !case.classes.iter().any(|class| class.shares(streams)));
    let owned = case.classes.iter().map(|class| (Some(class.id), part(&|ids| class.shares(ids))));
    let findings = std::iter::once((None, unowned)).chain(owned).filter_map(|(class, inputs)| {
        let hides_old = damages(&inputs).any(|(_, _, damage)| damage.old_marker);
        let waivable = if hides_old { Waivable::Never } else { rule.waivable };
        let finding = rule.finding(class, claim(case, class, &inputs)?);
        Some(Finding { waivable, ..finding })
    });
    findings.collect()
}

/// The remedies for all that happened, each once.
fn remedy(inputs: &[(InputId, &Input)]) -> String {
    let mut remedies: Vec<&str> =
        damages(inputs).map(|(_, _, damage)| remedy_of(damage.kind)).collect();
    remedies.sort_unstable();
    remedies.dedup();
    remedies.join("; ")
}

fn remedy_of(kind: DamageKind) -> &'static str {
    match kind {
        DamageKind::Incomplete => "fetch a complete copy of the input",
        DamageKind::Unreadable => "make the input readable, or leave it out of the paths",
        DamageKind::NotUnderstood => {
            "if it is not an export, leave it out of the paths; if it is one, declare a `[[source]]` whose `fields` fit it"
        }
        DamageKind::Stale => "give the input again, to `holdover collect` or to the report",
        DamageKind::SourceWithoutInput => {
            "give the files that the source's `paths` name, or remove the source from the plan"
        }
    }
}

fn damages<'i>(
    inputs: &'i [(InputId, &'i Input)],
) -> impl Iterator<Item = (InputId, &'i Input, &'i Damage)> {
    inputs
        .iter()
        .flat_map(|(id, input)| input.damage.iter().map(move |damage| (*id, *input, damage)))
}

fn claim(
    case: &Case,
    class: Option<crate::model::ClassId>,
    inputs: &[(InputId, &Input)],
) -> Option<Claim> {
    let (_, input, damage) = damages(inputs).next()?;
    let carried = class.map_or_else(
        || "without records of any consumer".to_owned(),
        |class| format!("with records of `{}`", case.class(class).name()),
    );
    let hole = damage.after.map_or_else(
        || "it is not known from when on records are missing".to_owned(),
        |after| format!("records are missing after {after}"),
    );
    let cite = |(id, input, damage): (InputId, &Input, &Damage)| Cite::Record {
        place: Place { input: id, record: input.tally.records, offset: damage.offset, length: 0 },
        time: damage.after,
        says: damage.what.clone(),
    };
    let mut cites = damages(inputs).map(cite);
    let first = cites.next()?;
    Some(Claim {
        summary: format!(
            "{} {carried} {} damaged{}: {}, {}; {hole}{}",
            count(inputs.len(), "input"),
            if inputs.len() == 1 { "is" } else { "are" },
            if inputs.len() == 1 { "" } else { ", the first" },
            input.path,
            damage.what,
            if damages(inputs).any(|(_, _, damage)| damage.old_marker) {
                ", and the bytes that were not read hold a marker of the old version"
            } else {
                ""
            }
        ),
        remedy: remedy(inputs),
        cites: Cites::records(first, cites),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h};
    use crate::model::coverage::StreamId;
    use crate::model::damage::{Damage, DamageKind};

    fn damaged(streams: Vec<StreamId>, old_marker: bool) -> World {
        World::ready().facts(|facts| {
            facts.inputs[0].streams = streams;
            let early_end = Damage::incomplete("gzip stream ends early after 4096 bytes", 4096);
            facts.inputs[0].damage = vec![Damage { after: Some(h(-5)), old_marker, ..early_end }];
        })
    }

    #[test]
    fn it_fires_for_each_class_in_its_log_sources() {
        let finding = damaged(vec![StreamId(0)], false).fires(&RULE);
        assert!(finding.class.is_some() && finding.waivable.is_waivable());
        assert_eq!(cited(&finding), [h(-5)]);
        assert_eq!(
            finding.summary,
            "1 input with records of `w` is damaged: app.log, gzip stream ends early after 4096 bytes; records are missing after 2026-03-02T04:00:00Z"
        );
    }

    #[test]
    fn it_fires_for_the_rotation_if_no_class_is_known() {
        // Boundary: one damaged input, and none.
        assert_eq!(damaged(vec![], false).fires(&RULE).class, None);
        World::ready().silent(&RULE);
    }

    #[test]
    fn damage_with_an_old_marker_is_never_waived() {
        assert!(!damaged(vec![StreamId(0)], true).fires(&RULE).waivable.is_waivable());
    }

    #[test]
    fn the_remedy_follows_from_the_kind_of_the_damage() {
        let remedy = |damage: Damage| {
            let world = World::ready().facts(|facts| facts.inputs[0].damage = vec![damage.clone()]);
            world.fires(&RULE).remedy
        };
        let unknown = Damage::unknown_format(3, "");
        assert_eq!(unknown.kind, DamageKind::NotUnderstood);
        assert!(remedy(unknown).contains("declare a `[[source]]`"));
        assert!(remedy(Damage::stale_by_plan()).starts_with("give the input again"));
        assert!(remedy(Damage::unreadable("cannot be opened")).starts_with("make the input"));
    }
}
