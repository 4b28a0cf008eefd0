/*! The reference pages are up to date with the program's tables. `HOLDOVER_REWRITE=1` writes them again. */

use std::fs;

use crate::harness::{root, run, said, status};

#[test]
fn the_reference_is_current() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let output = run(&["man", "--markdown", &scratch.path().to_string_lossy()]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    let published = root().join("docs/reference");
    if std::env::var("HOLDOVER_REWRITE").is_ok() {
        fs::create_dir_all(&published).expect("a folder");
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(scratch.path()).expect("pages") {
        let name = entry.expect("a page").file_name();
        let page = fs::read_to_string(scratch.path().join(&name)).expect("a page");
        if std::env::var("HOLDOVER_REWRITE").is_ok() {
            fs::write(published.join(&name), &page).expect("a page");
        }
        let known = fs::read_to_string(published.join(&name)).unwrap_or_default();
        assert!(known == page, "docs/reference/{} is not current", name.display());
        names.push(name);
    }
    let there = fs::read_dir(&published).expect("the reference").count();
    assert_eq!((names.len(), there), (6, 6), "a page that is not generated");
}

#[test]
fn every_rule_of_the_reference_has_its_short_text() {
    let page = fs::read_to_string(root().join("docs/reference/rules.md")).expect("the page");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| [")).collect();
    assert_eq!(rows.len(), holdover::judge::RULES.len());
    for row in rows {
        let short = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        assert!(short.len() > 20 && short.ends_with('.'), "{row}");
    }
}
