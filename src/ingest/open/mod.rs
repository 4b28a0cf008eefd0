/*! Takes off compression: magic bytes decide, never the name. The only place that names raw decoders. */

/// A compression or container, known by its first bytes.
pub struct Codec {
    /// Its name in reports.
    pub name: &'static str,
}

/// All that are recognised; the first that matches counts.
pub const CODECS: &[Codec] = &[];
