/*! One input, read once from its first byte to its last. */

use std::io;

use super::{Input, Read, ReadOptions, Visit};

/// Reads an input. An input that cannot be read has its trouble as damage.
pub fn read(_input: &Input, _options: &ReadOptions<'_>, _visit: &mut dyn Visit) -> Read {
    Read::default()
}

/// Reads a stream that is no file.
pub fn read_from(
    _stream: impl io::Read,
    _options: &ReadOptions<'_>,
    _visit: &mut dyn Visit,
) -> Read {
    Read::default()
}
