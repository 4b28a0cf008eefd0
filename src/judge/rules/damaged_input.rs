/*! `damaged-input`: an input ended early or failed its checksum, so records are missing. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::words::plural;
use crate::model::InputId;
use crate::model::coverage::{Damage, StreamId};
use crate::model::facts::Input;
use crate::model::finding::{Cite, Cites, Finding, Severity};
use crate::model::place::Place;

/// The rule.
pub(super) struct DamagedInput;

impl Rule for DamagedInput {
    fn code(&self) -> &'static str {
        "damaged-input"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let damaged: Vec<(InputId, &Input)> = (0..)
            .map(InputId)
            .zip(&case.facts.inputs)
            .filter(|(_, input)| !input.damage.is_empty())
            .collect();
        let part = |holds: &dyn Fn(&[StreamId]) -> bool| -> Vec<(InputId, &Input)> {
            damaged.iter().copied().filter(|(_, input)| holds(&input.streams)).collect()
        };
        let unowned = part(&|streams| !case.classes.iter().any(|class| class.shares(streams)));
        let owned =
            case.classes.iter().map(|class| (Some(class.id), part(&|ids| class.shares(ids))));
        let findings =
            std::iter::once((None, unowned)).chain(owned).filter_map(|(class, inputs)| {
                let hides_old = damages(&inputs).any(|(_, _, damage)| damage.old_marker);
                let found = finding(self, class, claim(case, class, &inputs)?);
                Some(Finding { waivable: found.waivable && !hides_old, ..found })
            });
        findings.collect()
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
        || "no class is known of".to_owned(),
        |class| format!("carry `{}`", case.class(class).name()),
    );
    let carried = if inputs.len() == 1 { carried.replace("carry", "carries") } else { carried };
    let hole = damage.after.map_or_else(
        || "when the missing records would begin is not known".to_owned(),
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
            "{} that {carried} {} damaged: {}, {}; {hole}{}",
            plural(inputs.len() as u64, "input", "inputs"),
            if inputs.len() == 1 { "is" } else { "are" },
            input.path,
            damage.what,
            if damages(inputs).any(|(_, _, damage)| damage.old_marker) {
                ", and the bytes left hold a marker of the old version"
            } else {
                ""
            }
        ),
        remedy: "fetch a whole copy of each and read it in its place".to_owned(),
        cites: Cites::records(first, cites),
    })
}
