/*! A record that spans blocks: held up to the cap, beyond it only counted and searched. */

use crate::limits;

use super::out::{Out, RecordBytes};

/// The bytes of the open record from earlier blocks.
pub(super) struct Pending {
    bytes: Vec<u8>,
    offset: u64,
    length: u64,
    cap: usize,
}

impl Pending {
    pub(super) fn new(cap: usize) -> Self {
        Self { bytes: Vec::new(), offset: 0, length: 0, cap }
    }

    /// How many bytes of the record have been added.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Starts a record whose bytes follow.
    pub(super) fn open(&mut self, offset: u64) {
        self.bytes.clear();
        self.length = 0;
        self.offset = offset;
    }

    /// Adds bytes. Those beyond the cap are skipped.
    pub(super) fn add(&mut self, bytes: &[u8], out: &mut Out<'_>) {
        let was_held = self.is_held();
        self.length += bytes.len() as u64;
        if self.is_held() {
            self.bytes.extend_from_slice(bytes);
            return;
        }
        if was_held {
            if !self.bytes.is_empty() {
                out.skip(&self.bytes);
            }
            let room = limits::RECORD_HEAD_BYTES.min(self.cap);
            let wanted = room.saturating_sub(self.bytes.len()).min(bytes.len());
            self.bytes.extend_from_slice(&bytes[..wanted]);
            self.bytes.truncate(room);
        }
        out.skip(bytes);
    }

    /// The record with its last bytes. They are not copied if they are the whole record.
    pub(super) fn whole<'b>(&'b mut self, last: &'b [u8], out: &mut Out<'_>) -> RecordBytes<'b> {
        if self.length == 0 && last.len() <= self.cap {
            return RecordBytes::whole(last, self.offset);
        }
        self.add(last, out);
        RecordBytes { bytes: &self.bytes, offset: self.offset, length: self.length }
    }

    fn is_held(&self) -> bool {
        self.length <= self.cap as u64
    }
}
