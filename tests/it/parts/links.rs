/*! Ids that one input explains and another holds: sealing names the inputs to scan again, and the end is that of one
 * process.
 */

use std::fs;

use super::{Cluster, lines};
use crate::harness::{printed, said, status};
use crate::ingest::combinations::PLAN;

const OLD: &str = "AKIAOLDOLDOLDOLDOLD1";
const FIRST: &str = "ASIASESSIONSESSION01";
const SECOND: &str = "ASIASESSIONSESSION02";

/// Exports in which the key behind a use stands two steps and three files away.
fn cloud() -> Cluster {
    use crate::collect::{issued, trail, used};

    let plan = PLAN.replace("doc-key-2024", OLD).replace("doc-key-2026", "AKIANEWNEWNEWNEWNEW1");
    let mut cluster = Cluster::new("", "");
    cluster.plan = cluster
        .write("plan.toml", &plan.replace("service_name = \"app\"", "user_agent = \"nobody\""));
    cluster.write("in/a.json", &trail(&[used("2026-03-02T10:00:00Z", SECOND)]));
    cluster.write("in/b.json", &trail(&[issued("2026-03-02T09:40:00Z", FIRST, SECOND)]));
    cluster.write("in/c.json", &trail(&[issued("2026-03-02T09:30:00Z", OLD, FIRST)]));
    cluster.write("in/d.json", &trail(&[used("2026-03-02T11:00:00Z", "ASIAOTHEROTHEROTHER1")]));
    cluster.exports = cluster.text("in");
    cluster
}

#[test]
fn sealing_names_the_inputs_to_scan_again_until_no_link_is_new() {
    let cluster = cloud();
    let mut done = cluster.scan(&cluster.list(&[]), "parts", &[]);
    let learned = cluster.text("learned.json");
    let mut rounds = 0;
    loop {
        let sealed = cluster.seal("parts", &done, &["--learned", &learned]);
        if status(&sealed) == 0 {
            break;
        }
        assert_eq!(status(&sealed), 11, "{}", said(&sealed));
        assert!(!cluster.path("bundle/bundle.json").exists());
        let again = lines(&printed(&sealed));
        assert!(again.iter().all(|line| !line.contains("d.json")), "{again:?}");
        assert!(again.iter().any(|line| line.contains("a.json")), "{again:?}");
        done.extend(cluster.scan(&again, "parts", &["--learned", &learned]));
        rounds += 1;
        assert!(rounds < 5, "it comes to an end");
    }
    assert!(rounds > 0, "links were learned");
    cluster.agrees("parts");
    let (_, report) = cluster.report(&[&cluster.text("bundle")], "json");
    assert!(String::from_utf8_lossy(&report).contains("a.json"), "the use of the old key is cited");
}

#[test]
fn rounds_can_be_left_to_seal() {
    let cluster = cloud();
    let list = cluster.list(&[]);
    let done = cluster.scan(&list, "parts", &[]);
    let sealed = cluster.seal("parts", &list, &["--rounds", "4"]);
    assert_eq!(status(&sealed), 0, "{}", said(&sealed));
    cluster.agrees("parts");
    // All scans are there now, so that sealing once more needs no export, if the lines name their parts.
    fs::rename(cluster.path("in"), cluster.path("away")).expect("renamed");
    let sealed = cluster.seal("parts", &done, &[]);
    assert_eq!(status(&sealed), 0, "{}", said(&sealed));
    fs::rename(cluster.path("away"), cluster.path("in")).expect("renamed");
    cluster.agrees("parts");
}

#[test]
fn links_that_were_learned_under_another_plan_are_refused() {
    let mut cluster = cloud();
    let list = cluster.list(&[]);
    cluster.scan(&list, "parts", &[]);
    let learned = cluster.text("learned.json");
    assert_eq!(status(&cluster.seal("parts", &list, &["--learned", &learned])), 11);
    let text = fs::read_to_string(&learned).expect("a file");
    for id in [OLD, FIRST, SECOND] {
        assert!(!text.contains(id), "ids are digests: {text}");
    }
    let plan = fs::read_to_string(&cluster.plan).expect("a plan");
    cluster.plan = cluster.write("other.toml", &plan.replace(OLD, "AKIAOLDOLDOLDOLDOLD2"));
    let output = cluster.try_scan(&list, "parts", &["--learned", &learned]);
    assert_eq!(status(&output), 3, "{}", said(&output));
    assert!(said(&output).contains("another plan"), "{}", said(&output));
    fs::write(&learned, &text[..text.len() / 2]).expect("written");
    let output = cluster.try_scan(&list, "parts", &["--learned", &learned]);
    assert_eq!(status(&output), 3, "{}", said(&output));
}
