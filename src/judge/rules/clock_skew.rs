/*! `clock-skew`: two log sources that share requests disagree about the time. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::Duration;
use crate::model::facts::Skew;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::wording::{count, length};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("clock-skew"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let apart = case.clocks().trusted().filter(|skew| skew.offset > Duration::MINUTE);
    let findings = apart.map(|skew| {
        let finding = rule.finding(None, claim(case, skew));
        Finding { total: skew.requests, ..finding }
    });
    findings.collect()
}

fn claim(case: &Case, skew: &Skew) -> Claim {
    let names = case.stream_names(&[skew.streams.0, skew.streams.1]);
    Claim {
        summary: format!(
            "the clocks of {} differ by at least {}, by {} that both logged",
            names.join(" and "),
            length(skew.offset),
            count(skew.requests, "request"),
        ),
        remedy: "correct the clock that is wrong, or the `timezone` of its `[[source]]`; until then, records that are closer \
                 than this have no order"
            .to_owned(),
        cites: Cites::silence(names),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, hours, minutes};
    use crate::model::Duration;
    use crate::model::facts::Skew;

    fn apart(requests: u64, offset: Duration) -> World {
        let world = World::ready().stream("proxy", "w");
        let streams = (world.stream_id("w"), world.stream_id("proxy"));
        world.facts(|facts| facts.skews.push(Skew { streams, requests, offset }))
    }

    #[test]
    fn more_than_a_minute_by_five_requests_advises() {
        let finding = apart(5, minutes(2)).fires(&RULE);
        assert_eq!(
            finding.summary,
            "the clocks of w and proxy differ by at least 2 min, by 5 requests that both logged"
        );
        assert_eq!((finding.class, finding.cites.searched().len()), (None, 2));
        // Boundary: a microsecond over a minute, and a minute; by five requests, and by four.
        apart(5, minutes(1) + Duration(1)).fires(&RULE);
        apart(5, minutes(1)).silent(&RULE);
        apart(4, minutes(2)).silent(&RULE);
        // So much is not a clock.
        apart(5, hours(12)).fires(&RULE);
        apart(5, hours(12) + Duration(1)).silent(&RULE);
    }
}
