/*! Names of instances that a platform makes up: they never come back, so nothing can be asked of them again. */

use std::sync::LazyLock;

use regex::Regex;

/// How generated names end, each with an example that the tests hold.
const ENDINGS: &[(&str, &str)] = &[
    (
        r"-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$",
        "api-7d4b9c6f5d-x2k9p",
    ),
    (r"-[0-9]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$", "nightly-29384760-bcdfg"),
    (
        r"(^|[^0-9a-fA-F])[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    ),
    (r"(^|[^0-9a-zA-Z])i-([0-9a-f]{8}|[0-9a-f]{17})$", "i-0abcd1234ef567890"),
    (
        r"(^|[^0-9a-zA-Z])([0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{64})$",
        "2026/03/02/[$LATEST]0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    ),
    (r"(^|[^0-9a-zA-Z])[0-9]{16,20}$", "4520031799277581759"),
];

static GENERATED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    ENDINGS
        .iter()
        .map(|(ending, _)| Regex::new(ending).expect("the table holds good expressions"))
        .collect()
});

/// A Job's pod: its name and five characters. A word could end so too, hence a digit and a letter among them.
static JOB: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("-([bcdfghjklmnpqrstvwxz2456789]{5})$").expect("a good expression")
});

/// Does the name of this instance end in something made up?
pub fn is_generated(name: &str) -> bool {
    let is_job = JOB.captures(name).is_some_and(|found| {
        let end = &found[1];
        end.chars().any(|c| c.is_ascii_digit()) && end.chars().any(|c| c.is_ascii_alphabetic())
    });
    is_job || GENERATED.iter().any(|ending| ending.is_match(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_names_are_told_from_given_ones() {
        for (ending, example) in ENDINGS {
            assert!(is_generated(example), "{ending} {example}");
        }
        for given in
            ["web-1", "billing-host-03", "db-mssql", "kafka-0", "worker", "10.0.0.4", "cafe"]
        {
            assert!(!is_generated(given), "{given}");
        }
        assert!(is_generated("report-x2k9p"));
    }
}
