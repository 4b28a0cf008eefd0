/*! Inputs that lie in another folder than before: the same exports at another place are compared with each other.
 *
 * Log sources and inputs are named by their paths. Where a folder was renamed, each of them would seem to be missing.
 * So an input whose path is gone is looked for under another folder: by its content, else by the end of its path.
 */

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::changes::{Change, Topic};
use crate::wire::{Input, Report};
use crate::wording::count;

/// The older report with the folders of the newer one, if folders were renamed.
pub(super) fn renamed<'r>(
    changes: &mut Vec<Change>,
    before: &'r Report,
    after: &Report,
) -> Cow<'r, Report> {
    let pairs = pairs(&before.inputs, &after.inputs);
    let folders = folders(&pairs);
    if folders.is_empty() {
        return Cow::Borrowed(before);
    }
    for (was, is) in common(&folders) {
        let moved = pairs.iter().filter(|(from, _)| is_below(from, &was)).count();
        let means = format!("{}: compared with what lies there now", count(moved, "moved input"));
        let value = |folder: &str| Some(if folder.is_empty() { "." } else { folder }.into());
        changes.push(Change::new(Topic::Input, "folder", value(&was), value(&is), means));
    }
    let mut report = before.clone();
    for input in &mut report.inputs {
        if let Some(path) = pairs.get(input.path.as_str()) {
            path.clone_into(&mut input.path);
        }
    }
    let today: BTreeSet<&str> =
        after.coverage.iter().map(|source| source.stream.as_str()).collect();
    for source in &mut report.coverage {
        if !today.contains(source.stream.as_str()) {
            let names = folders.iter().map(|(was, is)| source.stream.replace(was, is));
            if let Some(name) = names.into_iter().find(|name| today.contains(name.as_str())) {
                source.stream = name;
            }
        }
    }
    Cow::Owned(report)
}

/// Path before and path now of the inputs that only one report names, where it is clear which belong together.
fn pairs(before: &[Input], after: &[Input]) -> BTreeMap<String, String> {
    let paths = |inputs: &[Input]| -> BTreeSet<String> {
        inputs.iter().map(|input| input.path.clone()).collect()
    };
    let (old, new) = (paths(before), paths(after));
    let gone: Vec<&Input> = before.iter().filter(|input| !new.contains(&input.path)).collect();
    let mut free: Vec<&Input> = after.iter().filter(|input| !old.contains(&input.path)).collect();
    let mut pairs = BTreeMap::new();
    for was in gone {
        let is_same = |is: &&Input| was.digest().is_some() && was.digest() == is.digest();
        let same: Vec<usize> =
            (0..free.len()).filter(|at| is_same(&free[*at]) && tail(was, free[*at]) > 0).collect();
        let best = free.iter().map(|is| tail(was, is)).max().filter(|tail| *tail > 0);
        let by_path: Vec<usize> =
            (0..free.len()).filter(|at| best == Some(tail(was, free[*at]))).collect();
        let (([found], _) | (_, [found])) = (same.as_slice(), by_path.as_slice()) else { continue };
        let is = free.remove(*found);
        pairs.insert(was.path.clone(), is.path.clone());
    }
    pairs
}

/// How many names the two paths have in common at their ends.
fn tail(was: &Input, is: &Input) -> usize {
    let ends = was.path.rsplit('/').zip(is.path.rsplit('/'));
    ends.take_while(|(was, is)| was == is).count()
}

/// The folders that were renamed, each whole. The longest come first, so that a folder is not taken for one above it.
fn folders(pairs: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let renamed = pairs.iter().filter_map(|(was, is)| Some((folder(was)?, folder(is)?)));
    let distinct: BTreeSet<(String, String)> = renamed.filter(|(was, is)| was != is).collect();
    let mut folders: Vec<(String, String)> = distinct.into_iter().collect();
    folders.sort_by_key(|(was, _)| std::cmp::Reverse(was.len()));
    folders
}

/// The renamed folders without what both names end with: `a/logs/app`, `b/logs/app` is `a`, `b`.
fn common(folders: &[(String, String)]) -> BTreeSet<(String, String)> {
    let shortened = folders.iter().map(|(was, is)| {
        let same = was.rsplit('/').zip(is.rsplit('/')).take_while(|(was, is)| was == is);
        let end: usize = same.map(|(name, _)| name.len() + 1).sum();
        let head = |path: &str| path[..path.len().saturating_sub(end)].to_owned();
        (head(was), head(is))
    });
    shortened.collect()
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
