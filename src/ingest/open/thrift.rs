/*! Values of the compact Thrift protocol, in which Parquet describes itself: passed over without being built, to a
 * bounded depth, and never longer than the bytes that are there.
 */

/// How deep values may nest. The description of a Parquet file reaches eight.
const VALUE_DEPTH: usize = 32;

/// A part of a file, or what is wrong with it.
pub(super) type Checked<T> = Result<T, String>;

pub(super) fn contradiction() -> String {
    "it contradicts itself".to_owned()
}

/// A number whose sign is its lowest bit; one below zero, which no length is, becomes the largest.
pub(super) fn unzigzag(number: u64) -> u64 {
    if number & 1 == 0 { number >> 1 } else { u64::MAX }
}

/// The kinds of values of the compact Thrift protocol, by how their lengths are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Is in its own header.
    Bool,
    /// Has this number of bytes.
    Fixed(usize),
    Number,
    Text,
    List,
    Map,
    Struct,
}

impl Kind {
    fn of(code: u8) -> Checked<Self> {
        Ok(match code {
            1 | 2 => Self::Bool,
            3 => Self::Fixed(1),
            4..=6 => Self::Number,
            7 => Self::Fixed(8),
            8 => Self::Text,
            9 | 10 => Self::List,
            11 => Self::Map,
            12 => Self::Struct,
            13 => Self::Fixed(16),
            _ => return Err(contradiction()),
        })
    }
}

/// Values of the compact Thrift protocol.
pub(super) struct Values<'s> {
    pub(super) left: &'s [u8],
}

impl Values<'_> {
    fn byte(&mut self) -> Checked<u8> {
        let (first, left) = self.left.split_first().ok_or_else(contradiction)?;
        self.left = left;
        Ok(*first)
    }

    pub(super) fn number(&mut self) -> Checked<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(contradiction())
    }

    /// A length that the bytes which are left can have, at one byte each.
    fn length(&mut self) -> Checked<usize> {
        let length = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if length > self.left.len() { Err(contradiction()) } else { Ok(length) }
    }

    fn bytes(&mut self, count: usize) -> Checked<()> {
        self.left = self.left.get(count..).ok_or_else(contradiction)?;
        Ok(())
    }

    /// The header of the next field of a struct; `None` at its end.
    pub(super) fn field(&mut self, id: &mut u64) -> Checked<Option<Kind>> {
        let header = self.byte()?;
        if header == 0 {
            return Ok(None);
        }
        *id = match header >> 4 {
            0 => unzigzag(self.number()?),
            more => id.saturating_add(u64::from(more)),
        };
        Kind::of(header & 0xf).map(Some)
    }

    /// The header of a list: how many elements, and of which kind.
    pub(super) fn list(&mut self) -> Checked<(usize, Kind)> {
        let header = self.byte()?;
        let count = match header >> 4 {
            15 => self.length()?,
            count => usize::from(count),
        };
        let kind = Kind::of(header & 0xf)?;
        Ok((count, if kind == Kind::Bool { Kind::Fixed(1) } else { kind }))
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self, kind: Kind) -> Checked<()> {
        self.skip_within(kind, VALUE_DEPTH)
    }

    fn skip_within(&mut self, kind: Kind, depth: usize) -> Checked<()> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(format!("its values nest deeper than {VALUE_DEPTH}"));
        };
        match kind {
            Kind::Bool => Ok(()),
            Kind::Fixed(bytes) => self.bytes(bytes),
            Kind::Number => self.number().map(|_| ()),
            Kind::Text => {
                let length = self.length()?;
                self.bytes(length)
            }
            Kind::List => {
                let (count, kind) = self.list()?;
                (0..count).try_for_each(|_| self.skip_within(kind, depth))
            }
            Kind::Map => {
                let count = self.length()?;
                let kinds = if count > 0 { self.byte()? } else { return Ok(()) };
                let (key, value) = (element(kinds >> 4)?, element(kinds & 0xf)?);
                (0..count).try_for_each(|_| {
                    self.skip_within(key, depth)?;
                    self.skip_within(value, depth)
                })
            }
            Kind::Struct => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip_within(kind, depth)?;
                }
                Ok(())
            }
        }
    }
}

/// The kind of an element of a map, in which a bool takes a byte.
fn element(code: u8) -> Checked<Kind> {
    let kind = Kind::of(code)?;
    Ok(if kind == Kind::Bool { Kind::Fixed(1) } else { kind })
}
