/*! The profiles that come with the program: one line a source, the most specific first. */

use super::Profile;

/// Name and text of each built-in profile. The last one reads what no other recognises.
pub const PROFILES: &[(&str, &str)] = &[
    ("cloudtrail", include_str!("../../profiles/cloudtrail.toml")),
    ("json", include_str!("../../profiles/json.toml")),
];

/// The names, for plans to be checked against.
pub fn names() -> Vec<&'static str> {
    PROFILES.iter().map(|(name, _)| *name).collect()
}

/// The built-in profiles.
///
/// # Panics
/// If one of them is invalid; a test loads each.
pub fn profiles() -> Vec<Profile> {
    PROFILES
        .iter()
        .map(|(name, text)| {
            super::load(text).unwrap_or_else(|error| unreachable!("profile {name}: {error}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_built_in_profile_loads_under_its_own_name() {
        for ((name, _), profile) in PROFILES.iter().zip(profiles()) {
            assert_eq!(profile.name, *name);
            assert!(!profile.blind_spots.is_empty(), "{name} says what it never records");
            for pointer in profile.pointers() {
                assert!(pointer.starts_with('/'), "{name}: {pointer}");
            }
        }
    }

    #[test]
    fn the_last_profile_reads_anything() {
        assert!(profiles().last().is_some_and(|last| last.sniff.is_empty()));
        for profile in &profiles()[..PROFILES.len() - 1] {
            assert!(!profile.sniff.is_empty(), "{} must be recognisable", profile.name);
        }
    }
}
