/*! Folds and published texts answer alike: every question, row by row, over all fixtures and cases and over random
 * rows, at several instants each.
 */

mod joined;
mod random;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::{Path, PathBuf};

use holdover::facts::{Answers, Evidence, marker_uses, would_fail};
use holdover::ingest::walk;
use holdover::judge;
use holdover::model::Timestamp;
use holdover::pipeline::{self, Collected, Progress, Request};
use holdover::plan::Plan;
use holdover::query;
use holdover::scan::Row;
use holdover::table::bundle::Params;
use holdover::table::{Engine, Sealed, evidence_by_id};
use rayon::prelude::*;

use crate::harness::{printed, root, run, said, shared, status};
use crate::identity;

/// The rows of each question's answer as texts, in their order.
type Rows = BTreeMap<&'static str, Vec<String>>;

/// What is asked for: a beginning of the rows, and the instants.
type Ask = (usize, Params);

fn lines<T: Debug>(rows: &[T]) -> Vec<String> {
    let mut lines: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    lines.sort();
    lines
}

macro_rules! rows {
    ($answers:expr, $($question:ident)*) => {{
        let Answers { $($question),* } = $answers;
        Rows::from([$((stringify!($question), lines(&$question))),*])
    }};
}

fn rows(answers: Answers) -> Rows {
    rows!(
        answers, activity ticks skews instances statements zoneless crossing boundary_jobs backlog handoffs attempts
        durations open_sessions undeclared undeclared_reads undeclared_new holder_hours old_minutes old_hours
    )
}

fn by_folds(evidence: &Evidence<'_>, (height, params): Ask) -> Rows {
    let asked = evidence.beginning(height, params);
    let mut found = rows(Answers::of(asked));
    found.insert("would_fail", lines(&would_fail::fold(asked)));
    found.insert("marker_uses", lines(&marker_uses::fold(asked)));
    found
}

fn by_texts(all: &Engine, (height, params): Ask) -> Rows {
    let mut engine = all.beginning("evidence", height);
    engine.register("params", &query::params(params)).expect("registered");
    let mut found = rows(query::answers(&mut engine).expect("answers"));
    found.insert("would_fail", lines(&query::would_fail(&mut engine).expect("an answer")));
    found.insert("marker_uses", lines(&query::marker_uses(&mut engine).expect("an answer")));
    found
}

/// The first question that both answer otherwise, with the rows that one of them lacks.
fn difference(sealed: &Sealed, asks: &[Ask]) -> (Option<String>, Answered) {
    let evidence = Evidence::of(sealed);
    let mut engine = Engine::default();
    engine.register("evidence", &evidence_by_id(sealed)).expect("registered");
    let mut answered = Answered::default();
    for ask in asks {
        let (folds, texts) = (by_folds(&evidence, *ask), by_texts(&engine, *ask));
        for (question, by_text) in texts {
            let by_fold = &folds[question];
            answered.add(question, by_text.len());
            if *by_fold != by_text {
                let lacks = |these: &[String], those: &[String]| {
                    these.iter().filter(|row| !those.contains(row)).take(3).cloned().collect()
                };
                let fold: Vec<String> = lacks(by_fold, &by_text);
                let text: Vec<String> = lacks(&by_text, by_fold);
                let said = format!("`{question}` at {ask:?}\nfold: {fold:#?}\ntext: {text:#?}");
                return (Some(said), answered);
            }
        }
    }
    (None, answered)
}

