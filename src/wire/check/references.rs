/*! Every name that the report mentions exists in it: classes, findings, evidence, inputs. */

use std::collections::{BTreeMap, BTreeSet};

use super::checked::{Checked, require};
use crate::model::decision::Verdict;
use crate::wire::{Finding, Instant, Report};

pub(super) fn check(report: &Report) -> Checked {
    let names = Names::of(report)?;
    classes(report, &names)?;
    findings(report, &names)?;
    waivers(report, &names)?;
    next_steps(report, &names)?;
    course(report, &names)?;
    evidence(report)
}

/// What may be referred to.
struct Names<'r> {
    classes: BTreeSet<&'r str>,
    findings: BTreeMap<&'r str, &'r Finding>,
    evidence: BTreeSet<&'r str>,
}

impl<'r> Names<'r> {
    fn of(report: &'r Report) -> Result<Self, String> {
        let classes: BTreeSet<&str> =
            report.classes.iter().map(|class| class.name.as_str()).collect();
        require(classes.len() == report.classes.len(), || "a class is listed twice".to_owned())?;
        numbered("F", report.findings.iter().map(|finding| finding.id.as_str()))?;
        numbered("E", report.evidence.iter().map(|evidence| evidence.id.as_str()))?;
        let findings = report.findings.iter().map(|finding| (finding.id.as_str(), finding));
        let evidence = report.evidence.iter().map(|evidence| evidence.id.as_str());
        Ok(Self { classes, findings: findings.collect(), evidence: evidence.collect() })
    }

    fn class(&self, place: &str, class: Option<&String>) -> Checked {
        let is_known = class.is_none_or(|name| self.classes.contains(name.as_str()));
        require(is_known, || {
            format!("{place} names `{}`, which is not a class", class.map_or("", |name| name))
        })
    }

    fn evidence<'i>(&self, place: &str, ids: impl IntoIterator<Item = &'i String>) -> Checked {
        let unknown = ids.into_iter().find(|id| !self.evidence.contains(id.as_str()));
        require(unknown.is_none(), || {
            format!("{place} cites `{}`, which is not listed", unknown.map_or("", |id| id))
        })
    }

    fn instants<'i>(
        &self,
        place: &str,
        instants: impl IntoIterator<Item = Option<&'i Instant>>,
    ) -> Checked {
        let ids = instants.into_iter().flatten().filter_map(|instant| instant.evidence.as_ref());
        self.evidence(place, ids)
    }
}

/// Ids are given in the order of the list, from 1.
fn numbered<'i>(letter: &str, ids: impl Iterator<Item = &'i str>) -> Checked {
    for (number, id) in (1_u64..).zip(ids) {
        require(id.strip_prefix(letter) == Some(&number.to_string()), || {
            format!("`{id}` is in the place of `{letter}{number}`")
        })?;
    }
    Ok(())
}

fn classes(report: &Report, names: &Names<'_>) -> Checked {
    for class in &report.classes {
        let place = format!("class `{}`", class.name);
        let of_class =
            report.findings.iter().filter(|finding| finding.class.as_ref() == Some(&class.name));
        let of_class: Vec<&str> = of_class.map(|finding| finding.id.as_str()).collect();
        if let Some(listed) = class.findings.given() {
            require(*listed == of_class, || format!("{place} does not list its findings"))?;
        }
        let ends = [&class.last_old_use, &class.first_new_success, &class.last_new_success];
        names.instants(&place, ends.map(Option::as_ref))?;
        let why = class.why_ready.given().and_then(Option::as_ref);
        require(why.is_none() || class.verdict.0 == Verdict::Ready, || {
            format!("{place} says why it is ready, and is not")
        })?;
        names.evidence(&place, why.iter().flat_map(|why| &why.evidence))?;
        for holder in class.holders.entries() {
            names.evidence(&place, &holder.evidence)?;
        }
        if let Some(layers) = class.layers.given() {
            let layers = [&layers.configuration, &layers.runtime, &layers.behavior];
            names.instants(&place, layers.map(|layer| layer.last.as_ref()))?;
        }
    }
    Ok(())
}

fn findings(report: &Report, names: &Names<'_>) -> Checked {
    for finding in &report.findings {
        names.class(&finding.id, finding.class.as_ref())?;
        names.evidence(&finding.id, &finding.evidence)?;
        let cites =
            !finding.evidence.is_empty() || !finding.searched.is_empty() || finding.plan.is_some();
        require(cites, || format!("{} cites nothing", finding.id))?;
    }
    Ok(())
}

