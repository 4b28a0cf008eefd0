/*! `old-use-in-window`: a consumer used the old version inside the window that must be free of it. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::wording::{length, length_up, number, times};

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::{Action, Item};
use crate::model::{ClassBasis, Refresh};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("old-use-in-window"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::OfClass(settled_by),
    passes: Passes::If(passes),
    answers: &[Item::NoOldUseInWindow],
    blinds: false,
    fire,
};

/// Waiting does not help a consumer that was not seen on the new version since.
fn settled_by(class: &ClassCase) -> Action {
    if class.fresh.is_none() || class.consumer.disabled { Action::MoveToNew } else { Action::Wait }
}

/// A process that reads the value once keeps what it has, so waiting helps only if it moved or reads the value again.
fn passes(_: &Case, class: &ClassCase) -> bool {
    !class.consumer.disabled && (class.fresh.is_some() || class.awaited_run().is_some())
}

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.classes.iter().filter_map(|class| {
        let tries = tries(class);
        let old = keep(&tries, activity::is_old_use);
        let (n, of) = (activity::count(&old), activity::count(&tries));
        let finding = rule.finding(Some(class.id), claim(case, class, &old)?);
        let numbers = Some(Numbers { n, of, p: None });
        let asks_to_move = !class.consumer.disabled && shared(&old) == 0;
        Some(Finding { total: n, numbers, asks_to_move, ..finding })
    });
    findings.collect()
}

/// Must the class be free of an old use at this time: from the start of the window, or from the change if it is
/// switched off?
fn is_late(class: &ClassCase, old: &Activity) -> bool {
    if class.consumer.disabled {
        old.last.latest() >= class.times.introduced
    } else {
        class.is_late_old(old)
    }
}

/// The attempts in that time, including those after the report's instant. An old one counts if any part of its interval
/// does.
fn tries<'a>(class: &ClassCase<'a>) -> Vec<&'a Activity> {
    let attempts: Vec<&Activity> = class.tries.iter().chain(&class.after).copied().collect();
    let since =
        if class.consumer.disabled { class.times.introduced } else { class.times.window.from };
    keep(&attempts, |row| {
        let is_in_time = if activity::is_old_use(row) {
            is_late(class, row)
        } else {
            row.last.earliest() >= since
        };
        row.kind.is_try() && is_in_time
    })
}

/// How many of them also match another consumer.
fn shared(old: &[&Activity]) -> u64 {
    activity::count(&keep(old, |row| row.basis == ClassBasis::Ambiguous))
}

fn claim(case: &Case, class: &ClassCase, old: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    let is_early = |row: &&Activity| row.last.latest() < case.window.from;
    let margin = old.iter().copied().filter(is_early).map(|row| class.clocks.of(row.stream)).max();
    let margin = margin.map_or_else(String::new, |margin| {
        format!(", or just before: clocks may differ by {}", length(margin))
    });
    let frame = if class.consumer.disabled {
        format!("since the change at {}, although the plan declares it disabled", case.introduced)
    } else {
        format!("in the {} up to {}{margin}", length(case.window.length()), case.as_of)
    };
    let (late, within): (Vec<&Activity>, Vec<&Activity>) =
        old.iter().partition(|row| row.first.earliest() > case.as_of);
    let late_count = activity::count(&late);
    let shared = shared(old);
    let mut more = String::new();
    if late_count > 0 && !within.is_empty() {
        more = format!("; and {} after that, {}", times(late_count), phrases::between(&late));
    }
    let (uses, frame) = if within.is_empty() {
        (&late, format!("after {}, the time of this report", case.as_of))
    } else {
        (&within, frame)
    };
    if shared > 0 {
        let verb = if shared == 1 { "matches" } else { "match" };
        more = format!("{more}; {} also {verb} another consumer", number(shared));
    }
    Some(Claim {
        summary: format!(
            "`{name}` used {} {} {frame}: {}{}{more}",
            phrases::versions(case, old),
            times(activity::count(uses)),
            phrases::between(uses),
            phrases::on(uses),
        ),
        remedy: remedy(class, shared),
        cites: phrases::cites(old)?,
    })
}

fn remedy(class: &ClassCase, shared: u64) -> String {
    let name = class.name();
    let apart = if shared > 0 { "make the `match` tables of the consumers disjoint, " } else { "" };
    if class.consumer.disabled {
        return format!(
            "{apart}switch `{name}` off for good, or declare it as a consumer that runs"
        );
    }
    let how = match class.consumer.refresh {
        Some(Refresh::OnStart) => " (it reads the value at start: restart it)",
        Some(Refresh::AtLaunch) => " (it reads the value at launch: relaunch it)",
        Some(Refresh::Cached) => " (it caches the value: empty the cache or restart it)",
        Some(Refresh::PerRun) => " (it reads the value on each run: run it)",
        Some(Refresh::PerRequest) => {
            " (it reads the value on each request: check where it reads it from)"
        }
        None => " (restart what reads it at start, relaunch what reads it at launch)",
    };
    format!(
        "{apart}move `{name}` to the new version{how}, then wait for {} of logged time without old use",
        length_up(class.silence.needed)
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, hours, minutes, row};
    use crate::model::facts::Skew;
    use crate::model::finding::Severity;
    use crate::model::{Duration, Kind, Timestamp};

    #[test]
    fn it_counts_the_uses_and_cites_their_ends() {
        let world = World::ready().old("w", "i2", h(60)).old("w", "i3", h(50));
        let finding =
            world.put(row("w").old().refused().count(3).between(h(70), h(71))).fires(&RULE);
        assert_eq!(cited(&finding), [h(50), h(60), h(70), h(71)]);
        assert_eq!(
            (finding.severity, finding.total, finding.waivable.is_waivable()),
            (Severity::Blocks, 5, false)
        );
        assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((5, 13)));
        assert_eq!(
            finding.summary,
            "`w` used `v1` 5 times in the 48 h up to 2026-03-06T09:00:00Z: from 2026-03-04T11:00:00Z to 2026-03-05T08:00:00Z on i2 and i3"
        );
        World::ready().silent(&RULE);
    }

    #[test]
    fn both_ends_belong_to_the_window() {
        let at = |at: Timestamp| World::ready().old("w", "i1", at);
        at(h(48)).fires(&RULE);
        at(h(96)).fires(&RULE);
    }

    #[test]
    fn the_window_begins_earlier_by_as_much_as_the_clock_may_be_off() {
        let at = |at: Timestamp| World::ready().old("w", "i1", at);
        let finding = at(h(48) - minutes(1)).fires(&RULE);
        assert!(
            finding.summary.contains(", or just before: clocks may differ by 1 min: at "),
            "{}",
            finding.summary
        );
        at(h(48) - minutes(1) - Duration(1)).silent(&RULE);
        let exact = |at: Timestamp| {
            World::ready().consumer("w", |c| c.limits.skew = Duration(0)).old("w", "i1", at)
        };
        // Boundary: at the start of the window, and a microsecond before it.
        exact(h(48)).fires(&RULE);
        exact(h(48) - Duration(1)).silent(&RULE);
        // A measured difference counts if it is larger, unless it is too large for a clock.
        let apart = |offset: Duration, at: Timestamp| {
            let world = World::ready().stream("other", "w").old("w", "i1", at);
            let streams = (world.stream_id("w"), world.stream_id("other"));
            world.facts(|facts| facts.skews.push(Skew { streams, requests: 5, offset }))
        };
        apart(hours(2), h(46)).fires(&RULE);
        apart(hours(2), h(46) - Duration(1)).silent(&RULE);
        apart(hours(13), h(40)).silent(&RULE);
        // The revocation ends all margins.
        let revoked =
            |at| World::ready().plan(|p| p.rotation.revoked = Some(h(60))).old("w", "i1", at);
        revoked(h(60)).fires(&RULE);
        revoked(h(60) - Duration(1)).silent(&RULE);
    }

    #[test]
    fn old_use_after_the_end_fires_too() {
        let finding = World::ready().old("w", "i1", h(96) + Duration(1)).fires(&RULE);
        assert!(
            finding
                .summary
                .ends_with("the time of this report: at 2026-03-06T09:00:00.000001Z on i1"),
            "{}",
            finding.summary
        );
    }

    #[test]
    fn a_coarse_use_counts_if_any_part_of_its_interval_does() {
        let from = |end: Timestamp| World::ready().put(row("w").old().coarse(h(24), end));
        from(h(48)).fires(&RULE);
        from(h(48) - minutes(1) - Duration(1)).silent(&RULE);
    }

    #[test]
    fn only_old_use_fires() {
        World::ready().put(row("w").old().inferred().at(h(90))).silent(&RULE);
        World::ready().put(row("w").old().kind(Kind::Lookup).at(h(90))).silent(&RULE);
        World::ready().put(row("w").unversioned().at(h(90))).silent(&RULE);
        World::ready().put(row("w").old().derived().at(h(90))).fires(&RULE);
    }

    #[test]
    fn a_row_of_two_classes_fires_for_both() {
        let world = World::ready().class("x").steady("x", "i9");
        let shared = |class: &str| row(class).old().ambiguous().at(h(90));
        let findings = world.put(shared("w")).put(shared("x")).findings_of(&RULE);
        assert_eq!(findings.len(), 2);
        assert!(
            findings[0].summary.ends_with("; 1 also matches another consumer"),
            "{}",
            findings[0].summary
        );
    }

    #[test]
    fn a_disabled_class_must_be_free_of_it_since_the_change() {
        let off = |at: Timestamp| {
            World::ready().class("x").consumer("x", |c| c.disabled = true).old("x", "i1", at)
        };
        off(h(0)).fires(&RULE);
        off(h(0) - Duration(1)).silent(&RULE);
        let early = off(h(0) - Duration(1)).plan(|p| p.rotation.window = h(97) - h(0));
        assert!(
            early.findings_of(&RULE).iter().all(|finding| finding.class != Some(early.id("x")))
        );
    }

    #[test]
    fn an_indirect_class_is_judged_too() {
        World::ready().indirect("w").old("w", "i1", h(90)).fires(&RULE);
    }
}
