/*! Where records come from: an input itself, or a member of an archive in it. */

use crate::model::InputId;

/// An input, or a member of one, by its path.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) input: InputId,
    /// 0 is the input itself; members are numbered as they begin.
    pub(super) member: u32,
    /// The path of the input, then that of the member in it, then that of the member in the member.
    pub(super) chain: Vec<String>,
}

impl Origin {
    /// The path for people: `logs.zip!app/a.jsonl`.
    pub(super) fn shown(&self) -> String {
        self.chain.join("!")
    }

    /// The path for globs, which treat an archive as a folder.
    pub(super) fn as_path(&self) -> String {
        self.chain.join("/")
    }
}
