/*! `list`: the inputs under paths as lines of JSON, packed into tasks for whatever runs them. */

use std::collections::HashMap;
use std::path::Path;

use crate::ingest::{Input, Locator, ObjectVersion, is_address, walk};
use crate::limits;
use crate::model::{InputId, hex};
use crate::safe::json_line;
use crate::wire::{Listed, Time};

use super::error::Error;
use super::load::text_of;
use super::request::Request;

/// The inputs of a request as lines, sorted by path, packed into tasks of about this many bytes. An input that is as it
/// was when an earlier list was scanned keeps the part that the scan named.
pub fn list(request: &Request, task_bytes: u64, earlier: Option<&Path>) -> Result<String, Error> {
    let scanned = match earlier {
        Some(file) => listed(&text_of(file)?, &file.display().to_string())?,
        None => Vec::new(),
    };
    let known: HashMap<&str, &Listed> =
        scanned.iter().map(|line| (line.path.as_str(), line)).collect();
    let inputs = walk(&request.paths);
    let mut lines: Vec<Listed> = inputs.iter().map(line).collect();
    for line in &mut lines {
        let same = known.get(line.path.as_str()).filter(|known| is_unchanged(known, line));
        line.scanned = same.and_then(|known| known.scanned.clone());
    }
    count(&mut lines);
    pack(&mut lines, task_bytes);
    Ok(lines.iter().map(text).collect())
}

/// Says on each line of a whole list how many there are, and of which list it is.
pub(super) fn count(lines: &mut [Listed]) {
    let mut paths = blake3::Hasher::new();
    for line in lines.iter() {
        paths.update(line.path.as_bytes());
        paths.update(&[0]);
    }
    let list = hex(&paths.finalize().as_bytes()[..LIST_BYTES]);
    let inputs = lines.len() as u64;
    for line in lines {
        (line.inputs, line.list) = (Some(inputs), Some(list.clone()));
    }
}

/// This part of a digest tells the lists of one file apart, in bytes.
const LIST_BYTES: usize = 8;

/// Has the input its size and time of then? What could not be read is tried again, in whole or in part: a file may have
/// been damaged only because somebody wrote to it.
fn is_unchanged(then: &Listed, now: &Listed) -> bool {
    let scanned = then.scanned.as_ref();
    let was_read = scanned.is_some_and(|scanned| scanned.sha256.is_some() && scanned.damage == 0);
    let is_same = (then.bytes, then.modified, &then.etag) == (now.bytes, now.modified, &now.etag);
    was_read && now.modified.is_some() && is_same
}

/// An input as a line of a list.
pub(super) fn line(input: &Input) -> Listed {
    let Input { path, bytes, modified, trouble, .. } = input;
    // Who opens it has only the text of its path.
    let is_named = match &input.source {
        Locator::File(file) => file.to_str() == Some(path),
        Locator::Object(_) | Locator::Stdin => true,
    };
    let etag = match &input.source {
        Locator::Object(version) => version.etag.clone(),
        Locator::File(_) | Locator::Stdin => None,
    };
    let nameless = || "its name is not UTF-8, so a list cannot name it: rename it".to_owned();
    let trouble = trouble.clone().or_else(|| (!is_named).then(nameless));
    let modified = modified.map(Time);
    let (path, bytes) = (path.clone(), *bytes);
    Listed {
        task: 0,
        inputs: None,
        list: None,
        path,
        bytes,
        modified,
        etag,
        trouble,
        scanned: None,
    }
}

/// Numbers the tasks. An input that is larger than a task is a task of its own.
pub(super) fn pack(lines: &mut [Listed], task_bytes: u64) {
    let (mut task, mut filled) = (0, 0_u64);
    for line in lines {
        let to_read = if line.scanned.is_none() { line.bytes } else { 0 };
        let cost = to_read.saturating_add(limits::TASK_INPUT_BYTES);
        if filled > 0 && filled.saturating_add(cost) > task_bytes {
            task += 1;
            filled = 0;
        }
        filled = filled.saturating_add(cost);
        line.task = task;
    }
}

/// A line of a list as text.
pub(super) fn text(line: &Listed) -> String {
    let written = serde_json::to_string(line).expect("strings and numbers");
    json_line(&written).into_owned() + "\n"
}

/// Reads a list. `name` is where it comes from.
pub(super) fn listed(text: &str, name: &str) -> Result<Vec<Listed>, Error> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let parsed = lines.map(|(number, line)| {
        let path = name.to_owned();
        serde_json::from_str(line).map_err(|source| Error::List { path, line: number, source })
    });
    parsed.collect()
}

fn locator(line: &Listed) -> Locator {
    let Listed { path, bytes, modified, etag, .. } = line;
    if !is_address(path) {
        return Locator::File(path.into());
    }
    let modified = modified.map(|Time(at)| at);
    let etag = etag.clone();
    Locator::Object(ObjectVersion { url: path.clone(), bytes: *bytes, modified, etag })
}

/// The inputs that lines of a list name.
pub(super) fn inputs(lines: &[Listed]) -> Vec<Input> {
    let numbered = (0..).map(InputId).zip(lines);
    let input = |(id, line): (InputId, &Listed)| Input {
        id,
        path: line.path.clone(),
        source: locator(line),
        bytes: line.bytes,
        modified: line.modified.map(|Time(at)| at),
        is_listed: true,
        trouble: line.trouble.clone(),
    };
    numbered.map(input).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;
    use crate::wire::Scanned;

    fn listed(modified: Option<i64>, etag: Option<&str>) -> Listed {
        Listed {
            task: 0,
            inputs: None,
            list: None,
            path: "https://exports.example/app.jsonl".to_owned(),
            bytes: 10,
            modified: modified.map(|at| Time(Timestamp(at))),
            etag: etag.map(str::to_owned),
            trouble: None,
            scanned: None,
        }
    }

    fn scanned(line: &Listed, sha256: Option<&str>, damage: u64) -> Listed {
        let (part, sha256) = ("key".to_owned(), sha256.map(str::to_owned));
        let scanned = Scanned { part, sha256, records: 1, rejected: 0, rows: 1, damage };
        Listed { scanned: Some(scanned), ..line.clone() }
    }

    #[test]
    fn an_object_without_an_etag_is_known_by_its_time_and_without_both_never() {
        let whole = |line: &Listed| scanned(line, Some("digest"), 0);
        let (timed, tagged) = (listed(Some(1), None), listed(Some(1), Some("a")));
        for line in [&timed, &tagged] {
            assert!(is_unchanged(&whole(line), line), "{line:?}");
            assert!(!is_unchanged(&whole(line), &listed(Some(2), None)), "{line:?}");
            assert!(!is_unchanged(&whole(line), &listed(Some(1), Some("b"))), "{line:?}");
            assert!(!is_unchanged(&whole(line), &Listed { bytes: 11, ..line.clone() }));
        }
        assert!(!is_unchanged(&whole(&tagged), &timed), "the store no longer gives the etag");
        let neither = listed(None, None);
        assert!(!is_unchanged(&whole(&neither), &neither), "a change could not be seen");
    }

    #[test]
    fn what_was_not_read_whole_is_read_again() {
        let line = listed(Some(1), Some("a"));
        assert!(!is_unchanged(&line, &line), "it was not scanned");
        assert!(!is_unchanged(&scanned(&line, None, 1), &line));
        assert!(!is_unchanged(&scanned(&line, Some("digest"), 1), &line));
    }
}
