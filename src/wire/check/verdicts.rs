/*! The verdicts follow from the findings, and the ledger has the findings that its facts require. */

use super::checked::{Checked, require};
use crate::model::Use;
use crate::model::decision::{Held, Mode, Verdict};
use crate::model::finding::Severity;
use crate::wire::{Class, Finding, Report, Time, Word};

pub(super) fn check(report: &Report) -> Checked {
    mode(report)?;
    let floor = floor(report.mode.0);
    for class in &report.classes {
        let of_class =
            report.findings.iter().filter(|finding| finding.class.as_ref() == Some(&class.name));
        let worst = worst(of_class).max(floor);
        require(class.verdict.0 == worst, || {
            format!(
                "class `{}` is called {}, and its findings say {}",
                class.name,
                class.verdict.0.word(),
                worst.word()
            )
        })?;
        let is_ready = class.verdict.0 == Verdict::Ready;
        require(class.safe_to_revoke == is_ready, || {
            format!("class `{}` is called safe to revoke, or not, against its verdict", class.name)
        })?;
        facts(report, class)?;
    }
    let of_rotation = report.findings.iter().filter(|finding| finding.class.is_none());
    let classes = report.classes.iter().map(|class| class.verdict.0);
    let worst = classes.fold(worst(of_rotation).max(floor), Verdict::max);
    require(report.verdict.0 == worst, || {
        format!(
            "its verdict is {}, and that of its classes and findings is {}",
            report.verdict.0.word(),
            worst.word()
        )
    })?;
    require(report.findings.is_sorted_by_key(|finding| finding.severity), || {
        "its findings are not in the order of their severity".to_owned()
    })?;
    undeclared(report)?;
    inputs(report)?;
    earliest(report)?;
    postmortem(report)
}

impl Finding {
    /// Does it keep the verdict from ready?
    pub(super) fn is_open(&self) -> bool {
        self.waived.is_none() && self.severity.0 != Severity::Advises
    }
}

fn worst<'f>(findings: impl Iterator<Item = &'f Finding>) -> Verdict {
    let open = findings.filter(|finding| finding.waived.is_none());
    open.map(|finding| caused_by(finding.severity)).max().unwrap_or(Verdict::Ready)
}

fn caused_by(severity: Word<Severity>) -> Verdict {
    match severity.0 {
        Severity::Blocks => Verdict::NotReady,
        Severity::Withholds => Verdict::Inconclusive,
        Severity::Advises => Verdict::Ready,
    }
}

/// Before the new version is introduced nothing is ready.
fn floor(mode: Mode) -> Verdict {
    match mode {
        Mode::Planned => Verdict::Inconclusive,
        Mode::PreRevocation | Mode::Postmortem => Verdict::Ready,
    }
}

fn mode_at(report: &Report, at: Time) -> Mode {
    let is_revoked = report.rotation.revoked.is_some_and(|revoked| revoked <= at);
    if at < report.rotation.introduced {
        Mode::Planned
    } else if is_revoked {
        Mode::Postmortem
    } else {
        Mode::PreRevocation
    }
}

fn mode(report: &Report) -> Checked {
    let mode = mode_at(report, report.as_of);
    require(report.mode.0 == mode, || {
        format!("its mode is {}, and its times say {}", report.mode.0.word(), mode.word())
    })
}

