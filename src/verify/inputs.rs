/*! The inputs of a report against the files of today, by their bytes. */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::verified::Compared;
use crate::wire::{Input, Report};

/// A file of today: its path, masked as reports mask it, and its digest or why it cannot be read.
#[derive(Clone, Debug)]
pub struct DigestedFile {
    /// As a report names it.
    pub path: String,
    /// The digests of its bytes, of each kind that the report has.
    pub digests: Result<BTreeSet<String>, String>,
}

/// Is every input there with the digest that the report names, and nothing else?
pub fn is_unchanged(inputs: &Compared) -> bool {
    *inputs == Compared { unchanged: inputs.unchanged, ..Compared::default() }
}

/// Compares by bytes, not by path. The members of an archive are judged by the archive.
pub fn compare(report: &Report, files: &[DigestedFile]) -> Compared {
    let today: BTreeMap<&str, &Result<BTreeSet<String>, String>> =
        files.iter().map(|file| (file.path.as_str(), &file.digests)).collect();
    let digests: BTreeSet<&String> =
        today.values().flat_map(|digests| digests.iter().flatten()).collect();
    let mut compared = Compared::default();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for input in files_of(&report.inputs) {
        let path = input.path.as_str();
        match (input.digest(), today.get(path)) {
            _ if path == "-" => compared.unverifiable.push(path.to_owned()),
            (Some(digest), _) if digests.contains(&digest) => {
                compared.unchanged += 1;
                known.insert(digest);
            }
            (Some(_), Some(_)) => compared.changed.push(path.to_owned()),
            (Some(_), None) => compared.missing.push(path.to_owned()),
            (None, _) if input.bytes > 0 => compared.unverifiable.push(path.to_owned()),
            // The report could not read it either, and says so itself.
            (None, _) => {}
        }
    }
    let unread_before: BTreeSet<&str> = report
        .inputs
        .iter()
        .filter(|input| input.digest().is_none())
        .map(|input| input.path.as_str())
        .collect();
    for (path, digests) in today {
        let is_changed = compared.changed.iter().any(|changed| changed == path);
        match digests {
            Ok(digests) if !known.is_disjoint(digests) || is_changed => {}
            Ok(_) => compared.new.push(path.to_owned()),
            Err(_) if unread_before.contains(path) || is_changed => {}
            Err(why) => compared.unread.push(format!("{path}: {why}")),
        }
    }
    compared
}

/// The inputs that are files, without the members that follow an archive.
fn files_of(inputs: &[Input]) -> impl Iterator<Item = &Input> {
    let mut archive = "";
    inputs.iter().filter(move |input| {
        let is_member = !archive.is_empty()
            && input.path.strip_prefix(archive).is_some_and(|rest| rest.starts_with('!'));
        if !is_member {
            archive = &input.path;
        }
        !is_member
    })
}
