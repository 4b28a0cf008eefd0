/*! The course of the sample rotation, by hand: after a revocation, so that every part of it is there. */

use holdover::model::course::{
    Alarm, Broken, Course, Cycle, Day, Event, KnownAtRevocation, KnownFinding, Lane, Mark,
    Milestone, Readiness, Trace, Watch,
};
use holdover::model::decision::Verdict;
use holdover::model::finding::{Code, Severity};
use holdover::model::replay::CurvePoint;
use holdover::model::{At, ClassId, Duration, Span};

use crate::report_sample::{at, minute};

fn span(from: i64, to: i64) -> Span {
    Span { from: minute(from), to: minute(to) }
}

fn lane(class: u16) -> Lane {
    let mark = |trace, from, to, count| Mark { trace, span: span(from, to), count };
    let marks = vec![
        mark(Trace::Old, -600, 60, 40),
        mark(Trace::Old, 5_711, 5_711, 1),
        mark(Trace::New, 70, 5_700, 170),
        mark(Trace::Degraded, 300, 320, 3),
        mark(Trace::Unversioned, 400, 400, 1),
        mark(Trace::Failure, 500, 510, 2),
    ];
    Lane {
        class: Some(ClassId(class)),
        marks,
        // The first fails as it did before the change, the others do not.
        alarm: if class == 0 { Alarm::Never } else { Alarm::All },
        holes: vec![span(1_000, 1_400)],
        days: vec![Day::Old, Day::Both, Day::New, Day::Neither, Day::Nothing],
    }
}

fn milestone(time: i64, event: Event, of: Option<(u16, At)>) -> Milestone {
    let class = of.map(|(class, _)| ClassId(class));
    Milestone { time: minute(time), event, class, at: of.map(|(_, at)| at) }
}

fn known() -> KnownAtRevocation {
    let finding = KnownFinding {
        rule: Code::new("silent-consumer"),
        severity: Severity::Withholds,
        class: Some(ClassId(2)),
        summary: "`reconciliation-cron` has no fresh success".to_owned(),
    };
    KnownAtRevocation { at: minute(5_400), verdict: Verdict::Inconclusive, findings: vec![finding] }
}

pub(crate) fn course() -> Course {
    let undeclared = Mark { trace: Trace::Old, span: span(2_000, 2_000), count: 2 };
    let readiness = (0..24).map(|hour| Readiness {
        at: minute(hour * 240),
        verdict: if hour < 20 { Verdict::NotReady } else { Verdict::Inconclusive },
        blocks: u64::from(hour < 20),
        withholds: 1,
    });
    let what_if = (0..96).map(|hour| CurvePoint {
        revoke_at: minute(hour * 60),
        events: u64::try_from(96 - hour).unwrap_or_default(),
        classes: 1,
    });
    Course {
        span: span(-620, 5_900),
        lanes: (0..3)
            .map(lane)
            .chain([Lane {
                class: None,
                marks: vec![undeclared],
                alarm: Alarm::All,
                holes: vec![],
                days: vec![],
            }])
            .collect(),
        timeline: vec![
            milestone(0, Event::Introduced, None),
            milestone(70, Event::FirstNewSuccess, Some((0, at(2, 70)))),
            milestone(5_400, Event::Revoked, None),
            milestone(5_711, Event::LastOldUse, Some((1, at(1, 5_711)))),
            milestone(5_760, Event::AsOf, None),
        ],
        watch: vec![
            Watch { class: ClassId(2), cycle: Cycle::Overdue, due: Some(minute(5_500)), at: None },
            Watch { class: ClassId(0), cycle: Cycle::Passed, due: None, at: Some(at(2, 70)) },
        ],
        broken: vec![Broken {
            class: ClassId(1),
            failures: 2,
            sign: at(1, 5_711),
            first: at(1, 5_711),
            last: at(1, 5_711),
            delay: Duration(61 * Duration::MINUTE.0),
            hidden: 3,
            recovered: None,
        }],
        what_if: what_if.collect(),
        readiness: readiness.collect(),
        known: Some(known()),
    }
}
