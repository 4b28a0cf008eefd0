/*! How well the records fit each way of cutting over that the plan declares. */

use super::class::ClassId;
use super::time::Timestamp;

/// Do the records fit a declared model?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModelState {
    /// Everything that the model promises was seen.
    Fits,
    /// Something that the model rules out was seen.
    Violated,
    /// Nothing that it rules out was seen, and not yet all that it promises.
    Open,
}

impl ModelState {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::Violated => "violated",
            Self::Open => "open",
        }
    }
}

/// How far a class has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MoveState {
    /// It used the old version again after its first success on the new one, and has no later success.
    Moving,
    /// It has no success on the new version.
    Waiting,
    /// It works on the new version and was not seen on the old one since.
    Moved,
}

impl MoveState {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Moving => "moving",
            Self::Waiting => "waiting",
            Self::Moved => "moved",
        }
    }
}

/// The move of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassMove {
    /// Whose move it is.
    pub class: ClassId,
    /// How far it is.
    pub state: MoveState,
    /// Its first success on the new version.
    pub began: Option<Timestamp>,
    /// Its last old use, if that is later than this success: the end of its move, up to now.
    pub ended: Option<Timestamp>,
}

/// A declared model, and whether the records fit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelView {
    /// Its word in plans and reports.
    pub model: &'static str,
    /// Do they fit?
    pub state: ModelState,
    /// The condition that decides, with what was seen.
    pub why: String,
    /// The moves of the classes in their order, where the model is about the order.
    pub order: Vec<ClassMove>,
    /// The class that is to move next, where the model is about the order.
    pub next: Option<ClassId>,
}
