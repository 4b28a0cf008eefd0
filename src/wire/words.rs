/*! Values of the model that are written as one of a few words. */

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

use crate::model::advice::{SplitBy, Turn};
use crate::model::course::{Cycle, Event};
use crate::model::cutover::{ModelState, MoveState};
use crate::model::decision::{Held, Mode, Verdict};
use crate::model::during::Now;
use crate::model::facts::{Facet, Stray};
use crate::model::finding::Severity;
use crate::model::ledger::{ExceptionTest, HolderState, SilenceState, Truth};
use crate::model::next::{Action, Status};
use crate::model::who::Does;
use crate::model::{PathKind, Refresh, Use};

/// A value that is written by its word: `not_ready`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Word<T>(pub(crate) T);

/// A type whose values all have a word.
pub(crate) trait Worded: Copy + 'static {
    /// In the order of the schema.
    const WORDS: &'static [Self];

    fn text(self) -> &'static str;
}

macro_rules! worded {
    ($($kind:ident: $($value:ident)+;)+) => {$(
        impl Worded for $kind {
            const WORDS: &'static [Self] = &[$(Self::$value),+];

            fn text(self) -> &'static str {
                // A value that the list above forgets does not compile.
                match self { $(Self::$value => self.word(),)+ }
            }
        }
    )+};
}

worded! {
    Verdict: Ready Inconclusive NotReady;
    Held: Held TooEarly DidNotHold;
    Mode: Planned PreRevocation Postmortem;
    Severity: Blocks Withholds Advises;
    PathKind: Primary Background Exception;
    Use: Direct Indirect;
    Refresh: PerRequest PerRun OnStart AtLaunch Cached;
    Truth: Old New Mixed Unknown;
    ExceptionTest: Passed Failed Missing NotApplicable;
    Facet: Instance Host Environment Service Principal Address UserAgent Action Stream;
    HolderState: Moved Stopped Silent Waiting Lost Unknown;
    SilenceState: NeverSeen Unobservable Active NotDue Overdue Silent;
    Action: MoveToNew RunOnce FetchLog DeclareClass FillIn Wait;
    Status: Yes No Unknown NotApplicable;
    Event: Introduced FirstNewSuccess LastOldUse FirstFailure LastFailure Recovered RevokeTarget Revoked AsOf;
    ModelState: Fits Violated Open;
    MoveState: Moving Waiting Moved;
    Does: Uses Holds Reads Names;
    Turn: Refused PrimaryOnOld BackgroundOnOld ExceptionOnOld Member Unseen;
    SplitBy: Rhythm Refresh Owner Path;
    Now: Refused Mixed Old Degraded Silent Unknown New;
    Stray: Unmapped Respelled PartOfSeries;
    Cycle: Overdue Unknown Due Passed;
}

impl<T: Worded> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.text())
    }
}

impl<'de, T: Worded> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let value = T::WORDS.iter().find(|value| value.text() == text);
        value.map(|value| Self(*value)).ok_or_else(|| {
            let words: Vec<&str> = T::WORDS.iter().map(|value| value.text()).collect();
            D::Error::custom(expected(&words))
        })
    }
}

impl<T: Worded> JsonSchema for Word<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Word".into()
    }

    fn schema_id() -> Cow<'static, str> {
        std::any::type_name::<Self>().into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = T::WORDS.iter().map(|value| value.text()).collect();
        json_schema!({"type": "string", "enum": words})
    }
}

/// ``expected `ready`, `inconclusive` or `not_ready` ``.
pub(super) fn expected(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => {
            format!("expected {} or {last}", rest.join(", "))
        }
        Some(_) | None => format!("expected {}", quoted.concat()),
    }
}
