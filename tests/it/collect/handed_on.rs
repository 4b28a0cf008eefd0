/*! A bundle goes from person to person: whatever is in it, no command touches a file outside of its folder, and a
 * command that only reads touches none in it.
 */

use std::fs;
use std::path::PathBuf;

use holdover::pipeline::{self, Question};
use serde_json::{Value, json};

use super::{World, files};
use crate::harness::{run, said, status};
use crate::ingest::combinations::PLAN;

const LINE: &str = "{\"time\":\"2026-03-02T10:00:00Z\",\"service\":\"app\",\"action\":\"call\",\
                    \"credential_uid\":\"doc-key-2026\",\"outcome\":\"success\"}\n";

const NEXT: &str = ".bundle.json.next";

/// A world with a bundle of one input.
fn bundled() -> (World, String) {
    let world = World::new(PLAN);
    let input = world.write("in/a.jsonl", LINE);
    world.add(&[&input]);
    (world, input)
}

fn folder(world: &World) -> PathBuf {
    world.path("bundle")
}

fn manifest(world: &World) -> Value {
    let text = fs::read(folder(world).join("bundle.json")).expect("a manifest");
    serde_json::from_slice(&text).expect("JSON")
}

/// Writes the manifest with one more name under the name of a manifest.
fn put_named(world: &World, manifest_name: &str, name: &str) {
    let mut manifest = manifest(world);
    let sha256 = "5be85fb2a6d0a72a5bcdf1dcc91ae17a62f6ff8ed5d25b85b3ea4c3d37c22cef";
    let files = manifest["files"].as_array_mut().expect("files");
    files.push(json!({"name": name, "bytes": 4, "sha256": sha256}));
    fs::write(folder(world).join(manifest_name), manifest.to_string()).expect("written");
}

fn refused_by_readers(world: &World) -> String {
    let folder = folder(world);
    let opened = pipeline::open(&folder).expect_err("it is refused").to_string();
    let asked = pipeline::ask(&folder, Question::Sql("SELECT 1 AS one")).expect_err("refused");
    assert_eq!(asked.to_string(), opened);
    opened
}

#[test]
fn a_name_that_leaves_the_folder_is_refused_before_a_file_is_touched() {
    let (world, input) = bundled();
    let victim = world.write("victim.txt", "precious");
    let whole = fs::read(folder(&world).join("bundle.json")).expect("a manifest");
    for name in [
        "../victim.txt",
        &victim,
        "..\\victim.txt",
        "sub/../../victim.txt",
        "..",
        "",
        "C:\\victim.txt",
        "NUL",
        "com1.txt",
        "evidence.parquet:stream",
        ".lock",
        "bundle.json",
        "evidence.parquet",
        "EVIDENCE.parquet",
    ] {
        // What a writer would rename to the victim.
        for partial in [format!(".{name}.partial"), ".../victim.txt.partial".to_owned()] {
            let path = folder(&world).join(partial);
            let _made = path.parent().map(fs::create_dir_all);
            let _written = fs::write(path, "evil");
        }
        for manifest_name in [NEXT, "bundle.json"] {
            put_named(&world, manifest_name, name);
            let before = files(&world.path("."));
            refused_by_readers(&world);
            let failed = world.try_add(&[&input]).expect_err(name).to_string();
            assert!(failed.contains("its manifest names"), "{name}: {failed}");
            // The lock of the run is all that a writer leaves.
            assert_eq!(files(&world.path(".")), before, "{name} in {manifest_name}");
            let _removed = fs::remove_file(folder(&world).join(NEXT));
            fs::write(folder(&world).join("bundle.json"), &whole).expect("written");
        }
    }
    assert_eq!(fs::read_to_string(victim).expect("it is there"), "precious");
    assert_eq!(world.add(&[&input]).known, 1, "the bundle itself is whole");
}

