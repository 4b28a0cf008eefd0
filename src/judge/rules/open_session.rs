/*! `open-session`: a session or connection with the old version was opened, and no record ends it.
 */

use std::collections::BTreeMap;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::continuity::{EndedSessions, OpenSessions};
use crate::model::coverage::StreamId;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::{Action, Item};
use crate::wording::{count, length_up, list};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("open-session"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::MoveToNew),
    passes: Passes::Never,
    answers: &[Item::LongLivedRestarted],
    blinds: false,
    fire,
};

/// With fewer sessions before the first open one, nobody can say whether the log holds ends.
const EARLIER_MIN: u64 = 10;

/// Why a session counts as open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// A listing or a state in the window shows it.
    Listed,
    /// The log holds the ends of sessions, and not of this one.
    NoEnd,
    /// The log holds few ends, and the session may be that long.
    MayLast,
}

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    // A class that is switched off has no session with the old version.
    let classes = case.classes.iter().map(Some).chain([None]);
    classes.flat_map(|class| of_class(rule, case, class)).collect()
}

/// The sessions of that class, or those of which no record names a class of the plan: a finding for each log source and
/// reason.
fn of_class(rule: &Rule, case: &Case, class: Option<&ClassCase>) -> Vec<Finding> {
    let id = class.map(|class| class.id);
    let mut groups: BTreeMap<(StreamId, Why), Vec<&OpenSessions>> = BTreeMap::new();
    for open in case.facts.open_sessions.iter().filter(|open| open.class == id) {
        if let Some(why) = why(case, class, open) {
            groups.entry((open.stream, why)).or_default().push(open);
        }
    }
    let of_group = |((_, why), open)| of_source(rule, case, class, (why, open));
    groups.into_iter().filter_map(of_group).collect()
}

fn of_source(
    rule: &Rule,
    case: &Case,
    class: Option<&ClassCase>,
    (why, open): (Why, Vec<&OpenSessions>),
) -> Option<Finding> {
    let total = open.iter().map(|open| open.count).sum();
    let id = class.map(|class| class.id);
    let finding = rule.finding(id, claim(case, class, (why, &open), total)?);
    let waivable = if class.is_some() { finding.waivable } else { Waivable::Never };
    let EndedSessions { of, ended } = open.first()?.earlier;
    Some(Finding { total, waivable, numbers: Some(Numbers { n: ended, of, p: None }), ..finding })
}

fn why(case: &Case, class: Option<&ClassCase>, open: &OpenSessions) -> Option<Why> {
    let last = open.last.latest();
    let is_listing =
        case.facts.streams.get(open.stream.0 as usize).is_some_and(|one| one.is_snapshot);
    if is_listing || open.ends == 0 && open.listed.is_some_and(|listed| listed >= last) {
        let skew = class.map_or(case.plan.limits.skew, |class| class.consumer.limits.skew);
        let is_in_window = last >= case.window.from - skew;
        let is_gone = open.listed.is_some_and(|listed| listed > last);
        let may_last = may_last(case, class, open);
        return match (is_gone, is_in_window) {
            (true, _) => None,
            (false, true) => Some(Why::Listed),
            (false, false) => may_last.then_some(Why::MayLast),
        };
    }
    if open.ends == 0 {
        return None;
    }
    let is_told = |sessions: EndedSessions| {
        sessions.of > 0 && sessions.ended.saturating_mul(10) >= sessions.of.saturating_mul(9)
    };
    let has_ends =
        is_told(open.earlier) || open.before_first.of >= EARLIER_MIN && is_told(open.before_first);
    if has_ends {
        return Some(Why::NoEnd);
    }
    may_last(case, class, open).then_some(Why::MayLast)
}

/// Can the session still be open, by what is known of how long sessions last? A log without a class says too little.
fn may_last(case: &Case, class: Option<&ClassCase>, open: &OpenSessions) -> bool {
    class.is_some_and(|class| {
        class.consumer.session_max.is_none_or(|longest| {
            case.as_of - open.last.latest() < longest
                || open.longest.is_some_and(|seen| seen > longest)
        })
    })
}

