/*! Addresses of objects: `s3://bucket/key`, `gs://bucket/key`, `az://container/key`, `https://host/key`. */

/// What is read over a network.
const SCHEMES: [&str; 4] = ["s3", "gs", "az", "https"];

/// An address in its pieces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    pub(super) scheme: &'static str,
    /// The bucket, container or host.
    pub(super) place: String,
    /// The key of an object, or what the keys of a folder begin with.
    pub(super) key: String,
}

/// Is the path an address in a store?
pub fn is_address(path: &str) -> bool {
    split(path).is_some()
}

fn split(path: &str) -> Option<(&'static str, &str)> {
    SCHEMES.iter().find_map(|scheme| {
        let rest = path.strip_prefix(scheme)?.strip_prefix("://")?;
        Some((*scheme, rest))
    })
}

impl Address {
    /// Reads an address. One with a query or a user holds a secret, which would end in reports.
    pub(super) fn parse(path: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = split(path).ok_or("not an address in a store")?;
        let (place, key) = rest.split_once('/').unwrap_or((rest, ""));
        if place.is_empty() {
            return Err("an address without a bucket or host");
        }
        if place.contains('@') || scheme == "https" && key.contains(['?', '#']) {
            return Err("an address with credentials in it: give them in the environment");
        }
        Ok(Self { scheme, place: place.to_owned(), key: key.to_owned() })
    }

    /// The address of an object in the same place.
    pub(super) fn of(&self, key: &str) -> String {
        format!("{}://{}/{key}", self.scheme, self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_a_place_and_a_key() {
        for (path, scheme, place, key) in [
            ("s3://logs/2026/a.json.gz", "s3", "logs", "2026/a.json.gz"),
            ("gs://logs", "gs", "logs", ""),
            ("az://box/a?b#c", "az", "box", "a?b#c"),
            ("https://host:8443/a b", "https", "host:8443", "a b"),
        ] {
            let address = Address::parse(path).expect(path);
            assert_eq!((address.scheme, &*address.place, &*address.key), (scheme, place, key));
        }
        for path in ["s3:///key", "https://u:p@host/a", "https://host/a?sig=x", "https://"] {
            assert!(is_address(path) && Address::parse(path).is_err(), "{path}");
        }
        for path in ["logs/a", "http://host/a", "s3:/a", "S3://a/b", "file:///a"] {
            assert!(!is_address(path), "{path}");
        }
    }
}
