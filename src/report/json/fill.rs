/*! From the decision to the wire: ids given, lengths worded, secrets masked. */

use super::{course, next, schema, wire};
use crate::model::coverage::Tally;
use crate::model::decision::{CoverageView, UndeclaredView, Verdict, WaiverView};
use crate::model::facts::Input;
use crate::model::finding::{Finding, Waived};
use crate::model::ledger::{LedgerRow, Share, Silence, SilenceState};
use crate::model::{At, Duration, Refresh, Span, Timestamp};
use crate::report::{Exhibit, View, evidence_id, finding_id};
use crate::safe::{mask, mask_file, mask_text};

pub(super) fn report<'a>(view: &'a View<'_>) -> wire::Report<'a> {
    let decision = view.decision;
    wire::Report {
        schema: schema::NAME,
        tool: wire::Tool { name: "holdover", version: env!("CARGO_PKG_VERSION") },
        credential: credential(view),
        mode: decision.mode.word(),
        rotation: rotation(view),
        limits: wire::Limits(&decision.rotation.limits),
        as_of: wire::Time(decision.as_of),
        window: interval(decision.window),
        verdict: decision.verdict.word(),
        summary: mask_text(&decision.summary),
        earliest_revocation: decision.earliest.as_ref().map(|earliest| wire::Earliest {
            time: earliest.time.map(wire::Time),
            binding_class: earliest.binding_class.as_deref().map(mask_text),
            because: mask_text(&earliest.because),
        }),
        classes: decision.classes.iter().map(|row| class(view, row)).collect(),
        findings: decision
            .findings
            .iter()
            .enumerate()
            .map(|(n, one)| finding(view, n, one))
            .collect(),
        waivers: decision.waivers.iter().map(waiver).collect(),
        missing_proof: decision.missing.iter().map(|one| next::missing(view, one)).collect(),
        checklist: decision.checklist.iter().map(|one| next::item(view, one)).collect(),
        containment: decision.containment.iter().map(|one| next::step(view, one)).collect(),
        timeline: decision.course.timeline.iter().map(|one| course::milestone(view, one)).collect(),
        watch: decision.course.watch.iter().map(|one| course::watch(view, one)).collect(),
        postmortem: course::postmortem(view),
        undeclared: decision.undeclared.iter().map(undeclared).collect(),
        coverage: decision.coverage.iter().map(coverage).collect(),
        accounting: tally(decision.accounting),
        inputs: decision.inputs.iter().map(input).collect(),
        evidence: view.exhibits.iter().enumerate().map(|(n, one)| evidence(view, n, one)).collect(),
    }
}

fn credential<'a>(view: &'a View<'_>) -> wire::Credential<'a> {
    let rotation = &view.decision.rotation;
    wire::Credential {
        name: mask_text(&rotation.credential),
        dependency: rotation.dependency.as_deref().map(mask_text),
        old: texts(&rotation.old),
        new: texts(&rotation.new),
    }
}

fn rotation<'a>(view: &'a View<'_>) -> wire::Rotation<'a> {
    let rotation = &view.decision.rotation;
    wire::Rotation {
        model: &rotation.model,
        introduced: wire::Time(rotation.introduced),
        revoke_target: rotation.revoke_target.map(wire::Time),
        revoked: rotation.revoked.map(wire::Time),
        rollback: rotation.rollback.as_deref().map(mask_text),
        decision_owner: rotation.decision_owner.as_deref().map(mask_text),
        in_flight: rotation.in_flight,
        required_evidence: texts(&rotation.required_evidence),
    }
}

fn class<'a>(view: &View<'_>, row: &'a LedgerRow) -> wire::Class<'a> {
    let [old, new, unknown] = row.events;
    let [on_old, on_new, on_both, on_none] = row.instances;
    wire::Class {
        name: mask_text(&row.name),
        path: row.path.word(),
        usage: row.usage.word(),
        owner: row.owner.as_deref().map(mask_text),
        refresh: row.refresh.map(Refresh::word),
        disabled: row.disabled,
        effects: texts(&row.effects),
        derived: texts(&row.derived),
        verdict: row.verdict.word(),
        truth: row.truth.word(),
        safe_to_revoke: row.verdict == Verdict::Ready,
        layers: layers(view, row),
        last_old_use: instant(view, row.last_old_use, At::latest),
        first_new_success: instant(view, row.first_new_success, At::earliest),
        last_new_success: instant(view, row.last_new_success, At::earliest),
        exception_test: row.exception_test.word(),
        events: wire::Events { old: outcomes(old), new: outcomes(new), unknown: outcomes(unknown) },
        degraded: wire::Sides {
            before: share(row.degraded_before),
            after: share(row.degraded_after),
        },
        failures: wire::Sides { before: share(row.failed_before), after: share(row.failed_after) },
        instances: wire::Instances { old: on_old, new: on_new, mixed: on_both, unknown: on_none },
        silence: silence(&row.silence),
        earliest_revocation: row.earliest.map(wire::Time),
        findings: row.findings.iter().copied().map(finding_id).collect(),
    }
}

fn layers(view: &View<'_>, row: &LedgerRow) -> wire::Layers {
    let [configuration, runtime, behavior] = row.layers.map(|layer| wire::Layer {
        truth: layer.truth.word(),
        last: instant(view, layer.last, At::latest),
    });
    wire::Layers { configuration, runtime, behavior }
}

