/*! Objects in stores, read where they lie: found by their address, then read in ranges of the version that was found.
 *
 * Only a path that is an address makes a request. Credentials come from the environment, as the libraries of the stores
 * find them; no plan, argument or report holds any. Errors are in our own words, since those of a store may hold an
 * address with a signature.
 */

mod address;
mod connection;
mod find;
mod read;

pub use address::{is_address, without_secrets};
pub use find::ObjectVersion;

pub(super) use find::find;
pub(super) use read::open;
