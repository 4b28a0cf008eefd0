/*! Which credentials are meant to last, and which are issued for hours: session keys, tokens, leases. */

/// How long a credential is meant to last, by its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// Until somebody rotates it.
    Lasting,
    /// For hours at most: it is issued to the holder of another one. With what it is called.
    Temporary(&'static str),
    /// Its form does not say.
    Unsaid,
}

/// What ids begin with, how long they are at least, and what that says.
const FORMS: &[(&str, usize, Lifetime)] = &[
    ("AKIA", 16, Lifetime::Lasting),
    ("ASIA", 16, Lifetime::Temporary("session key")),
    ("hvs.", 20, Lifetime::Temporary("Vault token")),
    ("hvb.", 20, Lifetime::Temporary("Vault token")),
    ("ghs_", 20, Lifetime::Temporary("installation token")),
    ("ya29.", 20, Lifetime::Temporary("access token")),
    ("eyJ", 40, Lifetime::Temporary("token")),
];

impl Lifetime {
    /// By the form of an id, as logged.
    pub(super) fn of(raw: &str) -> Self {
        let form = FORMS.iter().find(|(start, least, _)| {
            raw.starts_with(start) && raw.len() >= *least && !raw.contains(char::is_whitespace)
        });
        form.map_or(Self::Unsaid, |(_, _, lifetime)| *lifetime)
    }
}

/// The form of an id: each run of letters and digits as one sign, so that the ids of one series have one form.
pub(super) fn form(uid: &str) -> String {
    let mut signs: Vec<char> =
        uid.chars().map(|sign| if sign.is_ascii_alphanumeric() { 'x' } else { sign }).collect();
    signs.dedup();
    signs.into_iter().collect()
}

/// Do two ids look like two versions of one credential? They have one form, or begin alike.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    let shorter = one.chars().count().min(other.chars().count());
    let common = one.chars().zip(other.chars()).take_while(|(left, right)| left == right).count();
    form(one) == form(other) && one.len() == other.len() || common >= 3 && 2 * common >= shorter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_keys_are_known_by_their_form() {
        assert_eq!(Lifetime::of("ASIAEXAMPLESESSION00"), Lifetime::Temporary("session key"));
        assert_eq!(Lifetime::of("AKIAEXAMPLEOLDKEY001"), Lifetime::Lasting);
        assert_eq!(Lifetime::of("ASIA"), Lifetime::Unsaid);
        assert_eq!(Lifetime::of("doc-key-2024"), Lifetime::Unsaid);
    }

    #[test]
    fn two_versions_look_alike() {
        assert!(are_alike("doc-key-2024", "doc-key-2026"));
        assert!(are_alike("role_a_old", "role_a_new"));
        assert!(are_alike("AKIAEXAMPLEOLDKEY001", "AKIAEXAMPLENEWKEY002"));
        assert!(are_alike("3f2a9c", "b81e07"));
        assert!(!are_alike("doc-key-2024", "role_a_old"));
    }
}
