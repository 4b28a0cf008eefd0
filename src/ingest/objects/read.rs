/*! Reads one version of an object, range by range. Bytes of another version are never mixed in. */

use std::io::{self, Read};

use bytes::Bytes;
use object_store::path::Path;
use object_store::{Error, GetOptions, GetRange, ObjectMeta, ObjectStore};

use super::address::Address;
use super::connection::with_store;
use super::find::{ObjectVersion, modified, words};
use crate::limits;

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
        if end - self.asked < self.version.bytes && !is_pinned(self.version) {
            return Err(UNPINNED.to_owned());
        }
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
    if !is_same(version, &found.meta) {
        return Err(Failure::Changed);
    }
    let bytes = found.bytes().await.map_err(Failure::Store)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(Failure::Short) }
}

/// Can another version be told from this one? If not, only the bytes of one answer are of one version.
fn is_pinned(version: &ObjectVersion) -> bool {
    version.etag.is_some() || version.modified.is_some()
}

const UNPINNED: &str = "too large to be read at once, and the store gives neither a tag nor a time of it, so a change \
                        between two ranges would not be seen";

fn is_same(version: &ObjectVersion, now: &ObjectMeta) -> bool {
    let is_same = match &version.etag {
        Some(_) => now.e_tag == version.etag,
        None => modified(now) == version.modified,
    };
    is_same && now.size == version.bytes
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

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::super::find::version;
    use super::*;

    fn meta(seconds: u64, etag: Option<&str>, size: u64) -> ObjectMeta {
        ObjectMeta {
            location: Path::from("a"),
            last_modified: (UNIX_EPOCH + Duration::from_secs(seconds)).into(),
            size,
            e_tag: etag.map(str::to_owned),
            version: None,
        }
    }

    fn listed(seconds: u64, etag: Option<&str>, size: u64) -> ObjectVersion {
        // Nothing answers at this address.
        let address = Address::parse("https://127.0.0.1:1/a").expect("an address");
        version(&address, &meta(seconds, etag, size))
    }

    #[test]
    fn an_object_without_tag_and_time_is_of_no_known_version() {
        assert_eq!(listed(0, None, 3).modified, None);
        assert!(
            listed(0, Some("x"), 3).modified.is_some() && listed(9, None, 3).modified.is_some()
        );
        assert!(!is_pinned(&listed(0, None, 3)));
        assert!(is_pinned(&listed(0, Some("x"), 3)) && is_pinned(&listed(9, None, 3)));
    }

    #[test]
    fn another_tag_time_or_size_is_another_version() {
        for (then, now, expected) in [
            ((0, None, 3), (0, None, 3), true),
            ((0, None, 3), (0, None, 4), false),
            ((0, None, 3), (9, None, 3), false),
            ((9, None, 3), (9, None, 3), true),
            ((9, None, 3), (0, None, 3), false),
            ((9, Some("x"), 3), (9, Some("y"), 3), false),
            ((9, Some("x"), 3), (9, None, 3), false),
            ((0, Some("x"), 3), (9, Some("x"), 3), true),
        ] {
            let same = is_same(&listed(then.0, then.1, then.2), &meta(now.0, now.1, now.2));
            assert_eq!(same, expected, "{then:?} {now:?}");
        }
    }

    #[test]
    fn ranges_of_an_object_of_no_known_version_are_not_joined() {
        let large = listed(0, None, limits::STORE_BLOCK_BYTES + 1);
        let error = open(&large).expect("opened").read(&mut [0; 9]).expect_err("refused");
        assert_eq!(error.to_string(), UNPINNED);
    }
}
