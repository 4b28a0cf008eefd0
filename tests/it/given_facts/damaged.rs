/*! Facts that are damaged, incomplete or of something else end with 3, and no report is printed. The world is ready:
 * what is lost must not leave it so.
 */

use std::fs;

use holdover::table::{Engine, PlainTable, Values, write_new};
use serde_json::{Value, json};

use super::{FIXTURE, Facts, READY, file_entry};
use crate::harness::{printed, run, said, status};

impl Facts {
    /// The facts are refused, and it is said why.
    #[track_caller]
    fn are_refused(&self, says: &str) {
        let refused = self.report(&["--facts", &self.text("facts")]);
        assert_eq!(status(&refused), 3, "{says}: {}{}", printed(&refused), said(&refused));
        assert!(said(&refused).contains(says), "{says}: {}", said(&refused));
        assert_eq!(printed(&refused), "");
    }

    #[track_caller]
    fn refused_if(&self, says: &str, change: impl FnOnce(&mut Value)) {
        let whole = self.manifest();
        let mut manifest = whole.clone();
        change(&mut manifest);
        assert_ne!(manifest, whole, "{says}");
        self.write_manifest(&manifest);
        self.are_refused(says);
        self.write_manifest(&whole);
    }

    fn table(&self, query: &str) -> PlainTable {
        let mut engine = Engine::default();
        let path = self.path(&format!("facts/{query}.parquet"));
        engine.register_file("given", &path).expect("a table");
        engine.run("SELECT * FROM given").expect("rows")
    }

    /// Gives these tables as the answer to a query, as an engine would that was wrong by itself.
    fn give(&self, query: &str, parts: &[PlainTable]) {
        let folder = self.path("facts");
        let _first_time = fs::remove_dir_all(folder.join(query));
        fs::create_dir_all(folder.join(query)).expect("a folder");
        let mut files = Vec::new();
        for (number, table) in parts.iter().enumerate() {
            let name = format!("{query}/part-{number}.parquet");
            write_new(table, &folder.join(&name)).expect("a new file").expect("a table");
            files.push(file_entry(&folder, &name));
        }
        let rows: usize = parts.iter().map(PlainTable::height).sum();
        let mut manifest = self.manifest();
        manifest["queries"][query]["rows"] = json!(rows);
        manifest["queries"][query]["files"] = json!(files);
        self.write_manifest(&manifest);
    }

    /// Is an answer refused of which a column is changed?
    #[track_caller]
    fn refused_with(&self, query: &str, column: &str, says: &str, to: impl Fn(&Values) -> Values) {
        let (whole, manifest) = (self.table(query), self.manifest());
        let mut table = whole.clone();
        for (name, values) in &mut table.columns {
            if name == column {
                *values = to(values);
            }
        }
        assert_ne!(table, whole, "{query}.{column}");
        self.give(query, &[table]);
        self.are_refused(&format!("query `{query}`: the given column `{column}` {says}"));
        self.write_manifest(&manifest);
    }
}

fn parts_of(table: &PlainTable, at: usize) -> [PlainTable; 2] {
    let cut = |values: &Values, from: usize, to: usize| match values {
        Values::Text(values) => Values::Text(values[from..to].to_vec()),
        Values::I64(values) => Values::I64(values[from..to].to_vec()),
        Values::Bool(values) => Values::Bool(values[from..to].to_vec()),
        other => panic!("no answer has {other:?}"),
    };
    [(0, at), (at, table.height())].map(|(from, to)| {
        let columns = table.columns.iter();
        let columns = columns.map(|(name, values)| (name.clone(), cut(values, from, to)));
        PlainTable { columns: columns.collect() }
    })
}

#[test]
fn a_manifest_that_is_of_something_else_is_refused() {
    let facts = Facts::of(READY);
    assert_eq!(status(&facts.report(&["--facts", &facts.text("facts")])), 0);
    facts.refused_if("expected schema", |it| it["schema"] = json!("holdover.facts/2"));
    facts.refused_if("unknown field", |it| it["also"] = json!(1));
    facts.refused_if("of another bundle", |it| it["bundle"] = json!("00"));
    for instant in ["t0_us", "as_of_us", "window_from_us", "revoked_us"] {
        facts.refused_if("other instants", |it| it["params"][instant] = json!(1));
    }
    facts.refused_if("no answer to the query `ticks`", |it| {
        it["queries"].as_object_mut().expect("queries").remove("ticks");
    });
    facts.refused_if("another text", |it| it["queries"]["ticks"]["sql"] = json!("00"));
    facts.refused_if("names no file", |it| it["queries"]["ticks"]["files"] = json!([]));
    facts.refused_if("the engine counted", |it| {
        let rows = it["queries"]["ticks"]["rows"].as_u64().expect("a number");
        it["queries"]["ticks"]["rows"] = json!(rows + 1);
    });
    for name in ["skews.parquet", "../ticks.parquet", "ticks/../../x"] {
        facts.refused_if("no file of the query", |it| {
            it["queries"]["ticks"]["files"][0]["name"] = json!(name);
        });
    }
    // Facts of the same bundle at another instant, and of a bundle that has been written again since.
    let as_of = ["--as-of", "2026-03-02T22:00:00Z"];
    let (plan, logs, _) = READY;
    let (bundle, folder) = (facts.text("bundle"), facts.text("facts"));
    let later = run(&[&["report", "-p", plan, &bundle, "--facts", &folder][..], &as_of].concat());
    assert_eq!(status(&later), 3, "{}", said(&later));
    assert!(said(&later).contains("other instants"), "{}", said(&later));
    let again = ["report", "-p", plan, logs, "-o", &bundle, "--exit-zero"];
    assert_eq!(status(&run(&[&again[..], &as_of].concat())), 0);
    facts.are_refused("of another bundle");
}

