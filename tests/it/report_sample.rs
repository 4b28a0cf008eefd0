/*! A rotation that is not ready, as a decision made by hand. */

use std::sync::Arc;

use holdover::model::coverage::Tally;
use holdover::model::cutover::{ModelState, ModelView};
use holdover::model::damage::Damage;
use holdover::model::decision::{
    CoverageView, Decision, Earliest, LimitValue, Mode, PlanTerm, Quoted, Quotes, RotationView,
    UndeclaredView, Urgent, Verdict, WaiverView,
};
use holdover::model::facts::Input;
use holdover::model::finding::{Cite, Cites, Code, Finding, Numbers, Severity, Waivable, Waived};
use holdover::model::next::{Action, ChecklistItem, ContainmentStep, Item, MissingProof, Status};
use holdover::model::{At, ClassId, Duration, InputId, PathKind, Place, Span, Timestamp, When};

use crate::report_course::course;
use crate::report_rows::classes;

/// Minutes after 2026-03-02T09:00:00Z.
pub(crate) fn minute(n: i64) -> Timestamp {
    Timestamp(1_772_442_000_000_000 + n * Duration::MINUTE.0)
}

pub(crate) fn at(row: u64, n: i64) -> At {
    At { when: When::exact(minute(n)), row }
}

pub(crate) fn place(input: u32, record: u64) -> Place {
    Place { input: InputId(input), record, offset: record * 211, length: 200 }
}

pub(crate) fn finding(
    rule: &'static str,
    severity: Severity,
    class: Option<u16>,
    cites: Cites,
) -> Finding {
    Finding {
        rule: Code::new(rule),
        severity,
        class: class.map(ClassId),
        summary: String::new(),
        remedy: String::new(),
        asks_to_move: false,
        total: cites.cited().len() as u64,
        cites,
        numbers: None,
        hints: vec![("user_agent", Arc::from("doc-legacy/0.9"))],
        ends: None,
        waivable: Waivable::ByClass,
        waived: None,
    }
}

fn findings() -> Vec<Finding> {
    let old = at(71, 5_711);
    let more = (60..71).zip(4_060..).map(|(row, time)| at(row, time));
    vec![
        Finding {
            summary:
                "retry-worker used v1 (old) 12 times in the window, last at 2026-03-06T08:11:00Z; \
                      its instance retry-worker-5c9d8b7f6-k2x9p started before the rotation."
                    .to_owned(),
            remedy: "restart retry-worker so that it loads v2, then wait 48h0m.".to_owned(),
            total: 12,
            numbers: Some(Numbers { n: 12, of: 40, p: None }),
            ..finding("old-use-in-window", Severity::Blocks, Some(1), Cites::rows(old, more))
        },
        Finding {
            summary:
                "reconciliation-cron was quiet for 93h0m of the 168h0m that its weekly run needs."
                    .to_owned(),
            remedy: "wait for its next run, due 2026-03-09T02:00:00Z, or run it once now."
                .to_owned(),
            total: 1,
            ..finding(
                "window-too-short",
                Severity::Withholds,
                Some(2),
                Cites::rows(at(6, -300), []).and_plan("holdover.toml:41:1".to_owned()),
            )
        },
        Finding {
            summary: "support-replay has no fresh success on v2.".to_owned(),
            remedy: "run support-replay once from a new admin container.".to_owned(),
            waived: Some(waived()),
            ..finding(
                "exception-path-untested",
                Severity::Withholds,
                Some(3),
                Cites::silence(vec!["json logs/replay".to_owned(), "json logs/admin".to_owned()]),
            )
        },
        Finding {
            summary:
                "logs/admin/2026-03-04.jsonl.gz ended early; 26h0m of admin records are missing."
                    .to_owned(),
            remedy: "export the file again.".to_owned(),
            numbers: Some(Numbers { n: 3, of: 1_250, p: Some(0.004_21) }),
            total: 1,
            ..finding("damaged-input", Severity::Withholds, None, damaged())
        },
        Finding {
            summary: "reconciliation-cron runs weekly, the window is 48h0m.".to_owned(),
            remedy: "agree on a longer window, or run it by hand.".to_owned(),
            total: 1,
            ..finding(
                "critical-rare-path",
                Severity::Advises,
                Some(2),
                Cites::rows(at(6, -300), []),
            )
        },
    ]
}

