/*! What a part lacks, and parts that do not belong together, are said aloud: there is no report. */

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use super::{Cluster, files};
use crate::harness::{run, said, status};

/// Parts of all exports, their list, and the files of one part with many rows.
fn scanned() -> (Cluster, Vec<String>, [PathBuf; 2]) {
    let cluster = Cluster::morning_after();
    let done = cluster.scan(&cluster.list(&[]), "parts", &[]);
    let largest = files(&cluster.path("parts")).into_iter();
    let largest = largest.filter(|(name, _)| name.ends_with(".rows.parquet"));
    let (name, _) = largest.max_by_key(|(_, bytes)| bytes.len()).expect("a part");
    let key = name.strip_suffix(".rows.parquet").expect("its ending");
    let file = |ending: &str| cluster.path(&format!("parts/{key}{ending}"));
    let both = [file(".rows.parquet"), file(".account.json")];
    (cluster, done, both)
}

/// What `seal` and `report` say: neither writes a bundle or a report.
#[track_caller]
fn refused(cluster: &Cluster, list: &[String]) -> (i32, String) {
    let sealed = cluster.seal("parts", list, &[]);
    let (parts, list) = (cluster.text("parts"), cluster.text("list.jsonl"));
    let reported = run(&["report", "-p", &cluster.plan, &parts, "--list", &list]);
    for Output { stdout, .. } in [&sealed, &reported] {
        assert!(stdout.is_empty(), "{}", String::from_utf8_lossy(stdout));
    }
    assert_eq!(said(&sealed), said(&reported));
    assert_eq!(status(&sealed), status(&reported));
    assert!(!cluster.path("bundle/bundle.json").exists());
    (status(&sealed), said(&sealed))
}

#[test]
fn a_part_that_is_deleted_is_missed() {
    let (cluster, done, both) = scanned();
    let list = cluster.list(&[]);
    for files in [&both[..], &both[1..]] {
        for file in files {
            let _removed = fs::remove_file(file);
        }
        for lines in [&list, &done] {
            let (status, said) = refused(&cluster, lines);
            assert_eq!(status, 1);
            assert!(said.contains("no part of `fixtures/"), "{said}");
        }
    }
    cluster.scan(&list, "parts", &[]);
    fs::remove_file(&both[0]).expect("removed");
    let (status, said) = refused(&cluster, &list);
    assert!(status == 1 && said.contains(".rows.parquet` is missing"), "{said}");
    assert_eq!(cluster.scan(&list, "parts", &[]), done, "the part is made again");
    assert!(both[0].exists());
    fs::remove_dir_all(cluster.path("parts")).expect("removed");
    let (_, said) = refused_sealing(&cluster, &list);
    assert!(said.contains("holds no parts"), "{said}");
}

fn refused_sealing(cluster: &Cluster, list: &[String]) -> (i32, String) {
    let sealed = cluster.seal("parts", list, &[]);
    (status(&sealed), said(&sealed))
}

#[test]
fn a_part_that_is_cut_or_edited_is_refused_and_made_again() {
    let (cluster, done, both) = scanned();
    let list = cluster.list(&[]);
    for file in &both {
        let whole = fs::read(file).expect("a file");
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 1;
        let longer = [whole.as_slice(), b"\n"].concat();
        for bytes in [&whole[..whole.len() / 2], &whole[..whole.len() - 1], b"", &flipped, &longer]
        {
            fs::write(file, bytes).expect("written");
            let (status, said) = refused(&cluster, &done);
            assert_eq!(status, 1, "{said}");
            let name = file.file_name().expect("a name").to_string_lossy();
            let shown = format!("{}….{}", &name[..8], name.split_once('.').expect("an ending").1);
            assert!(said.contains(&shown), "{said} lacks {shown}");
        }
        assert_eq!(cluster.scan(&list, "parts", &[]), done);
        assert_eq!(fs::read(file).expect("a file"), whole);
    }
    assert_eq!(status(&cluster.seal("parts", &done, &[])), 0);
}

#[test]
fn a_part_under_the_name_of_another_is_refused() {
    let (cluster, done, both) = scanned();
    let files = files(&cluster.path("parts"));
    let (other, _) = files.iter().find(|(name, _)| name.ends_with(".account.json")).expect("one");
    let other = cluster.path(&format!("parts/{other}"));
    assert_ne!(other, both[1]);
    fs::copy(&both[1], &other).expect("copied");
    let (status, said) = refused(&cluster, &done);
    assert!(status == 1 && said.contains("its name is of another"), "{said}");
}

