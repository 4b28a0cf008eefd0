/*! From the decision to the wire: ids given, lengths worded, secrets masked. */

use super::masking::{file, masked, texts};
use super::{course, holders, next};
use crate::model::coverage::Tally;
use crate::model::decision::{
    CoverageView, LimitValue, PlanTerm, RotationView, UndeclaredView, Verdict, WaiverView,
};
use crate::model::facts::Input;
use crate::model::finding::{Finding, Waived};
use crate::model::ledger::{LedgerRow, Share, Silence};
use crate::model::{At, DigestKind, Span, Timestamp};
use crate::report::{CitedEvidence, View, evidence_id, finding_id};
use crate::safe::mask;
use crate::wire::{self, Added, Word};

pub(super) fn report(view: &View<'_>) -> wire::Report {
    let decision = view.decision;
    wire::Report {
        schema: wire::SchemaName,
        tool: wire::Tool {
            name: "holdover".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        credential: credential(view),
        mode: Word(decision.mode),
        rotation: rotation(view),
        limits: limits(&decision.rotation.limits),
        as_of: wire::Time(decision.as_of),
        window: interval(decision.window),
        verdict: Word(decision.verdict),
        summary: masked(&decision.summary),
        earliest_revocation: decision.earliest.as_ref().map(|earliest| wire::Earliest {
            time: earliest.time.map(wire::Time),
            binding_class: earliest.binding_class.as_deref().map(masked),
            because: masked(&earliest.because),
        }),
        classes: decision.classes.iter().map(|row| class(view, row)).collect(),
        findings: decision
            .findings
            .iter()
            .enumerate()
            .map(|(position, entry)| finding(view, position, entry))
            .collect(),
        waivers: decision.waivers.iter().map(waiver).collect(),
        plan: Added::Given(plan(&decision.rotation)),
        missing_proof: Added::Given(
            decision.missing.iter().map(|proof| next::missing(view, proof)).collect(),
        ),
        checklist: Added::Given(
            decision.checklist.iter().map(|item| next::item(view, item)).collect(),
        ),
        containment: Added::Given(
            decision.containment.iter().map(|step| next::step(view, step)).collect(),
        ),
        timeline: Added::Given(
            decision.course.timeline.iter().map(|event| course::milestone(view, event)).collect(),
        ),
        watch: Added::Given(
            decision.course.watch.iter().map(|run| course::watch(view, run)).collect(),
        ),
        postmortem: Added::Given(course::postmortem(view)),
        undeclared: decision.undeclared.iter().map(undeclared).collect(),
        coverage: decision.coverage.iter().map(coverage).collect(),
        accounting: tally(decision.accounting),
        inputs: decision.inputs.iter().map(input).collect(),
        evidence: view
            .evidence
            .iter()
            .enumerate()
            .map(|(n, cited)| evidence(view, n, cited))
            .collect(),
    }
}

fn credential(view: &View<'_>) -> wire::Credential {
    let rotation = &view.decision.rotation;
    wire::Credential {
        name: masked(&rotation.credential),
        dependency: rotation.dependency.as_deref().map(masked),
        old: texts(&rotation.old),
        new: texts(&rotation.new),
    }
}

fn rotation(view: &View<'_>) -> wire::Rotation {
    let rotation = &view.decision.rotation;
    wire::Rotation {
        model: rotation.model.iter().map(|&word| word.to_owned()).collect(),
        introduced: wire::Time(rotation.introduced),
        revoke_target: rotation.revoke_target.map(wire::Time),
        revoked: rotation.revoked.map(wire::Time),
        rollback: rotation.rollback.as_deref().map(masked),
        decision_owner: rotation.decision_owner.as_deref().map(masked),
        in_flight: rotation.in_flight.map(str::to_owned),
        required_evidence: texts(&rotation.required_evidence),
        model_state: Added::Given(
            view.decision.models.iter().map(|model| next::model(view, model)).collect(),
        ),
    }
}

fn plan(rotation: &RotationView) -> wire::PlanTerms {
    let term = |term: &PlanTerm| wire::PlanTerm {
        of: masked(&term.of),
        term: term.term.clone(),
        value: masked(&term.value),
    };
    wire::PlanTerms {
        sha256: rotation.plan_sha256.clone(),
        terms: rotation.terms.iter().map(term).collect(),
    }
}

fn class(view: &View<'_>, row: &LedgerRow) -> wire::Class {
    let [old, new, unknown] = row.events;
    let [on_old, on_new, on_both, on_none] = row.instances;
    wire::Class {
        name: masked(&row.name),
        path: Word(row.path),
        usage: Word(row.usage),
        owner: row.owner.as_deref().map(masked),
        refresh: row.refresh.map(Word),
        disabled: row.disabled,
        effects: texts(&row.effects),
        derived: texts(&row.derived),
        verdict: Word(row.verdict),
        truth: Word(row.truth),
        safe_to_revoke: row.verdict == Verdict::Ready,
        layers: Added::Given(layers(view, row)),
        last_old_use: instant(view, row.last_old_use, At::latest),
        first_new_success: instant(view, row.first_new_success, At::earliest),
        last_new_success: instant(view, row.last_new_success, At::earliest),
        exception_test: Word(row.exception_test),
        events: wire::Events { old: outcomes(old), new: outcomes(new), unknown: outcomes(unknown) },
        degraded: wire::Sides {
            before: share(row.degraded_before),
            after: share(row.degraded_after),
        },
        failures: wire::Sides { before: share(row.failed_before), after: share(row.failed_after) },
        instances: wire::Instances { old: on_old, new: on_new, mixed: on_both, unknown: on_none },
        holders: Added::Given(row.holders.iter().map(|one| holders::holder(view, one)).collect()),
        holders_left_out: Added::Given(row.holders_left_out),
        silence: silence(&row.silence),
        earliest_revocation: row.earliest.map(wire::Time),
        findings: Added::Given(row.findings.iter().copied().map(finding_id).collect()),
        why_ready: Added::Given(row.why_ready.as_ref().map(|why| next::why_ready(view, row, why))),
    }
}

fn layers(view: &View<'_>, row: &LedgerRow) -> wire::Layers {
    let [configuration, runtime, behavior] = row.layers.map(|layer| wire::Layer {
        truth: Word(layer.truth),
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
        state: silence.state.map(Word),
        last_seen: silence.last_seen.map(wire::Time),
        needed: wire::Length::rounded_up(silence.needed),
        elapsed: wire::Length::rounded_down(silence.elapsed),
        cadence: wire::Cadence {
            declared: silence.declared.map(wire::Length::rounded_down),
            learned: silence.learned.map(wire::Length::rounded_down),
        },
        settled: silence.settled,
        chances: wire::Chances { n: silence.chances, bound: silence.bound.map(wire::Real) },
        residual: Added::Given(silence.residual.map(wire::Length::rounded_down)),
    }
}

fn finding(view: &View<'_>, position: usize, finding: &Finding) -> wire::Finding {
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
        rule: finding.rule.word().to_owned(),
        severity: Word(finding.severity),
        class: class.map(masked),
        summary: masked(&finding.summary),
        remedy: masked(&finding.remedy),
        evidence,
        evidence_total: finding.total,
        searched: finding.cites.searched().iter().map(|name| file(name)).collect(),
        plan: finding.cites.plan_site().map(file),
        numbers: finding.numbers.map(|numbers| wire::Numbers {
            n: numbers.n,
            of: numbers.of,
            p: numbers.p.map(wire::Real),
        }),
        waived: finding.waived.as_ref().map(waived),
    }
}

fn waived(by: &Waived) -> wire::Waived {
    wire::Waived {
        owner: masked(&by.owner),
        until: wire::Time(by.until),
        reason: masked(&by.reason),
    }
}

fn waiver(waiver: &WaiverView) -> wire::Waiver {
    wire::Waiver {
        rule: masked(&waiver.rule),
        class: waiver.class.as_deref().map(masked),
        by: waived(&waiver.by),
        in_force: waiver.in_force,
        findings: Added::Given(waiver.findings.iter().copied().map(finding_id).collect()),
    }
}

fn undeclared(consumer: &UndeclaredView) -> wire::Undeclared {
    wire::Undeclared {
        hints: wire::Hints(
            consumer
                .hints
                .iter()
                .map(|(name, value)| ((*name).to_owned(), mask(value).into_owned()))
                .collect(),
        ),
        events: consumer.events,
        first: wire::Time(consumer.first),
        last: wire::Time(consumer.last),
        instances: consumer.instances,
        hours: consumer.hours,
        cadence: consumer.cadence.map(wire::Length::rounded_down),
        match_line: masked(&consumer.match_line),
    }
}

fn coverage(stream: &CoverageView) -> wire::Coverage {
    wire::Coverage {
        stream: file(&stream.stream),
        from: stream.span.map(|span| wire::Time(span.from)),
        to: stream.span.map(|span| wire::Time(span.to)),
        holes: stream.holes.iter().copied().map(interval).collect(),
        classes: texts(&stream.classes),
    }
}

fn input(input: &Input) -> wire::Input {
    let damage: Vec<String> = input.damage.iter().map(|damage| masked(&damage.what)).collect();
    let digest = input.digest.as_deref().map(DigestKind::of);
    let of_kind = |kind| digest.filter(|digest| digest.0 == kind).map(|digest| digest.1.to_owned());
    wire::Input {
        path: file(&input.path),
        bytes: input.bytes,
        sha256: of_kind(DigestKind::Sha256),
        blake3: of_kind(DigestKind::Blake3),
        profile: masked(&input.profile),
        tally: tally(input.tally),
        first_time: input.first_time.map(wire::Time),
        last_time: input.last_time.map(wire::Time),
        damage: (!damage.is_empty()).then(|| damage.join("; ")),
    }
}

fn evidence(view: &View<'_>, position: usize, cited: &CitedEvidence<'_>) -> wire::Evidence {
    wire::Evidence {
        id: evidence_id(position),
        input: cited.place.and_then(|place| view.path(place)).map(file),
        record: cited.place.map(|place| place.record),
        offset: cited.place.map(|place| place.offset),
        time: cited.time.map(wire::Time),
        says: masked(cited.says),
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

fn limits(limits: &[(&'static str, LimitValue)]) -> wire::Limits {
    let limit = |value: &LimitValue| match value {
        LimitValue::Number(number) => wire::Limit::Number(wire::Real(*number)),
        LimitValue::Count(count) => wire::Limit::Count(*count),
        LimitValue::Length(text) => wire::Limit::Length(text.clone()),
        LimitValue::Flag(flag) => wire::Limit::Flag(*flag),
    };
    wire::Limits(limits.iter().map(|(name, value)| ((*name).to_owned(), limit(value))).collect())
}
