/*! Reads one version of an object, range by range. Bytes of another version are never mixed in. */

use std::io::{self, Read};

use bytes::Bytes;
use object_store::path::Path;
use object_store::{Error, GetOptions, GetRange, ObjectStore};

use super::address::Address;
use super::connection::with_store;
use super::find::{ObjectVersion, words};
use crate::limits;
use crate::model::Timestamp;

/// The bytes of one version of an object.
pub(crate) struct ObjectReader<'v> {
    version: &'v ObjectVersion,
    address: Address,
    key: Path,
    /// How many bytes were asked for.
    asked: u64,
    block: Bytes,
    failed: Option<String>,
}

/// Why a range could not be read.
enum Failure {
    Changed,
    Store(Error),
    Short,
}

/// Opens a version of an object. No request is made yet.
pub(crate) fn open(version: &ObjectVersion) -> Result<ObjectReader<'_>, String> {
    let address = Address::parse(&version.url)?;
    let key = Path::parse(&address.key).map_err(|_| "the address has a key that no store has")?;
    Ok(ObjectReader { version, address, key, asked: 0, block: Bytes::new(), failed: None })
}

impl ObjectReader<'_> {
    /// Reads the next range. A body that ends early is asked for again, a few times.
    fn next_block(&mut self) -> Result<Bytes, String> {
        let end = self.version.bytes.min(self.asked + limits::STORE_BLOCK_BYTES);
        let range = self.asked..end;
        let mut last = Failure::Short;
        for _ in 0..limits::STORE_BODIES {
            let (version, key, range) = (self.version, &self.key, range.clone());
            let answer = with_store(&self.address, |runtime, store| {
                runtime.block_on(read_range(store, key, version, range))
            })?;
            match answer {
                Ok(bytes) => {
                    self.asked = end;
                    return Ok(bytes);
                }
                Err(failure @ (Failure::Changed | Failure::Store(Error::Precondition { .. }))) => {
                    last = failure;
                    break;
                }
                Err(failure) => last = failure,
            }
        }
        Err(match last {
            Failure::Changed => "changed while being read".to_owned(),
            Failure::Store(error) => words(&error),
            Failure::Short => "the store sends fewer bytes than the object has".to_owned(),
        })
    }
}

async fn read_range(
    store: &dyn ObjectStore,
    key: &Path,
    version: &ObjectVersion,
    range: std::ops::Range<u64>,
) -> Result<Bytes, Failure> {
    let length = range.end - range.start;
    let options = GetOptions {
        if_match: version.etag.clone(),
        range: Some(GetRange::Bounded(range)),
        ..GetOptions::default()
    };
    let found = store.get_opts(key, options).await.map_err(Failure::Store)?;
    // A store may ignore the condition; then what it says of the object tells.
    let modified = Some(Timestamp(found.meta.last_modified.timestamp_micros()));
    let is_tagged = version.etag.is_some();
    let is_same =
        if is_tagged { found.meta.e_tag == version.etag } else { modified == version.modified };
    if !is_same || found.meta.size != version.bytes {
        return Err(Failure::Changed);
    }
    let bytes = found.bytes().await.map_err(Failure::Store)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(Failure::Short) }
}

impl Read for ObjectReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let broken = |why: &String| io::Error::new(io::ErrorKind::InvalidData, why.clone());
        if let Some(why) = &self.failed {
            return Err(broken(why));
        }
        if self.block.is_empty() && self.asked < self.version.bytes {
            match self.next_block() {
                Ok(block) => self.block = block,
                Err(why) => {
                    let error = broken(&why);
                    self.failed = Some(why);
                    return Err(error);
                }
            }
        }
        let count = self.block.len().min(out.len());
        out[..count].copy_from_slice(&self.block.split_to(count));
        Ok(count)
    }
}