#[test]
fn a_file_that_is_missing_or_changed_is_refused() {
    let facts = Facts::of(READY);
    let ticks = facts.path("facts/ticks.parquet");
    let whole = fs::read(&ticks).expect("a file");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for changed in [&whole[..whole.len() - 1], &[], &flipped, &[whole.as_slice(), b"x"].concat()] {
        fs::write(&ticks, changed).expect("written");
        facts.are_refused("not the file that was written");
    }
    fs::remove_file(&ticks).expect("removed");
    facts.are_refused("cannot read");
    #[cfg(unix)]
    {
        fs::write(facts.path("elsewhere"), &whole).expect("written");
        std::os::unix::fs::symlink(facts.path("elsewhere"), &ticks).expect("a link");
        facts.are_refused("not a plain file");
    }
    fs::remove_file(facts.path("facts/facts.json")).expect("removed");
    facts.are_refused("cannot read");
    fs::remove_dir_all(facts.path("facts")).expect("removed");
    facts.are_refused("cannot read");
}

#[test]
fn a_lost_or_doubled_part_is_refused() {
    let facts = Facts::of(READY);
    let table = facts.table("ticks");
    facts.give("ticks", &parts_of(&table, table.height() / 3));
    facts.give_the_same(&["json"]);
    facts.refused_if("the engine counted", |it| {
        it["queries"]["ticks"]["files"].as_array_mut().expect("files").pop();
    });
    facts.refused_if("twice", |it| {
        let files = it["queries"]["ticks"]["files"].as_array_mut().expect("files");
        files.push(files[0].clone());
    });
    // An engine that loses a part before it counts.
    let table = facts.table("activity");
    let [_, rest] = parts_of(&table, 1);
    facts.give("activity", &[rest]);
    facts.are_refused("does not add up to the evidence of the bundle");
    let facts = Facts::of(READY);
    let table = facts.table("old_hours");
    let [_, rest] = parts_of(&table, 1);
    facts.give("old_hours", &[rest]);
    facts.are_refused("query `old_hours`: the given column `events` does not add up");
}

#[test]
fn a_column_that_is_not_what_the_query_gives_is_refused() {
    let facts = Facts::of(FIXTURE);
    let texts = |values: &Values| Values::Text(vec![Some("x".to_owned()); values.len()]);
    let (manifest, mut table) = (facts.manifest(), facts.table("activity"));
    table.columns.retain(|(name, _)| name != "degraded");
    facts.give("activity", &[table]);
    facts.are_refused("query `activity`: the given column `degraded` is missing");
    facts.write_manifest(&manifest);
    let ty = "has another type than the query gives";
    facts.refused_with("activity", "events", "does not add up", texts);
    facts.refused_with("activity", "degraded", ty, texts);
    facts.refused_with("activity", "first_us", ty, texts);
    let numbers = |values: &Values| Values::I64(vec![Some(0); values.len()]);
    facts.refused_with("activity", "instance", ty, numbers);
    facts.refused_with("activity", "consumer_class", ty, numbers);
    let times = |values: &Values| Values::Time(vec![Some(0); values.len()]);
    facts.refused_with("ticks", "minute_us", ty, times);
    let none = "has no value in a row";
    let flags = |values: &Values| Values::Bool(vec![None; values.len()]);
    facts.refused_with("activity", "degraded", none, flags);
    let nothing = |values: &Values| Values::Text(vec![None; values.len()]);
    facts.refused_with("old_hours", "class_basis", none, nothing);
    facts.refused_with("activity", "consumer_class", "names a consumer", texts);
    facts.refused_with("activity", "credential_version", "names a version", texts);
    facts.refused_with("activity", "stream", "names a log source", texts);
    let far = |values: &Values| Values::I64(vec![Some(1 << 40); values.len()]);
    facts.refused_with("activity", "last_row", "cites a row", far);
    let before = |values: &Values| Values::I64(vec![Some(-1); values.len()]);
    facts.refused_with("activity", "first_row", "cites a row", before);
    // A word that the query does not give.
    let (manifest, mut table) = (facts.manifest(), facts.table("activity"));
    for (_, values) in table.columns.iter_mut().filter(|(name, _)| name == "outcome") {
        *values = texts(values);
    }
    facts.give("activity", &[table]);
    facts.are_refused("query `activity`: expected a column `outcome`");
    facts.write_manifest(&manifest);
}

#[test]
fn a_plan_that_gives_other_evidence_is_refused() {
    let facts = Facts::of(READY);
    let (plan, _, as_of) = READY;
    let text = fs::read_to_string(crate::harness::root().join(plan)).expect("a plan");
    let with = |from: &str, to: &str, says: &str| {
        let other = facts.text("other.toml");
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "{from}");
        fs::write(&other, changed).expect("written");
        let (bundle, folder) = (facts.text("bundle"), facts.text("facts"));
        let refused = run(&["report", "-p", &other, &bundle, "--as-of", as_of, "--facts", &folder]);
        assert_eq!(status(&refused), 3, "{from}: {}{}", printed(&refused), said(&refused));
        assert!(said(&refused).contains(says), "{says}: {}", said(&refused));
    };
    with("class       = \"worker\"", "class       = \"works\"", "gives other evidence");
    with("= \"v1\"", "= \"v0\"", "gives other evidence");
    with("window         = \"6h\"", "window         = \"5h\"", "other instants");
}
