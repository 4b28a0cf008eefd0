/*! Where the inputs of a report lie now: under the path that it gives, or wherever the user says. */

use crate::ingest::{Input, Locator};
use crate::model::facts;
use crate::model::record::Lost;
use crate::model::{InputId, Place};

/// The file that holds each input.
#[derive(Debug)]
pub struct Files<'a> {
    pub(super) inputs: &'a [facts::Input],
    found: Vec<Held<'a>>,
}

/// Where one input lies.
#[derive(Clone, Debug)]
pub(super) struct Held<'a> {
    /// The position of the input that is the file itself.
    pub(super) root: usize,
    /// The member of it that is the input; 0: the file itself.
    pub(super) member: u32,
    /// The file.
    pub(super) file: Result<&'a Input, Lost>,
}

impl<'a> Files<'a> {
    /// Looks for the inputs of a report among the files that there are. One of another path is taken only if it has the
    /// name and the size; its digest is checked when it is read.
    pub fn find(inputs: &'a [facts::Input], files: &'a [Input]) -> Self {
        let mut found: Vec<Held<'a>> = Vec::with_capacity(inputs.len());
        let mut members = 0;
        for (position, input) in inputs.iter().enumerate() {
            let exact = files.iter().any(|file| file.path == input.path && file.trouble.is_none());
            let around = found.last().filter(|held| {
                let path = inputs[held.root].path.as_str();
                !exact && input.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('!'))
            });
            members = around.map_or(0, |_| members + 1);
            let own = || Held { root: position, member: 0, file: file_of(input, files) };
            let held = around.cloned().map_or_else(own, |held| Held { member: members, ..held });
            found.push(held);
        }
        Self { inputs, found }
    }

    /// Where the input of a place lies.
    pub(super) fn held(&self, place: Place) -> Option<&Held<'a>> {
        self.found.get(place.input.0 as usize)
    }

    /// What the report says of a member of the file at `root`.
    pub(super) fn reported(&self, root: usize, member: u32) -> Option<&'a facts::Input> {
        self.inputs.get(root + member as usize)
    }

    /// Are the bytes of an input to be had?
    pub fn is_there(&self, input: InputId) -> bool {
        self.found.get(input.0 as usize).is_some_and(|held| held.file.is_ok())
    }
}

fn file_of<'a>(input: &facts::Input, files: &'a [Input]) -> Result<&'a Input, Lost> {
    if input.path == "-" {
        return Err(Lost::Stdin);
    }
    let exact = files.iter().find(|file| file.path == input.path);
    if let Some(file) = exact.filter(|file| file.trouble.is_none()) {
        return Ok(file);
    }
    let alike = files.iter().filter(|file| {
        let is_file = file.trouble.is_none() && file.source != Locator::Stdin;
        is_file && file.bytes == input.bytes && shared_tail(&file.path, &input.path) > 0
    });
    if let Some(file) = alike.max_by_key(|file| shared_tail(&file.path, &input.path)) {
        return Ok(file);
    }
    let why = exact.and_then(|file| file.trouble.clone());
    Err(Lost::Gone(why.unwrap_or_else(|| "it is not where it was".to_owned())))
}

/// How many names at the ends of two paths are equal.
fn shared_tail(one: &str, two: &str) -> usize {
    let parts = |path: &str| path.rsplit(['/', '\\']).map(str::to_owned).collect::<Vec<_>>();
    parts(one).iter().zip(&parts(two)).take_while(|(one, two)| one == two).count()
}
