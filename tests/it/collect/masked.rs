/*! What a bundle holds of secrets: nothing as it was logged, and yet all that links and later runs need. */

use std::fs;
use std::path::Path;

use holdover::model::hex;
use holdover::model::link::LinkKey;
use holdover::pipeline::{self, Question};
use serde_json::json;
use sha2::Digest;

use super::stale::{issued, trail, used};
use super::{World, files, same};
use crate::harness::{printed, run, said, status};
use crate::ingest::combinations::PLAN;

const TOKEN: &str = "ghp_q8Zt3LmX0vRb7KcPw2NyJ5hDAbCdEf012345";
const OTHER: &str = "ghp_w1Yk9TbQ4uHs6GfMz8ExV3jRGhIjKl678901";
/// A part of each, which no mask leaves.
const PARTS: [&str; 2] = ["q8Zt3LmX0vRb", "w1Yk9TbQ4uHs"];

/// A plan that knows the old token by its digest only.
fn plan() -> String {
    PLAN.replace("doc-key-2024", &format!("sha256:{}", hex(&sha2::Sha256::digest(TOKEN))))
}

/// A record with secrets in every field that a profile maps.
fn line(hour: u32, uid: &str) -> String {
    json!({
        "time": format!("2026-03-02T{hour:02}:00:00Z"), "service": "app", "credential_uid": uid,
        "outcome": "success", "action": format!("call {OTHER}"), "host_name": format!("h-{OTHER}"),
        "service_instance_id": OTHER, "principal": TOKEN, "job_id": OTHER, "trace_id": OTHER,
        "user_agent": format!("x password={OTHER}"), "route": format!("/p?api_key={OTHER}"),
    })
    .to_string()
        + "\n"
}

/// Every table of a bundle as text, and every other file.
fn all_of(folder: &Path) -> Vec<(String, String)> {
    let texts = files(folder).into_iter().map(|(name, bytes)| {
        let Some(table) = name.strip_suffix(".parquet") else {
            return (name, String::from_utf8_lossy(&bytes).into_owned());
        };
        let sql = format!("SELECT * FROM {table}");
        let answer = pipeline::ask(folder, Question::Sql(&sql)).expect("a table");
        let values = answer.rows.into_iter().flatten().flatten().collect::<Vec<_>>();
        (name, values.join("\n"))
    });
    texts.collect()
}

#[track_caller]
fn holds_no_secret(folder: &Path) {
    for (name, text) in all_of(folder) {
        for part in PARTS {
            let at =
                text.find(part).map(|at| text[..at].chars().rev().take(80).collect::<String>());
            let before: Option<String> = at.map(|before| before.chars().rev().collect());
            assert_eq!(before, None, "{name} holds {part} after this");
        }
    }
}

#[test]
fn no_table_of_a_bundle_holds_a_secret_as_it_was_logged() {
    let world = World::new(&plan());
    let torn = format!("{{\"credential_uid\": \"{TOKEN}\"\n{TOKEN}\n");
    let unmapped =
        json!({"time": "2026-03-02T12:00:00Z", "service": "app", OTHER: TOKEN}).to_string();
    let text =
        [line(8, TOKEN), line(10, OTHER), line(11, "doc-key-2026"), unmapped, torn].join("\n");
    let logs = world.write("in/a.jsonl", &text);
    let cloud = trail(&[
        issued("2026-03-02T09:30:00Z", TOKEN, OTHER),
        used("2026-03-02T10:00:00Z", OTHER),
        used("2026-03-02T10:00:00Z", TOKEN),
    ]);
    let cloud = world.write("in/b.json", &cloud);
    world.add(&[&logs, &cloud]);
    holds_no_secret(&world.path("bundle"));
    let (plan, bundle) = (world.text("plan.toml"), world.text("reported"));
    let output = run(&["report", "-p", &plan, &logs, &cloud, "-o", &bundle]);
    assert!([0, 10, 11].contains(&status(&output)), "{}", said(&output));
    holds_no_secret(&world.path("reported"));
}

