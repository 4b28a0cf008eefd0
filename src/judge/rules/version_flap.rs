/*! `version-flap`: an instance that had moved to the new version went back to the old one. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, ClockTime};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::instance::InstanceCase;
use crate::judge::phrases;
use crate::wording::{count, length};

use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::{Action, Item};
use crate::model::{At, Duration, Span};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("version-flap"),
    severity: Severity::Blocks,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::MoveToNew),
    passes: Passes::WithTwiceTheSilence,
    answers: &[Item::LongLivedRestarted],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.judged().filter_map(|class| {
        let named = class.instances.iter().filter(|instance| !instance.is_generated);
        let flaps: Vec<Flap> = named.filter_map(|instance| flap(class, instance)).collect();
        let finding = rule.finding(Some(class.id), claim(case, class, &flaps)?);
        let last = flaps.iter().map(|flap| flap.back.latest()).max()?;
        let severity = case.severity_of(finding.severity, last);
        Some(Finding { total: 2 * flaps.len() as u64, severity, ..finding })
    });
    findings.collect()
}

/// An instance that went back, with its first success on the new version and its last use of the old one.
struct Flap<'c, 'a> {
    instance: &'c InstanceCase<'a>,
    moved: At,
    back: At,
}

fn flap<'c, 'a>(class: &ClassCase<'a>, instance: &'c InstanceCase<'a>) -> Option<Flap<'c, 'a>> {
    let moved = activity::earliest(&instance.of(&class.new_successes)).map(ClockTime::first_of)?;
    let back = instance.last_old_use()?;
    let mut ends = activity::ends(&instance.old_uses).into_iter();
    let went_back = ends.any(|old| is_back(class, moved, old));
    let is_open = went_back && !has_recovered(class, instance, back);
    is_open.then_some(Flap { instance, moved: moved.at, back })
}

/// Is this old use later than a session after the move? At equal times the old use comes last. In another log source it
/// may be earlier by less than the skew.
fn is_back(class: &ClassCase, moved: ClockTime, old: ClockTime) -> bool {
    let session = class.consumer.session_max.unwrap_or_default();
    let limit = moved.at.earliest() + session;
    let end = old.at.latest();
    if moved.stream == old.stream {
        end > limit || (end == limit && session == Duration::ZERO)
    } else {
        end > limit - class.clocks.between(Some(moved.stream), old.stream)
    }
}

/// Has it been free of old use for twice as long as it must be? Or was it restarted, with a fresh success after that?
/// Or has it worked since the old version was revoked?
fn has_recovered(class: &ClassCase, instance: &InstanceCase, back: At) -> bool {
    let (since, end) = (back.latest(), class.times.as_of);
    let silent = class.covered_within(Span { from: since, to: end });
    let fresh = instance.of(&class.fresh_rows);
    let works_without = class.times.revoked.filter(|revoked| since < *revoked);
    let works_without = works_without
        .is_some_and(|revoked| fresh.iter().any(|row| row.first.earliest() >= revoked));
    let is_restarted = instance.started_after(since, &instance.old_uses, class.clocks)
        && fresh.iter().any(|row| instance.started_before(row, class.clocks));
    silent >= class.silence.needed.scaled(2, 1) || is_restarted || works_without
}

fn claim(case: &Case, class: &ClassCase, flaps: &[Flap]) -> Option<Claim> {
    let first = flaps.first()?;
    let name = class.name();
    let session = class.consumer.session_max.map_or_else(
        || "session_max is not declared".to_owned(),
        |session| format!("session_max is {}", length(session)),
    );
    let others = match flaps.len() as u64 - 1 {
        0 => String::new(),
        n => format!("; {} did the same", count(n, "more instance")),
    };
    Some(Claim {
        summary: format!(
            "{} of `{name}` used {} at {}, {} after its first success on the new version at {} ({session}){others}",
            first.instance.name,
            phrases::versions(case, &first.instance.old_uses),
            first.back.latest(),
            length(first.back.latest() - first.moved.earliest()),
            first.moved.earliest(),
        ),
        remedy: format!(
            "look for two sources of the value on {} (a variable, a sidecar, a second file), remove one, restart the \
             instance, and run it once",
            first.instance.name
        ),
        cites: Cites::rows(first.moved, flaps.iter().flat_map(|flap| [flap.moved, flap.back])),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, hours, minutes, row};
    use crate::model::coverage::StreamId;
    use crate::model::facts::Skew;
    use crate::model::{Duration, Timestamp};

    /// `i1` works with the new version from `h(1)` on.
    fn back(at: Timestamp) -> World {
        World::ready().old("w", "i1", at)
    }

    #[test]
    fn old_use_after_the_move_fires() {
        let finding = back(h(26)).fires(&RULE);
        assert_eq!(cited(&finding), [h(1), h(26)]);
        assert_eq!(
            finding.summary,
            "i1 of `w` used `v1` at 2026-03-03T11:00:00Z, 25 h after its first success on the new version at 2026-03-02T10:00:00Z (session_max is not declared)"
        );
        assert!(finding.waivable.is_waivable());
        World::ready().silent(&RULE);
    }

    #[test]
    fn a_session_may_outlive_the_move() {
        let session = |at| back(at).consumer("w", |c| c.session_max = Some(hours(12)));
        // Boundary: old use a session after the move, and a microsecond later.
        session(h(13)).silent(&RULE);
        session(h(13) + Duration(1)).fires(&RULE);
        back(h(1)).fires(&RULE); // without a session, at equal times old comes last
        back(h(1) - Duration(1)).silent(&RULE);
    }

    #[test]
    fn times_in_two_log_sources_within_the_skew_have_no_order() {
        let other = |at| {
            World::ready().stream("other", "w").put(row("w").old().on("i1").stream("other").at(at))
        };
        other(h(1) - minutes(1)).silent(&RULE);
        other(h(1) - minutes(1) + Duration(1)).fires(&RULE);
    }

    #[test]
    fn a_generated_name_may_be_another_process() {
        let pod = "web-7d4b9c6f5d-x2k9p";
        World::ready().new_ok("w", pod, h(20)).old("w", pod, h(80)).silent(&RULE);
        World::ready().new_ok("w", "i2", h(20)).old("w", "i2", h(80)).fires(&RULE);
        World::ready().new_ok("w", "i2", h(20)).old("w", "i3", h(80)).silent(&RULE);
    }

    #[test]
    fn twice_the_needed_logged_time_is_a_recovery() {
        let world = |at| {
            let world = back(at).plan(|p| p.rotation.window = hours(40));
            world.consumer("w", |c| (c.run_settles, c.every) = (true, Some(hours(6))))
        };
        world(h(16)).silent(&RULE);
        world(h(16) + Duration(1)).fires(&RULE);
        world(h(16)).hole("w", h(20), h(21)).fires(&RULE);
    }

    #[test]
    fn a_restart_with_a_fresh_success_after_it_is_a_recovery() {
        let started = |at| back(h(80)).started("w", "i1", at);
        started(h(90)).silent(&RULE);
        started(h(80)).fires(&RULE);
        started(h(80) + minutes(1)).silent(&RULE);
        started(h(80) + minutes(1) - Duration(1)).fires(&RULE);
        started(h(91) - Duration(1)).silent(&RULE);
        started(h(91)).fires(&RULE);
        started(h(94)).put(row("w").degraded().on("i1").at(h(95))).fires(&RULE);
        started(h(94)).new_ok("w", "i2", h(95)).fires(&RULE);
        back(h(80)).started("w", "i2", h(90)).fires(&RULE);
    }

    #[test]
    fn a_measured_skew_holds_for_starts_as_for_attempts() {
        let world = |at| {
            let old = row("w").old().on("i1").stream("other").at(h(80));
            let world = World::ready().stream("other", "w").put(old).started("w", "i1", at);
            world.facts(|facts| {
                let streams = (StreamId(0), StreamId(1));
                facts.skews.push(Skew { streams, requests: 5, offset: hours(2) });
            })
        };
        world(h(82) - Duration(1)).fires(&RULE);
        world(h(82)).silent(&RULE);
    }

    #[test]
    fn several_instances_are_one_finding() {
        let world = back(h(26)).new_ok("w", "i2", h(20)).old("w", "i2", h(80));
        let finding = world.fires(&RULE);
        assert_eq!((finding.total, cited(&finding)), (4, vec![h(1), h(20), h(26), h(80)]));
        assert!(finding.summary.ends_with("; 1 more instance did the same"), "{}", finding.summary);
    }

    #[test]
    fn indirect_and_disabled_classes_are_not_judged() {
        back(h(80)).indirect("w").silent(&RULE);
        back(h(80)).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