fn claim(
    case: &Case,
    class: Option<&ClassCase>,
    (why, open): (Why, &[&OpenSessions]),
    total: u64,
) -> Option<Claim> {
    let first = open.first()?;
    let names = list(&case.stream_names(&[first.stream]));
    let last = open.iter().map(|open| open.last).max_by_key(|at| (at.latest(), at.row))?;
    let since = length_up(case.as_of - last.latest());
    let reason = match why {
        Why::Listed => format!("{names} still shows {} open in the window", them(total)),
        Why::NoEnd => format!(
            "{names} holds no end of {}, and it holds the ends of {} of the {} that were opened before",
            them(total),
            first.earlier.ended,
            count(first.earlier.of, "session")
        ),
        Why::MayLast => format!("{names} holds no end of {}", them(total)),
    };
    let instances: Vec<&str> = open.iter().filter_map(|open| open.instance.as_deref()).collect();
    let whose =
        class.map_or("consumers that no record names".to_owned(), |c| format!("`{}`", c.name()));
    let whom = if instances.is_empty() { whose.clone() } else { list(&instances) };
    let rows = open.iter().flat_map(|open| [open.first, open.last]);
    Some(Claim {
        summary: format!(
            "{} of {whose} with the old version {} not known to have ended, last used {since} ago: {reason}",
            count(total, "session"),
            if total == 1 { "is" } else { "are" },
        ),
        remedy: format!(
            "restart {whom} so that its connections are opened anew, or end the session at the server; then fetch the \
             log that shows the end"
        ),
        cites: Cites::rows(first.first, rows),
    })
}

