/*! Bytes that are known to hold no old marker without another search. */

use proptest::prelude::*;

use super::marker_search::MarkerSearch;
use crate::plan::{self, KnownNames};

fn search(old: &str) -> MarkerSearch {
    let text = format!(
        r#"
        credential.name = "c"
        credential.version = [
          {{ name = "v1", state = "old", markers = ["{old}"] }},
          {{ name = "v2", state = "new", markers = ["other-new"] }},
        ]
        rotation = {{ introduced = 2026-03-02T09:00:00Z, window = "1h" }}
        consumer = [{{ class = "w", match = [{{ service_name = "w" }}] }}]
        "#
    );
    let known = KnownNames { rules: &[], profiles: &[] };
    let plan = plan::load("plan.toml", &text, &known).expect("a plan that holds");
    MarkerSearch::new(&plan.reading())
}

proptest! {
    #[test]
    fn where_a_look_finds_none_no_reading_does(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12),
        old in prop::sample::select(&["doc-key-2024", "k1", "a&b", "app_a", "9;x"][..]),
    ) {
        let (search, text) = (search(old), pieces.concat());
        let (bytes, may_hit) = (text.as_bytes(), search.may_hit(text.as_bytes()));
        if search.is_plainly_without(bytes, may_hit) {
            let found = search.in_each_reading(bytes, may_hit, &|_, _| true);
            prop_assert!(found.is_none(), "{} in {}", old, text);
        }
    }
}

const PIECES: &[&str] = &[
    "doc-key",
    "-2024",
    "doc",
    "-",
    "key",
    "k",
    "1",
    "app",
    "_",
    "a",
    "b",
    "9",
    ";",
    "x",
    " ",
    "é",
    "｜",
    "%2d",
    "%",
    "&#45;",
    "&",
    "amp;",
    "#x2d;",
    "#45",
    "\\u002d",
    "\\u0026",
    "\\u003b",
    "\\u0031",
    "\\u00e9",
    "\\ud83d",
    "\\n",
    "\\/",
    "\\",
    "\\\\",
    "\\-",
    "\\k",
    "\\u005c",
    "\u{1b}[1m",
    "ZG9j",
    "LWtleS0y",
    "MDI0",
    "azE=",
    "\"",
];
