/*! The ledger of the rotation that `report_sample` makes by hand. */

use holdover::model::decision::Verdict;
use holdover::model::facts::Facet;
use holdover::model::ledger::{
    ExceptionTest, HolderRow, HolderState, LayerView, LedgerRow, Share, Silence, SilenceState,
    Truth,
};
use holdover::model::why_ready::{CoveredLog, WhyReady};
use holdover::model::{ClassId, Duration, PathKind, Refresh, Use};

use crate::report_sample::{at, minute};

fn holder() -> HolderRow {
    HolderRow {
        facet: Facet::Instance,
        value: "retry-worker-0".to_owned(),
        state: HolderState::Waiting,
        last_old_use: Some(at(4, 140)),
        first_new_success: Some(minute(200)),
        rhythm: Some(Duration(Duration::HOUR.0)),
        needed: Some(Duration(2 * Duration::HOUR.0)),
        until: Some(minute(260)),
        cited: vec![],
    }
}

fn class(id: u16, name: &str, path: PathKind, verdict: Verdict) -> LedgerRow {
    LedgerRow {
        class: ClassId(id),
        name: name.to_owned(),
        path,
        usage: Use::Direct,
        owner: Some("documents-team".to_owned()),
        refresh: Some(Refresh::OnStart),
        disabled: false,
        effects: vec!["failed-job recovery".to_owned()],
        derived: vec!["HTTP client pool".to_owned()],
        verdict,
        truth: Truth::New,
        layers: [LayerView::default(); 3],
        last_old_use: None,
        first_new_success: None,
        last_new_success: None,
        exception_test: ExceptionTest::NotApplicable,
        events: [[3, 0, 0, 0, 0], [17, 1, 0, 0, 0], [0; 5]],
        degraded_before: Share { n: 1, of: 40 },
        degraded_after: Share { n: 0, of: 17 },
        failed_before: Share { n: 0, of: 40 },
        failed_after: Share { n: 1, of: 17 },
        instances: [1, 1, 0, 0],
        holders: vec![],
        holders_left_out: 0,
        silence: Silence {
            state: Some(SilenceState::Active),
            last_seen: Some(minute(5_700)),
            needed: Duration(48 * Duration::HOUR.0),
            elapsed: Duration(93 * Duration::HOUR.0),
            declared: Some(Duration(6 * Duration::HOUR.0)),
            learned: None,
            settled: false,
            chances: 12,
            bound: Some(0.25),
            residual: Some(Duration(20 * Duration::HOUR.0)),
        },
        earliest: Some(minute(8_640)),
        findings: vec![],
        why_ready: None,
    }
}

/// The ledger rows of all of its consumers.
pub(crate) fn classes() -> Vec<LedgerRow> {
    let queue = LedgerRow {
        last_old_use: Some(at(4, 140)),
        first_new_success: Some(at(5, 12)),
        last_new_success: Some(at(90, 5_759)),
        why_ready: Some(WhyReady {
            logs: vec![CoveredLog {
                stream: "json:logs/queue".to_owned(),
                covered: Duration(48 * Duration::HOUR.0),
            }],
            window: Duration(48 * Duration::HOUR.0),
            runs: Some(57),
            gaps: Some(56),
            chances: 12,
            rows: vec![at(4, 140), at(90, 5_759)],
        }),
        ..class(0, "queue-worker", PathKind::Primary, Verdict::Ready)
    };
    let mut retry = LedgerRow {
        truth: Truth::Mixed,
        last_old_use: Some(at(71, 5_711)),
        first_new_success: Some(at(30, 1_502)),
        last_new_success: Some(at(80, 5_740)),
        findings: vec![0],
        holders: vec![holder()],
        ..class(1, "retry-worker", PathKind::Background, Verdict::NotReady)
    };
    retry.silence.elapsed = Duration(49 * Duration::MINUTE.0);
    let mut cron = LedgerRow {
        last_old_use: Some(at(6, -300)),
        first_new_success: Some(at(33, 1_620)),
        last_new_success: Some(at(33, 1_620)),
        findings: vec![1, 4],
        ..class(2, "reconciliation-cron", PathKind::Background, Verdict::Inconclusive)
    };
    cron.silence.state = Some(SilenceState::NotDue);
    cron.silence.needed = Duration(168 * Duration::HOUR.0);
    let mut replay = LedgerRow {
        truth: Truth::Unknown,
        exception_test: ExceptionTest::Missing,
        findings: vec![2],
        ..class(3, "support-replay", PathKind::Exception, Verdict::Ready)
    };
    replay.silence = Silence {
        state: Some(SilenceState::NeverSeen),
        needed: Duration(48 * Duration::HOUR.0),
        ..Silence::default()
    };
    let mut legacy = LedgerRow {
        disabled: true,
        last_old_use: Some(at(2, -90_000)),
        ..class(4, "oversized-fallback", PathKind::Exception, Verdict::Ready)
    };
    legacy.silence = Silence::default();
    let mut upload = LedgerRow {
        usage: Use::Indirect,
        ..class(5, "upload-api", PathKind::Primary, Verdict::Ready)
    };
    upload.silence = Silence::default();
    vec![queue, retry, cron, replay, legacy, upload]
}
