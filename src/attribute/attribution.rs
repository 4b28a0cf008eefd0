/*! What one record means to the rotation. */

use std::borrow::Cow;

use crate::model::evidence::Settle;
use crate::model::{Binding, ClassId, Kind, Layer, NonEmpty, State, VersionId};

/// One row of a record.
#[derive(Clone, Debug)]
pub struct RowSpec<'b> {
    /// The marker as logged.
    pub uid: Option<Cow<'b, str>>,
    /// The version of the plan.
    pub version: Option<VersionId>,
    /// The state of the version.
    pub state: State,
    /// How the record is tied to the version.
    pub binding: Binding,
    /// What the row states.
    pub kind: Kind,
    /// What kind of testimony it gives.
    pub layer: Layer,
    /// Whether it is an attempt may depend on other records.
    pub settle: Settle,
}

/// The rows of a record that may be evidence.
#[derive(Clone, Debug)]
pub struct RecordRows<'b> {
    /// The classes that the record matches. Without a class it is unattributed, with several it is ambiguous.
    pub classes: Vec<ClassId>,
    /// The rows, the same for each class.
    pub rows: NonEmpty<RowSpec<'b>>,
    /// Did the work go through a fallback?
    pub degraded: bool,
}

/// What a record means to the rotation. The classes are known even if the record cannot be evidence.
#[derive(Clone, Debug, Default)]
pub struct Attribution<'b> {
    /// The classes that the record matches.
    pub classes: Vec<ClassId>,
    /// Its rows; none: it cannot become evidence of this rotation.
    pub kept: Option<RecordRows<'b>>,
}
