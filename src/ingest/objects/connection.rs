/*! The stores that a thread speaks to. Each thread keeps its connections. */

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use object_store::http::HttpBuilder;
use object_store::{ClientOptions, ObjectStore, RetryConfig};
use tokio::runtime::Runtime;

use super::address::{Address, Scheme};
use crate::limits;

/// A store, and what runs its requests.
pub(super) struct Connection {
    pub(super) runtime: Runtime,
    stores: BTreeMap<(Scheme, String), Arc<dyn ObjectStore>>,
}

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

/// Runs requests to the store of an address. The error says why there can be none.
pub(super) fn with_store<T>(
    address: &Address,
    run: impl FnOnce(&Runtime, &dyn ObjectStore) -> T,
) -> Result<T, String> {
    CONNECTION.with_borrow_mut(|slot| {
        let connection = match slot {
            Some(connection) => connection,
            None => slot.insert(Connection::new()?),
        };
        let store = connection.store(address)?;
        Ok(run(&connection.runtime, store.as_ref()))
    })
}

impl Connection {
    fn new() -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("requests cannot be made: {error}"))?;
        Ok(Self { runtime, stores: BTreeMap::new() })
    }

    fn store(&mut self, address: &Address) -> Result<Arc<dyn ObjectStore>, String> {
        let key = (address.scheme, address.place.clone());
        if let Some(store) = self.stores.get(&key) {
            return Ok(Arc::clone(store));
        }
        let store = build(address)?;
        self.stores.insert(key, Arc::clone(&store));
        Ok(store)
    }
}

/// How often and how long a request is made again that the store refused or dropped.
fn retries() -> RetryConfig {
    RetryConfig {
        max_retries: limits::STORE_RETRIES,
        retry_timeout: Duration::from_secs(limits::STORE_RETRY_SECONDS),
        ..RetryConfig::default()
    }
}

fn build(address: &Address) -> Result<Arc<dyn ObjectStore>, String> {
    let place = address.place.as_str();
    match address.scheme {
        Scheme::Https => {
            let store = HttpBuilder::new().with_url(format!("https://{place}"));
            shared(store.with_client_options(ClientOptions::new()).with_retry(retries()).build())
        }
        Scheme::S3 => {
            let store = object_store::aws::AmazonS3Builder::from_env().with_bucket_name(place);
            shared(store.with_retry(retries()).build())
        }
        Scheme::Gs => {
            let store = object_store::gcp::GoogleCloudStorageBuilder::from_env();
            shared(store.with_bucket_name(place).with_retry(retries()).build())
        }
        Scheme::Az => {
            let store = object_store::azure::MicrosoftAzureBuilder::from_env();
            shared(store.with_container_name(place).with_retry(retries()).build())
        }
    }
}

/// A store that was built. What it says of its settings may hold a secret.
fn shared<S: ObjectStore>(built: object_store::Result<S>) -> Result<Arc<dyn ObjectStore>, String> {
    match built {
        Ok(store) => Ok(Arc::new(store)),
        Err(_) => {
            Err("the settings of the store in the environment are incomplete or wrong".to_owned())
        }
    }
}
