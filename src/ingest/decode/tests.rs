/*! What is picked out of a record, and what is not accepted as one. */

use super::*;

/// The picked values, or the reason of the reject.
fn picked(frame: &str, pointers: &[&str]) -> Result<Vec<Option<String>>, &'static str> {
    let pointers: Vec<String> = pointers.iter().map(|pointer| (*pointer).to_owned()).collect();
    let picks = Picks::new(&pointers);
    let mut fields = Fields::new();
    json::pick(frame.as_bytes(), &picks, &mut fields).map_err(|reject| {
        assert!(!reject.detail.contains("secret"), "{}", reject.detail);
        reject.reason
    })?;
    Ok((0..picks.len()).map(|slot| fields.get(slot).map(str::to_owned)).collect())
}

fn check(frame: &str, pointer: &str, expected: Option<&str>) {
    assert_eq!(picked(frame, &[pointer]), Ok(vec![expected.map(str::to_owned)]), "{frame}");
}

fn check_reject(frame: &str, reason: &'static str) {
    assert_eq!(picked(frame, &["/a", "/b/c"]), Err(reason), "{frame}");
}

#[test]
fn values_are_read_as_written() {
    check(r#"{"a":"x"}"#, "/a", Some("x"));
    check(r#" { "a" : "\u00e9\n\"" } "#, "/a", Some("é\n\""));
    check(r#"{"\u0061":"\ud83d\ude00"}"#, "/a", Some("😀"));
    check(r#"{"a":9007199254740993}"#, "/a", Some("9007199254740993"));
    check(r#"{"a":-1.50E400 }"#, "/a", Some("-1.50E400"));
    check(r#"{"a":true}"#, "/a", Some("true"));
    check(r#"{"a":false}"#, "/a", Some("false"));
    check(r#"{"a":null}"#, "/a", None);
    check(r#"{"a":""}"#, "/a", Some(""));
    check(r#"{"b":1}"#, "/a", None);
    check(r#"{"a":[1, {"b":"]"}] }"#, "/a", Some(r#"[1, {"b":"]"}]"#));
    check("{}", "/a", None);
    check(r#"{"a":{}}"#, "/a/b", None);
    check(r#"{"a":"b"}"#, "/a/b", None);
    check(r#"{"a/b":{"~":1}}"#, "/a~1b/~0", Some("1"));
    check(r#"{"a":[[], {"b":7}]}"#, "/a/1/b", Some("7"));
    check(r#"{"a":{"1":7}}"#, "/a/1", Some("7"));
    check(r#"{"":5}"#, "/", Some("5"));
    check(r#"{"a":5}"#, "", Some(r#"{"a":5}"#));
    check(r#"{"a":5}"#, "a", None);
}

#[test]
fn a_pointer_may_start_another() {
    let found = picked(r#"{"a":{"b":{"c":"x"}}}"#, &["/a/b/c", "/a", "/a/b", "/a"]).unwrap();
    let found: Vec<&str> = found.iter().flatten().map(String::as_str).collect();
    assert_eq!(found, ["x", r#"{"b":{"c":"x"}}"#, r#"{"c":"x"}"#, r#"{"b":{"c":"x"}}"#]);
}

#[test]
fn what_is_no_record_says_why() {
    check_reject("", "truncated-json");
    check_reject(r#"{"a":"secret"#, "truncated-json");
    check_reject(r#"{"a":secret}"#, "bad-json");
    check_reject("{'a':'secret'}", "bad-json");
    check_reject("{\"a\":\"secret\0\"}", "bad-json");
    check_reject("{\"a\":01}", "bad-json");
    check_reject("{\"z\":[1,]}", "bad-json");
    check_reject("{\"a\":1}{\"a\":2}", "trailing-data");
    check_reject("{\"a\":1} secret", "trailing-data");
    check_reject("[1]", "not-an-object");
    check_reject("\"secret\"", "not-an-object");
    check_reject("null", "not-an-object");
    check_reject(r#"{"a":"\ud800"}"#, "bad-unicode");
    check_reject(r#"{"a":"\udc00\ud800"}"#, "bad-unicode");
    check_reject(&format!("{{\"z\":{}{}}}", "[".repeat(127), "]".repeat(127)), "too-deep");
    check_reject(&"[".repeat(100_000), "too-deep");
    let mut fields = Fields::new();
    let reject = json::pick(b"{\"a\":\"\xff\"}", &Picks::new(&[]), &mut fields).unwrap_err();
    assert_eq!(reject.reason, "not-utf8");
}

#[test]
fn depth_is_allowed_up_to_the_limit() {
    check(&format!("{{\"a\":1,\"z\":{}{}}}", "[".repeat(126), "]".repeat(126)), "/a", Some("1"));
    check(&format!("{{\"a\":1,\"z\":\"{}\"}}", "[{".repeat(500)), "/a", Some("1"));
}

#[test]
fn a_picked_key_stands_once() {
    check_reject(r#"{"a":1,"a":1}"#, "duplicate-key");
    check_reject(r#"{"a":1,"\u0061":2}"#, "duplicate-key");
    check_reject(r#"{"b":{"c":1},"b":{"d":2}}"#, "duplicate-key");
    check_reject(r#"{"b":{"c":1,"c":2}}"#, "duplicate-key");
    check(r#"{"z":1,"z":2,"a":3,"b":{"a":1,"a":2}}"#, "/a", Some("3"));
    check(r#"{"a":[{"b":1},{"b":2}]}"#, "/a/0/b", Some("1"));
}

#[test]
fn fields_are_reused() {
    let picks = Picks::new(&["/a".to_owned(), "/b".to_owned()]);
    let mut fields = Fields::new();
    json::pick(br#"{"a":"1","b":"2"}"#, &picks, &mut fields).unwrap();
    let mut fields = fields.recycle();
    json::pick(br#"{"b":"3"}"#, &picks, &mut fields).unwrap();
    assert_eq!((fields.get(0), fields.get(1), fields.get(2)), (None, Some("3"), None));
}

#[test]
fn pointers_lead_to_what_was_sought() {
    let record = r#"{"a":[1,{"b/c":"x\u0041"}],"d~":{"key":[true,2.50]}}"#;
    let pointer = |wanted: &str| pointer_past(record, usize::MAX, wanted);
    assert_eq!(pointer("xA").as_deref(), Some("/a/1/b~1c"));
    assert_eq!(pointer("2.50").as_deref(), Some("/d~0/key/1"));
    assert_eq!(pointer("key").as_deref(), Some("/d~0/key"));
    assert_eq!(pointer("true"), None);
    assert!(is_nested(record) && is_nested("[1]"));
    assert!(!is_nested("{\"a\":") && !is_nested("12") && !is_nested("[1] 2"));
    let pointers: Vec<String> = ["xA", "2.50"].iter().filter_map(|text| pointer(text)).collect();
    let mut fields = Fields::new();
    json::pick(record.as_bytes(), &Picks::new(&pointers), &mut fields).unwrap();
    assert_eq!((fields.get(0), fields.get(1)), (Some("xA"), Some("2.50")));
}

#[test]
fn a_value_that_is_passed_over_is_not_searched() {
    let record = r#"{"a": ["x", {"b": "x"}], "c": [["x"]], "d": "x"}"#;
    let past = |value: &str| pointer_past(record, record.find(value).expect("a value"), "x");
    assert_eq!(past("[\"x\", ").as_deref(), Some("/c/0/0"));
    assert_eq!(past("{\"b\"").as_deref(), Some("/a/0"));
    let rest = r#"{"c": [["x"]]}"#;
    assert_eq!(pointer_past(rest, rest.find("[\"x").expect("a list"), "x"), None);
    assert_eq!(pointer_past(rest, rest.find("\"x").expect("a text"), "x"), None);
}

/// Where a text is, outside of the value that begins at `passed`.
fn pointer_past(record: &str, passed: usize, wanted: &str) -> Option<String> {
    let search = JsonSearch {
        passes_over: &|at| at == passed,
        finds: &|spot| spot.text == wanted && record[spot.at..].starts_with(['"', '2']),
    };
    search.pointer_in(record)
}

/// Slots with their texts, and whether these are arrays or objects.
type Filled = Vec<(usize, String, bool)>;

/// What one pass fills in, and what the layout of another record does.
fn by_layout(known: &str, text: &str) -> (Filled, Option<Filled>) {
    let pointers = ["/a", "/b/c", "/b", "/d", "/e", "/sniff"].map(str::to_owned);
    let picks = Picks::new(&pointers);
    let filled = |fields: &Fields<'_>| {
        fields.all().map(|(slot, text, nested)| (slot, text.to_owned(), nested)).collect()
    };
    let layout = JsonLayout::of(known, &picks).expect("a layout");
    let (mut fields, mut ends) = (Fields::new(), Vec::new());
    pick_in_one_pass(text, &picks, &mut fields).expect("a flawless record");
    let expected = filled(&fields);
    let found = layout.pick(text, &picks, &mut fields, &mut ends);
    (expected, found.map(|()| filled(&fields)))
}

#[test]
fn a_layout_fills_in_what_one_pass_does() {
    let known = r#"{"a":"1","z":[1,{}],"b":{"c":2,"y":"x"},"sniff":true,"e":{"q":1}}"#;
    for text in [
        known,
        r#"{"a":"\u0061\n","z":null,"b":{"c":null,"y":{"c":[1]}},"sniff":"","e":{}}"#,
        r#"{"a":-1.5e3,"z":"\"}","b":{"c":"{}","y":0},"sniff":0,"e":{"q":{"r":"}"}}}"#,
        "{\"a\":\"\u{fc}\",\"z\":1,\"b\":{\"c\":\"\",\"y\":1},\"sniff\":1,\"e\":{ }}",
    ] {
        let (expected, found) = by_layout(known, text);
        assert_eq!(found, Some(expected), "{text}");
    }
}

#[test]
fn a_record_of_another_layout_is_left_to_the_pass() {
    let known = r#"{"a":"1","z":[1,{}],"b":{"c":2,"y":"x"},"sniff":true,"e":{"q":1}}"#;
    for text in [
        r#"{"a":"1","z":1,"b":{"c":2,"y":"x"},"sniff":true,"e":{"q":1},"d":1}"#,
        r#"{"a":"1","z":1,"b":{"c":2,"y":"x"},"sniff":true,"e":1}"#,
        r#"{"a":"1","z":1,"b":{"c":2,"y":"x"},"sniff":true,"e":[]}"#,
        r#"{"a":{},"z":1,"b":{"c":2,"y":"x"},"sniff":true,"e":{}}"#,
        r#"{"a":"1","z":1,"b":{"c":[2],"y":"x"},"sniff":true,"e":{}}"#,
        r#"{"a":"1", "z":1,"b":{"c":2,"y":"x"},"sniff":true,"e":{}}"#,
        r#"{"z":1,"a":"1","b":{"c":2,"y":"x"},"sniff":true,"e":{}}"#,
        r#"{"a": "1","z":1,"b":{"c":2,"y":"x"},"sniff":true,"e":{"q":1}}"#,
        r#"{"a": null,"z":1,"b":{"c":2,"y":"x"},"sniff":true,"e":{"q":1}}"#,
        r#"{"a":"1","z":1,"b":{"c": 2,"y":"x"},"sniff":true,"e":{"q":1}}"#,
        r#"{"a":"1","z":1,"b":{"c":2,"y":"x"},"sniff": true,"e":{"q":1}}"#,
        r#"{"a":"1","z":1,"b":{"c":2,"y":"x"},"sniff":true,"e": {"q":1}}"#,
    ] {
        assert_eq!(by_layout(known, text).1, None, "{text}");
    }
}

#[test]
fn a_flaw_has_no_layout() {
    let picks = Picks::new(&["/a".to_owned()]);
    let layout = JsonLayout::of(r#"{"a":1,"z":2}"#, &picks).expect("a layout");
    let pick = |text: &str| layout.pick(text, &picks, &mut Fields::new(), &mut Vec::new());
    assert!(pick(r#"{"a":3,"z":4}"#).is_some());
    for text in [
        r#"{"a":3,"z":04}"#,
        r#"{"a":3,"z":4"#,
        r#"{"a":3,"z":4}}"#,
        r#"{"a":3,"z":4} x"#,
        r#"{"a":3,"z":tru}"#,
        r#"{"a":"3,"z":4}"#,
        r#"{"a":3,"z":"\x"}"#,
        "{\"a\":3,\"z\":\"\u{1}\"}",
        r#"{"a":"\ud800","z":1}"#,
        "",
    ] {
        assert!(pick(text).is_none(), "{text}");
    }
    let deep =
        |levels: usize| format!("{{\"a\":3,\"z\":{}1{}}}", "[".repeat(levels), "]".repeat(levels));
    assert!(pick(&deep(126)).is_some() && pick(&deep(127)).is_none());
}
