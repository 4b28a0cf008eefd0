/*! Each mistake that a profile can have: its code, its place and its help. */

use super::load;
use super::toml_form::KEYS;

type Case = (&'static str, &'static str, &'static str, &'static str);

/// The text to replace, its replacement, the mistake, and its help.
const CASES: &[Case] = &[
    (
        "layer = \"behavior\"",
        "layer = \"behaviour\"",
        "error[profile::unknown-word]: expected a layer of evidence, found `behaviour`",
        "the nearest known one is `behavior`",
    ),
    (
        "lag = \"15m\"",
        "lag = \"soon\"",
        "error[profile::bad-lag]: expected minutes, found `soon`",
        "write `15m`",
    ),
    (
        "host_name =",
        "hostname =",
        "error[profile::unknown-column]: expected a column of the evidence table, found `hostname`",
        "the nearest known one is `host_name`",
    ),
    (
        "host_name =",
        "stream =",
        "error[profile::computed-column]: the column `stream` is computed and cannot be mapped",
        "leave it out",
    ),
    (
        "[kinds]",
        "[kinds]\nbogus = []",
        "error[profile::unknown-word]: expected a kind of evidence, found `bogus`",
        "the known ones are auth",
    ),
    (
        "[kinds]",
        "[knds]",
        "error[profile::not-a-profile]: unknown field `knds`",
        "the nearest known key is `kinds`",
    ),
    (
        "[kinds]",
        "[[extract]]\ncolumn = \"size\"\nfrom = \"/x\"\npattern = \"a(\"\n[kinds]",
        "error[profile::bad-regex]: expected a regular expression: unclosed group",
        "three quotes",
    ),
    (
        "[kinds]",
        "[[extract]]\ncolumn = \"size\"\nfrom = \"x.y\"\npattern = \"a\"\n[kinds]",
        "error[profile::no-group]: expected an expression with a group, found `a`",
        "write `/x/y`",
    ),
    (
        "[kinds]",
        "[[join]]\ncolumn = \"event_id\"\nfrom = [\"/x\"]\n[kinds]",
        "error[profile::bad-join]: expected two fields or more to join",
        "under `[fields]`",
    ),
    (
        "[kinds]",
        "[[join]]\ncolumn = \"size\"\nfrom = [\"/x\", \"/y\"]\n[kinds]",
        "error[profile::bad-join]: expected a column of texts or times, found `size`",
        "cannot be joined",
    ),
    (
        "[kinds]",
        "[[join]]\ncolumn = \"event_id\"\nfrom = [\"/x\", \"y\"]\n[kinds]",
        "error[profile::bad-pointer]: expected a JSON Pointer, found `y`",
        "write `/y`",
    ),
    (
        "lag = \"15m\"",
        "lag = \"15m\"\ntime_span = \"1d\"",
        "error[profile::bad-lag]: expected minutes, found `1d`",
        "write `15m`",
    ),
    (
        "[kinds]",
        "[[outcome]]\nwhen = { \"/x\" = [\"y\"] }\noutcome = \"refused\"\n[kinds]",
        "error[profile::unknown-word]: expected an outcome, found `refused`",
        "the known ones are success",
    ),
    (
        "[kinds]",
        "[[outcome]]\nwhen = {}\noutcome = \"denied\"\n[kinds]",
        "error[profile::no-condition]: expected a condition of the outcome",
        "`absent`",
    ),
    (
        "\"/event.duration\" = \"ns\"",
        "duration_ms = \"sec\"",
        "error[profile::unknown-word]: expected a unit of time, found `sec`",
        "the known ones are ns, us, ms, s",
    ),
    (
        "\"/event.duration\" = \"ns\"",
        "size = \"s\"",
        "error[profile::other-column]: expected `duration_ms` or the pointer of one of its fields, found `size`",
        "only `duration_ms` can have it",
    ),
    (
        "[kinds]",
        "[fold]\ncredential_uid = \"upper\"\n[kinds]",
        "error[profile::unknown-word]: expected a spelling, found `upper`",
        "the known ones are lower",
    ),
    ("event_time = [", "size = [", "error[profile::not-a-profile]: duplicate key", ""),
];

#[test]
fn each_mistake_is_reported_at_its_place() {
    let good = include_str!("../../profiles/json.toml");
    for (from, to, expected, help) in CASES {
        let text = good.replacen(from, to, 1);
        let found = load("own.toml", &text).expect_err(expected).lines();
        assert!(found.contains(expected), "{found}");
        assert!(found.contains(help), "{found}");
        assert!(found.starts_with("own.toml:") && !found.starts_with("own.toml:1:1:"), "{found}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let good = include_str!("../../profiles/json.toml");
    let text = good.replacen("\"15m\"", "\"x\"", 1).replacen("host_name =", "hostname =", 1);
    let found = load("own.toml", &text).expect_err("two mistakes");
    assert_eq!(found.all().len(), 2, "{}", found.lines());
}

#[test]
fn the_page_about_profiles_explains_each_key() {
    let page = include_str!("../../docs/profiles.md");
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let words: Vec<&str> = page.split(|c| !is_of_word(c)).collect();
    for key in KEYS {
        assert!(words.contains(key), "docs/profiles.md lacks `{key}`");
    }
}
