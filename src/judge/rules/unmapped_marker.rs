/*! `unmapped-marker`: records since the change contain an old marker in a field that is not mapped, so a use may go
 * unseen.
 */

use crate::wording::{count, list};
use std::collections::BTreeMap;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::facts::{Stray, StrayMarker};
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
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
    let mut places: BTreeMap<(u16, Stray, &str), Vec<&StrayMarker>> = BTreeMap::new();
    // What stood there before the change says nothing, unless it may be the only old use there was.
    let from = case.has_old_use().then_some(case.introduced);
    let counts = |stray: &&StrayMarker| {
        let is_late = from.is_none_or(|from| stray.found.last.0 >= from);
        stray.why != Stray::Respelled && is_late
    };
    for stray in case.facts.stray_markers.iter().filter(counts) {
        places.entry((stray.version.0, stray.why, &stray.place)).or_default().push(stray);
    }
    let findings = places.into_iter().filter_map(|((version, ..), found)| {
        let version = case.plan.versions.get(usize::from(version));
        let version = version.map_or("old", |version| &version.name);
        let total = found.iter().map(|stray| stray.found.count).sum();
        let claim = claim(case, version, &found)?;
        Some(Finding { total, ..rule.finding(None, claim) })
    });
    findings.collect()
}

fn claim(case: &Case, version: &str, found: &[&StrayMarker]) -> Option<Claim> {
    let (first, rest) = found.split_first()?;
    let pointer = first.place.as_str();
    let streams: Vec<_> = found.iter().map(|stray| stray.stream).collect();
    let total: u64 = found.iter().map(|stray| stray.found.count).sum();
    let is_part = first.why == Stray::PartOfSeries;
    let place = if is_part {
        "in parts of a series whose count is not exported".to_owned()
    } else if pointer.is_empty() {
        "outside every field".to_owned()
    } else {
        format!("at `{pointer}`")
    };
    let says = format!("holds a marker of `{version}` that is not read as the credential");
    let since = if case.has_old_use() { " since the change" } else { "" };
    Some(Claim {
        summary: format!(
            "{} of {}{since} {} a marker of `{version}` {place}, where it is not read as the credential",
            count(total, "record"),
            list(&case.stream_names(&streams)),
            if total == 1 { "holds" } else { "hold" },
        ),
        remedy: if is_part {
            "export the counts of these series too, `_count` or the bucket `+Inf`: parts that do not grow prove nothing"
                .to_owned()
        } else if pointer.is_empty() {
            "give the source a profile that decodes these records".to_owned()
        } else {
            format!(
                "if `{pointer}` is what the record used, name it in its source: `fields = {{ credential_uid = \
                 \"{pointer}\" }}`; if it is text about the credential, name it in its source's \
                 `ignore = [\"{pointer}\"]`"
            )
        },
        cites: Cites::noticed(first.found, rest.iter().map(|stray| stray.found), &says),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h};
    use crate::model::coverage::StreamId;
    use crate::model::facts::{Stray, StrayMarker};
    use crate::model::noticed::Noticed;
    use crate::model::{Duration, Place, State, Timestamp, VersionId};

    fn with(first: Timestamp, last: Timestamp) -> World {
        let at = |time, record| (time, Place { record, ..Place::default() });
        World::ready().facts(|facts| {
            facts.stray_markers.push(StrayMarker {
                stream: StreamId(0),
                version: VersionId(0),
                why: Stray::Unmapped,
                place: "/request/key".to_owned(),
                found: Noticed { count: 12, first: at(first, 3), last: at(last, 9) },
            });
        })
    }

    #[test]
    fn it_names_the_pointer_to_map() {
        let finding = with(h(50), h(60)).fires(&RULE);
        assert_eq!(cited(&finding), [h(50), h(60)]);
        assert_eq!(
            finding.summary,
            "12 records of w since the change hold a marker of `v1` at `/request/key`, where it is not read as the credential"
        );
        assert!(finding.remedy.contains("ignore = [\"/request/key\"]"));
    }

    #[test]
    fn a_series_of_which_only_parts_are_exported_is_not_silent() {
        let part = |stray: &mut StrayMarker| {
            (stray.why, stray.place) = (Stray::PartOfSeries, String::new());
        };
        let world = with(h(50), h(60)).facts(|facts| facts.stray_markers.iter_mut().for_each(part));
        let finding = world.fires(&RULE);
        assert!(finding.summary.contains("in parts of a series whose count is not exported"));
        assert!(finding.remedy.contains("`_count`"), "{}", finding.remedy);
    }

    #[test]
    fn what_stood_there_before_the_change_counts_only_where_no_old_use_is_known() {
        // Boundary: seen last at the change, and a microsecond before it.
        with(h(-9), h(0)).fires(&RULE);
        with(h(-9), h(0) - Duration(1)).silent(&RULE);
        let unseen =
            with(h(-9), h(-8)).facts(|facts| facts.activity.retain(|row| row.state != State::Old));
        unseen.fires(&RULE);
        with(h(96), h(97)).fires(&RULE);
    }

    #[test]
    fn what_was_found_after_the_end_counts_like_old_use_after_it() {
        with(h(97), h(98)).fires(&RULE);
    }
}
