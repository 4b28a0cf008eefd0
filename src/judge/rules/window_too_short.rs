/*! `window-too-short`: too little logged time without old use for the cadence and the sessions of the consumer. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::old_rhythm::OldRhythm;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::model::{At, Duration};
use crate::wording::{length, length_up, list};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("window-too-short"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::OfClass(settled_by),
    passes: Passes::If(passes),
    answers: &[],
    blinds: false,
    fire,
};

fn settled_by(class: &ClassCase) -> Action {
    let is_too_short = class.silence.elapsed < class.silence.needed;
    if is_too_short && has_measure(class) { Action::Wait } else { Action::FillIn }
}

fn passes(_: &Case, class: &ClassCase) -> bool {
    has_measure(class)
}

/// Is it known how long is long enough? Otherwise no wait is.
fn has_measure(class: &ClassCase) -> bool {
    !class.cadence.is_unknown() || class.silence.settled
}

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.judged().filter_map(|class| {
        let claim = if class.silence.elapsed < class.silence.needed {
            too_short(case, class)
        } else if is_without_measure(class) {
            without_measure(case, class)
        } else {
            return None;
        };
        Some(rule.finding(Some(class.id), claim))
    });
    findings.collect()
}

/// Is it unknown how long is long enough? There is a fresh success, but neither a cadence nor a run that proves the
/// move.
fn is_without_measure(class: &ClassCase) -> bool {
    class.fresh.is_some() && !has_measure(class)
}

fn too_short(case: &Case, class: &ClassCase) -> Claim {
    let (silence, name) = (&class.silence, class.name());
    let read = class
        .last_old_read()
        .filter(|read| class.last_old_use.is_none_or(|old| read.latest() > old.latest()));
    let is_later = |at: &At| case.revoked.is_none_or(|revoked| at.latest() >= revoked);
    let since = match (read.filter(is_later), class.last_old_use.filter(is_later), case.revoked) {
        (Some(read), _, _) => {
            format!("since it was last handed the old version at {}", read.latest())
        }
        (None, Some(old), _) => format!("since its last old use at {}", old.latest()),
        (None, None, Some(revoked)) => format!("since the revocation at {revoked}"),
        (None, None, None) => "since its logs begin".to_owned(),
    };
    let missing = length_up(silence.needed - silence.elapsed);
    let wait = format!("wait for {missing} more of logged time without old use of `{name}`");
    let (because, remedy) = match reason(class) {
        Reason::Plain => (String::new(), wait),
        Reason::Remainder(rhythm) => (remainder(class, rhythm), found_or(name, rhythm, &wait)),
        Reason::Few(gap) => (
            format!(", since its few runs before the change are up to {} apart", length(gap)),
            format!("{wait}, or declare `every` for `{name}`"),
        ),
        Reason::Slowest(slowest) => {
            (format!(", to exclude whatever uses it once in {} (`slowest`)", length(slowest)), wait)
        }
    };
    let needed = length_up(silence.needed);
    let summary = if class.streams.is_empty() {
        format!(
            "no log covers `{name}`, and it must be free of old use for {needed} of logged time{because}"
        )
    } else {
        format!(
            "`{name}` has been free of old use for {} of logged time {since}, and must be for {needed}{because}",
            length(silence.elapsed),
        )
    };
    Claim {
        summary,
        remedy: if has_measure(class) {
            remedy
        } else {
            format!("{}, and {remedy}", measure(name))
        },
        cites: cites(case, class),
    }
}

/// Which term makes the need as long as it is, where a reader could not guess it.
enum Reason<'c> {
    Plain,
    /// The old version was used after the class had moved.
    Remainder(&'c OldRhythm),
    /// Its baseline shows only a few runs.
    Few(Duration),
    /// The plan asks for it.
    Slowest(Duration),
}

fn reason<'c>(class: &'c ClassCase) -> Reason<'c> {
    let needed = class.silence.needed;
    if needed == class.times.full_window {
        return Reason::Plain;
    }
    let remainder = class.old_rhythm.as_ref().filter(|rhythm| rhythm.needed == needed);
    let cadence = class.cadence.length(class.fresh.is_some());
    let is_otherwise = cadence == Some(needed) || class.consumer.session_max == Some(needed);
    match (remainder, class.cadence.few, class.consumer.slowest.or(class.times.slowest)) {
        (Some(rhythm), _, _) => Reason::Remainder(rhythm),
        (None, Some(gap), _) if gap == needed => Reason::Few(gap),
        (None, _, Some(slowest)) if !is_otherwise => Reason::Slowest(slowest),
        (None, _, _) => Reason::Plain,
    }
}

/// Why old use after the move makes the need longer.
fn remainder(class: &ClassCase, rhythm: &OldRhythm) -> String {
    let moved = class.first_new_success.map(At::earliest);
    let moved = moved.map_or_else(String::new, |at| format!(" at {at}"));
    if rhythm.gaps == 0 {
        return format!(
            ": it still ran on it by its schedule after its first success on the new version{moved}"
        );
    }
    let by: Vec<&str> = rhythm.instances.iter().map(String::as_str).collect();
    let by = if by.is_empty() { String::new() } else { format!(" on {}", list(&by)) };
    format!(
        ": it was used again{by} after the first success on the new version{moved}, with pauses of up to {}, and what \
         did so may come back as late",
        length(rhythm.largest)
    )
}

fn found_or(name: &str, rhythm: &OldRhythm, wait: &str) -> String {
    format!(
        "find out who used the old version at {}, move it and log its restart or its end; or {wait}; waive this rule for \
         `{name}` only if you know that it is gone",
        rhythm.last.latest()
    )
}

fn without_measure(case: &Case, class: &ClassCase) -> Claim {
    let name = class.name();
    Claim {
        summary: format!(
            "how often `{name}` runs is neither declared nor known from its logs, and its success on the new version may \
             come from a process that still holds the old one"
        ),
        remedy: measure(name),
        cites: cites(case, class),
    }
}

/// What makes it known how long is long enough.
fn measure(name: &str) -> String {
    format!("declare `every` for `{name}`, or restart it and run it once")
}

fn cites(case: &Case, class: &ClassCase) -> Cites {
    Cites::silence(case.searched(class))
        .and_rows(class.last_old_use)
        .and_rows(class.fresh)
        .and_plan(case.plan.place(class.consumer.site))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, hours, minutes, row};
    use crate::model::next::{Action, MissingProof};
    use crate::model::{Duration, Refresh, Timestamp};

    fn with_session(length: Duration) -> World {
        World::ready().consumer("w", |c| c.session_max = Some(length))
    }

    #[test]
    fn it_must_be_free_for_the_whole_window() {
        let world = |at| {
            let world = World::ready().old("w", "i1", at);
            world.consumer("w", |c| (c.run_settles, c.every) = (true, Some(hours(6))))
        };
        // Boundary: old use at the start of the window, and a microsecond after it.
        world(h(48)).silent(&RULE);
        let finding = world(h(48) + Duration(1)).fires(&RULE);
        assert_eq!(cited(&finding)[0], h(48) + Duration(1));
        assert_eq!(
            finding.summary,
            "`w` has been free of old use for 47 h 59 min of logged time since its last old use at 2026-03-04T09:00:00.000001Z, and must be for 48 h"
        );
    }

    #[test]
    fn it_must_be_free_for_the_longest_session() {
        with_session(hours(102)).silent(&RULE);
        with_session(Duration(hours(102).0 + 1)).fires(&RULE);
    }

    #[test]
    fn without_a_log_source_no_time_is_logged() {
        let unseen = World::new().class("w").facts(|facts| facts.streams[0].carries.clear());
        assert_eq!(
            unseen.fires(&RULE).summary,
            "no log covers `w`, and it must be free of old use for 48 h of logged time"
        );
        let logged = World::new().class("w").hole("w", h(-400), h(97)).fires(&RULE).summary;
        assert!(logged.contains("for 0 s of logged time since its logs begin"), "{logged}");
    }

    #[test]
    fn waiting_is_no_remedy_where_no_wait_is_long_enough() {
        let world = World::new().class("w").old("w", "i1", h(60)).new_ok("w", "i2", h(90));
        let world = world.consumer("w", |c| {
            (c.refresh, c.session_max) = (Some(Refresh::OnStart), Some(hours(12)));
            c.every = None;
        });
        let unknown = world.fires(&RULE);
        assert!(unknown.remedy.starts_with("declare `every` for `w`"), "{}", unknown.remedy);
        let missing = world.decide().missing;
        let declares = |proof: &MissingProof| {
            proof.action == Action::FillIn && proof.detail.starts_with("declare `every`")
        };
        assert!(missing.iter().any(declares), "{missing:#?}");
        let known = world.consumer("w", |c| c.every = Some(hours(6))).fires(&RULE);
        assert_eq!(known.remedy, "wait for 12 h more of logged time without old use of `w`");
    }

    #[test]
    fn time_in_a_hole_does_not_count() {
        with_session(hours(99)).hole("w", h(10), h(13)).silent(&RULE);
        with_session(hours(100)).hole("w", h(10), h(13)).fires(&RULE);
    }

    #[test]
    fn the_last_lag_counts_if_its_start_is_logged() {
        let ends_early = |lag: Duration| {
            let world = with_session(hours(102)).hole("w", h(96) - minutes(20), h(97));
            world.consumer("w", |c| c.lag = lag)
        };
        ends_early(minutes(20)).silent(&RULE);
        ends_early(minutes(19)).fires(&RULE);
    }

    #[test]
    fn it_must_be_free_for_the_declared_cadence_unless_a_run_proves_the_move() {
        let rare = World::ready().consumer("w", |c| c.every = Some(hours(200)));
        rare.fires(&RULE);
        rare.clone().consumer("w", |c| c.run_settles = true).fires(&RULE); // runs each 6 h, not each 200 h
        let monthly = World::new().class("w").old("w", "i1", h(-200)).new_ok("w", "i1", h(90));
        let monthly = monthly.consumer("w", |c| c.every = Some(hours(720)));
        monthly.fires(&RULE);
        monthly.consumer("w", |c| c.run_settles = true).silent(&RULE);
    }

    #[test]
    fn without_a_cadence_only_a_run_that_proves_the_move_helps() {
        let seldom = |refresh: Refresh, instance: &str| {
            let world =
                World::new().class("w").old("w", "i1", h(-200)).new_ok("w", instance, h(90));
            world.consumer("w", |c| (c.refresh, c.session_max) = (Some(refresh), Some(hours(12))))
        };
        seldom(Refresh::PerRun, "i2").silent(&RULE);
        seldom(Refresh::OnStart, "i1").silent(&RULE);
        seldom(Refresh::OnStart, "i2").fires(&RULE);
        seldom(Refresh::OnStart, "i2").started("w", "i2", h(80)).silent(&RULE);
        seldom(Refresh::OnStart, "i2").started("w", "i2", h(91)).fires(&RULE); // the success came before
        seldom(Refresh::OnStart, "i2").started("w", "i2", h(-201)).fires(&RULE);
        seldom(Refresh::OnStart, "").fires(&RULE); // the old one had a name
    }

    #[test]
    fn without_instances_a_session_must_lie_between() {
        let unnamed = |session: Duration| {
            let world = World::new().class("w").old("w", "", h(0)).new_ok("w", "", h(60));
            let refresh = Some(Refresh::OnStart);
            world.consumer("w", |c| (c.refresh, c.session_max) = (refresh, Some(session)))
        };
        unnamed(hours(60)).silent(&RULE);
        unnamed(Duration(hours(60).0 + 1)).fires(&RULE);
    }

    #[test]
    fn old_use_after_the_move_must_be_found_or_waited_out() {
        // 30 min after the first success: 99 times as long, 49 h 30 min.
        let world = |end| World::ready().old("w", "i2", h(1) + minutes(30)).judged_at(end);
        let end = h(1) + minutes(30) + hours(49) + minutes(30);
        world(end).silent(&RULE);
        let finding = world(end - Duration(1)).fires(&RULE);
        assert_eq!(
            finding.summary,
            "`w` has been free of old use for 49 h 29 min of logged time since its last old use at 2026-03-02T10:30:00Z, and must be for 49 h 30 min: it was used again on i2 after the first success on the new version at 2026-03-02T10:00:00Z, with pauses of up to 30 min, and what did so may come back as late"
        );
        assert!(
            finding.remedy.starts_with("find out who used the old version at 2026-03-02T10:30:00Z")
        );
    }

    #[test]
    fn few_runs_before_the_change_are_knowledge_too() {
        let runs = |gap: i64| {
            let world = World::new().class("w");
            let world = [1, 0].iter().fold(world, |w, n| w.old("w", "", h(-2) - hours(gap * n)));
            (0..16).fold(world, |w, n| w.new_ok("w", "", h(n * 6)))
        };
        runs(98).silent(&RULE);
        assert!(
            runs(99)
                .fires(&RULE)
                .summary
                .ends_with("few runs before the change are up to 4 d 3 h apart")
        );
        runs(99).consumer("w", |c| c.every = Some(hours(9))).silent(&RULE);
        let named = |new: &str| {
            let world = World::new().class("w").old("w", "i1", h(-2)).old("w", "i1", h(-101));
            (0..16).fold(world, |w, n| w.new_ok("w", new, h(n * 6)))
        };
        named("i1").silent(&RULE);
        named("i2").fires(&RULE);
    }

    #[test]
    fn the_plan_may_ask_to_exclude_what_comes_rarely() {
        // Free of old use for 102 h: 4.6 times 22 h 10 min 26 s.
        let slow = |slowest| World::ready().plan(|p| p.rotation.slowest = Some(slowest));
        let limit = hours(102).scaled(10, 46);
        slow(limit).silent(&RULE);
        let finding = slow(limit + Duration(1)).fires(&RULE);
        assert!(
            finding.summary.ends_with("once in 22 h 10 min (`slowest`)"),
            "{}",
            finding.summary
        );
        slow(hours(40)).consumer("w", |c| c.slowest = Some(limit)).silent(&RULE);
        assert_eq!(World::ready().decide().classes[0].silence.residual, Some(limit));
    }

    #[test]
    fn after_a_revocation_the_time_starts_again() {
        let revoked = |at: Timestamp| World::ready().plan(|p| p.rotation.revoked = Some(at));
        revoked(h(48)).silent(&RULE);
        revoked(h(48) + Duration(1)).fires(&RULE);
    }

    #[test]
    fn a_learned_cadence_is_stretched_where_no_success_is_fresh() {
        let daily = |fresh: bool| {
            let world = World::new().class("w");
            let world = (2..30).fold(world, |world, n| world.old("w", "i1", h(n * -50)));
            if fresh { world.put(row("w").at(h(95))) } else { world }
        };
        // 28 runs, 50 h apart: a schedule, so 1.5 times 50 h without a fresh success and 50 h with one.
        assert_eq!(daily(true).decide().classes[0].silence.needed, hours(50));
        assert_eq!(daily(false).decide().classes[0].silence.needed, hours(75));
    }
}
