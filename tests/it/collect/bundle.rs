/*! The bundle on disk: it is never a mix of two runs, and never loses what was added. */

use std::fs;

use holdover::pipeline;
use holdover::table::bundle;
use holdover::table::parts::{self, PartsError};

use super::{World, files, same, scenario};
use crate::harness::{printed, run, said, status};
use crate::ingest::combinations::PLAN;

fn line(hour: u32, uid: &str) -> String {
    format!(
        "{{\"time\":\"2026-03-02T{hour:02}:00:00Z\",\"service\":\"app\",\"action\":\"call\",\
         \"credential_uid\":\"{uid}\",\"outcome\":\"success\"}}\n"
    )
}

fn old_uses(world: &World) -> u64 {
    world.kept()["classes"][0]["events"]["old"]["success"].as_u64().expect("a count")
}

#[test]
fn a_stopped_run_leaves_the_old_bundle_or_the_new_one() {
    let world = World::new(PLAN);
    let inputs = [(8, "doc-key-2024"), (10, "doc-key-2026"), (11, "doc-key-2024")]
        .map(|(hour, uid)| world.write(&format!("in/{hour}.jsonl"), &line(hour, uid)));
    let paths: Vec<&str> = inputs.iter().map(String::as_str).collect();
    world.add(&paths[..2]);
    let (old, old_report) = (world.bytes(), world.kept());
    world.add(&paths);
    let (new, new_report) = (world.bytes(), world.kept());
    assert_ne!(old_report, new_report);
    let named: Vec<_> =
        new.iter().filter(|(name, _)| name != "bundle.json" && name != ".lock").collect();
    let manifest = &new.iter().find(|(name, _)| name == "bundle.json").expect("a manifest").1;
    // The run stops after `written` files were written, or after `renamed` files were renamed.
    for (written, renamed) in (0..=named.len())
        .map(|n| (n, None))
        .chain((0..=named.len()).map(|n| (named.len(), Some(n))))
    {
        let folder = world.path("bundle");
        fs::remove_dir_all(&folder).expect("gone");
        fs::create_dir(&folder).expect("a folder");
        let put = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("written");
        for (name, bytes) in &old {
            put(name, bytes);
        }
        for (position, (name, bytes)) in named.iter().enumerate().take(written) {
            let is_renamed = renamed.is_some_and(|renamed| position < renamed);
            let partial = format!(".{name}.partial");
            put(if is_renamed { name } else { &partial }, bytes);
        }
        if renamed.is_some() {
            put(".bundle.json.next", manifest);
        } else {
            put(".bundle.json.partial", &manifest[..manifest.len() / 2]);
        }
        if renamed.is_some() {
            let refused = pipeline::open(&folder).expect_err("it is written in part").to_string();
            assert!(refused.contains("holdover collect"), "{renamed:?} renamed: {refused}");
        } else {
            assert_eq!(world.kept(), old_report, "{written} written");
        }
        world.add(&paths);
        assert_eq!(world.kept(), new_report, "the next run completes it");
    }
}

#[test]
fn a_bundle_with_one_changed_byte_is_refused() {
    let (world, inputs) = scenario("ready");
    let paths: Vec<&str> = inputs.iter().map(String::as_str).collect();
    world.add(&paths[..5]);
    for (name, bytes) in world.bytes() {
        if name == "bundle.json" || name == ".lock" {
            continue;
        }
        let mut torn = bytes.clone();
        let middle = torn.len() / 2;
        torn[middle] ^= 1;
        fs::write(world.path("bundle").join(&name), &torn).expect("written");
        let failed = world.try_add(&paths[..5]).expect_err(&name).to_string();
        assert!(failed.contains("is not the file that was written"), "{failed}");
        fs::write(world.path("bundle").join(&name), &bytes).expect("written");
    }
    world.add(&paths[..5]);
}

#[test]
fn cached_scans_with_missing_lines_or_another_schema_are_refused() {
    let (world, inputs) = scenario("ready");
    world.add(&[&inputs[0], &inputs[1]]);
    let opened = bundle::Bundle::open(&world.path("bundle")).expect("a bundle");
    let kept = opened.parts().expect("parts").expect("some");
    let lines: Vec<String> = parts::lines(&kept).collect();
    let of = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines = lines.clone();
        change(&mut lines);
        parts::read(lines.into_iter().map(Ok)).map(|kept| kept.len())
    };
    assert_eq!(of(&|_| ()).expect("whole"), 2);
    for at in 0..lines.len() {
        assert!(of(&|lines| drop(lines.remove(at))).is_err(), "without line {at}");
    }
    assert!(matches!(of(&|lines| lines.truncate(0)), Err(PartsError::Cut(0))));
    let again = |lines: &mut Vec<String>| lines.push(lines[1].clone());
    assert!(matches!(of(&again), Err(PartsError::Over(_))));
    let newer = |lines: &mut Vec<String>| {
        lines[0] = "{\"schema\":\"holdover.parts/99\",\"scans\":2,\"more\":1}".to_owned();
    };
    let refused = of(&newer).expect_err("a newer schema");
    assert!(matches!(refused, PartsError::Schema(ref schema) if schema == "holdover.parts/99"));
    let more = |lines: &mut Vec<String>| {
        lines[1] = lines[1].replacen("\"wanted\"", "\"what_is_this\":1,\"wanted\"", 1);
    };
    assert!(
        matches!(of(&more), Err(PartsError::Line { line: 1, .. })),
        "an unknown field is refused"
    );
    let batch = lines.iter().position(|line| line.starts_with("{\"member\":")).expect("a batch");
    let edited = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut line = serde_json::from_str(&lines[batch]).expect("a line of JSON");
        change(&mut line);
        of(&|lines| lines[batch] = line.to_string())
    };
    let rows =
        |line: &mut serde_json::Value| drop(line["rows"].as_array_mut().expect("rows").pop());
    let member = |line: &mut serde_json::Value| line["member"] = 7.into();
    for change in [&rows as &dyn Fn(&mut serde_json::Value), &member] {
        let refused = edited(change).expect_err("its rows are not those that were counted");
        assert!(matches!(refused, PartsError::Rows(_)), "{refused}");
    }
}

