/*! Names of instances that a platform generates. An instance with such a name never comes back. */

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

/// How generated names end, each with an example for the tests.
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

/// The pod of a Job: its name and five characters. A word may end like that too, so a digit and a letter are required.
static JOB: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("-([bcdfghjklmnpqrstvwxz2456789]{5})$").expect("a good expression")
});

/// A name that holds an IP address, such as `ip-10-0-3-7` or `worker-10.0.3.7`.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(^|[^0-9])[0-9]{1,3}([.-][0-9]{1,3}){3}($|[^0-9])").expect("a good expression")
});

/// Does the name hold an IP address? Then it belongs to the machine that has the address now.
pub fn holds_address(name: &str) -> bool {
    ADDRESS.is_match(name) || name.parse::<std::net::Ipv6Addr>().is_ok()
}

/// The generated names among those of the instances of a class. A name that ends in five characters may also be a given
/// one (`worker-db442`). It is taken for generated if another name differs in these five characters only.
pub fn generated<'n>(names: impl Iterator<Item = &'n str>) -> BTreeSet<&'n str> {
    let names: Vec<&str> = names.collect();
    let mut stems: BTreeMap<&str, usize> = BTreeMap::new();
    for stem in names.iter().filter_map(|name| job_stem(name)) {
        *stems.entry(stem).or_insert(0) += 1;
    }
    let is_job = |name: &str| job_stem(name).is_some_and(|stem| stems[stem] > 1);
    let has_generated_end = |name: &str| GENERATED.iter().any(|ending| ending.is_match(name));
    names.into_iter().filter(|name| has_generated_end(name) || is_job(name)).collect()
}

/// The part before the five characters of a pod of a Job.
fn job_stem(name: &str) -> Option<&str> {
    let end = JOB.captures(name)?.get(1)?;
    let text = end.as_str();
    let is_mixed =
        text.chars().any(|c| c.is_ascii_digit()) && text.chars().any(|c| c.is_ascii_alphabetic());
    is_mixed.then(|| &name[..end.start()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_names_are_told_apart_from_given_ones() {
        let is_generated = |name: &str| !generated([name].into_iter()).is_empty();
        for (ending, example) in ENDINGS {
            assert!(is_generated(example), "{ending} {example}");
        }
        for given in
            ["web-1", "billing-host-03", "db-mssql", "kafka-0", "worker", "10.0.0.4", "cafe"]
        {
            assert!(!is_generated(given), "{given}");
        }
        assert!(!is_generated("worker-db442"), "one of its kind may be a given name");
        let pods = ["report-x2k9p", "report-7xkq2", "worker-db442"];
        assert_eq!(generated(pods.into_iter()), BTreeSet::from(["report-x2k9p", "report-7xkq2"]));
    }
}
