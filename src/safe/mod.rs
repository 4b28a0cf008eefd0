/*! What may be shown, and how: secrets masked, hostile characters made visible.
 *
 * Everything that comes from a log goes through `mask_text` first and then through the escaper of its sink. It is cut
 * last, because half a token fits no pattern.
 */

mod declared;
mod escape;
mod mask;
mod shape;
mod sinks;

pub use declared::with_names;
pub use escape::{ascii, clip, clip_middle, json_line, terminal};
pub use mask::{fingerprint, mask, mask_file, mask_path, mask_text};
pub use sinks::{
    annotation, annotation_property, csv, html, markdown, markdown_code, metric_label, uri, xml,
};

#[cfg(test)]
mod tests;
