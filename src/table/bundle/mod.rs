/*! The folder that a run leaves.
 *
 * Each file is first written and synced under a temporary name. When all are complete, the new manifest is put in
 * place, and only then are the files renamed. A run that is stopped leaves the old bundle, or a new one that the next
 * run completes.
 *
 * A bundle goes from person to person, so it is read as input from a stranger: its manifest names files of its own
 * folder only, no link is followed, and who only reads changes nothing. A folder without a manifest, or with a file
 * whose digest differs, is refused.
 */

mod error;
mod folder;
mod manifest;
mod open;
mod write;

pub use error::BundleError;
pub use folder::{Lock, is_there, lock, may_write};
pub use manifest::{BUNDLE_SCHEMA, FileEntry, Manifest, Params, is_plain_name};
pub use open::Bundle;
pub use write::{Content, complete, write};
