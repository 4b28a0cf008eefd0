/*! `blind-source`: what the sources of the report never record, so that nobody believes it was checked. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::coverage::StreamId;
use crate::model::facts::Source;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("blind-source"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.facts.sources.iter().filter_map(|source| {
        let finding = rule.finding(None, claim(case, source)?);
        Some(Finding { total: source.streams.len() as u64, ..finding })
    });
    findings.collect()
}

fn claim(case: &Case, source: &Source) -> Option<Claim> {
    let carries = |id: &&StreamId| {
        case.facts.streams.get(id.0 as usize).is_some_and(|stream| !stream.carries.is_empty())
    };
    let streams: Vec<_> = source.streams.iter().filter(carries).copied().collect();
    if streams.is_empty() || source.never.is_empty() {
        return None;
    }
    Some(Claim {
        summary: format!("`{}` does not record: {}", source.profile, source.never.join("; ")),
        remedy: "check whether a consumer could use the old version only there, and if so add a source that records it"
            .to_owned(),
        cites: Cites::silence(case.stream_names(&streams)),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::World;
    use crate::model::coverage::StreamId;
    use crate::model::decision::Verdict;
    use crate::model::facts::Source;

    fn read_by(never: &[&str], streams: &[u32]) -> World {
        let source = Source {
            profile: "cloudtrail".to_owned(),
            never: never.iter().map(|event| (*event).to_owned()).collect(),
            streams: streams.iter().map(|id| StreamId(*id)).collect(),
        };
        World::ready().facts(|facts| facts.sources.push(source))
    }

    #[test]
    fn it_repeats_what_a_source_never_records() {
        let world = read_by(&["data events", "resumed sessions"], &[0]);
        let finding = world.fires(&RULE);
        assert_eq!(finding.summary, "`cloudtrail` does not record: data events; resumed sessions");
        assert_eq!(finding.cites.searched(), ["w"]);
        assert_eq!(world.verdict(), Verdict::Ready, "it advises");
    }

    #[test]
    fn a_source_without_a_class_or_without_blind_spots_is_not_named() {
        // Boundary: no blind spot, and one.
        read_by(&[], &[0]).silent(&RULE);
        read_by(&["data events"], &[0]).fires(&RULE);
        read_by(&["data events"], &[]).silent(&RULE);
        let idle = |world: World| world.facts(|facts| facts.streams[0].carries.clear());
        idle(read_by(&["data events"], &[0])).silent(&RULE);
        World::ready().silent(&RULE);
    }
}
