/*! UTF-16, as Windows tools write it, into UTF-8. An invalid unit becomes an invalid byte, so that its record is
 * rejected and the next one is read.
 */

use std::io::{self, BufReader, Read};

use crate::limits;

use crate::ingest::stream::{ByteStream, broken};

/// A byte that is never part of UTF-8.
const NO_TEXT: u8 = 0xff;

/// The same text in UTF-8, without its byte order mark.
pub(super) fn open(stream: ByteStream<'_>) -> ByteStream<'_> {
    Box::new(Utf16 {
        stream: BufReader::with_capacity(limits::BLOCK_BYTES, stream),
        order: None,
        half: None,
        high: None,
        out: Vec::new(),
        given: 0,
        is_over: false,
    })
}

#[derive(Clone, Copy)]
enum ByteOrder {
    Little,
    Big,
}

struct Utf16<'a> {
    stream: BufReader<ByteStream<'a>>,
    order: Option<ByteOrder>,
    /// The first byte of a unit whose second byte has not been read.
    half: Option<u8>,
    /// The first unit of a pair.
    high: Option<u16>,
    out: Vec<u8>,
    given: usize,
    is_over: bool,
}

impl Utf16<'_> {
    /// The order of bytes, by the first unit: a mark or an ASCII character.
    fn first(&mut self, first: u8, second: u8) -> Option<u16> {
        let (order, is_mark) = match (first, second) {
            (0xff, 0xfe) => (ByteOrder::Little, true),
            (0xfe, 0xff) => (ByteOrder::Big, true),
            (0, _) => (ByteOrder::Big, false),
            _ => (ByteOrder::Little, false),
        };
        self.order = Some(order);
        (!is_mark).then(|| unit(order, first, second))
    }

    fn take(&mut self, unit: u16) {
        if let Some(high) = self.high.take() {
            if let Some(Ok(character)) = char::decode_utf16([high, unit]).next() {
                self.out.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
                return;
            }
            self.out.push(NO_TEXT);
        }
        match char::decode_utf16([unit]).next() {
            Some(Ok(character)) => self.out.extend(character.encode_utf8(&mut [0; 4]).as_bytes()),
            _ if is_high(unit) => self.high = Some(unit),
            _ => self.out.push(NO_TEXT),
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut block = [0; 8 * 1024];
        let count = self.stream.read(&mut block)?;
        if count == 0 {
            self.is_over = true;
            if self.high.take().is_some() {
                self.out.push(NO_TEXT);
            }
            return Ok(());
        }
        for byte in &block[..count] {
            let Some(half) = self.half.take() else {
                self.half = Some(*byte);
                continue;
            };
            let unit = match self.order {
                Some(order) => Some(unit(order, half, *byte)),
                None => self.first(half, *byte),
            };
            if let Some(unit) = unit {
                self.take(unit);
            }
        }
        Ok(())
    }
}

fn unit(order: ByteOrder, first: u8, second: u8) -> u16 {
    match order {
        ByteOrder::Little => u16::from_le_bytes([first, second]),
        ByteOrder::Big => u16::from_be_bytes([first, second]),
    }
}

fn is_high(unit: u16) -> bool {
    (0xd800..0xdc00).contains(&unit)
}

impl Read for Utf16<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() && !self.is_over {
            self.out.clear();
            self.given = 0;
            self.fill()?;
        }
        let left = &self.out[self.given..];
        if left.is_empty() && self.half.take().is_some() {
            return Err(broken("UTF-16 text ends in half a character"));
        }
        let count = left.len().min(out.len());
        out[..count].copy_from_slice(&left[..count]);
        self.given += count;
        Ok(count)
    }
}