/// How many rows each question's answers had, so that no question agrees because nothing was asked.
#[derive(Debug, Default)]
struct Answered(BTreeMap<&'static str, usize>);

impl Answered {
    fn add(&mut self, question: &'static str, rows: usize) {
        *self.0.entry(question).or_default() += rows;
    }

    fn join(mut self, other: Self) -> Self {
        for (question, rows) in other.0 {
            self.add(question, rows);
        }
        self
    }

    #[track_caller]
    fn lacks_only(&self, expected: &[&str]) {
        let without = self.0.iter().filter(|(_, rows)| **rows == 0);
        let without: Vec<&str> = without.map(|(question, _)| *question).collect();
        assert_eq!(without, expected, "questions without a row");
        assert_eq!(self.0.len(), 21, "{self:?}");
    }
}

#[track_caller]
fn same_answers(of: &str, sealed: &Sealed, asks: &[Ask]) -> Answered {
    let (difference, answered) = difference(sealed, asks);
    assert!(difference.is_none(), "{of}: {}", difference.unwrap_or_default());
    answered
}

/// What these exports hold, or why they hold nothing.
fn collect(plan: &Path, inputs: Vec<String>) -> Result<Collected, pipeline::Error> {
    let loaded = pipeline::load_plan(plan)?;
    let request = Request::new(inputs, Timestamp(4_000_000_000_000_000));
    pipeline::collect(loaded.plan, &request, &Progress::default())
}

/// The instants of a plan, judged as of `as_of`.
fn params(plan: &Plan, as_of: Timestamp) -> Params {
    Params {
        t0_us: plan.rotation.introduced.0,
        as_of_us: as_of.0,
        window_from_us: judge::window(plan, as_of).from.0,
        revoked_us: plan.rotation.revoked.map_or(i64::MAX, |revoked| revoked.0),
    }
}

/// The whole at its end, and beginnings as of their last rows: these parts of a hundred.
fn asks(collected: &Collected, as_of: Option<Timestamp>, parts: &[usize]) -> Vec<Ask> {
    let (plan, rows) = (&collected.plan, &collected.sealed.rows);
    let as_of = as_of.or(collected.latest).unwrap_or(plan.rotation.introduced);
    let beginnings = parts.iter().filter_map(|part| {
        let instant = rows.get(rows.len() * part / 100)?.when.earliest();
        let height = rows.partition_point(|row| row.when.earliest() <= instant);
        Some((height, params(plan, instant)))
    });
    std::iter::once((rows.len(), params(plan, as_of))).chain(beginnings).collect()
}

fn collected(fixtures: &[identity::Fixture]) -> Vec<Collected> {
    let collected = fixtures.par_iter().map(|fixture| {
        let inputs = fixture.inputs.iter().map(|input| in_project(input)).collect();
        collect(&root().join(&fixture.plan), inputs).expect(&fixture.name)
    });
    deep(|| collected.collect())
}

/// Runs on threads with large stacks: one that waits for another pool begins the next world meanwhile, below the first.
fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().stack_size(256 << 20).build();
    pool.expect("threads").install(work)
}

fn in_project(path: &str) -> String {
    root().join(path).to_string_lossy().into_owned()
}

/// Asks each of these worlds, and what they answered together.
fn all_same(asked: &[(String, Sealed, Vec<Ask>)]) -> Answered {
    let answered = asked.par_iter().map(|(of, sealed, asks)| same_answers(of, sealed, asks));
    deep(|| answered.reduce(Answered::default, Answered::join))
}

/// They share a rotation, so several are asked at once.
#[test]
fn the_fixtures_of_rules_give_the_same_answers() {
    let worlds = collected(&identity::of_rules());
    let asked = worlds.chunks(30).map(|worlds| {
        let asks = asks(&worlds[0], Timestamp::from_rfc3339("2026-03-02T21:00:00Z"), &[]);
        let params = asks[0].1;
        let worlds: Vec<&Sealed> = worlds.iter().map(|world| &world.sealed).collect();
        let all = joined::joined(&worlds);
        let early = |hours: i64| {
            let window = params.as_of_us - params.window_from_us;
            let as_of_us = params.t0_us + hours * 3_600_000_000;
            Params { as_of_us, window_from_us: as_of_us - window, ..params }
        };
        // Whatever the plan says that others share.
        let revoked = Params { revoked_us: params.t0_us, ..params };
        let asks = [params, revoked, early(1), early(8)].map(|params| {
            let is_known = |row: &Row| row.when.earliest().0 <= params.as_of_us;
            (all.rows.partition_point(is_known), params)
        });
        ("rules".to_owned(), all, asks.to_vec())
    });
    all_same(&asked.collect::<Vec<_>>()).lacks_only(&[]);
}

