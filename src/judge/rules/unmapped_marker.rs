/*! `unmapped-marker`: records in the window contain an old marker in a field that is not mapped, so a use may go
 * unseen.
 */

use crate::wording::{count, list};
use std::collections::BTreeMap;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::facts::Unmapped;
use crate::model::finding::{Cite, Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("unmapped-marker"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FillIn),
    passes: Passes::Never,
    answers: &[],
    blinds: true,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let mut places: BTreeMap<(u16, &str), Vec<&Unmapped>> = BTreeMap::new();
    let within = |unmapped: &&Unmapped| {
        unmapped.last.0 >= case.window.from && unmapped.first.0 <= case.as_of
    };
    for unmapped in case.facts.unmapped.iter().filter(within) {
        places.entry((unmapped.version.0, &unmapped.pointer)).or_default().push(unmapped);
    }
    let findings = places.into_iter().filter_map(|((version, _), found)| {
        let version =
            case.plan.versions.get(usize::from(version)).map_or("old", |version| &version.name);
        let total = found.iter().map(|unmapped| unmapped.count).sum();
        let claim = claim(case, version, &found)?;
        Some(Finding { total, ..rule.finding(None, claim) })
    });
    findings.collect()
}

fn claim(case: &Case, version: &str, found: &[&Unmapped]) -> Option<Claim> {
    let (first, rest) = found.split_first()?;
    let pointer = first.pointer.as_str();
    let streams: Vec<_> = found.iter().map(|unmapped| unmapped.stream).collect();
    let total: u64 = found.iter().map(|unmapped| unmapped.count).sum();
    let place = if pointer.is_empty() {
        "outside every field".to_owned()
    } else {
        format!("at `{pointer}`")
    };
    let cite = |(time, place)| Cite::Record {
        place,
        time: Some(time),
        says: format!("holds a marker of `{version}` that is not read as the credential"),
    };
    let rest = rest.iter().flat_map(|unmapped| [cite(unmapped.first), cite(unmapped.last)]);
    let last = (first.last != first.first).then(|| cite(first.last));
    Some(Claim {
        summary: format!(
            "{} of {} in the window {} a marker of `{version}` {place}, where it is not read as the credential",
            count(total, "record"),
            list(&case.stream_names(&streams)),
            if total == 1 { "holds" } else { "hold" },
        ),
        remedy: if pointer.is_empty() {
            "give the source a profile that decodes these records".to_owned()
        } else {
            format!(
                "if `{pointer}` is what the record used, name it in its source with the pointers that show the \
                 credential elsewhere: `fields = {{ credential_uid = [\"…\", \"{pointer}\"] }}`; if it is text \
                 about the credential, leave such records out of the inputs, or waive this"
            )
        },
        cites: Cites::records(cite(first.first), last.into_iter().chain(rest)),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h};
    use crate::model::coverage::StreamId;
    use crate::model::facts::Unmapped;
    use crate::model::{Duration, Place, Timestamp, VersionId};

    fn with(first: Timestamp, last: Timestamp) -> World {
        let at = |time, record| (time, Place { record, ..Place::default() });
        World::ready().facts(|facts| {
            facts.unmapped.push(Unmapped {
                stream: StreamId(0),
                version: VersionId(0),
                pointer: "/request/key".to_owned(),
                count: 12,
                first: at(first, 3),
                last: at(last, 9),
            });
        })
    }

    #[test]
    fn it_names_the_pointer_to_map() {
        let finding = with(h(50), h(60)).fires(&RULE);
        assert_eq!(cited(&finding), [h(50), h(60)]);
        assert_eq!(
            finding.summary,
            "12 records of w in the window hold a marker of `v1` at `/request/key`, where it is not read as the credential"
        );
        assert!(finding.remedy.contains("\"/request/key\"]"));
    }

    #[test]
    fn only_the_window_counts() {
        with(h(10), h(48)).fires(&RULE);
        with(h(10), h(48) - Duration(1)).silent(&RULE);
        with(h(96), h(97)).fires(&RULE);
        with(h(97), h(98)).silent(&RULE);
    }
}
