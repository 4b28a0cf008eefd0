/*! Addresses of objects: `s3://bucket/key`, `gs://bucket/key`, `az://container/key`, `https://host/key`. */

use std::borrow::Cow;

/// A kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scheme {
    S3,
    Gs,
    Az,
    Https,
}

impl Scheme {
    const ALL: [Self; 4] = [Self::S3, Self::Gs, Self::Az, Self::Https];

    fn word(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Gs => "gs",
            Self::Az => "az",
            Self::Https => "https",
        }
    }
}

/// An address in its pieces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    pub(super) scheme: Scheme,
    /// The bucket, container or host.
    pub(super) place: String,
    /// The key of an object, or what the keys of a folder begin with.
    pub(super) key: String,
}

/// Is the path an address in a store?
pub fn is_address(path: &str) -> bool {
    split(path).is_some()
}

fn split(path: &str) -> Option<(Scheme, &str)> {
    Scheme::ALL.into_iter().find_map(|scheme| {
        let rest = path.strip_prefix(scheme.word())?.strip_prefix("://")?;
        Some((scheme, rest))
    })
}

/// A path as outputs may show it: an address without the user and the query, which may be secrets.
pub fn without_secrets(path: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = split(path) else { return Cow::Borrowed(path) };
    let query: &[char] = if scheme == Scheme::Https { &['?', '#'] } else { &['?'] };
    let rest = rest.split(query).next().unwrap_or_default();
    let place = rest.split('/').next().unwrap_or_default();
    // A password with a slash in it ends the host too early.
    let is_port =
        |port: &str| port.ends_with(']') || port.bytes().all(|byte| byte.is_ascii_digit());
    let has_user =
        place.contains('@') || place.rsplit_once(':').is_some_and(|(_, port)| !is_port(port));
    let rest = if has_user { rest.rsplit('@').next().unwrap_or_default() } else { rest };
    let shown = format!("{}://{rest}", scheme.word());
    if shown == path { Cow::Borrowed(path) } else { Cow::Owned(shown) }
}

impl Address {
    /// Reads an address. One with a query or a user holds a secret, which would end in reports.
    pub(super) fn parse(path: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = split(path).ok_or("not an address in a store")?;
        let (place, key) = rest.split_once('/').unwrap_or((rest, ""));
        if place.is_empty() {
            return Err("an address without a bucket or host");
        }
        if place.contains('@') || scheme == Scheme::Https && key.contains(['?', '#']) {
            return Err("an address with credentials in it: give them in the environment");
        }
        Ok(Self { scheme, place: place.to_owned(), key: key.to_owned() })
    }

    /// The address of an object in the same place.
    pub(super) fn of(&self, key: &str) -> String {
        format!("{}://{}/{key}", self.scheme.word(), self.place)
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
            assert_eq!(
                (address.scheme.word(), &*address.place, &*address.key),
                (scheme, place, key)
            );
        }
        for path in ["s3:///key", "https://u:p@host/a", "https://host/a?sig=x", "https://"] {
            assert!(is_address(path) && Address::parse(path).is_err(), "{path}");
        }
        for path in ["logs/a", "http://host/a", "s3:/a", "S3://a/b", "file:///a"] {
            assert!(!is_address(path), "{path}");
        }
    }

    #[test]
    fn what_may_be_a_secret_is_cut() {
        for (path, shown) in [
            ("https://user:token@host/x", "https://host/x"),
            ("https://user:to@ken@host/x?sig=1#a", "https://host/x"),
            ("https://user:to/ken@host/x", "https://host/x"),
            ("https://host/a?sig=x", "https://host/a"),
            ("https://host/a#token", "https://host/a"),
            ("https://host?sig=x", "https://host"),
            ("az://box/a?sv=1&sig=x", "az://box/a"),
            ("s3://key:secret@logs/a", "s3://logs/a"),
            ("https://host:8443/a@b", "https://host:8443/a@b"),
            ("https://[::1]/a@b", "https://[::1]/a@b"),
            ("gs://logs/a#b@c", "gs://logs/a#b@c"),
            ("logs/user:token@host?x", "logs/user:token@host?x"),
        ] {
            assert_eq!(without_secrets(path), shown, "{path}");
        }
    }
}
