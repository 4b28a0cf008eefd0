/*! Which ids of jobs name one job wherever they stand, and which do so only within their consumer. */

use std::sync::LazyLock;

use regex::RegexSet;

/// A UUID, a ULID, 16 or more hexadecimal digits with a letter among them, the fingerprint that masking leaves: at the
/// end of the id, behind a name perhaps.
static MADE_UNIQUE: LazyLock<[RegexSet; 2]> = LazyLock::new(|| {
    let set = |patterns: &[&str]| RegexSet::new(patterns).expect("valid expressions");
    let whole = set(&[
        r"^(.*[^0-9A-Za-z])?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        r"^(.*[^0-9A-Za-z])?[0-7][0-9A-HJKMNP-TV-Z]{25}$",
        r"^.*fp:[0-9a-f]{12}$",
    ]);
    let digits = set(&[
        r"^(.*[^0-9A-Za-z])?[0-9a-fA-F]{16,}$",
        r"^(.*[^0-9A-Za-z])?[0-9]*[a-fA-F][0-9a-fA-F]*$",
    ]);
    [whole, digits]
});

/// Whether an id is made to be unique. A date, a name, a counter or a number of a run is not.
pub fn is_made_unique(id: &str) -> bool {
    let [whole, digits] = &*MADE_UNIQUE;
    whole.is_match(id) || digits.matches(id).matched_all()
}

#[cfg(test)]
mod tests {
    use super::is_made_unique;

    #[test]
    fn ids_that_are_made_to_be_unique_are_known_by_their_form() {
        for id in [
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "sync:0f8fad5b-d9cb-469f-a165-70867728950e",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "4bf92f3577b34da6",
            "trace-4bf92f3577b34da6a3ce929d0e0e4736",
            "job fp:0123456789ab",
        ] {
            assert!(is_made_unique(id), "{id}");
        }
    }

    #[test]
    fn dates_names_and_counters_are_not() {
        for id in [
            "2026-03-02",
            "nightly",
            "41",
            "1772443800000000",
            "4bf92f3577b34da",
            "x4bf92f3577b34da6",
            "",
        ] {
            assert!(!is_made_unique(id), "{id}");
        }
    }
}