/// Old use is read at the end of a coarse time, a success at its start.
fn instant(view: &View<'_>, at: Option<At>, end: fn(At) -> Timestamp) -> Option<wire::Instant> {
    at.map(|at| wire::Instant {
        time: wire::Time(end(at)),
        evidence: view.row(at).map(evidence_id),
    })
}

fn outcomes([success, auth_failure, denied, failure, none]: [u64; 5]) -> wire::Outcomes {
    wire::Outcomes { success, auth_failure, denied, failure, none }
}

fn share(share: Share) -> wire::Share {
    wire::Share { n: share.n, of: share.of }
}

fn silence(silence: &Silence) -> wire::Silence {
    wire::Silence {
        state: silence.state.map(SilenceState::word),
        last_seen: silence.last_seen.map(wire::Time),
        needed: silence.needed.hours_minutes_up(),
        elapsed: silence.elapsed.hours_minutes(),
        cadence: wire::Cadence {
            declared: silence.declared.map(Duration::hours_minutes),
            learned: silence.learned.map(Duration::hours_minutes),
        },
        settled: silence.settled,
        chances: wire::Chances { n: silence.chances, bound: silence.bound },
    }
}

fn finding<'a>(view: &'a View<'_>, position: usize, finding: &'a Finding) -> wire::Finding<'a> {
    let class = finding.class.and_then(|id| view.class_name(id));
    let cited = finding.cites.cited().iter().filter_map(|cite| view.cited(cite));
    let mut evidence: Vec<String> = Vec::new();
    for id in cited.map(evidence_id) {
        if !evidence.contains(&id) {
            evidence.push(id);
        }
    }
    wire::Finding {
        id: finding_id(position),
        rule: finding.rule,
        severity: finding.severity.word(),
        class: class.map(mask_text),
        summary: mask_text(&finding.summary),
        remedy: mask_text(&finding.remedy),
        evidence,
        evidence_total: finding.total,
        searched: finding.cites.searched().iter().map(|name| mask_file(name)).collect(),
        plan: finding.cites.plan_site().map(mask_file),
        numbers: finding.numbers.map(|all| wire::Numbers { n: all.n, of: all.of, p: all.p }),
        waived: finding.waived.as_ref().map(waived),
    }
}

fn waived(by: &Waived) -> wire::Waived<'_> {
    wire::Waived {
        owner: mask_text(&by.owner),
        until: wire::Time(by.until),
        reason: mask_text(&by.reason),
    }
}

fn waiver(waiver: &WaiverView) -> wire::Waiver<'_> {
    wire::Waiver {
        rule: mask_text(&waiver.rule),
        class: waiver.class.as_deref().map(mask_text),
        by: waived(&waiver.by),
        in_force: waiver.in_force,
        findings: waiver.findings.iter().copied().map(finding_id).collect(),
    }
}

fn undeclared(one: &UndeclaredView) -> wire::Undeclared<'_> {
    wire::Undeclared {
        hints: wire::Hints(one.hints.iter().map(|(name, value)| (*name, mask(value))).collect()),
        events: one.events,
        first: wire::Time(one.first),
        last: wire::Time(one.last),
        instances: one.instances,
        hours: one.hours,
        cadence: one.cadence.map(Duration::hours_minutes),
        match_line: mask_text(&one.match_line),
    }
}

fn coverage(stream: &CoverageView) -> wire::Coverage<'_> {
    wire::Coverage {
        stream: mask_file(&stream.stream),
        from: stream.span.map(|span| wire::Time(span.from)),
        to: stream.span.map(|span| wire::Time(span.to)),
        holes: stream.holes.iter().copied().map(interval).collect(),
        classes: texts(&stream.classes),
    }
}

fn input(input: &Input) -> wire::Input<'_> {
    let damage: Vec<_> = input.damage.iter().map(|damage| mask_text(&damage.what)).collect();
    wire::Input {
        path: mask_file(&input.path),
        bytes: input.bytes,
        sha256: input.sha256.as_deref(),
        profile: mask_text(&input.profile),
        tally: tally(input.tally),
        first_time: input.first_time.map(wire::Time),
        last_time: input.last_time.map(wire::Time),
        damage: (!damage.is_empty()).then(|| damage.join("; ")),
    }
}

fn evidence<'a>(
    view: &'a View<'_>,
    position: usize,
    exhibit: &'a Exhibit<'_>,
) -> wire::Evidence<'a> {
    wire::Evidence {
        id: evidence_id(position),
        input: exhibit.place.and_then(|place| view.path(place)).map(mask_file),
        record: exhibit.place.map(|place| place.record),
        offset: exhibit.place.map(|place| place.offset),
        time: exhibit.time.map(wire::Time),
        says: mask_text(exhibit.says),
    }
}

fn tally(tally: Tally) -> wire::Accounting {
    wire::Accounting {
        records: tally.records,
        evidence: tally.evidence,
        irrelevant: tally.irrelevant,
        rejected: tally.rejected,
        duplicate: tally.duplicate,
    }
}

fn interval(span: Span) -> wire::Interval {
    wire::Interval { from: wire::Time(span.from), to: wire::Time(span.to) }
}

fn texts(all: &[String]) -> Vec<wire::Shown<'_>> {
    all.iter().map(|text| mask_text(text)).collect()
}
