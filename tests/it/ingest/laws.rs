/*! What holds for any JSON and any bytes. */

use std::io::Cursor;

use holdover::ingest::decode::{JsonSearch, is_nested};
use holdover::ingest::{Frame, Framing, ReadOptions, Visit, read_from};
use holdover::model::coverage::Reject;
use proptest::prelude::*;

use super::id;

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Keeps the frames as they are.
#[derive(Default)]
struct Texts(Vec<String>, usize);

impl Visit for Texts {
    fn frame(&mut self, frame: Frame<'_>) {
        self.0.push(String::from_utf8(frame.bytes.to_vec()).unwrap());
    }

    fn reject(&mut self, _frame: Frame<'_>, _reject: Reject) {
        self.1 += 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn json_values_are_framed_unchanged(
        values in prop::collection::vec(json_value(), 1..8),
        pretty in any::<bool>(),
        block in 1_usize..40,
    ) {
        let print = if pretty { serde_json::to_string_pretty } else { serde_json::to_string };
        let texts: Vec<String> = values.iter().map(|value| print(value).unwrap()).collect();
        let cases = [
            (Framing::Documents, texts.join("\n")),
            (Framing::Array { key: None }, format!("[{}]", texts.join(", "))),
            (
                Framing::Array { key: Some("k".into()) },
                format!("{{\"a\":{0},\"k\":[{1}],\"z\":{0}}}", texts[0], texts.join(",")),
            ),
        ];
        for (framing, text) in cases {
            let options =
                ReadOptions { framing: Some(framing), block, ..ReadOptions::default() };
            let mut found = Texts::default();
            let read = read_from(Cursor::new(&text), &options, &mut found);
            prop_assert_eq!(&found.0, &texts);
            prop_assert_eq!(found.1, 0);
            prop_assert_eq!(&read.damage, &vec![]);
        }
    }

    #[test]
    fn no_bytes_cause_a_panic(
        bytes in prop::collection::vec(prop_oneof![
            any::<u8>(),
            prop::sample::select(b"{}[]\",:\\\n\r 0an\0".to_vec()),
        ], 0..300),
        block in 1_usize..40,
    ) {
        let framings = [Framing::Lines, Framing::Documents, Framing::Array { key: None },
            Framing::Array { key: Some("a".into()) }];
        for framing in framings {
            let options =
                ReadOptions { framing: Some(framing), block, ..ReadOptions::default() };
            let mut found = Texts::default();
            let read = read_from(Cursor::new(&bytes), &options, &mut found);
            prop_assert_eq!(read.records, (found.0.len() + found.1) as u64);
            for text in &found.0 {
                let _ = id(text.as_bytes());
                if is_nested(text) {
                    let search = JsonSearch { passes_over: &|_| false, finds: &|_| false };
                    assert_eq!(search.pointer_in(text), None);
                }
            }
        }
    }
}