fn them(total: u64) -> &'static str {
    if total == 1 { "it" } else { "them" }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, row};
    use crate::model::continuity::{EndedSessions, OpenSessions};
    use crate::model::coverage::StreamId;
    use crate::model::decision::Verdict;
    use crate::model::{Duration, Timestamp};

    /// A session that was last used at that time, after others of which all but one have an end.
    fn opened(at: Timestamp, change: impl FnOnce(&mut OpenSessions)) -> World {
        let mut world = World::ready().put(row("w").old().on("i1").at(at));
        let (class, last) = (world.id("w"), world.cite(at));
        let mut open = OpenSessions {
            class: Some(class),
            stream: StreamId(0),
            instance: None,
            count: 1,
            first: last,
            last,
            earlier: EndedSessions { of: 20, ended: 18 },
            before_first: EndedSessions { of: 20, ended: 18 },
            ends: 18,
            longest: Some(Duration::HOUR),
            listed: None,
        };
        change(&mut open);
        world.facts(|facts| facts.open_sessions.push(open))
    }

    #[test]
    fn a_session_without_an_end_fires_where_others_have_one() {
        let world = || opened(h(-2), |_| {});
        let finding = world().fires(&RULE);
        assert_eq!((finding.total, cited(&finding)), (1, vec![h(-2)]));
        assert_eq!(
            finding.summary,
            "1 session of `w` with the old version is not known to have ended, last used 4 d 2 h ago: w holds no end of it, and it holds the ends of 18 of the 20 sessions that were opened before"
        );
        assert_eq!(world().verdict(), Verdict::Inconclusive);
        World::ready().silent(&RULE);
    }

    #[test]
    fn each_log_source_and_reason_has_a_finding_of_its_own() {
        let world = opened(h(-2), |_| {}).stream("pool", "w");
        let other = world.stream_id("pool");
        let world = world.facts(|facts| {
            let mut listed = facts.open_sessions[0].clone();
            (listed.stream, listed.count, listed.ends) = (other, 3, 0);
            listed.last.when = crate::model::When::exact(h(95));
            listed.listed = Some(h(95));
            facts.open_sessions.push(listed);
        });
        let findings = world.findings_of(&RULE);
        let said: Vec<&str> = findings.iter().map(|finding| finding.summary.as_str()).collect();
        let [ended, listed] = said.as_slice() else { panic!("{said:?}") };
        assert!(ended.contains(": w holds no end of it, and"), "{ended}");
        assert!(listed.starts_with("3 sessions of `w`"), "{listed}");
        assert!(listed.ends_with(": pool still shows them open in the window"), "{listed}");
    }

    #[test]
    fn nine_in_ten_must_have_an_end_overall_or_before_the_first_open_one() {
        let ended = |earlier: u64, first: (u64, u64)| {
            opened(h(-2), |open| {
                open.earlier.ended = earlier;
                open.before_first = EndedSessions { of: first.0, ended: first.1 };
            })
            .consumer("w", |c| c.session_max = Some(Duration::HOUR))
        };
        ended(18, (0, 0)).fires(&RULE);
        ended(17, (0, 0)).silent(&RULE);
        ended(17, (10, 9)).fires(&RULE);
        ended(17, (10, 8)).silent(&RULE);
        ended(17, (9, 9)).silent(&RULE);
    }

    #[test]
    fn with_few_ends_the_longest_session_decides() {
        let few = |longest: Option<Duration>, seen: Duration| {
            opened(h(-2), |open| {
                (open.earlier, open.before_first) =
                    (EndedSessions { of: 20, ended: 2 }, EndedSessions::default());
                open.longest = Some(seen);
            })
            .consumer("w", |c| c.session_max = longest)
        };
        let since = h(96) - h(-2);
        // Boundary: a session lasts at most as long as it is open, and a microsecond longer.
        few(Some(since), Duration::HOUR).silent(&RULE);
        few(Some(since + Duration(1)), Duration::HOUR).fires(&RULE);
        few(None, Duration::HOUR).fires(&RULE);
        few(Some(Duration::HOUR), Duration::HOUR).silent(&RULE);
        few(Some(Duration::HOUR), Duration::HOUR + Duration(1)).fires(&RULE);
    }

    #[test]
    fn a_log_without_any_end_says_nothing_of_sessions() {
        opened(h(-2), |open| {
            (open.ends, open.earlier.ended, open.before_first.ended) = (0, 0, 0);
        })
        .silent(&RULE);
    }

    #[test]
    fn a_listing_in_the_window_that_shows_the_session_fires() {
        let listed = |at: Timestamp, later: Option<Timestamp>| {
            opened(at, |open| (open.ends, open.listed) = (0, Some(later.unwrap_or(at))))
                .consumer("w", |c| c.session_max = Some(Duration::HOUR))
        };
        let skew = World::ready().plan.consumers[0].limits.skew;
        let finding = listed(h(50), None).fires(&RULE);
        assert!(
            finding.summary.ends_with("w still shows it open in the window"),
            "{}",
            finding.summary
        );
        listed(h(48) - skew, None).fires(&RULE);
        listed(h(48) - skew - Duration(1), None).silent(&RULE);
        listed(h(50), Some(h(50) + Duration(1))).silent(&RULE);
    }

    #[test]
    fn a_class_that_is_switched_off_may_have_a_session_too() {
        let world = opened(h(50), |open| (open.ends, open.listed) = (0, Some(h(50))));
        world.consumer("w", |c| c.disabled = true).fires(&RULE);
    }

    #[test]
    fn a_listing_without_a_class_concerns_the_rotation() {
        let listed = |at: Timestamp| {
            opened(at, |open| (open.class, open.ends, open.listed) = (None, 0, Some(at)))
        };
        let skew = World::ready().plan.limits.skew;
        let finding = listed(h(50)).fires(&RULE);
        assert_eq!(finding.class, None);
        assert!(
            finding.summary.starts_with("1 session of consumers that no record names"),
            "{}",
            finding.summary
        );
        listed(h(48) - skew).fires(&RULE);
        listed(h(48) - skew - Duration(1)).silent(&RULE);
    }
}
