/*! From paths to records: which bytes are one record, and what was not read. Knows no credential and no plan.
 *
 * `walk` finds the inputs, `open` decompresses them, `frame` cuts the stream into records, `decode` picks the
 * fields of a record. Nothing that cannot be read is skipped silently: it is a `Reject` with its place or a
 * `Damage` with its offset.
 */

mod ahead;
mod archive;
mod budget;
mod capped;
pub mod decode;
pub mod frame;
mod hash;
#[cfg_attr(not(feature = "stores"), path = "no_objects.rs")]
mod objects;
mod open;
mod options;
mod remark;
mod source;
mod spool;
mod stream;
mod trouble;
mod visit;
pub mod walk;

pub use ahead::read_ahead;
pub use decode::{DECODERS, Decode, Fields, Picks, SlotSet};
pub use frame::{DockerLine, DockerLines, FRAMINGS, Framing, JoinedLine, sniff, whole_lines};
pub use objects::{ObjectVersion, is_address, without_secrets};
pub use open::{CODECS, Codec};
pub use options::ReadOptions;
pub use source::{Digested, digest, read, read_from};
pub use visit::{Frame, ReadReport, UNREAD, Visit};
pub use walk::{Input, Locator, walk, walk_outside};
