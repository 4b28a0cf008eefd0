/*! Which credentials are in exports and who uses them: found before there is a plan, and made into a first plan.
 *
 * What is found here is a start for people to correct, never evidence: no verdict rests on it.
 */

mod discovery;
mod draft;
mod source_draft;
mod tally;

#[cfg(test)]
mod tests;

pub use discovery::{CredentialUser, DiscoveredCredential, Discovery, Handover, discover};
pub use draft::draft;
pub use source_draft::{FieldTally, SourceDraft, UnreadField};
pub use tally::{CredentialTally, NamedConsumer};