#[test]
fn parts_of_another_plan_are_refused() {
    let (mut cluster, done, _) = scanned();
    let plan = fs::read_to_string(crate::harness::root().join(&cluster.plan)).expect("a plan");
    let other = plan.replacen("markers = [\"doc-key-2024\"", "markers = [\"doc-key-2023\"", 1);
    assert_ne!(other, plan);
    cluster.plan = cluster.write("other.toml", &other);
    let list = cluster.list(&[]);
    for lines in [&list, &done] {
        let (status, said) = refused(&cluster, lines);
        assert!(status == 2 && said.contains("another plan"), "{said}");
    }
    // Parts under both plans lie side by side. What reading does not depend on changes nothing.
    cluster.scan(&list, "parts", &[]);
    let sealed = cluster.seal("parts", &list, &[]);
    assert_eq!(status(&sealed), 0, "{}", said(&sealed));
    let owner = plan.replacen("owner", "# owner", 0) + "\n# a comment\n";
    cluster.plan = cluster.write("owner.toml", &owner);
    let sealed = cluster.seal("parts", &done, &[]);
    assert_eq!(status(&sealed), 0, "{}", said(&sealed));
}

#[test]
fn parts_without_a_list_are_no_evidence() {
    let (cluster, _, _) = scanned();
    let parts = cluster.text("parts");
    for command in ["report", "during"] {
        let output = run(&[command, "-p", &cluster.plan, &parts]);
        assert_eq!(status(&output), 2, "{}", said(&output));
        assert!(said(&output).contains("--list FILE"), "{}", said(&output));
    }
    let bundle = cluster.text("collected");
    let output = run(&["collect", "-p", &cluster.plan, &parts, "-o", &bundle]);
    assert_eq!(status(&output), 2, "{}", said(&output));
}

#[test]
fn what_is_no_folder_of_parts_is_refused() {
    let (cluster, done, _) = scanned();
    let list = cluster.write("list.jsonl", &done.concat());
    let (parts, bundle) = (cluster.text("parts"), cluster.text("bundle"));
    let args =
        ["seal", "-p", &cluster.plan, &parts, &cluster.exports, "--list", &list, "-o", &bundle];
    let output = run(&args);
    assert_eq!(status(&output), 2, "{}", said(&output));
    assert!(said(&output).contains("holds no parts"), "{}", said(&output));
}

#[test]
fn a_list_without_lines_is_none() {
    let (cluster, ..) = scanned();
    let (status, said) = refused(&cluster, &[]);
    assert!(status == 2 && said.contains("is empty"), "{status}: {said}");
}

#[test]
fn parts_lie_in_a_folder_of_their_own() {
    let cluster = Cluster::morning_after();
    cluster.write("exports/2026-03-02/a.jsonl", "{\"time\":\"2026-03-02T10:00:00Z\"}\n");
    let exports = cluster.text("exports");
    let scan = |paths: &str, to: &str| run(&["scan", "-p", &cluster.plan, "-o", to, paths]);
    for paths in [&exports, &cluster.text("exports/2026-03-02")] {
        let output = scan(paths, &exports);
        assert!(status(&output) == 2 && output.stdout.is_empty(), "{paths}: {}", said(&output));
    }
    let inside = cluster.text("exports/parts");
    let output = scan(&exports, &inside);
    assert_eq!(status(&output), 0, "{}", said(&output));
    let done = super::lines(&super::printed(&output));
    let bundle = cluster.text("bundle");
    assert_eq!(status(&cluster.seal("exports/parts", &done, &[])), 0);
    assert_eq!(status(&scan(&exports, &bundle)), 2, "a bundle is no place for parts");
    for (name, _) in files(&cluster.path("exports/parts")) {
        fs::copy(cluster.path("exports/parts").join(&name), cluster.path("bundle").join(&name))
            .expect("copied");
    }
    let list = cluster.text("list.jsonl");
    let mixed = run(&["report", "-p", &cluster.plan, &bundle, "--list", &list]);
    assert!(status(&mixed) == 2 && said(&mixed).contains("a bundle and parts"), "{}", said(&mixed));
}
