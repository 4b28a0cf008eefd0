/*! What a citation points to: `says` puts the row of evidence into words, `reread` reads the raw record again and masks
 * it. Formats escape both for their sink.
 */

mod files;
mod reread;
mod says;

pub use files::Files;
pub use reread::{Extent, reread};
pub use says::quote;
