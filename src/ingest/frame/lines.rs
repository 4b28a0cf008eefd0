/*! One record a line. Blank lines are skipped; a run of zero bytes is a hole in the file and a reject of its own.
 *
 * A slice of a file that is one array of JSON objects (the end of a `MySQL` audit log, say) has an object and a comma
 * on each line: the comma is no part of the object, and the bracket that ends the array is no record.
 */

use memchr::memchr2;

use crate::limits;
use crate::model::coverage::Reject;

use super::out::{Cutter, Out, RecordBytes};
use super::pending::Pending;

const BOM: &[u8] = b"\xef\xbb\xbf";
const ZEROS: [u8; limits::NUL_RUN_BYTES] = [0; limits::NUL_RUN_BYTES];

/// Cuts at newlines.
pub(super) struct LineCutter {
    pending: Pending,
    /// The offset of the next byte.
    offset: u64,
    /// How many zero bytes were just read. They are in no record yet.
    zeros: u64,
    /// A line was an object of an array.
    in_array: bool,
}

impl LineCutter {
    pub(super) fn new(cap: usize) -> Self {
        Self { pending: Pending::new(cap), offset: 0, zeros: 0, in_array: false }
    }

    /// A run of zeros has ended: a short one belongs to the record, a long one is a hole that ends the record.
    fn end_zeros(&mut self, out: &mut Out<'_>) {
        let zeros = std::mem::take(&mut self.zeros);
        let few = usize::try_from(zeros).ok().and_then(|zeros| ZEROS[1..].get(..zeros));
        if let Some(few) = few {
            self.pending.add(few, out);
            return;
        }
        self.end_line(&[], false, out);
        let offset = self.offset - zeros;
        let detail = format!("{zeros} zero bytes: a hole in the file");
        let span = RecordBytes { bytes: &ZEROS, offset, length: zeros };
        out.reject(span, Reject::with("nul-run", detail));
        self.pending.open(self.offset);
    }

    fn end_line(&mut self, last: &[u8], closed: bool, out: &mut Out<'_>) {
        let mut line = self.pending.whole(last, out);
        if line.length == line.bytes.len() as u64 {
            let text = line.bytes.strip_suffix(b"\r").unwrap_or(line.bytes);
            let mut start = 0;
            while text[start..].starts_with(BOM) {
                start += BOM.len();
            }
            line = RecordBytes::whole(&text[start..], line.offset + start as u64);
            if let Some(object) = element(line.bytes) {
                line = RecordBytes::whole(object, line.offset);
                self.in_array = true;
            }
            let is_end = self.in_array && line.bytes.trim_ascii() == b"]";
            if is_end || line.bytes.iter().all(u8::is_ascii_whitespace) {
                return;
            }
        }
        out.frame(line, closed);
    }
}

/// The object of a line that is an object and a comma.
fn element(line: &[u8]) -> Option<&[u8]> {
    let object = line.trim_ascii_end().strip_suffix(b",")?.trim_ascii_end();
    (object.trim_ascii_start().starts_with(b"{") && object.ends_with(b"}")).then_some(object)
}

impl Cutter for LineCutter {
    fn push(&mut self, block: &[u8], out: &mut Out<'_>) {
        let mut rest = block;
        while let Some(first) = rest.first() {
            if *first == 0 {
                let count = rest.iter().take_while(|byte| **byte == 0).count();
                self.zeros += count as u64;
                self.offset += count as u64;
                rest = &rest[count..];
                continue;
            }
            if self.zeros > 0 {
                self.end_zeros(out);
            }
            let Some(end) = memchr2(b'\n', 0, rest) else {
                self.pending.add(rest, out);
                self.offset += rest.len() as u64;
                return;
            };
            self.offset += end as u64;
            if rest[end] == b'\n' {
                self.end_line(&rest[..end], true, out);
                self.offset += 1;
                self.pending.open(self.offset);
                rest = &rest[end + 1..];
            } else {
                self.pending.add(&rest[..end], out);
                rest = &rest[end..];
            }
        }
    }

    fn finish(&mut self, out: &mut Out<'_>) {
        if self.zeros > 0 {
            self.end_zeros(out);
        }
        if self.pending.length() > 0 {
            self.end_line(&[], false, out);
        }
    }
}
