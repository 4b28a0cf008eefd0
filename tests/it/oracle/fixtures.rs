/*! The worlds whose sentences are held against their evidence. */

use std::path::PathBuf;

use crate::harness::root;

/// Plan, logs and instant of each fixture.
pub(super) fn fixtures() -> Vec<(String, PathBuf, PathBuf, Option<String>)> {
    let mut fixtures = Vec::new();
    let folder = root().join("fixtures/rules");
    let entries = walkdir::WalkDir::new(folder).min_depth(1).max_depth(1).sort_by_file_name();
    for folder in entries.into_iter().filter_map(Result::ok).map(walkdir::DirEntry::into_path) {
        let Ok(text) = std::fs::read_to_string(folder.join("expected.toml")) else { continue };
        let expected: toml::Table = text.parse().expect("expectations in TOML");
        let input = folder.join(expected["input"].as_str().expect("an input"));
        let as_of = expected["as_of"].as_datetime().expect("an instant").to_string();
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        fixtures.push((name, folder.join("plan.toml"), input, Some(as_of)));
    }
    for state in ["morning-after", "ready", "split-brain"] {
        let folder = root().join("fixtures/scenarios/document-provider").join(state);
        fixtures.push((state.to_owned(), folder.join("plan.toml"), folder.join("logs"), None));
    }
    fixtures
}