fn damaged() -> Cites {
    let says = "gzip stream ends early after 4,096 bytes".to_owned();
    Cites::records(Cite::Record { place: place(2, 17), time: Some(minute(3_000)), says }, [])
}

fn waived() -> Waived {
    Waived {
        owner: "platform-security".to_owned(),
        until: minute(11_520),
        reason: "replay is frozen until the new image ships".to_owned(),
    }
}

fn inputs() -> Vec<Input> {
    let input = |path: &str, tally: [u64; 4]| Input {
        path: path.to_owned(),
        bytes: 123_456,
        digest: Some("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned()),
        format: "gzip, lines".to_owned(),
        profile: "json".to_owned(),
        tally: Tally {
            records: tally.iter().sum(),
            evidence: tally[0],
            irrelevant: tally[1],
            rejected: tally[2],
            duplicate: tally[3],
        },
        first_time: Some(minute(-40_000)),
        last_time: Some(minute(5_760)),
        ..Input::default()
    };
    let mut all = vec![
        input("logs/queue/eu-central-1/2026-03-06.jsonl.gz", [12_004, 871_220, 0, 0]),
        input("logs/retry/2026-03-06.jsonl", [412, 18_090, 2, 0]),
        input("logs/admin/2026-03-04.jsonl.gz", [0, 17, 0, 0]),
        input("logs/cron/reconciliation.log", [31, 2_204, 0, 17]),
    ];
    let early_end = Damage::incomplete("gzip stream ends early after 4,096 bytes", 4_096);
    all[2].damage = vec![Damage { after: Some(minute(3_000)), ..early_end }];
    all
}

fn coverage() -> Vec<CoverageView> {
    let stream = |name: &str, class: &str, holes: Vec<Span>| CoverageView {
        stream: name.to_owned(),
        span: Some(Span { from: minute(-40_000), to: minute(5_759) }),
        holes,
        classes: vec![class.to_owned()],
    };
    vec![
        stream(
            "json logs/admin",
            "support-replay",
            vec![Span { from: minute(3_000), to: minute(4_560) }],
        ),
        stream("json logs/cron", "reconciliation-cron", vec![]),
        stream("json logs/queue/eu-central-1", "queue-worker", vec![]),
        stream("json logs/retry", "retry-worker", vec![]),
    ]
}

fn missing() -> Vec<MissingProof> {
    vec![MissingProof {
        action: Action::MoveToNew,
        class: Some(ClassId(1)),
        detail: "restart it on the new version".to_owned(),
        settles: vec![0],
    }]
}

fn checklist() -> Vec<ChecklistItem> {
    vec![
        ChecklistItem { item: Item::RollbackDefined, status: Status::Yes, because: vec![] },
        ChecklistItem {
            item: Item::NoOldUseInWindow,
            status: Status::No,
            because: vec![at(1, 5_711)],
        },
    ]
}

fn containment() -> Vec<ContainmentStep> {
    vec![ContainmentStep {
        step: 3,
        action: "freeze, since an exception path cannot be verified quickly".to_owned(),
        classes: vec![ClassId(2)],
    }]
}

pub(crate) fn decision() -> Decision {
    let inputs = inputs();
    let mut accounting = Tally::default();
    for input in &inputs {
        accounting.add(input.tally);
    }
    Decision {
        urgent: urgent(),
        missing: missing(),
        checklist: checklist(),
        containment: containment(),
        course: course(),
        rotation: rotation(),
        models: vec![ModelView {
            model: "dual-valid",
            state: ModelState::Open,
            why: "both versions were in use for 2 h, and the last of it lies in the window"
                .to_owned(),
            order: Vec::new(),
            next: None,
        }],
        mode: Mode::PreRevocation,
        as_of: minute(5_760),
        window: Span { from: minute(2_880), to: minute(5_760) },
        verdict: Verdict::NotReady,
        summary: "Not ready: retry-worker still used v1 49 minutes before the report's time, \
                  reconciliation-cron has not run its weekly cycle on v2, and one input is damaged."
            .to_owned(),
        earliest: Some(Earliest {
            time: Some(minute(8_640)),
            binding_class: Some("retry-worker".to_owned()),
            because: "its last old use plus the window of 48h0m and a lag of 15m.".to_owned(),
        }),
        classes: classes(),
        findings: findings(),
        waivers: vec![WaiverView {
            rule: "exception-path-untested".to_owned(),
            class: Some("support-replay".to_owned()),
            by: waived(),
            in_force: true,
            findings: vec![2],
        }],
        undeclared: vec![UndeclaredView {
            hints: vec![
                ("user_agent", "doc-legacy/0.9".to_owned()),
                ("principal", "svc-legacy".to_owned()),
            ],
            events: 4,
            first: minute(-9_000),
            last: minute(-300),
            instances: 1,
            hours: 2,
            cadence: Some(Duration(6 * Duration::HOUR.0)),
            match_line: "{ user_agent = \"doc-legacy/0.9\" }".to_owned(),
        }],
        coverage: coverage(),
        accounting,
        inputs,
    }
}

fn urgent() -> Vec<Urgent> {
    let of = |name: &str, path, finding| Urgent {
        name: name.to_owned(),
        path,
        blocks: finding == 0,
        fact: "used the old version 12 times in the last 48 h, last 49 min ago".to_owned(),
        step: "restart it on the new version".to_owned(),
        paste: path.is_none().then(|| "match = [{ user_agent = \"doc-legacy/0.9\" }]".to_owned()),
        finding,
    };
    vec![
        of("retry-worker", Some(PathKind::Background), 0),
        of("doc-legacy/0.9, not in the plan", None, 3),
        of("reconciliation-cron", Some(PathKind::Background), 1),
    ]
}

fn rotation() -> RotationView {
    RotationView {
        credential: "document_provider_api_token".to_owned(),
        dependency: Some("document analysis provider".to_owned()),
        old: vec!["v1".to_owned()],
        new: vec!["v2".to_owned()],
        model: vec!["dual-valid"],
        introduced: minute(0),
        revoke_target: Some(minute(5_760)),
        revoked: None,
        rollback: Some("re-enable v1 at the provider".to_owned()),
        decision_owner: Some("platform-security".to_owned()),
        in_flight: Some("requeue"),
        required_evidence: vec!["one replay from a fresh admin container".to_owned()],
        limits: vec![
            ("alpha", LimitValue::Number(0.01)),
            ("min_tries", LimitValue::Count(30)),
            ("skew", LimitValue::Length("60s".to_owned())),
            ("aggregates_prove", LimitValue::Flag(false)),
        ],
        plan_sha256: Some("7".repeat(64)),
        own_words: Vec::new(),
        terms: vec![PlanTerm {
            of: "retry-worker".to_owned(),
            term: "lag".to_owned(),
            value: "0h15m".to_owned(),
        }],
    }
}

pub(crate) fn quotes() -> Quotes {
    let quote = |row: u64, input: u32, time: i64, says: &str| {
        let record = 1_100 + row;
        (row, Quoted { place: place(input, record), time: minute(time), says: says.to_owned() })
    };
    let mut all = vec![
        quote(2, 0, -90_000, "oversized-fallback used v1 (old): success, doc.call"),
        quote(4, 0, 140, "queue-worker used v1 (old): success, doc.call"),
        quote(5, 0, 12, "queue-worker used v2 (new): success, doc.call"),
        quote(6, 3, -300, "reconciliation-cron used v1 (old): success, doc.list"),
        quote(30, 1, 1_502, "retry-worker used v2 (new): success, doc.call"),
        quote(33, 3, 1_620, "reconciliation-cron used v2 (new): success, doc.list"),
        quote(71, 1, 5_711, "retry-worker used v1 (old): success, doc.call"),
        quote(80, 1, 5_740, "retry-worker used v2 (new): success, doc.call"),
        quote(90, 0, 5_759, "queue-worker used v2 (new): success, doc.call"),
    ];
    let says = "retry-worker used v1 (old): success, doc.call";
    all.extend((60..71).zip(4_060..).map(|(row, time)| quote(row, 1, time, says)));
    Quotes(all.into_iter().collect())
}