#[test]
fn a_bundle_that_is_written_in_part_is_completed_by_a_writer_only() {
    let (world, input) = bundled();
    let whole = world.bytes();
    let bundle = folder(&world);
    fs::rename(bundle.join("bundle.json"), bundle.join(NEXT)).expect("renamed");
    fs::rename(bundle.join("evidence.parquet"), bundle.join(".evidence.parquet.partial"))
        .expect("renamed");
    let before = world.bytes();
    let refused = refused_by_readers(&world);
    assert!(refused.contains("holdover collect -p PLAN PATH -o"), "{refused}");
    let plan = world.text("plan.toml");
    let text = world.text("bundle");
    for args in [
        vec!["report", "-p", &plan, &text],
        vec!["query", &text, "--sql", "SELECT 1 AS one"],
        vec!["show", &text, "E1"],
        vec!["verify", &text],
    ] {
        let output = run(&args);
        assert_eq!(status(&output), 1, "{args:?}");
        assert!(said(&output).contains("written in part"), "{args:?}: {}", said(&output));
    }
    assert_eq!(world.bytes(), before, "readers change nothing");
    world.add(&[&input]);
    assert_eq!(world.bytes(), whole);
}

#[test]
fn a_first_run_that_was_stopped_is_said_to_be_one() {
    let world = World::new(PLAN);
    let input = world.write("in/a.jsonl", LINE);
    world.write("bundle/.plan.toml.partial", "torn");
    assert!(refused_by_readers(&world).contains("holdover collect"));
    world.add(&[&input]);
    pipeline::open(&folder(&world)).expect("a bundle");
}

#[test]
fn a_file_that_is_not_the_listed_one_is_not_renamed() {
    let (world, input) = bundled();
    let bundle = folder(&world);
    fs::rename(bundle.join("bundle.json"), bundle.join(NEXT)).expect("renamed");
    fs::write(bundle.join(".evidence.parquet.partial"), "evil").expect("written");
    let before = world.bytes();
    let failed = world.try_add(&[&input]).expect_err("it is refused").to_string();
    assert!(failed.contains("is not the file that was written"), "{failed}");
    assert_eq!(world.bytes(), before);
}

#[cfg(unix)]
#[test]
fn no_link_in_an_output_folder_is_followed() {
    use std::os::unix::fs::symlink;

    let (world, input) = bundled();
    let whole = world.bytes();
    let victim = world.write("victim.txt", "precious");
    fs::create_dir(world.path("elsewhere")).expect("a folder");
    let targets = ["../victim.txt", "../missing.txt", "../elsewhere", &victim];
    for name in [
        ".lock",
        ".evidence.parquet.partial",
        ".bundle.json.partial",
        NEXT,
        "evidence.parquet",
        "other",
    ] {
        for target in targets {
            let link = folder(&world).join(name);
            let _removed = fs::remove_file(&link);
            symlink(target, &link).expect("a link");
            let failed = world.try_add(&[&input]).expect_err(name).to_string();
            assert!(failed.contains("is not a plain file"), "{name} to {target}: {failed}");
            assert!(holdover::table::bundle::lock(&folder(&world)).is_ok() || name == ".lock");
            assert_eq!(fs::read_to_string(&victim).expect("it is there"), "precious");
            assert!(!world.path("missing.txt").exists(), "{name} to {target}");
            fs::remove_file(&link).expect("removed");
        }
        for (name, bytes) in &whole {
            fs::write(folder(&world).join(name), bytes).expect("written");
        }
    }
    world.add(&[&input]);
    fs::rename(folder(&world), world.path("elsewhere/bundle")).expect("renamed");
    symlink("elsewhere/bundle", folder(&world)).expect("a link");
    assert_eq!(world.add(&[&input]).known, 1, "the folder itself may be a link of the user's");
}

#[cfg(unix)]
#[test]
fn no_link_in_a_bundle_is_read() {
    use std::os::unix::fs::symlink;

    for name in ["evidence.parquet", "plan.toml", "bundle.json"] {
        let (world, _) = bundled();
        let file = folder(&world).join(name);
        fs::rename(&file, world.path("same.bytes")).expect("renamed");
        symlink("../same.bytes", &file).expect("a link");
        let refused = refused_by_readers(&world);
        assert!(refused.contains("is not a plain file"), "{name}: {refused}");
    }
}

#[test]
fn what_a_stopped_run_left_is_written_over() {
    let (world, input) = bundled();
    let whole = world.bytes();
    for name in [".evidence.parquet.partial", ".bundle.json.partial"] {
        fs::write(folder(&world).join(name), "torn").expect("written");
    }
    world.add(&[&input]);
    assert_eq!(world.bytes(), whole);
    let lock = folder(&world).join(".lock");
    fs::write(&lock, "not empty").expect("written");
    world.add(&[&input]);
    assert_eq!(fs::read_to_string(lock).expect("it is there"), "not empty", "a lock is not cut");
}