/// Facts of the ledger that always cause a finding, waived or not.
fn facts(report: &Report, class: &Class) -> Checked {
    let of_class =
        report.findings.iter().filter(|finding| finding.class.as_ref() == Some(&class.name));
    let has = |least: Severity| of_class.clone().any(|finding| finding.severity.0 <= least);
    let name = &class.name;
    // A disabled consumer may have used the old version until the change.
    let from = report.window.from;
    let since = if class.disabled { from.max(report.rotation.introduced) } else { from };
    let is_old_in_window = class.last_old_use.as_ref().is_some_and(|last| last.time >= since);
    require(!is_old_in_window || has(Severity::Blocks), || {
        format!("`{name}` used the old version in the window, and no finding says so")
    })?;
    let is_judged = class.usage.0 == Use::Direct && !class.disabled;
    require(class.silence.state.is_some() == is_judged, || {
        format!("`{name}` has a state of silence, or none, against its use")
    })?;
    let is_unproven = is_judged && class.last_new_success.is_none();
    require(!is_unproven || has(Severity::Withholds), || {
        format!("`{name}` has no success on the new version, and no finding says so")
    })?;
    // Both lengths are rounded to the minute, one down and one up.
    let is_short = class.silence.elapsed.minutes() + 2 <= class.silence.needed.minutes();
    require(!(is_judged && is_short) || has(Severity::Withholds), || {
        format!("`{name}` was silent for too short a time, and no finding says so")
    })
}

/// A use of the old version after the change by a consumer that is not in the plan blocks.
fn undeclared(report: &Report) -> Checked {
    let is_used = report.undeclared.iter().any(|user| user.last >= report.rotation.introduced);
    let mut of_rotation = report.findings.iter().filter(|finding| finding.class.is_none());
    let is_said = of_rotation.any(|finding| finding.severity.0 == Severity::Blocks);
    require(!is_used || is_said, || {
        "an undeclared consumer used the old version, and no finding says so".to_owned()
    })
}

fn inputs(report: &Report) -> Checked {
    let is_judged = |class: &Class| class.usage.0 == Use::Direct && !class.disabled;
    let proves = report.classes.iter().any(is_judged) || report.verdict.0 != Verdict::Ready;
    require(proves, || "it is ready, and has no class that could prove it".to_owned())?;
    let damaged = report.inputs.iter().find(|input| input.damage.is_some());
    let is_said = report.findings.iter().any(|finding| finding.severity.0 <= Severity::Withholds);
    require(damaged.is_none() || is_said, || {
        format!("`{}` is damaged, and no finding says so", damaged.map_or("", |input| &input.path))
    })
}

/// The rotation can be revoked when the last of its classes can.
fn earliest(report: &Report) -> Checked {
    let Some(earliest) = &report.earliest_revocation else { return Ok(()) };
    for class in report.classes.iter().filter(|class| class.verdict.0 == Verdict::Ready) {
        let is_past = class.earliest_revocation.is_none_or(|time| time <= report.as_of);
        require(is_past, || format!("`{}` is ready, and is said to be so later", class.name))?;
    }
    let Some(time) = earliest.time else { return Ok(()) };
    let times: Option<Vec<Time>> =
        report.classes.iter().map(|class| class.earliest_revocation).collect();
    let last = times.and_then(|times| times.into_iter().max());
    require(last == Some(time), || {
        "its earliest revocation is not the latest of its classes".to_owned()
    })
}

fn postmortem(report: &Report) -> Checked {
    let is_over = report.mode.0 == Mode::Postmortem;
    if let Some(postmortem) = report.postmortem.given() {
        require(postmortem.is_some() == is_over, || {
            "it has a postmortem, or none, against its mode".to_owned()
        })?;
        if let Some(postmortem) = postmortem {
            let held = postmortem.revocation.given();
            require(held.is_none_or(|held| held.0 == Held::from(report.verdict.0)), || {
                "whether the revocation held is not what its verdict says".to_owned()
            })?;
            let known = &postmortem.known;
            let worst = known.findings.iter().map(|finding| caused_by(finding.severity)).max();
            let worst = worst.unwrap_or(Verdict::Ready).max(floor(mode_at(report, known.at)));
            require(known.verdict.0 == worst, || {
                "the verdict at the revocation is not that of its findings".to_owned()
            })?;
        }
    }
    require(is_over || report.watch.entries().is_empty(), || {
        "it watches first cycles, and nothing was revoked".to_owned()
    })
}
