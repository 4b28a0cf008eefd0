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
        old in prop::sample::select(&["doc-key-2024", "k1", "a&b", "app_a", "9;x", GUID, "CN=a,O=b"][..]),
    ) {
        let (search, text) = (search(old), pieces.concat());
        let (bytes, may_hit) = (text.as_bytes(), search.may_hit(text.as_bytes()));
        if search.is_plainly_without(bytes, may_hit) {
            let found = search.in_each_reading(bytes, may_hit, &|_, _| true);
            prop_assert!(found.is_none(), "{} in {}", old, text);
        }
    }
}

const GUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

const PIECES: &[&str] = &[
    "0f8fad5b",
    "d9cb469fa165",
    "70867728950E",
    "CN=a",
    "O=b",
    ",",
    "/",
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

#[test]
fn other_spellings_of_a_marker_are_found_where_no_profile_reads_it() {
    let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let pairs = "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";
    let name = "CN=app-2024,OU=svc,O=Acme";
    for (old, text, is_found) in [
        (GUID, "by 0F8FAD5BD9CB469FA16570867728950E.", true),
        (GUID, "by urn:uuid:0f8fad5bd9cb469fa16570867728950e", true),
        (GUID, "by 0f8fad5bd9cb469fa16570867728950f", false),
        (digest, pairs, true),
        (digest, "pin sha256/ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", true),
        (digest, &pairs.replace("AD", "AE"), false),
        ("serial:0a1b2c3d4e5f607182", "of [0A-1B-2C-3D-4E-5F-60-71-82]", true),
        ("serial:0a1b2c3d4e5f607182", "of [0A-1B-2C-3D-4E-5F-60-71-83]", false),
        ("67dd13763614ca78cf7d", "of 67:DD:13:76:36:14:CA:78:CF:7D", true),
        ("67:dd:13:76:36:14:ca:78:cf:7d", "of 67dd13763614ca78cf7d", true),
        (name, "subject O=Acme, OU=svc, CN=app-2024", true),
        (name, "subject=/O=Acme/OU=svc/CN=app-2024", true),
        (name, "subject=/O=Acme/OU=svc/CN=app-2026", false),
        ("k1", "signed by \u{201c}k1\u{201d}", true),
        ("k1", "signed by k1\u{2026}", true),
        ("k1", "signed by ék1", false),
    ] {
        assert_eq!(search(old).mention(text.as_bytes()).is_some(), is_found, "{old} in {text}");
    }
}
