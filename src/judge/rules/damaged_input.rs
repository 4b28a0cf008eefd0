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

/// What helps depends on what happened.
fn remedy(inputs: &[(InputId, &Input)]) -> String {
    let ways = [
        (
            "no input matches",
            "give the files that the source's `paths` name, or take the source out of the plan",
        ),
        ("time that can be read", NOT_READ),
        ("no records", NOT_READ),
        ("give it again", "give the input again, to `holdover collect` or to the report"),
        ("cannot be", "let the input be read, or leave it out of the paths"),
    ];
    let way = |damage: &Damage| {
        let known = ways.iter().find(|(what, _)| damage.what.contains(what));
        known.map_or("fetch a whole copy and read it in its place", |(_, way)| way)
    };
    let mut told: Vec<&str> = damages(inputs).map(|(_, _, damage)| way(damage)).collect();
    told.sort_unstable();
    told.dedup();
    told.join("; ")
}

const NOT_READ: &str = "if it is no export, leave it out of the paths; if it is one, declare a `[[source]]` with `fields` that fit it";

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
            "{} that {carried} {} damaged{}: {}, {}; {hole}{}",
            plural(inputs.len() as u64, "input", "inputs"),
            if inputs.len() == 1 { "is" } else { "are" },
            if inputs.len() == 1 { "" } else { ", first" },
            input.path,
            damage.what,
            if damages(inputs).any(|(_, _, damage)| damage.old_marker) {
                ", and the bytes left hold a marker of the old version"
            } else {
                ""
            }
        ),
        remedy: remedy(inputs),
        cites: Cites::records(first, cites),
    })
}