/// A finding is waived if and only if a waiver that is in force lists it.
fn waivers(report: &Report, names: &Names<'_>) -> Checked {
    let mut listed: BTreeSet<&str> = BTreeSet::new();
    for waiver in &report.waivers {
        let place = format!("the waiver of `{}`", waiver.rule);
        names.class(&place, waiver.class.as_ref())?;
        let is_in_force = report.as_of < waiver.by.until;
        require(waiver.in_force == is_in_force, || {
            format!("{place} until {} is said to be in force, or not to be", waiver.by.until)
        })?;
        let Some(ids) = waiver.findings.given() else { return Ok(()) };
        require(waiver.in_force || ids.is_empty(), || {
            format!("{place} has ended and lists findings")
        })?;
        for id in ids {
            let finding = names.findings.get(id.as_str());
            let covers = finding.is_some_and(|finding| {
                finding.waived.is_some()
                    && finding.rule == waiver.rule
                    && (waiver.class.is_none() || waiver.class == finding.class)
            });
            require(covers, || format!("{place} lists `{id}`, which it does not cover"))?;
            let is_first = listed.insert(id);
            let by = finding.and_then(|finding| finding.waived.as_ref());
            require(!is_first || by == Some(&waiver.by), || {
                format!("{place} and `{id}` name different owners, ends or reasons")
            })?;
        }
    }
    let unlisted = report
        .findings
        .iter()
        .find(|one| one.waived.is_some() && !listed.contains(one.id.as_str()));
    require(unlisted.is_none(), || {
        format!("no waiver lists `{}`, which is waived", unlisted.map_or("", |one| &one.id))
    })
}

/// What is to be done settles everything that keeps the verdict from ready, and nothing else.
fn next_steps(report: &Report, names: &Names<'_>) -> Checked {
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    for missing in report.missing_proof.entries() {
        names.class("a missing proof", missing.class.as_ref())?;
        settled.extend(missing.settles.iter().map(String::as_str));
    }
    if report.missing_proof.given().is_some() {
        let open = report.findings.iter().filter(|finding| finding.is_open());
        let open: BTreeSet<&str> = open.map(|finding| finding.id.as_str()).collect();
        require(settled == open, || {
            "the missing proof does not settle what keeps the verdict from ready".to_owned()
        })?;
    }
    for item in report.checklist.entries() {
        names.evidence(&format!("`{}` of the checklist", item.item), &item.because)?;
    }
    for step in report.containment.entries() {
        for class in &step.classes {
            names.class("a step of the containment", Some(class))?;
        }
    }
    for stream in &report.coverage {
        for class in &stream.classes {
            names.class(&format!("the log source `{}`", stream.stream), Some(class))?;
        }
    }
    for model in report.rotation.model_state.entries() {
        let classes = model.order.iter().map(|moved| &moved.class).chain(&model.next);
        for class in classes {
            names.class("the state of a model", Some(class))?;
        }
    }
    let binding =
        report.earliest_revocation.as_ref().and_then(|earliest| earliest.binding_class.as_ref());
    names.class("the earliest revocation", binding)
}

fn course(report: &Report, names: &Names<'_>) -> Checked {
    for milestone in report.timeline.entries() {
        names.class("the timeline", milestone.class.as_ref())?;
        names.evidence("the timeline", milestone.evidence.as_ref())?;
    }
    for watch in report.watch.entries() {
        names.class("a first cycle", Some(&watch.class))?;
        names.instants("a first cycle", [watch.passed.as_ref()])?;
    }
    let Some(Some(postmortem)) = report.postmortem.given() else { return Ok(()) };
    for broken in &postmortem.broken {
        names.class("what broke", Some(&broken.class))?;
        let ends = [&broken.first_sign, &broken.first_failure, &broken.last_failure];
        names.instants(
            "what broke",
            ends.map(Some).into_iter().chain([broken.recovered.as_ref()]),
        )?;
    }
    for finding in &postmortem.known.findings {
        names.class("what was known", finding.class.as_ref())?;
    }
    Ok(())
}

/// A cited record lies in an input that has as many records.
fn evidence(report: &Report) -> Checked {
    let mut records: BTreeMap<&str, u64> = BTreeMap::new();
    for input in &report.inputs {
        let most = records.entry(&input.path).or_default();
        *most = input.tally.records.max(*most);
    }
    for evidence in &report.evidence {
        let place = (&evidence.input, evidence.record, evidence.offset);
        let is_there = match place {
            (Some(input), Some(record), Some(_)) => {
                records.get(input.as_str()).is_some_and(|most| record <= *most)
            }
            (None, None, None) => true,
            (_, _, _) => false,
        };
        require(is_there, || format!("{} lies in no input of the report", evidence.id))?;
    }
    Ok(())
}
