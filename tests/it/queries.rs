/*! The texts of the named queries: they give the rows on file, the same rows on a second engine, and no rows where
 * their headers promise none.
 */

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use holdover::pipeline::{self, Answer, Question};
use holdover::query::{self, catalog};
use holdover::table::Engine;
use holdover::table::bundle::{Bundle, Params};

use crate::harness::{root, run, said, skip, status};

/// Leaves the bundle of a report as of a past instant.
fn bundle(folder: &Path, plan: &str, logs: &str, as_of: &str) {
    let output = folder.to_string_lossy();
    let found = run(&["report", "-p", plan, logs, "-o", &output, "--as-of", as_of, "--exit-zero"]);
    assert_eq!(status(&found), 0, "{}", said(&found));
}

fn sorted(answer: Answer) -> Answer {
    let mut rows = answer.rows;
    rows.sort();
    Answer { rows, ..answer }
}

fn as_text(answer: &Answer) -> String {
    let mut text = answer.columns.join(" | ");
    text.push_str("\n----\n");
    for row in &answer.rows {
        let cells: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap_or("-")).collect();
        let _infallible = writeln!(text, "{}", cells.join(" | "));
    }
    text
}

#[test]
fn every_query_gives_the_rows_on_file() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    bundle(
        scratch.path(),
        "fixtures/queries/plan.toml",
        "fixtures/queries/logs",
        "2026-03-02T16:00:00Z",
    );
    for name in pipeline::queries().into_iter().map(|query| query.name) {
        let answer = pipeline::ask(scratch.path(), Question::Named(name)).expect(name);
        let found = as_text(&sorted(answer));
        let file = root().join(format!("fixtures/queries/{name}.rows"));
        if std::env::var_os("HOLDOVER_REWRITE").is_some() {
            std::fs::write(&file, &found).expect("rows written");
        }
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(found, expected, "{name}");
    }
}

const ON_DUCKDB: &str = r#"
import json, sys
import duckdb
bundle, queries, names = sys.argv[1], sys.argv[2], sys.argv[3].split(",")
manifest = json.load(open(bundle + "/bundle.json"))
con = duckdb.connect()
con.execute("CREATE TABLE evidence AS SELECT * FROM read_parquet(?)", [bundle + "/evidence.parquet"])
p = manifest["params"]
con.execute("CREATE TABLE params AS SELECT CAST(? AS BIGINT) AS t0_us, CAST(? AS BIGINT) AS as_of_us, CAST(? AS BIGINT) AS window_from_us, CAST(? AS BIGINT) AS revoked_us",
            [p["t0_us"], p["as_of_us"], p["window_from_us"], p["revoked_us"]])
out = {}
for name in names:
    text = open(f"{queries}/{name}.sql").read()
    con.execute(f"CREATE TABLE {name} AS " + text)
    cur = con.execute(f"SELECT * FROM {name}")
    word = lambda v: None if v is None else (str(v).lower() if isinstance(v, bool) else str(v))
    out[name] = [[d[0] for d in cur.description], [[word(v) for v in row] for row in cur.fetchall()]]
print(json.dumps(out))
"#;

