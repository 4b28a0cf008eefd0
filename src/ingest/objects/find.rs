/*! Finds objects: the one that an address names, or all whose keys begin with it. */

use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{Error, ObjectMeta, ObjectStore, ObjectStoreExt};

use super::address::{Address, Scheme};
use super::connection::with_store;
use crate::model::Timestamp;

/// One version of an object. Its bytes are the only ones that are read for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectVersion {
    /// Where it is.
    pub url: String,
    /// The size as stored.
    pub bytes: u64,
    /// When it was written.
    pub modified: Option<Timestamp>,
    /// The tag of its bytes, if the store gives one.
    pub etag: Option<String>,
}

/// What an address leads to.
pub(crate) type Found = Result<Vec<ObjectVersion>, String>;

/// The objects at an address, sorted as the store sorts them, or why there are none.
pub(crate) fn find(path: &str) -> Found {
    let address = Address::parse(path)?;
    let found = with_store(&address, |runtime, store| runtime.block_on(objects(store, &address)))?;
    let found = found.map_err(|error| words(&error))?;
    if found.is_empty() {
        return Err("no such object, and no object below it".to_owned());
    }
    Ok(found)
}

async fn objects(store: &dyn ObjectStore, address: &Address) -> Result<Vec<ObjectVersion>, Error> {
    let key = Path::parse(address.key.trim_end_matches('/'))?;
    let is_folder = address.key.is_empty() || address.key.ends_with('/');
    let mut metas: Vec<ObjectMeta> = Vec::new();
    if !is_folder {
        match store.head(&key).await {
            // An object may have the name of a folder, which a file cannot.
            Ok(meta) => metas.push(meta),
            Err(Error::NotFound { .. }) if address.scheme != Scheme::Https => {}
            Err(error) => return Err(error),
        }
    }
    let has_object = !metas.is_empty();
    if address.scheme != Scheme::Https || is_folder {
        let below: Result<Vec<ObjectMeta>, Error> = store.list(Some(&key)).try_collect().await;
        match below {
            Ok(below) => {
                metas.extend(below.into_iter().filter(|meta| is_folder || meta.location != key));
            }
            // Who may read an object need not be allowed to list others.
            Err(Error::PermissionDenied { .. } | Error::Unauthenticated { .. }) if has_object => {}
            Err(error) => return Err(error),
        }
    }
    let is_only_folder = |meta: &ObjectMeta| {
        // Consoles make an object without bytes for a folder.
        let below = format!("{}/", meta.location);
        let holds = |other: &ObjectMeta| other.location.as_ref().starts_with(&below);
        meta.size == 0 && (is_folder && meta.location == key || metas.iter().any(holds))
    };
    let objects = metas.iter().filter(|meta| !is_only_folder(meta));
    Ok(objects.map(|meta| version(address, meta)).collect())
}

pub(super) fn version(address: &Address, meta: &ObjectMeta) -> ObjectVersion {
    ObjectVersion {
        url: address.of(meta.location.as_ref()),
        bytes: meta.size,
        modified: modified(meta),
        etag: meta.e_tag.clone(),
    }
}

/// When an object was written. Where a store gives neither a tag nor a time, the library says 1970.
pub(super) fn modified(meta: &ObjectMeta) -> Option<Timestamp> {
    let modified = Timestamp(meta.last_modified.timestamp_micros());
    (modified.0 != 0 || meta.e_tag.is_some()).then_some(modified)
}

/// What a store answered, in our words.
pub(super) fn words(error: &Error) -> String {
    let what = match error {
        Error::NotFound { .. } => "no such object",
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            "the store denies access: check the credentials in the environment"
        }
        Error::Precondition { .. } | Error::NotModified { .. } => "changed while being read",
        Error::InvalidPath { .. } => "the address has a key that no store has",
        Error::NotSupported { .. } | Error::NotImplemented { .. } => {
            "the store cannot list or read ranges"
        }
        _ => "the store does not answer, or answers with errors, also when asked again",
    };
    what.to_owned()
}