#[test]
fn links_of_masked_ids_reach_from_run_to_run_and_from_bundle_to_bundle() {
    let world = World::new(&plan());
    let issue = trail(&[issued("2026-03-02T09:30:00Z", TOKEN, OTHER)]);
    let issue = world.write("in/1/a.json", &issue);
    let uses = [used("2026-03-02T10:00:00Z", OTHER), used("2026-03-02T11:00:00Z", OTHER)];
    let uses = world.write("in/2/b.json", &trail(&uses));
    let whole = world.report(&[&issue, &uses]);
    let derived = "SELECT record FROM evidence WHERE credential_binding = 'derived'";
    for order in [[&issue, &uses], [&uses, &issue]] {
        let _removed = fs::remove_dir_all(world.path("bundle"));
        for input in order {
            world.add(&[input]);
        }
        world.add(&[&issue, &uses]);
        same(&world.kept(), &whole, "run after run");
        let answer = pipeline::ask(&world.path("bundle"), Question::Sql(derived)).expect("rows");
        assert_eq!(answer.rows.len(), 2);
        holds_no_secret(&world.path("bundle"));
    }
    let _removed = fs::remove_dir_all(world.path("bundle"));
    world.add(&[&issue]);
    fs::rename(world.path("bundle"), world.path("other")).expect("renamed");
    // The second bundle begins with what the first says, so that its scans know the link.
    world.add(&[&uses, &world.text("other")]);
    same(&world.kept(), &whole, "a bundle and a new input");
}

#[test]
fn the_same_inputs_give_the_same_bytes_and_another_plan_gives_other_digests() {
    let world = World::new(&plan());
    let logs = world.write("in/a.jsonl", &(line(8, TOKEN) + &line(10, OTHER)));
    world.add(&[&logs]);
    let first = world.bytes();
    fs::remove_dir_all(world.path("bundle")).expect("gone");
    world.add(&[&logs]);
    assert_eq!(world.bytes(), first);
    let (one, other) = (LinkKey::of("one plan"), LinkKey::of("another plan"));
    assert_eq!(one.digest(TOKEN), one.digest(TOKEN));
    assert_ne!(one.digest(TOKEN), one.digest(OTHER));
    assert_ne!(one.digest(TOKEN), other.digest(TOKEN));
    assert!(!format!("{one:?}").contains(|letter: char| letter.is_ascii_digit()));
}

#[test]
fn names_of_folders_files_and_members_are_masked_as_fields_are() {
    let world = World::new(&plan());
    let folder = format!("in/token={TOKEN}");
    let named = format!("{folder}/password={OTHER}.jsonl");
    let logs = world.write(&named, &line(10, "doc-key-2026"));
    assert_eq!(world.add(&[&logs]).read, 1);
    holds_no_secret(&world.path("bundle"));
    assert_eq!(world.add(&[&logs]).known, 1, "it is known by its masked path");
    same(&world.kept(), &world.report(&[&logs]), "a masked path");
    world.write(&named, &(line(10, "doc-key-2026") + &line(11, "doc-key-2026")));
    world.add(&[&logs]);
    let inputs = world.kept()["inputs"].as_array().map(Vec::len);
    assert_eq!(inputs, Some(1), "the file has grown");
    let (plan, bundle, paths) = (world.text("plan.toml"), world.text("reported"), world.text("in"));
    run(&["report", "-p", &plan, &paths, "-o", &bundle]);
    holds_no_secret(&world.path("reported"));
    let tested = run(&["sources", "test", &paths]);
    let shown = run(&["show", &bundle, "E1", &paths]);
    for output in [&tested, &shown] {
        assert_eq!(status(output), 0, "{}{}", printed(output), said(output));
        for part in PARTS {
            assert!(!printed(output).contains(part), "{}", printed(output));
        }
    }
    assert!(printed(&shown).contains("doc-key-2026"), "{}", printed(&shown));
}

#[test]
fn ordinary_names_stay_as_they_are() {
    let world = World::new(&plan());
    let path = "in/eu-west-1/app-7d9f8c6b5-x2x7k/2026-03-02/server.log.jsonl";
    let logs = world.write(path, &line(10, "doc-key-2026"));
    world.add(&[&logs]);
    let sql = "SELECT path FROM inputs UNION SELECT stream AS path FROM coverage";
    let answer = pipeline::ask(&world.path("bundle"), Question::Sql(sql)).expect("rows");
    let values: Vec<String> = answer.rows.into_iter().flatten().flatten().collect();
    assert!(values.contains(&logs), "{values:?}");
    assert!(
        values.iter().any(|value| value.ends_with("in/eu-west-1/app-7d9f8c6b5-x2x7k")),
        "{values:?}"
    );
}
