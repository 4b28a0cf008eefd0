/*! What stands behind a citation: `says` words the row of evidence, `reread` reads the raw record again, masked.
 *
 * Formats escape both for their sink.
 */

mod files;
mod reread;
mod says;

pub use files::Files;
pub use reread::{Extent, reread};
pub use says::quote;
