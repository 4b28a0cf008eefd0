/*! gzip: every member, each checked against its checksum and length. */

use std::io::{self, BufRead, BufReader, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::limits;

use crate::ingest::remark::{is_like_a_record, is_record_as_name};
use crate::ingest::stream::{ByteStream, broken};

const EARLY: &str = "gzip stream ends early";
const RESERVED_FLAGS: u8 = 0b1110_0000;
const HAS_HEADER_CRC: u8 = 0b0000_0010;
const HAS_EXTRA: u8 = 0b0000_0100;
const HAS_NAME: u8 = 0b0000_1000;
const HAS_COMMENT: u8 = 0b0001_0000;

/// The decoded bytes of all members.
pub(super) fn open(stream: ByteStream<'_>) -> ByteStream<'_> {
    Box::new(Gunzip {
        input: BufReader::with_capacity(limits::BLOCK_BYTES, stream),
        inflate: Decompress::new(false),
        crc: Crc::new(),
        state: GzipPart::Header,
        failure: None,
        is_remarked: false,
    })
}

#[derive(Clone, Copy)]
enum GzipPart {
    Header,
    Body,
    Trailer,
    BetweenMembers,
    Over,
}

struct Gunzip<'a> {
    input: BufReader<ByteStream<'a>>,
    inflate: Decompress,
    crc: Crc,
    state: GzipPart,
    /// An error to report once the bytes before it are out.
    failure: Option<io::Error>,
    /// A header holds what looks like a record.
    is_remarked: bool,
}

impl Read for Gunzip<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        if let Some(error) = self.failure.take() {
            self.state = GzipPart::Over;
            return Err(error);
        }
        self.advance(out).inspect_err(|_| self.state = GzipPart::Over)
    }
}

impl Gunzip<'_> {
    fn advance(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.state {
                GzipPart::Header => {
                    self.header()?;
                    self.inflate.reset(false);
                    self.crc.reset();
                    self.state = GzipPart::Body;
                }
                GzipPart::Body => {
                    let count = self.body(out)?;
                    if count > 0 {
                        return Ok(count);
                    }
                }
                GzipPart::Trailer => {
                    self.trailer()?;
                    self.state = GzipPart::BetweenMembers;
                }
                GzipPart::BetweenMembers => self.state = self.next_member()?,
                GzipPart::Over => return Ok(0),
            }
        }
    }

    fn header(&mut self) -> io::Result<()> {
        let [id1, id2, method, flags, _, _, _, _, _, _] = self.bytes()?;
        if [id1, id2] != *b"\x1f\x8b" {
            return Err(broken("bytes after the end of the gzip stream"));
        }
        if method != 8 || flags & RESERVED_FLAGS != 0 {
            return Err(broken("gzip header is corrupt"));
        }
        if flags & HAS_EXTRA != 0 {
            let mut extra = vec![0; usize::from(u16::from_le_bytes(self.bytes()?))];
            self.exact(&mut extra)?;
            self.is_remarked |= is_like_a_record(&extra);
        }
        if flags & HAS_NAME != 0 {
            let name = self.text()?;
            self.is_remarked |= is_record_as_name(&name);
        }
        if flags & HAS_COMMENT != 0 {
            let comment = self.text()?;
            self.is_remarked |= is_like_a_record(&comment);
        }
        if flags & HAS_HEADER_CRC != 0 {
            self.bytes::<2>()?;
        }
        Ok(())
    }

    /// Inflates once. Returns 0 if the data of the member has ended or more input is needed.
    fn body(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let input = self.input.fill_buf()?;
        if input.is_empty() {
            return Err(broken(EARLY));
        }
        let (total_in, total_out) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(input, out, FlushDecompress::None);
        let consumed = usize::try_from(self.inflate.total_in() - total_in).unwrap_or(0);
        let count = usize::try_from(self.inflate.total_out() - total_out).unwrap_or(0);
        self.input.consume(consumed);
        self.crc.update(&out[..count]);
        match status {
            Ok(Status::StreamEnd) => self.state = GzipPart::Trailer,
            Ok(Status::Ok | Status::BufError) if consumed > 0 || count > 0 => {}
            Ok(Status::Ok | Status::BufError) | Err(_) => {
                let error = broken("gzip data is corrupt");
                if count == 0 {
                    return Err(error);
                }
                self.failure = Some(error);
            }
        }
        Ok(count)
    }

    fn trailer(&mut self) -> io::Result<()> {
        if u32::from_le_bytes(self.bytes()?) != self.crc.sum() {
            return Err(broken("gzip checksum does not match"));
        }
        // The stored length is the length modulo 2^32, as is the counted one.
        if u32::from_le_bytes(self.bytes()?) != self.crc.amount() {
            return Err(broken("gzip length does not match"));
        }
        Ok(())
    }

    /// Another member, the end, or zeros to the end, which tapes and block devices add.
    fn next_member(&mut self) -> io::Result<GzipPart> {
        let mut padded = false;
        loop {
            let input = self.input.fill_buf()?;
            let count = input.len();
            match input.iter().find(|byte| **byte != 0) {
                None if count == 0 && self.is_remarked => {
                    return Err(broken(
                        "a remark in the gzip header looks like a record, and is not read",
                    ));
                }
                None if count == 0 => return Ok(GzipPart::Over),
                None => padded = true,
                Some(0x1f) if !padded && input[0] != 0 => return Ok(GzipPart::Header),
                Some(_) => return Err(broken("bytes after the end of the gzip stream")),
            }
            self.input.consume(count);
        }
    }

    /// The text up to its closing zero; of a long one its start.
    fn text(&mut self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        loop {
            match self.bytes()? {
                [0] => return Ok(text),
                [byte] if text.len() < limits::EXCERPT_BYTES => text.push(byte),
                _ => {}
            }
        }
    }

    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.exact(&mut bytes)?;
        Ok(bytes)
    }

    fn exact(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.input.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => broken(EARLY),
            _ => error,
        })
    }
}
