/*! `holdover explain`, completions, man pages and colours: every entry of every table, and the nearest to a misspelt
 * name.
 */

use holdover::judge::RULES;
use holdover::model::columns::COLUMNS;
use holdover::model::words::WORDS;

use crate::harness::{printed, run, said, status};

fn explained(name: &str) -> String {
    let output = run(&["explain", name]);
    assert_eq!(status(&output), 0, "{name}: {}", said(&output));
    printed(&output)
}

#[test]
fn every_entry_of_every_table_is_explained() {
    for rule in RULES {
        assert!(explained(rule.code.word()).lines().count() > 5, "{}", rule.code.word());
    }
    for (word, meaning) in WORDS {
        assert!(explained(word).to_lowercase().contains(&meaning.to_lowercase()), "{word}");
    }
    let lists = ["rules", "columns", "exit-codes", "words"].map(explained);
    for def in COLUMNS {
        assert!(lists[1].contains(def.meaning), "{}", def.name);
    }
    assert!(explained("credential_uid").contains("`match` may name it"));
    for code in ["0", "1", "2", "3", "4", "10", "11"] {
        assert!(explained(code).starts_with(&format!("exit status {code}\n")), "{code}");
        assert!(lists[2].lines().any(|line| line.trim_start().starts_with(&format!("{code}  "))));
    }
    let both = explained("record");
    assert!(both.contains("metric sample") && both.contains("number of the record"), "{both}");
    assert_eq!(printed(&run(&["explain"])), lists[0]);
}

#[test]
fn the_nearest_entry_of_any_table_is_named() {
    for (typed, near) in [
        ("split-brian", "`split-brain`"),
        ("credental_uid", "`credential_uid`"),
        ("covrage", "`coverage`"),
        ("exitcodes", "`exit-codes`"),
    ] {
        let output = run(&["explain", typed]);
        assert_eq!(status(&output), 2, "{typed}");
        assert!(said(&output).contains(near), "{typed}: {}", said(&output));
    }
    let output = run(&["explain", "\u{1b}[31m"]);
    assert!(
        !said(&output).contains('\u{1b}') && !said(&output).contains("nearest"),
        "{}",
        said(&output)
    );
    assert_eq!(status(&run(&["explain", "12"])), 2, "12 is reserved");
}

#[test]
fn shells_complete_and_every_command_has_its_page() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(&["completions", shell]);
        assert_eq!(status(&output), 0);
        assert!(printed(&output).contains("discover"), "{shell}");
    }
    assert_eq!(status(&run(&["completions", "tcsh"])), 2);
    let page = printed(&run(&["man"]));
    assert!(page.contains(".TH") && page.contains("Exit status"), "{page}");
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let folder = scratch.path().join("man").to_string_lossy().into_owned();
    assert_eq!(status(&run(&["man", "--dir", &folder])), 0);
    for name in [
        "holdover",
        "holdover-report",
        "holdover-diff",
        "holdover-plan-check",
        "holdover-sources-list",
    ] {
        let page = std::fs::read_to_string(scratch.path().join("man").join(format!("{name}.1")));
        assert!(page.is_ok_and(|page| page.contains(".SH DESCRIPTION")), "{name}");
    }
}

#[test]
fn quiet_works_before_and_after_the_command() {
    for args in [["--quiet", "plan", "schema"], ["plan", "schema", "-q"]] {
        let output = run(&args);
        assert_eq!((status(&output), said(&output).as_str()), (0, ""), "{args:?}");
    }
    assert!(!said(&run(&["-q", "explain", "split-brian"])).is_empty(), "errors are still printed");
}

#[test]
fn colour_can_be_forced_and_forbidden() {
    let plan = "fixtures/rules/base/plan.toml";
    let coloured = |set: &[(&str, &str)]| {
        let mut command =
            crate::harness::holdover(&["report", "-p", plan, "fixtures/rules/base/logs.jsonl"]);
        let output = command.envs(set.iter().copied()).output().expect("the program starts");
        printed(&output).contains('\u{1b}')
    };
    assert!(!coloured(&[]), "standard output is not a terminal");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}
