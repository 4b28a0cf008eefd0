/*! `marker-spelling`: a credential outside the plan equals an old marker but for its spelling. */

use std::collections::BTreeMap;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::facts::{Stray, StrayMarker};
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::wording::{count, list};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("marker-spelling"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FillIn),
    passes: Passes::Never,
    answers: &[],
    blinds: true,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let mut spellings: BTreeMap<(u16, &str), Vec<&StrayMarker>> = BTreeMap::new();
    let counts = |stray: &&StrayMarker| {
        stray.why == Stray::Respelled && stray.found.last.0 >= case.window.from
    };
    for stray in case.facts.stray_markers.iter().filter(counts) {
        spellings.entry((stray.version.0, &stray.place)).or_default().push(stray);
    }
    let findings = spellings.into_iter().filter_map(|((version, spelling), found)| {
        let version = case.plan.versions.get(usize::from(version));
        let version = version.map_or("old", |version| &version.name);
        let total = found.iter().map(|stray| stray.found.count).sum();
        let claim = claim(case, (version, spelling), &found)?;
        Some(Finding { total, ..rule.finding(None, claim) })
    });
    findings.collect()
}

fn claim(case: &Case, names: (&str, &str), found: &[&StrayMarker]) -> Option<Claim> {
    let (version, spelling) = names;
    let (first, rest) = found.split_first()?;
    let streams: Vec<_> = found.iter().map(|stray| stray.stream).collect();
    let total: u64 = found.iter().map(|stray| stray.found.count).sum();
    let is_after = found.iter().all(|stray| stray.found.first.0 > case.as_of);
    let frame = if is_after { "after the time of this report" } else { "in the window" };
    let says = format!("uses `{spelling}`, a marker of `{version}` but for its spelling");
    Some(Claim {
        summary: format!(
            "{} of {} {frame} {} the credential `{spelling}`, which differs from a marker of `{version}` only in \
             its spelling",
            count(total, "record"),
            list(&case.stream_names(&streams)),
            if total == 1 { "uses" } else { "use" },
        ),
        remedy: format!(
            "if it is the same credential, add `{spelling}` to the markers of `{version}`, or write the marker as \
             `serial:` where it is a serial number; if it is another one, waive this"
        ),
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
    use crate::model::{Duration, Place, Timestamp, VersionId};

    fn with(first: Timestamp, last: Timestamp, why: Stray) -> World {
        let at = |time, record| (time, Place { record, ..Place::default() });
        World::ready().facts(|facts| {
            facts.stray_markers.push(StrayMarker {
                stream: StreamId(0),
                version: VersionId(0),
                why,
                place: "KEY-OLD".to_owned(),
                found: Noticed { count: 2, first: at(first, 3), last: at(last, 9) },
            });
        })
    }

    #[test]
    fn it_names_the_spelling() {
        let finding = with(h(50), h(60), Stray::Respelled).fires(&RULE);
        assert_eq!(cited(&finding), [h(50), h(60)]);
        assert!(
            finding
                .summary
                .starts_with("2 records of w in the window use the credential `KEY-OLD`")
        );
        with(h(50), h(60), Stray::Unmapped).silent(&RULE);
    }

    #[test]
    fn only_the_window_and_what_follows_count() {
        // Boundary: seen last at the start of the window, and a microsecond before it.
        with(h(10), h(48), Stray::Respelled).fires(&RULE);
        with(h(10), h(48) - Duration(1), Stray::Respelled).silent(&RULE);
        with(h(96), h(97), Stray::Respelled).fires(&RULE);
        with(h(97), h(98), Stray::Respelled).fires(&RULE);
    }
}
