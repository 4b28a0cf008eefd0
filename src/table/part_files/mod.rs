/*! Parts on their own: the scan of each input as two files, for when several processes or machines scan.
 *
 * `<key>.rows.parquet` comes first, `<key>.account.json` last. The account holds all of the scan but its rows, and the
 * digest of these. The key is a digest of the account, after a digest of plan, profiles and path by which earlier parts
 * of an input are found. So all who scan the same bytes write the same files, and a file that was cut or edited no
 * longer fits its name.
 */

mod account;
mod error;
mod learned;
mod read;
mod write;

pub use account::{place, place_of};
pub use error::{LearnedError, PartError};
pub use learned::{read_learned, write_learned};
pub use read::{PartFile, accounts, is_there, keys};
pub use write::write;
