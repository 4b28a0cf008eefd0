/*! Whether a drafted plan fits the exports it was drafted from: every use in one class, no marker in a field that is
 * not read, no record with a marker that is not understood.
 */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::decision::Verdict;
use crate::model::{ClassBasis, Kind, facts};
use crate::plan::Plan;
use crate::table::Sealed;

use super::error::Error;
use super::progress::Progress;
use super::report::report;
use super::request::Request;

/// What the test of a draft found.
#[derive(Debug)]
pub struct DraftTest {
    /// Uses of either version that are in one class.
    pub in_class: u64,
    /// Uses that match two classes.
    pub ambiguous: u64,
    /// Uses that are in none.
    pub outside: u64,
    /// Fields that hold an old marker and are not read.
    pub strays: Vec<StrayField>,
    /// Records that hold an old marker and are not understood, with why.
    pub not_understood: BTreeMap<String, u64>,
    /// The inputs that hold these records.
    pub unread: BTreeSet<String>,
    /// What a report says with the draft.
    pub verdict: Verdict,
}

/// A field that holds an old marker and is not read.
#[derive(Debug)]
pub struct StrayField {
    /// Where it is in a record; empty if the format has no pointers.
    pub pointer: String,
    /// In how many records.
    pub records: u64,
    /// The inputs of its log source.
    pub paths: BTreeSet<String>,
}

impl DraftTest {
    /// Is neither version in any record, read or not?
    pub fn saw_nothing(&self) -> bool {
        self.in_class + self.ambiguous + self.outside == 0
            && self.strays.is_empty()
            && self.not_understood.is_empty()
    }

    /// Is there nothing left to fix?
    pub fn is_clean(&self) -> bool {
        self.ambiguous == 0
            && self.outside == 0
            && self.strays.is_empty()
            && self.not_understood.is_empty()
    }
}

/// Makes a report by the draft, and looks at what was read for it.
pub(super) fn tested(
    plan: Plan,
    request: &Request,
    progress: &Progress,
) -> Result<DraftTest, Error> {
    let report = report(plan, request, progress)?;
    let sealed = &report.sealed;
    let (mut in_class, mut outside, mut ambiguous) = (0, 0, BTreeSet::new());
    let is_use = |kind: Kind| matches!(kind, Kind::Auth | Kind::Work);
    for row in sealed.rows.iter().filter(|row| row.version.is_some() && is_use(row.kind)) {
        match row.basis {
            ClassBasis::Matched => in_class += 1,
            ClassBasis::None => outside += 1,
            ClassBasis::Ambiguous => {
                ambiguous.insert((row.place.input, row.place.record));
            }
        }
    }
    let (mut not_understood, mut unread) = (BTreeMap::new(), BTreeSet::new());
    for run in &sealed.rejects {
        let Some((records, _)) = run.old_marker else { continue };
        let reasons: Vec<&str> = run.reasons.keys().map(String::as_str).collect();
        *not_understood.entry(reasons.join(", ")).or_default() += records;
        let input = usize::try_from(run.input.0).ok().and_then(|at| sealed.inputs.get(at));
        unread.extend(input.map(|input| input.path.clone()));
    }
    Ok(DraftTest {
        in_class,
        ambiguous: ambiguous.len() as u64,
        outside,
        strays: strays(sealed),
        not_understood,
        unread,
        verdict: report.decision.verdict,
    })
}

fn strays(sealed: &Sealed) -> Vec<StrayField> {
    let mut fields: BTreeMap<&str, (u64, BTreeSet<String>)> = BTreeMap::new();
    let unmapped = sealed.stray_markers.iter().filter(|stray| stray.why == facts::Stray::Unmapped);
    for stray in unmapped {
        let field = fields.entry(&stray.place).or_default();
        field.0 += stray.found.count;
        let stream = usize::try_from(stray.stream.0).ok().and_then(|at| sealed.streams.get(at));
        let inputs = stream.into_iter().flat_map(|stream| &stream.inputs);
        let inputs = inputs.filter_map(|input| sealed.inputs.get(usize::try_from(input.0).ok()?));
        field.1.extend(inputs.map(|input| input.path.clone()));
    }
    let field = |(pointer, (records, paths)): (&str, (u64, BTreeSet<String>))| StrayField {
        pointer: pointer.to_owned(),
        records,
        paths,
    };
    fields.into_iter().map(field).collect()
}
