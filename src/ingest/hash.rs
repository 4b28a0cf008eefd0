/*! The digest of stored bytes, as they are read. */

use sha2::{Digest, Sha256};

use crate::model::{DigestKind, hex};

/// A digest of the bytes so far.
#[derive(Clone)]
pub(super) enum InputHash {
    Sha256(Sha256),
    Blake3(Box<blake3::Hasher>),
}

impl InputHash {
    pub(super) fn new(kind: DigestKind) -> Self {
        match kind {
            DigestKind::Sha256 => Self::Sha256(Sha256::new()),
            DigestKind::Blake3 => Self::Blake3(Box::new(blake3::Hasher::new())),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hash) => hash.update(bytes),
            Self::Blake3(hash) => {
                hash.update(bytes);
            }
        }
    }

    /// The digest as outputs give it.
    pub(super) fn text(self) -> String {
        match self {
            Self::Sha256(hash) => DigestKind::Sha256.text(&hex(&hash.finalize())),
            Self::Blake3(hash) => DigestKind::Blake3.text(&hex(hash.finalize().as_bytes())),
        }
    }
}
