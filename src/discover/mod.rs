/*! Which credentials are in exports and who uses them: found before there is a plan, and made into a first plan.
 *
 * What is found here is a start for people to correct, never evidence: no verdict rests on it. `tally` counts record by
 * record, `discovery` says what that means, with `sessions` for what was issued for hours and `handovers` for which
 * credential follows which. `classes` and `source_draft` are the parts of a plan that `draft` writes.
 */

mod choice;
mod classes;
mod credential;
mod discovery;
mod draft;
mod field_words;
mod handovers;
mod holder;
mod inputs;
mod lifetime;
mod sessions;
mod source_draft;
mod tally;

#[cfg(test)]
mod tests;

pub use choice::{Choice, Chosen, NoChoice, choose};
pub use credential::{CredentialUser, DiscoveredCredential};
pub use discovery::{Discovery, discover};
pub use draft::draft;
pub use handovers::Handover;
pub use holder::NamedConsumer;
pub use inputs::FoundInput;
pub use sessions::{Issuer, SessionGroup};
pub use source_draft::{FieldTally, SourceDraft, UnreadField};
pub use tally::{CredentialTally, Declared};