#[test]
fn other_bytes_under_a_known_path_are_another_input() {
    let world = World::new(PLAN);
    let path = world.write("in/app.log", &line(10, "doc-key-2024"));
    world.add(&[&path]);
    world.write("in/app.log", &line(11, "doc-key-2026"));
    world.add(&[&path]);
    assert_eq!(old_uses(&world), 1, "the log was rotated, but its old use still counts");
    let kept = world.kept();
    assert_eq!(kept["inputs"].as_array().map(Vec::len), Some(2), "{:#}", kept["inputs"]);
}

#[test]
fn a_log_that_grew_replaces_its_earlier_scan() {
    let world = World::new(PLAN);
    let torn = line(10, "doc-key-2024") + &line(11, "doc-key-2026")[..40];
    let path = world.write("in/app.log", &torn);
    world.add(&[&path]);
    assert_eq!(world.kept(), world.report(&[&path]));
    world.write("in/app.log", &(line(10, "doc-key-2024") + &line(11, "doc-key-2026")));
    world.add(&[&path]);
    same(&world.kept(), &world.report(&[&path]), "the line that was cut is complete now");
    world.write("in/app.log", &line(10, "doc-key-2024"));
    world.add(&[&path]);
    assert_eq!(old_uses(&world), 1, "a shorter file is another input, not a newer one");
    assert_eq!(world.kept()["accounting"]["duplicate"], 1);
}

#[test]
fn an_input_that_could_not_be_read_is_named_until_it_is_read() {
    let world = World::new(PLAN);
    let whole = world.write("in/a.jsonl", &line(10, "doc-key-2026"));
    let later = world.text("in/later");
    world.add(&[&whole, &later]);
    let names = |report: &serde_json::Value| report["findings"].to_string().contains("in/later");
    assert!(names(&world.kept()));
    world.add(&[&whole]);
    assert!(names(&world.kept()), "it is still missing, although it is not given again");
    let path = world.write("in/later/b.jsonl", &line(11, "doc-key-2026"));
    world.add(&[&later]);
    assert_eq!(world.kept(), world.report(&[&whole, &path]));
}

#[test]
fn a_file_that_was_cut_stays_when_another_takes_its_path() {
    let world = World::new(PLAN);
    let path = world.write("in/a.jsonl", &(line(10, "doc-key-2024") + "{\"torn"));
    world.add(&[&path]);
    world.write("in/a.jsonl", &line(11, "doc-key-2026"));
    world.add(&[&path]);
    assert_eq!(old_uses(&world), 1);
}

#[test]
fn a_second_run_at_the_same_time_is_refused() {
    let (world, inputs) = scenario("ready");
    world.add(&[&inputs[0]]);
    let lock = bundle::lock(&world.path("bundle")).expect("a lock");
    let failed = world.try_add(&[&inputs[1]]).expect_err("it is locked").to_string();
    assert!(failed.contains("written by another run"), "{failed}");
    drop(lock);
    world.add(&[&inputs[1]]);
}

#[test]
fn a_bundle_without_cached_scans_is_neither_read_nor_replaced() {
    let (world, inputs) = scenario("ready");
    let (plan, bundle) = (world.text("plan.toml"), world.text("bundle"));
    run(&["report", "-p", &plan, &inputs[0], "-o", &bundle, "--digest", "none"]);
    let before = files(&world.path("bundle"));
    for args in [
        vec!["collect", "-p", &plan, &inputs[1], "-o", &bundle],
        vec!["report", "-p", &plan, &bundle],
    ] {
        let output = run(&args);
        assert_eq!(status(&output), 1, "{args:?}");
        assert!(said(&output).contains("keeps no scans of its inputs"), "{}", said(&output));
    }
    assert_eq!(files(&world.path("bundle")), before);
}

#[test]
fn collect_prints_what_it_did() {
    let (world, inputs) = scenario("ready");
    let (plan, bundle) = (world.text("plan.toml"), world.text("bundle"));
    let collect = |path: &str| run(&["collect", "-p", &plan, path, "-o", &bundle]);
    assert_eq!(printed(&collect(&inputs[0])), "1 input: 1 read, 0 known from before\n");
    let output = collect(&inputs[1]);
    assert_eq!(
        (status(&output), printed(&output)),
        (0, "2 inputs: 1 read, 1 known from before\n".to_owned())
    );
    let text = fs::read_to_string(&plan).expect("a plan");
    fs::write(&plan, text.replace("doc-key-2024", "doc-key-2023")).expect("written");
    let output = printed(&collect(&inputs[0]));
    assert!(output.contains("1 input stale, so a report cannot decide"), "{output}");
    let output = run(&["query", &bundle, "--sql", "SELECT COUNT(*) AS n FROM inputs"]);
    assert_eq!(status(&output), 0, "{}", said(&output));
}
