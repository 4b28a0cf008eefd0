/*! Digests: of the bytes of inputs, as hexadecimal text, and shortened. */

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The digest that is computed of the bytes of an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum DigestKind {
    /// SHA-256.
    #[default]
    Sha256,
    /// BLAKE3, of 256 bits.
    Blake3,
}

impl DigestKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Sha256, Self::Blake3];

    /// The name that outputs give it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Blake3 => "blake3",
        }
    }

    /// The text of a digest: hexadecimal digits, behind the name unless it is SHA-256. Those of different kinds differ.
    pub fn text(self, digits: &str) -> String {
        match self {
            Self::Sha256 => digits.to_owned(),
            Self::Blake3 => format!("{}:{digits}", self.name()),
        }
    }

    /// The kind and the digits of such a text.
    pub fn of(text: &str) -> (Self, &str) {
        match text.strip_prefix("blake3:") {
            Some(digits) => (Self::Blake3, digits),
            None => (Self::Sha256, text),
        }
    }
}

/// The first 128 bits of a digest, which are enough to tell records and series apart.
pub fn short(digest: &[u8; 32]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    short
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_byte_has_two_digits() {
        assert_eq!(super::hex(b"\x00\x0f\xff"), "000fff");
    }
}