/// The answers of `DuckDB`, if Python has its package.
fn on_duckdb(bundle: &Path, names: &[&str]) -> Option<serde_json::Value> {
    let ready = Command::new("python3").args(["-c", "import duckdb"]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        skip("Python has no package `duckdb`");
        return None;
    }
    let queries: PathBuf = root().join("queries");
    let output = Command::new("python3")
        .arg("-c")
        .arg(ON_DUCKDB)
        .arg(bundle)
        .arg(queries)
        .arg(names.join(","))
        .output()
        .expect("python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).expect("answers"))
}

#[test]
fn duckdb_gives_the_same_rows() {
    let scenario = "fixtures/scenarios/document-provider/morning-after";
    let (plan, logs) = (format!("{scenario}/plan.toml"), format!("{scenario}/logs"));
    let cases = [
        ("fixtures/queries/plan.toml", "fixtures/queries/logs", "2026-03-02T16:00:00Z"),
        (&plan, &logs, "2026-03-03T08:00:00Z"),
    ];
    let names: Vec<&str> = pipeline::queries().into_iter().map(|query| query.name).collect();
    for (plan, logs, as_of) in cases {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        bundle(scratch.path(), plan, logs, as_of);
        let Some(theirs) = on_duckdb(scratch.path(), &names) else { return };
        for name in &names {
            let ours = sorted(pipeline::ask(scratch.path(), Question::Named(name)).expect(name));
            let (columns, rows): (Vec<String>, Vec<Vec<Option<String>>>) =
                serde_json::from_value(theirs[name].clone()).expect("columns and rows");
            let theirs = sorted(Answer { columns, quoted: ours.quoted.clone(), rows });
            assert_eq!(as_text(&ours), as_text(&theirs), "{name} over {logs}");
        }
    }
}

/// The evidence of a bundle in memory, as reports hold it, with the number of its rows.
fn evidence(bundle: &Bundle) -> (Engine, usize) {
    let (_, file) = bundle.tables().find(|(name, _)| *name == "evidence").expect("a table");
    let mut on_disk = Engine::default();
    on_disk.register_file("evidence", &file).expect("a file");
    let table = on_disk.run("SELECT * FROM evidence ORDER BY evidence_row").expect("the rows");
    let mut engine = Engine::default();
    engine.register("evidence", &table).expect("registered");
    (engine, table.height())
}

/// The instants of a report whose latest record is the last of a beginning of the evidence.
fn params_at_end(engine: &mut Engine, params: Params) -> Params {
    let latest = engine.run("SELECT MAX(earliest_us) AS latest FROM evidence").expect("a time");
    let as_of_us = latest.column("latest").and_then(|values| values.int(0)).unwrap_or(0);
    let window = params.as_of_us - params.window_from_us;
    Params { as_of_us, window_from_us: as_of_us - window, ..params }
}

/// Reports leave out queries that lack a needed column, and monotone ones that had no rows over more evidence.
#[test]
fn queries_that_are_left_out_would_have_had_no_rows() {
    let scenario = "fixtures/scenarios/document-provider/morning-after";
    let (plan, logs) = (format!("{scenario}/plan.toml"), format!("{scenario}/logs"));
    let worlds = [
        ("fixtures/queries/plan.toml", "fixtures/queries/logs", "2026-03-02T16:00:00Z"),
        (&plan, &logs, "2026-03-03T08:00:00Z"),
    ];
    let mut left_out: BTreeSet<&str> = BTreeSet::new();
    for (plan, logs, as_of) in worlds {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        bundle(scratch.path(), plan, logs, as_of);
        let bundle = Bundle::open(scratch.path()).expect("a bundle");
        let (all, height) = evidence(&bundle);
        let mut empty: BTreeSet<&str> = BTreeSet::new();
        for rows in (0..=6).rev().map(|part| height * part / 6) {
            let mut engine = all.beginning("evidence", rows);
            let params = params_at_end(&mut engine, bundle.manifest.params);
            engine.register("params", &query::params(params)).expect("registered");
            for (name, text) in catalog::QUERIES {
                let header = catalog::header(text).expect("a header");
                let lacks = |column: &&str| engine.is_all_null("evidence", column);
                let lacks_columns = !header.needs.is_empty() && header.needs.iter().all(lacks);
                let was_empty = header.is_monotone && empty.contains(name);
                let answer = query::answer(&mut engine, name).expect(name);
                if lacks_columns || was_empty {
                    assert_eq!(answer.height(), 0, "{name} over {rows} rows of {logs}");
                    left_out.insert(name);
                }
                if answer.height() == 0 {
                    empty.insert(name);
                }
            }
        }
    }
    for name in ["backlog", "boundary_jobs", "crossing", "skews", "durations", "zoneless"] {
        assert!(left_out.contains(name), "{name} is never left out: {left_out:?}");
    }
}
