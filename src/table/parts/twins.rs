/*! Enums of the model as the words of cached scans. */

use serde::{Deserialize, Serialize};

use crate::model::evidence::SampleRole;
use crate::model::{Binding, ClassBasis, Kind, Layer, Outcome, State};

/// Makes the serialised twin of an enum of the model.
macro_rules! words {
    ($twin:ident, $word:literal, [$($variant:ident),+]) => {
        #[derive(Serialize, Deserialize)]
        #[serde(remote = $word, rename_all = "snake_case")]
        pub(super) enum $twin { $($variant),+ }
    };
}

words!(LayerWord, "Layer", [Configuration, Runtime, Behavior]);
words!(KindWord, "Kind", [Auth, Work, Lookup, Job, Start, Stop, Open, Close, Refresh, Declare]);
words!(BasisWord, "ClassBasis", [Matched, Ambiguous, None]);
words!(StateWord, "State", [Old, New, Unknown]);
words!(BindingWord, "Binding", [Direct, Derived, Inferred, None]);
words!(RoleWord, "SampleRole", [Total, Part, Began]);
words!(OutcomeWord, "Outcome", [Success, AuthFailure, Denied, Failure, None]);
