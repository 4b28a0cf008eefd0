/*! The published schemas: current, and true of every report that a test writes and of every plan of the fixtures. */

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use holdover::plan;
use holdover::report::TextOptions;
use holdover::wire;
use serde_json::{Value, json};
use walkdir::WalkDir;

mod check;

use check::wrong;

use crate::harness::{printed, root, run, status};
use crate::report::written;
use crate::report_sample::{decision, quotes};

static REPORT: LazyLock<Value> = LazyLock::new(|| closed(wire::schema().into()));
static WHO: LazyLock<Value> = LazyLock::new(|| closed(wire::who_schema().into()));
static DURING: LazyLock<Value> = LazyLock::new(|| closed(wire::during_schema().into()));
static ADVICE: LazyLock<Value> = LazyLock::new(|| closed(wire::advice_schema().into()));
static PLAN: LazyLock<Value> = LazyLock::new(plan::schema);

/// The schema with no keys but those that it names: so that none is written that it does not tell of.
fn closed(mut schema: Value) -> Value {
    if let Value::Object(keys) = &mut schema {
        for value in keys.values_mut() {
            *value = closed(value.take());
        }
        if keys.contains_key("properties") {
            keys.entry("additionalProperties").or_insert(json!(false));
        }
    } else if let Value::Array(all) = &mut schema {
        for value in all {
            *value = closed(value.take());
        }
    }
    schema
}

/// Every report that a test writes as JSON goes through here.
#[track_caller]
pub(crate) fn is_a_report(report: &Value) {
    let wrong = wrong(&REPORT, report);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every answer of `who` that a test asks for as JSON goes through here.
#[track_caller]
pub(crate) fn is_an_answer_of_who(answer: &Value) {
    let wrong = wrong(&WHO, answer);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every answer of `plan advise` that a test asks for as JSON goes through here.
#[track_caller]
pub(crate) fn is_an_answer_of_advise(answer: &Value) {
    let wrong = wrong(&ADVICE, answer);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every answer of `during` that a test asks for as JSON goes through here.
#[track_caller]
pub(crate) fn is_an_answer_of_during(answer: &Value) {
    let wrong = wrong(&DURING, answer);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn is_a_plan(text: &str) -> Result<(), String> {
    let value: toml::Value = toml::from_str(text).expect("TOML");
    wrong(&PLAN, &as_json(value)).into_iter().next().map_or(Ok(()), Err)
}

/// As editors see it: times are strings.
fn as_json(value: toml::Value) -> Value {
    match value {
        toml::Value::Table(table) => {
            table.into_iter().map(|(key, value)| (key, as_json(value))).collect()
        }
        toml::Value::Array(all) => all.into_iter().map(as_json).collect(),
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
        toml::Value::Datetime(time) => json!(time.to_string()),
    }
}

#[test]
fn the_published_schemas_are_current() {
    let all = [
        ("schema/report-1.json", vec!["explain", "--schema", "report"]),
        ("schema/during-1.json", vec!["explain", "--schema", "during"]),
        ("schema/advice-1.json", vec!["explain", "--schema", "advice"]),
        ("schema/who-1.json", vec!["explain", "--schema", "who"]),
        ("schema/plan-1.json", vec!["plan", "schema"]),
    ];
    for (file, args) in all {
        let output = run(&args);
        assert_eq!(status(&output), 0);
        let path = root().join(file);
        if std::env::var("HOLDOVER_REWRITE").is_ok() {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(&path, &output.stdout).expect("the schema");
        }
        let published = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(published, printed(&output), "{file}: HOLDOVER_REWRITE=1 writes it anew");
    }
    assert_eq!(printed(&run(&["explain", "--schema", "plan"])), printed(&run(&["plan", "schema"])));
}

#[test]
fn a_report_that_lacks_a_key_or_has_another_word_is_none() {
    let text = written("json", &decision(), &quotes(), TextOptions::default());
    let sample: Value = serde_json::from_str(&text).expect("JSON");
    is_a_report(&sample);
    let keys: Vec<String> = sample.as_object().expect("keys").keys().cloned().collect();
    for key in keys {
        let mut report = sample.clone();
        report.as_object_mut().expect("keys").remove(&key);
        assert!(!wrong(&REPORT, &report).is_empty(), "`{key}` may be left out");
    }
    for (pointer, value) in [
        ("/schema", json!("holdover.report/2")),
        ("/verdict", json!("fine")),
        ("/as_of", json!("2026-03-06T09:00:00+01:00")),
        ("/classes/0/verdict", json!(null)),
        ("/classes/0/silence/needed", json!("soon")),
        ("/classes/0/owner", json!(7)),
        ("/findings/0/severity", json!("hints")),
        ("/inputs/0/sha256", json!("abc")),
        ("/accounting/records", json!(-1)),
    ] {
        let mut report = sample.clone();
        *report.pointer_mut(pointer).expect(pointer) = value;
        assert!(!wrong(&REPORT, &report).is_empty(), "{pointer}");
    }
}

#[test]
fn every_plan_of_the_fixtures_is_one() {
    let plans = WalkDir::new(root().join("fixtures")).sort_by_file_name().into_iter();
    let plans: Vec<_> = (plans.map(|entry| entry.expect("a fixture").into_path()))
        .filter(|path| path.file_name().is_some_and(|name| name == "plan.toml"))
        .collect();
    assert!(plans.len() > 80, "{}", plans.len());
    for path in plans {
        let text = fs::read_to_string(&path).expect("a plan");
        is_a_plan(&text).unwrap_or_else(|wrong| panic!("{}: {wrong}", path.display()));
    }
}

/// What a schema can see: keys, types, words, and the shapes of texts.
const SEEN: [&str; 9] = [
    "plan::unknown-key",
    "plan::missing-key",
    "plan::wrong-type",
    "plan::unknown-word",
    "plan::empty-value",
    "plan::bad-limit",
    "plan::bad-duration",
    "plan::time-without-offset",
    "plan::waiver-incomplete",
];

#[test]
fn mistakes_that_a_schema_can_see_are_refused_by_it() {
    let mut refused = BTreeSet::new();
    for (plan, codes) in crate::plan::mistakes() {
        if toml::from_str::<toml::Value>(&plan).is_err() {
            continue;
        }
        let told = is_a_plan(&plan);
        for code in codes.iter().filter(|code| SEEN.contains(&code.as_str())) {
            assert!(told.is_err(), "{code}: {plan}");
            refused.insert(code.clone());
        }
    }
    assert_eq!(refused.into_iter().collect::<BTreeSet<_>>(), SEEN.map(str::to_owned).into());
}