#[test]
fn the_scenarios_give_the_same_answers() {
    let fixtures = identity::of_scenarios();
    let asked = fixtures.iter().zip(collected(&fixtures)).map(|(fixture, collected)| {
        let as_of = fixture.as_of.as_deref().map(|at| Timestamp::from_rfc3339(at).expect("a time"));
        let asks = asks(&collected, as_of, &[35, 80]);
        (fixture.name.clone(), collected.sealed, asks)
    });
    let none = [
        "boundary_jobs",
        "crossing",
        "open_sessions",
        "skews",
        "statements",
        "undeclared_new",
        "undeclared_reads",
        "zoneless",
    ];
    all_same(&asked.collect::<Vec<_>>()).lacks_only(&none);
}

/// They have few rows each.
#[test]
fn the_fixtures_of_formats_give_the_same_answers() {
    let worlds = collected(&identity::of_formats());
    let worlds: Vec<&Sealed> = worlds.iter().map(|world| &world.sealed).collect();
    let all = joined::joined(&worlds);
    assert!(worlds.len() > 150 && all.rows.len() > 1_000, "{} rows", all.rows.len());
    let asks = joined::asks(&all);
    // Each has requests of its own.
    same_answers("formats", &all, &asks).lacks_only(&["skews"]);
}

/// The folders of plans below a folder.
fn plans(below: &Path, found: &mut Vec<PathBuf>) {
    let walk = walkdir::WalkDir::new(below).sort_by_file_name().into_iter().flatten();
    let plans = walk.filter(|entry| entry.file_name() == "plan.toml");
    found.extend(plans.filter_map(|entry| Some(entry.path().parent()?.to_owned())));
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn the_cases_give_the_same_answers() {
    let mut folders = Vec::new();
    plans(&shared("cases"), &mut folders);
    let worlds = folders.par_iter().filter_map(|folder| {
        let entries = walkdir::WalkDir::new(folder).min_depth(1).max_depth(1).into_iter().flatten();
        let is_export = |entry: &walkdir::DirEntry| {
            let ending = entry.path().extension();
            ending.is_none_or(|ending| ending != "toml" && ending != "md")
        };
        let inputs = entries.filter(is_export);
        let inputs = inputs.map(|entry| entry.path().to_string_lossy().into_owned());
        let inputs: Vec<String> = inputs.collect();
        if walk(&inputs).iter().map(|input| input.bytes).sum::<u64>() > 1 << 20 {
            return None;
        }
        // Some cases are about plans or exports that are refused.
        Some(collect(&folder.join("plan.toml"), inputs).ok()?.sealed)
    });
    let worlds: Vec<Sealed> = deep(|| worlds.collect());
    assert!(worlds.len() > 50, "{} cases are small", worlds.len());
    let all = joined::joined(&worlds.iter().collect::<Vec<_>>());
    let at = |time: &str| Timestamp::from_rfc3339(time).expect("a time").0;
    // The change in most of them, and a window and a judgement after it.
    let usual = Params {
        t0_us: at("2026-03-02T09:00:00Z"),
        window_from_us: at("2026-03-02T15:00:00Z"),
        as_of_us: at("2026-03-02T21:00:00Z"),
        revoked_us: i64::MAX,
    };
    let asks = [&joined::asks(&all)[..2], &[(all.rows.len(), usual)]].concat();
    same_answers("cases", &all, &asks).lacks_only(&["boundary_jobs", "skews", "undeclared_reads"]);
}

/// `--strict` asks the texts, for earlier instants too, and prints the same.
#[test]
fn a_strict_report_has_the_same_bytes() {
    let scenario = "fixtures/scenarios/document-provider/morning-after";
    let (plan, logs) = (format!("{scenario}/plan.toml"), format!("{scenario}/logs"));
    let outage = "fixtures/scenarios/storage-outage";
    let (after, log) = (format!("{outage}/after.toml"), format!("{outage}/gateway.jsonl"));
    for args in [
        ["report", "-p", &plan, &logs, "-f", "json"],
        ["report", "-p", &after, &log, "-f", "html"],
        ["replay", "-p", &plan, &logs, "--curve", "--revoke-at=2026-03-02T12:00:00Z"],
    ] {
        let (quick, strict) = (run(&args), run(&[&args[..], &["--strict"]].concat()));
        assert_eq!(status(&quick), status(&strict), "{args:?}: {}", said(&strict));
        assert!(!quick.stdout.is_empty(), "{args:?}: {}", said(&quick));
        assert_eq!(printed(&quick), printed(&strict), "{args:?}");
    }
}
