/*! What one input may take in all, however its layers, archives and members are put into each other: bytes that are
 * held, windows of decoders, members, and bytes that it becomes.
 */

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use crate::limits;

use super::stream::{ByteStream, broken};

/// What one input may still take. All of its layers share it.
#[derive(Clone)]
pub(super) struct Budget {
    whole_files: Pool,
    windows: Pool,
    members: Pool,
    growth: Rc<Growth>,
}

impl Budget {
    /// The budget of a new input.
    pub(super) fn new() -> Self {
        Self {
            whole_files: Pool::of(limits::HELD_BYTES),
            windows: Pool::of(limits::WINDOW_BYTES),
            members: Pool::of(limits::ARCHIVE_MEMBERS),
            growth: Rc::new(Growth::within(None)),
        }
    }

    /// The budget for the inside of something that is stored in this input: the same, and what it becomes is also
    /// compared with its own stored bytes.
    pub(super) fn inside(&self) -> Self {
        let growth = Rc::new(Growth::within(Some(Rc::clone(&self.growth))));
        Self { growth, ..self.clone() }
    }

    /// Stored bytes were read.
    pub(super) fn add_stored(&self, bytes: u64) {
        self.growth.stored.set(self.growth.stored.get().saturating_add(bytes));
    }

    /// Bytes were decoded. An error: stored bytes became too many.
    pub(super) fn add_decoded(&self, bytes: u64) -> io::Result<()> {
        self.growth.add(bytes);
        if self.has_outgrown() {
            let (ratio, free) = (limits::EXPANSION_RATIO, limits::ARCHIVE_FREE_BYTES >> 30);
            return Err(broken(format!(
                "decompression stopped: all of it is more than the limit of {free} GiB and {ratio} bytes from one"
            )));
        }
        Ok(())
    }

    /// Has the input, or something it stands in, become too much?
    pub(super) fn has_outgrown(&self) -> bool {
        self.growth.is_over()
    }

    /// Takes one member of an archive; `false` if there were too many.
    pub(super) fn take_member(&self) -> bool {
        self.members.take(1)
    }

    /// The memory for the window of one more decoder: at most `most`, and half of what is left, so that decoders inside
    /// of this one get some too.
    pub(super) fn window(&self, most: u64) -> Held {
        let bytes = most.min(self.windows.left.get() * 2 / 5);
        self.windows.take(bytes);
        Held { bytes, pool: self.windows.clone() }
    }

    /// All bytes of a stream that can only be read whole. `what` names it.
    pub(super) fn read_whole(
        &self,
        what: &str,
        stream: &mut dyn Read,
        limit: u64,
    ) -> Result<(Vec<u8>, Held), String> {
        let left = self.whole_files.left.get();
        let mut bytes = Vec::new();
        stream
            .take(limit.min(left) + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| format!("the {what} cannot be read: {error}"))?;
        let count = bytes.len() as u64;
        if count > limit {
            return Err(format!(
                "the {what} is over the limit of {} MiB: unpack or split it first",
                limit >> 20
            ));
        }
        if !self.whole_files.take(count) {
            let all = limits::HELD_BYTES >> 20;
            return Err(format!(
                "the {what} and what it stands in are over the limit of {all} MiB: unpack or split it first"
            ));
        }
        Ok((bytes, Held { bytes: count, pool: self.whole_files.clone() }))
    }
}

/// Something of which an input may take so much.
#[derive(Clone)]
struct Pool {
    left: Rc<Cell<u64>>,
}

impl Pool {
    fn of(all: u64) -> Self {
        Self { left: Rc::new(Cell::new(all)) }
    }

    fn take(&self, count: u64) -> bool {
        let left = self.left.get().checked_sub(count);
        left.inspect(|left| self.left.set(*left)).is_some()
    }
}

/// Memory that is in use. It goes back when this is dropped.
pub(super) struct Held {
    pub(super) bytes: u64,
    pool: Pool,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.pool.left.set(self.pool.left.get() + self.bytes);
    }
}

/// What stored bytes became, here and in what they stand in.
struct Growth {
    outer: Option<Rc<Growth>>,
    stored: Cell<u64>,
    decoded: Cell<u64>,
}

impl Growth {
    fn within(outer: Option<Rc<Self>>) -> Self {
        Self { outer, stored: Cell::new(0), decoded: Cell::new(0) }
    }

    fn add(&self, bytes: u64) {
        self.decoded.set(self.decoded.get().saturating_add(bytes));
        if let Some(outer) = &self.outer {
            outer.add(bytes);
        }
    }

    fn is_over(&self) -> bool {
        let decoded = self.decoded.get();
        let is_over = decoded > limits::ARCHIVE_FREE_BYTES
            && decoded / limits::EXPANSION_RATIO > self.stored.get();
        is_over || self.outer.as_ref().is_some_and(|outer| outer.is_over())
    }
}

/// A stream that holds memory while it is read.
pub(super) struct Holding<'a> {
    pub(super) stream: ByteStream<'a>,
    pub(super) _held: Held,
}

impl Read for Holding<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.stream.read(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoders_in_each_other_share_the_memory_for_windows() {
        let budget = Budget::new();
        let mib = |held: &Held| held.bytes >> 20;
        let outer = budget.window(limits::XZ_MEMORY_BYTES);
        let middle = budget.inside().window(limits::XZ_MEMORY_BYTES);
        let inner = budget.inside().inside().window(limits::XZ_MEMORY_BYTES);
        assert_eq!((mib(&outer), mib(&middle), mib(&inner)), (128, 76, 46));
        drop((outer, middle, inner));
        assert_eq!(mib(&budget.window(limits::XZ_MEMORY_BYTES)), 128, "memory goes back");
    }

    #[test]
    fn files_that_are_held_in_each_other_share_the_memory() {
        let budget = Budget::new();
        let whole = |bytes: u64, limit| {
            budget.read_whole("zip", &mut io::repeat(b'x').take(bytes), limit).map(|(_, held)| held)
        };
        let outer = whole(3 << 20, 3 << 20);
        assert!(outer.is_ok());
        let said = "the zip is over the limit of 3 MiB: unpack or split it first";
        assert_eq!(whole((3 << 20) + 1, 3 << 20).err().as_deref(), Some(said));
        budget.whole_files.left.set(1 << 20);
        let said =
            "the zip and what it stands in are over the limit of 512 MiB: unpack or split it first";
        assert_eq!(whole(2 << 20, 3 << 20).err().as_deref(), Some(said));
        drop(outer);
        assert_eq!(budget.whole_files.left.get(), 4 << 20);
    }

    #[test]
    fn members_may_become_so_much_together() {
        let budget = Budget::new();
        budget.add_stored(10 << 20);
        // Each member alone stays below the free bytes of a stream.
        let member = || {
            let inside = budget.inside();
            inside.add_stored(1 << 20);
            inside.add_decoded(limits::EXPANSION_FREE_BYTES)
        };
        assert!((0..4).all(|_| member().is_ok()));
        let said = member().unwrap_err().to_string();
        assert_eq!(
            said,
            "decompression stopped: all of it is more than the limit of 4 GiB and 500 bytes from one"
        );
        assert!(budget.has_outgrown());
        // Honest members are a hundred times as large as they are stored, however many they are.
        let honest = Budget::new();
        for _ in 0..10_000 {
            honest.add_stored(1 << 20);
            assert!(honest.inside().add_decoded(100 << 20).is_ok());
        }
    }
}
