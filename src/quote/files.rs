/*! Where the inputs of a report are now: at the path in the report, or where the user says. */

use std::borrow::Cow;
use std::collections::HashMap;

use crate::ingest::{Input, Locator};
use crate::model::facts;
use crate::model::record::Lost;
use crate::model::{InputId, Place};
use crate::safe::mask_file;

/// The file that holds each input.
#[derive(Debug)]
pub struct Files<'a> {
    pub(super) inputs: &'a [facts::Input],
    locations: Vec<Location<'a>>,
}

/// Where one input is.
#[derive(Clone, Debug)]
pub(super) struct Location<'a> {
    /// The position of the input that is the file itself.
    pub(super) root: usize,
    /// The number of its member that is the input; 0 for the file itself.
    pub(super) member: u32,
    pub(super) file: Result<&'a Input, Lost>,
}

impl<'a> Files<'a> {
    /// Looks for the inputs of a report among the given files. A file at another path is accepted only if it has the
    /// same name and size; its digest is checked when it is read.
    pub fn find(inputs: &'a [facts::Input], files: &'a [Input]) -> Self {
        let mut locations: Vec<Location<'a>> = Vec::with_capacity(inputs.len());
        let mut members = 0;
        let by_path = by_path(files);
        for (position, input) in inputs.iter().enumerate() {
            let exact = by_path.get(input.path.as_str()).is_some_and(|file| file.trouble.is_none());
            let archive = locations.last().filter(|location| {
                let path = inputs[location.root].path.as_str();
                !exact && input.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('!'))
            });
            members = archive.map_or(0, |_| members + 1);
            let new =
                || Location { root: position, member: 0, file: file_of(input, &by_path, files) };
            let location = archive
                .cloned()
                .map_or_else(new, |location| Location { member: members, ..location });
            locations.push(location);
        }
        Self { inputs, locations }
    }

    /// Where the input of a place is.
    pub(super) fn location(&self, place: Place) -> Option<&Location<'a>> {
        self.locations.get(place.input.0 as usize)
    }

    /// What the report says about a member of the file at `root`.
    pub(super) fn reported(&self, root: usize, member: u32) -> Option<&'a facts::Input> {
        self.inputs.get(root + member as usize)
    }

    /// Was a file found for the input?
    pub fn is_there(&self, input: InputId) -> bool {
        self.locations.get(input.0 as usize).is_some_and(|location| location.file.is_ok())
    }
}

/// The first file under each path. The inputs of a report have their paths masked.
fn by_path(files: &[Input]) -> HashMap<Cow<'_, str>, &Input> {
    let mut by_path = HashMap::with_capacity(files.len());
    for file in files {
        by_path.entry(mask_file(&file.path)).or_insert(file);
    }
    by_path
}

fn file_of<'a>(
    input: &facts::Input,
    by_path: &HashMap<Cow<'_, str>, &'a Input>,
    files: &'a [Input],
) -> Result<&'a Input, Lost> {
    if input.path == "-" {
        return Err(Lost::Stdin);
    }
    let exact = by_path.get(input.path.as_str()).copied();
    if let Some(file) = exact.filter(|file| file.trouble.is_none()) {
        return Ok(file);
    }
    let alike = files.iter().filter(|file| {
        let is_file = file.trouble.is_none() && file.source != Locator::Stdin;
        is_file && file.bytes == input.bytes && shared_tail(&mask_file(&file.path), &input.path) > 0
    });
    if let Some(file) = alike.max_by_key(|file| shared_tail(&mask_file(&file.path), &input.path)) {
        return Ok(file);
    }
    let why = exact.and_then(|file| file.trouble.clone());
    Err(Lost::Gone(why.unwrap_or_else(|| "the file is no longer there".to_owned())))
}

/// The number of equal names at the ends of two paths.
fn shared_tail(left: &str, right: &str) -> usize {
    let parts = |path: &str| path.rsplit(['/', '\\']).map(str::to_owned).collect::<Vec<_>>();
    parts(left).iter().zip(&parts(right)).take_while(|(left, right)| left == right).count()
}
