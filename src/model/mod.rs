/*! The types that all stages share: time, places, consumers, evidence, facts, decisions. It has no files, no serde, no
 * engine. */

pub mod advice;
pub mod bounds;
pub mod changes;
pub mod class;
pub mod columns;
pub mod continuity;
pub mod course;
pub mod coverage;
pub mod credential;
pub mod cutover;
pub mod damage;
pub mod decision;
pub mod digest;
pub mod during;
pub mod evidence;
pub mod facts;
pub mod finding;
mod holder;
mod jobs;
pub mod ledger;
pub mod link;
pub mod next;
pub mod non_empty;
pub mod noticed;
pub mod partial;
pub mod place;
pub mod reads;
pub mod record;
pub mod replay;
mod stray;
pub mod time;
pub mod verdict;
pub mod verified;
pub mod who;
pub mod why_ready;
pub mod words;

pub use class::{ClassBasis, ClassId, PathKind, Refresh, Use};
pub use credential::{Binding, MarkerShown, State, VersionId, VersionState};
pub use digest::{DigestKind, hex, short};
pub use evidence::{Kind, Layer, Outcome};
pub use non_empty::NonEmpty;
pub use place::{At, InputId, Place};
pub use time::{Duration, Span, TimeBasis, Timestamp, When};
