/*! Runs the real pipeline over the exports of a world. */

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use holdover::model::DigestKind;
use holdover::model::Timestamp;
use holdover::model::decision::Verdict;
use holdover::model::finding::Severity;
use holdover::pipeline::{self, Progress, Request};

use super::exports::{Delivery, Exports, File};
use super::story::{DAY, Use};
use super::world::World;

/// What a report says of one consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    /// In seconds from the change.
    pub(super) earliest: Option<i64>,
    /// The rules that fired, save those that advise.
    pub(super) rules: BTreeSet<&'static str>,
}

/// What a report says.
#[derive(Clone, Debug)]
pub(super) struct Report {
    /// By the number of the consumer.
    pub(super) consumers: Vec<Judged>,
    /// The rules that fired on the rotation, save those that advise.
    pub(super) of_rotation: BTreeSet<&'static str>,
    /// The uses that stand in the exports, by the number of the consumer.
    pub(super) shown: Vec<Vec<Use>>,
}

/// How the program is called.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Call {
    pub(super) threads: Option<usize>,
    /// Are the paths given one by one, the last first?
    pub(super) is_backwards: bool,
}

impl World {
    /// The report at this instant.
    pub(super) fn judged(&self, as_of: i64, delivery: &Delivery) -> Report {
        self.judged_with(as_of, delivery, Call::default())
    }

    pub(super) fn judged_with(&self, as_of: i64, delivery: &Delivery, call: Call) -> Report {
        let Exports { files, shown } = self.exports(as_of, delivery);
        let plan = self.plan(delivery.names);
        let report = report(&plan, &files, delivery.names.at(as_of), call);
        self.read(&report, delivery, shown)
    }

    /// What a report says of the consumers of this world.
    pub(super) fn read(
        &self,
        report: &pipeline::Report,
        delivery: &Delivery,
        shown: Vec<Vec<Use>>,
    ) -> Report {
        let decision = &report.decision;
        let rules = |class| -> BTreeSet<&'static str> {
            let findings = decision.findings.iter().filter(|finding| finding.class == class);
            let findings = findings.filter(|finding| finding.severity != Severity::Advises);
            findings.map(|finding| finding.rule.word()).collect()
        };
        let rows: BTreeMap<&str, _> =
            decision.classes.iter().map(|row| (row.name.as_str(), row)).collect();
        let consumers = (0..self.consumers.len()).map(|number| {
            let row = rows[delivery.names.class(number).as_str()];
            let start = delivery.names.at(0);
            let seconds = |at: Timestamp| (at - start).0.div_euclid(1_000_000);
            Judged {
                verdict: row.verdict,
                earliest: row.earliest.map(seconds),
                rules: rules(Some(row.class)),
            }
        });
        Report { consumers: consumers.collect(), of_rotation: rules(None), shown }
    }
}

/// Writes plan and files to a folder and judges them.
pub(super) fn report(plan: &str, files: &[File], as_of: Timestamp, call: Call) -> pipeline::Report {
    let folder = tempfile::tempdir().expect("a scratch folder");
    write(folder.path(), plan, files);
    let loaded = pipeline::load_plan(&folder.path().join("plan.toml"))
        .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let exports = folder.path().join("exports");
    let mut paths = vec![exports.to_string_lossy().into_owned()];
    if call.is_backwards {
        let each = files.iter().map(|file| exports.join(&file.path));
        paths = each.map(|path| path.to_string_lossy().into_owned()).collect();
        paths.sort();
        paths.reverse();
    }
    let now = Timestamp(as_of.0 + DAY * 1_000_000);
    let request = Request {
        as_of: Some(as_of),
        threads: call.threads,
        digest: Some(DigestKind::Sha256),
        ..Request::new(paths, now)
    };
    pipeline::report(loaded.plan, &request, &Progress::default()).expect("a report")
}

/// Writes plan and exports to a folder.
pub(super) fn write(folder: &Path, plan: &str, files: &[File]) {
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("plan.toml"), plan).expect("written");
    for file in files {
        let path = folder.join("exports").join(&file.path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, &file.bytes).expect("written");
    }
}
